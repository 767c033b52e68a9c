//! Plans a typed filter for the chunks of one store: names become IDs, words become dictionary codes, addresses and
//! times become ranges, and computed fields become tests of columns.

pub(super) mod addresses;
mod nodes;
mod numbers;
mod scope;
mod words;

use std::sync::Arc;

use crate::query::expression::{Comparison, Expression, Operand, Term, Window};
use crate::query::kernel::line::LineSearch;
use crate::query::ranges::Ranges;
use addresses::AddressSet;
use numbers::Compared;

use crate::schema::{FieldId, Kind, Storage, id, protocol};
use crate::store::{EXPORTED_FILES, Store};

/// A filter as tests of the columns of a chunk.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Every,
    Nothing,
    /// All hold; the cheap ones come first.
    All(Vec<Self>),
    /// One holds; the cheap ones come first.
    Any(Vec<Self>),
    Not(Box<Self>),
    Test(Predicate),
}

/// One test of a chunk. It is false for rows without the values that it needs.
#[derive(Clone, Debug)]
pub(super) enum Predicate {
    Present(FieldId),
    /// The number or the code of the row is in a set.
    Within(FieldId, Ranges),
    /// The address of the row is in a set.
    Addresses(FieldId, Arc<AddressSet>),
    /// Bits are set: any of them, or all.
    Bits {
        field: FieldId,
        mask: u64,
        /// Whether one bit is enough.
        any: bool,
    },
    /// A computed number is in a set.
    Computed(FieldId, Ranges),
    Fields(FieldPair),
    /// The file of the row is in a set.
    File(Ranges),
    /// A pattern is found in the line.
    Line(Arc<LineSearch>),
}

/// Two fields whose values in a row compare.
#[derive(Clone, Debug)]
pub(super) struct FieldPair {
    pub(super) left: FieldId,
    pub(super) comparison: Comparison,
    pub(super) right: FieldId,
    /// For words.
    pub(super) codes: Option<WordCodes>,
}

/// The codes by which the words of two fields compare, by the codes of their columns.
#[derive(Clone, Debug)]
pub(super) struct WordCodes {
    /// None where the codes of the left field are compared as they are.
    left: Option<Arc<[u32]>>,
    right: Arc<[u64]>,
}

impl WordCodes {
    pub(super) fn left(&self, code: u64) -> u64 {
        match &self.left {
            None => code,
            Some(codes) => usize::try_from(code)
                .ok()
                .and_then(|code| codes.get(code))
                .map_or(u64::MAX, |code| u64::from(*code)),
        }
    }

    pub(super) fn right(&self, code: u64) -> u64 {
        let code = usize::try_from(code).unwrap_or(usize::MAX);
        self.right.get(code).copied().unwrap_or(u64::MAX)
    }
}

/// The plan of `expression` for the chunks of `store`.
pub(super) fn plan(expression: &Expression, store: &Store) -> Node {
    let mut root = Planner { store }.node(expression);
    // The first and the last chunk are less typical than one in the middle.
    if let Some(sample) = store.chunks().get(store.chunks().len() / 2) {
        nodes::reorder_by_selectivity(&mut root, sample);
    }
    root
}

struct Planner<'a> {
    store: &'a Store,
}

impl Planner<'_> {
    fn node(&self, expression: &Expression) -> Node {
        match expression {
            Expression::Everything => Node::Every,
            Expression::All(parts) => {
                nodes::all(parts.iter().map(|part| self.node(part)).collect())
            }
            Expression::Any(parts) => self.any(parts),
            Expression::Not(part) => nodes::not(self.node(part)),
            Expression::Term(term) => self.term(term),
        }
    }

    /// Parts that compare the same field become one test.
    fn any(&self, parts: &[Expression]) -> Node {
        let mut sets: Vec<(FieldId, Vec<&Operand>)> = Vec::new();
        let mut nodes = Vec::new();
        for part in parts {
            let (field, operands) = match part {
                Expression::Term(Term::Compare(name, Comparison::Equal, operand)) => {
                    (name.field, std::slice::from_ref(operand))
                }
                Expression::Term(Term::In {
                    field,
                    negated: false,
                    members,
                }) => (field.field, members.as_slice()),
                other => {
                    nodes.push(self.node(other));
                    continue;
                }
            };
            match sets.iter_mut().find(|(known, _)| *known == field) {
                Some((_, set)) => set.extend(operands),
                None => sets.push((field, operands.iter().collect())),
            }
        }
        nodes.extend(sets.iter().map(|(field, set)| self.one_of(*field, set)));
        nodes::any(nodes)
    }

    fn term(&self, term: &Term) -> Node {
        match term {
            Term::Exists(name) => present(name.field),
            Term::Missing(name) => nodes::not(present(name.field)),
            Term::Compare(name, comparison, operand) => {
                self.compare(name.field, *comparison, operand)
            }
            Term::In {
                field,
                negated,
                members,
            } => {
                let within = self.one_of(field.field, &members.iter().collect::<Vec<&Operand>>());
                unless(*negated, field.field, within)
            }
            Term::Flags { field, any, mask } => Node::Test(Predicate::Bits {
                field: field.field,
                mask: *mask,
                any: *any,
            }),
            Term::Fields(left, comparison, right) => {
                self.fields(left.field, *comparison, right.field)
            }
            Term::Find {
                field: None,
                pattern,
                ..
            } => Node::Test(Predicate::Line(Arc::new(LineSearch::new(
                pattern, self.store,
            )))),
            Term::Find {
                field: Some(name),
                negated,
                pattern,
            } => {
                let found = self.words(name.field, |word| pattern.is_in(word));
                unless(*negated, name.field, found)
            }
            Term::Window(window) => self.window(*window),
        }
    }

    fn compare(&self, field: FieldId, comparison: Comparison, operand: &Operand) -> Node {
        match comparison {
            Comparison::Equal => self.one_of(field, &[operand]),
            Comparison::NotEqual => unless(true, field, self.one_of(field, &[operand])),
            Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual => match operand {
                Operand::Address(address) => {
                    addresses(field, AddressSet::compared(comparison, *address))
                }
                _ => numbers(field, &[self.compared(comparison, operand)]),
            },
        }
    }

    /// The field has one of the values of `operands`.
    fn one_of(&self, field: FieldId, operands: &[&Operand]) -> Node {
        if field == id::SCOPE {
            return nodes::any(
                operands
                    .iter()
                    .map(|operand| scope::scope(operand))
                    .collect(),
            );
        }
        match field.storage() {
            Storage::Address => addresses(field, AddressSet::of(operands)),
            Storage::Word => {
                let exact = operands
                    .iter()
                    .all(|operand| matches!(operand, Operand::Word(_)));
                if exact && !field.is_computed() {
                    let codes = operands.iter().flat_map(|operand| match operand {
                        Operand::Word(word) => words::codes(&self.store.catalog, field, word),
                        _ => Vec::new(),
                    });
                    let codes = Ranges::of(codes.map(|code| (code.into(), code.into())).collect());
                    return nodes::within(field, codes);
                }
                self.words(field, |word| {
                    let kind = field.kind();
                    operands
                        .iter()
                        .any(|operand| words::is_word(kind, operand, word))
                })
            }
            Storage::Number => {
                let compared = |operand: &&Operand| self.compared(Comparison::Equal, operand);
                numbers(
                    field,
                    &operands.iter().map(compared).collect::<Vec<Compared>>(),
                )
            }
        }
    }

    /// The word of a field, or the path of its file, passes `test`.
    fn words(&self, field: FieldId, test: impl Fn(&str) -> bool) -> Node {
        let found = |index: usize| (index as u128, index as u128);
        if field == id::FILE {
            let sources = self.store.sources().iter().enumerate();
            let files = sources.filter(|(_, source)| test(&source.path_text()));
            let exported = self.store.catalog.dictionaries.of(field).words();
            let exported = exported.iter().enumerate().filter(|(_, path)| test(path));
            let exported = exported.map(|(code, _)| {
                let file = u128::from(EXPORTED_FILES) + code as u128;
                (file, file)
            });
            let files = files.map(|(index, _)| found(index)).chain(exported);
            let files = Ranges::of(files.collect());
            return Node::Test(Predicate::File(files));
        }
        if field == id::SCOPE {
            let scopes =
                crate::query::bare::words().filter(|word| scope::is_scope(word) && test(word));
            return nodes::any(scopes.map(scope::scope_named).collect());
        }
        let words = self.store.catalog.dictionaries.of(field).words();
        let codes = words.iter().enumerate().filter(|(_, word)| test(word));
        nodes::within(
            field,
            Ranges::of(codes.map(|(code, _)| found(code)).collect()),
        )
    }

    /// The comparison with an operand, from its first number to the first after it.
    fn compared(&self, comparison: Comparison, operand: &Operand) -> Compared {
        let span = self.store.span();
        let (from, end) = match operand {
            Operand::Number(number) => (u128::from(*number), u128::from(*number) + 1),
            Operand::Numbers(from, to) => (u128::from(*from), u128::from(*to) + 1),
            Operand::Time(moment) => {
                let (from, end) = moment.seconds(span);
                (from.into(), end.into())
            }
            Operand::Times(first, last) => {
                (first.seconds(span).0.into(), last.seconds(span).1.into())
            }
            // The check allows none of these for a number.
            Operand::Address(_)
            | Operand::Addresses(..)
            | Operand::Network(..)
            | Operand::Octets(_)
            | Operand::Class(_)
            | Operand::Word(_)
            | Operand::Glob(_) => (0, 0),
        };
        Compared {
            comparison,
            from,
            end,
        }
    }

    fn window(&self, window: Window) -> Node {
        let span = self.store.span();
        let compared = |comparison, (from, end): (u64, u64)| Compared {
            comparison,
            from: from.into(),
            end: end.into(),
        };
        let whole =
            |field, compared: Compared| nodes::within(field, Ranges::of(vec![compared.range()]));
        match window {
            Window::Since(moment) => whole(
                id::START,
                compared(Comparison::GreaterOrEqual, moment.seconds(span)),
            ),
            Window::Until(moment) => {
                whole(id::START, compared(Comparison::Less, moment.seconds(span)))
            }
            Window::At(moment) => {
                let (from, end) = moment.seconds(span);
                nodes::all(vec![
                    nodes::within(id::START, Ranges::until(0, end.into())),
                    nodes::within(id::END, Ranges::until(from.into(), 1 << 64)),
                ])
            }
            Window::Last(seconds) => match span.map(|(_, last)| last.checked_sub(seconds)) {
                Some(Some(from)) => {
                    nodes::within(id::END, Ranges::until(u128::from(from) + 1, 1 << 64))
                }
                _ => Node::Test(Predicate::Present(id::END)),
            },
            Window::First(seconds) => {
                let end = span.map_or(0, |(first, _)| first.saturating_add(seconds));
                nodes::within(id::START, Ranges::until(0, end.into()))
            }
        }
    }

    fn fields(&self, left: FieldId, comparison: Comparison, right: FieldId) -> Node {
        if comparison == Comparison::NotEqual {
            let both = vec![present(left), present(right)];
            let same = self.fields(left, Comparison::Equal, right);
            return nodes::all(both.into_iter().chain([nodes::not(same)]).collect());
        }
        let sides = |field: FieldId| field.either().map_or_else(|| vec![field], Vec::from);
        let mut pairs = Vec::new();
        for left in sides(left) {
            for right in sides(right) {
                pairs.push(Node::Test(Predicate::Fields(FieldPair {
                    left,
                    comparison,
                    right,
                    codes: self.codes(left, right),
                })));
            }
        }
        let pairs = nodes::any(pairs);
        if left.kind() == Kind::Port || right.kind() == Kind::Port {
            return with_ports(pairs);
        }
        pairs
    }

    /// For each code of `right`, the code of the same word in `left`.
    fn codes(&self, left: FieldId, right: FieldId) -> Option<WordCodes> {
        if left.storage() != Storage::Word {
            return None;
        }
        let dictionary = self.store.catalog.dictionaries.of(left);
        let words = self.store.catalog.dictionaries.of(right).words();
        let code = |word: &Arc<str>| dictionary.find(word).map_or(u64::MAX, u64::from);
        Some(WordCodes {
            right: words.iter().map(code).collect(),
            left: dictionary.first_spellings(),
        })
    }
}

/// `node`, and the record has a protocol with ports or an unknown one.
fn with_ports(node: Node) -> Node {
    let numbers = (0..=255u64).filter(|number| protocol::has_ports(*number));
    let numbers = Ranges::of(
        numbers
            .map(|number| (number.into(), number.into()))
            .collect(),
    );
    let unknown = nodes::not(Node::Test(Predicate::Present(id::PROTOCOL)));
    let guard = nodes::any(vec![nodes::within(id::PROTOCOL, numbers), unknown]);
    nodes::all(vec![node, guard])
}

/// The field has a value.
fn present(field: FieldId) -> Node {
    let one = |field| Node::Test(Predicate::Present(field));
    let all = |fields: &[FieldId]| nodes::all(fields.iter().map(|field| one(*field)).collect());
    match field {
        _ if field.kind() == Kind::Port => with_ports(either(field, one)),
        id::TIME => nodes::any(vec![one(id::START), one(id::END)]),
        id::SCOPE => all(&[id::SRCADDR, id::DSTADDR]),
        id::DURATION => all(&[id::START, id::END]),
        id::BPS => all(&[id::BYTES, id::START, id::END]),
        id::PPS => all(&[id::PACKETS, id::START, id::END]),
        id::BPP => Node::Test(Predicate::Computed(id::BPP, Ranges::until(0, 1 << 64))),
        id::LINE | id::FILE => Node::Every,
        _ => either(field, one),
    }
}

/// The address of `field` is in `set`.
fn addresses(field: FieldId, set: AddressSet) -> Node {
    let set = Arc::new(set);
    let one = |field| Node::Test(Predicate::Addresses(field, Arc::clone(&set)));
    either(field, one)
}

/// `one` of the field, or of either of the two fields that an either-field such as `addr` combines.
fn either(field: FieldId, one: impl Fn(FieldId) -> Node) -> Node {
    match field.either() {
        Some(fields) => nodes::any(fields.map(one).into()),
        None => one(field),
    }
}

/// The number of `field` satisfies one of the comparisons.
fn numbers(field: FieldId, compared: &[Compared]) -> Node {
    if field == id::TIME {
        return nodes::any(compared.iter().map(Compared::overlap).collect());
    }
    let ranges = compared.iter().map(Compared::range).collect();
    let set = Ranges::of(ranges);
    match field {
        _ if field.kind() == Kind::Port => {
            with_ports(either(field, |field| nodes::within(field, set.clone())))
        }
        _ if field.is_computed() => Node::Test(Predicate::Computed(field, set)),
        _ => nodes::within(field, set),
    }
}

/// `node`; if `negated`, the field has a value and `node` does not hold.
fn unless(negated: bool, field: FieldId, node: Node) -> Node {
    if !negated {
        return node;
    }
    nodes::all(vec![present(field), nodes::not(node)])
}

//! Questions about a folder of flow logs, each timed from its text to its answer, so that other programs can be
//! compared.
//!
//! `cargo bench --bench questions -- --folder DIR…` loads the folders and reports the load, then answers the questions
//! on its standard input, one a line, with one line of JSON each: the question, the seconds that it took, and values
//! that the answers of other programs are compared with. Without a folder it answers each of [`EXAMPLES`] once, from
//! the tree that all benchmarks share. `duckdb.py` runs the same questions in `DuckDB`.

mod tree;

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use flowdeck::analysis::{Key, Measure, RowOrder, Selection, SortBy, SortedRows, Window};
use flowdeck::engine::{
    Answer, Combination, Engine, GroupBy, GroupField, Listing, Question, Rank, Reply, Request,
    Ticket, answer, group_by,
};
use flowdeck::ingest::{Input, Options, load};
use flowdeck::query::{Context, Plan, compile};
use flowdeck::schema::{DEFAULT_FORMAT, FieldId, id};
use flowdeck::store::{Chunk, RowId, Store};
use serde_json::{Value, json};

use tree::TREE;

/// One of each kind of question.
const EXAMPLES: [&str; 14] = [
    "count action == REJECT",
    "count srcaddr == 10.16.3.77",
    "count dstport in {22, 3389} and action == REJECT",
    "count addr in 10.16.0.0/12",
    "top",
    "groups srcaddr,dstaddr",
    "groups interface-id,srcaddr,dstaddr,dstport",
    "distinct dstport by srcaddr",
    "minutes",
    "page 100 action == REJECT",
    "next 50",
    "sort",
    "screen action == REJECT",
    "typed action == ACCEPT",
];

const THREADS: usize = 2;
/// The rows of a page.
const PAGE: usize = 50;
/// The listed groups.
const GROUPS: usize = 20;
/// How many rows of a long list are compared.
const SAMPLES: usize = 20;
/// The sizes of a wide screen: columns of the timeline, and rows of a pane.
const SCREEN: (usize, usize) = (100, 256);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// State kept between questions.
struct Session {
    store: Store,
    /// The list that `next` reads pages from.
    list: SortedRows,
    /// The worker of the explorer with its caches, its newest ticket and the channel of its answers.
    worker: Option<(Engine, u64, Receiver<Reply>)>,
    /// What the answers about minutes are compared by, by filter.
    minutes: HashMap<String, Value>,
}

/// What groups are ordered by, largest first.
#[derive(Clone, Copy)]
enum Size {
    Measure(Measure),
    /// The number of distinct values of a field.
    Distinct(FieldId),
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [option, folders @ ..] = arguments.as_slice()
        && option == "--folder"
    {
        // `cargo bench` adds `--bench`.
        let folders = folders.iter().filter(|folder| *folder != "--bench");
        let mut session = begin(folders.map(PathBuf::from).collect(), None)?;
        for line in stdin().lock().lines() {
            session.reply(&line?)?;
        }
        return Ok(());
    }
    // Arguments for criterion: `cargo bench -- decode` runs only the benchmarks with that name.
    let mut names = arguments.iter().filter(|word| !word.starts_with('-'));
    if !arguments.iter().any(|word| word == "--bench")
        || names.clone().next().is_some() && !names.any(|name| "questions".contains(name.as_str()))
    {
        return Ok(());
    }
    let mut session = begin(TREE.files.clone(), Some(TREE.bytes))?;
    for question in EXAMPLES {
        session.reply(question)?;
    }
    Ok(())
}

/// Loads `paths` and prints one line about it.
fn begin(paths: Vec<PathBuf>, text: Option<u64>) -> Result<Session> {
    let options = Options {
        threads: THREADS,
        ..Options::default()
    };
    let loaded = load(paths.into_iter().map(Input::Path).collect(), options)?;
    let store = loaded.store;
    if store.rows() == 0 {
        return Err("there are no records".into());
    }
    say(&json!({
        "records": store.rows(),
        "rejects": store.line_counts().rejects,
        "bytes_text": text,
        "seconds": loaded.seconds,
        "memory": store.memory(),
        "resident": memory("VmRSS:"),
    }))?;
    Ok(Session {
        store,
        list: SortedRows::default(),
        worker: None,
        minutes: HashMap::new(),
    })
}

fn say(line: &Value) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

/// The resident memory of this process (`VmRSS:`) or its peak (`VmHWM:`) in bytes, on systems that report it.
fn memory(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

impl Session {
    fn reply(&mut self, question: &str) -> Result<()> {
        let (kind, rest) = question.split_once(' ').unwrap_or((question, ""));
        let (seconds, check) = match kind {
            "count" => self.count(rest)?,
            "top" => self.groups("srcaddr", rest, Size::Measure(Measure::Bytes))?,
            "groups" => {
                let (fields, filter) = rest.split_once(' ').unwrap_or((rest, ""));
                self.groups(fields, filter, Size::Measure(Measure::Records))?
            }
            "distinct" => {
                let (counted, rest) = rest.split_once(" by ").unwrap_or((rest, ""));
                let (fields, filter) = rest.split_once(' ').unwrap_or((rest, ""));
                self.groups(fields, filter, Size::Distinct(self.field(counted)?))?
            }
            "minutes" => self.minutes(rest)?,
            "page" => {
                let (from, filter) = rest.split_once(' ').unwrap_or((rest, ""));
                self.page(from.parse()?, filter)?
            }
            "next" => self.next(rest.parse()?),
            "sort" => self.sort()?,
            "screen" => self.screen(rest)?,
            "typed" => self.typed(rest)?,
            "memory" => (0.0, json!([self.store.memory(), memory("VmRSS:")])),
            "peak" => (0.0, json!(memory("VmHWM:"))),
            _ => return Err(format!("no such question: {question}").into()),
        };
        say(&json!({ "question": question, "seconds": seconds, "check": check }))
    }

    /// The records that the filter `text` selects.
    fn select(&self, text: &str) -> Result<Selection> {
        let store = &self.store;
        let fields = store.fields();
        let context = Context::of(store, &fields);
        let compiled = compile(text, &context);
        let expression = compiled
            .expression
            .ok_or_else(|| format!("{text}: {:?}", compiled.diagnostics))?;
        let plan = Plan::new(&expression, store);
        let evaluate = |chunks: &[Arc<Chunk>]| {
            let masks = chunks.iter().map(|chunk| plan.evaluate(chunk));
            masks.collect::<Vec<_>>()
        };
        let (one, other) = store.chunks().split_at(store.chunks().len() / THREADS);
        let masks = thread::scope(|scope| {
            let one = scope.spawn(|| evaluate(one));
            let other = evaluate(other);
            let mut masks = one.join().expect("evaluating cannot fail");
            masks.extend(other);
            masks
        });
        Ok(Selection::new(store.clone(), masks))
    }

    /// The engine's answer for a screen.
    fn answer(&self, filter: &str) -> Result<Answer> {
        Ok(answer(&self.request(filter)?, THREADS))
    }

    fn request(&self, filter: &str) -> Result<Request> {
        let store = &self.store;
        let fields = store.fields();
        let context = Context::of(store, &fields);
        let (first, last) = store.span().ok_or("no record has a time")?;
        let (characters, limit) = SCREEN;
        let window = Window::covering((first, last), characters);
        let filter = match filter {
            "" => None,
            filter => compile(filter, &context).expression,
        };
        let question = Question {
            filter,
            window: Some(window),
            lanes: id::INTERFACE_ID,
            lane_limit: limit,
            breakdown: id::SRCADDR,
            measure: Measure::Records,
            by_action: true,
            group_limit: limit,
            order: RowOrder::Reading,
        };
        Ok(Request {
            ticket: Ticket(1),
            store: store.clone(),
            question,
            anchor: None,
        })
    }

    /// How many records a filter selects.
    fn count(&self, filter: &str) -> Result<(f64, Value)> {
        let began = Instant::now();
        let count = self.select(filter)?.len();
        Ok((began.elapsed().as_secs_f64(), json!(count)))
    }

    /// The largest groups of the records that `filter` selects by the values of `fields`, which commas separate.
    /// Compared with the number of groups.
    fn groups(&self, fields: &str, filter: &str, size: Size) -> Result<(f64, Value)> {
        let began = Instant::now();
        let fields = fields.split(',').map(|name| Ok(self.field(name)?.into()));
        let (rank, distinct) = match size {
            Size::Measure(measure) => (Rank::Measure(measure), None),
            Size::Distinct(field) => (Rank::Distinct, Some(field)),
        };
        let by = GroupBy {
            fields: fields.collect::<Result<_>>()?,
            distinct,
            ..GroupBy::default()
        };
        let listing = Listing::largest(rank, GROUPS);
        let found = group_by(&self.select(filter)?, &by, &listing, THREADS);
        let seconds = began.elapsed().as_secs_f64();
        let largest = found.list.into_iter().map(|group| {
            let labels = group.labels.into_iter().map(Value::from);
            let amount = match size {
                Size::Measure(measure) => json!(measure.of(&group.counts)),
                Size::Distinct(_) => json!(group.distinct),
            };
            labels.chain([amount]).collect()
        });
        let largest: Vec<Value> = largest.collect();
        Ok((seconds, json!([found.total, largest])))
    }

    fn field(&self, name: &str) -> Result<FieldId> {
        let field = self.store.catalog.lookup(name);
        field.ok_or_else(|| format!("no such field: {name}").into())
    }

    /// The records that `filter` selects of each minute at each interface with each action: how many such groups there
    /// are, and the largest. Compared by their number, the sum of the squares of their records, and the largest.
    fn minutes(&mut self, filter: &str) -> Result<(f64, Value)> {
        let by = GroupBy {
            every: Some(60),
            fields: [id::INTERFACE_ID, id::ACTION]
                .map(GroupField::from)
                .to_vec(),
            records_only: true,
            ..GroupBy::default()
        };
        let began = Instant::now();
        let largest = Listing::largest(Rank::Measure(Measure::Records), 1);
        let found = group_by(&self.select(filter)?, &by, &largest, THREADS);
        let seconds = began.elapsed().as_secs_f64();
        // A list of all groups leaves the heap in pieces, which would slow down the next question.
        if let Some(check) = self.minutes.get(filter) {
            let most = found.list.first().map(|group| group.counts.records);
            if check[0] != json!(found.total) || check[2][0].as_u64() != most {
                return Err("another answer than before to the same question".into());
            }
            return Ok((seconds, check.clone()));
        }
        let all = group_by(&self.select(filter)?, &by, &Listing::by_value(), THREADS);
        if found.total != all.total {
            return Err("the number of groups depends on the listing".into());
        }
        let records = all.list.iter().map(|group| group.counts.records);
        let squares: u64 = records.map(|records| records * records).sum();
        let cell = |group: &Combination| {
            let Some(Key::Number(start)) = group.keys.first() else {
                return json!([group.counts.records, null]);
            };
            let labels = &group.labels[1..];
            json!([group.counts.records, start / 60, labels[0], labels[1]])
        };
        // The last of several that are as large, as in SQL.
        let most = found.list.first().map(|group| group.counts.records);
        let mut ties = all.list.iter().rev();
        let last = ties.find(|group| Some(group.counts.records) == most);
        let check = json!([found.total, squares, last.map(cell)]);
        self.minutes.insert(filter.to_owned(), check.clone());
        Ok((seconds, check))
    }

    /// A page of the rows of `filter`, sorted by start, from `from` on. Keeps the list.
    fn page(&mut self, from: usize, filter: &str) -> Result<(f64, Value)> {
        let began = Instant::now();
        let selection = self.select(filter)?;
        self.list = order(&selection, id::START, false)?;
        let rows = self.list.rows.iter().skip(from).take(PAGE);
        black_box(self.cells(rows));
        let seconds = began.elapsed().as_secs_f64();
        Ok((seconds, json!([selection.len(), self.starts(from)])))
    }

    /// Another page of the kept list.
    fn next(&self, from: usize) -> (f64, Value) {
        let began = Instant::now();
        let rows = self.list.rows.iter().skip(from).take(PAGE);
        black_box(self.cells(rows));
        let seconds = began.elapsed().as_secs_f64();
        (seconds, json!([self.list.rows.len(), self.starts(from)]))
    }

    /// All records sorted by bytes in descending order. Compared by rows at regular intervals.
    fn sort(&self) -> Result<(f64, Value)> {
        let began = Instant::now();
        let order = order(&self.select("")?, id::BYTES, true)?;
        let seconds = began.elapsed().as_secs_f64();
        let last = order.rows.len() - 1;
        let samples = (0..=SAMPLES).map(|sample| order.rows[last * sample / SAMPLES]);
        let check: Value = samples.map(|row| self.number(row, id::BYTES)).collect();
        Ok((seconds, check))
    }

    /// Everything that the explorer shows for a filter: list, timeline, breakdown.
    fn screen(&self, filter: &str) -> Result<(f64, Value)> {
        let began = Instant::now();
        let answer = self.answer(filter)?;
        let seconds = began.elapsed().as_secs_f64();
        Ok((seconds, json!(answer.selection.len())))
    }

    /// The same from the worker of the explorer, with everything from earlier keystrokes in its caches.
    fn typed(&mut self, filter: &str) -> Result<(f64, Value)> {
        let (engine, ticket, replies) = if let Some(worker) = self.worker.take() {
            worker
        } else {
            let (sender, replies) = channel();
            let engine = Engine::spawn(move |reply| drop(sender.send(reply)))
                .expect("the system has a thread left");
            engine.ask(self.request("")?);
            engine.idle();
            (engine, 1, replies)
        };
        let began = Instant::now();
        let request = Request {
            ticket: Ticket(ticket + 1),
            ..self.request(filter)?
        };
        engine.ask(request);
        engine.idle();
        let seconds = began.elapsed().as_secs_f64();
        let Some(Reply::Answer(last)) = replies.try_iter().last() else {
            return Err("the worker gave no answer".into());
        };
        self.worker = Some((engine, ticket + 1, replies));
        Ok((seconds, json!(last.selection.len())))
    }

    /// The text of the cells of `rows`.
    fn cells<'a>(&self, rows: impl Iterator<Item = &'a RowId>) -> Vec<String> {
        rows.flat_map(|row| DEFAULT_FORMAT.map(|field| self.store.cell_text(*row, field)))
            .collect()
    }

    /// The starts of a page of the list.
    fn starts(&self, from: usize) -> Value {
        let rows = self.list.rows.iter().skip(from).take(PAGE);
        rows.map(|row| self.number(*row, id::START)).collect()
    }

    fn number(&self, row: RowId, field: FieldId) -> Value {
        json!(self.store.number(row, field))
    }
}

fn order(selection: &Selection, field: FieldId, descending: bool) -> Result<SortedRows> {
    let sort = SortBy { field, descending };
    let order = SortedRows::new(selection, &[sort], THREADS, &|| false);
    Ok(order.ok_or("nothing stops it")?)
}

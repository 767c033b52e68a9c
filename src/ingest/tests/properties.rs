//! The fast way agrees with the plain one, whatever the lines are and wherever they are cut.

use std::io::{self, Read};

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ingest::formats::piece_reader::{Mode, PieceReader};
use crate::ingest::load::line_reader::{LineReader, Position};
use crate::ingest::load::report::FileReport;
use crate::ingest::load::reporter::LoadReporter;
use crate::ingest::source::decode::Decoder;
use crate::ingest::source::raw::Raw;
use crate::ingest::text::layout_state::LayoutState;
use crate::ingest::text::parse::{self, Line};
use crate::ingest::text::piece::Piece;
use crate::schema::{FIELDS, Kind, Origin, Value};
use crate::store::{Compression, Layout};

fn v4() -> impl Strategy<Value = String> {
    any::<[u8; 4]>().prop_map(|bytes| std::net::Ipv4Addr::from(bytes).to_string())
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (0u64..70_000).prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| n.to_string()),
        (1_400_000_000u64..1_500_000_000).prop_map(|n| n.to_string()),
        "[0-9]{1,21}",
    ]
}

/// A word that a field of this kind mostly allows.
pub(super) fn word(kind: Kind) -> BoxedStrategy<String> {
    let nasty = select(vec![
        "-",
        "--",
        "",
        " ",
        "x",
        "ü",
        "\u{1b}[2J",
        "#",
        "0",
        "00",
        "tcp",
        "1.2.3",
        "::1",
        "::ffff:1.2.3.4",
        "2001:DB8::1",
        "0a:1b:2c:3d:4e:5f",
        "EFA",
        "4102444801",
        "1418530010000",
        "-1",
        "+1",
        "1.2.3.4.5",
    ]);
    let nasty = nasty.prop_map(str::to_owned);
    let usual = match kind {
        Kind::Address => prop_oneof![
            6 => v4(),
            1 => any::<[u8; 16]>().prop_map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        ]
        .boxed(),
        Kind::Port => (0u32..65_700).prop_map(|n| n.to_string()).boxed(),
        Kind::Protocol => (0u32..260).prop_map(|n| n.to_string()).boxed(),
        Kind::Number | Kind::Duration | Kind::Flags => number().boxed(),
        Kind::Time => (1_400_000_000u64..1_400_000_100)
            .prop_map(|n| n.to_string())
            .boxed(),
        Kind::Choice(words) => select(words).prop_map(str::to_owned).boxed(),
        Kind::Text => "[a-z]{1,4}-[0-9a-f]{1,30}".boxed(),
    };
    prop_oneof![20 => usual, 1 => Just("-".to_owned()), 1 => nasty].boxed()
}

/// The fields of a header.
fn layout() -> impl Strategy<Value = Vec<usize>> {
    let fields: Vec<usize> = (0..FIELDS.len())
        .filter(|i| FIELDS[*i].origin != Origin::Computed)
        .collect();
    prop_oneof![
        3 => Just((0..14).collect::<Vec<usize>>()),
        2 => prop::collection::vec(select(fields), 1..20),
    ]
}

/// A block of lines under one layout: perhaps its header, then lines that mostly fit it.
fn block() -> impl Strategy<Value = Vec<Vec<u8>>> {
    (layout(), any::<bool>()).prop_flat_map(|(fields, has_header)| {
        let header: Vec<&str> = fields.iter().map(|field| FIELDS[*field].name).collect();
        let header = has_header.then(|| header.join(" ").into_bytes());
        let words: Vec<_> = fields
            .iter()
            .map(|field| word(FIELDS[*field].kind))
            .collect();
        let record = words.prop_map(|words| words.join(" ").into_bytes());
        let mutated = (
            record.clone(),
            any::<prop::sample::Index>(),
            select(b" \t\r\0#-.:0Aa\xff\n".to_vec()),
        )
            .prop_map(|(mut line, at, byte)| {
                if !line.is_empty() {
                    let at = at.index(line.len());
                    line[at] = byte;
                }
                line
            });
        let other = select(vec![
            &b""[..],
            b"  ",
            b"# remark",
            b"#Fields: srcaddr dstaddr",
            b"- - ACCEPT OK",
            b"\t",
            b"\r",
        ]);
        let line = prop_oneof![12 => record, 3 => mutated, 1 => other.prop_map(<[u8]>::to_vec)];
        prop::collection::vec(line, 0..40)
            .prop_map(move |lines| header.iter().cloned().chain(lines).collect())
    })
}

pub(super) fn text() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(block(), 1..4), any::<bool>()).prop_map(|(blocks, ends)| {
        let mut text = blocks.concat().join(&b'\n');
        if ends {
            text.push(b'\n');
        }
        text
    })
}

/// Gives the bytes in small portions.
struct Portions {
    bytes: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    next: usize,
}

impl Read for Portions {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.next % self.sizes.len()];
        self.next += 1;
        let count = size.min(into.len()).min(self.bytes.len() - self.at);
        into[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Reads bytes the way a worker does, with every portion a piece.
pub(super) fn read(bytes: Vec<u8>, sizes: Vec<usize>, compression: Compression) -> Seen {
    let catalog = Arc::new(Catalog::default());
    let layouts = Layouts::new(Arc::clone(&catalog), None).unwrap();
    let store = Mutex::new(Store::new(Arc::clone(&catalog), Vec::new()));
    let sink = |event| {
        if let LoadEvent::Chunk(chunk) = event {
            store.lock().unwrap().push(chunk);
        }
    };
    let reporter = LoadReporter::new(&sink, &[]);
    let stop = AtomicBool::new(false);
    let portions = Portions {
        bytes,
        at: 0,
        sizes,
        next: 0,
    };
    let decoder = Decoder::new(Raw::new(Box::new(portions), 0), compression, &stop);
    let mut feed = PieceReader::new(decoder, Mode::Stream);
    let mut reader = LineReader::new(catalog, &reporter);
    let mut layout_state = LayoutState::new(&layouts);
    let mut report = FileReport::new(0);
    let (mut piece, mut line) = (Piece::default(), 1);
    while feed.next(&mut piece) {
        let mut position = Position {
            layout_state: &mut layout_state,
            report: &mut report,
            line,
        };
        reader.read(&piece, &mut position);
        line = position.line;
    }
    reader.publish();
    let mut source = Source::default();
    let rejects = report.close(&mut source, &layouts.catalog);
    let mut store = store.into_inner().unwrap();
    store.update_source(0, source, rejects);
    seen(&store)
}

/// The same by the scalar path alone, line by line, without any column.
pub(super) fn read_plainly(text: &[u8]) -> Seen {
    let layouts = Layouts::new(Arc::default(), None).unwrap();
    let mut layout_state = LayoutState::new(&layouts);
    let mut report = FileReport::new(0);
    let mut records = Vec::new();
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    for (index, bytes) in text.split(|byte| *byte == b'\n').enumerate() {
        let number = index as u64 + 1;
        report.line_counts.lines += 1;
        match parse::line(bytes, &mut layout_state) {
            Line::Header => report.line_counts.headers += 1,
            Line::Comment => report.line_counts.comments += 1,
            Line::Blank => report.line_counts.blanks += 1,
            Line::Layout => unreachable!("text has no notes"),
            Line::Reject(reason) => {
                report.line_counts.lines -= 1;
                report.reject(number, reason, bytes);
            }
            Line::Record(record, other) => {
                report.line_counts.records += 1;
                let layout = other.as_ref().or_else(|| layout_state.layout()).unwrap();
                let values = print(&layouts.catalog, layout, &record.values);
                let line = String::from_utf8(bytes.to_vec()).unwrap();
                records.push((0, number, line, values));
            }
        }
    }
    let rejects = report.rejects.kept.iter();
    let mut rejects: Vec<_> = rejects
        .map(|reject| (0, reject.line, reject.reason.clone(), reject.text.clone()))
        .collect();
    rejects.sort();
    Seen {
        records,
        rejects,
        line_counts: report.line_counts,
    }
}

pub(super) fn print(catalog: &Catalog, layout: &Layout, values: &[Value<'_>]) -> Vec<String> {
    let pairs = layout.fields.iter().zip(values);
    pairs
        .map(|(field, value)| {
            let text = match value {
                Value::Missing => "-".to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Address(address) => address.to_string(),
                Value::Word(word) => (*word).to_owned(),
            };
            format!("{}={text}", catalog.name(*field))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn the_fast_way_agrees_with_the_plain_one(
        text in text(),
        sizes in prop::collection::vec(1usize..3000, 1..20),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        // What sniffing would take for something else is not for the readers of lines.
        prop_assume!(!text.is_empty() && !matches!(text[0], b'\x1f' | b'\xff'));
        prop_assume!(!text.starts_with(b"- "));
        let expected = read_plainly(&text);
        prop_assert!(expected.line_counts.is_balanced());
        prop_assert_eq!(&read(text.clone(), sizes.clone(), Compression::NONE), &expected);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
        cuts.sort_unstable();
        let mut members = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([text.len()]) {
            members.extend(gzip(&text[from..cut]));
            from = cut;
        }
        prop_assert_eq!(&read(members, sizes, Compression::named("gzip")), &expected);
    }

    #[test]
    fn every_line_is_accounted_for_wherever_a_packed_file_is_cut(text in text(), at in any::<prop::sample::Index>()) {
        let packed = gzip(&text);
        let seen = read(packed[..at.index(packed.len())].to_vec(), vec![100_000], Compression::named("gzip"));
        prop_assert!(seen.line_counts.is_balanced());
        prop_assert_eq!(seen.records.len() as u64, seen.line_counts.records);
        // What was read is a beginning of what there is.
        let whole = read_plainly(&text);
        let count = seen.records.len();
        prop_assert!(whole.records.len() >= count);
        prop_assert_eq!(&seen.records[..], &whole.records[..count]);
    }
}

//! What a load decided, for the log: files, formats, orders of fields, counts and timings. Never a record's content:
//! no value of a field, no rejected line.

use log::{LevelFilter, debug, info, warn};

use crate::format;
use crate::ingest::event::LoadEvent;
use crate::ingest::input::Options;
use crate::ingest::text::zone::InputZone;
use crate::store::{Source, Status};

/// Logs how the files will be read.
pub(crate) fn options(options: &Options) {
    match options.threads {
        0 => info!("threads: one for each core"),
        threads => info!("threads: {threads}"),
    }
    match options.max_memory {
        Some(limit) => info!("memory for records: at most {}", format::bytes(limit)),
        None => info!("memory for records: no limit"),
    }
    if let Some(order) = &options.log_format {
        info!("order of fields given: {}", format::visible(order));
    }
    for order in &options.described {
        let (name, fields) = (format::visible(&order.name), format::visible(&order.format));
        info!("order of fields given for the files of {name}: {fields}");
    }
    for (folder, order) in &options.remembered {
        let folder = folder.to_string_lossy();
        let (folder, order) = (format::visible(&folder), format::visible(order));
        info!("order of fields accepted earlier for {folder}: {order}");
    }
    match options.zone {
        InputZone::Assumed => info!("times without a zone: UTC is assumed"),
        InputZone::Offset(seconds) => info!("times without a zone: {seconds} seconds east of UTC"),
        InputZone::Local => info!("times without a zone: in the zone of this machine"),
    }
    if options.drop_duplicates {
        info!("duplicates are left out");
    }
    if let Some(intervals) = options.follow {
        let (poll, walk) = (intervals.poll.as_secs_f64(), intervals.walk.as_secs_f64());
        let (poll, walk) = (format::elapsed(poll), format::elapsed(walk));
        info!("files are followed: checked every {poll}, with a search for new files every {walk}");
    }
}

/// Logs what `event` tells.
pub(crate) fn event(event: &LoadEvent) {
    // Making paths visible takes time, for many small files more than a little.
    if log::max_level() == LevelFilter::Off {
        return;
    }
    match event {
        LoadEvent::Found { sources, skipped } => {
            let files = format::counted(sources.len() as u64, "file", "files");
            let skipped = format::count(*skipped as u64);
            info!("{files} found; {skipped} skipped (hidden ones, markers, links, sockets, pipes)");
            sources.iter().for_each(found);
        }
        LoadEvent::Added(sources) => sources.iter().for_each(found),
        LoadEvent::Source { source, .. } => read(source),
        LoadEvent::Duplicates { pairs, are_dropped } => {
            let outcome = if *are_dropped { "left out" } else { "read" };
            for (index, first) in pairs {
                info!("file {index} has the bytes of file {first} and was {outcome}");
            }
        }
        LoadEvent::Overlaps(overlaps) => {
            let pairs = format::counted(overlaps.len() as u64, "pair", "pairs");
            warn!("{pairs} of flow logs with the same interfaces over the same time");
        }
        LoadEvent::CaughtUp(seconds) => info!(
            "everything was read in {}; waiting for more",
            format::elapsed(*seconds)
        ),
        LoadEvent::Finished {
            seconds,
            stopped,
            full,
        } => {
            if let Some(limit) = full {
                warn!("stopped at the memory limit of {}", format::bytes(*limit));
            } else if *stopped {
                warn!("stopped before the end");
            }
            info!("finished after {}", format::elapsed(*seconds));
        }
        LoadEvent::Chunk(chunk) => {
            let (_, file, line) = chunk.key();
            let records = format::counted(chunk.rows() as u64, "record", "records");
            debug!("{records} of file {file} from line {line}");
        }
        LoadEvent::Counted(counted) => {
            let records = format::counted(counted.records, "record", "records");
            debug!("{records} counted and not kept");
        }
        LoadEvent::Progress(_) => {}
    }
}

fn found(source: &Source) {
    let path = source.path_text();
    info!("found {}", format::visible(&path));
}

/// Logs the account of a file that was read.
fn read(source: &Source) {
    let path = source.path_text();
    let path = format::visible(&path);
    let (format, compression) = (source.format, source.compression.name());
    info!(
        "{path}: format {format}, compression {compression}, status {}",
        source.status.name()
    );
    for layout in &source.layouts {
        let names = layout.fields.iter().filter_map(|field| field.def());
        let names: Vec<&str> = names.map(|def| def.name).collect();
        let others = layout.fields.len() - names.len();
        let why = match (&layout.header, source.inferred_order.as_deref()) {
            (Some(_), _) => "from the header".to_owned(),
            (None, Some(guess)) if guess.is_used => {
                format!("inferred from the values, {} % sure", guess.confidence)
            }
            (None, _) => "given or known".to_owned(),
        };
        info!(
            "{path}: order of fields {why}: {}; {others} other columns",
            names.join(" ")
        );
    }
    if let Some(guess) = source
        .inferred_order
        .as_deref()
        .filter(|guess| !guess.is_used)
    {
        let confidence = guess.confidence;
        let records = format::counted(guess.records as u64, "record", "records");
        warn!(
            "{path}: order of fields not known; the most likely one is only {confidence} % sure, from {records}"
        );
    }
    for assumed in &source.assumed {
        info!("{path}: assumed: {}", assumed.kind().name());
    }
    for column in &source.skipped_columns {
        let name = column
            .field
            .def()
            .map_or("an unknown field", |def| def.name);
        warn!("{path}: the column of {name} was not read");
    }
    let counts = &source.line_counts;
    info!(
        "{path}: {} lines = {} records + {} headers + {} comments + {} blanks + {} rejects",
        counts.lines,
        counts.records,
        counts.headers,
        counts.comments,
        counts.blanks,
        counts.rejects
    );
    info!(
        "{path}: {} bytes read, {} after decompression; {} duplicates, {} suspect",
        counts.bytes_read, counts.bytes_decoded, counts.duplicates, counts.suspect
    );
    if !matches!(source.status, Status::Ok | Status::Empty) {
        warn!("{path}: not read whole: {}", source.status.name());
    }
}

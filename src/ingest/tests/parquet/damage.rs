//! Parquet as it should not be.

use proptest::prelude::*;

use super::*;
use crate::store::ReadProblem;

#[test]
fn a_file_that_stops_in_the_middle_is_truncated_wherever_it_does() {
    let (columns, data) = varied(50);
    let bytes = file(columns, data);
    for len in 4..bytes.len() {
        let loaded = load_bytes(&bytes[..len]);
        let status = &loaded.store.sources()[0].status;
        assert!(matches!(status, Status::Truncated(_)), "{len}: {status:?}");
        assert_eq!(loaded.store.rows(), 0);
    }
}

#[test]
fn what_a_damaged_row_group_does_not_reach_is_read() {
    let (columns, data) = varied(1000);
    let groups = [data.clone(), data.clone(), data];
    let mut bytes = file_of(columns, &groups, WriterProperties::builder());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    let loaded = load_bytes(&bytes);
    let status = &loaded.store.sources()[0].status;
    let error = status.error().unwrap();
    assert!(
        matches!(status, Status::Corrupt(_)) && error.contains("row group 2 of 3"),
        "{error}"
    );
    let rows = loaded.store.rows();
    assert!((2000..3000).contains(&rows), "{rows}");
    let last = seen(&loaded.store).records.pop().unwrap();
    assert_eq!(last.1, 3000, "rows keep their numbers");
}

#[test]
fn a_page_that_unpacks_to_too_much_is_a_limit_and_not_read() {
    let word: &'static [u8] = Box::leak(vec![b'x'; (64 << 20) + 1].into_boxed_slice());
    let data = vec![int32(&[1]), Data::Text(vec![Some(word)])];
    let properties = WriterProperties::builder()
        .set_compression(Codec::GZIP(GzipLevel::default()))
        .set_dictionary_enabled(false);
    let bytes = file_of(
        "optional int32 end; optional binary note;",
        &[data],
        properties,
    );
    let loaded = load_bytes(&bytes);
    let status = &loaded.store.sources()[0].status;
    assert!(
        matches!(status, Status::Limited(problem) if problem.to_string().contains("64 MiB")),
        "{status:?}"
    );
}

#[test]
fn a_file_that_says_other_numbers_of_rows_than_it_has_is_damaged() {
    let bytes = file("optional int32 end;", vec![int32(&[1, 2, 3])]);
    // Twice the three rows are a footer's 6, since signs are folded in.
    let footer = bytes.len() - 8 - usize::from(bytes[bytes.len() - 8]);
    let damaged = |said: u8| {
        let counts = (footer..bytes.len() - 8).filter(|at| bytes[*at] == 6);
        let statuses = counts.filter_map(|at| {
            let mut bytes = bytes.clone();
            bytes[at] = said;
            let source = load_bytes(&bytes).store.sources()[0].clone();
            source.status.error()
        });
        statuses.collect::<Vec<String>>().join("\n")
    };
    for said in [4, 8] {
        let errors = damaged(said);
        let says = format!(
            "the footer counts {} rows, but the row groups have 3",
            said / 2
        );
        assert!(errors.contains(&says), "{errors}");
        let has = format!(
            "the footer counts 3 rows, but the row groups have {}",
            said / 2
        );
        assert!(errors.contains(&has), "{errors}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_damage_leaves_the_account_balanced(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        version in any::<bool>(),
    ) {
        let (columns, data) = varied(40);
        let version = if version { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let properties = WriterProperties::builder().set_writer_version(version);
        let mut bytes = file_of(columns, &[data.clone(), data], properties);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        load_bytes(&bytes);
    }
}

#[test]
fn a_file_of_columns_that_the_memory_limit_cuts_short_names_the_limit() {
    let (columns, data) = varied(5000);
    let groups = [data.clone(), data.clone(), data];
    let bytes = file_of(columns, &groups, WriterProperties::builder());
    let folder = folder(&[("a.parquet", &bytes)]);
    let options = Options {
        max_memory: Some(1),
        threads: 1,
        ..Options::default()
    };
    let loaded = load_path(&folder.path().join("a.parquet"), options);
    let source = &loaded.store.sources()[0];
    assert!(source.line_counts.records > 0);
    assert!(
        matches!(
            source.status,
            Status::Limited(ReadProblem::MemoryLimit { is_begun: true, .. })
        ),
        "{:?}",
        source.status
    );
}

use super::*;

#[test]
fn the_lines_of_text_output_without_a_record_are_remarks() {
    let digits = "37".repeat(28);
    for line in [
        "SEARCHEDLOGSTREAMS\tTrue\teni-0a1b2c3d4e5f60001-all",
        "STATISTICS\t4860.0\t14.0\t14.0",
        "RESULTS\t@ptr\tCmEKJgoiMTIzNDU2Nzg5MDEyOi92cGMvZmxvdxABEjUaGAIF",
        "RESULTS\t@timestamp\t2025-11-23 02:21:00.000",
        "Complete",
        &format!("b/{digits}/s\tf/{digits}/s"),
        &format!("f/{digits}"),
    ] {
        assert!(is_remark(line), "{line}");
    }
    for line in [
        "",
        "RESULTS\tsrcAddr\t10.0.0.5",
        "RESULTS\t@message\t2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
        "STATISTICS",
        "b/12",
        "b/12 f/home/me",
        "Complete nonsense",
    ] {
        assert!(!is_remark(line), "{line}");
    }
}

use super::*;

#[test]
fn a_locale_without_utf_8_is_drawn_in_ascii() {
    let charset = |set: &[(&str, &str)]| {
        charset(|name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    };
    let ascii = |set: &[(&str, &str)]| charset(set) == Charset::Ascii;
    assert!(ascii(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
    assert!(ascii(&[("LC_CTYPE", "POSIX")]));
    assert!(ascii(&[("LANG", "en_US.ISO-8859-1")]));
    assert!(!ascii(&[("LC_ALL", ""), ("LANG", "de_DE.utf8@euro")]));
    assert!(!ascii(&[("LANG", "C.UTF-8")]));
    // Where nothing is said, or no character set, it is UTF-8 today.
    assert!(!ascii(&[]));
    assert!(!ascii(&[("LANG", "de_DE")]));
    // The fonts of the Linux console have few characters, whatever the locale says.
    let console = [("LANG", "en_US.UTF-8"), ("TERM", "linux")];
    assert_eq!(charset(&console), Charset::Console);
    assert!(ascii(&[("LANG", "C"), ("TERM", "linux")]));
}

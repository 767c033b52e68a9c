use proptest::prelude::*;

use super::*;

/// The text under the text: one letter a byte.
#[track_caller]
fn check(text: &str, expected: &str) {
    let letter = |class| match class {
        TokenClass::Space => ' ',
        TokenClass::Comment => '#',
        TokenClass::Field => 'f',
        TokenClass::Operator => 'o',
        TokenClass::Value => 'v',
        TokenClass::Keyword => 'k',
        TokenClass::Text => 't',
        TokenClass::Punctuation => 'p',
        TokenClass::Error => 'E',
    };
    let painted: String = tokens(text)
        .iter()
        .flat_map(|token| token.span.clone().map(move |_| letter(token.class)))
        .collect();
    assert_eq!(painted, expected, "{text}");
}

#[test]
fn every_piece_has_a_class() {
    check("srcaddr == 10.0.0.1", "fffffff oo vvvvvvvv");
    check("ssh and not reject # x", "vvv kkk kkk vvvvvv ###");
    check("port in {22, https}", "ffff oo pvvp vvvvvp");
    check("port {22 443} ok", "ffff pvv vvvp vv");
    check("src net 10/8", "kkk fff vvvv");
    check("dport:443 tcp", "fffffpvvv vvv");
    check("srcaddr:2001:db8::1", "fffffffpvvvvvvvvvvv");
    check("exists vpc and last 15m", "kkkkkk fff kkk kkkk vvv");
    check("region ~ /eu/i or \"x\"", "ffffff o ttttt kk ttt");
    check("srcaddr != pkt-srcaddr", "fffffff oo fffffffffff");
    check("srcaddr is missing", "fffffff oo kkkkkkk");
    check("cost-center == 5", "fffffffffff oo v");
    check("nonsense | x ", "EEEEEEEE E E ");
    check("nonsense", "vvvvvvvv");
    check("$web and not $scan", "vvvv kkk kkk vvvvv");
    check("srcaddr == $srcaddr", "fffffff oo vvvvvvvv");
    check("port in {$port, 22}", "ffff oo pvvvvvp vvp");
    check("src:$`odd:name` 443", "fffpvvvvvvvvvvv vvv");
    check("(tcp.srcport 22 or reject)", "pfffffffffff vv kk vvvvvvp");
    check("last 15 minutes", "kkkk vv vvvvvvv");
    check("since 2026-11-23 17:00", "kkkkk vvvvvvvvvv vvvvv");
    check(
        "filter dstport between 20 and 25",
        "kkkkkk fffffff ooooooo vv kkk vv",
    );
    check("tcp.flags.syn == 1 reject", "fffffffffffff oo v vvvvvv");
    check("net 10.0.0.0 mask 255.0.0.0", "fff vvvvvvvv kkkk vvvvvvvvv");
    check("@message not like /x/", "ffffffff kkk oooo ttt");
    check("bytes > 10 MB ok", "fffff o vv vv vv");
    check("22, 443 or srcaddr is null", "vvp vvv kk fffffff oo kkkk");
    check("ispresent(srcaddr)", "kkkkkkkkkpfffffffp");
}

proptest! {
    #[test]
    fn every_byte_is_in_one_token(text in "\\PC{0,60}") {
        let mut at = 0;
        for token in tokens(&text) {
            prop_assert_eq!(token.span.start, at);
            prop_assert!(text.get(token.span.clone()).is_some_and(|piece| !piece.is_empty()));
            at = token.span.end;
        }
        prop_assert_eq!(at, text.len());
    }
}

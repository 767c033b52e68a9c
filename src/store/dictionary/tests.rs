use super::*;
use crate::schema::id;

fn tags(spellings: &[&str]) -> Arc<Dictionary> {
    let dictionary = Dictionaries::default().of(id::INSTANCE_TAG);
    for spelling in spellings {
        dictionary.code(spelling);
    }
    dictionary
}

#[test]
fn tags_are_decoded() {
    let cases = [
        ("web%20server", "web server"),
        ("M%C3%BCnchen", "München"),
        ("plain", "plain"),
        ("100%25", "100%"),
        // What is not valid stays as it is.
        ("100%", "100%"),
        ("5%zz%20", "5%zz%20"),
        ("%ff%fe", "%ff%fe"),
    ];
    for (tag, text) in cases {
        assert_eq!(decoded(tag), text);
    }
}

#[test]
fn spellings_of_one_tag_have_codes_of_their_own_and_one_word() {
    let tags = tags(&["a%20b", "c", "a%20%62"]);
    assert_eq!(&*tags.word(2), "a b");
    assert_eq!(&*tags.original_word(2), "a%20%62");
    assert_eq!(tags.find_all("a b"), [0, 2]);
    assert_eq!(tags.find("a b"), Some(0));
    assert_eq!(tags.find("a%20b"), None);
    assert_eq!(tags.first_spellings().as_deref(), Some(&[0, 1, 0][..]));
    assert_eq!(tags.ranks(), [0, 2, 0]);
}

#[test]
fn a_dictionary_without_second_spellings_needs_no_translation() {
    assert_eq!(tags(&["a%20b", "c"]).first_spellings(), None);
    let regions = Dictionaries::default().of(id::REGION);
    assert_eq!(regions.code("a%20b"), 0);
    assert_eq!(&*regions.word(0), "a%20b");
}

use super::*;
use crate::format::Problem as _;

fn parsed(text: &str) -> Result<Settings, String> {
    let mut settings = Settings::default();
    let parsed = settings.parse(text);
    parsed.map_err(|(at, kind)| format!("{}: {}", line(text, at), kind.sentence()))?;
    Ok(settings)
}

#[test]
fn a_theme_of_the_file_changes_parts_of_another() {
    let text = "theme = \"mine\"\n[themes.mine]\nbase = \"light\"\nreject = \"bold 124\"\n";
    let settings = parsed(text).unwrap();
    assert_eq!(settings.theme.as_deref(), Some("mine"));
    let theme = settings.theme_named("mine").unwrap();
    let mut wanted = Name::Light.theme();
    wanted.set("reject", "bold 124").unwrap();
    assert_eq!(theme.reject, wanted.reject);
    assert_eq!(theme.accept, Name::Light.theme().accept);
    assert!(settings.theme_named("plain").is_ok());
}

#[test]
fn mistakes_are_named_with_their_line_and_the_way_out() {
    let sentence = |text: &str| parsed(text).unwrap_err();
    let known = "there are dark, light, terminal, high-contrast, plain";
    assert_eq!(
        sentence("theme = \"drak\""),
        format!("1: no theme is called drak; {known}")
    );
    let said = sentence("[themes.a]\nreject = \"red\"\nrejects = \"red\"");
    assert!(
        said.starts_with("3: themes have no part rejects; there are foreground, "),
        "{said}"
    );
    assert_eq!(
        sentence("[themes.a]\nreject = \"scarlet\""),
        "2: scarlet is not a style; write a style like \"bold #ff8787 on black\""
    );
    assert_eq!(
        sentence("colour = 1"),
        "1: colour is not a setting, or its value has the wrong type; write theme = \"…\" or a table [themes.NAME]"
    );
    assert!(sentence("theme =").starts_with("1: "));
}

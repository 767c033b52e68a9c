use ratatui::style::{Color, Modifier, Style};

use super::*;

#[test]
fn contrast_is_that_of_wcag() {
    let (black, white) = (Rgb([0; 3]), Rgb([255; 3]));
    assert!((black.contrast(white) - 21.0).abs() < 1e-9);
    // The grey that just passes on white.
    let contrast = Rgb([0x76; 3]).contrast(white);
    assert!((4.54..4.55).contains(&contrast), "{contrast}");
}

#[test]
fn the_background_decides_on_the_theme() {
    let for_background = |colour| Name::for_background(Some(Rgb(colour)));
    assert_eq!(for_background([0x00, 0x2b, 0x36]), Name::Dark);
    assert_eq!(for_background([0xfd, 0xf6, 0xe3]), Name::Light);
    assert_eq!(for_background([0x80; 3]), Name::Terminal);
    assert_eq!(Name::for_background(None), Name::Terminal);
}

#[test]
fn a_style_is_written_in_words() {
    let mut theme = Theme::plain();
    theme.set("reject", "bold #ff8787 on black").unwrap();
    let wanted = Style::new()
        .fg(Color::Rgb(0xff, 0x87, 0x87))
        .bg(Color::Black)
        .add_modifier(Modifier::BOLD)
        .remove_modifier(Modifier::DIM);
    assert_eq!(theme.reject, wanted);
    theme.set("background", "#101010").unwrap();
    assert_eq!(theme.background, Color::Rgb(16, 16, 16));
    assert_eq!(theme.of_256_colours().background, Color::Indexed(233));
    for (part, words) in [
        ("rejects", "red"),
        ("reject", "scarlet"),
        ("reject", "red blue"),
        ("reject", "red on"),
        ("background", "bold"),
    ] {
        assert!(theme.set(part, words).is_err(), "{part} {words}");
    }
}

#[test]
fn every_part_can_be_set() {
    for part in Theme::parts() {
        let mut theme = Theme::plain();
        theme.set(part, "#010203").unwrap();
        assert_ne!(
            format!("{theme:?}"),
            format!("{:?}", Theme::plain()),
            "{part}"
        );
    }
}

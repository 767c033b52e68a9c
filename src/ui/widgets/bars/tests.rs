use proptest::prelude::*;
use ratatui::style::Color;

use super::*;
use crate::theme::{Charset, Name, UNICODE};

/// The width of each colour in a bar in eighths of a cell, in order of appearance.
fn inks(spans: &[Span<'_>]) -> Vec<(Color, usize)> {
    let mut inks: Vec<(Color, usize)> = Vec::new();
    let mut add = |colour: Option<Color>, eighths: usize| {
        let Some(colour) = colour.filter(|_| eighths > 0) else {
            return;
        };
        match inks.iter_mut().find(|(known, _)| *known == colour) {
            Some((_, ink)) => *ink += eighths,
            None => inks.push((colour, eighths)),
        }
    };
    for span in spans {
        for symbol in span.content.chars() {
            let symbol = symbol.to_string();
            let eighths = 1 + UNICODE
                .horizontal
                .iter()
                .position(|s| *s == symbol)
                .unwrap();
            add(span.style.fg, eighths);
            add(span.style.bg, 8 - eighths);
        }
    }
    inks
}

fn cells(spans: &[Span<'_>]) -> usize {
    spans.iter().map(Span::width).sum()
}

#[test]
fn eight_values_have_eight_heights() {
    let heights: Vec<&str> = (0..=8).map(|value| vertical(&UNICODE, value, 8)).collect();
    assert_eq!(heights, [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]);
}

#[test]
fn heights_are_rounded_but_never_to_zero() {
    let height = |value, max| vertical(&UNICODE, value, max);
    assert_eq!((height(1, 1_000), height(1, u64::MAX)), ("▁", "▁"));
    assert_eq!((height(312, 1_000), height(313, 1_000)), ("▂", "▃"));
    assert_eq!((height(937, 1_000), height(938, 1_000)), ("▇", "█"));
    // Also for integers that a float cannot represent.
    let max = u64::MAX - 15;
    let edge = max / 16 * 15;
    assert_eq!((height(edge - 1, max), height(edge, max)), ("▇", "█"));
    assert_eq!(horizontal(&UNICODE, 1, u64::MAX, 6), "▏");
}

#[test]
fn the_cell_in_which_two_parts_meet_has_both_colours() {
    let theme = Name::Dark.theme();
    let bar = |values| -> Vec<(String, Option<Color>, Option<Color>)> {
        let spans = stacked(&theme, values, 48, 6).into_iter();
        let spans = spans.filter(|span| span.width() > 0);
        let parts = spans.map(|span| (span.content.to_string(), span.style.fg, span.style.bg));
        parts.collect()
    };
    let (accept, reject, other) = (theme.accept_bar.fg, theme.reject_bar.fg, theme.other_bar.fg);
    assert_eq!(
        bar([20, 28, 0]),
        [
            ("██".into(), accept, None),
            ("▌".into(), accept, reject),
            ("███".into(), reject, None)
        ]
    );
    // Three colours do not fit into one cell: the second part begins in the next one.
    assert_eq!(
        bar([2, 3, 0]),
        [("▎".into(), accept, None), ("▍".into(), reject, None)]
    );
    assert_eq!(
        bar([46, 1, 1]),
        [
            ("█████".into(), accept, None),
            ("▊".into(), accept, None),
            ("▏".into(), reject, None),
            ("▏".into(), other, None)
        ]
    );
    assert_eq!(bar([0, 0, 0]), []);
}

#[test]
fn without_colours_each_part_has_its_own_symbol() {
    let text = |theme: &Theme, values| -> String {
        let spans = stacked(theme, values, 12, 6);
        spans.iter().map(|span| span.content.as_ref()).collect()
    };
    assert_eq!(text(&Theme::plain(), [6, 4, 2]), "▒▒▒██─");
    assert_eq!(
        text(&Theme::plain().with(Charset::Ascii), [6, 4, 2]),
        "===##:"
    );
    assert_eq!(
        text(&Name::Dark.theme().with(Charset::Ascii), [10, 1, 1]),
        "=====+."
    );
    assert_eq!(text(&Theme::plain(), [1, 1, 0]), "░▌");
}

fn values() -> impl Strategy<Value = [u64; 3]> {
    let value = || prop_oneof![0u64..4, 0u64..1_000, 0..u64::MAX / 4];
    [value(), value(), value()]
}

proptest! {
    #[test]
    fn a_part_is_within_one_step_of_its_share_and_the_bar_is_their_sum(
        values in values(), more in prop_oneof![Just(0), 0u64..1_000, 0..u64::MAX / 4], all in 1usize..100,
    ) {
        let total: u64 = values.iter().sum();
        let max = (total + more).max(1);
        let widths = widths(values, max, all);
        let exact = |value: u64| value as f64 / max as f64 * all as f64;
        let mut narrow = 0;
        for (value, width) in values.into_iter().zip(widths) {
            prop_assert!((width as f64 - exact(value)).abs() <= 1.0 + 1e-9, "{widths:?}");
            prop_assert_eq!(width == 0, value == 0);
            narrow += usize::from(value > 0 && exact(value) < 1.0);
        }
        let bar = widths.iter().sum::<usize>() as f64;
        prop_assert!(bar - exact(total) >= -0.5 - 1e-9, "{widths:?}");
        prop_assert!(bar - exact(total) <= narrow.max(1) as f64 + 1e-9, "{widths:?}");
        if narrow == 0 {
            prop_assert!((bar - exact(total)).abs() <= 0.5 + 1e-9, "{widths:?}");
        }
    }

    #[test]
    fn a_bar_has_as_much_of_each_colour_as_its_part_is_wide(
        values in values(), more in prop_oneof![Just(0), 0u64..1_000], width in 1usize..12,
    ) {
        let max = (values.iter().sum::<u64>() + more).max(1);
        let theme = Name::Dark.theme();
        let bar = stacked(&theme, values, max, width);
        let colours = [theme.accept_bar, theme.reject_bar, theme.other_bar].map(|style| style.fg.unwrap());
        let wanted = colours.into_iter().zip(widths(values, max, width * 8));
        let wanted: Vec<(Color, usize)> = wanted.filter(|(_, ink)| *ink > 0).collect();
        prop_assert_eq!(inks(&bar), wanted);
        prop_assert!(cells(&bar) <= width + STACKED_EXTRA);
        prop_assert!(cells(&stacked(&Theme::plain(), values, max, width)) <= width + STACKED_EXTRA);
    }

    #[test]
    fn columns_stand_for_equally_many_values_and_are_as_many_as_fit(
        values in prop::collection::vec(0u64..1_000, 1..200), width in 1usize..60,
    ) {
        let (columns, factor) = folded(&values, width);
        prop_assert_eq!(columns.iter().sum::<u64>(), values.iter().sum::<u64>());
        prop_assert_eq!(columns.len(), values.len().div_ceil(factor));
        prop_assert!(columns.len() <= width);
        prop_assert!(factor == 1 || values.len().div_ceil(factor - 1) > width);
        for (index, column) in columns.iter().enumerate() {
            let end = values.len().min((index + 1) * factor);
            prop_assert_eq!(*column, values[index * factor..end].iter().sum::<u64>());
        }
    }
}

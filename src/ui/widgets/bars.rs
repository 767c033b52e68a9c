//! Vertical, horizontal and stacked bars.

#[cfg(test)]
mod tests;

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::theme::{Symbols, Theme, UNICODE};

/// The cells by which a stacked bar may exceed its width: see [`stacked`].
pub(crate) const STACKED_EXTRA: usize = 2;

/// A vertical bar, one cell high, for `value` of `max`. Only 0 is drawn empty.
pub(crate) fn vertical(symbols: &Symbols, value: u64, max: u64) -> &'static str {
    match steps(value, max, 8) {
        0 => " ",
        height => symbols.bars[height - 1],
    }
}

/// A vertical bar of `rows` cells for `value` of `max`, from the top down.
pub(crate) fn column(
    symbols: &Symbols,
    value: u64,
    max: u64,
    rows: u16,
) -> impl Iterator<Item = &'static str> {
    let rows = usize::from(rows);
    let eighths = steps(value, max, rows * 8);
    (0..rows)
        .rev()
        .map(move |row| match eighths.saturating_sub(row * 8) {
            0 => " ",
            height => symbols.bars[height.min(8) - 1],
        })
}

/// The same hanging from an axis above it. A cell that is filled in part is the reverse of the rest of the cell.
pub(crate) fn hanging(
    symbols: &Symbols,
    value: u64,
    max: u64,
    rows: u16,
    style: Style,
) -> impl Iterator<Item = (&'static str, Style)> {
    let rows = usize::from(rows);
    let eighths = steps(value, max, rows * 8);
    let has_eighths = symbols.bars == UNICODE.bars;
    (0..rows).map(move |row| match eighths.saturating_sub(row * 8) {
        0 => (" ", style),
        height @ 1..8 if has_eighths => (
            symbols.bars[7 - height],
            style.add_modifier(Modifier::REVERSED),
        ),
        height => (symbols.bars[height.min(8) - 1], style),
    })
}

/// A horizontal bar of at most `width` cells for `value` of `max`. Only 0 is drawn empty.
pub(crate) fn horizontal(symbols: &Symbols, value: u64, max: u64, width: usize) -> String {
    let eighths = steps(value, max, width * 8);
    let mut bar = symbols.horizontal[7].repeat(eighths / 8);
    if let Some(rest) = (eighths % 8).checked_sub(1) {
        bar += symbols.horizontal[rest];
    }
    bar
}

/// `value` of `max` in steps from 0 to `all`, rounded to the nearest, but at least 1 unless `value` is 0.
fn steps(value: u64, max: u64, all: usize) -> usize {
    if value == 0 || max == 0 {
        return 0;
    }
    let (value, max) = (u128::from(value.min(max)), u128::from(max));
    let nearest = (value * all as u128 * 2 + max) / (max * 2);
    usize::try_from(nearest).unwrap_or(all).clamp(1, all.max(1))
}

/// Sums up groups of neighbouring values so that at most `width` columns are left. Returns the columns, and how many
/// values each of them covers; the last may cover fewer.
pub(crate) fn folded(values: &[u64], width: usize) -> (Vec<u64>, usize) {
    let factor = values.len().div_ceil(width.max(1)).max(1);
    let sum = |values: &[u64]| values.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
    (values.chunks(factor).map(sum).collect(), factor)
}

/// A horizontal bar of accepted, rejected and other values; `max` would fill `width` cells.
///
/// With colours, the parts are drawn in eighths of a cell. A cell has at most two colours, so a part that would end in
/// the cell in which the previous part ends begins in the next cell instead. Without colours, parts are drawn with
/// different symbols in steps of half a cell, and each part begins in a new cell. Either way the bar may take up to
/// [`STACKED_EXTRA`] cells more than `width`.
pub(crate) fn stacked(
    theme: &Theme,
    values: [u64; 3],
    max: u64,
    width: usize,
) -> Vec<Span<'static>> {
    let styles = [theme.accept_bar, theme.reject_bar, theme.other_bar];
    if theme.has_fine_parts() {
        let widths = widths(values, max, width * 8);
        return fine(theme, widths.into_iter().zip(styles));
    }
    let halves = widths(values, max, width * 2).into_iter();
    let parts = halves.zip(theme.symbols.parts).zip(styles);
    parts
        .map(|((halves, [half, whole]), style)| {
            let end = half.repeat(halves % 2);
            Span::styled(whole.repeat(halves / 2) + &end, style)
        })
        .collect()
}

/// The widths of the parts of a bar, in steps; `max` would take `all` of them. Each part is rounded by less than one
/// step, and takes at least one step unless its value is 0. Together they are as wide as the sum of the values,
/// rounded, unless parts had to be widened to one step.
fn widths(values: [u64; 3], max: u64, all: usize) -> [usize; 3] {
    let max = max.max(1);
    let exact = values.map(|value| u128::from(value.min(max)) * all as u128);
    let max = u128::from(max);
    let mut widths = exact.map(|share| match share {
        0 => 0,
        share => (share / max).max(1),
    });
    let total = (exact.iter().sum::<u128>() * 2 + max) / (max * 2);
    // The steps lost by rounding down go to the parts with the largest fractions.
    let mut parts = [0, 1, 2];
    let fraction = |part: usize| exact[part].saturating_sub(widths[part] * max);
    parts.sort_by_key(|part| std::cmp::Reverse(fraction(*part)));
    let left = total.saturating_sub(widths.iter().sum());
    for (part, _) in parts.into_iter().zip(0..left) {
        widths[part] += 1;
    }
    widths.map(|width| usize::try_from(width).unwrap_or(usize::MAX))
}

/// Draws parts in eighths of a cell; where two of them meet in a cell, it has both colours.
fn fine(theme: &Theme, parts: impl Iterator<Item = (usize, Style)>) -> Vec<Span<'static>> {
    let bar = theme.symbols.horizontal;
    let mut spans = Vec::new();
    // How many eighths of the last cell are taken, and the style of the part that ends in it.
    let mut begun: Option<(usize, Style)> = None;
    for (mut width, style) in parts.filter(|(width, _)| *width > 0) {
        if let Some((taken, before)) = begun.take() {
            let fills = taken + width >= 8;
            let both = if fills {
                theme.split(before, style)
            } else {
                before
            };
            spans.push(Span::styled(bar[taken - 1], both));
            width -= if fills { 8 - taken } else { 0 };
        }
        spans.push(Span::styled(bar[7].repeat(width / 8), style));
        begun = (width % 8 > 0).then_some((width % 8, style));
    }
    spans.extend(begun.map(|(taken, style)| Span::styled(bar[taken - 1], style)));
    spans
}

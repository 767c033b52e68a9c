//! Bars that stand and bars that lie.

#[cfg(test)]
mod tests;

use ratatui::style::Style;
use ratatui::text::Span;

use crate::theme::{Symbols, Theme};

/// The cells that a stacked bar may take beyond its width: see [`stacked`].
pub(crate) const BEYOND: usize = 2;

/// A standing bar one cell high for `value` of `most`; what is there is never nothing.
pub(crate) fn standing(symbols: &Symbols, value: u64, most: u64) -> &'static str {
    match steps(value, most, 8) {
        0 => " ",
        height => symbols.bars[height - 1],
    }
}

/// A lying bar of at most `width` cells for `value` of `most`; what is there is never nothing.
pub(crate) fn lying(symbols: &Symbols, value: u64, most: u64, width: usize) -> String {
    let eighths = steps(value, most, width * 8);
    let mut bar = symbols.lying[7].repeat(eighths / 8);
    if let Some(rest) = (eighths % 8).checked_sub(1) {
        bar += symbols.lying[rest];
    }
    bar
}

/// `value` of `most` in steps from 0 to `all`, rounded to the nearest; 0 only for 0.
fn steps(value: u64, most: u64, all: usize) -> usize {
    if value == 0 || most == 0 {
        return 0;
    }
    let (value, most) = (u128::from(value.min(most)), u128::from(most));
    let nearest = (value * all as u128 * 2 + most) / (most * 2);
    usize::try_from(nearest).unwrap_or(all).clamp(1, all.max(1))
}

/// Neighbouring values, in columns that stand for `factor` of them each: as few as possible, so that there are at
/// most `width` columns. The last one may stand for fewer.
pub(crate) fn folded(values: &[u64], width: usize) -> (Vec<u64>, usize) {
    let factor = values.len().div_ceil(width.max(1)).max(1);
    let sum = |values: &[u64]| values.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
    (values.chunks(factor).map(sum).collect(), factor)
}

/// A lying bar of `width` cells for `most`, with its parts one after the other: accepted, rejected, neither.
///
/// Where colours tell them apart, parts are as wide as their share in eighths of a cell. A cell has two colours at
/// most. So a part that would end in the cell in which the one before it ends begins in the next cell, and the bar
/// takes up to [`BEYOND`] cells more. So it does where symbols tell them apart, in steps of half a cell: each part
/// begins in a cell of its own.
pub(crate) fn stacked(
    theme: &Theme,
    values: [u64; 3],
    most: u64,
    width: usize,
) -> Vec<Span<'static>> {
    let styles = [theme.accept, theme.reject, theme.other];
    if theme.has_fine_parts() {
        let widths = widths(values, most, width * 8);
        return fine(theme, widths.into_iter().zip(styles));
    }
    let halves = widths(values, most, width * 2).into_iter();
    let parts = halves.zip(theme.symbols.parts).zip(styles);
    parts
        .map(|((halves, [half, whole]), style)| {
            let end = half.repeat(halves % 2);
            Span::styled(whole.repeat(halves / 2) + &end, style)
        })
        .collect()
}

/// The widths of the parts of a bar, of which `most` would take `all` steps: each less than one step from its exact
/// share, none 0 that has a value, and together the exact width of the bar, rounded, unless there are parts that
/// had to be widened to one step.
fn widths(values: [u64; 3], most: u64, all: usize) -> [usize; 3] {
    let most = most.max(1);
    let exact = values.map(|value| u128::from(value.min(most)) * all as u128);
    let most = u128::from(most);
    let mut widths = exact.map(|share| match share {
        0 => 0,
        share => (share / most).max(1),
    });
    let total = (exact.iter().sum::<u128>() * 2 + most) / (most * 2);
    // What the fractions make together goes to the largest of them.
    let mut state_files = [0, 1, 2];
    let fraction = |place: usize| exact[place].saturating_sub(widths[place] * most);
    state_files.sort_by_key(|place| std::cmp::Reverse(fraction(*place)));
    let left = total.saturating_sub(widths.iter().sum());
    for (place, _) in state_files.into_iter().zip(0..left) {
        widths[place] += 1;
    }
    widths.map(|width| usize::try_from(width).unwrap_or(usize::MAX))
}

fn fine(theme: &Theme, parts: impl Iterator<Item = (usize, Style)>) -> Vec<Span<'static>> {
    let lying = theme.symbols.lying;
    let mut spans = Vec::new();
    // The cell that the last part has begun, and how many eighths of it are taken.
    let mut begun: Option<(usize, Style)> = None;
    for (mut width, style) in parts.filter(|(width, _)| *width > 0) {
        if let Some((taken, before)) = begun.take() {
            let fills = taken + width >= 8;
            let both = if fills {
                theme.split(before, style)
            } else {
                before
            };
            spans.push(Span::styled(lying[taken - 1], both));
            width -= if fills { 8 - taken } else { 0 };
        }
        spans.push(Span::styled(lying[7].repeat(width / 8), style));
        begun = (width % 8 > 0).then_some((width % 8, style));
    }
    spans.extend(begun.map(|(taken, style)| Span::styled(lying[taken - 1], style)));
    spans
}

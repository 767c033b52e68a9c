//! Bars that stand and bars that lie.

use crate::theme::Symbols;

/// A standing bar one cell high for `value` of `most`; what is there is never nothing.
pub(crate) fn standing(symbols: &Symbols, value: u64, most: u64) -> &'static str {
    match eighths(value, most, 8) {
        0 => " ",
        height => symbols.bars[height - 1],
    }
}

/// A lying bar of at most `width` cells for `value` of `most`; what is there is never nothing.
pub(crate) fn lying(symbols: &Symbols, value: u64, most: u64, width: usize) -> String {
    let eighths = eighths(value, most, width * 8);
    let mut bar = symbols.lying[7].repeat(eighths / 8);
    if let Some(rest) = (eighths % 8).checked_sub(1) {
        bar += symbols.lying[rest];
    }
    bar
}

/// `value` of `most` in steps from 0 to `steps`; 0 only for 0.
fn eighths(value: u64, most: u64, steps: usize) -> usize {
    if value == 0 || most == 0 {
        return 0;
    }
    let share = value.min(most) as f64 / most as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the steps"
    )]
    let step = (share * steps as f64).round() as usize;
    step.clamp(1, steps.max(1))
}

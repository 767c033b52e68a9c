//! Turns lines of text into typed values: headers and layouts, one line at a time, or many uniform lines at once.

pub(crate) mod account;
#[cfg(target_arch = "x86_64")]
mod avx2;
pub(crate) mod awscli;
mod block;
pub(crate) mod fit;
pub(crate) mod known_formats;
pub(crate) mod known_order;
pub(crate) mod layout_state;
pub(crate) mod layouts;
pub(crate) mod missing;
pub(crate) mod noted;
pub(crate) mod parse;
pub(crate) mod piece;
pub(crate) mod separated;
pub(crate) mod split;
pub(crate) mod swar;
pub(crate) mod value;
pub(crate) mod vectorized;
mod words;
pub(crate) mod wrapping;
pub(crate) mod zone;

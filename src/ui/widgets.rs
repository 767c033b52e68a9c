//! What panes are made of. Nothing here knows the model.

pub(super) mod bars;
pub(super) mod line;
pub(super) mod panel;
pub(super) mod text;

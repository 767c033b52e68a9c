//! Drawing helpers shared by panes and overlays. They are independent of the model.

pub(super) mod bars;
pub(super) mod line;
pub(super) mod panel;
pub(super) mod text;

//! Modes of the terminal that crossterm does not know, or not apart: how Alt, the wheel and the mouse are sent.
//!
//! They are saved on entering and restored on leaving; terminals ignore those that they do not have.

/// Saves the modes, has xterm send Alt as Escape instead of typing an accented letter, and has the wheel act as arrow
/// keys.
pub(super) const ENTER: &str = "\x1b[?1036s\x1b[?1007s\x1b[?1036h\x1b[?1007h";

/// Restores the modes.
pub(super) const LEAVE: &str = "\x1b[?1036r\x1b[?1007r";

/// Whether the wheel acts as arrow keys. In the filter bar these would replace the text by another of the history.
pub(super) fn wheel_as_arrows(is_on: bool) -> &'static [u8] {
    if is_on {
        b"\x1b[?1007h"
    } else {
        b"\x1b[?1007l"
    }
}

/// Has the terminal report presses, the wheel, and motion while a button is held. crossterm's own command would also ask
/// for every other motion, which floods slow connections.
pub(super) const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// Leaves the mouse to the terminal again.
pub(super) const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

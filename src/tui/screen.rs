//! The terminal while it is ours: entered, drawn on, and always given back.

use std::io::{self, BufWriter, Stdout};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::cursor::{MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::style::{Attribute, Print, SetAttribute};
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use signal_hook::consts::SIGTSTP;

use super::modes;
use super::problem::Problem;

/// Whether we have taken over the terminal. Restoring it clears this, so that it happens only once.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Whether the terminal is to report the mouse, also after the program was stopped.
static USES_MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal in raw mode and on the alternate screen. Dropping it restores the terminal.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Takes over the terminal, and installs a hook that restores it before a panic of this thread is printed. A panic
    /// of another thread is reported by the code that joins it, so its message is not printed.
    pub(super) fn enter(uses_mouse: bool) -> io::Result<Self> {
        USES_MOUSE.store(uses_mouse, Ordering::SeqCst);
        let ours = thread::current().id();
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |fault| {
            if thread::current().id() == ours {
                give_back();
                report(fault);
            } else if let Some(location) = fault.location() {
                log::error!("panic at {location}");
            }
        }));
        take()?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout()));
        let terminal = Terminal::new(backend).inspect_err(|_| give_back())?;
        Ok(Self { terminal })
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (u16, u16) {
        self.terminal
            .size()
            .map_or((80, 24), |size| (size.width, size.height))
    }

    pub(super) fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> Result<(), Problem> {
        self.terminal.draw(render).map(drop).map_err(Problem::Write)
    }

    /// Forgets what the terminal shows, so that the next frame draws every cell.
    ///
    /// `Terminal::clear` would ask the terminal where its cursor is, and wait for an answer that the thread
    /// that reads keys may take; `resize` clears without asking.
    pub(super) fn clear(&mut self) -> Result<(), Problem> {
        let (width, height) = self.size();
        let area = Rect::new(0, 0, width, height);
        self.terminal.resize(area).map_err(Problem::Write)
    }

    /// Clears the screen and writes `text` at its top in one piece, and `note` into its last row. The next frame
    /// has to be drawn anew.
    ///
    /// A frame puts each row in its place; a line that the terminal itself breaks comes back as one line when it
    /// is selected.
    pub(super) fn show(&mut self, text: &str, note: &str) -> Result<(), Problem> {
        self.clear()?;
        let last = self.size().1.saturating_sub(1);
        execute!(
            self.terminal.backend_mut(),
            MoveTo(0, 0),
            Print(text),
            MoveTo(0, last),
            Print(note)
        )
        .map_err(Problem::Write)
    }

    /// Takes the terminal again after the program was stopped; answers with its size.
    pub(super) fn reenter(&mut self) -> Result<(u16, u16), Problem> {
        if !IS_OURS.load(Ordering::SeqCst) {
            take().map_err(Problem::Write)?;
        }
        self.clear()?;
        Ok(self.size())
    }
}

/// Gives the terminal to the shell and stops, as the shell expects of a job; goes on when it is woken, which
/// the thread that watches signals tells, so that the session takes the terminal again.
pub(super) fn suspend() -> Result<(), Problem> {
    give_back();
    signal_hook::low_level::emulate_default_handler(SIGTSTP).map_err(Problem::Signals)
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Enters the alternate screen and clears it. GNU screen, mosh and the Linux console have no alternate screen:
/// without clearing, what the shell had written would stay in every cell that a frame leaves blank.
fn take() -> io::Result<()> {
    let mouse = if USES_MOUSE.load(Ordering::SeqCst) {
        modes::MOUSE_ON
    } else {
        ""
    };
    terminal::enable_raw_mode()?;
    IS_OURS.store(true, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        SetAttribute(Attribute::Reset),
        Clear(ClearType::All),
        MoveTo(0, 0),
        EnableBracketedPaste,
        Print(modes::ENTER),
        Print(mouse)
    )
    .inspect_err(|_| give_back())
}

/// Ends raw mode without writing to the terminal, which may take no output.
pub(super) fn end_raw_mode() {
    if IS_OURS.swap(false, Ordering::SeqCst) {
        let _ = terminal::disable_raw_mode();
    }
}

/// Clears and leaves the alternate screen, shows the cursor and ends raw mode, as far as the terminal still
/// listens. Where there is no alternate screen, clearing removes the last frame, and the shell begins at the top.
fn give_back() {
    if IS_OURS.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            io::stdout(),
            Print(modes::MOUSE_OFF),
            Print(modes::LEAVE),
            DisableBracketedPaste,
            SetAttribute(Attribute::Reset),
            Clear(ClearType::All),
            MoveTo(0, 0),
            LeaveAlternateScreen,
            Show
        );
        let _ = terminal::disable_raw_mode();
    }
}

//! The only module that touches the terminal: reads keys, runs commands, draws.
//!
//! One inbox takes everything that happens; one thread changes the state and draws it. The terminal is given
//! back whatever ends the session: leaving, a signal, an error at the start, a fault.

mod background;
mod clipboard;
mod finder;
mod inbox;
mod key_reader;
mod modes;
mod problem;
mod screen;
mod state_writer;
#[cfg(test)]
mod tests;
mod worker;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use crate::app::{App, Cmd, Msg};
use crate::config::{FolderFormat, StateFiles};
use crate::engine::Engine;
use crate::ingest::{self, Input, Loading, Options};
use crate::store::Catalog;
use crate::theme::{Charset, Name, Theme};
use crate::ui;

use background::{Answer, LateAnswer};
use clipboard::{Clipboard, Environment};
use finder::Finder;
use inbox::Event;
pub use problem::Problem;
use screen::Screen;
use state_writer::StateWriter;

/// The time between two frames while messages pour in. After a pause, two frames may follow each other at once: that of
/// a key and that of the answer to it.
const FRAME: Duration = Duration::from_millis(16);

/// What to explore, and how.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// What to read.
    pub inputs: Vec<Input>,
    /// How to read it.
    pub options: Options,
    /// Where the history and the filters that have a name are kept.
    pub state_files: StateFiles,
    /// The filter to begin with.
    pub filter: String,
    /// What the header calls it.
    pub title: String,
    /// What the screen is to look like, also where the environment wants no colours.
    pub theme: Option<Theme>,
    /// What the screen is to look like otherwise; `None` leaves it to the background of the terminal.
    pub usual_theme: Option<Theme>,
    /// What the terminal can show; `None` leaves it to the environment.
    pub charset: Option<Charset>,
    /// Whether to leave the mouse to the terminal.
    pub no_mouse: bool,
}

/// Explores until the user leaves.
///
/// # Errors
///
/// When there is no terminal that can be drawn on, or when the options make no sense.
pub fn run(session: Session) -> Result<ExitCode, Problem> {
    check_terminal()?;
    let variable = |name: &str| std::env::var_os(name);
    let charset = session.charset.unwrap_or_else(|| charset(variable));
    let theme = theme(&session, variable);
    let dress = |theme: Theme| dressed(&theme, charset, variable);
    let (sender, receiver) = inbox::channel();
    let catalog = Arc::new(Catalog::default());
    let Session {
        inputs,
        options,
        state_files,
        filter,
        title,
        no_mouse,
        ..
    } = session;
    let mut app = App::new(title, filter, Arc::clone(&catalog));
    if inputs == [Input::Lab] {
        app = app.opening_on_flow();
    }
    let mut screen = Screen::enter(!no_mouse).map_err(Problem::Write)?;
    inbox::watch_signals(&sender)?;
    // The first frame comes before the first byte is read.
    let (cols, rows) = screen.size();
    let mut cmds = Vec::new();
    app.update(Msg::Resize { cols, rows }, &mut cmds);
    let mut shown = dress(theme.unwrap_or_else(|| Name::Terminal.theme()));
    screen.draw(|frame| ui::draw(&app, &shown, frame))?;
    app.update(Msg::SavedState(Box::new(state_files.load())), &mut cmds);
    let load = start_load(&inputs, &options, catalog, &sender)?;
    let engine = spawn_engine(&sender)?;
    let environment = Environment::of(|name| std::env::var_os(name));
    let clipboard = Clipboard::start(environment, sender.clone())?;
    let state_writer = StateWriter::start(state_files, sender.clone())?;
    let finder = Finder::start(sender.clone())?;
    let mut is_late = false;
    if theme.is_none() && background::may_ask(variable) {
        let answer = background::ask();
        is_late = matches!(answer, Answer::Late);
        if let Answer::Colour(colour) = answer {
            shown = dress(Name::for_background(Some(colour)).theme());
        }
    }
    inbox::watch_keys(&sender, LateAnswer::new(is_late))?;
    let mut session = Running {
        app,
        theme: shown,
        screen,
        engine,
        load,
        inputs,
        options,
        sender,
        finder,
        clipboard,
        state_writer,
        is_wheel_on: true,
    };
    session.run_commands(&mut cmds)?;
    session.run(receiver)
}

/// A session under way.
struct Running {
    app: App,
    theme: Theme,
    screen: Screen,
    engine: Engine,
    load: Loading,
    /// What is read, and how: once more when a log format is accepted.
    inputs: Vec<Input>,
    options: Options,
    sender: SyncSender<Event>,
    finder: Finder,
    /// This and the state writer are dropped last: they may take a while, and the terminal is given back before.
    clipboard: Clipboard,
    state_writer: StateWriter,
    /// Whether the wheel acts as arrow keys.
    is_wheel_on: bool,
}

impl Running {
    /// Handles events until the session ends. Then the inbox is dropped, so that no thread blocks on a full inbox while
    /// the session waits for that thread.
    fn run(&mut self, inbox: Receiver<Event>) -> Result<ExitCode, Problem> {
        let mut cmds = Vec::new();
        // When the next frame is due if frames follow each other regularly.
        let mut due = Instant::now();
        let mut is_stale = true;
        loop {
            let wait = due.saturating_duration_since(Instant::now());
            let wait = wait.saturating_sub(FRAME);
            if is_stale && wait.is_zero() {
                self.screen
                    .draw(|frame| ui::draw(&self.app, &self.theme, frame))?;
                due = due.max(Instant::now()) + FRAME;
                is_stale = false;
            }
            let event = if is_stale {
                match inbox.recv_timeout(wait) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => return Ok(ExitCode::SUCCESS),
                }
            } else {
                match inbox.recv() {
                    Ok(event) => event,
                    Err(_) => return Ok(ExitCode::SUCCESS),
                }
            };
            // A burst becomes one frame.
            for event in std::iter::once(event).chain(inbox.try_iter().take(512)) {
                match event {
                    Event::Msg(msg) => self.app.update(msg, &mut cmds),
                    Event::Woken => {
                        let (cols, rows) = self.screen.reenter()?;
                        self.is_wheel_on = true;
                        self.app.update(Msg::Resize { cols, rows }, &mut cmds);
                    }
                    Event::Suspend => screen::suspend()?,
                    Event::Ended(code) => return Ok(ExitCode::from(code)),
                    Event::Failed(problem) => return Err(problem),
                }
                is_stale = true;
                self.set_wheel()?;
                if self.run_commands(&mut cmds)? {
                    return Ok(ExitCode::SUCCESS);
                }
            }
        }
    }

    /// Keeps the wheel from acting as arrow keys while the filter is edited.
    fn set_wheel(&mut self) -> Result<(), Problem> {
        let is_on = !self.app.edits_filter();
        if is_on != self.is_wheel_on {
            self.is_wheel_on = is_on;
            write_now(modes::wheel_as_arrows(is_on))?;
        }
        Ok(())
    }

    /// Does what `update` asked for; says whether the session is over.
    fn run_commands(&mut self, cmds: &mut Vec<Cmd>) -> Result<bool, Problem> {
        for cmd in cmds.drain(..) {
            match cmd {
                Cmd::Ask(request) => self.engine.ask(*request),
                Cmd::Values(request) => self.engine.ask_values(*request),
                Cmd::Count(request) => self.engine.ask_counts(*request),
                Cmd::Prefetch(request) => self.engine.prefetch(*request),
                Cmd::Find(search) => self.finder.find(*search),
                Cmd::StopFinding => self.finder.stop(),
                Cmd::StopLoad => self.load.stop(),
                Cmd::Copy(text) => self.clipboard.copy(text)?,
                Cmd::Show { text, note } => self.screen.show(&text, &note)?,
                Cmd::SaveState(change) => self.state_writer.write(change),
                Cmd::ReadAgain { catalog, accepted } => self.read_again(catalog, accepted)?,
                Cmd::Suspend => screen::suspend()?,
                Cmd::Redraw => self.screen.clear()?,
                Cmd::Quit => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Reads everything again. The load before has ended; what the engine remembers is of another catalog.
    fn read_again(&mut self, catalog: Arc<Catalog>, accepted: FolderFormat) -> Result<(), Problem> {
        let folder = std::path::absolute(&accepted.folder).unwrap_or(accepted.folder);
        self.options
            .remembered
            .retain(|(known, _)| *known != folder);
        self.options.remembered.push((folder, accepted.log_format));
        self.engine = spawn_engine(&self.sender)?;
        self.load = start_load(&self.inputs, &self.options, catalog, &self.sender)?;
        Ok(())
    }
}

/// Begins to read; what there is to tell goes to `sender`.
fn start_load(
    inputs: &[Input],
    options: &Options,
    catalog: Arc<Catalog>,
    sender: &SyncSender<Event>,
) -> Result<Loading, Problem> {
    let loads = sender.clone();
    let load = ingest::start(inputs.to_vec(), options.clone(), catalog, move |event| {
        // The receiver is dropped when the session has ended.
        let _ = loads.send(Event::Msg(Msg::Load(event)));
    });
    Ok(load?)
}

fn spawn_engine(sender: &SyncSender<Event>) -> Result<Engine, Problem> {
    let answers = sender.clone();
    let engine = Engine::spawn(move |reply| {
        let _ = answers.send(Event::Msg(inbox::reply(reply)));
    });
    engine.map_err(Problem::Thread)
}

/// The theme that was asked for, or the one without colours where the environment wants it; `None` leaves the choice to
/// the background of the terminal.
fn theme(session: &Session, variable: impl Fn(&str) -> Option<OsString>) -> Option<Theme> {
    let no_colour = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let plain = no_colour.then(|| Name::Plain.theme());
    session.theme.or(plain).or(session.usual_theme)
}

/// `theme` in the characters and colours that the terminal has.
fn dressed(theme: &Theme, charset: Charset, variable: impl Fn(&str) -> Option<OsString>) -> Theme {
    let colours = variable("COLORTERM").unwrap_or_default();
    let theme = theme.with(charset);
    if colours == "truecolor" || colours == "24bit" {
        theme
    } else {
        theme.of_256_colours()
    }
}

/// The characters that the terminal has, as the locale and TERM say.
fn charset(variable: impl Fn(&str) -> Option<OsString>) -> Charset {
    let set = |name| {
        let value = variable(name).filter(|value| !value.is_empty())?;
        Some(value.to_string_lossy().into_owned())
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    match locale {
        Some(locale) if !is_utf_8(&locale) => Charset::Ascii,
        _ if set("TERM").as_deref() == Some("linux") => Charset::Console,
        _ => Charset::Unicode,
    }
}

/// Whether `locale` encodes characters in UTF-8. Locales without an encoding are taken for it, except C and POSIX.
fn is_utf_8(locale: &str) -> bool {
    match locale.split_once('.') {
        Some((_, charset)) => {
            let charset = charset.split('@').next().unwrap_or_default();
            let names = ["utf-8", "utf8"];
            names.iter().any(|name| charset.eq_ignore_ascii_case(name))
        }
        None => !matches!(locale, "C" | "POSIX"),
    }
}

fn check_terminal() -> Result<(), Problem> {
    if !io::stdout().is_terminal() {
        return Err(Problem::NoTerminal);
    }
    match std::env::var("TERM").as_deref() {
        Ok("dumb") | Err(_) => Err(Problem::DumbTerminal),
        Ok(_) => Ok(()),
    }
}

/// Writes bytes to the terminal at once.
fn write_now(bytes: &[u8]) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(Problem::Write)
}

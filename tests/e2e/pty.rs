//! Drives a program in a pseudo-terminal: types, reads its screen, and looks at what it leaves behind.
//!
//! Nothing here waits for a time. A test waits for what is on the screen, and fails, with the screen, when that
//! has not come within [`PATIENCE`].

mod tests;

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use tempfile::TempDir;

/// How long a test waits before it fails: far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the screen is looked at.
const POLL: Duration = Duration::from_millis(5);

/// What a program asks to know where the cursor is, and what a bare pseudo-terminal would leave unanswered.
const WHERE_IS_THE_CURSOR: &[u8] = b"\x1b[6n";

/// What switches to the alternate screen and back.
const SWITCHES: [&[u8]; 2] = [b"\x1b[?1049h", b"\x1b[?1049l"];

/// A program under way in a terminal.
pub(crate) struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Held open, so that the settings of the terminal can be read when the program is gone.
    slave: Option<Box<dyn SlavePty + Send>>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    terminal: Arc<Mutex<Terminal>>,
    reader: Option<JoinHandle<()>>,
    /// Whether nothing is read, as from a terminal behind a broken connection.
    is_stalled: Arc<AtomicBool>,
    settings: String,
    patience: Duration,
    /// The home of the program, unless the test gives it one.
    _home: TempDir,
}

/// What the program has written so far, as bytes and as a screen.
struct Terminal {
    screen: vt100::Parser,
    one_screen: Option<OneScreen>,
    output: Vec<u8>,
}

/// Takes out of what a program writes what switches to the alternate screen and back, so that the terminal seems
/// to have none.
#[derive(Default)]
struct OneScreen {
    /// The beginning of what may become a switch.
    held: Vec<u8>,
}

/// What a program left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit status.
    pub(crate) code: u32,
    /// The name of the signal that ended it, if one did.
    pub(crate) signal: Option<String>,
    /// Every byte that it wrote.
    pub(crate) output: Vec<u8>,
    /// What stands on the screen.
    pub(crate) text: String,
    /// Whether the alternate screen is still shown.
    pub(crate) alternate_screen: bool,
    /// Whether the cursor is still hidden.
    pub(crate) cursor_hidden: bool,
    /// Whether pasted text would still arrive in brackets.
    pub(crate) bracketed_paste: bool,
    /// How the mouse would still be reported.
    pub(crate) mouse: vt100::MouseProtocolMode,
    /// The settings of the terminal (echo, line mode, signals) before it started.
    pub(crate) settings_before: String,
    /// And after it ended.
    pub(crate) settings_after: String,
}

impl Session {
    /// Starts flowdeck on a terminal of `size` rows and columns, in the folder of the package, with nothing in
    /// its environment but what a terminal has, and `env`. Its home is empty: what people keep there is never
    /// read by a test, or written.
    pub(crate) fn start(args: &[&str], size: (u16, u16), env: &[(&str, &str)]) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_flowdeck"), args, size, env)
    }

    /// Starts flowdeck at the end of the shell command `before`, which begins its pipe, with `args`.
    pub(crate) fn start_piped(before: &str, args: &str, size: (u16, u16)) -> Self {
        let line = format!("{before} | '{}' {args}", env!("CARGO_BIN_EXE_flowdeck"));
        Self::start_program("/bin/sh", &["-c", &line], size, &[])
    }

    /// Runs a shell script, which finds flowdeck in `$FLOWDECK`, on a terminal that has no alternate screen.
    pub(crate) fn start_on_one_screen(script: &str, size: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", script]);
        let env = [("FLOWDECK", env!("CARGO_BIN_EXE_flowdeck"))];
        Self::spawn(command, size, &env, Some(OneScreen::default()))
    }

    fn start_program(program: &str, args: &[&str], size: (u16, u16), env: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        Self::spawn(command, size, env, None)
    }

    fn spawn(
        mut command: CommandBuilder,
        size: (u16, u16),
        env: &[(&str, &str)],
        one_screen: Option<OneScreen>,
    ) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let settings = settings(&*pair.master);
        let home = tempfile::tempdir().unwrap();
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        command.env_clear();
        let usual = [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("HOME", home.path().to_str().unwrap()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ];
        for (name, value) in usual.iter().chain(env) {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let (rows, cols) = cells(size);
        let terminal = Arc::new(Mutex::new(Terminal {
            screen: vt100::Parser::new(rows, cols, 0),
            one_screen,
            output: Vec::new(),
        }));
        let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let output = pair.master.try_clone_reader().unwrap();
        let (into, answers) = (Arc::clone(&terminal), Arc::clone(&keys));
        let is_stalled = Arc::new(AtomicBool::new(false));
        let output = Stallable {
            output,
            is_stalled: Arc::clone(&is_stalled),
        };
        Self {
            child,
            reader: Some(thread::spawn(move || read(output, &into, &answers))),
            is_stalled,
            master: pair.master,
            slave: Some(pair.slave),
            keys,
            terminal,
            settings,
            patience: PATIENCE,
            _home: home,
        }
    }

    /// Types.
    pub(crate) fn send(&self, keys: &str) {
        let mut out = self.keys.lock().unwrap();
        out.write_all(keys.as_bytes()).unwrap();
        out.flush().unwrap();
    }

    /// What stands on the screen.
    pub(crate) fn text(&self) -> String {
        self.look(vt100::Screen::contents)
    }

    /// Looks at the screen: at its cells with their styles, at the cursor, at the modes that are on.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(self.terminal.lock().unwrap().screen.screen())
    }

    /// Every byte that the program has written so far.
    pub(crate) fn output(&self) -> Vec<u8> {
        self.terminal.lock().unwrap().output.clone()
    }

    /// Waits until `text` stands on the screen.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?}"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Waits until `text` stands on the screen no more.
    #[track_caller]
    pub(crate) fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("an end of {text:?}"), |screen| {
            !screen.contents().contains(text)
        });
    }

    /// Waits until the screen is as `holds` says; `what` names that when it does not come.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let begin = Instant::now();
        while !self.look(&holds) {
            assert!(
                begin.elapsed() < self.patience,
                "no {what} on the screen:\n{}",
                self.framed()
            );
            thread::sleep(POLL);
        }
    }

    /// Gives the terminal another size, of rows and columns, which the program is told by a signal.
    pub(crate) fn resize(&self, size: (u16, u16)) {
        let (rows, cols) = cells(size);
        // What the program writes for the new size must find a screen of that size.
        let mut terminal = self.terminal.lock().unwrap();
        terminal.screen.screen_mut().set_size(rows, cols);
        self.master.resize(pty_size(size)).unwrap();
    }

    /// Lets the program write no more than what the terminal holds, until it ends.
    pub(crate) fn stall(&self) {
        self.is_stalled.store(true, Ordering::SeqCst);
    }

    /// Sends a signal by its name: `TERM`, `HUP`, `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.process_id().expect("the program runs");
        // The shell's own `kill` is on every Unix; a crate for it would be a dependency for one line.
        let status = Command::new("sh")
            .args(["-c", &format!("kill -{name} {process}")])
            .status();
        assert!(status.unwrap().success(), "kill -{name} {process}");
    }

    /// Waits until the program has ended, and tells what it left behind.
    #[track_caller]
    pub(crate) fn wait_exit(mut self) -> Ended {
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                begin.elapsed() < self.patience,
                "no end of the program:\n{}",
                self.framed()
            );
            thread::sleep(POLL);
        };
        self.is_stalled.store(false, Ordering::SeqCst);
        let settings_after = settings(&*self.master);
        // Nobody holds the terminal any more, so the reader comes to the end of what was written.
        drop(self.slave.take());
        self.reader.take().expect("read until now").join().unwrap();
        let terminal = self.terminal.lock().unwrap();
        let screen = terminal.screen.screen();
        Ended {
            code: status.exit_code(),
            signal: status.signal().map(str::to_owned),
            output: terminal.output.clone(),
            text: screen.contents(),
            alternate_screen: screen.alternate_screen(),
            cursor_hidden: screen.hide_cursor(),
            bracketed_paste: screen.bracketed_paste(),
            mouse: screen.mouse_protocol_mode(),
            settings_before: self.settings.clone(),
            settings_after,
        }
    }

    /// The screen with a frame around it, so that blanks and the end of lines can be seen.
    fn framed(&self) -> String {
        self.look(|screen| {
            let cols = screen.size().1.get();
            let edge = format!("+{}+", "-".repeat(cols.into()));
            let rows = screen.rows(0, cols);
            let lines: Vec<String> = rows
                .map(|row| format!("|{row:<width$}|", width = usize::from(cols)))
                .collect();
            format!("{edge}\n{}\n{edge}", lines.join("\n"))
        })
    }
}

impl Terminal {
    /// Takes in what the program wrote.
    fn take(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
        match &mut self.one_screen {
            Some(one_screen) => self.screen.process(&one_screen.without_switches(bytes)),
            None => self.screen.process(bytes),
        }
    }
}

impl OneScreen {
    /// What has come so far and was not given yet, without switches; the beginning of one waits for the rest.
    fn without_switches(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut rest = self.held.as_slice();
        let mut kept = Vec::with_capacity(rest.len());
        while let Some((first, after)) = rest.split_first() {
            if let Some(switch) = SWITCHES.iter().find(|switch| rest.starts_with(switch)) {
                rest = &rest[switch.len()..];
            } else if SWITCHES.iter().any(|switch| switch.starts_with(rest)) {
                break;
            } else {
                kept.push(*first);
                rest = after;
            }
        }
        self.held = rest.to_vec();
        kept
    }
}

impl Drop for Session {
    /// A test that failed leaves no program behind.
    fn drop(&mut self) {
        self.is_stalled.store(false, Ordering::SeqCst);
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Ended {
    /// Asserts that the terminal is as it was: the first screen, a cursor, and the settings of before.
    #[track_caller]
    pub(crate) fn assert_restored(&self) {
        assert!(
            !self.alternate_screen,
            "the alternate screen is still shown"
        );
        assert!(!self.cursor_hidden, "the cursor is still hidden");
        assert!(!self.bracketed_paste, "pasted text still comes in brackets");
        assert_eq!(self.mouse, vt100::MouseProtocolMode::None);
        assert_eq!(self.settings_after, self.settings_before);
    }
}

/// The output of a program, which can be left unread.
struct Stallable {
    output: Box<dyn Read + Send>,
    is_stalled: Arc<AtomicBool>,
}

impl Read for Stallable {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.is_stalled.load(Ordering::SeqCst) {
            thread::sleep(POLL);
        }
        self.output.read(buffer)
    }
}

fn read(mut output: impl Read, into: &Mutex<Terminal>, keys: &Mutex<Box<dyn Write + Send>>) {
    let mut buffer = [0; 1 << 14];
    let mut searched = 0;
    while let Ok(count @ 1..) = output.read(&mut buffer) {
        let mut terminal = into.lock().unwrap();
        terminal.take(&buffer[..count]);
        let new = &terminal.output[searched..];
        let asked = new
            .windows(WHERE_IS_THE_CURSOR.len())
            .filter(|bytes| *bytes == WHERE_IS_THE_CURSOR)
            .count();
        let (row, col) = terminal.screen.screen().cursor_position();
        let length = terminal.output.len();
        drop(terminal);
        // A question may be cut in two by the buffer, but must not be answered twice.
        searched = if asked > 0 {
            length
        } else {
            searched.max((length + 1).saturating_sub(WHERE_IS_THE_CURSOR.len()))
        };
        for _ in 0..asked {
            let answer = format!("\x1b[{};{}R", row + 1, col + 1);
            // The program may be gone by now.
            let _ = keys.lock().unwrap().write_all(answer.as_bytes());
        }
    }
}

/// The settings of the terminal, to be compared and not to be read.
fn settings(master: &dyn MasterPty) -> String {
    let settings = master
        .get_termios()
        .expect("a terminal of Unix has settings");
    format!("{settings:?}")
}

fn pty_size((rows, cols): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells((rows, cols): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let cells = |count| NonZeroU16::new(count).expect("a screen has a row and a column");
    (cells(rows), cells(cols))
}

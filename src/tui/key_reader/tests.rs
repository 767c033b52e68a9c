use super::*;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What is read from events and pauses (`None`), which are longer than keys are apart in one sequence.
fn read(events: &[Option<Event>]) -> Vec<String> {
    let mut events: VecDeque<Option<Event>> = events.iter().cloned().collect();
    let mut reader = KeyReader::new(|wait: Option<Duration>| match (events.pop_front(), wait) {
        (Some(None), None) => Ok(events.pop_front().flatten()),
        (event, _) => Ok(event.flatten()),
    });
    let mut names = Vec::new();
    loop {
        match reader.next().unwrap() {
            Input::Key(key) => names.push(key.to_string()),
            Input::Other(Event::FocusLost) => return names,
            Input::Other(event) => names.push(format!("{event:?}")),
        }
    }
}

fn key(code: KeyCode) -> Event {
    Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn ch(c: char) -> Event {
    key(KeyCode::Char(c))
}

const ESC: KeyCode = KeyCode::Esc;
/// Ends what is read.
const END: Option<Event> = Some(Event::FocusLost);

#[test]
fn escape_and_a_key_at_once_are_alt_and_the_key() {
    assert_eq!(read(&[Some(key(ESC)), Some(ch('b')), END]), ["Alt-b"]);
    assert_eq!(
        read(&[Some(key(ESC)), Some(key(KeyCode::Backspace)), END]),
        ["Alt-Backspace"]
    );
    assert_eq!(
        read(&[Some(key(ESC)), None, Some(ch('b')), END]),
        ["Esc", "b"]
    );
}

#[test]
fn an_arrow_with_alt_may_come_in_pieces() {
    assert_eq!(
        read(&[Some(key(ESC)), Some(ch('[')), Some(ch('D')), END]),
        ["Alt-←"]
    );
    assert_eq!(
        read(&[Some(key(ESC)), Some(ch('[')), None, Some(ch('D')), END]),
        ["Alt-[", "D"]
    );
    assert_eq!(
        read(&[Some(key(ESC)), Some(ch('[')), Some(ch('x')), END]),
        ["Alt-[", "x"]
    );
}

#[test]
fn what_does_not_belong_to_escape_follows_it() {
    assert_eq!(read(&[Some(key(ESC)), Some(key(ESC)), END]), ["Esc", "Esc"]);
    let paste = Some(Event::Paste("x".into()));
    assert_eq!(read(&[Some(key(ESC)), paste, END]), ["Esc", "Paste(\"x\")"]);
    let control = Some(Event::Key(KeyEvent::new(
        KeyCode::Char('c'),
        KeyModifiers::CONTROL,
    )));
    assert_eq!(read(&[Some(key(ESC)), control, END]), ["Esc", "Ctrl-C"]);
}

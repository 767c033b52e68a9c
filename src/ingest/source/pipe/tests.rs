use std::io::Write;

use super::*;

#[test]
fn a_pipe_says_when_it_has_nothing_now_and_goes_on_when_it_has() {
    let (end, mut begin) = io::pipe().unwrap();
    let mut pipe = Pipe::new(end).unwrap();
    let mut bytes = [0; 8];
    let error = pipe.read(&mut bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    begin.write_all(b"one").unwrap();
    let count = loop {
        match pipe.read(&mut bytes) {
            Ok(count) => break count,
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    };
    assert_eq!(&bytes[..count], b"one");
    for _ in 0..2 {
        let error = pipe.read(&mut bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock, "and nothing twice");
    }
    drop(begin);
    let count = loop {
        match pipe.read(&mut bytes) {
            Ok(count) => break count,
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    };
    assert_eq!(count, 0);
    assert_eq!(pipe.read(&mut bytes).unwrap(), 0, "and so it stays");
}

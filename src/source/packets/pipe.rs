//! What comes through a pipe: read on a thread of its own, so that a recording can be ended while nothing comes.

use std::io::{Cursor, ErrorKind, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::cancel::Cancel;

/// So long the recording program has, once it was told to stop, to write its last packets into the pipe.
const LAST_PACKETS_WITHIN: Duration = Duration::from_secs(2);
const LOOKS_EVERY: Duration = Duration::from_millis(100);
const CHUNK_BYTES: usize = 1 << 16;
/// Chunks that were read, and not yet taken.
const AHEAD: usize = 16;

/// Reads a stream to its end, or until soon after it is told that it is over.
pub(super) struct Pipe {
    chunks: Receiver<std::io::Result<Vec<u8>>>,
    chunk: Cursor<Vec<u8>>,
    is_over: Cancel,
    ends_at: Option<Instant>,
}

impl Pipe {
    pub(super) fn new(stream: impl Read + Send + 'static, is_over: &Cancel) -> std::io::Result<Self> {
        let (sender, chunks) = sync_channel(AHEAD);
        // Nobody waits for it: a read from a silent pipe cannot be ended, and ends with the process.
        std::thread::Builder::new()
            .name("pipe".to_owned())
            .spawn(move || hand_over(stream, &sender))?;
        Ok(Self {
            chunks,
            chunk: Cursor::default(),
            is_over: is_over.clone(),
            ends_at: None,
        })
    }
}

fn hand_over(mut stream: impl Read, sender: &SyncSender<std::io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = match stream.read(&mut chunk) {
            Ok(0) => return,
            Ok(got) => {
                chunk.truncate(got);
                Ok(chunk)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_last = read.is_err();
        if sender.send(read).is_err() || is_last {
            return;
        }
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let got = self.chunk.read(buffer)?;
            if got > 0 || buffer.is_empty() {
                return Ok(got);
            }
            if self.is_over.is_cancelled() {
                let now = Instant::now();
                if now >= *self.ends_at.get_or_insert(now + LAST_PACKETS_WITHIN) {
                    return Ok(0);
                }
            }
            match self.chunks.recv_timeout(LOOKS_EVERY) {
                Ok(chunk) => self.chunk = Cursor::new(chunk?),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goes on for ever, a byte at a time.
    struct Endless;

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            std::thread::sleep(Duration::from_millis(20));
            buffer.fill(0);
            Ok(1.min(buffer.len()))
        }
    }

    /// Says nothing, and does not end.
    struct Silent(Receiver<()>);

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Ok(self.0.recv().map_or(0, |()| 0))
        }
    }

    fn all(stream: impl Read + Send + 'static, is_over: &Cancel) -> Vec<u8> {
        let mut bytes = Vec::new();
        Pipe::new(stream, is_over)
            .expect("a thread")
            .read_to_end(&mut bytes)
            .expect("read");
        bytes
    }

    /// Is interrupted, says something, breaks, and would go on.
    struct Breaks(u8);

    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => Err(ErrorKind::Interrupted.into()),
                3 => Err(ErrorKind::BrokenPipe.into()),
                _ => {
                    buffer[0] = self.0;
                    Ok(1)
                }
            }
        }
    }

    #[test]
    fn an_interruption_is_passed_over_and_an_error_is_the_last_of_it() {
        let mut pipe = Pipe::new(Breaks(0), &Cancel::default()).expect("a thread");
        assert_eq!(pipe.read(&mut []).ok(), Some(0), "nothing was asked for");
        let mut buffer = [0; 4];
        assert_eq!((pipe.read(&mut buffer).ok(), buffer[0]), (Some(1), 2));
        let error = pipe.read(&mut buffer).expect_err("it breaks");
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert_eq!(pipe.read(&mut buffer).ok(), Some(0));
    }

    #[test]
    fn a_pipe_is_read_to_its_end_or_until_it_is_over() {
        let is_over = Cancel::default();
        let long: Vec<u8> = (0..300_000u32).map(|number| number as u8).collect();
        assert_eq!(all(Cursor::new(long.clone()), &is_over), long);
        is_over.cancel();
        assert!(all(Endless, &is_over).iter().all(|byte| *byte == 0));
        let (_open, silence) = sync_channel(0);
        assert!(all(Silent(silence), &is_over).is_empty());
    }
}

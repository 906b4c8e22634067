//! Programs run with a limit: killed whatever happens, what they printed kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// No single run may take longer.
const LIMIT: Duration = Duration::from_secs(12);

/// What a program printed, both streams together.
pub fn run(command: &mut Command, input: &[u8]) -> String {
    let mut started = Started::new(command, "");
    if let Some(mut stdin) = started.child.stdin.take() {
        let _ = stdin.write_all(input);
        let _ = stdin.flush();
        // s_client ends when its input does: it is kept open until the other side has spoken.
        started.stdin = Some(stdin);
    }
    started.finish()
}

/// As [`run`], with the input closed at once.
pub fn run_closed(command: &mut Command) -> String {
    let mut started = Started::new(command, "");
    drop(started.child.stdin.take());
    started.finish()
}

/// A program that runs: a server, until it is told to end.
pub struct Started {
    child: Child,
    stdin: Option<std::process::ChildStdin>,
    lines: mpsc::Receiver<String>,
    said: String,
}

impl Started {
    /// Starts a program and waits until a line of it contains `ready`; empty: not at all.
    pub fn new(command: &mut Command, ready: &str) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (sender, lines) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        for stream in streams.into_iter().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                let mut line = Vec::new();
                while matches!(reader.read_until(b'\n', &mut line), Ok(count) if count > 0) {
                    let text = String::from_utf8_lossy(&line).into_owned();
                    if sender.send(text).is_err() {
                        break;
                    }
                    line.clear();
                }
            });
        }
        let mut started = Self {
            child,
            stdin: None,
            lines,
            said: String::new(),
        };
        let began = Instant::now();
        while !ready.is_empty() && !started.said.contains(ready) {
            match started.lines.recv_timeout(Duration::from_millis(50)) {
                Ok(line) => started.said.push_str(&line),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            assert!(
                began.elapsed() < LIMIT,
                "{command:?} never said {ready}: {}",
                started.said
            );
        }
        started
    }

    /// Waits until it ends by itself, or ends it; what it printed.
    pub fn finish(mut self) -> String {
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < LIMIT {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.end()
    }

    /// Gives it a moment to say its last words, and ends it.
    pub fn stop(mut self, moment: Duration) -> String {
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < moment {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.end()
    }

    fn end(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The pipes are closed: what is left in them comes at once.
        while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(300)) {
            self.said.push_str(&line);
        }
        std::mem::take(&mut self.said)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The version that a program says it has: the first word of its answer that begins with a digit.
pub fn version(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    text.split(|c: char| c.is_whitespace() || "/\"".contains(c))
        .map(|word| word.trim_start_matches(['v', 'g', 'o']))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
        .map(|word| word.trim_end_matches([',', '.']).to_owned())
}

/// Where the sources of the small programs lie.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stacks")
}

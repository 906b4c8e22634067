//! A child process: no shell, no environment but what is needed, ended with all that it started, whatever happens.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::net::Limit;

/// So much of each of its two streams is kept; the rest is read and thrown away.
pub(super) const MOST_OUTPUT_BYTES: usize = 64 * 1024;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// How long its streams may stay open once it was ended: one that it started and that left its group may hold them.
const READERS_END: Duration = Duration::from_millis(500);

/// What to start.
#[derive(Clone, Debug, Default)]
pub(super) struct Task {
    pub program: PathBuf,
    /// Each is handed over as it is: no shell reads it.
    pub arguments: Vec<String>,
    /// Beside [the fixed ones](environment).
    pub environment: Vec<(&'static str, OsString)>,
    /// Written to its standard input, which then stays open until it is ended.
    pub stdin: &'static str,
}

impl Task {
    /// Program and arguments, for people. Of the program only its file's name.
    pub fn command(&self) -> Vec<String> {
        let program = self.program.file_name().map_or_else(
            || self.program.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        std::iter::once(program)
            .chain(self.arguments.iter().cloned())
            .collect()
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, with this status.
    Exited(i32),
    /// A signal ended it that was not ours.
    Signalled(i32),
    /// We ended it.
    Ours,
}

/// What it left behind.
#[derive(Clone, Debug)]
pub(super) struct Finished {
    pub end: End,
    /// Both streams, standard output first; bounded, not escaped.
    pub output: String,
}

impl Finished {
    pub fn exit_status(&self) -> Option<i32> {
        match self.end {
            End::Exited(status) => Some(status),
            End::Signalled(_) | End::Ours => None,
        }
    }
}

/// A child. It and its whole process group are ended when this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    /// Standard output and standard error, apart: how they interleave is chance.
    texts: [Arc<Mutex<Vec<u8>>>; 2],
    readers: Receiver<()>,
    /// Its number may be another's by now.
    is_reaped: bool,
}

/// The environment of every child, besides `PATH`: nothing of the user's, so that no setting of theirs (`SSL_CERT_FILE`,
/// `OPENSSL_CONF`, `NODE_OPTIONS`) decides, and none of their secrets is handed on.
fn environment(home: &Path) -> Vec<(&'static str, OsString)> {
    let mut all = vec![
        ("HOME", home.as_os_str().to_owned()),
        ("TMPDIR", home.as_os_str().to_owned()),
        ("LC_ALL", "C.UTF-8".into()),
        ("TZ", "UTC".into()),
    ];
    // Windows loads its own libraries by these.
    for name in ["PATH", "SystemRoot", "PATHEXT"] {
        all.extend(std::env::var_os(name).map(|value| (name, value)));
    }
    all
}

impl Running {
    /// Starts it in `directory`, which also is its home.
    pub fn start(task: &Task, directory: &Path) -> std::io::Result<Self> {
        let mut command = Command::new(&task.program);
        command
            .args(&task.arguments)
            .current_dir(directory)
            .env_clear()
            .envs(environment(directory))
            .envs(task.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = spawned(&mut command)?;
        let stdin = child.stdin.take();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        let texts = [(); 2].map(|()| Arc::default());
        let (done, readers) = channel();
        let mut running = Self {
            child,
            stdin,
            texts,
            readers,
            is_reaped: false,
        };
        for (stream, text) in streams.into_iter().zip(&running.texts) {
            // The channel closes when both readers are done.
            let (text, done) = (Arc::clone(text), done.clone());
            std::thread::Builder::new()
                .name("output".to_owned())
                .spawn(move || {
                    if let Some(stream) = stream {
                        collect(stream, &text);
                    }
                    drop(done);
                })?;
        }
        if let (Some(input), false) = (&mut running.stdin, task.stdin.is_empty()) {
            // A pipe holds this much without a reader; one that has gone already says so by its end.
            let _ = input
                .write_all(task.stdin.as_bytes())
                .and_then(|()| input.flush());
        }
        Ok(running)
    }

    /// What it has written so far, standard output first.
    pub fn output(&self) -> String {
        let [out, errors] = &self.texts;
        let text = |text: &Mutex<Vec<u8>>| {
            String::from_utf8_lossy(&text.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
        };
        let (out, errors) = (text(out), text(errors));
        let gap = if out.is_empty() || out.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        format!("{out}{gap}{errors}")
    }

    /// Whether it has ended by itself. It is not reaped: its number stays its own until [`finish`](Self::finish).
    pub fn has_ended(&mut self) -> bool {
        has_ended(&mut self.child)
    }

    /// Waits until it has ended, or `enough` holds of what it wrote. False where the limit was over first.
    pub fn wait_for(&mut self, limit: &Limit, enough: impl Fn(&str) -> bool) -> bool {
        loop {
            // In this order: what it wrote before it ended is there.
            let has_ended = self.has_ended();
            if has_ended || enough(&self.output()) {
                return true;
            }
            if limit.left().is_err() {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Closes its standard input, for programs that go when nobody speaks to them any more.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Ends it, with all that it started, where it has not ended; and gives what it left.
    pub fn finish(mut self) -> Finished {
        let had_ended = self.has_ended();
        let status = self.end_all();
        // Its streams close with it, or soon.
        let _ = self.readers.recv_timeout(READERS_END);
        let end = match status {
            Some(status) if had_ended => match status.code() {
                Some(code) => End::Exited(code),
                None => End::Signalled(signal_of(status)),
            },
            Some(_) | None => End::Ours,
        };
        Finished {
            end,
            output: self.output(),
        }
    }

    /// Ends the group first and reaps the child then: until it is reaped, the group's number is nobody else's.
    fn end_all(&mut self) -> Option<ExitStatus> {
        self.stdin = None;
        if std::mem::replace(&mut self.is_reaped, true) {
            return None;
        }
        end_group(&mut self.child);
        self.child.wait().ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_all();
    }
}

/// A file that was written a moment ago may still be open in another child that is just starting.
fn spawned(command: &mut Command) -> std::io::Result<Child> {
    for _ in 0..100 {
        match command.spawn() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
    command.spawn()
}

fn collect(mut stream: impl Read, text: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        let mut text = text.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST_OUTPUT_BYTES.saturating_sub(text.len()).min(count);
        text.extend_from_slice(buffer.get(..room).unwrap_or_default());
    }
}

#[cfg(unix)]
fn has_ended(child: &mut Child) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // One that is nobody's child any more has been reaped: it has ended.
    waitid(WaitId::Pid(Pid::from_child(child)), options).map_or(true, |status| status.is_some())
}

#[cfg(not(unix))]
fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

#[cfg(unix)]
fn end_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // Its group has its number. It may be gone already.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

#[cfg(not(unix))]
fn end_group(child: &mut Child) {
    let _ = child.kill();
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> i32 {
    std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or_default()
}

#[cfg(not(unix))]
fn signal_of(_status: ExitStatus) -> i32 {
    0
}

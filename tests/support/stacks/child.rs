//! Children that end whatever happens, and what they print.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The longest that anything may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// So long after its last words a child has said all.
const STILL: Duration = Duration::from_millis(500);

/// A child with its output collected as it comes; killed when dropped.
pub struct Ended {
    child: Child,
    /// stdout and stderr, apart: how they interleave is chance.
    texts: [Arc<Mutex<String>>; 2],
    readers: Vec<JoinHandle<()>>,
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Starts it in `directory`, English, in UTC.
    pub fn start(directory: &Path, program: &str, arguments: &[String]) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(directory)
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let texts = [(); 2].map(|()| Arc::new(Mutex::new(String::new())));
        let streams: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("piped")),
            Box::new(child.stderr.take().expect("piped")),
        ];
        let readers = streams
            .into_iter()
            .zip(&texts)
            .map(|(mut stream, text)| {
                let out = Arc::clone(text);
                std::thread::spawn(move || {
                    let mut buffer = [0; 4096];
                    while let Ok(count @ 1..) = stream.read(&mut buffer) {
                        out.lock()
                            .expect("no panic")
                            .push_str(&String::from_utf8_lossy(&buffer[..count]));
                    }
                })
            })
            .collect();
        Self {
            child,
            texts,
            readers,
        }
    }

    /// What it has printed so far on stdout.
    pub fn out(&self) -> String {
        self.texts[0].lock().expect("no panic").clone()
    }

    /// What it has printed so far: stdout, then stderr.
    pub fn so_far(&self) -> String {
        self.out() + "\n" + &self.texts[1].lock().expect("no panic")
    }

    /// Writes to its stdin; it may have gone already.
    pub fn tell(&mut self, text: &str) {
        if let Some(input) = &mut self.child.stdin {
            let _ = input.write_all(text.as_bytes());
            let _ = input.flush();
        }
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("waited").is_some()
    }

    /// Waits until it has ended or `enough` holds of what it printed. False when time ran out.
    pub fn wait_for(&mut self, patience: Duration, enough: impl Fn(&str) -> bool) -> bool {
        let began = Instant::now();
        loop {
            let ended = self.has_ended();
            if ended || enough(&self.so_far()) {
                return true;
            }
            if began.elapsed() > patience {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until it has ended or prints no more: for half a second there was nothing new.
    pub fn wait_until_still(&mut self) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let before = self.so_far().len();
            let is_more = |text: &str| text.len() > before;
            if !self.wait_for(STILL, is_more) || self.has_ended() {
                return;
            }
        }
    }

    /// Ends it and gives all that it printed.
    pub fn finish(mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        self.so_far()
    }
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    listener.local_addr().expect("an address").port()
}

/// Whether somebody listens on a loopback port, seen without dialling: a dial would stand in the server's log.
pub fn is_listening(port: u16) -> bool {
    let suffix = format!(":{port:04X}");
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().any(|file| {
        std::fs::read_to_string(file)
            .unwrap_or_default()
            .lines()
            .any(|line| {
                let mut fields = line.split_whitespace().skip(1);
                fields.next().is_some_and(|local| local.ends_with(&suffix)) && fields.nth(1) == Some("0A")
            })
    })
}

//! A small HTTP server on loopback that answers as a test wants, and counts what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What is at a path.
#[derive(Clone)]
pub enum At {
    /// These bytes.
    Body(Vec<u8>),
    /// This status and nothing more.
    Status(u16),
    /// Another address.
    Redirect(String),
    /// Nothing, for as long as the asker waits.
    Silence,
    /// A body that begins and never ends: a byte now and then.
    Drip,
}

/// A server; it lasts as long as the process.
pub struct Server {
    address: SocketAddr,
    paths: Arc<Mutex<Vec<(String, At)>>>,
    asked: Arc<Asked>,
}

/// What was asked for, and a bell for whoever waits for more.
#[derive(Default)]
struct Asked {
    paths: Mutex<Vec<String>>,
    bell: Condvar,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            paths: Arc::default(),
            asked: Arc::default(),
        };
        let (paths, asked) = (Arc::clone(&server.paths), Arc::clone(&server.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (paths, asked) = (Arc::clone(&paths), Arc::clone(&asked));
                std::thread::spawn(move || {
                    // Whoever goes away early is what some tests are about.
                    let _ = answer(stream, &paths, &asked);
                });
            }
        });
        server
    }

    /// Where a path is.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts something at a path.
    pub fn put(&self, path: &str, at: At) {
        let mut paths = self.paths.lock().expect("no test panicked");
        paths.retain(|(known, _)| known != path);
        paths.push((path.to_owned(), at));
    }

    /// The paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.paths.lock().expect("no test panicked").clone()
    }

    /// Returns once so many paths were asked for.
    pub fn wait_for(&self, count: usize) {
        let paths = self.asked.paths.lock().expect("no test panicked");
        let (guard, late) = self
            .asked
            .bell
            .wait_timeout_while(paths, Duration::from_mins(1), |paths| paths.len() < count)
            .expect("no test panicked");
        drop(guard);
        assert!(!late.timed_out(), "nobody asks");
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Where it is a proxy.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn answer(mut stream: TcpStream, paths: &Mutex<Vec<(String, At)>>, asked: &Asked) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut head = || -> std::io::Result<String> {
        let first = lines.next().transpose()?.unwrap_or_default();
        for line in lines.by_ref() {
            if line?.is_empty() {
                break;
            }
        }
        Ok(first)
    };
    let mut first = head()?;
    if first.starts_with("CONNECT ") {
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
        first = head()?;
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.paths.lock().expect("no test panicked").push(path.clone());
    asked.bell.notify_all();
    let at = paths
        .lock()
        .expect("no test panicked")
        .iter()
        .find(|(known, _)| *known == path)
        .map(|(_, at)| at.clone());
    let head =
        |status: u16, more: &str| format!("HTTP/1.1 {status} As-Asked\r\nConnection: close\r\n{more}\r\n");
    match at {
        Some(At::Body(bytes)) => {
            stream.write_all(head(200, &format!("Content-Length: {}\r\n", bytes.len())).as_bytes())?;
            stream.write_all(&bytes)
        }
        Some(At::Status(status)) => stream.write_all(head(status, "Content-Length: 0\r\n").as_bytes()),
        Some(At::Redirect(to)) => {
            stream.write_all(head(302, &format!("Content-Length: 0\r\nLocation: {to}\r\n")).as_bytes())
        }
        Some(At::Silence) => {
            // Until the asker goes.
            stream.read(&mut [0]).map(drop)
        }
        Some(At::Drip) => {
            stream.write_all(head(200, "").as_bytes())?;
            loop {
                stream.write_all(&[0x30])?;
                stream.flush()?;
                // Until the asker goes, or it is time for the next.
                stream.set_read_timeout(Some(Duration::from_millis(20)))?;
                if stream.read(&mut [0]).is_ok() {
                    return Ok(());
                }
            }
        }
        None => stream.write_all(head(404, "Content-Length: 0\r\n").as_bytes()),
    }
}

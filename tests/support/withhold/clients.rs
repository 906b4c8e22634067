//! The real client programs, each made to connect once with a client certificate, and killed whatever happens.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::pki::Identity;

const REQUEST: &[u8] = b"GET / HTTP/1.0\r\n\r\n";
/// After this long, a client hangs.
const PATIENCE: Duration = Duration::from_secs(8);

/// One connection to make.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub port: u16,
    pub is_13: bool,
    pub identity: &'a Identity,
    pub root: &'a Path,
}

/// A process that does not outlive the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that makes connections; returns what it said of one, in a line.
pub trait Program: Send {
    fn connect(&mut self, attempt: &Attempt<'_>) -> String;
}

/// What a command prints first, or nothing where it is not there.
pub fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let both = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&both).into_owned();
    text.lines()
        .find(|line| !line.trim().is_empty())
        .map(|line| line.trim().to_owned())
}

/// A program that is started anew for each connection.
pub struct Once(pub fn(&Attempt<'_>) -> Command);

impl Program for Once {
    fn connect(&mut self, attempt: &Attempt<'_>) -> String {
        let mut command = (self.0)(attempt);
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut child = Killed(child);
        if let Some(mut input) = child.0.stdin.take() {
            let _ = input.write_all(REQUEST);
        }
        let words = [
            child.0.stdout.take().map(|pipe| drain(Box::new(pipe))),
            child.0.stderr.take().map(|pipe| drain(Box::new(pipe))),
        ];
        let began = Instant::now();
        while child.0.try_wait().is_ok_and(|status| status.is_none()) {
            if began.elapsed() > PATIENCE {
                return "hung, and was killed".to_owned();
            }
            std::thread::sleep(Duration::from_millis(4));
        }
        drop(child);
        let said: String = words
            .into_iter()
            .flatten()
            .filter_map(|text| text.recv_timeout(Duration::from_secs(1)).ok())
            .collect();
        let kept: Vec<&str> = said
            .lines()
            .map(str::trim)
            .filter(|line| ["rror", "lert", "ail"].iter().any(|word| line.contains(word)))
            .collect();
        kept.join(" | ")
    }
}

fn drain(mut pipe: Box<dyn std::io::Read + Send>) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = send.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receive
}

pub fn openssl(attempt: &Attempt<'_>) -> Command {
    let mut command = Command::new("openssl");
    command
        .args([
            "s_client",
            "-quiet",
            "-connect",
            &format!("127.0.0.1:{}", attempt.port),
            "-cert",
        ])
        .arg(&attempt.identity.leaf_file)
        .arg("-key")
        .arg(&attempt.identity.key_file)
        .arg("-CAfile")
        .arg(attempt.root);
    if attempt.identity.chain.len() > 1 {
        command.arg("-cert_chain").arg(&attempt.identity.above_file);
    }
    command
}

pub fn gnutls_cli(attempt: &Attempt<'_>) -> Command {
    let mut command = Command::new("gnutls-cli");
    command
        .args(["--port", &attempt.port.to_string(), "--sni-hostname", "localhost"])
        .args(["--verify-hostname", "localhost", "--x509cafile"])
        .arg(attempt.root)
        .arg("--x509certfile")
        .arg(&attempt.identity.chain_file)
        .arg("--x509keyfile")
        .arg(&attempt.identity.key_file)
        .arg("127.0.0.1");
    command
}

pub fn wget(attempt: &Attempt<'_>) -> Command {
    let mut command = Command::new("wget");
    command
        .args([
            "--no-config",
            "--no-hsts",
            "--no-proxy",
            "-O",
            "-",
            "--tries=1",
            "--timeout=4",
        ])
        .arg("--ca-certificate")
        .arg(attempt.root)
        .arg("--certificate")
        .arg(&attempt.identity.chain_file)
        .arg("--private-key")
        .arg(&attempt.identity.key_file)
        .arg(format!("https://127.0.0.1:{}/", attempt.port));
    command
}

pub fn curl(attempt: &Attempt<'_>) -> Command {
    let mut command = Command::new("curl");
    command
        .args(["-q", "-sS", "--noproxy", "*", "--max-time", "5", "--cacert"])
        .arg(attempt.root)
        .arg("--cert")
        .arg(&attempt.identity.chain_file)
        .arg("--key")
        .arg(&attempt.identity.key_file)
        .arg(format!("https://127.0.0.1:{}/", attempt.port));
    command
}

/// A program of ours that reads a line for each connection.
pub struct Driver {
    process: Killed,
    input: ChildStdin,
    output: Receiver<String>,
    more: &'static str,
}

impl Driver {
    /// `more` ends each line.
    pub fn start(mut command: Command, more: &'static str) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("its input");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let (send, output) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            process: Killed(child),
            input,
            output,
            more,
        }
    }
}

impl Program for Driver {
    fn connect(&mut self, attempt: &Attempt<'_>) -> String {
        let line = format!(
            "{} {} {} {} {} {}\n",
            attempt.port,
            if attempt.is_13 { "1.3" } else { "1.2" },
            attempt.identity.chain_file.display(),
            attempt.identity.key_file.display(),
            attempt.root.display(),
            self.more
        );
        if self.input.write_all(line.as_bytes()).is_err() {
            return "the program has ended".to_owned();
        }
        self.output.recv_timeout(2 * PATIENCE).unwrap_or_else(|_| {
            let _ = self.process.0.kill();
            "hung, and was killed".to_owned()
        })
    }
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/withhold_clients")
        .join(name)
}

/// Builds a client of ours below `directory`; no network.
pub fn go(directory: &Path) -> Command {
    let built = directory.join("go-client");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&built)
        .arg(source("client.go"))
        .envs([
            ("GO111MODULE", "off"),
            ("GOFLAGS", ""),
            ("GOPROXY", "off"),
            ("GOTOOLCHAIN", "local"),
        ])
        .env("GOCACHE", std::env::temp_dir().join("mtlscope-go-cache"))
        .output()
        .expect("go runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Command::new(built)
}

/// As [`go`].
pub fn java(directory: &Path) -> Command {
    if !directory.join("Client.class").exists() {
        let output = Command::new("javac")
            .arg("-d")
            .arg(directory)
            .arg(source("Client.java"))
            .output()
            .expect("javac runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let mut command = Command::new("java");
    command
        .args(["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"])
        .arg(directory)
        .arg("Client");
    command
}

pub fn node() -> Command {
    let mut command = Command::new("node");
    command.arg(source("client.js"));
    command
}

pub fn python() -> Command {
    let mut command = Command::new("python3");
    command.arg(source("client.py"));
    command
}

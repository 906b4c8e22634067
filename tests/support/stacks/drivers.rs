//! The small programs of `assets/opinions`, each started once and handed a job a line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::child::{Ended, PATIENCE};
use super::faults::Given;
use super::{Dialled, Stack};

/// What was compiled, once for all benches.
pub struct Tools {
    go: Option<PathBuf>,
    java: Option<PathBuf>,
    sources: PathBuf,
}

fn runs(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

impl Tools {
    /// Compiles the Go and the Java peer into `directory`; what is not installed is left out.
    pub fn build(directory: &Path) -> Self {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/opinions");
        let go = runs("go", "version").then(|| {
            let out = directory.join("peer-go");
            let built = Command::new("go")
                .args(["build", "-o"])
                .arg(&out)
                .arg("peer.go")
                .current_dir(&sources)
                .env("GOFLAGS", "")
                .env("GOPROXY", "off")
                .env("GO111MODULE", "off")
                .env("GOCACHE", directory.join("go-cache"))
                .status()
                .expect("go runs");
            assert!(built.success(), "the Go peer does not build");
            out
        });
        let java = (runs("javac", "-version") && runs("java", "-version")).then(|| {
            let built = Command::new("javac")
                .arg("-d")
                .arg(directory)
                .arg(sources.join("Peer.java"))
                .status()
                .expect("javac runs");
            assert!(built.success(), "the Java peer does not build");
            directory.to_owned()
        });
        Self { go, java, sources }
    }
}

/// A running peer.
pub struct Driver {
    child: Ended,
    read: usize,
}

/// Starts those that are there.
pub fn start(tools: &Tools, directory: &Path) -> BTreeMap<Stack, Driver> {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let mut drivers = BTreeMap::new();
    let mut add = |stack, program: &str, arguments: &[String]| {
        drivers.insert(stack, Driver::start(directory, program, arguments));
    };
    if let Some(go) = &tools.go {
        add(Stack::Go, &go.to_string_lossy(), &[]);
    }
    if let Some(classes) = &tools.java {
        let arguments = [
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-Dfile.encoding=UTF-8",
            "-cp",
        ]
        .map(str::to_owned);
        add(
            Stack::Java,
            "java",
            &[&arguments[..], &[text(classes.clone()), "Peer".to_owned()]].concat(),
        );
    }
    if runs("node", "--version") {
        add(Stack::Node, "node", &[text(tools.sources.join("peer.js"))]);
    }
    if runs("python3", "--version") {
        add(
            Stack::Python,
            "python3",
            &[
                "-u".to_owned(),
                "-B".to_owned(),
                text(tools.sources.join("peer.py")),
            ],
        );
    }
    drivers
}

impl Driver {
    fn start(directory: &Path, program: &str, arguments: &[String]) -> Self {
        let child = Ended::start(directory, program, arguments);
        let mut driver = Self { child, read: 0 };
        // It begins with its version.
        driver.said();
        driver
    }

    /// The next line that is an answer: its word and its text.
    pub fn said(&mut self) -> (String, String) {
        let began = Instant::now();
        loop {
            let text = self.child.out();
            while let Some(end) = text[self.read..].find('\n') {
                let line = &text[self.read..self.read + end];
                self.read += end + 1;
                let (word, rest) = line.split_once('\t').unwrap_or((line, ""));
                if matches!(word, "version" | "port" | "answered" | "refused" | "unusable") {
                    return (word.to_owned(), rest.to_owned());
                }
            }
            assert!(
                began.elapsed() < PATIENCE + Duration::from_secs(10) && !self.child.has_ended(),
                "a peer has gone: {text}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn job(&mut self, role: &str, directory: &Path, given: &Given, port: u16) {
        let file = |name: String| directory.join(name).to_string_lossy().into_owned();
        let mut parts = vec![
            format!("role={role}"),
            format!("port={port}"),
            format!("name={}", given.name),
            format!("trust={}", file(given.trust.to_owned())),
        ];
        if let Some(name) = given.identity {
            parts.push(format!("cert={}", file(format!("{name}.pem"))));
            parts.push(format!("key={}", file(format!("{name}.key"))));
        }
        for (key, value) in [("tls", given.tls), ("alpn", given.alpn)] {
            parts.extend(value.map(|value| format!("{key}={value}")));
        }
        parts.extend(given.crl.map(|name| format!("crl={}", file(name.to_owned()))));
        self.child.tell(&(parts.join("\t") + "\n"));
    }

    /// Waits for one client; the port, or what it said of its files.
    pub fn serve(&mut self, directory: &Path, given: &Given) -> Result<u16, String> {
        self.job("server", directory, given, 0);
        match self.said() {
            (word, port) if word == "port" => Ok(port.parse().expect("a port")),
            (_, words) => Err(words),
        }
    }

    pub fn dial(&mut self, directory: &Path, given: &Given, port: u16) -> Dialled {
        self.job("client", directory, given, port);
        let (word, words) = self.said();
        Dialled {
            words,
            answered: word == "answered",
            is_unusable: word == "unusable",
        }
    }
}

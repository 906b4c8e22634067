//! The programs: each as a server before one reference client, and as a client before one reference server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::faults::Fault;
use super::peers;
use super::process::{Started, run, run_closed, sources, version};
use super::words;

/// A program that can be asked.
pub struct Stack {
    pub name: &'static str,
    pub version: String,
}

/// How one run went: the words of both sides, and whether the connection was good in the end.
pub struct Heard {
    pub own: String,
    pub peer: String,
    pub is_accepted: bool,
}

/// Everything that a run needs.
pub struct Bench {
    pub directory: PathBuf,
}

const MOMENT: Duration = Duration::from_millis(1500);

impl Bench {
    /// Builds the small programs.
    pub fn new(directory: &Path, stacks: &[Stack]) -> Self {
        let has = |name: &str| stacks.iter().any(|stack| stack.name == name);
        if has("Go") {
            for program in ["server", "client"] {
                let built = Command::new("go")
                    .args(["build", "-o"])
                    .arg(directory.join(format!("go-{program}")))
                    .arg(sources().join(format!("{program}.go")))
                    .env("GOCACHE", directory.join("go-cache"))
                    .env("GOFLAGS", "-mod=mod")
                    .env("GO111MODULE", "off")
                    .status()
                    .expect("go runs");
                assert!(built.success(), "go build {program}");
            }
        }
        if has("Java") {
            let built = Command::new("javac")
                .arg("-d")
                .arg(directory)
                .arg(sources().join("Peer.java"))
                .status()
                .expect("javac runs");
            assert!(built.success(), "javac");
        }
        Self {
            directory: directory.to_owned(),
        }
    }

    pub fn path(&self, name: &str) -> String {
        self.directory.join(name).to_string_lossy().into_owned()
    }

    pub fn chain(&self, name: &str) -> String {
        if name.is_empty() {
            "none".to_owned()
        } else {
            self.path(&format!("{name}-chain.pem"))
        }
    }

    pub fn key(&self, name: &str) -> String {
        if name.is_empty() {
            "none".to_owned()
        } else {
            self.path(&format!("{name}.key"))
        }
    }

    /// The small program of a stack, with the arguments that all of them share.
    pub fn small(&self, stack: &str, role: &str, port: u16, name: &str, own: &str, flags: &str) -> Command {
        let port = port.to_string();
        let (chain, key, ca) = (self.chain(own), self.key(own), self.path("root.pem"));
        let mut command;
        match stack {
            "Go" if role == "server" => {
                command = Command::new(self.directory.join("go-server"));
                command.args([&port, &chain, &key, &ca, flags]);
            }
            "Go" => {
                command = Command::new(self.directory.join("go-client"));
                command.args([&port, name, &chain, &key, &ca, flags]);
            }
            "Java" => {
                command = Command::new("java");
                command
                    .arg("-XX:TieredStopAtLevel=1")
                    .arg("-cp")
                    .arg(&self.directory);
                command.args(["Peer", role, &port, name, &chain, &key, &ca, flags]);
            }
            "Node" => {
                command = Command::new("node");
                command.arg(sources().join("peer.js"));
                command.args([role, &port, name, &chain, &key, &ca, flags]);
            }
            _ => {
                command = Command::new("/usr/bin/python3");
                command.arg(sources().join("peer.py"));
                command.args([role, &port, name, &chain, &key, &ca, flags]);
            }
        }
        command
    }

    /// A server of this stack before `openssl s_client` with the fault's certificate.
    pub fn as_server(&self, stack: &str, fault: &Fault) -> Heard {
        let port = peers::free_port();
        let own_server = if fault.judge == mtlscope::capture::Side::Server {
            "server"
        } else {
            fault.server
        };
        match stack {
            "nginx" => {
                let versions = if fault.flags == "only1.3" {
                    "TLSv1.3"
                } else {
                    "TLSv1.2 TLSv1.3"
                };
                let lines = format!(
                    "ssl_protocols {versions};\nssl_client_certificate root.pem;\nssl_verify_client on;\nssl_verify_depth 5;"
                );
                let _running = peers::nginx(&self.directory, port, &lines);
                let log = self.directory.join("error.log");
                let before = std::fs::read_to_string(&log).unwrap_or_default().len();
                let said = self.reference_client(port, fault);
                std::thread::sleep(Duration::from_millis(150));
                let text = std::fs::read_to_string(&log).unwrap_or_default();
                let own = words::nginx(text.get(before..).unwrap_or_default());
                let page = words::page(&said);
                let peer = if page.is_empty() {
                    words::openssl(&said)
                } else {
                    page
                };
                Heard {
                    is_accepted: said.contains("welcome"),
                    own,
                    peer,
                }
            }
            "Envoy" => {
                let context = format!(
                    "          require_client_certificate: true\n          common_tls_context:\n            tls_params: {{ tls_minimum_protocol_version: {} }}\n            validation_context:\n              trusted_ca: {{ filename: {} }}",
                    if fault.flags == "only1.3" {
                        "TLSv1_3"
                    } else {
                        "TLSv1_2"
                    },
                    self.path("root.pem")
                );
                let _running = peers::envoy_listener(&self.directory, port, &context);
                let log = self.directory.join("envoy.out");
                let before = std::fs::read_to_string(&log).unwrap_or_default().len();
                let said = self.reference_client(port, fault);
                Heard {
                    is_accepted: said.contains("welcome"),
                    own: Self::envoys_reason(&log, before, said.contains("welcome")),
                    peer: words::openssl(&said),
                }
            }
            _ => {
                let (mut command, ready) = self.server_command(stack, port, own_server, fault);
                let server = Started::new(&mut command, ready);
                let said = self.reference_client(port, fault);
                let text = server.stop(if matches!(stack, "OpenSSL" | "GnuTLS") {
                    Duration::from_millis(300)
                } else {
                    MOMENT
                });
                let own = match stack {
                    "OpenSSL" => words::openssl(&text),
                    "GnuTLS" => words::gnutls(&text),
                    _ => words::small(&text),
                };
                Heard {
                    is_accepted: said.contains("welcome") || said.contains("HTTP/1.0 200"),
                    own,
                    peer: words::openssl(&said),
                }
            }
        }
    }

    fn server_command(&self, stack: &str, port: u16, own: &str, fault: &Fault) -> (Command, &'static str) {
        let flags = if matches!(fault.flags, "h2" | "only1.3") {
            fault.flags
        } else {
            "-"
        };
        match stack {
            "OpenSSL" => {
                let mut command = Command::new("openssl");
                command.args([
                    "s_server",
                    "-accept",
                    &format!("127.0.0.1:{port}"),
                    "-cert",
                    &self.path(&format!("{own}.pem")),
                    "-key",
                    &self.key(own),
                    "-cert_chain",
                    &self.path("issuer.pem"),
                    "-CAfile",
                    &self.path("root.pem"),
                    "-Verify",
                    "5",
                    "-verify_return_error",
                    "-www",
                ]);
                match flags {
                    "h2" => command.args(["-alpn", "h2"]),
                    "only1.3" => command.arg("-tls1_3"),
                    _ => &mut command,
                };
                (command, "ACCEPT")
            }
            "GnuTLS" => {
                let mut command = Command::new("gnutls-serv");
                command.args([
                    "--http",
                    "--require-client-cert",
                    "--verify-client-cert",
                    "--port",
                    &port.to_string(),
                    "--x509certfile",
                    &self.chain(own),
                    "--x509keyfile",
                    &self.key(own),
                    "--x509cafile",
                    &self.path("root.pem"),
                ]);
                match flags {
                    "h2" => command.args(["--alpn", "h2", "--alpn-fatal"]),
                    "only1.3" => command.args(["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"]),
                    _ => &mut command,
                };
                (command, "port")
            }
            other => (self.small(other, "server", port, "-", own, flags), "LISTENING"),
        }
    }

    /// `openssl s_client`, which presents what the fault says and keeps reading.
    fn reference_client(&self, port: u16, fault: &Fault) -> String {
        let place = format!("127.0.0.1:{port}");
        if fault.flags == "http" {
            let mut command = Command::new("curl");
            command.args(["-s", "-m", "3", "-i", &format!("http://{place}/")]);
            return run_closed(&mut command);
        }
        let mut command = Command::new("openssl");
        command.current_dir(&self.directory);
        command.args([
            "s_client",
            "-connect",
            &place,
            "-CAfile",
            "root.pem",
            "-servername",
            "payments.shop.svc",
            "-quiet",
        ]);
        if !fault.client.is_empty() {
            command.args([
                "-cert",
                &format!("{}.pem", fault.client),
                "-key",
                &format!("{}.key", fault.client),
            ]);
            command.args(["-cert_chain", &format!("{}-chain.pem", fault.client)]);
        }
        match fault.flags {
            "only1.3" => command.arg("-tls1_2"),
            "cbc" => command.args(["-tls1_2", "-cipher", "AES128-SHA"]),
            "h2" => command.args(["-alpn", "nonsense"]),
            _ if matches!(fault.client, "weak" | "sha1") => command.args(["-cipher", "DEFAULT@SECLEVEL=0"]),
            _ => &mut command,
        };
        run(&mut command, b"GET / HTTP/1.0\r\n\r\n")
    }

    /// Envoy writes its access log once it has let go of the connection, which may take a second.
    pub fn envoys_reason(log: &Path, before: usize, is_accepted: bool) -> String {
        for _ in 0..30 {
            std::thread::sleep(Duration::from_millis(100));
            let text = std::fs::read_to_string(log).unwrap_or_default();
            let words = words::envoy(text.get(before..).unwrap_or_default());
            if !words.is_empty() || is_accepted {
                return words;
            }
        }
        String::new()
    }
}

/// The stacks that are here, with their versions; those that are not are named on standard error, and in CI that fails.
pub fn at_hand() -> Vec<Stack> {
    let envoy = peers::envoy();
    let mut found = Vec::new();
    let asked: [(&'static str, &str, &[&str]); 9] = [
        ("OpenSSL", "openssl", &["version"]),
        ("GnuTLS", "gnutls-cli", &["--version"]),
        ("curl", "curl", &["--version"]),
        ("Go", "go", &["version"]),
        ("Java", "java", &["-version"]),
        ("Node", "node", &["--version"]),
        ("Python", "/usr/bin/python3", &["--version"]),
        ("nginx", "nginx", &["-v"]),
        ("Envoy", &envoy, &["--version"]),
    ];
    for (name, program, arguments) in asked {
        if let Some(version) = version(program, arguments) {
            found.push(Stack { name, version });
            continue;
        }
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "CI must have {name} ({program})"
        );
        eprintln!("SKIPPED: {name} is not here ({program})");
    }
    found
}

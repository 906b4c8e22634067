//! The programs as clients, before one reference server.

use std::process::Command;
use std::time::Duration;

use super::faults::Fault;
use super::peers;
use super::process::{Started, run, run_closed};
use super::stacks::{Bench, Heard};
use super::words;

impl Bench {
    /// A client of this stack before `openssl s_server` with the fault's certificate.
    pub fn as_client(&self, stack: &str, fault: &Fault) -> Heard {
        let port = peers::free_port();
        let server = self.reference_server(port, fault);
        let (own, is_accepted) = self.dial(stack, port, fault);
        let said = server.stop(Duration::from_millis(200));
        Heard {
            own,
            peer: words::openssl(&said),
            is_accepted,
        }
    }

    fn reference_server(&self, port: u16, fault: &Fault) -> Started {
        if fault.flags == "http" {
            let mut command = Command::new("/usr/bin/python3");
            command.args(["-u", "-c", "import http.server,sys; s=http.server.HTTPServer(('127.0.0.1',int(sys.argv[1])),http.server.BaseHTTPRequestHandler); print('ACCEPT',flush=True); s.serve_forever()", &port.to_string()]);
            return Started::new(&mut command, "ACCEPT");
        }
        let mut command = Command::new("openssl");
        command.current_dir(&self.directory);
        command.args(["s_server", "-accept", &format!("127.0.0.1:{port}"), "-www"]);
        command.args([
            "-cert",
            &format!("{}.pem", fault.server),
            "-key",
            &format!("{}.key", fault.server),
        ]);
        command.args(["-cert_chain", &format!("{}-chain.pem", fault.server)]);
        match fault.flags {
            "tls1.2" => command.arg("-tls1_3"),
            "chacha" => command.args(["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"]),
            "h2" => command.args(["-alpn", "nonsense"]),
            _ if fault.server.ends_with("sha1") => command.args(["-cipher", "DEFAULT@SECLEVEL=0"]),
            _ => &mut command,
        };
        Started::new(&mut command, "ACCEPT")
    }

    fn dial(&self, stack: &str, port: u16, fault: &Fault) -> (String, bool) {
        let flags = if fault.flags.is_empty() { "-" } else { fault.flags };
        let place = format!("127.0.0.1:{port}");
        let is_address = fault.asked.starts_with("127");
        let (chain, key, root) = (self.chain("client"), self.key("client"), self.path("root.pem"));
        match stack {
            "OpenSSL" => {
                let mut command = Command::new("openssl");
                command.args([
                    "s_client",
                    "-connect",
                    &place,
                    "-CAfile",
                    &root,
                    "-verify_return_error",
                    "-quiet",
                    "-cert",
                    &chain,
                    "-key",
                    &key,
                ]);
                command.args(if is_address {
                    ["-verify_ip", fault.asked]
                } else {
                    ["-verify_hostname", fault.asked]
                });
                match flags {
                    "tls1.2" => command.arg("-tls1_2"),
                    "chacha" => command.args(["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"]),
                    "h2" => command.args(["-alpn", "h2"]),
                    _ => &mut command,
                };
                let said = run(&mut command, b"GET / HTTP/1.0\r\n\r\n");
                (words::openssl(&said), said.contains("HTTP/1.0 200"))
            }
            "GnuTLS" => {
                let mut command = Command::new("gnutls-cli");
                command.args([
                    "--x509cafile",
                    &root,
                    "--x509certfile",
                    &chain,
                    "--x509keyfile",
                    &key,
                    "-p",
                    &port.to_string(),
                    "--verify-hostname",
                    fault.asked,
                ]);
                if !is_address {
                    command.args(["--sni-hostname", fault.asked]);
                }
                match flags {
                    "tls1.2" => command.args(["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"]),
                    "chacha" => command.args([
                        "--priority",
                        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+CHACHA20-POLY1305",
                    ]),
                    "h2" => command.args(["--alpn", "h2"]),
                    _ => &mut command,
                };
                command.arg("127.0.0.1");
                let said = run(&mut command, b"GET / HTTP/1.0\r\n\r\n");
                (words::gnutls(&said), said.contains("HTTP/1.0 200"))
            }
            "curl" => {
                let mut command = Command::new("curl");
                command.args([
                    "-sS", "-m", "5", "--cacert", &root, "--cert", &chain, "--key", &key,
                ]);
                command.args(["--resolve", &format!("{}:{port}:127.0.0.1", fault.asked)]);
                match flags {
                    "tls1.2" => command.args(["--tls-max", "1.2"]),
                    "chacha" => {
                        command.args(["--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305"])
                    }
                    _ => &mut command,
                };
                command.arg(format!("https://{}:{port}/", fault.asked));
                let said = run_closed(&mut command);
                (words::curl(&said), !said.contains("curl: ("))
            }
            "nginx" => self.nginx_proxy(port, fault),
            "Envoy" => self.envoy_upstream(port, fault),
            other => {
                let said = run_closed(&mut self.small(other, "client", port, fault.asked, "client", flags));
                (words::small(&said), said.contains("ACCEPTED"))
            }
        }
    }

    /// nginx as a client of its upstream; curl asks it.
    fn nginx_proxy(&self, port: u16, fault: &Fault) -> (String, bool) {
        let own = peers::free_port();
        let more = match fault.flags {
            "tls1.2" => "proxy_ssl_protocols TLSv1.2;",
            "chacha" => "proxy_ssl_protocols TLSv1.2;\nproxy_ssl_ciphers ECDHE-ECDSA-CHACHA20-POLY1305;",
            _ => "proxy_ssl_protocols TLSv1.2 TLSv1.3;",
        };
        let lines = format!(
            "location /up {{\nproxy_pass https://127.0.0.1:{port}/;\nproxy_ssl_verify on;\nproxy_ssl_verify_depth 5;\n\
             proxy_ssl_trusted_certificate root.pem;\nproxy_ssl_name {};\nproxy_ssl_server_name on;\n\
             proxy_ssl_certificate client-chain.pem;\nproxy_ssl_certificate_key client.key;\n{more}\n}}\n",
            fault.asked
        );
        let _running = peers::nginx(&self.directory, own, &lines);
        let log = self.directory.join("error.log");
        let before = std::fs::read_to_string(&log).unwrap_or_default().len();
        let mut command = Command::new("curl");
        command.args([
            "-sk",
            "-m",
            "6",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            &format!("https://127.0.0.1:{own}/up"),
        ]);
        let said = run_closed(&mut command);
        std::thread::sleep(Duration::from_millis(150));
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        (
            words::nginx(text.get(before..).unwrap_or_default()),
            said.contains("200"),
        )
    }

    /// Envoy as a client of its upstream; curl asks it.
    fn envoy_upstream(&self, port: u16, fault: &Fault) -> (String, bool) {
        let own = peers::free_port();
        let _running = peers::envoy_upstream(&self.directory, own, port, fault.asked, fault.flags);
        let log = self.directory.join("envoy.out");
        let before = std::fs::read_to_string(&log).unwrap_or_default().len();
        let mut command = Command::new("curl");
        command.args([
            "-s",
            "-m",
            "6",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            &format!("http://127.0.0.1:{own}/"),
        ]);
        let said = run_closed(&mut command);
        (
            Self::envoys_reason(&log, before, said.contains("200")),
            said.contains("200"),
        )
    }
}

//! The real proxies, nginx and Envoy: one process for all cases, a socket for each, and the rustls client beside them.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::clients::{Attempt, Program};

/// A proxy in front of the servers: what connects to its socket for a port is led to that port, over TLS.
pub struct Proxy {
    process: Child,
    directory: PathBuf,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Program for Proxy {
    fn connect(&mut self, attempt: &Attempt<'_>) -> String {
        let socket = self.directory.join(format!("{}.sock", attempt.port));
        let began = Instant::now();
        let mut stream = loop {
            match UnixStream::connect(&socket) {
                Ok(stream) => break stream,
                // It is there, and not yet listened at.
                Err(_) if socket.exists() && began.elapsed() < Duration::from_secs(5) => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(_) => return "the proxy does not listen".to_owned(),
            }
        };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(8)));
        let _ = stream.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        String::from_utf8_lossy(&said)
            .lines()
            .next()
            .unwrap_or("closed")
            .to_owned()
    }
}

impl Proxy {
    /// Starts it and waits until its last socket is there; its words where it ends instead.
    fn start(mut command: Command, directory: &Path, last_port: u16) -> Result<Self, String> {
        let log = std::fs::File::create(directory.join("words.log")).expect("a log");
        let process = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut proxy = Self {
            process,
            directory: directory.to_path_buf(),
        };
        let began = Instant::now();
        // The sockets are made in order. To try one would already open a connection behind it, so that is left to the attempt.
        while !directory.join(format!("{last_port}.sock")).exists() {
            let is_over = !matches!(proxy.process.try_wait(), Ok(None));
            if is_over || began.elapsed() > Duration::from_secs(30) {
                return Err(std::fs::read_to_string(directory.join("words.log")).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(proxy)
    }

    fn start_nginx(directory: &Path, attempts: &[Attempt<'_>]) -> Result<Self, String> {
        let here = directory.display();
        let mut servers = String::new();
        for attempt in attempts {
            let _ = writeln!(
                servers,
                "server {{ listen unix:{here}/{port}.sock; location / {{ proxy_pass https://127.0.0.1:{port}; \
                 proxy_ssl_certificate {}; proxy_ssl_certificate_key {}; proxy_ssl_trusted_certificate {}; \
                 proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_server_name on; \
                 proxy_ssl_protocols TLSv1.2 TLSv1.3; proxy_read_timeout 5s; proxy_next_upstream off; }} }}",
                attempt.identity.chain_file.display(),
                attempt.identity.key_file.display(),
                attempt.root.display(),
                port = attempt.port,
            );
        }
        let user = "user root;\n";
        let configuration = format!(
            "daemon off; master_process off; pid {here}/nginx.pid; error_log {here}/words.log info;\n{}\
             events {{ worker_connections 512; }}\nhttp {{ access_log off; client_body_temp_path {here}/b; \
             proxy_temp_path {here}/p; fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
             {servers}}}\n",
            if is_root() { user } else { "" }
        );
        let file = directory.join("nginx.conf");
        std::fs::write(&file, configuration).expect("a configuration");
        let mut command = Command::new("nginx");
        command
            .arg("-c")
            .arg(file)
            .arg("-p")
            .arg(directory)
            .args(["-e", "stderr"]);
        Self::start(command, directory, attempts.last().map_or(0, |last| last.port))
    }

    pub fn envoy(binary: &str, directory: &Path, attempts: &[Attempt<'_>]) -> Self {
        Self::without_the_refused(attempts, |left| Self::start_envoy(binary, directory, left))
    }

    pub fn nginx(directory: &Path, attempts: &[Attempt<'_>]) -> Self {
        Self::without_the_refused(attempts, |left| Self::start_nginx(directory, left))
    }

    /// A proxy refuses its whole configuration for one certificate that it does not like: those are left out, one after the other,
    /// and have no socket to connect to.
    fn without_the_refused(
        attempts: &[Attempt<'_>],
        start: impl Fn(&[Attempt<'_>]) -> Result<Self, String>,
    ) -> Self {
        let mut left = attempts.to_vec();
        loop {
            let words = match start(&left) {
                Ok(proxy) => return proxy,
                Err(words) => words,
            };
            let before = left.len();
            left.retain(|attempt| !words.contains(&attempt.identity.chain_file.display().to_string()));
            assert!(left.len() < before, "the proxy does not start: {words}");
        }
    }

    fn start_envoy(binary: &str, directory: &Path, attempts: &[Attempt<'_>]) -> Result<Self, String> {
        let here = directory.display();
        let mut listeners = String::new();
        let mut clusters = String::new();
        for attempt in attempts {
            let port = attempt.port;
            let _ = write!(
                listeners,
                r#"  - name: l{port}
    address: {{ pipe: {{ path: "{here}/{port}.sock" }} }}
    filter_chains:
    - filters:
      - name: tcp
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: t
          cluster: c{port}
"#
            );
            let _ = write!(
                clusters,
                r#"  - name: c{port}
    type: STATIC
    connect_timeout: 4s
    load_assignment:
      cluster_name: c{port}
      endpoints:
      - lb_endpoints:
        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }} }}
    transport_socket:
      name: tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: localhost
        common_tls_context:
          tls_params: {{ tls_minimum_protocol_version: TLSv1_2, tls_maximum_protocol_version: TLSv1_3 }}
          tls_certificates:
          - certificate_chain: {{ filename: "{}" }}
            private_key: {{ filename: "{}" }}
          validation_context: {{ trusted_ca: {{ filename: "{}" }} }}
"#,
                attempt.identity.chain_file.display(),
                attempt.identity.key_file.display(),
                attempt.root.display(),
            );
        }
        let file = directory.join("envoy.yaml");
        std::fs::write(
            &file,
            format!("static_resources:\n  listeners:\n{listeners}  clusters:\n{clusters}"),
        )
        .expect("a configuration");
        let mut command = Command::new(binary);
        command
            .arg("-c")
            .arg(file)
            .args(["--disable-hot-restart", "--concurrency", "1", "-l", "warning"]);
        Self::start(command, directory, attempts.last().map_or(0, |last| last.port))
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// rustls with its own resolver: `with_client_auth_cert`.
pub struct Rustls;

impl Program for Rustls {
    fn connect(&mut self, attempt: &Attempt<'_>) -> String {
        match Self::try_connect(attempt) {
            Ok(()) => "done".to_owned(),
            Err(error) => format!("failed: {error}"),
        }
    }
}

impl Rustls {
    fn try_connect(attempt: &Attempt<'_>) -> Result<(), Box<dyn std::error::Error>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(attempt.root)?)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(
                attempt
                    .identity
                    .chain
                    .iter()
                    .map(|der| CertificateDer::from(der.as_bytes().to_vec()))
                    .collect(),
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(attempt.identity.key_der.clone())),
            )?;
        let mut connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost")?)?;
        let mut socket = std::net::TcpStream::connect(("127.0.0.1", attempt.port))?;
        socket.set_read_timeout(Some(Duration::from_secs(4)))?;
        let mut stream = rustls::Stream::new(&mut connection, &mut socket);
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
        let _ = stream.read(&mut [0; 512])?;
        Ok(())
    }
}

//! Real servers on loopback, for tests that need them: started on a free port, ended whatever happens.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::machine;

/// Whether a program is at hand. Where it must be (CI=true) and is not, this panics; elsewhere it says that the test is
/// skipped.
pub fn is_at_hand(program: &str, test: &str) -> bool {
    let found = Command::new(program)
        .arg(if program.contains("nginx") {
            "-v"
        } else {
            "--version"
        })
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !found {
        machine::skipped(test, &format!("it needs {program}"));
    }
    found
}

/// Envoy's binary: where the variable says, else on the path.
pub fn envoy() -> String {
    std::env::var("MTLSCOPE_ENVOY").unwrap_or_else(|_| "envoy".to_owned())
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

/// A child that is ended whatever happens.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server and waits until its port answers.
pub fn start(command: &mut Command, port: u16, log: &Path) -> Running {
    let file = std::fs::File::create(log).expect("a log");
    let child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone().expect("a log"))
        .stderr(file)
        .spawn()
        .expect("the server starts");
    let mut running = Running(child);
    machine::wait_until("the server's listening", || {
        assert!(
            matches!(running.0.try_wait(), Ok(None)),
            "the server has ended: {}",
            std::fs::read_to_string(log).unwrap_or_default()
        );
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    running
}

/// nginx with one server block, whose lines are given.
pub fn nginx(directory: &Path, port: u16, lines: &str) -> Running {
    let text = format!(
        "daemon off;\nmaster_process off;\nuser root;\npid nginx.pid;\nerror_log error.log info;\nevents {{}}\nhttp {{\n\
         access_log off;\nclient_body_temp_path tmp;\nproxy_temp_path tmp;\nfastcgi_temp_path tmp;\nuwsgi_temp_path tmp;\n\
         scgi_temp_path tmp;\nserver {{\nlisten 127.0.0.1:{port} ssl;\nssl_certificate server.pem;\n\
         ssl_certificate_key server.key;\n{lines}\nlocation / {{ return 200 \"welcome\\n\"; }}\n}}\n}}\n"
    );
    std::fs::write(directory.join("nginx.conf"), text).expect("written");
    let mut command = Command::new("nginx");
    command
        .arg("-p")
        .arg(directory)
        .arg("-c")
        .arg(directory.join("nginx.conf"));
    command.arg("-e").arg(directory.join("error.log"));
    start(&mut command, port, &directory.join("nginx.out"))
}

/// Envoy with one TLS listener that answers everybody whom it lets in; `context` is the DownstreamTlsContext without its own
/// certificate, indented by 10.
pub fn envoy_listener(directory: &Path, port: u16, context: &str) -> Running {
    let at = directory.display();
    let text = format!(
        r#"
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    access_log:
    - name: stdout
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
        log_format: {{ text_format_source: {{ inline_string: "REASON<%DOWNSTREAM_TRANSPORT_FAILURE_REASON%>REASON\n" }} }}
    filter_chains:
    - transport_socket:
        name: tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
{context}
            tls_certificates:
            - certificate_chain: {{ filename: {at}/server.pem }}
              private_key: {{ filename: {at}/server.key }}
      filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: audit
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {{ prefix: "/" }}
                direct_response: {{ status: 200, body: {{ inline_string: welcome }} }}
          http_filters:
          - name: router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
"#
    );
    let file = directory.join("envoy.yaml");
    std::fs::write(&file, text).expect("written");
    let mut command = Command::new(envoy());
    command
        .arg("-c")
        .arg(&file)
        .args(["--disable-hot-restart", "--concurrency", "1", "-l", "warning"]);
    start(&mut command, port, &directory.join("envoy.out"))
}

/// Envoy with one plain listener before a TLS upstream on `upstream`, which it judges by root.pem and asks for by `name`.
pub fn envoy_upstream(directory: &Path, port: u16, upstream: u16, name: &str, flags: &str) -> Running {
    let at = directory.display();
    let (kind, sni) = if name.starts_with("127") {
        ("IP_ADDRESS", String::new())
    } else {
        ("DNS", format!("          sni: {name}\n"))
    };
    let (least, most, suites) = match flags {
        "tls1.2" => ("TLSv1_2", "TLSv1_2", ""),
        "chacha" => (
            "TLSv1_2",
            "TLSv1_2",
            "\n              cipher_suites: [ECDHE-ECDSA-CHACHA20-POLY1305]",
        ),
        _ => ("TLSv1_2", "TLSv1_3", ""),
    };
    let alpn = if flags == "h2" {
        "\n            alpn_protocols: [h2]"
    } else {
        ""
    };
    let text = format!(
        r#"
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: audit
          access_log:
          - name: stdout
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
              log_format: {{ text_format_source: {{ inline_string: "REASON<%UPSTREAM_TRANSPORT_FAILURE_REASON%>REASON\n" }} }}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {{ prefix: "/" }}
                route: {{ cluster: upstream }}
          http_filters:
          - name: router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
  - name: upstream
    type: STATIC
    load_assignment:
      cluster_name: upstream
      endpoints:
      - lb_endpoints:
        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {upstream} }} }} }}
    transport_socket:
      name: tls
      typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
{sni}          common_tls_context:
            tls_params:
              tls_minimum_protocol_version: {least}
              tls_maximum_protocol_version: {most}{suites}{alpn}
            tls_certificates:
            - certificate_chain: {{ filename: {at}/client-chain.pem }}
              private_key: {{ filename: {at}/client.key }}
            validation_context:
              trusted_ca: {{ filename: {at}/root.pem }}
              match_typed_subject_alt_names:
              - san_type: {kind}
                matcher: {{ exact: "{name}" }}
"#
    );
    let file = directory.join("envoy.yaml");
    std::fs::write(&file, text).expect("written");
    let mut command = Command::new(envoy());
    command
        .arg("-c")
        .arg(&file)
        .args(["--disable-hot-restart", "--concurrency", "1", "-l", "warning"]);
    start(&mut command, port, &directory.join("envoy.out"))
}

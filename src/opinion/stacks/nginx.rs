//! nginx: as a server, and as the client of an upstream. It is started with a configuration of its own and nothing of the
//! machine's.

use super::given::{
    Asked, CannotBeAsked, DEADLINE, Given, LISTS, OWN, OWN_KEY, Port, Start, TRUST, free_port,
    only_in_a_handshake, words,
};
use crate::opinion::run::Task;
use crate::setup::TlsVersion;

pub(super) const ASKED: Asked = Asked {
    server,
    client,
    chain_tool: |_| Err(only_in_a_handshake("nginx")),
    words: telling,
    accepts: |_| None,
    compares_names_in_files: false,
    takes_time: false,
    deadline: DEADLINE,
};

const CONFIGURATION: &str = "nginx.conf";

fn start(given: &Given<'_>, port: u16, server: &str) -> Start {
    // Only root may change the user, and a warning about it would be no words of a verdict.
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path tmp-{kind};\n"))
        .concat();
    let configuration = format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr info;\nevents {{}}\nhttp {{\naccess_log off;\n\
         {temporary}server {{\nlisten 127.0.0.1:{port}{server}\n}}\n}}\n"
    );
    Start {
        task: Task {
            program: given.program.to_owned(),
            arguments: words(&["-p", ".", "-e", "stderr", "-c", CONFIGURATION]),
            environment: Vec::new(),
            stdin: "",
        },
        files: vec![(CONFIGURATION, configuration)],
        port: Port::Told(port),
    }
}

/// The lines that both roles have, with the prefix of theirs.
fn common(given: &Given<'_>, prefix: &str) -> String {
    let versions = match given.only_version() {
        Some(TlsVersion::Tls12) => "TLSv1.2",
        Some(TlsVersion::Tls13) => "TLSv1.3",
        None => "TLSv1.2 TLSv1.3",
    };
    let mut lines = format!(
        "{prefix}_protocols {versions};\n{prefix}_certificate {OWN};\n{prefix}_certificate_key {OWN_KEY};\n\
         {prefix}_verify_depth 100;\n"
    );
    if given.has_lists() {
        lines += &format!("{prefix}_crl {LISTS};\n");
    }
    lines
}

fn server(given: &Given<'_>) -> Result<Start, CannotBeAsked> {
    if !given.trusts_any() {
        return Err("nginx does not start without a file of what it trusts".to_owned());
    }
    let port = free_port()?;
    let server = format!(
        " ssl;\n{}ssl_verify_client on;\nssl_client_certificate {TRUST};\nreturn 200 hello;",
        common(given, "ssl"),
    );
    Ok(start(given, port, &server))
}

fn client(given: &Given<'_>, upstream: u16) -> Result<Start, CannotBeAsked> {
    if !given.trusts_any() {
        return Err("nginx does not start without a file of what it trusts".to_owned());
    }
    let name = given
        .some_name()
        .ok_or("nginx always compares a name, and there is none")?;
    // A name ends up in a configuration file: only what a host name or an address is made of.
    if !name
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || ".-:_".contains(one))
    {
        return Err("nginx cannot be given this name".to_owned());
    }
    let port = free_port()?;
    let sni = if name.parse::<std::net::IpAddr>().is_ok() {
        "off"
    } else {
        "on"
    };
    let server = format!(
        ";\nlocation / {{\nproxy_pass https://127.0.0.1:{upstream};\n{}proxy_ssl_verify on;\n\
         proxy_ssl_trusted_certificate {TRUST};\nproxy_ssl_name {name};\nproxy_ssl_server_name {sni};\n\
         proxy_read_timeout 5s;\n}}",
        common(given, "proxy_ssl"),
    );
    Ok(start(given, port, &server))
}

/// `2026/11/24 09:00:00 [info] 1#1: *1 client SSL certificate verify error: … while …, client: 127.0.0.1, server: …`: from the
/// number of the connection on, without the addresses.
fn telling(text: &str) -> Option<String> {
    const LEVELS: [&str; 6] = ["[info]", "[warn]", "[error]", "[crit]", "[emerg]", "[alert]"];
    let said: Vec<String> = text
        .lines()
        .filter_map(|line| {
            let level = LEVELS
                .iter()
                .find_map(|level| line.find(level).map(|at| &line[at..]))?;
            if level.starts_with("[emerg]") {
                return Some(level.split_once(": ")?.1.to_owned());
            }
            let (_, words) = level.split_once(": *")?;
            let words = words.split_once(' ')?.1.split(", client:").next()?.trim();
            (!words.contains("keepalive connection") && !words.contains("closed connection"))
                .then(|| words.to_owned())
        })
        .collect();
    let of_a_certificate = said.iter().find(|words| words.contains("certificate"));
    of_a_certificate.or(said.first()).cloned()
}

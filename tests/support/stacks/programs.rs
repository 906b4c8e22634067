//! The programs that are called by their command line: OpenSSL, GnuTLS, curl, nginx.

use std::path::Path;
use std::time::Duration;

use super::child::{Ended, PATIENCE, free_port, is_listening};
use super::faults::Given;
use super::{Dialled, REQUEST, Serving, Stack, ask_plainly, words};

/// The word after `mark`.
fn after(text: &str, mark: &str) -> Option<String> {
    let rest = &text[text.find(mark)? + mark.len()..];
    rest.split_whitespace().next().map(str::to_owned)
}

fn arguments(fixed: &[&str]) -> Vec<String> {
    fixed.iter().map(|argument| (*argument).to_owned()).collect()
}

fn openssl_common(directory: &Path, given: &Given, extra: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(name) = given.identity {
        out.extend(
            [format!("-cert={name}.leaf.pem"), format!("-key={name}.key")]
                .iter()
                .flat_map(|pair| {
                    let (option, value) = pair.split_once('=').expect("written above");
                    [option.to_owned(), value.to_owned()]
                }),
        );
        let rest = format!("{name}.rest.pem");
        if std::fs::metadata(directory.join(&rest)).is_ok_and(|file| file.len() > 0) {
            out.extend(["-cert_chain".to_owned(), rest]);
        }
    }
    match given.crl {
        Some(list) => out.extend(arguments(&["-CAfile", &format!("{list}.ca.pem"), "-crl_check"])),
        None => out.extend(arguments(&["-CAfile", given.trust])),
    }
    out.extend(given.tls.map(|tls| format!("-tls{}", tls.replace('.', "_"))));
    if let Some(alpn) = given.alpn {
        out.extend(arguments(&["-alpn", alpn]));
    }
    out.extend(arguments(extra));
    out
}

pub fn openssl_server(directory: &Path, given: &Given, extra: &[&str]) -> Result<(Serving, u16), String> {
    let mut all = arguments(&[
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-naccept",
        "1",
        "-www",
        "-Verify",
        "5",
        "-verify_return_error",
    ]);
    all.extend(openssl_common(directory, given, extra));
    let mut child = Ended::start(directory, "openssl", &all);
    child.wait_for(PATIENCE, |text| after(text, "ACCEPT 127.0.0.1:").is_some());
    let text = child.out();
    match after(&text, "ACCEPT 127.0.0.1:").and_then(|port| port.parse().ok()) {
        Some(port) => Ok((Serving::Program(Stack::OpenSsl, child), port)),
        None => Err(words::openssl(&child.finish())),
    }
}

pub fn openssl_client(
    directory: &Path,
    given: &Given,
    extra: &[&str],
    port: u16,
    held_back: Duration,
) -> Dialled {
    let mut all = arguments(&[
        "s_client",
        "-connect",
        &format!("127.0.0.1:{port}"),
        "-verify_return_error",
        "-quiet",
    ]);
    all.extend(if given.asks_for_an_address() {
        arguments(&["-verify_ip", given.name, "-noservername"])
    } else {
        arguments(&["-verify_hostname", given.name, "-servername", given.name])
    });
    all.extend(openssl_common(directory, given, extra));
    let text = asked(Ended::start(directory, "openssl", &all), REQUEST, held_back);
    let answered = text.contains("HTTP/1.0 200") || text.contains("HTTP/1.1 200");
    // It ends before it connects when it will not take its own files.
    let is_unusable = text.contains(":SSL_CTX_use") || text.contains(":x509 certificate routines:");
    Dialled {
        words: words::openssl(&text),
        answered,
        is_unusable,
    }
}

/// Lets a client that reads stdin shake hands, ask, and read on. It holds its request back so long that a refusal comes first:
/// it ends then. That it was accepted it does not say; see [`super::HELD_BACK`].
fn asked(mut child: Ended, request: &str, held_back: Duration) -> String {
    child.wait_for(held_back, |_| false);
    child.tell(request);
    // The server closes after its answer, and the client ends with it.
    child.wait_for(PATIENCE, |_| false);
    child.finish()
}

fn gnutls_priority(given: &Given) -> Option<[String; 2]> {
    given.tls.map(|tls| {
        [
            "--priority".to_owned(),
            format!("NORMAL:-VERS-ALL:+VERS-TLS{tls}"),
        ]
    })
}

fn gnutls_common(program: &str, given: &Given) -> Vec<String> {
    // Its own buffers would be lost when it is ended.
    let mut all = arguments(&["-oL", "-eL", program, "--x509cafile", given.trust]);
    if let Some(name) = given.identity {
        all.extend(arguments(&[
            "--x509certfile",
            &format!("{name}.pem"),
            "--x509keyfile",
            &format!("{name}.key"),
        ]));
    }
    if let Some(list) = given.crl {
        all.extend(arguments(&["--x509crlfile", list]));
    }
    if let Some(alpn) = given.alpn {
        all.extend(arguments(&["--alpn", alpn]));
    }
    all.extend(gnutls_priority(given).into_iter().flatten());
    all
}

pub fn gnutls_server(directory: &Path, given: &Given) -> Result<(Serving, u16), String> {
    let port = free_port();
    let mut all = gnutls_common("gnutls-serv", given);
    all.extend(arguments(&[
        "--require-client-cert",
        "--verify-client-cert",
        "--port",
        &port.to_string(),
    ]));
    let child = Ended::start(directory, "stdbuf", &all);
    ready(child, port, Stack::GnuTls, words::gnutls)
}

/// Waits until a child listens on its port; its words when it ended instead.
pub fn ready(
    mut child: Ended,
    port: u16,
    stack: Stack,
    words: impl Fn(&str) -> String,
) -> Result<(Serving, u16), String> {
    child.wait_for(PATIENCE * 2, |_| is_listening(port));
    if child.has_ended() {
        return Err(words(&child.finish()));
    }
    assert!(
        is_listening(port),
        "{stack:?} does not listen: {}",
        child.so_far()
    );
    Ok((Serving::Program(stack, child), port))
}

pub fn gnutls_client(directory: &Path, given: &Given, port: u16, held_back: Duration) -> Dialled {
    let mut all = gnutls_common("gnutls-cli", given);
    all.extend(arguments(&[
        "--port",
        &port.to_string(),
        "--verify-hostname",
        given.name,
    ]));
    all.extend(if given.asks_for_an_address() {
        arguments(&["--disable-sni"])
    } else {
        arguments(&["--sni-hostname", given.name])
    });
    all.push("127.0.0.1".to_owned());
    let text = asked(Ended::start(directory, "stdbuf", &all), REQUEST, held_back);
    let answered = text.contains("HTTP/1.0 200");
    Dialled {
        words: words::gnutls(&text),
        answered,
        is_unusable: !text.contains("Connecting to"),
    }
}

pub fn curl_client(directory: &Path, given: &Given, port: u16) -> Dialled {
    let mut all = arguments(&[
        "-sS",
        "-i",
        "--max-time",
        "8",
        "--noproxy",
        "*",
        "--cacert",
        given.trust,
        "--resolve",
        &format!("{}:{port}:127.0.0.1", given.name),
    ]);
    if let Some(name) = given.identity {
        all.extend(arguments(&[
            "--cert",
            &format!("{name}.pem"),
            "--key",
            &format!("{name}.key"),
        ]));
    }
    if let Some(list) = given.crl {
        all.extend(arguments(&["--crlfile", list]));
    }
    match given.tls {
        Some("1.2") => all.extend(arguments(&["--tls-max", "1.2"])),
        Some(_) => all.push("--tlsv1.3".to_owned()),
        None => {}
    }
    if given.alpn.is_some() {
        // It offers h2 and http/1.1 of itself, and nothing else.
        all.push("--http1.1".to_owned());
    }
    all.push(format!("https://{}:{port}/", given.name));
    let mut child = Ended::start(directory, "curl", &all);
    child.wait_for(PATIENCE, |_| false);
    let text = child.finish();
    // 58: a problem with the local client certificate.
    Dialled {
        words: words::curl(&text),
        answered: text.contains("HTTP/1.0 200"),
        is_unusable: text.contains("curl: (58)"),
    }
}

/// What every nginx needs: no daemon, everything below the directory of the test.
fn nginx(directory: &Path, port: u16, server: &str) -> Ended {
    let work = tempfile::tempdir_in(directory).expect("a directory").keep();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", work.display()))
        .concat();
    let configuration = format!(
        "daemon off;\nmaster_process off;\npid {0}/pid;\nerror_log stderr info;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\
         server {{\nlisten 127.0.0.1:{port}{server}\n}}\n}}\n",
        work.display()
    );
    let file = work.join("nginx.conf");
    std::fs::write(&file, configuration).expect("written");
    let all = ["-p", ".", "-e", "stderr", "-c"].map(str::to_owned);
    Ended::start(
        directory,
        "nginx",
        &[&all[..], &[file.to_string_lossy().into_owned()]].concat(),
    )
}

fn nginx_versions(given: &Given) -> String {
    // 1.22 would leave TLS 1.3 out; what packages configure does not.
    given
        .tls
        .map_or("TLSv1.2 TLSv1.3".to_owned(), |tls| format!("TLSv{tls}"))
}

fn nginx_identity(directory: &Path, prefix: &str, given: &Given) -> String {
    given.identity.map_or_else(String::new, |name| {
        let path = directory.join(name);
        format!(
            "{prefix}_certificate {0}.pem;\n{prefix}_certificate_key {0}.key;\n",
            path.display()
        )
    })
}

fn nginx_list(directory: &Path, prefix: &str, given: &Given) -> String {
    given.crl.map_or_else(String::new, |list| {
        format!("{prefix}_crl {};\n", directory.join(list).display())
    })
}

pub fn nginx_server(directory: &Path, given: &Given) -> Result<(Serving, u16), String> {
    let port = free_port();
    let server = format!(
        " ssl;\nssl_protocols {};\n{}{}ssl_verify_client on;\nssl_verify_depth 5;\nssl_client_certificate {};\nreturn 200 hello;",
        nginx_versions(given),
        nginx_identity(directory, "ssl", given),
        nginx_list(directory, "ssl", given),
        directory.join(given.trust).display(),
    );
    ready(nginx(directory, port, &server), port, Stack::Nginx, words::nginx)
}

pub fn nginx_client(directory: &Path, given: &Given, upstream: u16) -> Dialled {
    let port = free_port();
    let server = format!(
        ";\nlocation / {{\nproxy_pass https://127.0.0.1:{upstream};\nproxy_ssl_protocols {};\n{}{}proxy_ssl_verify on;\n\
         proxy_ssl_verify_depth 5;\nproxy_ssl_trusted_certificate {};\nproxy_ssl_name {};\nproxy_ssl_server_name on;\n\
         proxy_read_timeout 5s;\n}}",
        nginx_versions(given),
        nginx_identity(directory, "proxy_ssl", given),
        nginx_list(directory, "proxy_ssl", given),
        directory.join(given.trust).display(),
        given.name,
    );
    match ready(nginx(directory, port, &server), port, Stack::Nginx, words::nginx) {
        Err(words) => Dialled {
            words,
            answered: false,
            is_unusable: true,
        },
        Ok((Serving::Program(_, child), _)) => {
            let answered = ask_plainly(port);
            Dialled {
                words: words::nginx(&child.finish()),
                answered,
                is_unusable: false,
            }
        }
        Ok(_) => unreachable!("nginx is a program"),
    }
}

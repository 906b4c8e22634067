//! The exact words out of what a program printed.
//!
//! Kept: the lines, or parts of lines, that tell of the failure, joined with ` · `, each once. Stripped is only what changes from run
//! to run: log prefixes with times and process ids, OpenSSL's thread id and source line before and behind its reason, addresses and
//! ports, the clock's reading in Go's and rustls's words, object addresses, and the directory of the certificates.

use std::path::Path;

/// Joins what tells, each once.
fn joined(lines: impl IntoIterator<Item = String>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        let line = line.trim().to_owned();
        if !line.is_empty() && !kept.contains(&line) {
            kept.push(line);
        }
    }
    kept.join(" · ")
}

/// Cuts a text at the first of `marks`.
fn until<'a>(text: &'a str, marks: &[&str]) -> &'a str {
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    &text[..end.unwrap_or(text.len())]
}

/// `0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../ssl/…:1584:SSL alert number 48`: reason and alert.
fn reason(error: &str) -> Option<String> {
    let parts: Vec<&str> = error.split(':').collect();
    let reason = parts.get(3).filter(|reason| !reason.is_empty())?;
    Some(
        match parts.iter().find(|part| part.starts_with("SSL alert number")) {
            Some(alert) => format!("{reason} ({})", alert.trim()),
            None => (*reason).to_owned(),
        },
    )
}

/// `s_client`, `s_server`: verify errors and the error queue; an HTTP status that refuses, with its title.
pub fn openssl(text: &str) -> String {
    joined(text.lines().filter_map(|line| {
        let line = line.trim();
        if let Some(at) = line.find(":error:") {
            reason(&line[at + 7..])
        } else if line.starts_with("verify error:num=") || line.starts_with("Could not") {
            Some(line.to_owned())
        } else if let Some(at) = line.find("HTTP/1.1 4") {
            Some(line[at..].to_owned())
        } else {
            let title = line
                .split_once("<title>")
                .and_then(|(_, rest)| rest.split_once("</title>"));
            title
                .filter(|(title, _)| title.starts_with("400"))
                .map(|(title, _)| title.to_owned())
        }
    }))
}

/// `gnutls-cli`, `gnutls-serv`: lines that begin with `***`, `|<1>|`, `Error`, and the status of a certificate.
pub fn gnutls(text: &str) -> String {
    joined(text.lines().filter_map(|line| {
        let line = line.trim();
        let tells = ["***", "Error", "- Status:", "error:", "Cannot", "Failed"]
            .iter()
            .any(|start| line.starts_with(start))
            || line.contains("Fatal error")
            || line.contains("error:")
            || line.contains("is NOT trusted")
            || line.contains("The certificate ")
            || line.contains("not verify")
            || line.contains("HTTP/1.1 4");
        (tells && !line.contains("The certificate is trusted") && !line.starts_with("|<"))
            .then(|| line.to_owned())
    }))
}

/// curl says it in one line; its second paragraph is advice.
pub fn curl(text: &str) -> String {
    joined(text.lines().filter_map(|line| {
        let line = line.trim();
        (line.starts_with("curl: ") || line.starts_with("HTTP/1.1 4"))
            .then(|| without_port(until(line, &[" port ", " after "])))
    }))
}

/// Without the port behind the name that curl was asked for: the last `:41234` of the line.
fn without_port(line: &str) -> String {
    match line.rsplit_once(':') {
        Some((words, port)) if !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit()) => {
            words.to_owned()
        }
        _ => line.to_owned(),
    }
}

/// nginx's error log: `2026/11/24 09:00:00 [info] 1#1: *1 client SSL certificate verify error: … while …, client: 127.0.0.1`.
pub fn nginx(text: &str) -> String {
    joined(text.lines().filter_map(|line| {
        let level = ["[info]", "[warn]", "[error]", "[crit]", "[emerg]", "[alert]"]
            .iter()
            .find_map(|level| line.find(level).map(|at| &line[at..]))?;
        if level.starts_with("[emerg]") {
            return Some(level.split_once(": ")?.1.to_owned());
        }
        let (_, words) = level.split_once(": *")?;
        let words = until(words.split_once(' ')?.1, &[", client:"]);
        (!words.contains("keepalive connection") && !words.contains("closed connection while waiting"))
            .then(|| words.to_owned())
    }))
}

/// Words that a driver handed over, or another log: what is this run's alone goes.
pub fn plain(text: &str, directory: &Path) -> String {
    let text = text.replace(&format!("{}/", directory.display()), "");
    let mut text = without_addresses(&text);
    // Go: "x509: certificate has expired or is not yet valid: current time 2026-… is after 2020-…".
    while let Some(at) = text.find("current time 2") {
        let end = text[at + 13..]
            .find(' ')
            .map_or(text.len(), |length| at + 13 + length);
        text.replace_range(at + 8..end, "time");
        text = text.replacen("current time is", "the current time is", 1);
    }
    // rustls: ": verification time 1795… (UNIX), but certificate is not valid after …".
    let text = until(&text, &[": verification time"]);
    // Node: "40A7C3F7C67F0000:error:0A000418:…".
    joined(text.split(" · ").map(|part| match part.find(":error:") {
        Some(at) => {
            let start = part[..at]
                .rfind(|sign: char| !sign.is_ascii_hexdigit())
                .map_or(0, |before| before + 1);
            format!("{}{}", &part[..start], &part[at + 1..])
        }
        None => part.to_owned(),
    }))
}

/// Without `127.0.0.1:41234` and `127.0.0.1:41234->127.0.0.1:8443`.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("127.0.0.1:") {
        out.push_str(&rest[..at]);
        out.push_str("127.0.0.1");
        rest = rest[at + 10..].trim_start_matches(|sign: char| sign.is_ascii_digit());
    }
    out + rest
}

//! The words that tell, without what changes from run to run: dates before a log line, process numbers, thread numbers before
//! OpenSSL's errors, ports, and the moment of the run.

/// OpenSSL's error queue and verification lines, as s_client and s_server print them.
pub fn openssl(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim) {
        let words = if let Some(error) = line.find(":error:").map(|at| &line[at + 7..]) {
            // 0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../ssl/…:1584:SSL alert number 48
            let parts: Vec<&str> = error.split(':').collect();
            let alert = parts.iter().find(|part| part.starts_with("SSL alert number"));
            match (parts.get(3), alert) {
                (Some(reason), Some(alert)) => format!("{reason} ({alert})"),
                (Some(reason), None) => (*reason).to_owned(),
                _ => continue,
            }
        } else if line.starts_with("verify error:num=") {
            line.to_owned()
        } else {
            continue;
        };
        push(&mut lines, words);
    }
    lines.join(" · ")
}

/// GnuTLS's programs.
pub fn gnutls(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim) {
        let tells = [
            "*** Fatal error",
            "*** Received alert",
            "- Status:",
            "*** PKI verification",
            "Error in handshake",
            "Certificate not trusted",
            "The certificate is NOT trusted",
            "Error: ",
            "Error loading",
            "Error setting",
            "Peer has closed",
            "Received alert",
            "No certificates found",
        ];
        if tells.iter().any(|words| line.contains(words)) && !line.contains("The certificate is trusted") {
            push(&mut lines, line.to_owned());
        }
    }
    lines.join(" · ")
}

/// nginx's log: what comes after the connection's number, without who the client was.
pub fn nginx(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let Some((_, rest)) = line.split_once(": *") else {
            continue;
        };
        let Some((_, words)) = rest.split_once(' ') else {
            continue;
        };
        let words = words.split(", client: ").next().unwrap_or(words);
        let tells = [
            "SSL",
            "plain HTTP",
            "certificate",
            "upstream prematurely",
            "handshake",
        ];
        // Our own look whether the port is open.
        let is_ours = words == "client closed connection while SSL handshaking";
        if !is_ours && tells.iter().any(|tell| words.contains(tell)) {
            push(&mut lines, without_ports(words));
        }
    }
    lines.join(" · ")
}

/// Envoy's reason in an access log, between our marks.
pub fn envoy(text: &str) -> String {
    let mut lines = Vec::new();
    for part in text.split("REASON<").skip(1) {
        let words = part.split(">REASON").next().unwrap_or_default().trim();
        if !words.is_empty() && words != "-" {
            push(&mut lines, words.to_owned());
        }
    }
    lines.join(" · ")
}

/// curl's last word.
pub fn curl(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("curl: (")) {
        push(&mut lines, without_ports(line));
    }
    lines.join(" · ")
}

/// What our own small programs print.
pub fn small(text: &str) -> String {
    let words = text
        .lines()
        .find_map(|line| line.strip_prefix("REFUSED "))
        .unwrap_or_default();
    without_ports(&without_moment(&without_thread(words)))
}

/// The title of an HTTP answer that turns away, for a client that prints what it got.
pub fn page(text: &str) -> String {
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| title.trim());
    title
        .filter(|title| title.starts_with('4'))
        .unwrap_or_default()
        .to_owned()
}

fn push(lines: &mut Vec<String>, words: String) {
    if !words.is_empty() && !lines.contains(&words) {
        lines.push(words);
    }
}

/// `127.0.0.1:40123` is another port in every run.
fn without_ports(words: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    for mark in ["127.0.0.1:", "payments.shop.svc:", "port "] {
        let mut kept = String::new();
        let mut left = if out.is_empty() { rest } else { out.as_str() };
        while let Some(at) = left.find(mark) {
            let end = at + mark.len();
            kept.push_str(&left[..end]);
            let digits = left[end..].chars().take_while(char::is_ascii_digit).count();
            if digits > 0 {
                kept.push_str("PORT");
            }
            left = &left[end + digits..];
        }
        kept.push_str(left);
        out = kept;
    }
    rest = &out;
    // How long curl took.
    match (rest.find(" after "), rest.find(" ms")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &rest[..from], &rest[to + 3..]),
        _ => rest.to_owned(),
    }
}

/// OpenSSL's errors begin with a thread's number: `C0F7A2:error:0A000418:…`.
fn without_thread(words: &str) -> String {
    match words.find(":error:") {
        Some(at) if words[..at].chars().all(|c| c.is_ascii_hexdigit()) => words[at + 1..].to_owned(),
        _ => words.to_owned(),
    }
}

/// Go says what time it was.
fn without_moment(words: &str) -> String {
    let Some((before, rest)) = words.split_once("current time ") else {
        return words.to_owned();
    };
    let after = rest.split_once(' ').map_or("", |(_, after)| after);
    format!("{before}current time NOW {after}")
}

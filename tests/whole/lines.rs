//! Log lines: who spoke, what was heard, and every candidate in its order with its grounds.

use std::collections::BTreeSet;
use std::path::Path;

use mtlscope::diagnose::{Candidate, Heard, LineReading, LogReading, Speaker, read_log};

use crate::digest;
use crate::text::{Text, tag, written};

fn reading(text: &mut Text, found: &LogReading) {
    let LogReading {
        heard,
        speaker,
        candidates,
        lines,
    } = found;
    said(text, heard, speaker, candidates);
    for LineReading {
        number,
        speaker,
        heard,
        candidates,
    } in lines
    {
        text.line(format!("line {number}"));
        text.below(|text| said(text, heard, speaker, candidates));
    }
}

fn said(text: &mut Text, heard: &[Heard], speaker: &Speaker, candidates: &[Candidate]) {
    let Speaker {
        side,
        why,
        role,
        stack,
        library,
    } = speaker;
    text.line(format!(
        "speaker {side:?} {role:?} {stack:?} {library:?} because {why:?}: {}",
        speaker.sentence()
    ));
    for Heard { range, stack, words } in heard {
        text.line(format!("heard {range:?} {stack:?} {words}"));
    }
    for one in candidates {
        let variant = variant(one);
        text.line(format!(
            "{} {} {} {}",
            one.likelihood.word(),
            one.id.word(),
            tag(&variant),
            one.why
        ));
    }
}

/// What is the same for many lines: title, check and mend.
fn variant(one: &Candidate) -> String {
    let mend = one.mend.join(" ; ");
    let words = format!("{} | {} | {mend}", one.title, one.check);
    words.replace('\n', "\\n")
}

/// Every variant that was told, once, with its tag.
fn variants(text: &mut Text, readings: &[LogReading]) {
    let mut all = BTreeSet::new();
    for one in readings.iter().flat_map(|reading| &reading.candidates) {
        let words = variant(one);
        all.insert(format!("{} {} {words}", one.id.word(), tag(&words)));
    }
    for words in all {
        text.line(words);
    }
}

/// The column of every row of a table.
fn column(file: &str, at: usize) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(file);
    let table = std::fs::read_to_string(path).expect("the lines");
    let rows = table.lines().skip(1).filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split('\t').nth(at).map(str::to_owned))
        .collect()
}

fn told(lines: impl IntoIterator<Item = String>) -> String {
    written(|text| {
        let mut readings = Vec::new();
        for line in lines {
            text.line(line.replace('\n', "\\n"));
            let found = read_log(&line);
            text.below(|text| reading(text, &found));
            readings.push(found);
        }
        variants(text, &readings);
    })
}

#[test]
fn lines_of_the_table() {
    insta::assert_snapshot!(told(column("log-lines.tsv", 3)));
}

#[test]
fn lines_of_the_field() {
    insta::assert_snapshot!(told(column("field/lines.tsv", 2)));
}

/// Lines of several stacks in one text: each is read by itself.
#[test]
fn texts_of_many_lines() {
    let lines = column("log-lines.tsv", 3);
    let mut texts = Vec::new();
    for (number, some) in lines.chunks(16).enumerate() {
        texts.push((format!("from {}", 16 * number), told([some.join("\n")])));
    }
    digest::holds("lines", &texts);
}

/// The name of an alert with what may stand around it: whether it is one, and who is told to have sent it.
#[test]
fn alerts_alone() {
    let names = [
        "unknown_ca",
        "UnknownCA",
        "unknown ca",
        "internal error",
        "internal_error",
        "user cancelled",
        "unrecognised name",
        "close notify",
        "handshake failure",
        "Bad Certificate",
        "48",
        "0",
    ];
    let before = [
        "",
        "alert ",
        "sent alert ",
        "received alert: ",
        "local ",
        "remote ",
        "fatal ",
        "error ",
        "TLS ",
    ];
    let behind = [
        "",
        " (48)",
        " 48",
        " 47",
        " 300",
        " alert",
        " sent",
        " received",
        " error",
        ".\nmore",
    ];
    let mut told = String::new();
    for name in names {
        for (first, last) in before.iter().flat_map(|first| behind.map(|last| (first, last))) {
            let line = format!("{first}{name}{last}");
            let found = read_log(&line);
            let heard: Vec<&str> = found.heard.iter().map(|one| one.words.as_str()).collect();
            let likely: Vec<String> = found
                .candidates
                .iter()
                .map(|one| format!("{} {}", one.likelihood.word(), one.id.word()))
                .collect();
            if !heard.is_empty() || !likely.is_empty() {
                let line = line.escape_default();
                told += &format!("{line}: {} | {}\n", heard.join("; "), tag(&likely.join(", ")));
            }
        }
    }
    insta::assert_snapshot!(told);
}

/// Numbers and words of OpenSSL's and others' that are theirs in one place and another's in the next.
#[test]
fn numbers_and_words_in_other_places() {
    let lines = [
        "error:0A000418:SSL routines::tlsv1 alert unknown ca",
        "error:0A000418",
        "error:0A00041:SSL routines",
        "error:0A0004180:SSL routines",
        "error:0A000086:SSL routines::certificate verify failed",
        "error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca",
        "error:14094400:SSL routines",
        "error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA",
        "error:0B080074:x509 certificate routines",
        "268436504",
        "TLS error: 268436504:SSL routines",
        "268435456",
        "268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED",
        "26843650",
        "2684365041",
        "error 18 at 0 depth lookup: self-signed certificate",
        "error 18 at 0",
        "error 20 at 1 depth lookup: unable to get local issuer certificate",
        "error 20 at 1 of the page",
        "verify error:num=20:unable to get local issuer certificate",
        "verify error:num=19:self-signed certificate in certificate chain",
        "verify return code: 21 (unable to verify the first certificate)",
        "client SSL certificate verify error: (20:unable to get local issuer certificate)",
        "client SSL certificate verify error: (20: of something)",
        "writev() failed (32: Broken pipe)",
        "(20:",
        "depth=0 CN = orders\nverify error:num=20:unable to get local issuer certificate",
        "depth=2 CN = orders\nverify error:num=20:unable to get local issuer certificate",
        "verify error:num=20:unable to get local issuer certificate, at depth 1",
        "self-signed certificate",
        "self-signed certificate in certificate chain",
        "a self-signed certificate was made",
        "the self-signed certificate was refused",
        "self-signed certificate.",
        "unable to get issuer certificate",
        "unable to get local issuer certificate",
        "remote error: tls: bad certificate",
        "remote error: bad certificate",
        "remote error: internal error",
        "remote error: unexpected message",
        "remote error: handshake failure",
        "http: TLS handshake error from 10.0.0.1:4000: remote error: tls: unknown certificate authority",
        "received fatal alert: unknown_ca",
        "received a letter from the bank, and far behind all of that stands something that is unknown ca",
        "sent fatal alert: unknown_ca",
        "\u{e9}\u{e9}\u{e9}\u{e9} received fatal alert: \u{e9} unknown_ca",
        "AlertReceived(UnknownCA)",
        "AlertReceived(CloseNotify)",
        "tls alert,{unknown_ca,sent}",
        "{tls_alert,{unknown_ca,\"TLS client: In state certify at ssl_handshake.erl:1 generated CLIENT ALERT: Fatal - Unknown CA\"}}",
        "{tls_alert,{unknown_ca,\"TLS client: In state certify received SERVER ALERT: Fatal - Unknown CA\"}}",
    ];
    insta::assert_snapshot!(told(lines.map(str::to_owned)));
}

//! The report as SARIF 2.1.0 (OASIS), for code scanning: a rule for each cause, a result for each finding, at the line of
//! the certificate it is about.
//!
//! Causes are errors; what only might be the cause is a note; what only other stacks refuse is a warning, and an error
//! under `--strict`. A file that could not be judged is a notification of the run, which then was not successful.

use std::fmt::Write;
use std::path::{Component, Path};

use serde_json::{Value, json};

use super::judging::stack;
use super::report::{
    ASKED_FOR, Asked, EXPIRES_SOON, Entry, Judged, NOT_EVERYWHERE, REFUSED_BY_A_STACK, Report, UNEXPLAINED,
    UNUSUAL, rule_of, shortened, whole,
};
use crate::cli::{asking, mends};
use crate::diagnose::{Cause, CauseId, Certainty, CertificateRef, Remedy, about, spelled_out};
use crate::pki::sha256_hex;

/// Rules in the order in which results name them.
struct Rules {
    asked_by: crate::capture::Side,
    ids: Vec<String>,
}

impl Rules {
    fn index(&mut self, id: &str) -> usize {
        if let Some(index) = self.ids.iter().position(|known| known == id) {
            return index;
        }
        self.ids.push(id.to_owned());
        self.ids.len() - 1
    }

    fn descriptors(&self) -> Vec<Value> {
        self.ids.iter().map(|id| self.descriptor(id)).collect()
    }

    fn descriptor(&self, id: &str) -> Value {
        let (title, remedies) = match CauseId::from_word(id) {
            Some(cause) => about(cause, self.asked_by),
            None if id == EXPIRES_SOON => (
                "A certificate of the path will soon be over".to_owned(),
                vec![Remedy {
                    tool: None,
                    text: "Renew it before it ends, and automate the renewal.".to_owned(),
                    commands: vec!["openssl x509 -in FILE -noout -subject -enddate".to_owned()],
                }],
            ),
            None if id == NOT_EVERYWHERE => (
                "rustls accepts it; not every stack does".to_owned(),
                vec![Remedy {
                    tool: None,
                    text: "The warning names the rule that is bent and who refuses; mend it when the certificate is issued again."
                        .to_owned(),
                    commands: vec!["openssl x509 -in FILE -noout -text".to_owned()],
                }],
            ),
            None if id == REFUSED_BY_A_STACK => (
                "A TLS stack that was asked refuses it".to_owned(),
                vec![Remedy {
                    tool: None,
                    text: "The message has its exact words; whoever speaks through this stack will be refused."
                        .to_owned(),
                    commands: vec!["openssl x509 -in FILE -noout -text".to_owned()],
                }],
            ),
            None if id == ASKED_FOR => (
                "A program asks for more when it is told to".to_owned(),
                vec![Remedy {
                    tool: None,
                    text: "The message names the program and its setting; leave the setting out, or have the certificate issued again."
                        .to_owned(),
                    commands: vec!["openssl x509 -in FILE -noout -text".to_owned()],
                }],
            ),
            None if id == UNUSUAL => (
                "Against the rules, and accepted by every stack on record".to_owned(),
                vec![Remedy {
                    tool: None,
                    text: "Nothing fails for it; mend it when the certificate is issued again.".to_owned(),
                    commands: vec!["openssl x509 -in FILE -noout -text".to_owned()],
                }],
            ),
            None => (
                "rustls refuses the chain".to_owned(),
                vec![Remedy {
                    tool: None,
                    text: "None of the checks explains it: read rustls's own words.".to_owned(),
                    commands: vec![
                        "openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -text -noout"
                            .to_owned(),
                    ],
                }],
            ),
        };
        let mends: Vec<&str> = remedies.iter().map(|remedy| remedy.text.as_str()).collect();
        let full = format!("{title}. {}", mends.join(" "));
        let level = match id {
            EXPIRES_SOON | NOT_EVERYWHERE | REFUSED_BY_A_STACK => "warning",
            UNUSUAL | ASKED_FOR => "note",
            _ => "error",
        };
        json!({
            "id": id,
            "shortDescription": { "text": format!("{title}.") },
            "fullDescription": { "text": full },
            "help": { "text": as_text(&remedies), "markdown": as_markdown(&remedies) },
            "defaultConfiguration": { "level": level },
            "properties": { "tags": ["x509", "tls"] },
        })
    }
}

/// The whole log.
pub(super) fn log(report: &Report) -> Value {
    let mut rules = Rules {
        asked_by: report.asked.sender.peer(),
        ids: Vec::new(),
    };
    let mut results = Vec::new();
    let mut notifications: Vec<Value> = report
        .asked
        .notes
        .iter()
        .map(|note| json!({ "level": "note", "message": { "text": note } }))
        .collect();
    for entry in &report.entries {
        match entry {
            Entry::Judged(judged) => {
                results.extend(findings(judged, &report.asked, &mut rules));
                notifications.extend(
                    judged
                        .notes
                        .iter()
                        .map(|note| json!({ "level": "note", "message": { "text": note } })),
                );
                // Most certificates lack it: no finding.
                notifications.extend(mends::quiet(&judged.explained.warned).map(|one| {
                    let text = format!("{}: {}.", judged.file, one.cause.title);
                    json!({ "level": "note", "message": { "text": text } })
                }));
            }
            Entry::Unusable { file, sentence } => notifications.push(json!({
                "level": "error",
                "message": { "text": sentence },
                "locations": [location(Some(file), None)],
            })),
        }
    }
    let is_successful = report.counts().unusable == 0;
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "mtlscope",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.descriptors(),
            } },
            "invocations": [{
                "executionSuccessful": is_successful,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn findings(judged: &Judged, asked: &Asked, rules: &mut Rules) -> Vec<Value> {
    let mut results = Vec::new();
    let says = judged.error.as_ref().map_or_else(String::new, |words| {
        let record = judged
            .on_record()
            .map(|words| format!(" {words}"))
            .unwrap_or_default();
        format!(" {} says: {}.{record}", stack(), shortened(&spelled_out(words)))
    });
    for cause in &judged.explained.causes {
        let level = match cause.certainty {
            Certainty::Proven => "error",
            Certainty::Possible => "note",
        };
        let text = format!(
            "{}. {}{says}\n{}",
            cause.title,
            cause.detail,
            as_text(&cause.remedies)
        );
        let mut result = Found {
            id: cause.id.word(),
            level,
            text: text.trim_end().to_owned(),
            certificate: cause.certificate.as_ref(),
            check: "",
        }
        .result(judged, rules);
        add_properties(&mut result, cause);
        results.push(result);
    }
    if judged.error.is_some() && judged.explained.causes.is_empty() {
        let found = Found {
            id: UNEXPLAINED,
            level: "error",
            text: format!("{} is refused.{says}", judged.leaf),
            certificate: None,
            check: "",
        };
        results.push(found.result(judged, rules));
    }
    for row in judged.warnings().chain(judged.unusual()) {
        let (level, ending) = match (row.is_refused_elsewhere, asked.is_strict) {
            _ if row.ends_every_handshake() => ("error", "No handshake with this key succeeds"),
            (true, true) => ("error", "rustls accepts it; not everybody does"),
            (true, false) => ("warning", "rustls accepts it; not everybody does"),
            (false, _) => ("note", "Every stack on record accepts it"),
        };
        let found = Found {
            id: rule_of(row),
            level,
            text: format!(
                "{} of the {} {}: {}. {ending}.{}",
                row.check.word(),
                row.role.word(),
                row.certificate
                    .as_ref()
                    .map_or("", |certificate| certificate.subject.as_str()),
                whole(row.detail.trim_end_matches('.')),
                judged
                    .mend(row)
                    .map_or_else(String::new, |cause| format!("\n{}", as_text(&cause.remedies)))
                    .trim_end()
            ),
            certificate: row.certificate.as_ref(),
            check: row.check.word(),
        };
        results.push(found.result(judged, rules));
    }
    for one in mends::demanded(&judged.explained.warned) {
        let cause = &one.cause;
        let text = format!("{}. {}\n{}", cause.title, cause.detail, as_text(&cause.remedies));
        let found = Found {
            id: ASKED_FOR,
            level: "note",
            text: text.trim_end().to_owned(),
            certificate: cause.certificate.as_ref(),
            check: cause.id.word(),
        };
        results.push(found.result(judged, rules));
    }
    for (opinion, words) in judged.refusals() {
        let found = Found {
            id: REFUSED_BY_A_STACK,
            level: if asked.is_ask_strict { "error" } else { "warning" },
            text: format!("{}.", asking::refusal(opinion, words).trim_end_matches('.')),
            certificate: None,
            check: opinion.stack.word(),
        };
        results.push(found.result(judged, rules));
    }
    for expiring in &judged.expiring {
        let found = Found {
            id: EXPIRES_SOON,
            level: "warning",
            text: format!("{}.", expiring.words),
            certificate: Some(&expiring.certificate),
            check: "",
        };
        results.push(found.result(judged, rules));
    }
    results
}

/// What a result is made of.
struct Found<'a> {
    id: &'a str,
    level: &'static str,
    text: String,
    certificate: Option<&'a CertificateRef>,
    check: &'static str,
}

impl Found<'_> {
    fn result(&self, judged: &Judged, rules: &mut Rules) -> Value {
        let place = judged.place(self.certificate);
        // What lies nowhere is told at the head of the chain's own file.
        let (file, line) = place.map_or((Some(judged.file.as_str()), None), |place| {
            (place.file.as_deref(), place.line)
        });
        let sha256 = self
            .certificate
            .map_or("", |certificate| certificate.sha256.as_str());
        // The same finding in the same file stays the same, whatever the day and however far it moved.
        let identity = [self.id, self.check, sha256, judged.file.as_str()].join("\n");
        json!({
            "ruleId": self.id,
            "ruleIndex": rules.index(self.id),
            "level": self.level,
            "message": { "text": self.text },
            "locations": [location(file, line)],
            "partialFingerprints": { "mtlscopeFinding/v1": sha256_hex(identity.as_bytes()) },
            "properties": { "chain": judged.file, "certificate": sha256 },
        })
    }
}

fn add_properties(result: &mut Value, cause: &Cause) {
    if let Some(properties) = result.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("certainty".to_owned(), cause.certainty.word().into());
        properties.insert("reported".to_owned(), cause.reported.into());
    }
}

/// DER has no lines; code scanning wants one.
fn location(file: Option<&str>, line: Option<usize>) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": file.filter(|file| *file != "-").map_or_else(|| "stdin".to_owned(), uri) },
        "region": { "startLine": line.unwrap_or(1) },
    } })
}

/// A file as a URI reference (RFC 3986): relative where the user's path is, so that it counts from the root of the
/// repository; `file://` where it is absolute.
fn uri(file: &str) -> String {
    let path = Path::new(file);
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(percent_encoded(&name.to_string_lossy())),
            Component::ParentDir => Some("..".to_owned()),
            Component::Prefix(prefix) => Some(prefix.as_os_str().to_string_lossy().replace('\\', "/")),
            Component::RootDir | Component::CurDir => None,
        })
        .collect();
    let joined = parts.join("/");
    if path.is_absolute() {
        format!("file:///{joined}")
    } else {
        joined
    }
}

/// Everything but the unreserved characters (RFC 3986 §2.3): a colon in the first part would make it a scheme.
fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn as_text(remedies: &[Remedy]) -> String {
    let mut text = String::new();
    for remedy in remedies.iter().filter(|remedy| remedy.is_general()) {
        let _ = writeln!(text, "Fix: {}", remedy.text);
        for command in &remedy.commands {
            let _ = writeln!(text, "    {command}");
        }
    }
    text
}

fn as_markdown(remedies: &[Remedy]) -> String {
    let mut text = String::new();
    for remedy in remedies.iter().filter(|remedy| remedy.is_general()) {
        let _ = writeln!(text, "{}\n", remedy.text);
        if !remedy.commands.is_empty() {
            let _ = writeln!(text, "```sh\n{}\n```\n", remedy.commands.join("\n"));
        }
    }
    text
}

/// Rules, described for a client's chains.
#[cfg(test)]
pub(super) fn described(ids: &[&str]) -> Vec<Value> {
    let rules = Rules {
        asked_by: crate::capture::Side::Server,
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
    };
    rules.descriptors()
}

#[cfg(test)]
mod tests {
    use super::{Remedy, as_markdown, as_text, uri};
    use crate::diagnose::Tool;

    #[test]
    fn only_general_remedies_are_told_and_only_commands_are_fenced() {
        let remedy = |tool, text: &str, commands: &[&str]| Remedy {
            tool,
            text: text.to_owned(),
            commands: commands.iter().map(|one| (*one).to_owned()).collect(),
        };
        let all = [
            remedy(None, "Think.", &[]),
            remedy(Some(Tool::Step), "Another way.", &["step"]),
            remedy(Some(Tool::OpenSsl), "Do.", &["a", "b"]),
        ];
        assert_eq!(as_text(&all), "Fix: Think.\nFix: Do.\n    a\n    b\n");
        assert_eq!(as_markdown(&all), "Think.\n\nDo.\n\n```sh\na\nb\n```\n\n");
    }

    #[test]
    fn a_path_is_relative_where_the_user_gave_it_so() {
        assert_eq!(uri("certs/payments.pem"), "certs/payments.pem");
        assert_eq!(uri("./certs//a b#1.pem"), "certs/a%20b%231.pem");
        assert_eq!(uri("../c:d/é.pem"), "../c%3Ad/%C3%A9.pem");
        assert_eq!(uri("/etc/tls/100%.pem"), "file:///etc/tls/100%25.pem");
    }
}

//! Bad servers against a real client: a command that connects to where it is told to.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;

use super::authority::Authority;
use super::clients::minted;
use super::servers::{BadServer, Shop};
use super::{Answer, AuditError, AuditReport, Probe, answer};
use crate::cancel::Cancel;
use crate::diagnose::CauseId;
use crate::setup::Identity;
use crate::source::probe::{Served, Server};

/// A client to audit.
#[derive(Clone, Debug)]
pub struct ClientAudit {
    /// Program and arguments. `{port}`, `{name}` and `{ca}` (a PEM file with the CA to trust) are filled in.
    pub command: Vec<String>,
    /// The name that the client asks for; it has to lead to loopback.
    pub name: String,
    /// The CA that the client trusts, with its key; `None`: one is made, and the command says `{ca}` where it wants it.
    pub ca: Option<Authority>,
    /// How long to wait for the client to come and to speak.
    pub timeout: Duration,
}

/// Starts the client against every bad server, between two starts against the good one. `progress` hears of each as it begins.
pub fn audit_client(
    audit: &ClientAudit,
    now_unix_s: i64,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&'static str),
) -> Result<AuditReport, AuditError> {
    let workspace = |error: std::io::Error| AuditError::Workspace {
        words: error.to_string(),
    };
    let made;
    let ca = if let Some(ca) = &audit.ca {
        ca
    } else {
        let text = r#"[(name: "ca", subject: "mtlscope audit CA", is_ca: true)]"#;
        let found = minted(text, now_unix_s).map_err(|words| AuditError::Workspace { words })?;
        let found = found.find("ca")?;
        made = Authority {
            certificate: found.certificate.clone(),
            key: Some(found.key.key.clone()),
            others: Vec::new(),
        };
        &made
    };
    let directory = tempfile::tempdir().map_err(workspace)?;
    let ca_file = directory.path().join("ca.pem");
    // The whole file that the client is said to trust, or the one CA.
    let trusted = match ca.others.as_slice() {
        [] => std::slice::from_ref(&ca.certificate),
        all => all,
    };
    let trusted: String = trusted.iter().map(|one| pem(&one.der)).collect();
    std::fs::write(&ca_file, trusted).map_err(workspace)?;
    let shop = Shop {
        ca,
        name: &audit.name,
        now_unix_s,
    };
    let run = |identity: Result<Identity, String>, fault: Option<CauseId>| -> Result<Answer, AuditError> {
        let identity = match identity {
            Ok(identity) => identity,
            Err(why) => return Ok(Answer::NotRun(why)),
        };
        let served = meet(audit, &identity, &ca_file.to_string_lossy(), cancel)?;
        Ok(answer::for_its_fault(
            answer::of_client(&served),
            fault,
            &served.ending,
        ))
    };
    progress("the good server");
    let control = good(run(shop.good(), None)?);
    let mut probes = Vec::new();
    for bad in BadServer::ALL {
        if cancel.is_cancelled() {
            return Err(AuditError::Cancelled);
        }
        progress(bad.title());
        probes.push(Probe {
            id: bad.id(),
            title: bad.title(),
            teaches: bad.teaches(),
            cause: Some(bad.cause()),
            answer: run(shop.bad(bad), Some(bad.cause()))?,
        });
    }
    let mut control_again = None;
    if matches!(control.answer, Answer::Accepted(_)) {
        progress("the good server again");
        control_again = Some(good(run(shop.good(), None)?));
    }
    if cancel.is_cancelled() {
        return Err(AuditError::Cancelled);
    }
    Ok(AuditReport {
        control,
        ca_control: None,
        probes,
        control_again,
    })
}

fn good(answer: Answer) -> Probe {
    Probe {
        id: "good",
        title: "the good server",
        teaches: "It must be talked to: otherwise every refusal may have another reason.",
        cause: None,
        answer,
    }
}

/// One listener, one start of the client.
fn meet(
    audit: &ClientAudit,
    identity: &Identity,
    ca_file: &str,
    cancel: &Cancel,
) -> Result<Served, AuditError> {
    let server = Server::open(identity)?;
    let port = server.address().map_or(0, |address| address.port()).to_string();
    let fill = |word: &String| filled(word, &port, &audit.name, ca_file);
    let mut words = audit.command.iter().map(fill);
    let program = words.next().unwrap_or_default();
    let child = Command::new(&program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| AuditError::Start {
            program,
            words: error.to_string(),
        })?;
    let mut child = Ended(child);
    let served = server.serve_one(audit.timeout, cancel, &mut || {
        // A client that is gone and never came will not come.
        matches!(child.0.try_wait(), Ok(Some(_)) | Err(_))
    });
    Ok(served)
}

/// A word of the client's command, with what this server is.
fn filled(word: &str, port: &str, name: &str, ca_file: &str) -> String {
    word.replace("{port}", port)
        .replace("{name}", name)
        .replace("{ca}", ca_file)
}

/// A child that is ended whatever happens.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn pem(der: &[u8]) -> String {
    let body = base64::prelude::BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_learns_where_to_go_and_what_to_trust() {
        let of = |word| filled(word, "4433", "a.example", "/t/ca.pem");
        assert_eq!(
            of("https://{name}:{port}/{name}?{port}"),
            "https://a.example:4433/a.example?4433"
        );
        assert_eq!(of("--cacert={ca}"), "--cacert=/t/ca.pem");
        assert_eq!(of("{other} -v"), "{other} -v");
    }

    #[test]
    fn a_certificate_is_written_in_lines_of_64() {
        for length in [1, 47, 48, 49, 500] {
            let der = vec![0x5a; length];
            let text = pem(&der);
            let body: Vec<&str> = text.lines().filter(|line| !line.starts_with("-----")).collect();
            assert!(body.iter().rev().skip(1).all(|line| line.len() == 64), "{length}");
            assert!(body.last().is_some_and(|line| (1..=64).contains(&line.len())));
            let read = base64::prelude::BASE64_STANDARD
                .decode(body.concat())
                .expect("base64");
            assert_eq!(read, der);
        }
    }
}

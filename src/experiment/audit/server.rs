//! Bad clients against a real server.

use std::time::Duration;

use super::answer::{for_its_fault, of_server};
use super::authority::Authority;
use super::clients::{BadClient, Material};
use super::{Answer, AuditError, AuditReport, Probe};
use crate::cancel::Cancel;
use crate::setup::Identity;
use crate::source::probe::{Dial, Dialled, ProbeError, dial};

/// A server to audit.
#[derive(Clone, Debug)]
pub struct ServerAudit {
    /// `HOST:PORT`.
    pub address: String,
    /// The name to ask for.
    pub server_name: String,
    /// The client that it must let in.
    pub good: Identity,
    /// The CA that it trusts: for an impostor of its name, and, with its key, for what only it can sign.
    pub ca: Option<Authority>,
    /// What to ask for in HTTP; `None` speaks no HTTP: then a server that keeps the connection open has let us in.
    pub path: Option<String>,
    /// The server's certificates are optional on purpose: a client without one is no hole.
    pub allows_none: bool,
    /// How long to wait for anything.
    pub timeout: Duration,
}

/// Shows the server every bad client, between two showings of the good one. `progress` hears of each probe as it begins. Seconds of work at
/// most: every wait has its limit. `now_unix_s` is what the battery's validities count from.
pub fn audit_server(
    audit: &ServerAudit,
    now_unix_s: i64,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&'static str),
) -> Result<AuditReport, AuditError> {
    progress("the good client");
    let first = show(audit, Some(audit.good.clone()), cancel)?;
    let is_asked = audit.path.is_some();
    let control = good(of_server(&first, is_asked, false));
    let judge = |dialled: &Dialled| of_server(dialled, is_asked, first.is_confirmed);
    let material = Material {
        good: &audit.good,
        ca: audit.ca.as_ref(),
        now_unix_s,
    };
    let ca_control = match &audit.ca {
        Some(ca) if ca.key.is_some() => {
            progress("a valid client of the CA");
            let answer = match material.valid() {
                Ok(identity) => match show(audit, Some(identity), cancel) {
                    Ok(dialled) => judge(&dialled),
                    Err(error) => Answer::NotTested(error.to_string()),
                },
                Err(why) => Answer::NotRun(why),
            };
            Some(Probe {
                id: "valid",
                title: "a valid certificate of the CA",
                ..good(answer)
            })
        }
        Some(_) | None => None,
    };
    let doubt = doubt(audit, ca_control.as_ref());
    let mut probes = Vec::new();
    for bad in BadClient::ALL {
        if cancel.is_cancelled() {
            return Err(AuditError::Cancelled);
        }
        if bad == BadClient::NoCertificate && audit.allows_none {
            continue;
        }
        progress(bad.title());
        let answer = match bad.identity(&material) {
            Ok(identity) => match show(audit, identity, cancel) {
                Ok(dialled) => {
                    let answer = for_its_fault(judge(&dialled), Some(bad.cause()), &dialled.ending);
                    match (answer, doubt) {
                        (Answer::Refused(words), Some(doubt)) if bad.needs_ca() => {
                            Answer::NotTested(format!("{doubt} ({words})"))
                        }
                        (answer, _) => answer,
                    }
                }
                // It was there for the good client.
                Err(error @ ProbeError::Unreachable { .. }) => Answer::NotTested(error.to_string()),
                Err(error) => return Err(error.into()),
            },
            Err(why) => Answer::NotRun(why),
        };
        probes.push(Probe {
            id: bad.id(),
            title: bad.title(),
            teaches: bad.teaches(),
            cause: Some(bad.cause()),
            answer,
        });
    }
    let mut control_again = None;
    if matches!(control.answer, Answer::Accepted(_)) {
        progress("the good client again");
        control_again = Some(good(match show(audit, Some(audit.good.clone()), cancel) {
            Ok(dialled) => judge(&dialled),
            Err(error) => Answer::NotTested(error.to_string()),
        }));
    }
    if cancel.is_cancelled() {
        return Err(AuditError::Cancelled);
    }
    Ok(AuditReport {
        control,
        ca_control,
        probes,
        control_again,
    })
}

/// Why a refusal of what bears the CA's name proves nothing, if so.
fn doubt(audit: &ServerAudit, ca_control: Option<&Probe>) -> Option<&'static str> {
    match ca_control.map(|control| &control.answer) {
        Some(Answer::Accepted(_)) => None,
        Some(Answer::Refused(_)) => Some(
            "refused, but so is a valid certificate of this CA: is it the CA that the server trusts for clients?",
        ),
        Some(Answer::NotTested(_) | Answer::NotRun(_)) => {
            Some("refused, but it is not known that a valid certificate of this CA is let in")
        }
        // Without its key nothing of this CA can be shown but the good client.
        None => match &audit.ca {
            Some(ca) if !ca.is_above(&audit.good.chain) => Some(
                "refused, but the good client is of another CA: give the CA that issued its certificate, or this one's key",
            ),
            Some(_) | None => None,
        },
    }
}

fn good(answer: Answer) -> Probe {
    Probe {
        id: "good",
        title: "the good client",
        teaches: "It must be let in: otherwise every refusal may have another reason.",
        cause: None,
        answer,
    }
}

fn show(audit: &ServerAudit, identity: Option<Identity>, cancel: &Cancel) -> Result<Dialled, ProbeError> {
    let path = audit.path.as_ref();
    let request = path.map_or_else(Vec::new, |path| request(path, &audit.server_name).into_bytes());
    dial(&Dial {
        address: audit.address.clone(),
        server_name: audit.server_name.clone(),
        identity,
        request,
        timeout: audit.timeout,
        cancel: cancel.clone(),
    })
}

fn request(path: &str, host: &str) -> String {
    // A path with a line end would be a second request.
    let path: String = path.chars().filter(|c| !c.is_control() && *c != ' ').collect();
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: mtlscope-audit\r\nConnection: close\r\n\r\n")
}

#[cfg(test)]
mod tests {
    use super::request;

    #[test]
    fn a_path_is_one_word_of_one_request() {
        let behind =
            " HTTP/1.1\r\nHost: a.example\r\nUser-Agent: mtlscope-audit\r\nConnection: close\r\n\r\n";
        for (path, wanted) in [
            ("/", "/"),
            ("/orders?a=b#c", "/orders?a=b#c"),
            ("/a b", "/ab"),
            ("/a\r\nX: y", "/aX:y"),
            ("/a\tb\u{7f}", "/ab"),
            ("/é", "/é"),
        ] {
            assert_eq!(request(path, "a.example"), format!("GET {wanted}{behind}"));
        }
    }
}

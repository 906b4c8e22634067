//! Bad clients against a real server.

use std::time::Duration;

use super::answer::of_server;
use super::clients::{BadClient, Material};
use super::{Answer, AuditError, AuditReport, Probe};
use crate::cancel::Cancel;
use crate::pki::{LoadedCertificate, PrivateKey};
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
    /// The CA that it trusts, for an impostor of its name.
    pub ca: Option<LoadedCertificate>,
    /// That CA's key, for what only it can sign.
    pub ca_key: Option<PrivateKey>,
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
        ca_key: audit.ca_key.as_ref(),
        now_unix_s,
    };
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
                Ok(dialled) => judge(&dialled),
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
        probes,
        control_again,
    })
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
    let request = audit.path.as_ref().map_or_else(Vec::new, |path| {
        // A path with a line end would be a second request.
        let path: String = path.chars().filter(|c| !c.is_control() && *c != ' ').collect();
        format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: mtlscope-audit\r\nConnection: close\r\n\r\n",
            audit.server_name
        )
        .into_bytes()
    });
    dial(&Dial {
        address: audit.address.clone(),
        server_name: audit.server_name.clone(),
        identity,
        request,
        timeout: audit.timeout,
        cancel: cancel.clone(),
    })
}

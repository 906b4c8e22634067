//! Causes and the matrix in the published contract: the same in every format that has them.

use serde::Serialize;

use super::steps::are_steps;
use crate::capture::Side;
use crate::diagnose::{Cause, CauseId, CertificateRef, Evidence, MatrixRow, Outcome, Tool, TurnedAway};

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct CertificateJson {
    pub sha256: String,
    pub subject: String,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct CauseJson {
    pub id: &'static str,
    pub certainty: &'static str,
    pub side: Option<&'static str>,
    pub certificate: Option<CertificateJson>,
    pub title: String,
    pub detail: String,
    /// An addition: the rule behind it, for experts.
    pub rule: String,
    pub reported: bool,
    pub evidence: Vec<EvidenceJson>,
    pub remedies: Vec<RemedyJson>,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct EvidenceJson {
    pub message: Option<usize>,
    pub start: usize,
    pub end: usize,
    pub words: String,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct RemedyJson {
    /// An addition: `openssl`, `step`, `cert-manager`, `nginx`, `envoy`, `kubernetes`; null where it is no tool's affair.
    pub tool: Option<&'static str>,
    pub text: String,
    pub commands: Vec<String>,
    /// An addition: whether the commands are steps of one script, to be run in one shell with `set -e`: each needs what those
    /// before it made. Else each stands for itself.
    pub stop_at_first_error: bool,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct MatrixRowJson {
    pub side: &'static str,
    pub certificate: Option<CertificateJson>,
    pub role: &'static str,
    pub check: &'static str,
    pub outcome: &'static str,
    pub cause: Option<&'static str>,
    pub detail: String,
    /// An addition: of a warning, whether any stack on record refuses it; null for other outcomes.
    pub refused_elsewhere: Option<bool>,
}

pub(super) fn certificate(certificate: &CertificateRef) -> CertificateJson {
    CertificateJson {
        sha256: certificate.sha256.clone(),
        subject: certificate.subject.clone(),
    }
}

pub(super) fn cause(cause: &Cause) -> CauseJson {
    CauseJson {
        id: cause.id.word(),
        certainty: cause.certainty.word(),
        side: cause.side.map(Side::word),
        certificate: cause.certificate.as_ref().map(certificate),
        title: cause.title.clone(),
        detail: cause.detail.clone(),
        rule: cause.rule.clone(),
        reported: cause.reported,
        evidence: cause.evidence.iter().map(evidence).collect(),
        remedies: cause
            .remedies
            .iter()
            .map(|remedy| RemedyJson {
                tool: remedy.tool.map(Tool::word),
                text: remedy.text.clone(),
                commands: remedy.commands.clone(),
                stop_at_first_error: are_steps(&remedy.commands),
            })
            .collect(),
    }
}

/// What the application said once TLS had accepted.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct ApplicationRefusalJson {
    pub certainty: &'static str,
    pub status: Option<u16>,
    pub words: String,
    pub evidence: EvidenceJson,
}

pub(super) fn application_refusal(turned: &TurnedAway) -> ApplicationRefusalJson {
    ApplicationRefusalJson {
        certainty: turned.certainty.word(),
        status: turned.status,
        words: turned.words.clone(),
        evidence: evidence(&turned.evidence),
    }
}

fn evidence(evidence: &Evidence) -> EvidenceJson {
    EvidenceJson {
        message: evidence.message,
        start: evidence.range.start,
        end: evidence.range.end,
        words: evidence.words.clone(),
    }
}

pub(super) fn matrix_row(row: &MatrixRow) -> MatrixRowJson {
    MatrixRowJson {
        side: row.side.word(),
        certificate: row.certificate.as_ref().map(certificate),
        role: row.role.word(),
        check: row.check.word(),
        outcome: row.outcome.word(),
        cause: row.cause.map(CauseId::word),
        detail: row.detail.clone(),
        refused_elsewhere: (row.outcome == Outcome::Warn).then_some(row.is_refused_elsewhere),
    }
}

//! The published contract: `mtlscope.verification/1`. Names stay once released, additions are free, every key is always
//! present (absent is null).

use serde::Serialize;

use super::judging::stack;
use super::report::{Asked, Entry, Judged, Report};
use crate::cli::asking::{self, OpinionJson};
use crate::cli::json_cause::{self, CauseJson, CertificateJson, MatrixRowJson};
use crate::cli::mends;
use crate::diagnose::{OnRecord, Stance};
use crate::pki::moment_rfc3339;

/// `mtlscope.verification/1`.
#[derive(Debug, Serialize)]
pub(super) struct VerificationJson {
    pub schema: &'static str,
    /// Of all chains: `rejected` where rustls refuses any; else `unknown` where a file could not be judged.
    pub verdict: &'static str,
    pub chains: Vec<ChainJson>,
    /// An addition: whose chains these are.
    pub r#for: &'static str,
    /// An addition: the name asked for.
    pub name: Option<String>,
    /// An addition: the time judged at (RFC 3339).
    pub at: String,
    /// An addition: what was taken for granted.
    pub notes: Vec<String>,
}

/// One chain file.
#[derive(Debug, Serialize)]
pub(super) struct ChainJson {
    pub file: String,
    /// rustls's; `unknown` where the file could not be judged.
    pub verdict: &'static str,
    pub stack: StackJson,
    pub causes: Vec<CauseJson>,
    pub matrix: Vec<MatrixRowJson>,
    /// An addition: what rustls lets pass and another stack refuses, or a program may ask for, with what mends it.
    pub warnings: Vec<mends::WarnedJson>,
    /// An addition: whether the exit status may be 0 for it; --strict and --expires-within ask for more than rustls.
    pub good: bool,
    /// An addition: what ends within the span of --expires-within.
    pub expires_soon: Vec<ExpiringJson>,
    /// An addition: why the file could not be judged.
    pub unusable: Option<String>,
    /// An addition: what was passed over in the file.
    pub notes: Vec<String>,
    /// An addition: what other stacks do with it, on record; nobody was asked. A stack that is missing decides as rustls does, as
    /// far as is known.
    pub on_record: Vec<OnRecordJson>,
    /// An addition: what other stacks say of it; null where nobody was asked.
    pub opinions: Option<Vec<OpinionJson>>,
}

/// Who gave the verdict, and its words where it refuses.
#[derive(Debug, Serialize)]
pub(super) struct StackJson {
    pub name: String,
    pub error: Option<String>,
}

/// What is on record of one stack.
#[derive(Debug, Serialize)]
pub(super) struct OnRecordJson {
    /// `OpenSSL 3.0.22`: the release whose doings are on record.
    pub stack: String,
    /// `accepts`, `refuses`.
    pub verdict: &'static str,
    /// Its words where it refuses.
    pub words: Option<String>,
    /// On what condition it accepts, and what else is to be known.
    pub notes: Vec<&'static str>,
}

fn on_record(one: &OnRecord) -> OnRecordJson {
    let (verdict, words) = match &one.stance {
        Stance::Accepts => ("accepts", None),
        Stance::Refuses(words) => ("refuses", Some(words.clone())),
    };
    OnRecordJson {
        stack: one.name.clone(),
        verdict,
        words,
        notes: one.notes.clone(),
    }
}

/// A certificate that will soon be over.
#[derive(Debug, Serialize)]
pub(super) struct ExpiringJson {
    pub certificate: CertificateJson,
    pub role: &'static str,
    /// RFC 3339.
    pub not_after: String,
}

/// A report as published.
pub(super) fn contract(report: &Report) -> VerificationJson {
    let asked = &report.asked;
    VerificationJson {
        schema: "mtlscope.verification/1",
        verdict: report.verdict().word(),
        chains: report
            .entries
            .iter()
            .map(|entry| match entry {
                Entry::Judged(judged) => chain(judged, asked),
                Entry::Unusable { file, sentence } => unusable(file, sentence),
            })
            .collect(),
        r#for: asked.sender.word(),
        name: asked.name.clone(),
        at: moment_rfc3339(asked.at_unix_s),
        notes: asked.notes.clone(),
    }
}

fn chain(judged: &Judged, asked: &Asked) -> ChainJson {
    ChainJson {
        file: judged.file.clone(),
        verdict: judged.verdict().word(),
        stack: StackJson {
            name: stack(),
            error: judged.error.clone(),
        },
        causes: judged.explained.causes.iter().map(json_cause::cause).collect(),
        matrix: judged
            .explained
            .judgement
            .matrix
            .iter()
            .map(json_cause::matrix_row)
            .collect(),
        warnings: mends::json(&judged.explained.warned),
        good: judged.is_good(asked),
        expires_soon: judged
            .expiring
            .iter()
            .map(|expiring| ExpiringJson {
                certificate: json_cause::certificate(&expiring.certificate),
                role: expiring.role,
                not_after: moment_rfc3339(expiring.not_after),
            })
            .collect(),
        unusable: None,
        notes: judged.notes.clone(),
        on_record: judged.explained.judgement.record.iter().map(on_record).collect(),
        opinions: judged.told.as_ref().map(asking::json),
    }
}

fn unusable(file: &str, sentence: &str) -> ChainJson {
    ChainJson {
        file: file.to_owned(),
        verdict: crate::diagnose::Verdict::Unknown.word(),
        stack: StackJson {
            name: stack(),
            error: None,
        },
        causes: Vec::new(),
        matrix: Vec::new(),
        warnings: Vec::new(),
        good: false,
        expires_soon: Vec::new(),
        unusable: Some(sentence.to_owned()),
        notes: Vec::new(),
        on_record: Vec::new(),
        opinions: None,
    }
}

//! The silent-withhold lens without a window: in JSON, and as a sentence for each reason.

use serde::Serialize;

use crate::analysis::Analysis;
use crate::diagnose::withhold::{Answer, Lens, Opinion};

/// What one stack would do with the client's certificate, asked as here.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct WithholdJson {
    pub stack: &'static str,
    /// `sends`, `withholds`, `fails`.
    pub verdict: &'static str,
    /// Null where it sends.
    pub why: Option<String>,
    pub rule: String,
    /// The CertificateRequest, an index into `messages`, and its bytes that decide.
    pub message: usize,
    pub start: usize,
    pub end: usize,
    /// The version of the real program that was held against the rule.
    pub tested_with: Option<String>,
}

/// Null where nobody asked, or there is nothing to send.
pub(super) fn json(analysis: &Analysis) -> Option<Vec<WithholdJson>> {
    let lens = analysis.diagnosis.withhold.as_ref()?;
    Some(lens.opinions.iter().map(|opinion| row(lens, opinion)).collect())
}

fn row(lens: &Lens, opinion: &Opinion) -> WithholdJson {
    WithholdJson {
        stack: opinion.stack,
        verdict: opinion.answer.word(),
        why: Some(opinion.why.clone()).filter(|why| !why.is_empty()),
        rule: opinion.rule.clone(),
        message: lens.message,
        start: opinion.decides.start,
        end: opinion.decides.end,
        tested_with: opinion.tested.map(|tested| tested.version.clone()),
    }
}

/// Who would not send it and why, a paragraph for each reason; nothing where all would.
pub(super) fn paragraphs(analysis: &Analysis) -> Vec<String> {
    let Some(lens) = &analysis.diagnosis.withhold else {
        return Vec::new();
    };
    let mut paragraphs: Vec<String> = lens
        .objectors()
        .iter()
        .filter_map(|group| {
            let first = group.first()?;
            let names: Vec<String> = group
                .iter()
                .map(|opinion| {
                    opinion.tested.map_or_else(
                        || opinion.stack.to_owned(),
                        |tested| format!("{} {}", opinion.stack, tested.version),
                    )
                })
                .collect();
            let act = match first.answer {
                Answer::Fails => "would end the connection",
                Answer::Sends | Answer::Withholds => "would send none",
            };
            Some(format!("{} {act}: {}.", names.join("; "), first.why))
        })
        .collect();
    if !paragraphs.is_empty() {
        let senders: Vec<&str> = lens.senders().map(|opinion| opinion.stack).collect();
        let others = if senders.is_empty() {
            "None of the stacks that were tested would send it.".to_owned()
        } else {
            format!("{} would send it.", senders.join(", "))
        };
        paragraphs.insert(0, format!("Asked as here, and given {}: {others}", lens.name));
    }
    paragraphs
}

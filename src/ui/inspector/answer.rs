//! The answer in words: for the card when nothing failed, and as text for the clipboard.

use std::fmt::Write;

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::Verdict;

/// Title and text where there is no cause to name.
pub(super) fn without_cause(analysis: &Analysis) -> (String, String) {
    let transcript = &analysis.transcript;
    let is_mutual = transcript
        .chain_sent_by(Side::Client)
        .is_some_and(|(_, chain)| !chain.chain.is_empty());
    let parts: Vec<String> = [&transcript.version, &transcript.cipher_suite, &transcript.group]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    match analysis.diagnosis.verdict {
        Verdict::Accepted if is_mutual => (
            "Both sides proved who they are".to_owned(),
            format!(
                "The channel is encrypted and nobody in the middle can read or change it: {}.",
                parts.join(", ")
            ),
        ),
        Verdict::Accepted => (
            "Only the server proved who it is".to_owned(),
            format!(
                "The channel is encrypted, but the client stayed anonymous: {}.",
                parts.join(", ")
            ),
        ),
        Verdict::Rejected => (
            "One side refused, and the evidence does not say why".to_owned(),
            "No check that was made here fails.".to_owned(),
        ),
        Verdict::Unfinished => (
            "The handshake did not finish".to_owned(),
            "It ended before anybody decided.".to_owned(),
        ),
        Verdict::Unknown => (
            "What came of it is not known".to_owned(),
            "The evidence does not tell.".to_owned(),
        ),
    }
}

/// The whole answer as text: verdict, causes, mends, and what each side believed.
pub fn as_text(analysis: &Analysis) -> String {
    let mut out = String::new();
    let diagnosis = &analysis.diagnosis;
    let _ = writeln!(out, "Handshake {}", diagnosis.verdict.word());
    if diagnosis.causes.is_empty() {
        let (title, text) = without_cause(analysis);
        let _ = writeln!(out, "{title}. {text}");
    }
    for (index, cause) in diagnosis.causes.iter().enumerate() {
        let reported = if cause.reported {
            "reported"
        } else {
            "not reported"
        };
        let _ = writeln!(
            out,
            "\n{}. {} [{}, {}, {reported}]",
            index + 1,
            cause.title,
            cause.id.word(),
            cause.certainty.word()
        );
        let _ = writeln!(out, "   {}", cause.detail);
        for evidence in &cause.evidence {
            let _ = writeln!(out, "   - {}", evidence.words);
        }
        for remedy in &cause.remedies {
            let _ = writeln!(out, "   Mend: {}", remedy.text);
            for command in &remedy.commands {
                let _ = writeln!(out, "     $ {command}");
            }
        }
    }
    for side in Side::BOTH {
        let ending = diagnosis.endings.of(side);
        let words = ending
            .error
            .as_deref()
            .map_or_else(String::new, |error| format!(": {error}"));
        let _ = writeln!(out, "\n{}: {}{words}", side.word(), ending.verdict.word());
    }
    if let Some(words) = &analysis.story.two_truths {
        let _ = writeln!(out, "\n{words}");
    }
    out
}

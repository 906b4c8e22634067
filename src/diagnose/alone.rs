//! A chain judged and explained with no handshake around it: what a pipeline asks for.

use std::cell::OnceCell;

use super::causes::{self, Grounds};
use super::fill::Fill;
use super::warned::{Warned, warned_alone};
use super::words::tell;
use super::{Cause, CauseId, ChainInput, ChainJudgement, Remedy, judge_chain};
use crate::capture::{AtHand, Der, Side, StackVerdict, VerdictCode};

/// A chain judged, with the causes of its refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainExplanation {
    /// Every check on every certificate, and the picture.
    pub judgement: ChainJudgement,
    /// Failures only; the first is the one to fix. Their evidence counts in the DER of the certificate they name.
    pub causes: Vec<Cause>,
    /// What the stack that judged lets pass and another refuses, or may ask for.
    pub warned: Vec<Warned>,
}

/// Judges a chain and says why it fails, in the words that a handshake would be explained with.
///
/// `at_hand` is every certificate that anybody has, with its file, the chain's own and the trusted ones among them; it
/// stands for `input.at_hand`. `verdict` is what a stack concluded about the same chain: what it names is `reported`, and
/// what it accepted has no causes. `None` where no stack was asked.
pub fn explain_chain(
    input: &ChainInput<'_>,
    at_hand: &[AtHand],
    verdict: Option<&StackVerdict>,
) -> ChainExplanation {
    let pool: Vec<Der> = at_hand.iter().map(|item| item.der.clone()).collect();
    let judgement = judge_chain(&ChainInput {
        at_hand: &pool,
        ..input.clone()
    });
    let grounds = Grounds {
        judge: input.judge,
        trust: input.trust,
        clock_unix_s: input.clock_unix_s,
        chain: input.chain,
        at_hand,
        key_in_use: input.key_in_use,
        key_file: None,
        key_is_der: false,
        key_wrapping: None,
        is_from_packets: false,
        transcript: None,
        holdings: OnceCell::default(),
    };
    let is_accepted = verdict.is_some_and(|verdict| verdict.code == VerdictCode::Accepted);
    let drafts = if is_accepted {
        Vec::new()
    } else {
        causes::from_matrix(&judgement.matrix, &judgement.view, &grounds)
    };
    ChainExplanation {
        causes: causes::finish_alone(drafts, verdict),
        warned: warned_alone(&judgement.matrix, &judgement.view, &grounds),
        judgement,
    }
}

/// What a cause means and what mends it, of no certificate in particular: for a list of rules. `judge` refuses for it.
pub fn about(id: CauseId, judge: Side) -> (String, Vec<Remedy>) {
    let (sender, judge_word) = (judge.peer().word(), judge.word());
    let fill = Fill::default()
        .with("judge", judge_word)
        .with("sender", sender)
        .with("what", "certificate")
        .with("name", "NAME")
        .with("expected", "NAME")
        .with("issuer", "the issuer")
        .with("subject", "the certificate")
        .with("file", format!("{sender}.pem"))
        .with("leaf_file", format!("{sender}.pem"))
        .with("trust_file", "trust.pem")
        .with(
            "needed",
            match judge {
                Side::Client => "serverAuth",
                Side::Server => "clientAuth",
            },
        );
    let told = tell(id, &fill);
    (told.title, told.remedies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_left_with_an_open_brace() {
        for judge in Side::BOTH {
            for id in CauseId::ALL {
                let (title, remedies) = about(*id, judge);
                let texts = remedies
                    .iter()
                    .flat_map(|remedy| remedy.commands.iter().chain([&remedy.text]));
                for text in texts.chain([&title]) {
                    let is_open = text.match_indices('{').any(|(at, _)| {
                        text.get(at + 1..at + 2)
                            .is_some_and(|next| next.chars().all(|c| c.is_ascii_lowercase()))
                    });
                    // awk and printf have braces of their own, after a blank or a quote.
                    assert!(!is_open || text.contains("awk"), "{}: {text}", id.word());
                }
            }
        }
    }
}

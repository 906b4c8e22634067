//! A whole transcript judged: both chains, the handshake itself, and how each side ended.

use std::collections::HashSet;

use super::cause::{Cause, Certainty};
use super::chain::{ChainInput, ChainJudgement, judge_chain, judge_with_staples};
use super::endings::recorded_at_s;
use super::matrix::{CheckKind, MatrixRow, Outcome, Role};
use super::proofs::Proof;
use super::record::OnRecord;
use super::turned_away::{TurnedAway, turned_away};
use super::verdict::{Ending, Verdict};
use super::view::ChainView;
use super::{causes, endings, lists, proofs, withhold};
use crate::capture::{Capture, Der, EventKind, PerSide, Side, Slot};
use crate::decode::{Body, MessageKind, Transcript};
use crate::iana::SignatureScheme;

/// The transcript judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Of the connection as a whole.
    pub verdict: Verdict,
    /// Of each side.
    pub endings: PerSide<Ending>,
    /// Failures only; the first is the one to fix.
    pub causes: Vec<Cause>,
    /// Every check on every certificate of both chains.
    pub matrix: Vec<MatrixRow>,
    /// The chain that each side *presented*, as its peer sees it.
    pub chains: PerSide<ChainView>,
    /// What other stacks do with the chain that each side presented, on record: nobody was asked.
    pub records: PerSide<Vec<OnRecord>>,
    /// The handshake's own proofs, recomputed: signatures and Finished values, in the order of their messages.
    pub proofs: Vec<Proof>,
    /// Which stacks would send this client's certificate when asked so; `None` where nobody asked or nothing is there to send.
    pub withhold: Option<withhold::Lens>,
    /// What the application said once TLS had accepted, where it turned the client away; no part of the verdict.
    pub turned_away: Option<TurnedAway>,
}

impl Diagnosis {
    /// Somebody presented a chain, and whom its judge trusts is not in the evidence: nothing here says that the chain leads
    /// to a root.
    pub fn is_trust_unknown(&self, judge: Side) -> bool {
        let chain = self.chains.of(judge.peer());
        !chain.links.is_empty() && chain.store.is_none()
    }

    /// The proof, an index into the messages, by which the client showed that it holds its certificate's key (RFC 8446
    /// §4.4.3, RFC 5246 §7.4.8), where its signature holds.
    pub fn client_proof(&self) -> Option<usize> {
        let proof = self.proofs.iter().find(|proof| {
            proof.side == Side::Client
                && proof.kind == MessageKind::CertificateVerify.word()
                && proof.holds == Some(true)
        })?;
        Some(proof.message)
    }
}

/// Judges a transcript with the configuration and the verdicts of its capture.
pub fn diagnose(capture: &Capture, transcript: &Transcript) -> Diagnosis {
    let endings = endings::endings(capture, transcript);
    let verdict = endings::verdict(&endings);
    let mut matrix = Vec::new();
    let mut chains = PerSide::default();
    let mut records = PerSide::default();
    let mut drafts = Vec::new();
    for sender in Side::BOTH {
        let judge = sender.peer();
        let chain = presented(capture, transcript, sender);
        let judgement = judge_sender(capture, transcript, sender, &chain);
        if verdict != Verdict::Accepted && !has_gone_on(capture, transcript, judge) {
            drafts.extend(causes::from_matrix(
                &judgement.matrix,
                &judgement.view,
                &causes::Grounds::of_handshake(judge, &chain, capture, transcript),
            ));
        }
        let nothing_presented = judgement.matrix.is_empty() && causes::does_judge(capture, judge);
        if nothing_presented {
            matrix.extend(not_reached(judge));
        }
        matrix.extend(judgement.matrix);
        *chains.of_mut(sender) = judgement.view;
        *records.of_mut(sender) = judgement.record;
    }
    if verdict != Verdict::Accepted {
        drafts.extend(causes::from_handshake(capture, transcript));
        drafts.extend(held_back(capture, transcript));
        let possible = causes::from_alerts(&drafts, &matrix, capture, transcript);
        drafts.extend(possible);
    }
    let causes = causes::finish(drafts, capture, transcript);
    Diagnosis {
        verdict,
        endings,
        causes,
        matrix,
        chains,
        records,
        proofs: proofs::proofs(transcript),
        withhold: withhold::lens(capture, transcript),
        turned_away: turned_away(transcript).filter(|_| verdict == Verdict::Accepted),
    }
}

/// Whether packets show that a side accepted what its peer showed, whatever our own clock and roots would say: it went on
/// with its own part, and sent no alert.
fn has_gone_on(capture: &Capture, transcript: &Transcript, judge: Side) -> bool {
    let objected = transcript
        .failure_alerts()
        .any(|(_, message, _)| message.side == judge);
    if capture.origin.is_witnessed(judge) || objected {
        return false;
    }
    match judge {
        Side::Client => [MessageKind::Finished, MessageKind::ClientKeyExchange]
            .iter()
            .any(|kind| transcript.first(*kind, judge).is_some()),
        Side::Server => {
            let shown = transcript.chain_sent_by(Side::Client).map(|(index, _)| index);
            shown.is_some_and(|shown| {
                transcript.messages.iter().skip(shown).any(|message| {
                    message.side == judge
                        && matches!(
                            message.kind,
                            MessageKind::Finished
                                | MessageKind::NewSessionTicket
                                | MessageKind::ApplicationData
                        )
                })
            })
        }
    }
}

/// The chain that `sender` sent, or that its peer was handed where the flight stays shut; empty where nobody judges it.
pub(super) fn presented(capture: &Capture, transcript: &Transcript, sender: Side) -> Vec<Der> {
    let judge = sender.peer();
    if !causes::does_judge(capture, judge) {
        return Vec::new();
    }
    match transcript.chain_sent_by(sender) {
        Some((_, sent)) => sent.chain.iter().map(|(der, _)| der.clone()).collect(),
        // Where the flight stays shut, the judge's own stack may have said what it was handed.
        None => chain_handed_to(capture, judge),
    }
}

/// Judges the chain that `sender` presented.
fn judge_sender(capture: &Capture, transcript: &Transcript, sender: Side, chain: &[Der]) -> ChainJudgement {
    let judge = sender.peer();
    if chain.is_empty() {
        return ChainJudgement::default();
    }
    let at_hand = at_hand(capture);
    let input = ChainInput {
        chain,
        trust: capture.sides.of(judge).trust.as_ref(),
        judge,
        at_hand: &at_hand,
        clock_unix_s: recorded_at_s(capture),
        key_in_use: capture.sides.of(sender).key_in_use.as_deref(),
        possession: possession(transcript, sender),
    };
    judge_with_staples(&input, &lists::staples(transcript, sender))
}

/// The certificates at hand, each once, however many files hold it.
fn at_hand(capture: &Capture) -> Vec<Der> {
    let mut seen = HashSet::new();
    capture
        .at_hand
        .iter()
        .map(|item| &item.der)
        .filter(|der| seen.insert(*der))
        .cloned()
        .collect()
}

/// What the server would have said to a certificate that the client has and did not send: some stacks keep one back
/// that the server would refuse, and say nothing (RFC 8446 §4.4.2.3). Possible causes: nobody judged it.
fn held_back(capture: &Capture, transcript: &Transcript) -> Vec<causes::Draft> {
    let sent_none = transcript
        .chain_sent_by(Side::Client)
        .is_some_and(|(_, sent)| sent.chain.is_empty());
    let is_explained = capture
        .events
        .iter()
        .any(|event| matches!(event.kind, EventKind::CertificateWithheld { .. }));
    let chain: Vec<Der> = capture
        .at_hand
        .iter()
        .filter(|item| item.side == Some(Side::Client) && item.slot == Slot::Certificate)
        .map(|item| item.der.clone())
        .collect();
    let trust = capture.sides.server.trust.as_ref();
    if !sent_none || is_explained || chain.is_empty() || trust.is_none() {
        return Vec::new();
    }
    let at_hand = at_hand(capture);
    let judgement = judge_chain(&ChainInput {
        chain: &chain,
        trust,
        judge: Side::Server,
        at_hand: &at_hand,
        clock_unix_s: recorded_at_s(capture),
        key_in_use: capture.sides.client.key_in_use.as_deref(),
        possession: None,
    });
    let grounds = causes::Grounds::of_handshake(Side::Server, &chain, capture, transcript);
    let mut drafts = causes::from_matrix(&judgement.matrix, &judgement.view, &grounds);
    for draft in &mut drafts {
        draft.certainty = Certainty::Possible;
    }
    drafts
}

/// The chain that a judge's stack handed to its verifier.
fn chain_handed_to(capture: &Capture, judge: Side) -> Vec<Der> {
    capture
        .events
        .iter()
        .filter(|event| event.side == judge)
        .find_map(|event| match &event.kind {
            EventKind::ChainVerified { chain, .. } => Some(chain.clone()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The sender's proof that it holds its key: CertificateVerify, or 1.2's ServerKeyExchange.
fn possession(transcript: &Transcript, sender: Side) -> Option<(&str, &[u8], &[u8])> {
    // A scheme without a name is none that anybody could verify.
    let scheme =
        |scheme: Option<SignatureScheme>| scheme.and_then(SignatureScheme::registered).unwrap_or_default();
    transcript
        .messages
        .iter()
        .filter(|message| message.side == sender)
        .find_map(|message| match &message.body {
            Body::CertificateVerify(facts) => Some((
                scheme(facts.scheme),
                facts.signed.as_deref()?,
                facts.signature.as_slice(),
            )),
            Body::ServerKeyExchange {
                scheme: Some(of),
                signature,
                signed: Some(signed),
                ..
            } => Some((scheme(Some(*of)), signed.as_slice(), signature.as_slice())),
            _ => None,
        })
}

/// The checks that it never came to, because nothing was presented.
fn not_reached(judge: Side) -> impl Iterator<Item = MatrixRow> {
    CheckKind::ALL.into_iter().map(move |check| MatrixRow {
        side: judge,
        certificate: None,
        role: Role::Leaf,
        check,
        outcome: Outcome::NotReached,
        cause: None,
        is_refused_elsewhere: false,
        rules: Vec::new(),
        variety: None,
        demand: None,
        detail: format!("the {} presented no certificate", judge.peer().word()),
    })
}

#[cfg(test)]
mod tests;

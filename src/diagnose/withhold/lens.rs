//! The lens itself: a request and a chain, seen by every stack.

use super::asked::Asked;
use super::opinion::{Answer, Opinion};
use super::{shown, stacks};
use crate::capture::{Capture, Der, Side, Slot};
use crate::decode::Transcript;
use crate::diagnose::cause::CertificateRef;
use crate::pki::CertificateFacts;

/// A CertificateRequest and a client certificate, seen by every stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The CertificateRequest, an index into the transcript's messages.
    pub message: usize,
    /// The client's leaf.
    pub certificate: CertificateRef,
    /// What to call it.
    pub name: String,
    /// Whether this client did send it; `None` where its Certificate message was not seen.
    pub was_sent: Option<bool>,
    /// One for each stack.
    pub opinions: Vec<Opinion>,
}

impl Lens {
    /// Those that would send it.
    pub fn senders(&self) -> impl Iterator<Item = &Opinion> {
        self.opinions
            .iter()
            .filter(|opinion| opinion.answer == Answer::Sends)
    }

    /// Those that would not, each reason with all that share it, in the order of the stacks.
    pub fn objectors(&self) -> Vec<Vec<&Opinion>> {
        let mut groups: Vec<Vec<&Opinion>> = Vec::new();
        for opinion in self
            .opinions
            .iter()
            .filter(|opinion| opinion.answer != Answer::Sends)
        {
            let group = groups.iter_mut().find(|group| {
                group
                    .first()
                    .is_some_and(|first| first.why == opinion.why && first.answer == opinion.answer)
            });
            match group {
                Some(group) => group.push(opinion),
                None => groups.push(vec![opinion]),
            }
        }
        groups
    }

    /// For the detail of a cause: where the client sent nothing although it has this certificate, who else would have sent nothing, and why;
    /// `None` where it did send, or no stack here would have held back.
    pub fn explains_silence(&self) -> Option<String> {
        let first = self
            .opinions
            .iter()
            .find(|opinion| opinion.answer != Answer::Sends)
            .filter(|_| self.was_sent == Some(false))?;
        let alike: Vec<&str> = self
            .objectors()
            .into_iter()
            .flatten()
            .filter(|opinion| opinion.why == first.why)
            .map(|opinion| opinion.stack)
            .collect();
        Some(format!(
            "Asked so, {} would not send {} either: {}.",
            alike.join(", "),
            self.name,
            first.why
        ))
    }

    /// What one stack would do.
    pub fn opinion(&self, stack: &str) -> Option<&Opinion> {
        self.opinions.iter().find(|opinion| opinion.stack == stack)
    }
}

/// What each stack would do with this chain (leaf first) when asked so. `None` where the leaf cannot be read, or has a key of a kind
/// that the rules were not tested with: better silent than wrong.
pub fn would_send(asked: &Asked, chain: &[Der]) -> Option<Vec<Opinion>> {
    let own = shown::Shown::read(chain)?;
    Some(stacks::opinions(asked, &own))
}

/// The lens for a connection: where a CertificateRequest was seen whole, and the client has a certificate, sent or at hand.
pub fn lens(capture: &Capture, transcript: &Transcript) -> Option<Lens> {
    let (message, asked) = Asked::of(transcript)?;
    let sent = transcript.chain_sent_by(Side::Client).map(|(_, sent)| {
        let chain: Vec<Der> = sent.chain.iter().map(|(der, _)| der.clone()).collect();
        chain
    });
    let was_sent = sent.as_ref().map(|chain| !chain.is_empty());
    let chain = sent
        .filter(|chain| !chain.is_empty())
        .unwrap_or_else(|| own_chain(capture));
    let own = shown::Shown::read(&chain)?;
    let leaf = own.leaf()?;
    Some(Lens {
        message,
        certificate: CertificateRef {
            sha256: leaf.sha256.clone(),
            subject: leaf.subject.clone(),
        },
        name: leaf.display_name.clone(),
        was_sent,
        opinions: stacks::opinions(&asked, &own),
    })
}

/// The client's own certificates, that of its key first.
fn own_chain(capture: &Capture) -> Vec<Der> {
    let mut chain: Vec<Der> = capture
        .at_hand
        .iter()
        .filter(|item| item.side == Some(Side::Client) && item.slot == Slot::Certificate)
        .map(|item| item.der.clone())
        .collect();
    let key = capture.sides.client.key_in_use.as_deref();
    let leaf = chain.iter().position(|der| {
        CertificateFacts::from_der(der.as_bytes()).is_ok_and(|facts| key.is_some_and(|key| facts.spki == key))
    });
    if let Some(leaf) = leaf {
        let first = chain.remove(leaf);
        chain.insert(0, first);
    }
    chain
}

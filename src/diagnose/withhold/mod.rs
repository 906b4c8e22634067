//! The silent-withhold lens: for what a server asks of a client certificate, which stacks would send this one, and which would
//! say nothing and send none.
//!
//! A server's CertificateRequest names authorities, signature schemes and, in TLS 1.2, kinds of key. A client without a suitable
//! certificate sends a Certificate message with none in it (RFC 8446 §4.4.2, RFC 5246 §7.4.6). What is suitable is the client's
//! judgement, the stacks differ in it, and most of them are silent about it. `asked` is the request as plain facts, `rules` are the objections
//! that stacks raise, `stacks` says who raises which, and `tested` against which version of the real program each stack's
//! rules were held (`tests/stacks/withhold.rs`).
//!
//! Deliberately absent: whether the server would then *accept* the certificate. Of the stacks here none looks at the dates or purposes of
//! its own certificate before it sends it.

mod asked;
mod rules;
mod shown;
mod stacks;
mod tested;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use asked::Asked;
pub use stacks::stack_names;
pub use tested::Tested;

use super::CertificateRef;
use crate::capture::{Capture, Der, Side, Slot};
use crate::decode::Transcript;

/// What a stack would do when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It sends the certificate and proves that it holds the key.
    Sends,
    /// It sends a Certificate message without a certificate, and goes on as if it had none.
    Withholds,
    /// It ends the connection, or cannot even begin one.
    Fails,
}

impl Answer {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Withholds => "withholds",
            Self::Fails => "fails",
        }
    }
}

/// What one stack would do, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// `OpenSSL`, `Java (PKIX)`, ….
    pub stack: &'static str,
    /// What it would do.
    pub answer: Answer,
    /// Why, in a sentence for whoever met mTLS last week; empty where it sends.
    pub why: String,
    /// The stack's rule, precisely, with where it stands.
    pub rule: String,
    /// The bytes of the CertificateRequest that decide, its 4-byte header included.
    pub decides: Range<usize>,
    /// With which version of the program the rule was tested; `None` where no run was recorded.
    pub tested: Option<&'static Tested>,
}

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
        crate::pki::CertificateFacts::from_der(der.as_bytes())
            .is_ok_and(|facts| key.is_some_and(|key| facts.spki == key))
    });
    if let Some(leaf) = leaf {
        let first = chain.remove(leaf);
        chain.insert(0, first);
    }
    chain
}

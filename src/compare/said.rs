//! What a row of the ladder says, without what differs between any two runs: randoms, key shares, signatures, figures of time.

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Body, ClientHelloFacts, Message, MessageKind, ServerHelloFacts};
use crate::iana::Version;
use crate::story::{Row, RowKind};

/// Who acts and in what way: rows of one key may stand beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    kind: u8,
    pub side: Side,
    title: String,
}

/// The key of a row.
pub(super) fn key(analysis: &Analysis, at: usize) -> Option<Key> {
    let row = analysis.story.rows.get(at)?;
    let title = analysis.story.steps.get(at).map_or("", |step| &step.title);
    Some(match &row.kind {
        RowKind::Flight { from, is_alert, .. } => Key {
            kind: u8::from(*is_alert),
            side: *from,
            // An alert may stand beside another one, a farewell beside a farewell; what else is counted (`×2`) may differ in its
            // number.
            title: if *is_alert && title.starts_with("Alert") {
                String::new()
            } else {
                title.split(" ×").next().unwrap_or(title).to_owned()
            },
        },
        // A certificate that is missing is looked for where another is verified.
        RowKind::Verification { judge, .. } => Key {
            kind: 2,
            side: *judge,
            title: String::new(),
        },
        RowKind::Moment { side, .. } => Key {
            kind: 3,
            side: *side,
            title: title.to_owned(),
        },
    })
}

/// Whether two rows of one key say the same.
pub(super) fn is_equal(a: &Analysis, at_a: usize, b: &Analysis, at_b: usize) -> bool {
    let (Some(row_a), Some(row_b)) = (a.story.rows.get(at_a), b.story.rows.get(at_b)) else {
        return false;
    };
    let title = |analysis: &Analysis, at: usize| analysis.story.steps.get(at).map(|step| step.title.clone());
    title(a, at_a) == title(b, at_b) && says_the_same(a, row_a, b, row_b)
}

fn says_the_same(a: &Analysis, row_a: &Row, b: &Analysis, row_b: &Row) -> bool {
    match (&row_a.kind, &row_b.kind) {
        (
            RowKind::Flight {
                messages: of_a,
                is_lost: lost_a,
                ..
            },
            RowKind::Flight {
                messages: of_b,
                is_lost: lost_b,
                ..
            },
        ) => lost_a == lost_b && differing(a, of_a, b, of_b).is_none(),
        (
            RowKind::Verification {
                refused_for: for_a,
                is_accepted: accepted_a,
                ..
            },
            RowKind::Verification {
                refused_for: for_b,
                is_accepted: accepted_b,
                ..
            },
        ) => for_a == for_b && accepted_a == accepted_b,
        (RowKind::Moment { is_failure: a, .. }, RowKind::Moment { is_failure: b, .. }) => a == b,
        _ => false,
    }
}

/// The first message in which two flights differ, B's where both have one there; `None` where they say the same.
pub(super) fn differing(a: &Analysis, of_a: &[usize], b: &Analysis, of_b: &[usize]) -> Option<MessageKind> {
    let (of_a, of_b) = (speaking(a, of_a), speaking(b, of_b));
    let both = of_a.iter().zip(&of_b);
    let first = both
        .clone()
        .position(|(a, b)| !is_same_message(a, b))
        .unwrap_or_else(|| both.count());
    let message = of_b.get(first).or_else(|| of_a.get(first))?;
    Some(message.kind)
}

/// The messages of a flight that say something: in TLS 1.3 a ChangeCipherSpec does not (RFC 8446 appendix D.4), and stands on the
/// row of whatever was next.
fn speaking<'a>(analysis: &'a Analysis, messages: &[usize]) -> Vec<&'a Message> {
    let transcript = &analysis.transcript;
    let is_mute = |message: &Message| {
        message.kind == MessageKind::ChangeCipherSpec && transcript.version == Some(Version::TLS_13)
    };
    let all = messages.iter().filter_map(|at| transcript.messages.get(*at));
    all.filter(|message| !is_mute(message)).collect()
}

fn is_same_message(a: &Message, b: &Message) -> bool {
    if a.kind != b.kind {
        return false;
    }
    match (&a.body, &b.body) {
        (Body::ClientHello(hello_a), Body::ClientHello(hello_b)) => {
            offered(hello_a) == offered(hello_b) && extensions(a) == extensions(b)
        }
        (Body::ServerHello(hello_a), Body::ServerHello(hello_b)) => {
            chosen(hello_a) == chosen(hello_b) && extensions(a) == extensions(b)
        }
        (Body::Certificate(a), Body::Certificate(b)) => {
            let sent = |chain: &[(crate::capture::Der, std::ops::Range<usize>)]| -> Vec<crate::capture::Der> {
                chain.iter().map(|(der, _)| der.clone()).collect()
            };
            sent(&a.chain) == sent(&b.chain) && a.raw_public_key == b.raw_public_key
        }
        (Body::CertificateVerify(a), Body::CertificateVerify(b)) => a.scheme == b.scheme,
        (
            Body::ServerKeyExchange {
                group: group_a,
                scheme: scheme_a,
                ..
            },
            Body::ServerKeyExchange {
                group: group_b,
                scheme: scheme_b,
                ..
            },
        ) => group_a == group_b && scheme_a == scheme_b,
        (Body::NewSessionTicket { lifetime_s: a }, Body::NewSessionTicket { lifetime_s: b }) => a == b,
        // A checksum over what differs always, a key that is new each time, what stays shut.
        (Body::Finished(_), Body::Finished(_))
        | (Body::ClientKeyExchange { .. }, Body::ClientKeyExchange { .. })
        | (Body::Encrypted, Body::Encrypted) => true,
        (Body::EncryptedExtensions { .. }, Body::EncryptedExtensions { .. }) => {
            extensions(a) == extensions(b)
        }
        (Body::Other, Body::Other) if a.kind == MessageKind::Encrypted => true,
        _ => a.bytes == b.bytes,
    }
}

/// A hello without its random and the keys that its shares hold.
fn offered(facts: &ClientHelloFacts) -> ClientHelloFacts {
    ClientHelloFacts {
        random: Vec::new(),
        ..facts.clone()
    }
}

fn chosen(facts: &ServerHelloFacts) -> ServerHelloFacts {
    ServerHelloFacts {
        random: Vec::new(),
        session_id: Vec::new(),
        ..facts.clone()
    }
}

/// Which extensions there are: a client may send them in any order (RFC 8446 §4.2), and some shuffle them on purpose.
fn extensions(message: &Message) -> Vec<String> {
    let mut names: Vec<String> = message
        .root
        .children
        .iter()
        .filter(|field| field.name.contains("extensions"))
        .flat_map(|field| &field.children)
        .map(|field| field.name.to_string())
        .collect();
    names.sort_unstable();
    names
}

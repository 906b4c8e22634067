//! What a handshake is made of: who presents what, whom each trusts, what each speaks, the name, the clocks, the wire.

use super::both::{Both, Subject};
use super::chain_facts;
use crate::analysis::Analysis;
use crate::capture::{Capture, ClientAuth, Der, Origin, Policy, Side, Slot};
use crate::pki::{display_name, minute_words, sha256_hex};
use crate::setup::{Fault, FaultTarget, LabSetup};

/// One input: what can be put back by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names below say it")]
pub enum Input {
    Presents(Side),
    Trusts(Side),
    Revocation(Side),
    ServerName,
    ExpectedPeer,
    ClientAuth,
    Versions(Side),
    CipherSuites(Side),
    Groups(Side),
    Protocols(Side),
    VerifySchemes(Side),
    SignSchemes(Side),
    ServedNames,
    Clock(Side),
    Wire,
    Stack(Side),
}

impl Input {
    /// What it is called on screen.
    pub fn name(self) -> String {
        let of = |side: Side, what: &str| format!("The {}'s {what}", side.word());
        match self {
            Self::Presents(side) => format!("What the {} presents", side.word()),
            Self::Trusts(side) => format!("What the {} trusts", side.word()),
            Self::Revocation(side) => format!("What the {} knows of revocation", side.word()),
            Self::ServerName => "The name that the client asks for".to_owned(),
            Self::ExpectedPeer => "The client that the server expects".to_owned(),
            Self::ClientAuth => "Client authentication".to_owned(),
            Self::Versions(side) => of(side, "TLS versions"),
            Self::CipherSuites(side) => of(side, "cipher suites"),
            Self::Groups(side) => of(side, "groups"),
            Self::Protocols(side) => of(side, "protocols (ALPN)"),
            Self::VerifySchemes(side) => of(side, "signature schemes to verify"),
            Self::SignSchemes(side) => of(side, "signature schemes to sign"),
            Self::ServedNames => "The names that the server has a certificate for".to_owned(),
            Self::Clock(side) => of(side, "clock"),
            Self::Wire => "What the wire did".to_owned(),
            Self::Stack(side) => of(side, "stack"),
        }
    }

    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for side in Side::BOTH {
            all.extend([Self::Presents(side), Self::Trusts(side), Self::Revocation(side)]);
        }
        all.extend([Self::ServerName, Self::ExpectedPeer, Self::ClientAuth]);
        for side in Side::BOTH {
            all.extend([
                Self::Versions(side),
                Self::CipherSuites(side),
                Self::Groups(side),
                Self::Protocols(side),
                Self::VerifySchemes(side),
                Self::SignSchemes(side),
            ]);
        }
        all.push(Self::ServedNames);
        all.extend(Side::BOTH.map(Self::Clock));
        all.push(Self::Wire);
        all.extend(Side::BOTH.map(Self::Stack));
        all
    }
}

/// What an input is in one handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Two values are the same where this is.
    identity: String,
    /// For people.
    pub words: Vec<String>,
}

impl Value {
    fn list(words: Vec<String>) -> Self {
        Self {
            identity: words.join("\n"),
            words,
        }
    }
}

/// One input in both handshakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub input: Input,
    pub values: Both<Value>,
    /// Its own time in both: not the same, and nobody changed it.
    pub is_own_time: bool,
}

impl Compared {
    pub fn differs(&self) -> bool {
        self.is_own_time || self.values.a.identity != self.values.b.identity
    }

    pub fn words(&self) -> Both<Vec<String>> {
        Both {
            a: self.values.a.words.clone(),
            b: self.values.b.words.clone(),
        }
    }
}

/// Every input that both handshakes tell of.
pub(super) fn inputs(both: &Both<Subject<'_>>) -> Vec<Compared> {
    let (a, b) = (both.a.analysis, both.b.analysis);
    let mut found = Vec::new();
    for input in Input::all() {
        let configured = match (input, both.a.setup, both.b.setup) {
            (Input::Wire, Some(of_a), Some(of_b)) => (Some(fault(of_a)), Some(fault(of_b))),
            _ => (value(input, a, false), value(input, b, false)),
        };
        let values = match configured {
            (Some(a), Some(b)) => Some((a, b)),
            // Where one is a recording, both are read as it is: from what was said on the wire.
            _ => value(input, a, true).zip(value(input, b, true)),
        };
        let Some((of_a, of_b)) = values else { continue };
        let is_own_time = match input {
            Input::Clock(side) => {
                a.capture != b.capture && is_own_time(&a.capture, side) && is_own_time(&b.capture, side)
            }
            _ => false,
        };
        let mut values = Both { a: of_a, b: of_b };
        if let Input::CipherSuites(side) = input {
            suites_of_common_versions(&mut values, versions_of(&found, side));
        }
        found.push(Compared {
            input,
            values: tell_apart(values),
            is_own_time,
        });
    }
    found
}

fn versions_of(found: &[Compared], side: Side) -> Option<&Both<Value>> {
    let versions = found.iter().find(|one| one.input == Input::Versions(side))?;
    Some(&versions.values)
}

/// Suites of a version that only one of the two speaks went with that version, and changed with nothing else. Those of TLS 1.3
/// name no key exchange (RFC 8446 §B.4).
fn suites_of_common_versions(values: &mut Both<Value>, versions: Option<&Both<Value>>) {
    let Some(versions) = versions else { return };
    let speaks = |word: &str| {
        [&versions.a, &versions.b]
            .into_iter()
            .all(|value| value.words.iter().any(|version| version == word))
    };
    let (speaks_12, speaks_13) = (speaks("TLS 1.2"), speaks("TLS 1.3"));
    for value in [&mut values.a, &mut values.b] {
        let common = |name: &String| {
            if name.contains("_WITH_") {
                speaks_12
            } else {
                speaks_13
            }
        };
        *value = Value::list(value.words.iter().filter(|name| common(name)).cloned().collect());
    }
}

/// Two that differ and read alike are told apart by the start of a digest.
fn tell_apart(mut values: Both<Value>) -> Both<Value> {
    if values.a.identity != values.b.identity && values.a.words == values.b.words {
        for value in [&mut values.a, &mut values.b] {
            let digest = sha256_hex(value.identity.as_bytes());
            value
                .words
                .push(format!("(another, {})", digest.get(..8).unwrap_or_default()));
        }
    }
    values
}

/// It judges at the time of its run, as far as the recording tells.
fn is_own_time(capture: &Capture, side: Side) -> bool {
    let started = capture.started_at_unix_us.div_euclid(1_000_000);
    let trust = capture.sides.of(side).trust.as_ref();
    trust.is_some_and(|trust| trust.clock_unix_s.abs_diff(started) <= 1)
}

fn value(input: Input, analysis: &Analysis, is_seen_only: bool) -> Option<Value> {
    let capture = &analysis.capture;
    if is_seen_only {
        return seen(input, analysis);
    }
    let policy = |side: Side| capture.sides.of(side).policy.as_ref();
    let trust = |side: Side| capture.sides.of(side).trust.as_ref();
    let list = |side: Side, of: fn(&Policy) -> &Vec<String>| {
        policy(side).map(|policy| Value::list(of(policy).clone()))
    };
    match input {
        Input::Presents(side) => {
            let chain = presented(analysis, side)?;
            let key = capture.sides.of(side).key_in_use.as_deref().map(sha256_hex);
            Some(certificates(&chain, &key.unwrap_or_default()))
        }
        Input::Trusts(side) => trust(side).map(|trust| certificates(&trust.roots, "")),
        Input::Revocation(side) => trust(side).map(|trust| {
            let known = &trust.revocation;
            let digests = known.lists.iter().chain(&known.responses);
            let digests: Vec<String> = digests.map(|file| sha256_hex(file.der.as_bytes())).collect();
            let count = |many: usize, what: &str| match many {
                0 => None,
                1 => Some(format!("1 {what}")),
                many => Some(format!("{many} {what}s")),
            };
            let words: Vec<String> = [
                count(known.lists.len(), "revocation list"),
                count(known.responses.len(), "OCSP response"),
                known.is_leaf_only.then(|| "asks for the leaf only".to_owned()),
                known.allows_unknown.then(|| "lets the unknown pass".to_owned()),
                known
                    .refuses_stale
                    .then(|| "refuses a list that has run out".to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect();
            Value {
                identity: format!("{words:?} {digests:?}"),
                words,
            }
        }),
        Input::ServerName => {
            let name = trust(Side::Client)?.expected_name.clone();
            Some(Value::list(name.into_iter().collect()))
        }
        Input::ExpectedPeer => {
            let name = trust(Side::Server)?.expected_name.clone();
            Some(Value::list(name.into_iter().collect()))
        }
        Input::ClientAuth => {
            let word = match policy(Side::Server)?.client_auth? {
                ClientAuth::Required => "required",
                ClientAuth::Optional => "optional",
                ClientAuth::None => "not asked for",
            };
            Some(Value::list(vec![word.to_owned()]))
        }
        Input::Versions(side) => list(side, |policy| &policy.versions),
        Input::CipherSuites(side) => list(side, |policy| &policy.cipher_suites),
        Input::Groups(side) => list(side, |policy| &policy.groups),
        Input::Protocols(side) => list(side, |policy| &policy.alpn),
        Input::VerifySchemes(side) => list(side, |policy| &policy.verify_schemes),
        Input::SignSchemes(side) => list(side, |policy| &policy.sign_schemes),
        Input::ServedNames => list(Side::Server, |policy| &policy.server_names),
        Input::Clock(side) => trust(side).map(|trust| Value::list(vec![minute_words(trust.clock_unix_s)])),
        Input::Wire => Some(wire(analysis)),
        Input::Stack(side) => {
            let verdict = capture.sides.of(side).verdict.as_ref()?;
            // What mtlscope asks beside it, it asks in rustls: that is the stack all the same.
            let stack = verdict
                .stack
                .strip_prefix("mtlscope on ")
                .unwrap_or(&verdict.stack);
            Some(Value::list(vec![format!("{stack} {}", verdict.version)]))
        }
    }
}

/// What the wire alone tells of an input.
fn seen(input: Input, analysis: &Analysis) -> Option<Value> {
    let transcript = &analysis.transcript;
    let hello = || transcript.client_hello().map(|(_, hello)| hello);
    let named = |words: Vec<String>| Some(Value::list(words));
    match input {
        Input::Presents(side) => Some(certificates(&sent(analysis, side)?, "")),
        Input::Trusts(Side::Server) => {
            let (_, request) = transcript.certificate_request()?;
            named(request.authorities.iter().map(|(_, name)| name.clone()).collect())
        }
        Input::ServerName => named(hello()?.server_name.iter().cloned().collect()),
        Input::Versions(Side::Client) => named(hello()?.versions.iter().map(ToString::to_string).collect()),
        Input::CipherSuites(Side::Client) => {
            named(hello()?.cipher_suites.iter().map(ToString::to_string).collect())
        }
        Input::Groups(Side::Client) => named(hello()?.groups.iter().map(ToString::to_string).collect()),
        Input::Protocols(Side::Client) => named(hello()?.alpn.clone()),
        Input::VerifySchemes(Side::Client) => named(
            hello()?
                .signature_schemes
                .iter()
                .map(ToString::to_string)
                .collect(),
        ),
        _ => None,
    }
}

/// The chain that a side sent; `None` where the evidence does not show it.
fn sent(analysis: &Analysis, side: Side) -> Option<Vec<Der>> {
    let (_, message) = analysis.transcript.chain_sent_by(side)?;
    Some(message.chain.iter().map(|(der, _)| der.clone()).collect())
}

/// The chain that a side presents: in the lab what it was given, whether or not it came to send it.
pub(super) fn presented(analysis: &Analysis, side: Side) -> Option<Vec<Der>> {
    if analysis.capture.origin != Origin::Lab {
        return sent(analysis, side);
    }
    let own = analysis
        .capture
        .at_hand
        .iter()
        .filter(|item| item.side == Some(side) && item.slot == Slot::Certificate);
    Some(own.map(|item| item.der.clone()).collect())
}

fn certificates(chain: &[Der], key: &str) -> Value {
    let digests: Vec<String> = chain.iter().map(|der| sha256_hex(der.as_bytes())).collect();
    Value {
        identity: format!("{} {key}", digests.join(" ")),
        words: chain
            .iter()
            .take(chain_facts::MOST_CERTIFICATES)
            .map(|der| {
                display_name(der.as_bytes())
                    .unwrap_or_else(|_| "a certificate that cannot be read".to_owned())
            })
            .collect(),
    }
}

/// What the wire did, as the records tell.
fn wire(analysis: &Analysis) -> Value {
    let mut words: Vec<String> = Vec::new();
    let segments = analysis.capture.segments.iter();
    for (from, altered) in segments.filter_map(|segment| Some((segment.from, segment.altered.as_ref()?))) {
        use crate::capture::Alteration;
        let what = match altered {
            Alteration::Changed { .. } => "changed",
            Alteration::Dropped { .. } => "dropped",
            Alteration::Repeated => "repeated",
            Alteration::Stalled { .. } => "held back",
            Alteration::Cut { .. } => "cut short",
            Alteration::Injected => "injected",
            // A hole in the recording, and nothing that the wire did.
            Alteration::Missing { .. } => continue,
        };
        let line = format!("a record of the {} is {what}", from.word());
        if !words.contains(&line) {
            words.push(line);
        }
    }
    Value::list(words)
}

/// What the wire of a set-up is told to do.
fn fault(setup: &LabSetup) -> Value {
    let record = |what: &str, target: FaultTarget| {
        format!("record {} of the {} is {what}", target.record, target.from.word())
    };
    let words = setup.fault.map(|fault| match fault {
        Fault::Flip(target) => record("changed by one bit", target),
        Fault::FlipByte { target, byte } => record(&format!("changed by one bit in byte {byte}"), target),
        Fault::Drop(target) => record("dropped", target),
        Fault::Repeat(target) => record("repeated", target),
        Fault::Cut(target) => record("cut short", target),
        Fault::Stall(target) => record("held back", target),
        Fault::HangUp(side) => format!("the {} closes without a word", side.word()),
        Fault::Http => "plain HTTP answers".to_owned(),
    });
    Value::list(words.into_iter().collect())
}

/// What a set-up does to its wire.
#[allow(
    clippy::option_option,
    reason = "an honest wire is known, and not the same as not known"
)]
pub(super) fn fault_of(setup: Option<&LabSetup>, analysis: &Analysis) -> Option<Option<Fault>> {
    match setup {
        Some(setup) => Some(setup.fault),
        None => wire(analysis).words.is_empty().then_some(None),
    }
}

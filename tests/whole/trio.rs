//! Forged chains of three (leaf, issuer, root) that are the same each time: each case changes one thing of them.

use mtlscope::capture::{AtHand, Der, Revocation, RevocationFile, Side, Slot, Trust};
use mtlscope::diagnose::{ChainInput, OnRecord, Stance, on_record};

use crate::forge::{CLIENT_AUTH, Forge, Key, SERVER_AUTH, purposes};

pub const HOST: &str = "pay.shop.example";
/// 2027-01-15 08:00:00 UTC.
pub const NOW: i64 = 1_800_000_000;

/// Who stands where, leaf first.
pub const ROLES: [&str; 3] = ["leaf", "issuer", "root"];

/// Bytes written in hexadecimal, with spaces between what belongs together.
pub fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A chain before it is signed that both sides accept, and all that its judge is given.
pub struct Trio {
    /// Of the leaf, the issuer and the root.
    pub keys: [Key; 3],
    /// The same.
    pub forges: [Forge; 3],
    /// What is asked for by a client.
    pub name: Option<&'static str>,
    pub clock_unix_s: i64,
    pub lists: Vec<Vec<u8>>,
    pub is_leaf_only: bool,
    /// Certificates sent behind the issuer's.
    pub more_sent: Vec<Vec<u8>>,
    /// Roots behind the one.
    pub more_roots: Vec<Vec<u8>>,
    /// Sent in a handshake, in which somebody signs with the leaf's key.
    pub is_in_a_handshake: bool,
}

impl Trio {
    pub fn new() -> Self {
        let keys = [Key::fixed(3), Key::fixed(2), Key::fixed(1)];
        let mut leaf = Forge::leaf(HOST, "Issuer", &keys[0], &keys[1]);
        leaf.put(37, false, &purposes(&[SERVER_AUTH, CLIENT_AUTH]));
        let issuer = Forge::ca("Issuer", "Root", &keys[1], &keys[2]);
        let root = Forge::ca("Root", "Root", &keys[2], &keys[2]);
        Self {
            keys,
            forges: [leaf, issuer, root],
            name: Some(HOST),
            clock_unix_s: NOW,
            lists: Vec::new(),
            is_leaf_only: false,
            more_sent: Vec::new(),
            more_roots: Vec::new(),
            is_in_a_handshake: false,
        }
    }

    /// The one that a change makes of it.
    pub fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut trio = Self::new();
        change(&mut trio);
        trio
    }

    pub fn sent(&self) -> Vec<Der> {
        let [leaf, issuer, _] = &self.forges;
        let mut sent = vec![
            Der::from(leaf.sign(&self.keys[1])),
            Der::from(issuer.sign(&self.keys[2])),
        ];
        sent.extend(self.more_sent.iter().cloned().map(Der::from));
        sent
    }

    pub fn trust(&self, judge: Side) -> Trust {
        let mut roots = vec![Der::from(self.forges[2].sign(&self.keys[2]))];
        roots.extend(self.more_roots.iter().cloned().map(Der::from));
        Trust {
            roots,
            expected_name: self.name.filter(|_| judge == Side::Client).map(str::to_owned),
            clock_unix_s: self.clock_unix_s,
            revocation: Revocation {
                lists: self
                    .lists
                    .iter()
                    .map(|der| RevocationFile {
                        der: Der::from(der.clone()),
                        file: None,
                        line: None,
                        wrapping: None,
                    })
                    .collect(),
                is_leaf_only: self.is_leaf_only,
                ..Revocation::default()
            },
        }
    }

    /// The same certificates as they lie in files: what is sent, and what is trusted.
    pub fn at_hand(&self, judge: Side) -> Vec<AtHand> {
        let of = |side: Side, slot: Slot, file: &str, all: Vec<Der>| -> Vec<AtHand> {
            let all = all.into_iter().enumerate();
            all.map(|(entry, der)| AtHand {
                side: Some(side),
                slot,
                file: Some(file.to_owned()),
                entry,
                line: Some(1 + 10 * entry),
                within: None,
                wrapping: None,
                der,
            })
            .collect()
        };
        let mut all = of(judge.peer(), Slot::Certificate, "chain.pem", self.sent());
        all.extend(of(judge, Slot::Trust, "roots.pem", self.trust(judge).roots));
        all
    }

    /// What is on record of it.
    pub fn recorded(&self, judge: Side) -> Vec<OnRecord> {
        let (sent, trust) = (self.sent(), self.trust(judge));
        on_record(&ChainInput {
            chain: &sent,
            trust: Some(&trust),
            judge,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: self.is_in_a_handshake.then_some(self.keys[0].spki.as_slice()),
            possession: None,
        })
    }

    /// The same in a line: what each stack does.
    pub fn line(&self, judge: Side) -> String {
        let tell = |one: &OnRecord| {
            let what = match &one.stance {
                Stance::Accepts => "accepts",
                Stance::Refuses(words) => words,
            };
            let mut told = format!("{} {what}", one.id);
            for note in &one.notes {
                told = format!("{told}, {note}");
            }
            told
        };
        let told: Vec<String> = self.recorded(judge).iter().map(tell).collect();
        told.join(" | ")
    }

    /// What it is for a client and for a server; where that is the same, once.
    pub fn lines(&self) -> String {
        let (client, server) = (self.line(Side::Client), self.line(Side::Server));
        if client == server {
            client
        } else {
            format!("client: {client}\n  server: {server}")
        }
    }
}

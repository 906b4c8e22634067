//! A chain for every rule about which rustls and others differ: good but for one thing.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(missing_docs, reason = "test support")]

use std::path::Path;

use mtlscope::capture::Der;

use super::forge::{
    ANY_PURPOSE, CLIENT_AUTH, Forge, Key, SERVER_AUTH, basic_constraints, dns_names, extension, key_usage,
    name, pem, purposes, sequence, tlv, validity,
};

/// The name that is asked for.
pub const HOST: &str = "pay.shop.example";

/// A chain that breaks one rule.
pub struct Made {
    pub rule: &'static str,
    pub rustls_accepts: bool,
    /// The row that must say it.
    pub role: &'static str,
    pub check: &'static str,
    /// Words that the row must have.
    pub words: &'static str,
    pub host: &'static str,
    /// Leaf first.
    pub sent: Vec<Vec<u8>>,
    pub root: Vec<u8>,
}

impl Made {
    pub fn sent_ders(&self) -> Vec<Der> {
        self.sent.iter().cloned().map(Der::from).collect()
    }

    /// As files in a folder named after the rule.
    pub fn write(&self, folder: &Path) {
        let folder = folder.join(self.rule);
        std::fs::create_dir_all(&folder).expect("a folder");
        let all = |ders: &[Vec<u8>]| ders.iter().map(|der| pem(der)).collect::<String>();
        let put = |file: &str, text: String| std::fs::write(folder.join(file), text).expect("a file");
        put("leaf.pem", all(&self.sent[..1]));
        put("rest.pem", all(&self.sent[1..]));
        put("chain.pem", all(&self.sent));
        put("root.pem", pem(&self.root));
    }
}

/// Root, issuer and leaf before they are signed, and their keys.
struct Parts {
    root: Forge,
    issuer: Forge,
    leaf: Forge,
    keys: [Key; 3],
}

impl Parts {
    fn new() -> Self {
        let keys = [Key::new(), Key::new(), Key::new()];
        Self {
            root: Forge::ca("Root", "Root", &keys[0], &keys[0]),
            issuer: Forge::ca("Issuer", "Root", &keys[1], &keys[0]),
            leaf: Forge::leaf(HOST, "Issuer", &keys[2], &keys[1]),
            keys,
        }
    }

    fn sign(&self) -> [Vec<u8>; 3] {
        [
            self.leaf.sign(&self.keys[1]),
            self.issuer.sign(&self.keys[0]),
            self.root.sign(&self.keys[0]),
        ]
    }
}

fn finish(parts: &Parts) -> Made {
    let [leaf, issuer, root] = parts.sign();
    Made {
        rule: "good",
        rustls_accepts: true,
        role: "leaf",
        check: "encoding",
        words: "",
        host: HOST,
        sent: vec![leaf, issuer],
        root,
    }
}

/// Nothing is wrong with it.
pub fn good() -> Made {
    finish(&Parts::new())
}

/// rustls accepts it and must be said to.
fn pass(
    rule: &'static str,
    role: &'static str,
    check: &'static str,
    words: &'static str,
    change: impl FnOnce(&mut Parts),
) -> Made {
    let mut parts = Parts::new();
    change(&mut parts);
    Made {
        rule,
        role,
        check,
        words,
        ..finish(&parts)
    }
}

/// rustls refuses it.
fn fail(
    rule: &'static str,
    role: &'static str,
    check: &'static str,
    words: &'static str,
    change: impl FnOnce(&mut Parts),
) -> Made {
    Made {
        rustls_accepts: false,
        ..pass(rule, role, check, words, change)
    }
}

/// A name of RSA's with a modulus of so many bits, which nobody needs to factor.
fn rsa_spki(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0x55; bits.div_ceil(8)];
    modulus[0] = 1 << ((bits - 1) % 8);
    if let Some(last) = modulus.last_mut() {
        *last = 0x57;
    }
    if modulus[0] & 0x80 != 0 {
        modulus.insert(0, 0);
    }
    let key = sequence(&[tlv(0x02, &modulus), tlv(0x02, &[1, 0, 1])]);
    let algorithm = sequence(&[
        tlv(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]),
        tlv(0x05, &[]),
    ]);
    sequence(&[algorithm, tlv(0x03, &[&[0], key.as_slice()].concat())])
}

fn subtrees(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let list = |tag, bases: &[Vec<u8>]| {
        let all: Vec<Vec<u8>> = bases
            .iter()
            .map(|base| sequence(std::slice::from_ref(base)))
            .collect();
        if all.is_empty() {
            Vec::new()
        } else {
            tlv(tag, &all.concat())
        }
    };
    sequence(&[list(0xa0, permitted), list(0xa1, excluded)])
}

fn policies(ids: &[&[u8]]) -> Vec<u8> {
    sequence(
        &ids.iter()
            .map(|id| sequence(&[tlv(0x06, id)]))
            .collect::<Vec<_>>(),
    )
}

const A_POLICY: &[u8] = &[0x2a, 0x03, 0x04];

/// What rustls lets pass.
fn passed() -> Vec<Made> {
    vec![
        pass("expired-root", "root", "validity", "root's dates", |parts| {
            parts.root.validity = validity("200101000000Z", "210101000000Z");
        }),
        pass(
            "root-without-basic-constraints",
            "root",
            "basic-constraints",
            "no basicConstraints",
            |parts| {
                parts.root.drop(19);
            },
        ),
        pass(
            "root-not-a-ca",
            "root",
            "basic-constraints",
            "CA:FALSE",
            |parts| {
                parts.root.put(19, true, &basic_constraints(false, None));
            },
        ),
        pass(
            "root-path-length",
            "root",
            "path-length",
            "root's limit",
            |parts| {
                parts.root.put(19, true, &basic_constraints(true, Some(0)));
            },
        ),
        pass("root-version-1", "root", "version", "version 1", |parts| {
            parts.root.version = None;
            parts.root.extensions.clear();
        }),
        pass(
            "root-unknown-critical-extension",
            "root",
            "critical-extensions",
            "critical",
            |parts| {
                parts.root.extensions.push((0, extension(99, true, &[5, 0])));
            },
        ),
        pass(
            "root-wrong-purpose",
            "root",
            "purpose",
            "clientAuth, not serverAuth",
            |parts| {
                parts.root.put(37, false, &purposes(&[CLIENT_AUTH]));
            },
        ),
        pass(
            "root-without-key-cert-sign",
            "root",
            "key-usage",
            "keyCertSign is not",
            |parts| {
                parts.root.put(15, true, &key_usage(0x02));
            },
        ),
        pass(
            "intermediate-without-key-cert-sign",
            "intermediate",
            "key-usage",
            "keyCertSign is not",
            |parts| {
                parts.issuer.put(15, true, &key_usage(0x02));
            },
        ),
        pass(
            "leaf-without-digital-signature",
            "leaf",
            "key-usage",
            "digitalSignature is not",
            |parts| {
                parts.leaf.put(15, true, &key_usage(0x08));
            },
        ),
        pass(
            "ca-without-key-usage",
            "intermediate",
            "key-usage",
            "no keyUsage",
            |parts| {
                parts.issuer.drop(15);
            },
        ),
        pass(
            "key-cert-sign-without-ca",
            "leaf",
            "key-usage",
            "although it is no CA",
            |parts| {
                parts.leaf.put(15, true, &key_usage(0x84));
            },
        ),
        pass(
            "serial-zero",
            "leaf",
            "encoding",
            "serial number is zero",
            |parts| {
                parts.leaf.serial = vec![0];
            },
        ),
        pass(
            "serial-negative",
            "leaf",
            "encoding",
            "serial number is negative",
            |parts| {
                parts.leaf.serial = vec![0x91, 2, 3];
            },
        ),
        pass("serial-too-long", "leaf", "encoding", "longer than 20", |parts| {
            parts.leaf.serial = vec![0x11; 24];
        }),
        pass(
            "duplicate-extension",
            "leaf",
            "encoding",
            "stands there twice",
            |parts| {
                let twice = parts.leaf.extensions.iter().find(|(arc, _)| *arc == 14).cloned();
                parts.leaf.extensions.extend(twice);
            },
        ),
        pass("duplicate-policy", "leaf", "encoding", "listed twice", |parts| {
            parts.leaf.put(32, false, &policies(&[A_POLICY, A_POLICY]));
        }),
        pass(
            "date-in-long-form",
            "leaf",
            "validity",
            "GeneralizedTime",
            |parts| {
                parts.leaf.validity =
                    sequence(&[tlv(0x18, b"20250101000000Z"), tlv(0x18, b"20450101000000Z")]);
            },
        ),
        pass(
            "outlives-its-issuer",
            "leaf",
            "validity",
            "outlives its issuer",
            |parts| {
                parts.leaf.validity = validity("250101000000Z", "480101000000Z");
            },
        ),
        pass(
            "without-authority-key-id",
            "leaf",
            "issuer",
            "no authorityKeyIdentifier",
            |parts| {
                parts.leaf.drop(35);
            },
        ),
        pass(
            "root-without-subject-key-id",
            "root",
            "issuer",
            "no subjectKeyIdentifier",
            |parts| {
                parts.root.drop(14);
            },
        ),
        pass(
            "intermediate-without-subject-key-id",
            "intermediate",
            "issuer",
            "no subjectKeyIdentifier",
            |parts| {
                parts.issuer.drop(14);
            },
        ),
        pass(
            "key-identifiers-disagree",
            "leaf",
            "issuer",
            "names another key",
            |parts| {
                parts.leaf.put(35, false, &sequence(&[tlv(0x80, &[7; 20])]));
            },
        ),
        pass(
            "root-authority-key-id-without-key",
            "root",
            "issuer",
            "names no key",
            |parts| {
                parts.root.put(35, false, &sequence(&[]));
            },
        ),
        pass(
            "root-authority-key-id-with-serial",
            "root",
            "issuer",
            "gives a serial number",
            |parts| {
                let id = parts.keys[0].id.clone();
                let issuer = tlv(0xa1, &tlv(0xa4, &name("Root")));
                let serial = tlv(0x82, &parts.root.serial);
                parts
                    .root
                    .put(35, false, &sequence(&[tlv(0x80, &id), issuer, serial]));
            },
        ),
        pass(
            "subject-key-id-critical",
            "root",
            "critical-extensions",
            "subjectKeyIdentifier",
            |parts| {
                let id = tlv(0x04, &parts.keys[0].id);
                parts.root.put(14, true, &id);
            },
        ),
        pass(
            "authority-key-id-critical",
            "root",
            "critical-extensions",
            "authorityKeyIdentifier",
            |parts| {
                let id = sequence(&[tlv(0x80, &parts.keys[0].id)]);
                parts.root.put(35, true, &id);
            },
        ),
        pass(
            "policy-constraints-not-critical",
            "intermediate",
            "critical-extensions",
            "policyConstraints",
            |parts| {
                parts.issuer.put(36, false, &sequence(&[tlv(0x80, &[3])]));
            },
        ),
        pass(
            "explicit-policy-missing",
            "root",
            "critical-extensions",
            "states none",
            |parts| {
                parts.root.put(36, true, &sequence(&[tlv(0x80, &[0])]));
            },
        ),
        pass(
            "basic-constraints-not-critical",
            "intermediate",
            "basic-constraints",
            "not critical",
            |parts| {
                parts.issuer.put(19, false, &basic_constraints(true, None));
            },
        ),
        pass(
            "path-length-without-ca",
            "leaf",
            "basic-constraints",
            "limits the path",
            |parts| {
                parts.leaf.put(19, true, &basic_constraints(false, Some(1)));
            },
        ),
        pass(
            "any-purpose-in-leaf",
            "leaf",
            "purpose",
            "anyExtendedKeyUsage",
            |parts| {
                parts.leaf.put(37, false, &purposes(&[SERVER_AUTH, ANY_PURPOSE]));
            },
        ),
        pass("san-not-critical", "leaf", "name", "subject is empty", |parts| {
            parts.leaf.subject = name("");
        }),
        pass("common-name-not-in-san", "leaf", "name", "common name", |parts| {
            parts.leaf.subject = name("other.shop.example");
        }),
        Made {
            host: "pay.co.uk",
            ..pass(
                "wildcard-on-a-registry",
                "leaf",
                "name",
                "public suffix",
                |parts| {
                    parts.leaf.put(17, false, &dns_names(&["*.co.uk"]));
                    parts.leaf.subject = name("Pay");
                },
            )
        },
        pass(
            "name-constraints-in-leaf",
            "leaf",
            "name-constraints",
            "only a CA may",
            |parts| {
                parts
                    .leaf
                    .put(30, true, &subtrees(&[tlv(0x82, b"shop.example")], &[]));
            },
        ),
        pass(
            "name-constraints-empty",
            "intermediate",
            "name-constraints",
            "nothing",
            |parts| {
                parts.issuer.put(30, true, &sequence(&[]));
            },
        ),
        pass(
            "name-constraint-with-leading-dot",
            "intermediate",
            "name-constraints",
            "begins with a dot",
            |parts| {
                parts
                    .issuer
                    .put(30, true, &subtrees(&[tlv(0x82, b".shop.example")], &[]));
            },
        ),
        pass(
            "name-constraints-not-critical",
            "intermediate",
            "name-constraints",
            "not critical",
            |parts| {
                parts
                    .issuer
                    .put(30, false, &subtrees(&[tlv(0x82, b"shop.example")], &[]));
            },
        ),
        pass("weak-rsa-key", "leaf", "key-size", "RSA of 1024 bits", |parts| {
            parts.leaf.spki = rsa_spki(1024);
        }),
        pass(
            "rsa-bits-not-divisible-by-8",
            "leaf",
            "key-size",
            "divisible by 8",
            |parts| {
                parts.leaf.spki = rsa_spki(2049);
            },
        ),
    ]
}

/// Chains in which more is wrong than one certificate: how they were sent.
fn sent_oddly() -> Vec<Made> {
    // Two issuers, so that there is an order to be wrong.
    let three = || {
        let keys = [Key::new(), Key::new(), Key::new(), Key::new()];
        let root = Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]);
        let upper = Forge::ca("Upper", "Root", &keys[1], &keys[0]).sign(&keys[0]);
        let lower = Forge::ca("Lower", "Upper", &keys[2], &keys[1]).sign(&keys[1]);
        let leaf = Forge::leaf(HOST, "Lower", &keys[3], &keys[2]).sign(&keys[2]);
        (leaf, lower, upper, root)
    };
    let made = |rule, check, words, sent, root| Made {
        rule,
        rustls_accepts: true,
        role: "intermediate",
        check,
        words,
        host: HOST,
        sent,
        root,
    };
    let (leaf, lower, upper, root) = three();
    let wrong = made(
        "wrong-order",
        "issuer",
        "does not sign the one before it",
        vec![leaf, upper, lower],
        root,
    );
    let (leaf, lower, upper, root) = three();
    let twice = made(
        "sent-twice",
        "issuer",
        "2 times",
        vec![leaf, lower.clone(), lower, upper],
        root,
    );
    let (leaf, lower, upper, root) = three();
    let (_, stranger, ..) = three();
    let unneeded = made(
        "unneeded-certificate",
        "issuer",
        "does not need it",
        vec![leaf, lower, upper, stranger],
        root,
    );
    vec![wrong, twice, unneeded]
}

/// A constraint of a kind that rustls does not compare, and a name that keeps to it.
fn constrained(rule: &'static str, base: Vec<u8>, own: Vec<u8>) -> Made {
    fail(
        rule,
        "intermediate",
        "name-constraints",
        "compares no names of that kind",
        |parts| {
            parts.issuer.put(30, true, &subtrees(&[base], &[]));
            let host = tlv(0x82, HOST.as_bytes());
            parts.leaf.put(17, false, &sequence(&[host, own]));
        },
    )
}

/// A root that may certify one domain, and issued itself a new key under another name's roof.
fn self_issued() -> Made {
    let keys = [Key::new(), Key::new(), Key::new()];
    let mut root = Forge::ca("Root", "Root", &keys[0], &keys[0]);
    root.put(30, true, &subtrees(&[tlv(0x82, b"shop.example")], &[]));
    let mut again = Forge::ca("Root", "Root", &keys[1], &keys[0]);
    let id = sequence(&[tlv(0x80, &keys[0].id)]);
    again.put(35, false, &id);
    again.put(17, false, &dns_names(&["ca.other.example"]));
    let leaf = Forge::leaf(HOST, "Root", &keys[2], &keys[1]);
    Made {
        rule: "self-issued-under-constraints",
        rustls_accepts: false,
        role: "leaf",
        check: "signature",
        words: "issued itself a new key",
        host: HOST,
        sent: vec![leaf.sign(&keys[1]), again.sign(&keys[0])],
        root: root.sign(&keys[0]),
    }
}

/// What rustls refuses and others may accept.
fn refused() -> Vec<Made> {
    let mut all = vec![
        fail(
            "any-purpose-only",
            "leaf",
            "purpose",
            "anyExtendedKeyUsage",
            |parts| {
                parts.leaf.put(37, false, &purposes(&[ANY_PURPOSE]));
            },
        ),
        fail("ca-as-leaf", "leaf", "basic-constraints", "CA:TRUE", |parts| {
            parts.leaf.put(19, true, &basic_constraints(true, None));
            parts.leaf.put(15, true, &key_usage(0x84));
        }),
        fail(
            "critical-policies",
            "leaf",
            "critical-extensions",
            "certificatePolicies",
            |parts| {
                parts.leaf.put(32, true, &policies(&[A_POLICY]));
            },
        ),
        fail(
            "directory-name-constraint",
            "intermediate",
            "name-constraints",
            "compares no names of that kind",
            |parts| {
                // An empty subject would not be compared; this one lies in what is permitted.
                parts.leaf.subject = name(HOST);
                parts
                    .issuer
                    .put(30, true, &subtrees(&[tlv(0xa4, &name(HOST))], &[]));
            },
        ),
    ];
    all.push(constrained(
        "uri-constraint",
        tlv(0x86, b"shop.example"),
        tlv(0x86, b"https://shop.example/pay"),
    ));
    all.push(constrained(
        "email-constraint",
        tlv(0x81, b"shop.example"),
        tlv(0x81, b"pay@shop.example"),
    ));
    all.push(self_issued());
    let keys: Vec<Key> = (0..9).map(|_| Key::new()).collect();
    let names = ["Root", "A", "B", "C", "D", "E", "F", "G"];
    let root = Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]);
    let mut sent: Vec<Vec<u8>> = (1..8)
        .map(|at| Forge::ca(names[at], names[at - 1], &keys[at], &keys[at - 1]).sign(&keys[at - 1]))
        .collect();
    sent.push(Forge::leaf(HOST, "G", &keys[8], &keys[7]).sign(&keys[7]));
    sent.reverse();
    all.push(Made {
        rule: "seven-intermediates",
        rustls_accepts: false,
        role: "intermediate",
        check: "path-length",
        words: "more than 6",
        host: HOST,
        sent,
        root,
    });
    all
}

/// A chain for every rule.
pub fn all() -> Vec<Made> {
    let mut all = passed();
    all.extend(sent_oddly());
    all.extend(refused());
    all
}

//! Chains that were sent oddly, and chains that rustls refuses and others may accept.

use super::super::forge::{
    ANY_PURPOSE, Forge, Key, basic_constraints, dns_names, key_usage, name, name_as, purposes, sequence, tlv,
};
use super::{A_POLICY, HOST, Made, fail, policies, subtrees};

/// Chains in which more is wrong than one certificate: how they were sent.
pub fn sent_oddly() -> Vec<Made> {
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
        keys: Vec::new(),
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
    vec![wrong, twice, unneeded, trusted_between()]
}

/// The trust store holds an issuing CA and not the one above it.
fn trusted_between() -> Made {
    let keys = [Key::new(), Key::new(), Key::new(), Key::new()];
    let root = Forge::ca("Root", "Above", &keys[0], &keys[3]).sign(&keys[3]);
    let issuer = Forge::ca("Issuer", "Root", &keys[1], &keys[0]).sign(&keys[0]);
    let leaf = Forge::leaf(HOST, "Issuer", &keys[2], &keys[1]).sign(&keys[1]);
    Made {
        rule: "root-not-self-issued",
        rustls_accepts: true,
        role: "root",
        check: "issuer",
        words: "was issued by Above, which is not",
        host: HOST,
        sent: vec![leaf, issuer],
        root,
        keys: Vec::new(),
    }
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

/// A constraint of a kind that rustls does not compare, and a name that lies outside of it.
fn outside(rule: &'static str, base: Vec<u8>, own: Vec<u8>) -> Made {
    fail(
        rule,
        "intermediate",
        "name-constraints",
        "the name is not an allowed one",
        |parts| {
            parts.issuer.put(30, true, &subtrees(&[base], &[]));
            let host = tlv(0x82, HOST.as_bytes());
            parts.leaf.put(17, false, &sequence(&[host, own]));
        },
    )
}

/// An issuer that was sent under a name that is in the leaf in other bytes.
fn named_otherwise(rule: &'static str, words: &'static str, subject: Vec<u8>) -> Made {
    fail(rule, "leaf", "issuer", words, |parts| {
        parts.issuer.subject = subject;
    })
}

/// An issuer whose name is the same to a reader, and differs in its bytes in more ways than one.
pub fn named_otherwise_twice() -> Vec<Made> {
    vec![
        named_otherwise(
            "type-and-capitals",
            "string type and capitals",
            name_as(0x13, b"ISSUER"),
        ),
        named_otherwise(
            "type-and-space",
            "string type and white space",
            name_as(0x13, b" Issuer"),
        ),
        named_otherwise(
            "capitals-and-space",
            "capitals and white space",
            name_as(0x0c, b"issuer  "),
        ),
    ]
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
        keys: Vec::new(),
    }
}

/// What rustls refuses and others may accept.
pub fn refused() -> Vec<Made> {
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
    all.push(outside(
        "uri-constraint-violated",
        tlv(0x86, b".mesh.example"),
        tlv(0x86, b"spiffe://cluster.local/ns/shop/sa/pay"),
    ));
    all.push(outside(
        "email-constraint-violated",
        tlv(0x81, b"mill.example"),
        tlv(0x81, b"pay@shop.example"),
    ));
    all.push(named_otherwise(
        "issuer-name-string-type",
        "string type",
        name_as(0x13, b"Issuer"),
    ));
    all.push(named_otherwise(
        "issuer-name-case",
        "capitals",
        name_as(0x0c, b"ISSUER"),
    ));
    all.push(named_otherwise(
        "issuer-name-white-space",
        "white space",
        name_as(0x0c, b"Issuer "),
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
        keys: Vec::new(),
    });
    all
}

//! Chains that rustls lets pass although a rule forbids them.

use super::super::forge::{
    ANY_PURPOSE, CLIENT_AUTH, SERVER_AUTH, basic_constraints, dns_names, extension, extension_of, key_usage,
    name, purposes, sequence, tlv, validity,
};
use super::{A_POLICY, Made, pass, policies, rsa_spki, secp256k1_spki, subtrees};

/// What rustls lets pass.
pub fn passed() -> Vec<Made> {
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
        pass(
            "netscape-type-of-another",
            "leaf",
            "purpose",
            "for client, objsign",
            |parts| {
                let netscape = [0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
                let value = tlv(0x03, &[4, 0x90]);
                parts
                    .leaf
                    .extensions
                    .push((0, extension_of(&netscape, false, &value)));
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
        pass("unusable-key", "leaf", "algorithm", "secp256k1", |parts| {
            parts.leaf.spki = secp256k1_spki();
        }),
        pass(
            "ca-without-subject",
            "intermediate",
            "issuer",
            "no name",
            |parts| {
                parts.issuer.subject = name("");
                parts.leaf.issuer = name("");
            },
        ),
        pass(
            "root-authority-key-id-with-issuer",
            "root",
            "issuer",
            "names an issuer",
            |parts| {
                let id = parts.keys[0].id.clone();
                let issuer = tlv(0xa1, &tlv(0xa4, &name("Root")));
                parts.root.put(35, false, &sequence(&[tlv(0x80, &id), issuer]));
            },
        ),
        pass(
            "root-key-ids-disagree",
            "root",
            "issuer",
            "its own subjectKeyIdentifier",
            |parts| {
                parts.root.put(35, false, &sequence(&[tlv(0x80, &[7; 20])]));
            },
        ),
        pass("root-with-purposes", "root", "purpose", "a root's", |parts| {
            parts.root.put(37, false, &purposes(&[SERVER_AUTH]));
        }),
        pass(
            "leaf-without-purposes",
            "leaf",
            "purpose",
            "no extendedKeyUsage",
            |parts| {
                parts.leaf.drop(37);
            },
        ),
        pass(
            "leaf-purposes-critical",
            "leaf",
            "purpose",
            "is critical",
            |parts| {
                parts.leaf.put(37, true, &purposes(&[SERVER_AUTH]));
            },
        ),
        pass(
            "san-critical-with-subject",
            "leaf",
            "name",
            "critical although",
            |parts| {
                parts.leaf.put(17, true, &dns_names(&[super::HOST]));
            },
        ),
    ]
}

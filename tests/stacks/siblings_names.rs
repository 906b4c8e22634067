//! Needs a real peer: the `openssl` command. Names that are no text, and names of every kind: shown, and issued again as they are.

use base64::Engine;

use super::openssl_remedies::{copy, first_id, in_shell, told, workshop};
use super::siblings::{CLIENT, chain, follow, sign};
use crate::support::openssl::{Workshop, is_at_hand, write};

/// Signs a certificate again with other bytes in it.
fn with_bytes(made: &Workshop, name: &str, issuer: &str, from: &[u8], to: &[u8]) {
    let der = |file: &str| {
        in_shell(
            made,
            &format!("openssl x509 -in {file}.pem -outform DER -out {file}.der"),
        );
        std::fs::read(made.path(&format!("{file}.der"))).expect("DER")
    };
    let der = der(name);
    let tbs = {
        let (start, length) = (4, usize::from(der[6]) << 8 | usize::from(der[7]));
        der[start..start + 4 + length].to_vec()
    };
    let at = tbs
        .windows(from.len())
        .rposition(|window| window == from)
        .expect("it is there");
    let mut changed = tbs.clone();
    changed[at..at + to.len()].copy_from_slice(to);
    std::fs::write(made.path("tbs"), &changed).expect("written");
    in_shell(
        made,
        &format!("openssl dgst -sha256 -sign {issuer}.key -out sig tbs"),
    );
    let signature = std::fs::read(made.path("sig")).expect("a signature");
    // ecdsa-with-SHA256
    let algorithm = [
        0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
    ];
    let mut bits = vec![0x03, u8::try_from(signature.len() + 1).expect("short"), 0];
    bits.extend(signature);
    let contents = [&changed[..], &algorithm, &bits].concat();
    let mut whole = vec![0x30, 0x82];
    whole.extend(u16::try_from(contents.len()).expect("short").to_be_bytes());
    whole.extend(contents);
    let text = base64::prelude::BASE64_STANDARD.encode(whole);
    write(
        &made.path(&format!("{name}.pem")),
        &format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"),
    );
}

#[test]
fn names_in_bytes_that_are_no_text_are_shown_and_issued_again_as_text() {
    if !is_at_hand("names_in_bytes_that_are_no_text_are_shown_and_issued_again_as_text") {
        return;
    }
    let made = workshop();
    let san = "subjectAltName=DNS:muxller.acme.test";
    sign(
        &made,
        "leaf",
        "int",
        "/O=Muxller/CN=leaf",
        "",
        &[&CLIENT[..], &[san]].concat(),
    );
    with_bytes(&made, "leaf", "int", b"muxller", b"m\xfcxller");
    with_bytes(&made, "leaf", "int", b"Muxller", b"M\xfcxller");
    made.join("sent.pem", &["leaf.pem", "int.pem"]);
    let asked = [
        "verify",
        "sent.pem",
        "--name",
        "api.acme.test",
        "--trust",
        "root.pem",
    ];
    let report = told(&made, &asked);
    let text = chain(&report)["causes"].to_string();
    assert!(
        text.contains(r"DNS:m\\xfcxller.acme.test (not ASCII)"),
        "{report:#}"
    );
    assert!(!text.contains("Invalid("), "{text}");
    assert!(text.contains("/O=Müxller/CN=leaf"), "{text}");
}

#[test]
fn every_kind_of_name_is_issued_again() {
    if !is_at_hand("every_kind_of_name_is_issued_again") {
        return;
    }
    let made = workshop();
    let names = "subjectAltName=@names\n[names]\notherName.1=1.3.6.1.4.1.311.20.2.3;UTF8:batch@acme.test\n\
                 otherName.2=1.3.6.1.5.5.7.8.5;UTF8:batch@chat.acme.test\ndirName.1=person\nDNS.1=batch.acme.test\n\
                 email.1=batch@acme.test\nRID.1=1.2.3.4\nURI.1=urn:acme:batch\nIP.1=10.0.0.7\n\
                 [person]\nC=NO\nO=Acme, Sons \\+ Co\nCN=batch";
    let server = CLIENT.map(|line| {
        if line.contains("clientAuth") {
            "extendedKeyUsage=serverAuth"
        } else {
            line
        }
    });
    sign(
        &made,
        "leaf",
        "int",
        "/CN=batch",
        "",
        &[&server[..], &[names]].concat(),
    );
    made.join("sent.pem", &["leaf.pem", "int.pem"]);
    let rest = ["lab", "--server-trust", "root.pem", "--client-cert"];
    let analysis = told(
        &made,
        &[&rest[..], &["sent.pem", "--client-key", "leaf.key"]].concat(),
    );
    assert_eq!(first_id(&analysis), "wrong-purpose", "{analysis:#}");
    copy(&made, "int.key", "CA-KEY.pem");
    let commands = follow(&made, &analysis["causes"], "Issue it again");
    let ended = told(
        &made,
        &[&rest[..], &["sent-chain.pem", "--client-key", "leaf.key"]].concat(),
    );
    assert_eq!(ended["verdict"], "accepted", "{commands}\n{ended:#}");
    let names_of = |file: &str| {
        let text = in_shell(
            &made,
            &format!("openssl x509 -in {file} -noout -ext subjectAltName | tail -n +2"),
        );
        let mut names: Vec<String> = text.trim().split(", ").map(str::to_owned).collect();
        names.sort();
        names
    };
    let (old, new) = (names_of("leaf.pem"), names_of("sent-chain.pem"));
    assert!(old.len() >= 8, "{old:?}");
    assert_eq!(old, new, "{commands}");
}

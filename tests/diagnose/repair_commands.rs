//! The commands of a proven fix: a shell makes with them the very file that was proven.

use crate::repair::patient;
use crate::support;
use std::path::Path;

use mtlscope::cancel::Cancel;
use mtlscope::experiment::repair::{Edit, ProvenFix, search};
use mtlscope::pki::{Der, LoadedCertificate};
use mtlscope::setup::LabSetup;
use support::pki::{USUAL, minted, party, setup};

/// The smallest fix of a set-up.
fn first_fix(setup: &LabSetup) -> ProvenFix {
    let found = search(setup, &[], &Cancel::default(), &patient(), &mut |_| {}).expect("a runtime");
    found.fixes.into_iter().next().expect("a fix")
}

fn kinds(fix: &ProvenFix) -> String {
    fix.edits.iter().map(Edit::word).collect::<Vec<_>>().join("+")
}

fn fixed(setup: &LabSetup, fix: &ProvenFix) -> LabSetup {
    fix.edits
        .iter()
        .fold(setup.clone(), |setup, edit| edit.apply(&setup))
}

fn in_shell(directory: &Path, command: &str) {
    let status = std::process::Command::new("sh")
        .arg("-c")
        .arg(command)
        .current_dir(directory)
        .status()
        .expect("a shell");
    assert!(status.success(), "{command}");
}

fn ders(list: &[LoadedCertificate]) -> Vec<Der> {
    list.iter().map(|one| one.der.clone()).collect()
}

/// Writes PEM files as a user has them.
fn in_files(directory: &Path, files: &[(&str, &[&LoadedCertificate])]) {
    for (name, certificates) in files {
        let mut text = String::new();
        for certificate in *certificates {
            let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &certificate.der);
            text.push_str("-----BEGIN CERTIFICATE-----\n");
            for line in base64.as_bytes().chunks(64) {
                text.push_str(std::str::from_utf8(line).expect("ASCII"));
                text.push('\n');
            }
            text.push_str("-----END CERTIFICATE-----\n");
        }
        std::fs::write(directory.join(name), text).expect("written");
    }
}

#[test]
fn the_commands_make_the_file_that_was_proven() {
    let pki = minted(USUAL);
    let find = |name: &str| &pki.find(name).expect("minted").certificate;
    let directory = tempfile::tempdir().expect("a directory");
    in_files(
        directory.path(),
        &[
            ("my orders.pem", &[find("client")]),
            ("bundle.pem", &[find("root"), find("issuer"), find("other")]),
        ],
    );
    let read = |name: &str| {
        let mut certificates = mtlscope::pki::read_file(&directory.path().join(name))
            .expect("it reads")
            .certificates;
        for certificate in &mut certificates {
            certificate.file = Some(name.to_owned());
        }
        certificates
    };
    let mut wrong = setup(&pki, &["client"]);
    wrong.parties.server = party(&pki, &["server-direct"], &["root"]);
    wrong.parties.client.identity.as_mut().expect("an identity").chain = read("my orders.pem");
    wrong.known = read("bundle.pem");
    let fix = first_fix(&wrong);
    assert_eq!(kinds(&fix), "add-to-chain");
    assert!(
        fix.words[0].contains("Mesh Issuer (certificate 2 of bundle.pem)"),
        "{:?}",
        fix.words
    );
    assert!(
        fix.commands[1].contains("curl --cert 'my orders-chain.pem'"),
        "{:?}",
        fix.commands
    );
    // A shell makes the very chain that the run sent.
    in_shell(directory.path(), &fix.commands[0]);
    let made = read("my orders-chain.pem");
    let sent = fixed(&wrong, &fix)
        .parties
        .client
        .identity
        .expect("an identity")
        .chain;
    assert_eq!(ders(&made), ders(&sent));
}

#[test]
fn a_key_in_the_chains_file_stays_out_of_the_new_one() {
    let pki = minted(USUAL);
    let find = |name: &str| pki.find(name).expect("minted");
    let directory = tempfile::tempdir().expect("a directory");
    in_files(
        directory.path(),
        &[(
            "it's mine.pem",
            &[&find("issuer").certificate, &find("server").certificate],
        )],
    );
    let path = directory.path().join("it's mine.pem");
    let mut text = std::fs::read_to_string(&path).expect("text");
    let base64 = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        find("server").key.key.der.secret_der(),
    );
    let key_block = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
    // Between the two certificates, where it is easily taken along.
    text = text.replacen(
        "-----END CERTIFICATE-----\n",
        &format!("-----END CERTIFICATE-----\n{key_block}"),
        1,
    );
    std::fs::write(&path, text).expect("written");
    let mut bundle = mtlscope::pki::read_file(&path).expect("it reads");
    for file in bundle
        .certificates
        .iter_mut()
        .map(|one| &mut one.file)
        .chain(bundle.keys.iter_mut().map(|one| &mut one.file))
    {
        *file = Some("it's mine.pem".to_owned());
    }
    let mut wrong = setup(&pki, &["client", "issuer"]);
    let identity = wrong.parties.server.identity.as_mut().expect("an identity");
    identity.chain = bundle.certificates;
    identity.key = bundle.keys.into_iter().next();
    let fix = first_fix(&wrong);
    assert_eq!(kinds(&fix), "reorder-chain");
    in_shell(directory.path(), &fix.commands[0]);
    let made = mtlscope::pki::read_file(&directory.path().join("it's mine-chain.pem")).expect("it reads");
    assert!(made.keys.is_empty(), "{}", fix.commands[0]);
    let sent = fixed(&wrong, &fix)
        .parties
        .server
        .identity
        .expect("an identity")
        .chain;
    assert_eq!(ders(&made.certificates), ders(&sent));
    assert!(
        fix.commands[1].contains("ssl_certificate \"it's mine-chain.pem\";"),
        "{:?}",
        fix.commands
    );
}

#[test]
fn der_becomes_pem_on_the_way() {
    let pki = minted(USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    for (name, recipe) in [("orders.der", "client"), ("issuer.der", "issuer")] {
        let der = &pki.find(recipe).expect("minted").certificate.der;
        std::fs::write(directory.path().join(name), der).expect("written");
    }
    let read = |name: &str| {
        let mut certificates = mtlscope::pki::read_file(&directory.path().join(name))
            .expect("it reads")
            .certificates;
        certificates[0].file = Some(name.to_owned());
        certificates
    };
    let mut wrong = setup(&pki, &["client"]);
    wrong.parties.server = party(&pki, &["server-direct"], &["root"]);
    wrong.parties.client.identity.as_mut().expect("an identity").chain = read("orders.der");
    wrong.known = read("issuer.der");
    let fix = first_fix(&wrong);
    assert_eq!(
        fix.commands[0],
        "{ openssl x509 -inform DER -in orders.der; openssl x509 -inform DER -in issuer.der; } > orders-chain.pem"
    );
}

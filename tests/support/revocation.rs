//! A CA of OpenSSL's with its book, lists and responses.

use std::process::Command;

use mtlscope::diagnose::{MatrixRow, Outcome};
use mtlscope::pki::{CertificateFacts, read_file};

use super::openssl::{Workshop, write};

const LEAF: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nsubjectAltName=DNS:localhost\n";
const RESPONDER: &str =
    "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\n";

/// Runs openssl in the workshop; its exit status and all its words.
pub fn run(workshop: &Workshop, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(workshop.path("."))
        .output()
        .expect("openssl runs");
    let words = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

pub fn must(workshop: &Workshop, arguments: &[&str]) {
    let (is_good, words) = run(workshop, arguments);
    assert!(is_good, "openssl {}: {words}", arguments.join(" "));
}

pub fn serial(workshop: &Workshop, name: &str) -> String {
    let bundle = read_file(&workshop.path(&format!("{name}.pem"))).expect("a certificate");
    let facts = CertificateFacts::from_der(&bundle.certificates[0].der).expect("readable");
    facts.serial.trim_start_matches("00").to_uppercase()
}

/// A root, another of the same name, a good and a revoked leaf, a responder, and the CA's book.
pub fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.root("root", "/CN=Root");
    workshop.root("other", "/CN=Root");
    workshop.issue("good", "/CN=good", "root", LEAF);
    workshop.issue("bad", "/CN=bad", "root", LEAF);
    workshop.issue("responder", "/CN=responder", "root", RESPONDER);
    workshop.issue("stranger", "/CN=responder", "other", RESPONDER);
    workshop.issue("usurper", "/CN=usurper", "root", LEAF);
    let book = format!(
        "V\t491231235959Z\t\t{}\tunknown\t/CN=good\nR\t491231235959Z\t260102030405Z,keyCompromise\t{}\tunknown\t/CN=bad\n",
        serial(&workshop, "good"),
        serial(&workshop, "bad")
    );
    write(&workshop.path("index.txt"), &book);
    write(&workshop.path("crlnumber"), "07\n");
    write(
        &workshop.path("ca.cnf"),
        "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n",
    );
    workshop
}

/// NAME: a list of the book, signed by CA, good for some hours.
pub fn list(workshop: &Workshop, name: &str, ca: &str, hours: &str) {
    must(
        workshop,
        &[
            "ca",
            "-gencrl",
            "-config",
            "ca.cnf",
            "-cert",
            &format!("{ca}.pem"),
            "-keyfile",
            &format!("{ca}.key"),
            "-crlhours",
            hours,
            "-out",
            name,
        ],
    );
}

/// NAME: an OCSP response about LEAF, signed by SIGNER.
pub fn respond(workshop: &Workshop, name: &str, leaf: &str, issuer: &str, signer: &str, more: &[&str]) {
    must(
        workshop,
        &[
            "ocsp",
            "-issuer",
            &format!("{issuer}.pem"),
            "-cert",
            &format!("{leaf}.pem"),
            "-no_nonce",
            "-reqout",
            "request.der",
        ],
    );
    let signer_file = format!("{signer}.pem");
    let key = format!("{signer}.key");
    let ca = format!("{issuer}.pem");
    let mut arguments = vec![
        "ocsp",
        "-index",
        "index.txt",
        "-CA",
        &ca,
        "-rsigner",
        &signer_file,
        "-rkey",
        &key,
        "-reqin",
        "request.der",
        "-respout",
        name,
    ];
    arguments.extend(more);
    must(workshop, &arguments);
}

#[track_caller]
pub fn is(row: &MatrixRow, outcome: Outcome, cause: Option<&str>, words: &[&str]) {
    assert_eq!(
        (row.outcome, row.cause.map(mtlscope::diagnose::CauseId::word)),
        (outcome, cause),
        "{}",
        row.detail
    );
    for word in words {
        assert!(row.detail.contains(word), "{word} in {}", row.detail);
    }
}

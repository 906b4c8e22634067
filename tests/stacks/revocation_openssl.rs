//! Lists and responses that OpenSSL made, and what OpenSSL says of the same chains: the words that our warnings quote.

use crate::support::openssl;
use crate::support::revocation;
use mtlscope::capture::{Der, Revocation, RevocationFile, Side, Trust};
use mtlscope::diagnose::{ChainInput, CheckKind, MatrixRow, Outcome, Role, judge_chain};
use mtlscope::pki::{CertificateFacts, OcspFacts, read_file};
use mtlscope::source::oracle;
use openssl::Workshop;
use revocation::{is, list, respond, run, workshop};

fn status(workshop: &Workshop, leaf: &str, files: &[&str], later_s: i64) -> (Result<(), String>, MatrixRow) {
    let (verdict, rows) = rows(workshop, &[leaf], files, later_s);
    let leaf = rows.into_iter().find(|row| row.role == Role::Leaf);
    (verdict, leaf.expect("judged"))
}

/// rustls's verdict on a chain with these files in hand, and our rows about revocation.
fn rows(
    workshop: &Workshop,
    chain: &[&str],
    files: &[&str],
    later_s: i64,
) -> (Result<(), String>, Vec<MatrixRow>) {
    let read = |name: &str| read_file(&workshop.path(name)).unwrap_or_else(|error| panic!("{error}"));
    let der = |name: &str| read(name).certificates[0].der.clone();
    let mut revocation = Revocation::default();
    for file in files {
        let bundle = read(file);
        assert!(bundle.has_status(), "{file}");
        revocation
            .lists
            .extend(bundle.revocation_lists.into_iter().map(RevocationFile::from));
        revocation
            .responses
            .extend(bundle.ocsp_responses.into_iter().map(RevocationFile::from));
    }
    let chain: Vec<Der> = chain.iter().map(|name| der(&format!("{name}.pem"))).collect();
    let trust = Trust {
        roots: vec![der("root.pem")],
        expected_name: Some("localhost".to_owned()),
        clock_unix_s: jiff::Timestamp::now().as_second() + later_s,
        revocation,
    };
    let verdict = oracle::judge(&chain, &trust, Side::Client).map_err(|verdict| verdict.words);
    let judged = judge_chain(&ChainInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    });
    let is_revocation = |row: &MatrixRow| row.check == CheckKind::Revocation;
    (verdict, judged.matrix.into_iter().filter(is_revocation).collect())
}

#[test]
fn openssls_lists_are_judged_and_its_words_quoted_rightly() {
    if !openssl::is_at_hand("openssls_lists_are_judged_and_its_words_quoted_rightly") {
        return;
    }
    let shop = workshop();
    list(&shop, "root.crl", "root", "24");
    list(&shop, "other.crl", "other", "24");
    let (verdict, row) = status(&shop, "good", &["root.crl"], 0);
    assert_eq!(verdict, Ok(()));
    is(&row, Outcome::Pass, None, &["root.crl", "the list of Root"]);

    let (verdict, row) = status(&shop, "bad", &["root.crl"], 0);
    assert!(verdict.is_err_and(|words| words.contains("Revoked")));
    is(
        &row,
        Outcome::Fail,
        Some("revoked"),
        &["2026-01-02 03:04:05 UTC (keyCompromise)", "root.crl"],
    );

    // The other CA of the same name: its list is not the issuer's.
    let (verdict, row) = status(&shop, "good", &["other.crl"], 0);
    assert!(verdict.is_err());
    is(&row, Outcome::Fail, Some("crl-invalid"), &["with another key"]);

    // Stale: rustls accepts, and OpenSSL says what the warning quotes.
    let (verdict, row) = status(&shop, "good", &["root.crl"], 3 * 86_400);
    assert_eq!(verdict, Ok(()));
    is(&row, Outcome::Warn, Some("crl-expired"), &["“CRL has expired”"]);
    let later = (jiff::Timestamp::now().as_second() + 3 * 86_400).to_string();
    for (file, more, words) in [
        ("root.crl", vec!["-attime", later.as_str()], "CRL has expired"),
        ("other.crl", vec![], "unable to get certificate CRL"),
    ] {
        let mut arguments = vec!["verify", "-crl_check", "-CAfile", "root.pem", "-CRLfile", file];
        arguments.extend(more);
        arguments.push("good.pem");
        // OpenSSL goes by a list of the same name and another key no further than its signature.
        let (is_good, said) = run(&shop, &arguments);
        assert!(!is_good, "{said}");
        assert!(
            said.contains(words) || (file == "other.crl" && said.contains("CRL signature failure")),
            "{words} in {said}"
        );
    }
    let (is_good, said) = run(
        &shop,
        &["verify", "-crl_check", "-CAfile", "root.pem", "good.pem"],
    );
    assert!(
        !is_good && said.contains("unable to get certificate CRL"),
        "{said}"
    );
    let early = (jiff::Timestamp::now().as_second() - 86_400).to_string();
    let (_, said) = run(
        &shop,
        &[
            "verify",
            "-crl_check",
            "-CAfile",
            "root.pem",
            "-CRLfile",
            "root.crl",
            "-attime",
            &early,
            "good.pem",
        ],
    );
    assert!(said.contains("CRL is not yet valid"), "{said}");
}

#[test]
fn openssls_responses_are_verified_and_judged() {
    if !openssl::is_at_hand("openssls_responses_are_verified_and_judged") {
        return;
    }
    let shop = workshop();
    respond(&shop, "good.ocsp", "good", "root", "root", &["-nmin", "60"]);
    respond(&shop, "bad.ocsp", "bad", "root", "root", &["-nmin", "60"]);
    respond(
        &shop,
        "delegate.ocsp",
        "bad",
        "root",
        "responder",
        &["-nmin", "60", "-resp_key_id"],
    );
    respond(
        &shop,
        "stranger.ocsp",
        "good",
        "root",
        "stranger",
        &["-nmin", "60"],
    );
    respond(&shop, "usurper.ocsp", "good", "root", "usurper", &["-nmin", "60"]);
    respond(&shop, "other.ocsp", "good", "other", "other", &["-nmin", "60"]);
    // Nobody staples a file: curl refuses once the server does.
    let refuses = "a curl that asks for the status refuses when the server staples it";
    for (leaf, file, later_s, outcome, cause, words) in [
        (
            "good",
            "good.ocsp",
            0,
            Outcome::Pass,
            None,
            vec!["says that it is good"],
        ),
        (
            "bad",
            "bad.ocsp",
            0,
            Outcome::Warn,
            Some("revoked"),
            vec!["2026-01-02 03:04:05 UTC (keyCompromise)", refuses],
        ),
        (
            "bad",
            "delegate.ocsp",
            0,
            Outcome::Warn,
            Some("revoked"),
            vec!["(keyCompromise)"],
        ),
        (
            "good",
            "stranger.ocsp",
            0,
            Outcome::Warn,
            Some("revocation-unknown"),
            vec!["was not appointed by Root"],
        ),
        (
            "good",
            "usurper.ocsp",
            0,
            Outcome::Warn,
            Some("revocation-unknown"),
            vec!["lacks the purpose OCSPSigning"],
        ),
        (
            "good",
            "other.ocsp",
            0,
            Outcome::Warn,
            Some("revocation-unknown"),
            vec!["about another issuer"],
        ),
        (
            "good",
            "good.ocsp",
            7_200,
            Outcome::Warn,
            Some("revocation-unknown"),
            vec!["is stale"],
        ),
        (
            "good",
            "good.ocsp",
            -7_200,
            Outcome::Warn,
            Some("revocation-unknown"),
            vec!["holds only from"],
        ),
        (
            "good",
            "bad.ocsp",
            0,
            Outcome::Warn,
            Some("revocation-unknown"),
            vec!["another certificate"],
        ),
    ] {
        let (verdict, row) = status(&shop, leaf, &[file], later_s);
        // rustls does not look at responses.
        assert!(later_s < 0 || verdict == Ok(()), "{file}: {verdict:?}");
        is(&row, outcome, cause, &words);
    }
    // What curl or nginx would make of a response that is good for nothing, and lies in a file, no test here shows.
    let (_, row) = status(&shop, "good", &["stranger.ocsp"], 0);
    assert!(
        row.detail.ends_with("OCSP responses and accepts"),
        "{}",
        row.detail
    );
    // One flipped bit of the signature.
    let mut der = std::fs::read(shop.path("good.ocsp")).expect("a response");
    let facts = OcspFacts::from_der(&der).expect("readable");
    let signature = facts.basic.expect("it says something").signed.signature;
    let at = der
        .windows(signature.len())
        .position(|window| window == signature)
        .expect("it lies there");
    der[at + signature.len() - 1] ^= 1;
    std::fs::write(shop.path("flipped.ocsp"), &der).expect("written");
    let (_, row) = status(&shop, "good", &["flipped.ocsp"], 0);
    is(
        &row,
        Outcome::Warn,
        Some("revocation-unknown"),
        &["Root's key did not sign it"],
    );
    // A list decides; a response is told beside it.
    list(&shop, "root.crl", "root", "24");
    let (_, row) = status(&shop, "good", &["root.crl", "good.ocsp"], 0);
    is(&row, Outcome::Pass, None, &["root.crl", "says that it is good"]);
    let (verdict, row) = status(&shop, "bad", &["root.crl", "bad.ocsp"], 0);
    assert!(verdict.is_err());
    is(&row, Outcome::Fail, Some("revoked"), &["root.crl"]);
}

/// A response about an intermediate is no fault of the leaf's, and nobody is said to refuse the leaf for it.
#[test]
fn a_response_about_the_intermediate_is_told_there() {
    if !openssl::is_at_hand("a_response_about_the_intermediate_is_told_there") {
        return;
    }
    let shop = workshop();
    let ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n";
    shop.issue("middle", "/CN=Middle", "root", ca);
    shop.issue(
        "leaf",
        "/CN=leaf",
        "middle",
        "basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost\n\
         authorityInfoAccess=OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/middle.der\n\
         crlDistributionPoints=URI:http://crl.example/middle.crl\n",
    );
    let book = format!(
        "R\t491231235959Z\t260102030405Z,CACompromise\t{}\tunknown\t/CN=Middle\n",
        revocation::serial(&shop, "middle")
    );
    openssl::write(&shop.path("index.txt"), &book);
    respond(&shop, "middle.ocsp", "middle", "root", "root", &["-nmin", "60"]);
    let (verdict, rows) = rows(&shop, &["leaf", "middle"], &["middle.ocsp"], 0);
    assert_eq!(verdict, Ok(()), "rustls does not look at responses");
    let of = |role: Role| rows.iter().find(|row| row.role == role).expect("judged");
    let named = "The certificate names http://crl.example/middle.crl, http://ocsp.example/ (not fetched)";
    is(of(Role::Leaf), Outcome::Unknown, None, &[named]);
    let middle = of(Role::Intermediate);
    is(
        middle,
        Outcome::Warn,
        Some("revoked"),
        &["middle.ocsp", "(cACompromise)"],
    );
    assert!(!middle.detail.contains("curl"), "{}", middle.detail);
    let leaf = read_file(&shop.path("leaf.pem")).expect("a certificate");
    let facts = CertificateFacts::from_der(&leaf.certificates[0].der).expect("readable");
    assert_eq!(facts.ocsp_urls, ["http://ocsp.example/"]);
    assert_eq!(facts.issuer_urls, ["http://ca.example/middle.der"]);
}

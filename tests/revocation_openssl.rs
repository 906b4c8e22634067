//! Lists and responses that OpenSSL made, and what OpenSSL says of the same chains: the words that our warnings quote.
#![allow(missing_docs, reason = "a test")]

#[path = "support/openssl.rs"]
mod openssl;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mtlscope::analysis::Analysis;
use mtlscope::capture::{
    Capture, Der, KeyLog, Origin, PerSide, Revocation, RevocationFile, Segment, Side, SideEvidence, Trust,
};
use mtlscope::diagnose::{ChainInput, CheckKind, MatrixRow, Outcome, Role, judge_chain};
use mtlscope::pki::{CertificateFacts, OcspFacts, read_file};
use mtlscope::source::oracle;
use openssl::{Workshop, write};

const LEAF: &str = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nsubjectAltName=DNS:localhost\n";
const RESPONDER: &str =
    "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\n";

/// Runs openssl in the workshop; its exit status and all its words.
fn run(workshop: &Workshop, arguments: &[&str]) -> (bool, String) {
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

fn must(workshop: &Workshop, arguments: &[&str]) {
    let (is_good, words) = run(workshop, arguments);
    assert!(is_good, "openssl {}: {words}", arguments.join(" "));
}

fn serial(workshop: &Workshop, name: &str) -> String {
    let bundle = read_file(&workshop.path(&format!("{name}.pem"))).expect("a certificate");
    let facts = CertificateFacts::from_der(&bundle.certificates[0].der).expect("readable");
    facts.serial.trim_start_matches("00").to_uppercase()
}

/// A root, another of the same name, a good and a revoked leaf, a responder, and the CA's book.
fn workshop() -> Workshop {
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
fn list(workshop: &Workshop, name: &str, ca: &str, hours: &str) {
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
fn respond(workshop: &Workshop, name: &str, leaf: &str, issuer: &str, signer: &str, more: &[&str]) {
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

fn status(workshop: &Workshop, leaf: &str, files: &[&str], later_s: i64) -> (Result<(), String>, MatrixRow) {
    let read = |name: &str| read_file(&workshop.path(name)).unwrap_or_else(|error| panic!("{error}"));
    let der = |name: &str| Der::from(read(name).certificates[0].der.clone());
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
    let chain = [der(&format!("{leaf}.pem"))];
    let trust = Trust {
        roots: vec![der("root.pem")],
        expected_name: Some("localhost".to_owned()),
        clock_unix_s: jiff::Timestamp::now().as_second() + later_s,
        revocation,
    };
    let verdict = oracle::judge(&chain, &trust, Side::Client).map_err(|verdict| verdict.words);
    let row = judge_chain(&ChainInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    })
    .matrix
    .into_iter()
    .find(|row| row.role == Role::Leaf && row.check == CheckKind::Revocation)
    .expect("judged");
    (verdict, row)
}

#[track_caller]
fn is(row: &MatrixRow, outcome: Outcome, cause: Option<&str>, words: &[&str]) {
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
    let refuses = "curl with --cert-status refuses";
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

/// An OpenSSL program that ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `openssl s_server` with this certificate and this response stapled to it, and its port.
fn stapling(workshop: &Workshop, leaf: &str, response: &str, more: &[&str]) -> (Program, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let child = Command::new("openssl")
        .args(["s_server", "-www", "-accept", &port.to_string()])
        .args(["-cert", &format!("{leaf}.pem"), "-key", &format!("{leaf}.key")])
        .args(["-status_file", response])
        .args(more)
        .current_dir(workshop.path("."))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl starts");
    let program = Program(child);
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "the server listens");
        std::thread::sleep(Duration::from_millis(15));
    }
    (program, port)
}

/// What passes between `openssl s_client -status` and the server, judged with the root trusted.
fn through_a_relay(workshop: &Workshop, server: u16) -> Analysis {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let segments: Arc<Mutex<Vec<Segment>>> = Arc::default();
    let written = Arc::clone(&segments);
    let relay = std::thread::spawn(move || {
        let (client, _) = listener.accept().expect("a client");
        let server = TcpStream::connect(("127.0.0.1", server)).expect("the server");
        let began = Instant::now();
        let pump = |mut from: TcpStream, mut to: TcpStream, side: Side| {
            let written = Arc::clone(&written);
            std::thread::spawn(move || {
                let mut buffer = [0; 16 << 10];
                while let Ok(count @ 1..) = from.read(&mut buffer) {
                    written.lock().expect("no panic").push(Segment {
                        at_us: began.elapsed().as_micros() as u64,
                        from: side,
                        bytes: buffer[..count].to_vec(),
                        altered: None,
                    });
                    if to.write_all(&buffer[..count]).is_err() {
                        break;
                    }
                }
                let _ = to.shutdown(std::net::Shutdown::Both);
            })
        };
        let other = |stream: &TcpStream| stream.try_clone().expect("a handle");
        let up = pump(other(&client), other(&server), Side::Client);
        let down = pump(server, client, Side::Server);
        let _ = (up.join(), down.join());
    });
    let _ = std::fs::remove_file(workshop.path("keys.log"));
    let client = Command::new("openssl")
        .args(["s_client", "-status", "-connect", &format!("127.0.0.1:{port}")])
        .args(["-CAfile", "root.pem", "-keylogfile", "keys.log"])
        .current_dir(workshop.path("."))
        .stdin(Stdio::null())
        .output()
        .expect("openssl runs");
    let said = String::from_utf8_lossy(&client.stdout).into_owned();
    assert!(said.contains("OCSP Response Status: successful"), "{said}");
    relay.join().expect("no panic");
    let mut log = KeyLog::default();
    log.read(&std::fs::read_to_string(workshop.path("keys.log")).expect("a key log"));
    let now = jiff::Timestamp::now();
    let root = read_file(&workshop.path("root.pem")).expect("the root");
    let mut sides: PerSide<SideEvidence> = PerSide::default();
    sides.client.trust = Some(Trust {
        roots: vec![Der::from(root.certificates[0].der.clone())],
        expected_name: Some("localhost".to_owned()),
        clock_unix_s: now.as_second(),
        revocation: Revocation::default(),
    });
    let segments = segments.lock().expect("no panic").clone();
    Analysis::of(Arc::new(Capture {
        origin: Origin::Packets,
        started_at_unix_us: now.as_microsecond(),
        segments,
        secrets: log.secrets().cloned().collect(),
        events: Vec::new(),
        sides,
        at_hand: Vec::new(),
    }))
}

#[test]
fn a_stapled_response_is_found_in_the_handshake() {
    if !openssl::is_at_hand("a_stapled_response_is_found_in_the_handshake") {
        return;
    }
    let shop = workshop();
    respond(&shop, "good.ocsp", "good", "root", "root", &["-nmin", "60"]);
    respond(&shop, "bad.ocsp", "bad", "root", "root", &["-nmin", "60"]);
    for version in ["-tls1_3", "-tls1_2"] {
        for (leaf, outcome, cause, words) in [
            ("good", Outcome::Pass, None, "says that it is good"),
            ("bad", Outcome::Warn, Some("revoked"), "(keyCompromise)"),
        ] {
            let (_server, port) = stapling(&shop, leaf, &format!("{leaf}.ocsp"), &[version]);
            let analysis = through_a_relay(&shop, port);
            let row = analysis
                .diagnosis
                .matrix
                .iter()
                .find(|row| {
                    row.side == Side::Client && row.role == Role::Leaf && row.check == CheckKind::Revocation
                })
                .expect("judged");
            is(row, outcome, cause, &[words, "stapled in the handshake"]);
        }
    }
}

/// Our warning says that curl refuses: it does.
#[test]
fn curl_refuses_what_the_warning_says_it_refuses() {
    let test = "curl_refuses_what_the_warning_says_it_refuses";
    let has_curl = Command::new("curl")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    assert!(
        has_curl || std::env::var("CI").as_deref() != Ok("true"),
        "{test} needs curl, and this is CI"
    );
    if !has_curl || !openssl::is_at_hand(test) {
        eprintln!("SKIPPED {test}: it needs curl and openssl");
        return;
    }
    let shop = workshop();
    respond(&shop, "good.ocsp", "good", "root", "root", &["-nmin", "60"]);
    respond(&shop, "bad.ocsp", "bad", "root", "root", &["-nmin", "60"]);
    respond(
        &shop,
        "stranger.ocsp",
        "good",
        "root",
        "stranger",
        &["-nmin", "60"],
    );
    // curl looks for the issuer in what was sent: the root goes along.
    for (leaf, response, is_good, words) in [
        ("good", "good.ocsp", true, ""),
        ("bad", "bad.ocsp", false, "keyCompromise"),
        ("good", "stranger.ocsp", false, "OCSP"),
    ] {
        let (_server, port) = stapling(&shop, leaf, response, &["-cert_chain", "root.pem"]);
        let output = Command::new("curl")
            .args(["-sS", "--cert-status", "--cacert", "root.pem", "--noproxy", "*"])
            .args(["--resolve", &format!("localhost:{port}:127.0.0.1")])
            .arg(format!("https://localhost:{port}/"))
            .current_dir(shop.path("."))
            .output()
            .expect("curl runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), is_good, "{leaf}: {said}");
        assert!(said.contains(words), "{words} in {said}");
    }
}

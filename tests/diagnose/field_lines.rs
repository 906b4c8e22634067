//! Lines that people pasted in the field and that were not understood, each with others of its kind: what comes first, and who spoke.

use mtlscope::diagnose::{CauseId, Likelihood, read_log};

/// A line or several; what comes first; the program, where the words tell.
struct Said {
    text: String,
    first: CauseId,
    stack: Option<String>,
}

/// `tests/fixtures/field/lines.tsv`: each with the report that it is of, or is like.
fn lines() -> Vec<Said> {
    include_str!("../fixtures/field/lines.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut parts = line.split('\t');
            let mut next = || parts.next().expect("four columns");
            let (cause, stack, text) = (next(), next(), next());
            Said {
                text: text
                    .replace("\\n", "\n")
                    .replace("\\t", "\t")
                    .replace("\\\\", "\\"),
                first: CauseId::from_word(cause).expect("a cause"),
                stack: (stack != "any").then(|| stack.to_owned()),
            }
        })
        .collect()
}

#[test]
fn lines_of_the_field_and_their_kin_are_understood() {
    let mut wrong = Vec::new();
    let lines = lines();
    for Said { text, first, stack } in &lines {
        let reading = read_log(text);
        let found = reading.candidates.first().map(|candidate| candidate.id);
        let is_theirs = stack.is_none() || reading.speaker.stack == stack.as_deref();
        if found != Some(*first) || !is_theirs {
            let ids: Vec<&str> = reading
                .candidates
                .iter()
                .map(|one| one.id.word())
                .take(4)
                .collect();
            wrong.push(format!(
                "{text}\n    {ids:?} by {:?}, not {} by {stack:?}",
                reading.speaker.stack,
                first.word()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_was_sent_is_not_what_was_received() {
    for line in [
        "(6) eap_tls: (TLS) send TLS 1.3 Alert, fatal unknown_ca",
        "(12) eap_tls: (TLS) TLS - Alert write:fatal:unknown CA",
        "(3) eap_ttls: (TLS) send TLS 1.2 Alert, fatal unknown_ca",
        "wpa_supplicant: SSL: SSL3 alert: write (local SSL3 detected an error):fatal:unknown CA",
        "stunnel: LOG7[3]: SSL alert (write): fatal: unknown CA",
        "charon: 07[TLS] sending fatal TLS alert 'unknown ca'",
        "{tls_alert,{unknown_ca,\"TLS client: In state certify at ssl_handshake.erl:2098 generated CLIENT ALERT: Fatal - Unknown CA\"}}",
    ] {
        let reading = read_log(line);
        let heard: Vec<&str> = reading.heard.iter().map(|heard| heard.words.as_str()).collect();
        assert!(
            heard.iter().any(|words| words.ends_with("sent")),
            "{line}: {heard:?}"
        );
        assert!(
            !heard.iter().any(|words| words.ends_with("received")),
            "{line}: {heard:?}"
        );
    }
    for line in [
        "stunnel: LOG7[3]: SSL alert (read): fatal: unknown CA",
        "charon: 11[TLS] received fatal TLS alert 'unknown ca'",
        "{tls_alert,{unknown_ca,\"TLS client: In state connection received SERVER ALERT: Fatal - Unknown CA\"}}",
    ] {
        let reading = read_log(line);
        let is_received = |heard: &mtlscope::diagnose::Heard| heard.words.ends_with("received");
        assert!(reading.heard.iter().any(is_received), "{line}: {reading:?}");
        assert!(
            !reading.heard.iter().any(|heard| heard.words.ends_with("sent")),
            "{line}: {reading:?}"
        );
    }
    let received = read_log("(6) eap_tls: (TLS) recv TLS 1.3 Alert, fatal unknown_ca");
    assert!(
        received
            .heard
            .iter()
            .any(|heard| heard.words.ends_with("received")),
        "{received:?}"
    );
    assert_eq!(received.speaker.side, Some(mtlscope::capture::Side::Server));
}

#[test]
fn an_alert_that_follows_from_ones_own_words_adds_nothing() {
    for (text, only) in [
        (
            "TLS server: In state wait_cert at ssl_handshake.erl:2138 generated SERVER ALERT: Fatal - Handshake Failure\n {bad_cert,invalid_ext_key_usage}",
            CauseId::WrongPurpose,
        ),
        (
            "sending fatal alert HandshakeFailure: invalid peer certificate: UnsupportedCertVersion",
            CauseId::UnsupportedCertificateVersion,
        ),
    ] {
        let reading = read_log(text);
        let ids: Vec<CauseId> = reading.candidates.iter().map(|one| one.id).collect();
        assert_eq!(ids, [only], "{text}");
    }
}

#[test]
fn each_line_of_a_log_is_answered_by_its_own_speaker() {
    let reading = read_log(
        "curl: (60) SSL certificate problem: certificate has expired\n\
         nothing of note\n\
         http: TLS handshake error from 192.0.2.7:51022: tls: client didn't provide a certificate\n\
         E (13560) esp-tls: mbedtls_ssl_handshake returned -0x2700\n",
    );
    let told: Vec<(usize, Option<&str>, CauseId)> = reading
        .lines
        .iter()
        .map(|line| (line.number, line.speaker.stack, line.candidates[0].id))
        .collect();
    assert_eq!(
        told,
        [
            (1, Some("curl"), CauseId::Expired),
            (3, Some("Go"), CauseId::ClientCertificateMissing),
            (4, Some("mbed TLS"), CauseId::UnknownIssuer),
        ]
    );
    // What says the same again is answered once, and then by the whole.
    assert!(
        read_log("x509: negative serial number\nx509: negative serial number")
            .lines
            .is_empty()
    );
}

#[test]
fn bits_of_key_usage_are_named() {
    let reading = read_log("node-4 ovpn-client[11]: ++ Certificate has key usage  0080, expects 00a0");
    let words = &reading.heard[0].words;
    assert!(words.contains("digitalSignature and keyEncipherment"), "{words}");
    assert_eq!(reading.candidates[0].likelihood, Likelihood::Said);
    assert!(
        !reading.candidates[0].title.contains("may not sign"),
        "{}",
        reading.candidates[0].title
    );
}

#[test]
fn the_purpose_that_openvpn_asks_for_tells_who_judges() {
    use mtlscope::capture::Side;
    for (asked, judge) in [("Server", Side::Client), ("Client", Side::Server)] {
        let text = format!(
            "++ Certificate has EKU (str) X, expects TLS Web {asked} Authentication\nVERIFY EKU ERROR"
        );
        let reading = read_log(&text);
        assert_eq!(reading.speaker.side, Some(judge), "{text}");
        assert_eq!(reading.candidates[0].id, CauseId::WrongPurpose, "{text}");
    }
}

#[test]
fn exact_words_bring_the_command_that_mends() {
    for (text, command) in [
        (
            "File does not contain valid private key: /k.pem at io.netty.handler.ssl",
            "openssl pkcs8 -topk8 -nocrypt",
        ),
        (
            "Error: Unsupported PKCS12 PFX data\n at configSecureContext (node:internal/tls",
            "openssl pkcs12 -legacy",
        ),
        ("x509: negative serial number", "x509negativeserial=1"),
        ("Could not find issuer for certificate", "> new-trust.pem"),
    ] {
        let reading = read_log(text);
        assert!(
            reading.candidates[0]
                .mend
                .iter()
                .any(|line| line.contains(command)),
            "{text}: {:?}",
            reading.candidates[0]
        );
    }
}

#[test]
fn the_same_words_elsewhere_raise_no_alarm() {
    for text in [
        "Error: error:0308010C:digital envelope routines::unsupported\n    at new Hash (node:internal/crypto/hash:71:19)\n    at Object.createHash (node:crypto:133:10)",
        "TypeError: operation unsupported",
        "haproxy: PROXY protocol enabled on bind *:443",
        "error code -0x2700 from sensor",
        "iteration limit exceeded in solver",
        "the password was incorrect",
        "negative serial number in invoice 17",
        "login: credentials supplied",
        "upload exceeds the maximum allowed length",
        "Keystore loaded from /etc/app/store.p12",
        "Mechanism invalid in lift 3",
        "smbclient: The specified network password is not correct.",
        "Error: error:0308010C:digital envelope routines::unsupported { code: 'ERR_OSSL_EVP_UNSUPPORTED' }",
    ] {
        let reading = read_log(text);
        assert!(!reading.is_understood(), "{text}: {:?}", reading.candidates);
    }
}

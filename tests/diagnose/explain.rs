//! Log lines as the field has them: who spoke, and what they can mean.

use crate::support::command;
use crate::support::log_lines;
use command::{json, mtlscope, status};
use log_lines::{LINES, Line};
use mtlscope::diagnose::{CauseId, Likelihood, read_log};

#[test]
fn lines_of_the_field_are_read_as_they_were_meant() {
    let mut wrong = Vec::new();
    for Line(text, side, role, first) in LINES {
        let reading = read_log(text);
        let ids: Vec<&str> = reading
            .candidates
            .iter()
            .map(|candidate| candidate.id.word())
            .collect();
        let leading = ids.get(..first.len()).unwrap_or_default();
        let leads = !leading.is_empty() && first.iter().all(|id| leading.contains(id));
        if reading.speaker.side != *side || reading.speaker.role != Some(*role) || !leads {
            wrong.push(format!(
                "{text}\n    {:?} {:?} {ids:?}",
                reading.speaker.side, reading.speaker.role
            ));
        }
        for heard in &reading.heard {
            assert!(
                text.get(heard.range.clone()).is_some_and(|part| !part.is_empty()),
                "{heard:?}"
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        LINES.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_is_not_known_is_said_to_be_unknown() {
    for text in [
        "",
        "hello world",
        "the quick brown fox alerted unknown callers",
        "listening on 127.0.0.1:8443",
        "certificate",
        "2026-11-24 INFO server started, ssl certificate loaded from /etc/tls/tls.crt",
        "\u{0}\u{fffd}ßé漢字",
    ] {
        let reading = read_log(text);
        assert!(!reading.is_understood(), "{text}: {:?}", reading.candidates);
    }
}

#[test]
fn words_that_mean_one_thing_say_so() {
    let reading = read_log("tls: client didn't provide a certificate");
    assert!(reading.candidates.len() > 1, "a client may have kept one back");
    let reading = read_log("Error: CERT_HAS_EXPIRED");
    assert_eq!(reading.candidates[0].likelihood, Likelihood::Said);
    assert_eq!(reading.candidates[0].id, CauseId::Expired);
}

#[test]
fn two_faults_in_a_log_are_two_candidates() {
    let reading =
        read_log("x509: certificate specifies an incompatible key usage\nError: CERT_HAS_EXPIRED\n");
    let ids: Vec<&str> = reading.candidates.iter().map(|one| one.id.word()).collect();
    assert!(
        ids.contains(&"wrong-purpose") && ids.contains(&"expired"),
        "{ids:?}"
    );
}

#[test]
fn any_text_is_read_in_time() {
    let long = "TLS alert, unknown CA ".repeat(20_000);
    assert!(read_log(&long).is_understood());
}

#[test]
fn the_command_says_who_spoke_and_what_the_files_show() {
    let output = mtlscope(&[
        "explain",
        "--format",
        "json",
        "error:0A000418:SSL routines::tlsv1 alert unknown ca",
        "--scenario",
        "client-missing-intermediate",
    ]);
    assert_eq!(status(&output), 0);
    let found = json(&output);
    assert_eq!(found["schema"], "mtlscope.explanation/1");
    assert_eq!(found["speaker"]["role"], "told");
    assert_eq!(found["candidates"][0]["id"], "missing-intermediate");
    assert_eq!(found["candidates"][0]["settled"], "confirmed");
    let settled = |id: &str| {
        found["candidates"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["id"] == id))
            .map(|one| one["settled"].clone())
    };
    assert_eq!(settled("no-trust-anchors"), Some("ruled-out".into()));
}

#[test]
fn an_unknown_text_and_an_empty_one_have_their_status() {
    let output = mtlscope(&["explain", "nothing of the kind"]);
    assert_eq!(status(&output), 1);
    assert!(String::from_utf8_lossy(&output.stdout).contains("not known"));
    let output = mtlscope(&["explain", "  "]);
    assert_eq!(status(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to explain"));
}

/// What real programs said (`assets/rosetta.ron`): every complaint is understood, and its cause is among the candidates,
/// but for the rows that are listed with their reason.
#[test]
fn what_real_programs_said_is_explained() {
    let mut unknown = Vec::new();
    let mut elsewhere = Vec::new();
    let mut asked = 0;
    for row in mtlscope::diagnose::sayings() {
        if row.accepted || row.words.is_empty() {
            continue;
        }
        asked += 1;
        let reading = read_log(&row.words);
        let place = format!("{} {} {}: {}", row.fault, row.stack, row.side.word(), row.words);
        if !reading.is_understood() {
            unknown.push(place);
        } else if !reading.candidates.iter().any(|one| one.id.word() == row.cause) {
            let ids: Vec<&str> = reading.candidates.iter().map(|one| one.id.word()).collect();
            elsewhere.push(format!("{place}\n      {} not in {ids:?}", row.cause));
        }
    }
    println!(
        "{asked} complaints, {} not understood, {} without their cause",
        unknown.len(),
        elsewhere.len()
    );
    assert!(unknown.is_empty(), "not understood:\n{}", unknown.join("\n"));
    assert!(
        elsewhere.is_empty(),
        "without their cause:\n{}",
        elsewhere.join("\n")
    );
}

/// The first candidate's title, and the title of the one with this id.
fn title_of(text: &str, id: &str) -> String {
    let reading = read_log(text);
    let found = reading.candidates.iter().find(|one| one.id.word() == id);
    found.map_or_else(|| format!("no {id}"), |one| one.title.clone())
}

#[test]
fn whoever_sees_the_end_names_its_peer_as_the_one_that_closed() {
    let nobody = "The peer of whoever wrote this closed the connection before the handshake was done";
    for (text, title) in [
        (
            "ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:997)",
            nobody,
        ),
        (
            "TLS handshake failed: Connection reset by peer (os error 104)",
            nobody,
        ),
        (
            "http: TLS handshake error from 10.255.0.11:16614: EOF",
            "The client closed the connection before the handshake was done",
        ),
        (
            "*2 peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking, client: 10.1.1.1",
            "The client closed the connection before the handshake was done",
        ),
        (
            "*2 peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream",
            "The server closed the connection before the handshake was done",
        ),
        (
            "Error: Client network socket disconnected before secure TLS connection was established",
            "The server closed the connection before the handshake was done",
        ),
    ] {
        assert_eq!(title_of(text, "peer-closed"), title, "{text}");
    }
}

#[test]
fn whoever_reads_no_tls_names_its_peer_as_the_one_that_does_not_speak_it() {
    for (text, title) in [
        (
            "tls: first record does not look like a TLS handshake",
            "The peer of whoever wrote this does not speak TLS here",
        ),
        (
            "http: TLS handshake error from 10.0.0.7:5: tls: first record does not look like a TLS handshake",
            "The client does not speak TLS here",
        ),
        (
            "curl: (35) error:0A00010B:SSL routines::wrong version number",
            "The server does not speak TLS here",
        ),
        // A hello in the log of a program that speaks plain HTTP: there it is the writer.
        (
            "Invalid method in request \\x16\\x03\\x01",
            "The writer does not speak TLS here",
        ),
    ] {
        assert_eq!(title_of(text, "not-tls"), title, "{text}");
    }
    let check = |text: &str| read_log(text).candidates[0].check.clone();
    let at_the_server = check("curl: (35) error:0A00010B:SSL routines::wrong version number");
    let at_the_client = check(
        "http: TLS handshake error from 10.0.0.7:5: tls: first record does not look like a TLS handshake",
    );
    assert!(at_the_server.contains("http://"), "{at_the_server}");
    assert!(at_the_client.contains("s_client"), "{at_the_client}");
}

#[test]
fn a_certificate_alert_begins_with_what_it_is_sent_for_every_day() {
    let everyday = [
        "unknown-issuer",
        "missing-intermediate",
        "expired",
        "name-mismatch",
    ];
    for text in [
        "remote error: tls: bad certificate",
        "remote error: tls: unknown certificate",
        "error:14094416:SSL routines:ssl3_read_bytes:sslv3 alert certificate unknown",
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: bad_certificate",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "received fatal alert: CertificateUnknown",
    ] {
        let reading = read_log(text);
        let first: Vec<&str> = reading
            .candidates
            .iter()
            .map(|one| one.id.word())
            .take(4)
            .collect();
        assert_eq!(first, everyday, "{text}");
        let rare = |id: &str| reading.candidates.iter().position(|one| one.id.word() == id);
        for id in ["leaf-is-ca", "spiffe-id-mismatch"] {
            assert!(rare(id).is_none_or(|place| place > 15), "{id} in {text}");
        }
    }
    // And what is measured of each stack's client is among them: Go 1.19's sends 42 for all of these.
    let heard = read_log("http: TLS handshake error from 10.0.0.9:4: remote error: tls: bad certificate");
    for row in mtlscope::diagnose::sayings() {
        let is_go = row.peers.iter().any(|peer| peer == "Go") && row.judge == mtlscope::capture::Side::Client;
        if is_go && !row.accepted && row.words.contains("bad certificate") {
            assert!(
                heard.candidates.iter().any(|one| one.id.word() == row.cause),
                "{}",
                row.cause
            );
        }
    }
}

#[test]
fn the_program_is_named_and_the_library_whose_words_it_has() {
    for (text, stack, library) in [
        (
            "*1 SSL_do_handshake() failed (SSL: error:14209102:SSL routines:tls_early_post_process_client_hello:unsupported protocol) while SSL handshaking, client: 10.0.0.1",
            "nginx",
            Some("OpenSSL"),
        ),
        (
            "transport failure reason: TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end",
            "Envoy",
            Some("BoringSSL"),
        ),
        (
            "Error: write EPROTO C0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:355:",
            "Node.js",
            Some("OpenSSL"),
        ),
        (
            "ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:997)",
            "Python",
            Some("OpenSSL"),
        ),
        (
            "fatal: unable to access 'https://h/r.git/': gnutls_handshake() failed: Error in the pull function",
            "curl",
            Some("GnuTLS"),
        ),
        (
            "error:0A000086:SSL routines::certificate verify failed",
            "OpenSSL",
            None,
        ),
        ("received fatal alert: UnknownCa", "rustls", None),
        (
            "Received fatal alert: unknown_ca; javax.net.ssl.SSLHandshakeException",
            "Java",
            None,
        ),
    ] {
        let speaker = read_log(text).speaker;
        assert_eq!((speaker.stack, speaker.library), (Some(stack), library), "{text}");
    }
}

#[test]
fn what_a_program_lacks_itself_is_its_own() {
    let reading = read_log(
        "upstream_reset_before_response_started{remote_connection_failure|TLS_error:_Secret_is_not_supplied_by_SDS}",
    );
    let ids: Vec<&str> = reading.candidates.iter().map(|one| one.id.word()).collect();
    assert_eq!(ids, ["no-trust-anchors", "client-certificate-missing"]);
    assert!(
        reading.candidates[0].title.starts_with("The client"),
        "{:?}",
        reading.candidates[0]
    );
    assert!(
        reading.speaker.sentence().contains("its own files"),
        "{}",
        reading.speaker.sentence()
    );
}

#[test]
fn a_bare_eof_is_never_likely() {
    for text in [
        "EOF",
        "error reading from server: EOF",
        "closing transport due to: EOF",
        "read: EOF, retrying",
    ] {
        let reading = read_log(text);
        let likely = reading
            .candidates
            .iter()
            .find(|one| one.likelihood != Likelihood::Possible);
        assert!(likely.is_none(), "{text}: {likely:?}");
    }
}

//! The first line of a list of connections, and what is said of a cause.

use super::{Page, cause_words, list};
use crate::capture::Side;
use crate::diagnose::{Cause, CauseId, Certainty, CertificateRef, Remedy, Tool, Verdict};
use crate::survey::{ClientCertificate, Row};

#[test]
fn what_failed_and_what_never_ended_is_counted() {
    let row = |verdict| Row {
        connection: 0,
        started_at_unix_us: 0,
        client: "10.0.0.1:1".to_owned(),
        server: "10.0.0.2:443".to_owned(),
        sni: None,
        version: None,
        preamble: None,
        tunnel: None,
        carrier: None,
        client_said: None,
        client_certificate: ClientCertificate::Unknown,
        began_before_recording: verdict == Verdict::Unknown,
        verdict,
        ending: "end".to_owned(),
        payload_bytes: 0,
    };
    let first = |verdicts: &[Verdict]| {
        let rows: Vec<Row> = verdicts.iter().copied().map(row).collect();
        list(&rows).lines().next().unwrap_or_default().to_owned()
    };
    let (good, bad, open) = (Verdict::Accepted, Verdict::Rejected, Verdict::Unfinished);
    assert_eq!(
        first(&[good, good]),
        "2 TLS connections, none of them seen to fail"
    );
    assert_eq!(first(&[good, bad]), "2 TLS connections, one of which failed");
    assert_eq!(first(&[good, open]), "2 TLS connections, one of which failed");
    assert_eq!(
        first(&[open, bad, Verdict::Unknown]),
        "3 TLS connections, 2 of which failed; 1 began before the recording"
    );
}

fn cause(certainty: Certainty, reported: bool, tools: &[Option<Tool>]) -> Cause {
    let remedy = |(number, tool): (usize, &Option<Tool>)| Remedy {
        tool: *tool,
        text: format!("Mend {number}."),
        commands: vec![format!("mend-{number}")],
    };
    Cause {
        certainty,
        title: "It is over.".to_owned(),
        detail: "Since yesterday.".to_owned(),
        reported,
        remedies: tools.iter().enumerate().map(remedy).collect(),
        ..Cause::bare(CauseId::Expired)
    }
}

/// The lines of a cause, for somebody who asked for the commands of these tools.
fn lines(cause: &Cause, tools: &[Tool]) -> Vec<String> {
    let mut page = Page {
        tools: tools.to_vec(),
        ..Page::default()
    };
    cause_words(&mut page, cause, &[]);
    page.text.lines().map(|line| line.trim().to_owned()).collect()
}

/// That nobody reported it is said of what is certain: what is only possible nobody can be asked to report.
#[test]
fn what_is_known_of_a_cause_is_in_its_brackets() {
    let (proven, possible) = (Certainty::Proven, Certainty::Possible);
    let certificate = |subject: &str| CertificateRef {
        sha256: String::new(),
        subject: subject.to_owned(),
    };
    for (certainty, reported, side, subject, wanted) in [
        (proven, true, None, None, "[expired · proven]"),
        (
            proven,
            false,
            None,
            None,
            "[expired · proven · nobody reported it]",
        ),
        (possible, true, None, None, "[expired · possible]"),
        (possible, false, None, None, "[expired · possible]"),
        (
            possible,
            false,
            Some(Side::Client),
            Some(""),
            "[expired · possible · judged by the client]",
        ),
        (
            proven,
            false,
            Some(Side::Server),
            Some("CN=a"),
            "[expired · proven · judged by the server · CN=a · nobody reported it]",
        ),
    ] {
        let cause = Cause {
            side,
            certificate: subject.map(certificate),
            ..cause(certainty, reported, &[])
        };
        assert_eq!(lines(&cause, &[]), ["It is over.", "Since yesterday.", wanted]);
    }
}

/// Of several remedies those of the wanted tools are told, and each other tool is named once.
#[test]
fn tools_that_were_not_asked_for_are_named_once() {
    use Tool::{Envoy, Nginx, OpenSsl, Step};
    let all = [
        None,
        Some(Step),
        Some(OpenSsl),
        Some(Step),
        Some(Nginx),
        Some(OpenSsl),
        Some(Step),
        Some(Nginx),
    ];
    let cause = cause(Certainty::Proven, true, &all);
    let fix = |number: usize, lead: &str| format!("{lead}Mend {number}.");
    for (tools, shown, also) in [
        (
            &[][..],
            &[(0, "Fix: "), (2, "Fix: "), (5, "Fix: ")][..],
            Some("step, nginx"),
        ),
        (
            &[OpenSsl],
            &[(0, "Fix: "), (2, "Fix: "), (5, "Fix: ")],
            Some("step, nginx"),
        ),
        (&[Envoy], &[(0, "Fix: ")], Some("step, openssl, nginx")),
        (
            &[Step, Nginx],
            &[
                (0, "Fix: "),
                (1, "Fix, with step: "),
                (3, "Fix, with step: "),
                (4, "Fix, with nginx: "),
                (6, "Fix, with step: "),
                (7, "Fix, with nginx: "),
            ],
            Some("openssl"),
        ),
        (
            &[Step, Nginx, OpenSsl],
            &[
                (0, "Fix: "),
                (1, "Fix, with step: "),
                (2, "Fix: "),
                (3, "Fix, with step: "),
                (4, "Fix, with nginx: "),
                (5, "Fix: "),
                (6, "Fix, with step: "),
                (7, "Fix, with nginx: "),
            ],
            None,
        ),
    ] {
        let mut wanted = Vec::new();
        for (number, lead) in shown {
            wanted.extend([fix(*number, lead), format!("mend-{number}")]);
        }
        wanted.extend(also.map(|tools| format!("Also, with --tool: {tools}.")));
        assert_eq!(lines(&cause, tools)[3..], wanted, "{tools:?}");
    }
}

/// How a side ended its half: an admission says more than what became of the connection.
#[test]
fn the_end_below_tls_is_told_of_its_side() {
    use crate::capture::{Capture, Event, EventKind};
    let text = include_str!("../../../tests/fixtures/sessions/good-tls13.ron");
    let recorded = Capture::clone(&crate::session::parse(text, "good").expect("a session").capture);
    let closed = |is_reset| EventKind::TransportClosed { is_reset };
    let admission = |is_granted| EventKind::Admission { is_granted };
    let (client, server) = (Side::Client, Side::Server);
    for (events, of_client, of_server) in [
        (vec![], "", ""),
        (
            vec![(3_000, client, closed(false)), (4_000, server, closed(true))],
            "; closed its side (FIN) at 3.00 ms",
            "; reset the connection (RST) at 4.00 ms",
        ),
        (
            vec![(2_000, server, closed(false))],
            "",
            "; closed its side (FIN) at 2.00 ms",
        ),
        (
            vec![(1_000, server, closed(false)), (2_000, server, admission(true))],
            "",
            "; said EAP-Success at 2.00 ms",
        ),
        (
            vec![(2_000, client, admission(false))],
            "; said EAP-Failure at 2.00 ms",
            "",
        ),
        (
            vec![(1_000, client, closed(true)), (2_000, client, closed(false))],
            "; reset the connection (RST) at 1.00 ms",
            "",
        ),
    ] {
        let capture = Capture {
            events: events
                .iter()
                .map(|(at_us, side, kind)| Event {
                    at_us: *at_us,
                    side: *side,
                    kind: kind.clone(),
                })
                .collect(),
            ..recorded.clone()
        };
        assert_eq!(super::transport_words(&capture, client), of_client, "{events:?}");
        assert_eq!(super::transport_words(&capture, server), of_server, "{events:?}");
    }
}

/// That a server chose no protocol is told once it has answered: in TLS 1.2 with its hello, in 1.3 only under its keys.
#[test]
fn no_protocol_is_told_once_the_server_has_answered() {
    use crate::cancel::Cancel;
    use crate::decode::{Body, decode};
    use crate::setup::TlsVersion;
    use crate::source::lab::run_blocking;
    for (version, in_hello) in [(TlsVersion::Tls12, true), (TlsVersion::Tls13, false)] {
        let mut setup = crate::scenario::built_in().expect("it mints");
        setup.parties.client.policy.alpn = vec!["h2".to_owned()];
        setup.parties.client.policy.versions = vec![version];
        setup.parties.server.policy.alpn = Vec::new();
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let whole = decode(&capture);
        let of = |count: usize| {
            let mut transcript = whole.clone();
            transcript.messages.truncate(count);
            super::alpn_words(&transcript)
        };
        let words = Some("the server chose no ALPN of h2".to_owned());
        assert_eq!(of(whole.messages.len()), words, "{version:?}");
        let is_hello = |body: &Body| matches!(body, Body::ServerHello(_));
        let hello = whole.messages.iter().position(|message| is_hello(&message.body));
        let hello = hello.expect("a ServerHello");
        assert_eq!(of(hello), None, "{version:?}: nothing was answered");
        assert_eq!(of(hello + 1), words.filter(|_| in_hello), "{version:?}");
        let mut chosen = whole.clone();
        chosen.alpn = Some("h2".to_owned());
        assert_eq!(super::alpn_words(&chosen).as_deref(), Some("ALPN h2"));
    }
}

/// A message that came again and again is told once, with how often; and one that has no parts is its own one field.
#[test]
fn repetitions_are_counted_where_there_are_some() {
    use std::sync::Arc;
    let text = include_str!("../../../tests/fixtures/sessions/good-tls13.ron");
    let session = crate::session::parse(text, "good").expect("a session");
    let mut analysis = crate::analysis::Analysis::of(Arc::clone(&session.capture));
    let plain = super::super::tree::fields(&analysis);
    assert!(!plain.contains(" × the same"), "{plain}");
    analysis.transcript.messages[0].repeated = 1_233;
    analysis.transcript.messages[1].root.children.clear();
    let told = super::super::tree::fields(&analysis);
    assert_eq!(told.matches("     1,234 × the same\n").count(), 1, "{told}");
    let json = super::super::json::analysis(&analysis, &[]);
    let json = serde_json::to_value(&json).expect("JSON");
    let repeated: Vec<&serde_json::Value> = json["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|message| message.get("repeated"))
        .collect();
    assert_eq!(repeated, [&serde_json::Value::from(1_233)]);
    let fields = json["messages"][1]["fields"].as_array().expect("fields");
    assert_eq!(fields.len(), 1);
    assert_eq!(fields[0]["start"], 0);
    assert_eq!(fields[0]["end"], json["messages"][1]["length"]);
    assert!(
        json["messages"][0]["fields"]
            .as_array()
            .is_some_and(|all| all.len() > 1)
    );
}

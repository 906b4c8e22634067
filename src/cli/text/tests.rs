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
        id: CauseId::Expired,
        certainty,
        side: None,
        certificate: None,
        title: "It is over.".to_owned(),
        detail: "Since yesterday.".to_owned(),
        needs: String::new(),
        rule: String::new(),
        reported,
        evidence: Vec::new(),
        remedies: tools.iter().enumerate().map(remedy).collect(),
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

//! Log lines as the field has them: who spoke, and what they can mean.
#![allow(missing_docs, reason = "a test")]

#[path = "support/command.rs"]
mod command;
#[path = "support/log_lines.rs"]
mod log_lines;

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
    let began = std::time::Instant::now();
    assert!(read_log(&long).is_understood());
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
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

//! What each way in which a handshake can end means for the judge, and which of them mean nothing.

use super::*;
use crate::cancel::Cancel;
use crate::capture::{Event, StackVerdict};
use crate::opinion::stacks;
use crate::opinion::verdict::{AskedAt, Way};
use crate::stack::Stack;

#[test]
fn only_a_status_for_the_certificate_turns_away() {
    let found: Vec<u16> = (100..=599)
        .filter(|status| is_turned_away(&format!("HTTP/1.1 {status} Words")))
        .collect();
    assert_eq!(found, [400, 401, 403, 495, 496, 497]);
    for other in [
        "220 400",
        "",
        "HTTP/1.1",
        "HTTP/1.1  400",
        "http 400",
        "HTTP/1.1 4000",
    ] {
        assert!(!is_turned_away(other), "{other}");
    }
}

/// How our end fared in a handshake, as far as it is judged by.
#[derive(Clone, Default)]
struct Fared {
    /// How many certificates our end handed over.
    shown: Option<usize>,
    is_withheld: bool,
    /// What the peer answered, and to which end.
    answer: Option<(Side, &'static str)>,
    code: Option<VerdictCode>,
}

fn capture(fared: &Fared, ours: Side) -> Capture {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/good-tls13.ron");
    let session = crate::session::load(&path).expect("a session");
    let mut capture = Capture::clone(&session.capture);
    let event = |side, kind| Event { at_us: 0, side, kind };
    capture.events.clear();
    let shown = fared
        .shown
        .map(|certificates| EventKind::CertificateChosen { certificates });
    capture.events.extend(shown.map(|kind| event(ours, kind)));
    let withheld = EventKind::CertificateWithheld { schemes: Vec::new() };
    capture
        .events
        .extend(fared.is_withheld.then(|| event(ours, withheld)));
    let answer = fared.answer.map(|(side, text)| {
        let text = text.to_owned();
        event(side, EventKind::LineReceived { text })
    });
    capture.events.extend(answer);
    capture.sides.of_mut(ours).verdict = fared.code.map(|code| StackVerdict {
        stack: "rustls".to_owned(),
        version: String::new(),
        code,
        words: "our own words".to_owned(),
    });
    capture
}

/// What comes of it where the program ended so and wrote this; and what is kept of the program.
fn concluded(ours: Side, fared: &Fared, end: End, output: &str) -> Answer {
    let asked = stacks::asked(Stack::OpenSsl).expect("it can be asked");
    let finished = Finished {
        end,
        output: output.to_owned(),
    };
    let mut opinion = Opinion {
        stack: Stack::OpenSsl,
        version: String::new(),
        way: Way::Handshake,
        asked_at: AskedAt::Wanted,
        command: Vec::new(),
        exit_status: None,
        said: Said::Accepts,
        output: String::new(),
        took_ms: 0,
        capture: None,
    };
    let limit = Limit::for_the_next(std::time::Duration::from_mins(1), &Cancel::default());
    let answer = conclude(
        &asked,
        ours,
        &finished,
        capture(fared, ours),
        &limit,
        &mut opinion,
    );
    assert_eq!(opinion.output, output);
    assert_eq!(opinion.exit_status, finished.exit_status());
    assert!(
        opinion.capture.is_some(),
        "it can be looked at, whatever came of it"
    );
    answer
}

const EXPIRED: &str = "verify error:num=10:certificate has expired";

fn shown() -> Fared {
    Fared {
        shown: Some(1),
        ..Fared::default()
    }
}

fn ended(code: VerdictCode) -> Fared {
    Fared {
        code: Some(code),
        ..shown()
    }
}

/// A crash is none of its verdicts, even where it had answered before.
#[test]
fn what_a_signal_ended_has_said_nothing() {
    for ours in Side::BOTH {
        let answered = Fared {
            answer: Some((ours, "HTTP/1.1 200 OK")),
            ..shown()
        };
        for fared in [answered, ended(VerdictCode::AlertReceived(45)), Fared::default()] {
            for (output, words) in [
                ("", "signal 11 ended it"),
                ("one\n two \n\n", "signal 11 ended it: two"),
            ] {
                let found = concluded(ours, &fared, End::Signalled(11), output);
                assert_eq!(found, Err(NoAnswer::Crashed(words.to_owned())));
            }
        }
    }
}

/// Whoever answers has let us in; but a server may say no in HTTP.
#[test]
fn an_answer_is_a_welcome_unless_it_turns_away() {
    let answered = |to: Side, text: &'static str| Fared {
        answer: Some((to, text)),
        ..shown()
    };
    let (client, server) = (Side::Client, Side::Server);
    let refused = "HTTP/1.1 400 Bad Request";
    for (ours, fared, output, wanted) in [
        (client, answered(client, "HTTP/1.1 200 OK"), "", Said::Accepts),
        (
            client,
            answered(client, "HTTP/1.1 404 Not Found"),
            EXPIRED,
            Said::Accepts,
        ),
        (
            client,
            answered(client, refused),
            "",
            Said::Refuses(refused.to_owned()),
        ),
        (
            client,
            answered(client, refused),
            EXPIRED,
            Said::Refuses(EXPIRED.to_owned()),
        ),
        // What a client asks of our server is a request, whatever it looks like.
        (server, answered(server, refused), "", Said::Accepts),
        (server, answered(server, "GET / HTTP/1.1"), EXPIRED, Said::Accepts),
    ] {
        assert_eq!(concluded(ours, &fared, End::Ours, output), Ok(wanted), "{output}");
    }
    // What went the other way is no answer.
    let other = answered(server, "HTTP/1.1 200 OK");
    assert!(concluded(client, &other, End::Ours, "").is_err());
}

#[test]
fn each_ending_without_an_answer_has_its_meaning() {
    use VerdictCode as V;
    let not_so_far = "the handshake did not come so far: our own words";
    for ours in Side::BOTH {
        let of = |fared: &Fared, output: &str| concluded(ours, fared, End::Exited(3), output);
        let refuses = |words: &str| Ok(Said::Refuses(words.to_owned()));
        let unasked = |words: &str| Err(NoAnswer::CannotBeAsked(words.to_owned()));
        // An alert is a refusal, in its own words where it has some.
        let alert = ended(V::AlertReceived(45));
        assert_eq!(of(&alert, EXPIRED), refuses(EXPIRED));
        assert_eq!(of(&alert, "nothing of note"), refuses("our own words"));
        // It went: with words a refusal, without them nobody knows.
        for code in [V::TransportEnded, V::Accepted] {
            assert_eq!(of(&ended(code), EXPIRED), refuses(EXPIRED));
            let words = "it closed the connection without a word (exit status 3: bye)".to_owned();
            assert_eq!(of(&ended(code), "bye\n"), Err(NoAnswer::Crashed(words)));
            let words = "it closed the connection without a word (exit status 3)".to_owned();
            assert_eq!(of(&ended(code), ""), Err(NoAnswer::Crashed(words)));
        }
        let asked = stacks::asked(Stack::OpenSsl).expect("it can be asked");
        let after_ms = asked.deadline.as_millis() as u64;
        assert_eq!(
            of(&ended(V::TimedOut), EXPIRED),
            Err(NoAnswer::TimedOut(after_ms))
        );
        // Our own end objects: it never judged.
        for code in [
            V::InvalidMessage,
            V::DecryptError,
            V::PeerMisbehaved,
            V::NotConfigurable,
        ] {
            assert_eq!(of(&ended(code), EXPIRED), unasked(not_so_far), "{code:?}");
        }
        // It was shown nothing: whatever it says is not about the chain.
        for shown in [None, Some(0)] {
            for code in [V::AlertReceived(45), V::TransportEnded, V::Accepted] {
                let fared = Fared { shown, ..ended(code) };
                assert_eq!(of(&fared, EXPIRED), unasked(not_so_far), "{shown:?}, {code:?}");
            }
        }
        let withheld = Fared {
            is_withheld: true,
            ..ended(V::AlertReceived(116))
        };
        let words = "the key signs with none of the schemes that it accepts, so nothing was shown to it";
        assert_eq!(of(&withheld, EXPIRED), unasked(words));
    }
}

//! The story: rows, chapters, bands, beliefs, told from real runs of the lab pair.

use crate::support;
use mtlscope::capture::{ClientAuth, Side};
use mtlscope::decode::Protection;
use mtlscope::diagnose::CauseId;
use mtlscope::setup::TlsVersion;
use mtlscope::story::{Belief, ChapterState, RowKind};
use support::told::{GOOD, analysis, assert_whole, bands, beliefs, states, titles, told};

#[test]
fn a_good_tls_13_handshake_is_the_picture() {
    let analysis = analysis(GOOD, |_| {});
    assert_whole(&analysis);
    let story = &analysis.story;
    assert_eq!(
        titles(story),
        told(&[
            (1, "ClientHello"),
            (2, "ServerHello"),
            (2, "EncryptedExtensions · CertificateRequest"),
            (2, "Certificate · CertificateVerify · Finished"),
            (3, "verifies server's chain"),
            (4, "Certificate · CertificateVerify · Finished"),
            (5, "verifies client's chain"),
            (6, "NewSessionTicket ×2"),
            (6, "Application data"),
            (6, "Application data"),
            (6, "Goodbye (close_notify)"),
            (6, "Goodbye (close_notify)"),
        ])
    );
    assert_eq!(states(story), [ChapterState::Done; 6]);
    assert_eq!(
        bands(story),
        [(Protection::Handshake, 2..7), (Protection::Application, 7..12)]
    );
    assert_eq!(
        beliefs(story, Side::Client)[1],
        (Belief::Connected, 5),
        "as it sends its Finished"
    );
    assert_eq!(
        beliefs(story, Side::Server)[1],
        (Belief::Connected, 6),
        "once it has verified the client"
    );
    assert_eq!(story.two_truths, None);
    assert!(story.rows.iter().all(|row| !row.is_break));
    let caption = |step: usize| story.steps[step].caption.as_str();
    assert!(
        caption(0).starts_with("TLS 1.3 · X25519MLKEM768 · SNI payments.shop.svc · 1,"),
        "{}",
        caption(0)
    );
    assert!(
        caption(2).starts_with("ALPN h2 · accepts 1 CA: “Mesh Root” · "),
        "{}",
        caption(2)
    );
    assert!(
        caption(3).starts_with("payments ← Mesh Issuer · ECDSA P-256 · "),
        "{}",
        caption(3)
    );
    assert!(caption(8).starts_with("“GET /charge” · "), "{}", caption(8));
    let notes: Vec<&str> = story
        .chapters
        .iter()
        .map(|chapter| chapter.note.as_str())
        .collect();
    assert_eq!(
        (notes[1], notes[3], notes[5]),
        ("TLS 1.3", "orders", "AES-256-GCM")
    );
    let RowKind::Verification {
        passed,
        total,
        is_accepted,
        ..
    } = &story.rows[6].kind
    else {
        panic!("the seventh row is a verification")
    };
    assert!(
        *is_accepted && passed == total && *total >= 8,
        "{passed} of {total}"
    );
    assert_eq!(notes[4], format!("{passed} of {total} checks"));
}

#[test]
fn a_refused_client_lives_in_two_truths() {
    let analysis = analysis(&["client-other"], |_| {});
    assert_whole(&analysis);
    let story = &analysis.story;
    assert_eq!(
        titles(story)[5..],
        told(&[
            (4, "Certificate · CertificateVerify · Finished"),
            (5, "verifies client's chain"),
            (5, "Alert: unknown_ca"),
        ])
    );
    assert_eq!(
        states(story)[3..],
        [ChapterState::Done, ChapterState::Failed, ChapterState::NotReached]
    );
    assert_eq!(story.chapters[4].note, "unknown issuer");
    assert_eq!(story.chapters[5].note, "not reached");
    assert_eq!(
        story.rows.iter().position(|row| row.is_break),
        Some(6),
        "it broke at the judge"
    );
    assert_eq!(
        bands(story),
        [(Protection::Handshake, 2..7), (Protection::Application, 7..8)],
        "the alert lies under application keys"
    );
    assert_eq!(
        beliefs(story, Side::Client),
        [
            (Belief::Handshaking, 0),
            (Belief::Connected, 5),
            (Belief::Failed, 7)
        ]
    );
    assert_eq!(
        beliefs(story, Side::Server),
        [(Belief::Handshaking, 0), (Belief::Failed, 6)]
    );
    let truths = story.two_truths.as_deref().expect("the two sides disagreed");
    assert!(
        truths.starts_with("the client believed it was connected for "),
        "{truths}"
    );
    assert!(
        story.steps[7].caption.ends_with(truths),
        "{}",
        story.steps[7].caption
    );
    let RowKind::Verification {
        refused_for,
        is_accepted,
        ..
    } = &story.rows[6].kind
    else {
        panic!("the seventh row is a verification")
    };
    assert_eq!(
        (*refused_for, *is_accepted),
        (Some(CauseId::UnknownIssuer), false)
    );
}

#[test]
fn tls_12_has_rows_of_its_own() {
    let analysis = analysis(GOOD, |setup| {
        setup.parties.server.policy.versions = vec![TlsVersion::Tls12];
    });
    assert_whole(&analysis);
    assert_eq!(
        titles(&analysis.story)[..8],
        told(&[
            (1, "ClientHello"),
            (2, "ServerHello"),
            (
                2,
                "Certificate · ServerKeyExchange · CertificateRequest · ServerHelloDone"
            ),
            (3, "verifies server's chain"),
            (4, "Certificate · ClientKeyExchange · CertificateVerify"),
            (5, "verifies client's chain"),
            (6, "ChangeCipherSpec · Finished"),
            (6, "ChangeCipherSpec · Finished"),
        ])
    );
    assert_eq!(
        bands(&analysis.story),
        [(Protection::Tls12, 6..analysis.story.rows.len())]
    );
    assert_eq!(states(&analysis.story), [ChapterState::Done; 6]);
}

#[test]
fn chapters_that_cannot_happen_say_why() {
    let unasked = analysis(GOOD, |setup| setup.client_auth = ClientAuth::None);
    assert_whole(&unasked);
    for chapter in &unasked.story.chapters[3..5] {
        assert_eq!(
            (chapter.state, chapter.note.as_str()),
            (ChapterState::Skipped, "skipped: nobody asked")
        );
    }
    assert_eq!(unasked.story.chapters[5].state, ChapterState::Done);
    let declined = analysis(&[], |setup| setup.client_auth = ClientAuth::Optional);
    assert_whole(&declined);
    assert_eq!(declined.story.chapters[3].note, "none sent");
    assert_eq!(declined.story.chapters[4].note, "skipped: none sent");
    assert_eq!(declined.story.chapters[4].state, ChapterState::Skipped);
}

#[test]
fn a_client_without_a_certificate_is_looked_at_in_vain() {
    for version in [TlsVersion::Tls13, TlsVersion::Tls12] {
        let analysis = analysis(&[], |setup| setup.parties.server.policy.versions = vec![version]);
        assert_whole(&analysis);
        let story = &analysis.story;
        let at = story.rows.iter().position(|row| row.is_break).expect("it broke");
        assert_eq!(story.steps[at].title, "looks for the client's certificate");
        assert_eq!(story.chapters[4].state, ChapterState::Failed);
        assert_eq!(story.chapters[4].note, "client certificate missing");
    }
}

#[test]
fn a_client_that_refuses_stops_in_the_third_chapter() {
    let analysis = analysis(GOOD, |setup| setup.server_name = "elsewhere.example".to_owned());
    assert_whole(&analysis);
    let story = &analysis.story;
    assert_eq!(
        states(story)[2..],
        [
            ChapterState::Failed,
            ChapterState::NotReached,
            ChapterState::NotReached,
            ChapterState::NotReached
        ]
    );
    assert_eq!(
        titles(story)[4..],
        told(&[(3, "verifies server's chain"), (3, "Alert: bad_certificate")])
    );
    assert_eq!(bands(story), [(Protection::Handshake, 2..6)]);
    assert_eq!(story.two_truths, None);
}

#[test]
fn a_retried_hello_stays_in_the_first_chapter() {
    let analysis = analysis(GOOD, |setup| {
        setup.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    });
    assert_whole(&analysis);
    assert_eq!(
        titles(&analysis.story)[..4],
        told(&[
            (1, "ClientHello"),
            (1, "HelloRetryRequest"),
            (1, "ClientHello"),
            (2, "ServerHello")
        ])
    );
    assert!(analysis.story.chapters[0].note.ends_with("retried"));
}

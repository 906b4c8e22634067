//! What the flags of `show` lay over evidence, and what stays as it was recorded.

use super::*;
use crate::capture::RevocationFile;

fn recorded() -> Capture {
    let text = include_str!("../../../tests/fixtures/sessions/good-tls13.ron");
    Capture::clone(&crate::session::parse(text, "good").expect("a session").capture)
}

fn overlay() -> Overlay {
    Overlay {
        trust: PerSide::default(),
        revocation: Revocation::default(),
        server_name: None,
        at: None,
    }
}

fn root(file: &str) -> LoadedCertificate {
    LoadedCertificate {
        der: vec![0x30, 0].into(),
        file: Some(file.to_owned()),
        entry: 3,
        line: Some(9),
        within: Some("a place".to_owned()),
        wrapping: None,
    }
}

fn file(byte: u8) -> RevocationFile {
    RevocationFile {
        file: None,
        line: None,
        der: vec![byte].into(),
        wrapping: None,
    }
}

#[test]
fn without_flags_nothing_changes() {
    let wanted = recorded();
    let mut capture = wanted.clone();
    assert_eq!(
        lay_over(&overlay(), &mut capture, Some("other.example")),
        Vec::<String>::new()
    );
    assert_eq!(capture, wanted);
}

#[test]
fn roots_take_the_place_of_those_of_their_side_alone() {
    for side in Side::BOTH {
        let before = recorded();
        let mut capture = before.clone();
        let mut flags = overlay();
        *flags.trust.of_mut(side) = Some(vec![root("a.pem"), root("b.pem")]);
        let notes = lay_over(&flags, &mut capture, None);
        assert_eq!(
            notes,
            [format!(
                "The {}'s trust store is the one given now, not the one recorded.",
                side.word()
            )]
        );
        let old = before.sides.of(side).trust.clone().expect("it is known");
        let trust = capture.sides.of(side).trust.clone().expect("it is given");
        assert_eq!(
            trust,
            Trust {
                roots: vec![root("a.pem").der, root("b.pem").der],
                ..old
            }
        );
        assert_eq!(capture.sides.of(side.peer()), before.sides.of(side.peer()));
        let of_it = |item: &&AtHand| item.side == Some(side) && item.slot == Slot::Trust;
        let told: Vec<_> = capture
            .at_hand
            .iter()
            .filter(of_it)
            .map(|one| (one.file.as_deref(), one.entry, one.line, one.within.as_deref()))
            .collect();
        let place = |file| (Some(file), 3, Some(9), Some("a place"));
        assert_eq!(told, [place("a.pem"), place("b.pem")]);
        let others = |capture: &Capture| {
            capture
                .at_hand
                .iter()
                .filter(|one| !of_it(one))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(others(&capture), others(&before));
        // Where nothing was known, nothing is replaced, and the time is that of the recording.
        let mut capture = before.clone();
        capture.sides.of_mut(side).trust = None;
        assert_eq!(lay_over(&flags, &mut capture, None), Vec::<String>::new());
        let trust = capture.sides.of(side).trust.clone().expect("it is given");
        assert_eq!(
            (trust.expected_name, trust.clock_unix_s, trust.revocation),
            (None, recorded_at_s(&before), Revocation::default())
        );
    }
}

/// Each of the others, alone and where what a side trusts is not known.
#[test]
fn lists_name_and_time_need_to_know_what_is_trusted() {
    let lists = || Overlay {
        revocation: Revocation {
            lists: vec![file(1)],
            responses: vec![file(2)],
            is_leaf_only: true,
            ..Revocation::default()
        },
        ..overlay()
    };
    let mut capture = recorded();
    capture
        .sides
        .client
        .trust
        .as_mut()
        .expect("known")
        .revocation
        .lists = vec![file(7), file(8)];
    let notes = lay_over(&lists(), &mut capture, None);
    assert_eq!(
        notes,
        ["The revocation lists are those given now, not what was recorded."]
    );
    for side in Side::BOTH {
        let known = &capture.sides.of(side).trust.as_ref().expect("known").revocation;
        assert_eq!(
            (&known.lists, &known.responses),
            (&vec![file(1)], &vec![file(2)]),
            "{side:?}"
        );
        assert!(!known.is_leaf_only, "how strict it was stays");
    }
    let mut blind = recorded();
    for side in Side::BOTH {
        blind.sides.of_mut(side).trust = None;
    }
    let not_used = "The revocation lists are not used: what the sides trust is not known; give --client-trust or \
                    --server-trust too.";
    assert_eq!(lay_over(&lists(), &mut blind.clone(), None), [not_used]);
    let name = || Overlay {
        server_name: Some("a.example".to_owned()),
        ..overlay()
    };
    let mut capture = recorded();
    assert_eq!(
        lay_over(&name(), &mut capture, Some("sni.example")),
        ["The name asked for is taken to be a.example."]
    );
    let of = |capture: &Capture, side| {
        capture
            .sides
            .of(side)
            .trust
            .as_ref()
            .and_then(|trust| trust.expected_name.clone())
    };
    assert_eq!(of(&capture, Side::Client).as_deref(), Some("a.example"));
    assert_eq!(of(&capture, Side::Server), of(&recorded(), Side::Server));
    assert_eq!(
        lay_over(&name(), &mut blind.clone(), None),
        [
            "The server's name cannot be judged: what the client trusts is not known; give --client-trust too.",
            "The name asked for is taken to be a.example."
        ]
    );
    let at = || Overlay {
        at: Some(7),
        ..overlay()
    };
    let mut capture = recorded();
    let note = "The time judged at is the one given now, not the one recorded.";
    assert_eq!(lay_over(&at(), &mut capture, None), [note]);
    for side in Side::BOTH {
        assert_eq!(
            capture
                .sides
                .of(side)
                .trust
                .as_ref()
                .map(|trust| trust.clock_unix_s),
            Some(7)
        );
    }
    assert_eq!(lay_over(&at(), &mut blind, None), [note]);
}

/// Of packets the name in the ClientHello stands for the one that was asked for; of a session its own does.
#[test]
fn of_packets_the_hello_says_the_name() {
    for (origin, sni, is_taken) in [
        (Origin::Packets, Some("sni.example"), true),
        (Origin::Packets, None, false),
        (Origin::Lab, Some("sni.example"), false),
        (Origin::Live { ours: Side::Client }, Some("sni.example"), false),
    ] {
        let mut capture = recorded();
        capture.origin = origin;
        let before = capture.clone();
        let notes = lay_over(&overlay(), &mut capture, sni);
        let wanted = is_taken.then(|| {
            "The name asked for is taken to be sni.example, the server_name in the ClientHello.".to_owned()
        });
        assert_eq!(notes, Vec::from_iter(wanted), "{origin:?}");
        assert_eq!(capture == before, !is_taken, "{origin:?}");
        let mut blind = before;
        blind.sides.client.trust = None;
        assert_eq!(lay_over(&overlay(), &mut blind, sni), Vec::<String>::new());
    }
}

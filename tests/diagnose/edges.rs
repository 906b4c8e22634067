//! Limits from both sides: the last value that passes and the first that does not, beside rustls's own verdict.

use crate::support;
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{
    CheckKind, DropReason, LinkState, MatrixRow, Outcome, PathOutcome, PathReport, PathsInput, Role, paths,
};
use mtlscope::source::oracle;
use support::forge::{Forge, Key, basic_constraints, sequence, tlv};
use support::grids::{HOST, NOW, Trio, assert_none, disagreement, row, rows};

/// An RSA key of so many bits that nobody has.
fn rsa(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    let odd = bits % 8;
    if odd == 0 {
        modulus.insert(0, 0);
    } else {
        modulus[0] = (1u16 << odd) as u8 - 1;
        if odd == 8 {
            modulus.insert(0, 0);
        }
    }
    let key = sequence(&[tlv(2, &modulus), tlv(2, &[1, 0, 1])]);
    let algorithm = sequence(&[
        tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]),
        tlv(5, &[]),
    ]);
    sequence(&[algorithm, tlv(3, &[&[0], key.as_slice()].concat())])
}

#[test]
fn sizes_of_rsa_keys() {
    let mut found = Vec::new();
    for (bits, outcome) in [
        (1024, Outcome::Warn),
        (2040, Outcome::Warn),
        (2047, Outcome::Warn),
        (2048, Outcome::Pass),
        (2049, Outcome::Warn),
        (2056, Outcome::Pass),
        (4096, Outcome::Pass),
        (8192, Outcome::Pass),
        (8193, Outcome::Warn),
        (8200, Outcome::Warn),
    ] {
        let mut trio = Trio::new();
        trio.leaf.spki = rsa(bits);
        let (sent, trust) = (trio.sent(), trio.trust(Side::Client));
        found.extend(disagreement(&format!("RSA {bits}"), &sent, &trust, Side::Client));
        let rows = rows(&sent, &trust, Side::Client);
        let row = row(&rows, Role::Leaf, CheckKind::KeySize);
        assert_eq!(row.outcome, outcome, "{bits}: {}", row.detail);
    }
    assert_none(&found);
}

/// A signature that is not the work of an RSA key of so many bits: it is the key's size up to 2047, and else another key of
/// the same name: nothing says which key was meant, and the CA's own certificate is whole.
#[test]
fn below_2048_bits_a_signature_that_fails_is_the_keys() {
    for (bits, cause) in [(2047, "weak-key"), (2048, "same-name-different-key")] {
        let mut trio = Trio::new();
        trio.issuer.spki = rsa(bits);
        trio.leaf.drop(35);
        let (sent, trust) = (trio.sent(), trio.trust(Side::Client));
        let rows = rows(&sent, &trust, Side::Client);
        let row = row(&rows, Role::Leaf, CheckKind::Signature);
        assert_eq!(
            (row.outcome, row.cause.map(mtlscope::diagnose::CauseId::word)),
            (Outcome::Fail, Some(cause)),
            "{bits}: {}",
            row.detail
        );
    }
}

/// A chain over so many intermediates, the lowest first; `limit` is the pathLenConstraint of the one at `at`, counted from the leaf.
struct Ladder {
    sent: Vec<Der>,
    root: Der,
}

fn ladder(intermediates: usize, limit: Option<(usize, u8)>) -> Ladder {
    let keys: Vec<Key> = (0..intermediates + 2).map(|_| Key::new()).collect();
    let name = |depth: usize| {
        if depth == intermediates + 1 {
            "Root".to_owned()
        } else {
            format!("CA {depth}")
        }
    };
    let mut sent = vec![Der::from(
        Forge::leaf(HOST, &name(1), &keys[0], &keys[1]).sign(&keys[1]),
    )];
    let limited = |forge: &mut Forge, depth: usize| {
        if let Some((at, limit)) = limit.filter(|(at, _)| *at == depth) {
            let _ = at;
            forge.put(19, true, &basic_constraints(true, Some(limit)));
        }
    };
    for depth in 1..=intermediates {
        let mut forge = Forge::ca(&name(depth), &name(depth + 1), &keys[depth], &keys[depth + 1]);
        limited(&mut forge, depth);
        sent.push(Der::from(forge.sign(&keys[depth + 1])));
    }
    let top = intermediates + 1;
    let mut root = Forge::ca("Root", "Root", &keys[top], &keys[top]);
    limited(&mut root, top);
    Ladder {
        sent,
        root: Der::from(root.sign(&keys[top])),
    }
}

fn trusting(roots: Vec<Der>) -> Trust {
    Trust {
        roots,
        expected_name: Some(HOST.to_owned()),
        clock_unix_s: NOW,
        ..Trust::default()
    }
}

fn report(sent: &[Der], trust: &Trust) -> PathReport {
    paths(&PathsInput {
        chain: sent,
        trust: Some(trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: NOW,
    })
}

#[test]
fn six_intermediates_are_taken_once_and_seven_are_too_many() {
    for many in 0..=8 {
        let Ladder { sent, root } = ladder(many, None);
        let trust = trusting(vec![root]);
        let verdict = oracle::judge(&sent, &trust, Side::Client);
        assert_eq!(verdict.is_ok(), many <= 6, "{many}: {verdict:?}");
        assert_none(
            &disagreement(&many.to_string(), &sent, &trust, Side::Client)
                .into_iter()
                .collect::<Vec<_>>(),
        );
        let report = report(&sent, &trust);
        assert_eq!(report.paths.len(), 1, "{many}: {report:#?}");
        match (&report.paths[0].outcome, many) {
            (PathOutcome::Taken, 0..=6) => assert_eq!(report.paths[0].steps.len(), many + 2),
            (PathOutcome::Dropped(dropped), 7..) => assert_eq!(dropped.why, DropReason::TooDeep),
            (other, _) => panic!("{many}: {other:?}"),
        }
        // The seventh is named, and nothing else.
        let rows = rows(&sent, &trust, Side::Client);
        let failed: Vec<(CheckKind, Role)> = rows
            .iter()
            .filter(|row| row.outcome == Outcome::Fail)
            .map(|row| (row.check, row.role))
            .collect();
        let expected = (CheckKind::PathLength, Role::Intermediate);
        assert_eq!(failed, vec![expected; usize::from(many >= 7)], "{many}");
    }
}

#[test]
fn path_lengths_from_both_sides_in_every_place() {
    let mut found = Vec::new();
    for intermediates in 1..=4usize {
        for at in 1..=intermediates + 1 {
            for limit in 0..=4u8 {
                let Ladder { sent, root } = ladder(intermediates, Some((at, limit)));
                let trust = trusting(vec![root]);
                let name = format!("{intermediates} intermediates, {limit} at {at}");
                found.extend(disagreement(&name, &sent, &trust, Side::Client));
                let is_over = at - 1 > usize::from(limit);
                let rows = rows(&sent, &trust, Side::Client);
                let amiss: Vec<&MatrixRow> = rows
                    .iter()
                    .filter(|row| row.check == CheckKind::PathLength)
                    .filter(|row| matches!(row.outcome, Outcome::Fail | Outcome::Warn))
                    .collect();
                assert_eq!(amiss.len(), usize::from(is_over), "{name}: {amiss:?}");
                let expected = if at > intermediates {
                    Outcome::Warn
                } else {
                    Outcome::Fail
                };
                assert!(
                    amiss.iter().all(|row| row.outcome == expected),
                    "{name}: {amiss:?}"
                );
            }
        }
    }
    assert_none(&found);
}

#[test]
fn the_hundredth_signature_is_checked_and_no_more() {
    let (key, issuer) = (Key::new(), Key::new());
    let sent = vec![Der::from(Forge::leaf(HOST, "CA", &key, &issuer).sign(&issuer))];
    let true_one = Der::from(Forge::ca("CA", "CA", &issuer, &issuer).sign(&issuer));
    let strangers: Vec<Der> = (0..101)
        .map(|_| {
            let key = Key::new();
            Der::from(Forge::ca("CA", "CA", &key, &key).sign(&key))
        })
        .collect();
    for before in [98, 99, 100, 101] {
        let roots = strangers[..before].iter().chain([&true_one]).cloned().collect();
        let trust = trusting(roots);
        let name = format!("{before} roots before the right one");
        let verdict = oracle::judge(&sent, &trust, Side::Client);
        assert_eq!(verdict.is_ok(), before < 100, "{name}: {verdict:?}");
        assert_none(
            &disagreement(&name, &sent, &trust, Side::Client)
                .into_iter()
                .collect::<Vec<_>>(),
        );
        let rows = rows(&sent, &trust, Side::Client);
        let words = &row(&rows, Role::Leaf, CheckKind::Issuer).detail;
        assert_eq!(
            words.contains("at most 100 signatures"),
            before >= 100,
            "{name}: {words}"
        );
    }
}

#[test]
fn the_link_to_an_issuer_that_was_not_sent_is_unknown_and_not_broken() {
    let trio = Trio::new();
    let sent = trio.sent();
    let trust = trio.trust(Side::Client);
    let at_hand = [mtlscope::capture::AtHand {
        side: None,
        slot: mtlscope::capture::Slot::Known,
        file: Some("issuer.pem".to_owned()),
        entry: 0,
        line: None,
        within: None,
        wrapping: None,
        der: sent[1].clone(),
    }];
    let report = paths(&PathsInput {
        chain: &sent[..1],
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &at_hand,
        clock_unix_s: NOW,
    });
    let path = &report.paths[0];
    let links: Vec<Option<LinkState>> = path.steps.iter().map(|step| step.link_to_next).collect();
    assert_eq!(links, [Some(LinkState::Unknown), Some(LinkState::Holds), None]);
    assert!(path.steps.iter().all(|step| !step.is_bad));
    match &path.outcome {
        PathOutcome::Dropped(dropped) => assert_eq!((dropped.why, dropped.step), (DropReason::NotSent, 0)),
        other => panic!("{other:?}"),
    }
}

/// A leaf and so many CAs of its issuer's name, each with a key of its own.
fn of_one_name(many: usize) -> (Der, Vec<Der>) {
    let (key, issuer) = (Key::new(), Key::new());
    let leaf = Der::from(Forge::leaf(HOST, "CA", &key, &issuer).sign(&issuer));
    let cas = (0..many).map(|_| {
        let key = Key::new();
        Der::from(Forge::ca("CA", "CA", &key, &key).sign(&key))
    });
    (leaf, cas.collect())
}

#[test]
fn so_many_paths_are_told_and_the_rest_is_counted() {
    let (leaf, cas) = of_one_name(30);
    for (many, told, more) in [(1, 1, 0), (23, 23, 0), (24, 24, 0), (25, 24, 1), (30, 24, 6)] {
        let trust = trusting(cas[..many].to_vec());
        let report = report(std::slice::from_ref(&leaf), &trust);
        assert_eq!((report.paths.len(), report.more), (told, more), "{many}");
        assert!(!report.is_cut_short, "{many}");
    }
}

/// A path that comes to an end of its own says more than one that ends in the air, whatever was sent first.
#[test]
fn paths_that_come_to_an_end_are_told_before_those_that_come_to_none() {
    let keys = [Key::new(), Key::new(), Key::new(), Key::new(), Key::new()];
    let leaf = Der::from(Forge::leaf(HOST, "CA", &keys[0], &keys[1]).sign(&keys[1]));
    let ending = Der::from(Forge::ca("CA", "Own", &keys[1], &keys[2]).sign(&keys[2]));
    let own = Der::from(Forge::ca("Own", "Own", &keys[2], &keys[2]).sign(&keys[2]));
    let nowhere = Der::from(Forge::ca("CA", "Gone", &keys[3], &keys[4]).sign(&keys[4]));
    let stranger = Der::from(Forge::ca("Root", "Root", &keys[4], &keys[4]).sign(&keys[4]));
    for sent in [[&leaf, &ending, &nowhere, &own], [&leaf, &nowhere, &ending, &own]] {
        let sent: Vec<Der> = sent.into_iter().cloned().collect();
        let report = report(&sent, &trusting(vec![stranger.clone()]));
        let names: Vec<Vec<&str>> = report
            .paths
            .iter()
            .map(|path| path.steps.iter().map(|step| step.name.as_str()).collect())
            .collect();
        assert_eq!(names, [[HOST, "CA", "Own"], [HOST, "CA", "Gone"]]);
    }
}

/// Beyond the last certificate the link is broken where the store is known, and else nobody can tell.
#[test]
fn the_link_beyond_the_last_is_broken_only_where_the_store_is_known() {
    let (leaf, _) = of_one_name(0);
    let key = Key::new();
    let stranger = Der::from(Forge::ca("Root", "Root", &key, &key).sign(&key));
    let trust = trusting(vec![stranger]);
    for (trust, link) in [(Some(&trust), LinkState::Broken), (None, LinkState::Unknown)] {
        let report = paths(&PathsInput {
            chain: std::slice::from_ref(&leaf),
            trust,
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: NOW,
        });
        let links: Vec<Option<LinkState>> = report.paths[0]
            .steps
            .iter()
            .map(|step| step.link_to_next)
            .collect();
        assert_eq!(links, [Some(link), None]);
    }
}

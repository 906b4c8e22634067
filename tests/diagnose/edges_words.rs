//! What a row says, by kind: the scope of a list, the limit of a path, whose names are held to constraints, which store, which
//! algorithm, which size.

use crate::support;
use mtlscope::capture::{Der, Revocation, RevocationFile, Side, Trust};
use mtlscope::diagnose::{
    CandidatePath, CauseId, CheckKind, DropReason, MatrixRow, Outcome, PathOutcome, PathsInput, Role, paths,
};
use mtlscope::pki::sha256_hex;
use support::forge::{
    ECDSA_SHA256, Forge, Key, basic_constraints, dns_names, extension, key_usage, name, sequence, tlv,
};
use support::grids::{HOST, NOW, Trio, assert_none, disagreement, row, rows};

/// A list by `issuer`, signed with `key`, that names nobody; `scope` is the contents of its issuingDistributionPoint.
fn list(issuer: &str, key: &Key, scope: &[u8]) -> RevocationFile {
    let extensions = [
        extension(20, false, &tlv(2, &[1])),
        extension(28, true, &tlv(0x30, scope)),
    ];
    let tbs = sequence(&[
        tlv(2, &[1]),
        tlv(0x30, ECDSA_SHA256),
        name(issuer),
        tlv(0x17, b"260101000000Z"),
        tlv(0x17, b"300101000000Z"),
        tlv(0xa0, &sequence(&extensions)),
    ]);
    RevocationFile {
        file: Some(format!("{issuer}.crl")),
        line: None,
        der: Der::from(key.seal(&tbs, ECDSA_SHA256)),
        wrapping: None,
    }
}

/// Of whom a list does not speak is said of the right ones.
#[test]
fn the_scope_of_a_list_is_told_as_it_is() {
    let point = |text: &str| tlv(0xa0, &tlv(0xa0, &tlv(0x86, text.as_bytes())));
    let here = point("http://crl.example/a");
    let (leaves, cas) = (tlv(0x81, &[0xff]), tlv(0x82, &[0xff]));
    let words = [
        "speaks of leaves only",
        "speaks of CAs only",
        "is for another distribution point than the certificate names",
    ];
    for (scope, of_leaf, of_issuer) in [
        ([here.clone(), leaves].concat(), None, Some(0)),
        ([here.clone(), cas].concat(), Some(1), None),
        (here, None, None),
        (point("http://crl.example/b"), Some(2), Some(2)),
    ] {
        let mut trio = Trio::new();
        let named = sequence(&[sequence(&[point("http://crl.example/a")])]);
        trio.leaf.put(31, false, &named);
        trio.issuer.put(31, false, &named);
        let mut trust = trio.trust(Side::Client);
        trust.revocation = Revocation {
            lists: vec![
                list("Issuer", &trio.keys[1], &scope),
                list("Root", &trio.keys[0], &scope),
            ],
            ..Revocation::default()
        };
        let rows = rows(&trio.sent(), &trust, Side::Client);
        for (role, told, file) in [
            (Role::Leaf, of_leaf, "Issuer.crl"),
            (Role::Intermediate, of_issuer, "Root.crl"),
        ] {
            let row = row(&rows, role, CheckKind::Revocation);
            let outcome = told.map_or(Outcome::Pass, |_| Outcome::Fail);
            assert_eq!(row.outcome, outcome, "{scope:02x?}: {}", row.detail);
            for (number, words) in words.iter().enumerate() {
                assert_eq!(
                    row.detail.contains(&format!("{file} {words}")),
                    told == Some(number),
                    "{scope:02x?}, {}: {}",
                    role.word(),
                    row.detail
                );
            }
        }
    }
}

/// A chain over these intermediates, the lowest first, each by its name; the top one is limited. What is said of the path over
/// all of them; `None` where it is taken.
fn limited(names: &[&str], limit: u8) -> Option<String> {
    let keys: Vec<Key> = (0..=names.len() + 1).map(|_| Key::new()).collect();
    let mut sent = vec![Der::from(
        Forge::leaf(HOST, names[0], &keys[0], &keys[1]).sign(&keys[1]),
    )];
    for (place, subject) in names.iter().enumerate() {
        let issuer = names.get(place + 1).copied().unwrap_or("Root");
        let (key, issuer_key) = (&keys[place + 1], &keys[place + 2]);
        let mut forge = Forge::ca(subject, issuer, key, issuer_key);
        if place + 1 == names.len() {
            forge.put(19, true, &basic_constraints(true, Some(limit)));
        }
        sent.push(Der::from(forge.sign(issuer_key)));
    }
    let top = &keys[names.len() + 1];
    let trust = Trust {
        roots: vec![Der::from(Forge::ca("Root", "Root", top, top).sign(top))],
        expected_name: Some(HOST.to_owned()),
        clock_unix_s: NOW,
        ..Trust::default()
    };
    let name = format!("{names:?} under {limit}");
    assert_none(
        &disagreement(&name, &sent, &trust, Side::Client)
            .into_iter()
            .collect::<Vec<_>>(),
    );
    let report = paths(&PathsInput {
        chain: &sent,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: NOW,
    });
    let in_order: Vec<String> = sent.iter().map(|der| sha256_hex(der)).collect();
    let is_whole = |path: &&CandidatePath| {
        let steps = path.steps.iter().filter_map(|step| step.certificate.as_ref());
        let found: Vec<&String> = steps.map(|one| &one.sha256).take(in_order.len()).collect();
        found == in_order.iter().collect::<Vec<_>>()
    };
    let path = report.paths.iter().find(is_whole).expect("it is one of them");
    match &path.outcome {
        PathOutcome::Taken => None,
        PathOutcome::Dropped(dropped) => {
            assert_eq!(dropped.why, DropReason::PathLength, "{}", dropped.words);
            Some(dropped.words.clone())
        }
        PathOutcome::NotKnown => panic!("{report:?}"),
    }
}

/// RFC 5280 §6.1.4 (l) does not count a CA that issued to itself, nor the leaf; rustls counts the first.
#[test]
fn who_counts_against_a_path_length() {
    // From the leaf upwards; the limit is that of the last. A name that comes twice running issued to itself.
    for (names, limit, over, is_of_rustls_alone) in [
        (&["A"][..], 0, None, false),
        (&["A", "B"], 0, Some("1 CA"), false),
        (&["A", "B"], 1, None, false),
        (&["A", "A"], 0, Some("1 CA"), true),
        (&["A", "B", "C"], 1, Some("2 CAs"), false),
        (&["A", "B", "B"], 1, Some("2 CAs"), true),
        (&["A", "B", "B"], 0, Some("2 CAs"), false),
        (&["A", "A", "B"], 1, Some("2 CAs"), true),
        (&["A", "A", "B"], 0, Some("2 CAs"), false),
        (&["A", "A", "A"], 0, Some("2 CAs"), true),
        (&["A", "B", "C"], 2, None, false),
    ] {
        let found = limited(names, limit);
        assert_eq!(found.is_some(), over.is_some(), "{names:?}, {limit}: {found:?}");
        let (Some(words), Some(below)) = (found, over) else {
            continue;
        };
        let count = format!("{below} below it, {limit} allowed");
        assert!(words.contains(&count), "{names:?}: {words}");
        let is_counted_here = "rustls counts a CA that issued to itself, which RFC 5280 §6.1.4 does not";
        assert_eq!(
            words.contains(is_counted_here),
            is_of_rustls_alone,
            "{names:?}, {limit}: {words}"
        );
    }
}

/// Names are held to the constraints of each CA above them, of whoever stands below it: directly or further down.
#[test]
fn whose_names_are_held_to_constraints() {
    let allowed = |text: &str| sequence(&[tlv(0xa0, &sequence(&[tlv(0x82, text.as_bytes())]))]);
    let mut found = Vec::new();
    for constrained in [Role::Root, Role::Intermediate] {
        for named in [Role::Leaf, Role::Intermediate] {
            for is_allowed in [true, false] {
                if constrained == named {
                    continue;
                }
                let mut trio = Trio::new();
                trio.of(constrained).put(30, true, &allowed("example"));
                // Where only the intermediate is to break it, the leaf keeps to it.
                let host = if is_allowed {
                    "ca.shop.example"
                } else {
                    "ca.shop.test"
                };
                let names = match named {
                    Role::Leaf => dns_names(&[HOST, host]),
                    _ => dns_names(&[host]),
                };
                trio.of(named).put(17, false, &names);
                let (sent, trust) = (trio.sent(), trio.trust(Side::Client));
                let words = format!(
                    "{} below {}, allowed {is_allowed}",
                    named.word(),
                    constrained.word()
                );
                found.extend(disagreement(&words, &sent, &trust, Side::Client));
                let rows = rows(&sent, &trust, Side::Client);
                let row = row(&rows, constrained, CheckKind::NameConstraints);
                let outcome = if is_allowed { Outcome::Pass } else { Outcome::Fail };
                assert_eq!(row.outcome, outcome, "{words}: {}", row.detail);
                if !is_allowed {
                    assert_eq!(row.cause, Some(CauseId::NameConstraintViolated), "{words}");
                    let of = if named == Role::Leaf { HOST } else { "Issuer" };
                    assert!(row.detail.starts_with(&format!("{of}: ")), "{}", row.detail);
                    assert!(row.detail.contains(host), "{}", row.detail);
                }
            }
        }
    }
    assert_none(&found);
}

/// A CA in the leaf's place: whether the leaf comes after it is said only where one does.
#[test]
fn a_ca_stands_first() {
    let mut trio = Trio::new();
    trio.leaf.put(15, true, &key_usage(0x84));
    let [leaf, issuer] = trio.sent().try_into().expect("two");
    let unreadable = Der::from(vec![0x30, 3, 2, 1, 1]);
    for (sent, cause) in [
        (vec![&issuer], CauseId::LeafIsCa),
        (vec![&issuer, &issuer], CauseId::LeafIsCa),
        (vec![&issuer, &unreadable], CauseId::LeafIsCa),
        (vec![&issuer, &leaf], CauseId::LeafNotFirst),
        (vec![&issuer, &issuer, &leaf], CauseId::LeafNotFirst),
        (vec![&issuer, &unreadable, &leaf], CauseId::LeafNotFirst),
    ] {
        let sent: Vec<Der> = sent.into_iter().cloned().collect();
        let rows = rows(&sent, &trio.trust(Side::Client), Side::Client);
        let causes: Vec<CauseId> = rows
            .iter()
            .filter(|row| row.check == CheckKind::BasicConstraints && row.outcome == Outcome::Fail)
            .filter_map(|row| row.cause)
            .collect();
        assert_eq!(causes, [cause], "{} certificates", sent.len());
    }
    let rows = rows(&[leaf, issuer], &trio.trust(Side::Client), Side::Client);
    let is_bad = |row: &&MatrixRow| row.check == CheckKind::BasicConstraints && row.outcome == Outcome::Fail;
    assert_eq!(rows.iter().find(is_bad), None, "the leaf is first");
}

/// What no stack of today verifies because it is weak is told apart from what it merely does not know.
#[test]
fn algorithms_that_are_weak_and_algorithms_that_are_unknown() {
    let rsa = |last: u8| tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last]);
    let with_null = |last| [rsa(last), tlv(5, &[])].concat();
    for (algorithm, cause, words) in [
        (
            tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1]),
            CauseId::WeakSignature,
            "ecdsa-with-SHA1",
        ),
        (with_null(5), CauseId::WeakSignature, "sha1WithRSAEncryption"),
        (with_null(4), CauseId::WeakSignature, "md5WithRSAEncryption"),
        (with_null(3), CauseId::WeakSignature, "md4WithRSAEncryption"),
        (with_null(2), CauseId::WeakSignature, "md2WithRSAEncryption"),
        (
            tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1]),
            CauseId::UnsupportedAlgorithm,
            "",
        ),
        (
            tlv(6, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2]),
            CauseId::UnsupportedAlgorithm,
            "",
        ),
        (tlv(6, &[0x2b, 0x65, 0x71]), CauseId::UnsupportedAlgorithm, ""),
    ] {
        for role in [Role::Leaf, Role::Intermediate] {
            let mut trio = Trio::new();
            trio.of(role).inner_algorithm.clone_from(&algorithm);
            trio.of(role).outer_algorithm.clone_from(&algorithm);
            let rows = rows(&trio.sent(), &trio.trust(Side::Client), Side::Client);
            let row = row(&rows, role, CheckKind::Signature);
            assert_eq!(
                (row.outcome, row.cause),
                (Outcome::Fail, Some(cause)),
                "{words}: {}",
                row.detail
            );
            assert!(row.detail.starts_with(words), "{words}: {}", row.detail);
            assert!(row.detail.ends_with("is not accepted"), "{}", row.detail);
        }
    }
}

/// A store is named whole up to its twenty-fourth root.
#[test]
fn as_many_roots_are_named_as_somebody_would_read() {
    let trio = Trio::new();
    let key = Key::new();
    for many in [1, 23, 24, 25, 30] {
        let mut trust = trio.trust(Side::Client);
        trust.roots = (1..=many)
            .map(|number| {
                let name = format!("Store {number}");
                Der::from(Forge::ca(&name, &name, &key, &key).sign(&key))
            })
            .collect();
        let rows = rows(&trio.sent(), &trust, Side::Client);
        let row = row(&rows, Role::Intermediate, CheckKind::Issuer);
        let mut names: Vec<String> = (1..=many.min(24))
            .map(|number| format!("Store {number}"))
            .collect();
        names.extend((many > 24).then(|| format!("and {} more", many - 24)));
        assert!(
            row.detail
                .ends_with(&format!("the store holds {}", names.join(", "))),
            "{many}: {}",
            row.detail
        );
    }
}

/// An RSA key of so many bits that nobody has.
fn rsa(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    match bits % 8 {
        0 => modulus.insert(0, 0),
        odd => modulus[0] = (1u8 << odd) - 1,
    }
    let key = sequence(&[tlv(2, &modulus), tlv(2, &[1, 0, 1])]);
    let algorithm = sequence(&[
        tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]),
        tlv(5, &[]),
    ]);
    sequence(&[algorithm, tlv(3, &[&[0], key.as_slice()].concat())])
}

/// Each size has its own words, and no other's.
#[test]
fn what_is_said_of_the_size_of_an_rsa_key() {
    let said = [
        "and 2048 is the least",
        "rustls verifies up to 8192",
        "divisible by 8",
    ];
    for (bits, told) in [
        (2040, Some(0)),
        (2047, Some(0)),
        (2048, None),
        (2049, Some(2)),
        (2052, Some(2)),
        (2055, Some(2)),
        (2056, None),
        (8191, Some(2)),
        (8192, None),
        (8193, Some(1)),
        (8200, Some(1)),
    ] {
        for role in [Role::Leaf, Role::Intermediate, Role::Root] {
            let mut trio = Trio::new();
            trio.of(role).spki = rsa(bits);
            let trust = trio.trust(Side::Client);
            let sent = trio.sent();
            let rows = rows(&sent, &trust, Side::Client);
            let row = row(&rows, role, CheckKind::KeySize);
            for (number, words) in said.iter().enumerate() {
                assert_eq!(
                    row.detail.contains(words),
                    told == Some(number),
                    "{bits}, {}: {}",
                    role.word(),
                    row.detail
                );
            }
            let outcome = told.map_or(Outcome::Pass, |_| Outcome::Warn);
            assert_eq!(row.outcome, outcome, "{bits}, {}", role.word());
            assert_eq!(
                row.cause,
                told.map(|_| CauseId::WeakKey),
                "{bits}, {}",
                role.word()
            );
        }
    }
}

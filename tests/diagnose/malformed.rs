//! Our matrix against rustls's verdict where a part of a certificate is malformed: every extension in every place, purposes,
//! names and constraints.

use crate::support;
use mtlscope::capture::Side;
use mtlscope::diagnose::{CheckKind, Outcome, Role};
use mtlscope::source::oracle;
use support::forge::{
    ANY_PURPOSE, CLIENT_AUTH, SERVER_AUTH, basic_constraints, dns_names, extension_of, key_usage, purposes,
    sequence, tlv, validity,
};
use support::grids::{HOST, Trio, assert_none, disagreement, row, rows};

const ROLES: [Role; 3] = [Role::Leaf, Role::Intermediate, Role::Root];

fn judged(found: &mut Vec<String>, name: &str, trio: &Trio) {
    for judge in Side::BOTH {
        found.extend(disagreement(name, &trio.sent(), &trio.trust(judge), judge));
    }
}

/// What a grid compares says something only where both verdicts come up.
#[test]
fn the_chain_that_is_changed_is_good_for_both_judges() {
    let trio = Trio::new();
    for judge in Side::BOTH {
        let (sent, trust) = (trio.sent(), trio.trust(judge));
        assert_eq!(oracle::judge(&sent, &trust, judge), Ok(()), "{judge:?}");
        let rows = rows(&sent, &trust, judge);
        assert!(rows.iter().all(|row| row.outcome != Outcome::Fail), "{rows:#?}");
    }
}

#[test]
fn every_extension_unreadable_in_every_place() {
    let values: [(&str, &[u8]); 8] = [
        ("nothing", &[]),
        ("null", &[5, 0]),
        ("empty sequence", &[0x30, 0]),
        ("cut", &[0x30, 5, 1]),
        ("trailing byte", &[0x30, 0, 0]),
        ("long length", &[0x30, 0x81, 0]),
        ("no bytes that are DER", &[0xff, 0xff, 0xff]),
        ("octets", &[4, 1, 7]),
    ];
    let mut found = Vec::new();
    for role in ROLES {
        // subjectKeyIdentifier to freshestCRL, all that RFC 5280 §4.2.1 knows.
        for arc in [14u8, 15, 17, 18, 19, 30, 31, 32, 33, 35, 36, 37, 46, 54, 99] {
            for is_critical in [false, true] {
                for (words, value) in &values {
                    let mut trio = Trio::new();
                    trio.of(role).put(arc, is_critical, value);
                    let name = format!("{} 2.5.29.{arc} critical {is_critical}: {words}", role.word());
                    judged(&mut found, &name, &trio);
                }
            }
        }
    }
    assert_none(&found);
}

#[test]
fn an_extension_twice_in_every_place() {
    let mut found = Vec::new();
    for role in ROLES {
        for arc in [14u8, 15, 17, 19, 30, 31, 32, 35, 37] {
            let mut trio = Trio::new();
            let forge = trio.of(role);
            let value = match arc {
                15 => key_usage(0x80),
                17 => dns_names(&[HOST]),
                19 => basic_constraints(role != Role::Leaf, None),
                37 => purposes(&[SERVER_AUTH, CLIENT_AUTH]),
                14 => tlv(4, &[7]),
                _ => sequence(&[]),
            };
            forge.put(arc, false, &value);
            let whole = support::forge::extension(arc, false, &value);
            forge.extensions.push((0, whole));
            judged(&mut found, &format!("{} 2.5.29.{arc} twice", role.word()), &trio);
            // Of a root only the name and the key count.
            if role != Role::Root {
                let words = format!("(2.5.29.{arc}) stands there twice");
                let rows = rows(&trio.sent(), &trio.trust(Side::Client), Side::Client);
                let told = rows.iter().filter(|row| row.detail.contains(&words)).count();
                assert_eq!(told, 1, "{} {words}: {rows:#?}", role.word());
            }
        }
    }
    assert_none(&found);
}

#[test]
fn purposes_of_every_kind_in_every_place() {
    let broken = vec![0x06, 0x05, 0x2b];
    let id = |id: &[u8]| tlv(0x06, id);
    let lists: Vec<(&str, Vec<u8>)> = vec![
        ("none", sequence(&[])),
        ("server", purposes(&[SERVER_AUTH])),
        ("client", purposes(&[CLIENT_AUTH])),
        ("both", purposes(&[SERVER_AUTH, CLIENT_AUTH])),
        ("client, server", purposes(&[CLIENT_AUTH, SERVER_AUTH])),
        ("any", purposes(&[ANY_PURPOSE])),
        ("any, server", purposes(&[ANY_PURPOSE, SERVER_AUTH])),
        ("broken", sequence(std::slice::from_ref(&broken))),
        (
            "broken, both",
            sequence(&[broken.clone(), id(SERVER_AUTH), id(CLIENT_AUTH)]),
        ),
        (
            "both, broken",
            sequence(&[id(SERVER_AUTH), id(CLIENT_AUTH), broken]),
        ),
        ("an integer", sequence(&[tlv(2, &[1])])),
        (
            "both, an integer",
            sequence(&[id(SERVER_AUTH), id(CLIENT_AUTH), tlv(2, &[1])]),
        ),
        (
            "an integer, both",
            sequence(&[tlv(2, &[1]), id(SERVER_AUTH), id(CLIENT_AUTH)]),
        ),
        ("an empty OID", sequence(&[tlv(6, &[])])),
    ];
    let mut found = Vec::new();
    for role in ROLES {
        for (words, list) in &lists {
            let mut trio = Trio::new();
            trio.leaf.put(37, false, &purposes(&[SERVER_AUTH, CLIENT_AUTH]));
            trio.of(role).put(37, false, list);
            judged(&mut found, &format!("{} purposes: {words}", role.word()), &trio);
        }
    }
    assert_none(&found);
}

#[test]
fn a_roots_purposes_stop_nobody() {
    for (list, outcome) in [
        (sequence(&[]), Outcome::Warn),
        (purposes(&[CLIENT_AUTH]), Outcome::Warn),
        (sequence(&[tlv(2, &[1])]), Outcome::Warn),
    ] {
        let mut trio = Trio::new();
        trio.root.put(37, false, &list);
        let rows = rows(&trio.sent(), &trio.trust(Side::Client), Side::Client);
        assert_eq!(row(&rows, Role::Root, CheckKind::Purpose).outcome, outcome);
        assert!(rows.iter().all(|row| row.outcome != Outcome::Fail));
    }
}

/// One permitted or excluded subtree.
fn constraint(is_permitted: bool, base: Vec<u8>) -> Vec<u8> {
    let tag = if is_permitted { 0xa0 } else { 0xa1 };
    sequence(&[tlv(tag, &sequence(&[base]))])
}

#[test]
fn masks_of_every_kind() {
    let addresses: [&[u8]; 5] = [
        &[10, 1, 2, 3],
        &[10, 200, 2, 3],
        &[11, 1, 2, 3],
        &[10, 1, 2],
        &[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ];
    let mut bases: Vec<Vec<u8>> = [
        [255, 0, 255, 0],
        [255, 255, 0, 0],
        [0, 0, 0, 0],
        [255, 255, 255, 255],
        [255, 255, 254, 0],
        [255, 253, 0, 0],
        [127, 0, 0, 0],
        [0, 255, 0, 0],
        [255, 128, 128, 0],
    ]
    .iter()
    .map(|mask| [&[10u8, 1, 2, 3], &mask[..]].concat())
    .collect();
    bases.extend([
        vec![10, 1, 2, 3],
        vec![10; 7],
        vec![],
        vec![0; 32],
        vec![255; 32],
        vec![1; 16],
    ]);
    let mut found = Vec::new();
    for address in addresses {
        for base in &bases {
            for is_permitted in [true, false] {
                for role in [Role::Intermediate, Role::Root] {
                    let mut trio = Trio::new();
                    let names = sequence(&[tlv(0x82, HOST.as_bytes()), tlv(0x87, address)]);
                    trio.leaf.put(17, false, &names);
                    trio.of(role)
                        .put(30, true, &constraint(is_permitted, tlv(0x87, base)));
                    let name = format!("{address:?} under {} {base:?} {is_permitted}", role.word());
                    found.extend(disagreement(
                        &name,
                        &trio.sent(),
                        &trio.trust(Side::Server),
                        Side::Server,
                    ));
                }
            }
        }
    }
    assert_none(&found);
}

#[test]
fn a_mask_that_is_no_run_of_ones_fails_and_says_so() {
    let mut trio = Trio::new();
    trio.leaf.put(
        17,
        false,
        &sequence(&[tlv(0x82, HOST.as_bytes()), tlv(0x87, &[10, 1, 2, 3])]),
    );
    let base = tlv(0x87, &[10, 0, 2, 0, 255, 0, 255, 0]);
    trio.issuer.put(30, true, &constraint(true, base));
    let rows = rows(&trio.sent(), &trio.trust(Side::Client), Side::Client);
    let row = row(&rows, Role::Intermediate, CheckKind::NameConstraints);
    assert_eq!(row.outcome, Outcome::Fail);
    assert!(row.detail.contains("no run of ones"), "{}", row.detail);
}

#[test]
fn dns_names_against_constraints() {
    let label = "a".repeat(63);
    let (fits, is_long) = (format!("{label}.example"), format!("a{label}.example"));
    let whole = format!("{label}.{label}.{label}.{}.example", "b".repeat(53));
    assert_eq!(whole.len(), 253);
    let too_long = format!("b{whole}");
    let names = [
        "a.example",
        "example",
        "*.example",
        "*.a.example",
        "b.a.example",
        "xa.example",
        "A.Example",
        "",
        "a.example.",
        "1.2.3.4",
        "a_b.example",
        "-a.example",
        "a-.example",
        "*",
        "*a.example",
        "a..example",
        ".a.example",
        "*.example.*",
        fits.as_str(),
        is_long.as_str(),
        whole.as_str(),
        too_long.as_str(),
    ];
    let bases = [
        "example",
        ".example",
        "a.example",
        ".a.example",
        "",
        "EXAMPLE",
        "xample",
        "*.example",
        "example.",
        "b.a.example",
        "1",
        ".",
        "-",
        fits.as_str(),
        is_long.as_str(),
    ];
    let mut found = Vec::new();
    for name in names {
        for base in bases {
            for is_permitted in [true, false] {
                let mut trio = Trio::new();
                trio.leaf.put(17, false, &dns_names(&[name]));
                trio.issuer
                    .put(30, true, &constraint(is_permitted, tlv(0x82, base.as_bytes())));
                let words = format!("{name} under {base}, permitted {is_permitted}");
                found.extend(disagreement(
                    &words,
                    &trio.sent(),
                    &trio.trust(Side::Server),
                    Side::Server,
                ));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn constraints_of_other_kinds_and_shapes() {
    let uri = || tlv(0x86, b"spiffe://shop/a");
    let directory = || tlv(0xa4, &support::forge::name("Shop"));
    let shapes: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", sequence(&[])),
        ("empty lists", sequence(&[tlv(0xa0, &[]), tlv(0xa1, &[])])),
        ("lists changed over", sequence(&[tlv(0xa1, &[]), tlv(0xa0, &[])])),
        ("a third list", sequence(&[tlv(0xa2, &[])])),
        ("uri permitted", constraint(true, uri())),
        ("uri excluded", constraint(false, uri())),
        ("directory permitted", constraint(true, directory())),
        ("directory excluded", constraint(false, directory())),
        ("email permitted", constraint(true, tlv(0x81, b"shop.example"))),
        ("email excluded", constraint(false, tlv(0x81, b"shop.example"))),
        ("registered id", constraint(true, tlv(0x88, &[0x2a]))),
        ("no such name", constraint(true, tlv(0x89, b"x"))),
        (
            "minimum",
            sequence(&[tlv(0xa0, &sequence(&[tlv(0x82, b"example"), tlv(0x80, &[1])]))]),
        ),
        ("cut", sequence(&[vec![0xa0, 9, 0x30]])),
        (
            "two, the second fits",
            sequence(&[tlv(
                0xa0,
                &[
                    sequence(&[tlv(0x82, b"other")]),
                    sequence(&[tlv(0x82, b"example")]),
                ]
                .concat(),
            )]),
        ),
        (
            "two, the first fits",
            sequence(&[tlv(
                0xa0,
                &[
                    sequence(&[tlv(0x82, b"example")]),
                    sequence(&[tlv(0x82, b"other")]),
                ]
                .concat(),
            )]),
        ),
        (
            "permitted and excluded",
            sequence(&[
                tlv(0xa0, &sequence(&[tlv(0x82, b"example")])),
                tlv(0xa1, &sequence(&[tlv(0x82, b"shop.example")])),
            ]),
        ),
    ];
    let names: Vec<(&str, Vec<u8>)> = vec![
        ("dns", dns_names(&[HOST])),
        ("uri", sequence(&[tlv(0x82, HOST.as_bytes()), uri()])),
        (
            "email",
            sequence(&[tlv(0x82, HOST.as_bytes()), tlv(0x81, b"a@shop.example")]),
        ),
        ("directory", sequence(&[tlv(0x82, HOST.as_bytes()), directory()])),
        (
            "registered id",
            sequence(&[tlv(0x88, &[0x2a]), tlv(0x82, HOST.as_bytes())]),
        ),
        (
            "other, then none",
            sequence(&[tlv(0x82, HOST.as_bytes()), tlv(0x89, b"x")]),
        ),
        (
            "none, then dns",
            sequence(&[tlv(0x89, b"x"), tlv(0x82, HOST.as_bytes())]),
        ),
        ("empty", sequence(&[])),
    ];
    let mut found = Vec::new();
    for role in ROLES {
        for (shape, constraints) in &shapes {
            for (kind, list) in &names {
                let mut trio = Trio::new();
                trio.leaf.put(17, false, list);
                trio.of(role).put(30, true, constraints);
                judged(
                    &mut found,
                    &format!("{} {shape}, names {kind}", role.word()),
                    &trio,
                );
            }
        }
    }
    assert_none(&found);
}

#[test]
fn dates_to_the_second_in_every_place() {
    // 2026-06-01 00:00:00 UTC and 2027-06-01 00:00:00 UTC.
    let (from, until) = (1_780_272_000i64, 1_811_808_000i64);
    let mut found = Vec::new();
    for role in ROLES {
        let mut trio = Trio::new();
        trio.of(role).validity = validity("260601000000Z", "270601000000Z");
        let sent = trio.sent();
        for (clock, is_good) in [(from - 1, false), (from, true), (until, true), (until + 1, false)] {
            let mut trust = trio.trust(Side::Client);
            trust.clock_unix_s = clock;
            found.extend(disagreement(
                &format!("{} at {clock}", role.word()),
                &sent,
                &trust,
                Side::Client,
            ));
            let rows = rows(&sent, &trust, Side::Client);
            let outcome = row(&rows, role, CheckKind::Validity).outcome;
            let is_held = outcome == Outcome::Pass;
            assert_eq!(is_held, is_good, "{} at {clock}: {outcome:?}", role.word());
        }
    }
    assert_none(&found);
}

#[test]
fn an_unknown_extension_counts_where_it_is_critical_and_no_root_has_it() {
    let mut found = Vec::new();
    for role in ROLES {
        for is_critical in [false, true] {
            let mut trio = Trio::new();
            let whole = extension_of(&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 99], is_critical, &[5, 0]);
            trio.of(role).extensions.push((0, whole));
            judged(
                &mut found,
                &format!("{} critical {is_critical}", role.word()),
                &trio,
            );
            let rows = rows(&trio.sent(), &trio.trust(Side::Client), Side::Client);
            let expected = match (role, is_critical) {
                (_, false) => Outcome::Pass,
                (Role::Root, true) => Outcome::Warn,
                (_, true) => Outcome::Fail,
            };
            assert_eq!(row(&rows, role, CheckKind::CriticalExtensions).outcome, expected);
        }
    }
    assert_none(&found);
}

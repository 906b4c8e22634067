//! Revocation's edges: lists whose scope nearly fits, and responders whose delegation nearly holds.

use crate::support;
use mtlscope::capture::{Der, Revocation, RevocationFile, Side};
use mtlscope::diagnose::{CheckKind, Outcome, Role};
use support::forge::{
    ECDSA_SHA256, Forge, Key, extension, key_usage, name, purposes, sequence, tlv, validity,
};
use support::grids::{NOW, Trio, assert_none, disagreement, row, rows};

const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];

fn file(der: Vec<u8>) -> RevocationFile {
    RevocationFile {
        file: Some("status.der".to_owned()),
        line: None,
        der: Der::from(der),
        wrapping: None,
    }
}

fn uri(text: &str) -> Vec<u8> {
    tlv(0xa0, &tlv(0xa0, &tlv(0x86, text.as_bytes())))
}

/// A list by `issuer`, signed with `key`, that names nobody; `scope` is the contents of its issuingDistributionPoint.
fn list(issuer: &str, key: &Key, scope: Option<&[u8]>) -> Vec<u8> {
    list_of(issuer, key, scope, ("260101000000Z", "300101000000Z"))
}

fn list_of(issuer: &str, key: &Key, scope: Option<&[u8]>, (this, next): (&str, &str)) -> Vec<u8> {
    let mut extensions = vec![extension(20, false, &tlv(2, &[1]))];
    extensions.extend(scope.map(|scope| extension(28, true, &tlv(0x30, scope))));
    let tbs = sequence(&[
        tlv(2, &[1]),
        tlv(0x30, ECDSA_SHA256),
        name(issuer),
        tlv(0x17, this.as_bytes()),
        tlv(0x17, next.as_bytes()),
        tlv(0xa0, &sequence(&extensions)),
    ]);
    key.seal(&tbs, ECDSA_SHA256)
}

#[test]
fn which_list_speaks_for_which_point() {
    let (a, b) = ("http://crl.example/a", "http://crl.example/b");
    let reasons = tlv(0x81, &[1, 0x7e]);
    let by_another = tlv(0xa2, &tlv(0xa4, &name("Other")));
    // Distribution points of the leaf, and whether a list for point A speaks for it.
    let points: Vec<(&str, Option<Vec<u8>>)> = vec![
        ("none", None),
        ("a", Some(sequence(&[sequence(&[uri(a)])]))),
        ("b", Some(sequence(&[sequence(&[uri(b)])]))),
        (
            "a, with reasons",
            Some(sequence(&[sequence(&[uri(a), reasons.clone()])])),
        ),
        (
            "a, by another",
            Some(sequence(&[sequence(&[uri(a), by_another.clone()])])),
        ),
        (
            "a with reasons, then a",
            Some(sequence(&[
                sequence(&[uri(a), reasons.clone()]),
                sequence(&[uri(a)]),
            ])),
        ),
        (
            "b, then a",
            Some(sequence(&[sequence(&[uri(b)]), sequence(&[uri(a)])])),
        ),
        (
            "a, then b",
            Some(sequence(&[sequence(&[uri(a)]), sequence(&[uri(b)])])),
        ),
        ("nobody's", Some(sequence(&[sequence(&[reasons])]))),
        ("empty", Some(sequence(&[]))),
    ];
    let scopes: Vec<(&str, Option<Vec<u8>>)> = vec![
        ("all", None),
        ("a", Some(uri(a))),
        ("b", Some(uri(b))),
        ("a, leaves", Some([uri(a), tlv(0x81, &[0xff])].concat())),
        ("a, CAs", Some([uri(a), tlv(0x82, &[0xff])].concat())),
        ("a, some reasons", Some([uri(a), tlv(0x83, &[1, 0x7e])].concat())),
        ("a, indirect", Some([uri(a), tlv(0x84, &[0xff])].concat())),
        ("a, attributes", Some([uri(a), tlv(0x85, &[0xff])].concat())),
        ("leaves", Some(tlv(0x81, &[0xff]))),
        ("nothing", Some(Vec::new())),
    ];
    let mut found = Vec::new();
    for (words, point) in &points {
        for (scope_words, scope) in &scopes {
            for allows_unknown in [false, true] {
                let mut trio = Trio::new();
                if let Some(point) = point {
                    trio.leaf.put(31, false, point);
                }
                let mut trust = trio.trust(Side::Client);
                trust.revocation = Revocation {
                    lists: vec![file(list("Issuer", &trio.keys[1], scope.as_deref()))],
                    is_leaf_only: true,
                    allows_unknown,
                    ..Revocation::default()
                };
                let name = format!("points {words}, list of {scope_words}, unknown allowed {allows_unknown}");
                found.extend(disagreement(&name, &trio.sent(), &trust, Side::Client));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn a_point_for_some_reasons_is_not_answered_by_a_whole_list() {
    let mut trio = Trio::new();
    let point = [uri("http://crl.example/a"), tlv(0x81, &[1, 0x7e])];
    trio.leaf.put(31, false, &sequence(&[sequence(&point)]));
    let mut trust = trio.trust(Side::Client);
    trust.revocation = Revocation {
        lists: vec![file(list(
            "Issuer",
            &trio.keys[1],
            Some(&uri("http://crl.example/a")),
        ))],
        is_leaf_only: true,
        ..Revocation::default()
    };
    let rows = rows(&trio.sent(), &trust, Side::Client);
    let row = row(&rows, Role::Leaf, CheckKind::Revocation);
    assert_eq!(row.outcome, Outcome::Fail, "{}", row.detail);
    assert!(
        row.detail.contains("another distribution point"),
        "{}",
        row.detail
    );
}

/// The clock stands at 2027-01-15 08:00:00 UTC.
#[test]
fn a_list_holds_from_its_first_second_to_its_last() {
    let trio = Trio::new();
    for (times, refuses_stale, outcome, words) in [
        (
            ("270115080000Z", "300101000000Z"),
            true,
            Outcome::Pass,
            "not in status.der",
        ),
        (
            ("270115080001Z", "300101000000Z"),
            true,
            Outcome::Warn,
            "holds only from",
        ),
        (
            ("260101000000Z", "270115080001Z"),
            true,
            Outcome::Pass,
            "not in status.der",
        ),
        (
            ("260101000000Z", "270115075959Z"),
            true,
            Outcome::Fail,
            "was good until",
        ),
        (
            ("260101000000Z", "270115075959Z"),
            false,
            Outcome::Warn,
            "was good until",
        ),
    ] {
        let mut trust = trio.trust(Side::Client);
        trust.revocation = Revocation {
            lists: vec![file(list_of("Issuer", &trio.keys[1], None, times))],
            is_leaf_only: true,
            refuses_stale,
            ..Revocation::default()
        };
        assert_none(
            &disagreement(&format!("{times:?}"), &trio.sent(), &trust, Side::Client)
                .into_iter()
                .collect::<Vec<_>>(),
        );
        let rows = rows(&trio.sent(), &trust, Side::Client);
        let row = row(&rows, Role::Leaf, CheckKind::Revocation);
        assert_eq!(row.outcome, outcome, "{times:?}: {}", row.detail);
        assert!(row.detail.contains(words), "{times:?}: {words} in {}", row.detail);
    }
}

/// webpki takes the very second of nextUpdate for over, or for good: we say the same.
#[test]
fn in_the_second_in_which_a_list_ends_we_say_what_rustls_says() {
    let trio = Trio::new();
    let found: Vec<String> = ["270115075959Z", "270115080000Z", "270115080001Z"]
        .into_iter()
        .filter_map(|next| {
            let mut trust = trio.trust(Side::Client);
            let times = ("260101000000Z", next);
            trust.revocation = Revocation {
                lists: vec![file(list_of("Issuer", &trio.keys[1], None, times))],
                is_leaf_only: true,
                refuses_stale: true,
                ..Revocation::default()
            };
            disagreement(next, &trio.sent(), &trust, Side::Client)
        })
        .collect();
    assert_none(&found);
}

/// rustls asks an intermediate for cRLSign, and not a root.
#[test]
fn who_signs_a_list_must_be_allowed_to_unless_it_is_a_root() {
    for role in [Role::Intermediate, Role::Root] {
        for uses in [0x06u8, 0x04] {
            let mut trio = Trio::new();
            trio.of(role).put(15, true, &key_usage(uses));
            let (issuer, key) = match role {
                Role::Root => ("Root", &trio.keys[0]),
                _ => ("Issuer", &trio.keys[1]),
            };
            let mut trust = trio.trust(Side::Client);
            trust.revocation = Revocation {
                lists: vec![file(list(issuer, key, None))],
                is_leaf_only: role == Role::Intermediate,
                allows_unknown: true,
                ..Revocation::default()
            };
            let name = format!("{} with {uses:#x}", role.word());
            assert_none(
                &disagreement(&name, &trio.sent(), &trust, Side::Client)
                    .into_iter()
                    .collect::<Vec<_>>(),
            );
            let rows = rows(&trio.sent(), &trust, Side::Client);
            let judged = match role {
                Role::Root => Role::Intermediate,
                _ => Role::Leaf,
            };
            let row = row(&rows, judged, CheckKind::Revocation);
            let outcome = match (uses, role) {
                (0x06, _) => Outcome::Pass,
                (_, Role::Root) => Outcome::Warn,
                _ => Outcome::Fail,
            };
            assert_eq!(row.outcome, outcome, "{name}: {}", row.detail);
        }
    }
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
        .as_ref()
        .to_vec()
}

/// The key bits of one of the forge's keys: an uncompressed point at its end.
fn point(key: &Key) -> &[u8] {
    &key.spki[key.spki.len() - 65..]
}

/// A response that says good of the trio's leaf, by the key's hash, signed by `signer`; this and next update as given.
fn response(trio: &Trio, signer: &Key, delegate: Option<Vec<u8>>, times: (&str, Option<&str>)) -> Vec<u8> {
    let issuer = (sha1(&name("Issuer")), sha1(point(&trio.keys[1])));
    response_about(trio, issuer, signer, delegate, times)
}

/// The same about the leaf's serial number with an issuer of these hashes, of its name and its key.
fn response_about(
    trio: &Trio,
    (issuer_name, issuer_key): (Vec<u8>, Vec<u8>),
    signer: &Key,
    delegate: Option<Vec<u8>>,
    times: (&str, Option<&str>),
) -> Vec<u8> {
    let time = |text: &str| tlv(0x18, text.as_bytes());
    let sha1_id = sequence(&[tlv(6, &[0x2b, 0x0e, 3, 2, 0x1a]), tlv(5, &[])]);
    let id = sequence(&[
        sha1_id,
        tlv(4, &issuer_name),
        tlv(4, &issuer_key),
        tlv(2, &trio.leaf.serial),
    ]);
    let mut single = vec![id, tlv(0x80, &[]), time(times.0)];
    single.extend(times.1.map(|next| tlv(0xa0, &time(next))));
    let tbs = sequence(&[
        tlv(0xa2, &tlv(4, &sha1(point(signer)))),
        time("20260101000000Z"),
        sequence(&[sequence(&single)]),
    ]);
    // BasicOCSPResponse has the form of a certificate: a part that is signed, an algorithm, a signature.
    let mut basic = signer.seal(&tbs, ECDSA_SHA256);
    if let Some(delegate) = delegate {
        let header = if basic[1] < 0x80 {
            2
        } else {
            2 + usize::from(basic[1] & 0x7f)
        };
        basic = sequence(&[basic[header..].to_vec(), tlv(0xa0, &sequence(&[delegate]))]);
    }
    let bytes = sequence(&[tlv(6, &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1]), tlv(4, &basic)]);
    sequence(&[tlv(0x0a, &[0]), tlv(0xa0, &bytes)])
}

#[track_caller]
fn says(trio: &Trio, response: Vec<u8>, outcome: Outcome, words: &str) {
    let mut trust = trio.trust(Side::Client);
    trust.revocation.responses = vec![file(response)];
    let rows = rows(&trio.sent(), &trust, Side::Client);
    let row = row(&rows, Role::Leaf, CheckKind::Revocation);
    assert_eq!(row.outcome, outcome, "{}", row.detail);
    assert!(row.detail.contains(words), "{words} in {}", row.detail);
}

/// 2027-01-15 08:00:00 UTC, as the clock stands, and a second to either side.
const BEFORE: &str = "20270115075959Z";
const AT: &str = "20270115080000Z";
const AFTER: &str = "20270115080001Z";

#[test]
fn a_response_holds_from_its_first_second_to_its_last() {
    let trio = Trio::new();
    let issuer = &trio.keys[1];
    let good = |times| response(&trio, issuer, None, times);
    assert_eq!(NOW, 1_800_000_000);
    says(&trio, good((AT, Some(AT))), Outcome::Pass, "says that it is good");
    says(&trio, good((BEFORE, None)), Outcome::Pass, "says that it is good");
    says(&trio, good((AFTER, None)), Outcome::Warn, "holds only from");
    says(&trio, good((BEFORE, Some(BEFORE))), Outcome::Warn, "is stale");
    says(
        &trio,
        good((BEFORE, Some(AFTER))),
        Outcome::Pass,
        "says that it is good",
    );
}

#[test]
fn a_response_is_about_the_issuer_whose_name_and_key_it_names() {
    let trio = Trio::new();
    let (own, other) = (sha1(&name("Issuer")), sha1(&name("Other")));
    let (key, strange) = (sha1(point(&trio.keys[1])), sha1(point(&trio.keys[0])));
    for (issuer, outcome, words) in [
        ((own.clone(), key.clone()), Outcome::Pass, "says that it is good"),
        ((other.clone(), key), Outcome::Warn, "about another issuer"),
        ((own, strange.clone()), Outcome::Warn, "about another issuer"),
        ((other, strange), Outcome::Warn, "about another issuer"),
    ] {
        let said = response_about(&trio, issuer, &trio.keys[1], None, (BEFORE, None));
        says(&trio, said, outcome, words);
    }
}

#[test]
fn a_delegate_answers_while_it_is_valid_and_appointed() {
    let trio = Trio::new();
    let (delegate, stranger) = (Key::new(), Key::new());
    let answer = |dates: (&str, &str), uses: &[&[u8]], by: &Key| {
        let mut forge = Forge::leaf("responder", "Issuer", &delegate, &trio.keys[1]);
        forge.validity = validity(dates.0, dates.1);
        forge.put(37, false, &purposes(uses));
        response(&trio, &delegate, Some(forge.sign(by)), (BEFORE, None))
    };
    let issuer = &trio.keys[1];
    let long = ("260101000000Z", "300101000000Z");
    let signing: &[&[u8]] = &[OCSP_SIGNING];
    says(
        &trio,
        answer(long, signing, issuer),
        Outcome::Pass,
        "says that it is good",
    );
    let last = ("260101000000Z", "270115080000Z");
    says(
        &trio,
        answer(last, signing, issuer),
        Outcome::Pass,
        "says that it is good",
    );
    let over = ("260101000000Z", "270115075959Z");
    says(
        &trio,
        answer(over, signing, issuer),
        Outcome::Warn,
        "is not valid now",
    );
    let early = ("270115080001Z", "300101000000Z");
    says(
        &trio,
        answer(early, signing, issuer),
        Outcome::Warn,
        "is not valid now",
    );
    let other: &[&[u8]] = &[support::forge::SERVER_AUTH];
    says(
        &trio,
        answer(long, other, issuer),
        Outcome::Warn,
        "lacks the purpose OCSPSigning",
    );
    says(
        &trio,
        answer(long, signing, &stranger),
        Outcome::Warn,
        "was not appointed by",
    );
    let unsigned = response(&trio, &stranger, None, (BEFORE, None));
    says(&trio, unsigned, Outcome::Warn, "did not come along");
}

//! What our matrix says of revocation, against rustls's own verdict: lists good and bad, strict and lenient, both judges.

use crate::support;
use std::collections::BTreeMap;

use mtlscope::capture::{CertificateRefusal, Der, Revocation, Side, Trust, VerdictCode};
use mtlscope::diagnose::{ChainInput, CheckKind, MatrixRow, Outcome, judge_chain};
use mtlscope::pki::{ListRecipe, Minted, mint_list};
use mtlscope::source::oracle;
use support::pki::{minted, now};

const PKI: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true),
    (name: "impostor", subject: "Mesh Issuer", is_ca: true),
    (name: "other", subject: "Other Root", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
    (name: "mute", subject: "Mute Issuer", issuer: "root", is_ca: true, no_crl_sign: true),
    (name: "mute-root", subject: "Mute Root", is_ca: true, no_crl_sign: true),
    (name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"]),
    (name: "pointed", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], crl_points: ["http://crl.example/a"]),
    (name: "of-mute", subject: "payments", issuer: "mute", sans: ["DNS:payments.shop.svc"]),
    (name: "of-mute-root", subject: "payments", issuer: "mute-root", sans: ["DNS:payments.shop.svc"]),
    (name: "direct", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"]),
    (name: "expired", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], from_hours: -48, until_hours: -24),
]"#;

/// Lists by what is to be said of them.
const LISTS: &[(&str, &str)] = &[
    ("issuer-good", r#"(issuer: "issuer")"#),
    (
        "issuer-revokes",
        r#"(issuer: "issuer", revokes: [("leaf", "keyCompromise", -2), ("pointed", "superseded", -2), ("expired", "", -30)])"#,
    ),
    (
        "issuer-stale",
        r#"(issuer: "issuer", this_hours: -48, next_hours: -24)"#,
    ),
    (
        "issuer-stale-revokes",
        r#"(issuer: "issuer", this_hours: -48, next_hours: -24, revokes: [("leaf", "certificateHold", -50)])"#,
    ),
    (
        "issuer-future",
        r#"(issuer: "issuer", this_hours: 24, next_hours: 48)"#,
    ),
    (
        "issuer-now",
        r#"(issuer: "issuer", this_hours: -24, next_hours: 0)"#,
    ),
    ("issuer-impostor", r#"(issuer: "issuer", signed_by: "impostor")"#),
    ("issuer-flipped", r#"(issuer: "issuer", damage: Signature)"#),
    ("issuer-truncated", r#"(issuer: "issuer", damage: Truncated)"#),
    ("issuer-delta", r#"(issuer: "issuer", damage: Delta)"#),
    (
        "issuer-critical",
        r#"(issuer: "issuer", damage: UnknownCriticalExtension)"#,
    ),
    (
        "issuer-point-a",
        r#"(issuer: "issuer", points: ["http://crl.example/a"])"#,
    ),
    (
        "issuer-point-b",
        r#"(issuer: "issuer", points: ["http://crl.example/b"], revokes: [("pointed", "keyCompromise", -2)])"#,
    ),
    (
        "issuer-point-leaves",
        r#"(issuer: "issuer", points: ["http://crl.example/a"], only: Leaves)"#,
    ),
    (
        "issuer-point-cas",
        r#"(issuer: "issuer", points: ["http://crl.example/a"], only: Cas)"#,
    ),
    ("root-good", r#"(issuer: "root")"#),
    (
        "root-revokes",
        r#"(issuer: "root", revokes: [("issuer", "cACompromise", -3), ("direct", "superseded", -3)])"#,
    ),
    (
        "root-stale",
        r#"(issuer: "root", this_hours: -48, next_hours: -24)"#,
    ),
    (
        "root-point-leaves",
        r#"(issuer: "root", points: ["http://crl.example/r"], only: Leaves)"#,
    ),
    (
        "root-point-cas",
        r#"(issuer: "root", points: ["http://crl.example/r"], only: Cas)"#,
    ),
    ("other-good", r#"(issuer: "other")"#),
    ("mute-good", r#"(issuer: "mute")"#),
    (
        "mute-revokes",
        r#"(issuer: "mute", revokes: [("of-mute", "keyCompromise", -2)])"#,
    ),
    ("mute-root-good", r#"(issuer: "mute-root")"#),
];

const CHAINS: &[&[&str]] = &[
    &["leaf", "issuer"],
    &["pointed", "issuer"],
    &["of-mute", "mute"],
    &["of-mute-root"],
    &["direct"],
    &["expired", "issuer"],
    &["leaf"],
    &["leaf", "impostor", "issuer", "root"],
];

/// Sets of lists: none, each alone, each with a good or a bad one before or after it.
fn sets() -> Vec<Vec<&'static str>> {
    let mut sets = vec![vec![]];
    for (name, _) in LISTS {
        sets.push(vec![*name]);
        for beside in ["root-good", "issuer-revokes"] {
            sets.push(vec![*name, beside]);
            sets.push(vec![beside, *name]);
        }
    }
    sets
}

struct Bench {
    pki: Minted,
    lists: BTreeMap<&'static str, Der>,
    now: i64,
}

impl Bench {
    fn new() -> Self {
        let (pki, now) = (minted(PKI), now());
        let options =
            ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let lists = LISTS
            .iter()
            .map(|(name, text)| {
                let recipe: ListRecipe = options.from_str(text).expect("the list parses");
                let list = mint_list(&recipe, &pki, now).expect("the list is minted");
                (*name, list.der)
            })
            .collect();
        Self { pki, lists, now }
    }

    fn der(&self, name: &str) -> Der {
        self.pki.find(name).expect("minted").certificate.der.clone()
    }

    fn trust(&self, set: &[&str], strictness: (bool, bool, bool), name: Option<&str>) -> Trust {
        let (is_leaf_only, allows_unknown, refuses_stale) = strictness;
        Trust {
            roots: ["root", "mute-root"].map(|name| self.der(name)).to_vec(),
            expected_name: name.map(str::to_owned),
            clock_unix_s: self.now,
            revocation: Revocation {
                lists: set
                    .iter()
                    .map(|list| mtlscope::capture::RevocationFile {
                        file: Some(format!("{list}.crl")),
                        line: None,
                        der: self.lists[list].clone(),
                        wrapping: None,
                    })
                    .collect(),
                responses: Vec::new(),
                is_leaf_only,
                allows_unknown,
                refuses_stale,
            },
        }
    }

    fn rows(&self, chain: &[&str], trust: &Trust, judge: Side) -> Vec<MatrixRow> {
        let chain: Vec<Der> = chain.iter().map(|name| self.der(name)).collect();
        judge_chain(&ChainInput {
            chain: &chain,
            trust: Some(trust),
            judge,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        })
        .matrix
    }
}

fn word_of(refusal: CertificateRefusal) -> Option<&'static str> {
    match refusal {
        CertificateRefusal::Revoked => Some("revoked"),
        CertificateRefusal::RevocationListExpired => Some("crl-expired"),
        CertificateRefusal::RevocationListInvalid => Some("crl-invalid"),
        CertificateRefusal::RevocationUnknown => Some("revocation-unknown"),
        _ => None,
    }
}

#[test]
fn revocation_never_contradicts_rustls() {
    let bench = Bench::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut judged = 0;
    for set in sets() {
        for chain in CHAINS {
            for bits in 0..8 {
                let strictness = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
                for (judge, name) in [
                    (Side::Client, Some("payments.shop.svc")),
                    (Side::Client, None),
                    (Side::Server, None),
                ] {
                    let trust = bench.trust(&set, strictness, name);
                    let ders: Vec<Der> = chain.iter().map(|name| bench.der(name)).collect();
                    let verdict = oracle::judge(&ders, &trust, judge);
                    let rows = bench.rows(chain, &trust, judge);
                    let failed: Vec<_> = rows
                        .iter()
                        .filter(|row| row.outcome == Outcome::Fail)
                        .map(|row| {
                            (
                                row.check.word(),
                                row.cause.map(mtlscope::diagnose::CauseId::word),
                                &row.detail,
                            )
                        })
                        .collect();
                    let place =
                        format!("{set:?} {chain:?} {strictness:?} {judge:?}: {verdict:?} {failed:#?}");
                    assert_eq!(verdict.is_err(), !failed.is_empty(), "{place}");
                    if let Err(verdict) = &verdict
                        && let VerdictCode::Certificate(refusal) = verdict.code
                        && let Some(word) = word_of(refusal)
                    {
                        assert!(failed.iter().any(|(_, cause, _)| *cause == Some(word)), "{place}");
                        *seen.entry(word).or_default() += 1;
                    }
                    judged += 1;
                }
            }
        }
    }
    eprintln!("{judged} judged, rustls refused for {seen:?}");
    assert!(judged > 20_000, "{judged}");
    assert_eq!(seen.len(), 4, "{seen:?}");
    assert!(seen.values().all(|count| *count > 50), "{seen:?}");
}

/// The row of a certificate's revocation.
fn revocation_row<'a>(rows: &'a [MatrixRow], role: &str) -> &'a MatrixRow {
    rows.iter()
        .find(|row| row.check == CheckKind::Revocation && row.role.word() == role)
        .expect("judged")
}

#[test]
fn every_finding_says_which_list_and_why() {
    let bench = Bench::new();
    let chain: &[&str] = &["leaf", "issuer"];
    let strict = (false, false, true);
    let lenient = (false, false, false);
    for (set, strictness, role, outcome, cause, words) in [
        (vec![], lenient, "leaf", Outcome::Unknown, None, "none is fetched"),
        (
            vec!["issuer-good", "root-good"],
            strict,
            "leaf",
            Outcome::Pass,
            None,
            "issuer-good.crl, the list of Mesh Issuer",
        ),
        (
            vec!["issuer-revokes", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("revoked"),
            "(keyCompromise), says issuer-revokes.crl",
        ),
        (
            vec!["issuer-good", "root-revokes"],
            strict,
            "intermediate",
            Outcome::Fail,
            Some("revoked"),
            "(cACompromise)",
        ),
        (
            vec!["issuer-stale", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("crl-expired"),
            "was good until",
        ),
        (
            vec!["issuer-stale", "root-good"],
            lenient,
            "leaf",
            Outcome::Warn,
            Some("crl-expired"),
            "OpenSSL with -crl_check",
        ),
        (
            vec!["issuer-future", "root-good"],
            lenient,
            "leaf",
            Outcome::Warn,
            Some("crl-invalid"),
            "holds only from",
        ),
        (
            vec!["issuer-flipped", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("crl-invalid"),
            "did not sign it",
        ),
        (
            vec!["issuer-impostor", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("crl-invalid"),
            "with another key",
        ),
        (
            vec!["issuer-delta", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("crl-invalid"),
            "delta list",
        ),
        (
            vec!["issuer-critical", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("crl-invalid"),
            "1.3.6.1.4.1.32473.1",
        ),
        (
            vec!["issuer-truncated", "root-good"],
            strict,
            "leaf",
            Outcome::Fail,
            Some("crl-invalid"),
            "damaged",
        ),
        (
            vec!["issuer-good"],
            strict,
            "intermediate",
            Outcome::Fail,
            Some("revocation-unknown"),
            "its issuer is Mesh Root",
        ),
        (
            vec!["other-good"],
            (false, true, false),
            "leaf",
            Outcome::Warn,
            Some("revocation-unknown"),
            "unable to get certificate CRL",
        ),
        (
            vec!["issuer-good"],
            (true, false, false),
            "intermediate",
            Outcome::NotApplicable,
            None,
            "only the leaf",
        ),
    ] {
        let trust = bench.trust(&set, strictness, Some("payments.shop.svc"));
        let rows = bench.rows(chain, &trust, Side::Client);
        let row = revocation_row(&rows, role);
        assert_eq!(
            (row.outcome, row.cause.map(mtlscope::diagnose::CauseId::word)),
            (outcome, cause),
            "{set:?}: {}",
            row.detail
        );
        assert!(row.detail.contains(words), "{set:?}: {words} in {}", row.detail);
    }
    let trust = bench.trust(
        &["issuer-point-b"],
        (true, false, false),
        Some("payments.shop.svc"),
    );
    let rows = bench.rows(&["pointed", "issuer"], &trust, Side::Client);
    let row = revocation_row(&rows, "leaf");
    assert!(
        row.detail.contains("another distribution point")
            && row.detail.contains("http://crl.example/a (not fetched)"),
        "{}",
        row.detail
    );
}

/// Every byte of a list changed, in several ways: nothing panics, and we still say what rustls says.
#[test]
fn a_broken_list_is_judged_as_rustls_judges_it() {
    let bench = Bench::new();
    let chain = ["leaf", "issuer"];
    let ders: Vec<Der> = chain.iter().map(|name| bench.der(name)).collect();
    for base in ["issuer-revokes", "issuer-point-leaves"] {
        let whole = bench.lists[base].as_bytes().to_vec();
        for position in 0..whole.len() {
            for change in [0x01, 0x20, 0x80, 0xff] {
                let mut broken = whole.clone();
                broken[position] ^= change;
                let mut trust = bench.trust(&[base, "root-good"], (false, false, true), None);
                trust.revocation.lists[0].der = Der::from(broken);
                let verdict = oracle::judge(&ders, &trust, Side::Server);
                let rows = bench.rows(&chain, &trust, Side::Server);
                let failed: Vec<_> = rows
                    .iter()
                    .filter(|row| row.outcome == Outcome::Fail)
                    .map(|row| &row.detail)
                    .collect();
                assert_eq!(
                    verdict.is_err(),
                    !failed.is_empty(),
                    "{base} byte {position} ^ {change:#04x}: {verdict:?} {failed:#?}"
                );
            }
        }
    }
}

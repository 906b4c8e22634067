//! The time machine is exact to the second: against rustls's own judgement, and against real runs with the clock moved.

use crate::support;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{ClientAuth, Der, Side, Trust, VerdictCode};
use mtlscope::diagnose::CauseId;
use mtlscope::experiment::time::{FIRST_UNIX_S, LAST_UNIX_S, TimeLine, time_line};
use mtlscope::scenario;
use mtlscope::setup::{LabSetup, TlsVersion};
use mtlscope::source::lab::run_blocking;
use mtlscope::source::oracle;
use support::pki::{USUAL, minted, now, party, setup};

fn line(setup: &LabSetup) -> TimeLine {
    time_line(setup, now(), &Cancel::default()).expect("nobody cancels")
}

/// Both sides' verdicts in a real run with both clocks at `unix_s`.
fn run_at(setup: &LabSetup, unix_s: i64) -> [Option<VerdictCode>; 2] {
    let mut moved = setup.clone();
    moved.timeout_ms = 50;
    for side in Side::BOTH {
        moved.parties.of_mut(side).policy.clock_unix_s = Some(unix_s);
    }
    let capture = run_blocking(&moved, &Cancel::default()).expect("it runs");
    Side::BOTH.map(|side| {
        capture
            .sides
            .of(side)
            .verdict
            .as_ref()
            .map(|verdict| verdict.code)
    })
}

fn works_at(setup: &LabSetup, unix_s: i64) -> bool {
    run_at(setup, unix_s) == [Some(VerdictCode::Accepted); 2]
}

/// rustls's refusal of what `judge`'s peer presents; `None` where it accepts or judges nothing.
fn refusal(setup: &LabSetup, judge: Side, unix_s: i64) -> Option<VerdictCode> {
    if judge == Side::Server && setup.client_auth == ClientAuth::None {
        return None;
    }
    let ders = |list: &[mtlscope::pki::LoadedCertificate]| -> Vec<Der> {
        list.iter().map(|one| one.der.clone()).collect()
    };
    let chain = ders(&setup.parties.of(judge.peer()).identity.as_ref()?.chain);
    let trust = Trust {
        roots: ders(&setup.parties.of(judge).trust),
        expected_name: match judge {
            Side::Client => Some(setup.server_name.clone()),
            Side::Server => setup.parties.server.policy.limits.expected_peer.clone(),
        },
        clock_unix_s: unix_s,
        revocation: setup.parties.of(judge).policy.revocation.clone(),
    };
    oracle::judge(&chain, &trust, judge)
        .err()
        .map(|refusal| refusal.code)
}

/// The line says at a second what rustls says.
fn assert_true_at(setup: &LabSetup, line: &TimeLine, unix_s: i64, name: &str) {
    let span = line.at(unix_s).expect("a span");
    assert!(
        span.from_unix_s <= unix_s && unix_s <= span.until_unix_s,
        "{name} at {unix_s}"
    );
    for judge in Side::BOTH {
        if refusal(setup, judge, unix_s).is_some() {
            assert!(
                span.failures.iter().any(|failure| failure.judge == Some(judge)),
                "{name} at {unix_s}: the {} refuses: {span:?}",
                judge.word()
            );
        } else if setup.parties.of(judge.peer()).identity.is_some() {
            assert!(
                span.failures.iter().all(|failure| failure.judge != Some(judge)),
                "{name} at {unix_s}: the {} accepts: {span:?}",
                judge.word()
            );
        }
    }
}

/// Deterministic numbers, spread well enough to probe with.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) % bound.max(1)
    }
}

/// Holds a line to rustls and to real runs: both sides of each edge, the ends, and anywhere between.
fn assert_exact(setup: &LabSetup, name: &str) -> TimeLine {
    let line = line(setup);
    assert_eq!(line.spans[0].from_unix_s, FIRST_UNIX_S, "{name}");
    assert_eq!(
        line.spans[line.spans.len() - 1].until_unix_s,
        LAST_UNIX_S,
        "{name}"
    );
    for pair in line.spans.windows(2) {
        assert_eq!(pair[0].until_unix_s + 1, pair[1].from_unix_s, "{name}");
        assert_ne!(pair[0].failures, pair[1].failures, "{name}: neighbours differ");
    }
    let mut dice = Dice(7);
    for span in &line.spans {
        let (from, until) = (span.from_unix_s, span.until_unix_s);
        let mut probes = vec![from, until, (from + 1).min(until), (until - 1).max(from)];
        for _ in 0..6 {
            probes.push(from + dice.below((until - from + 1) as u64) as i64);
        }
        for at in probes {
            assert_true_at(setup, &line, at, name);
        }
        for at in [from, until, from + dice.below((until - from + 1) as u64) as i64] {
            assert_eq!(
                works_at(setup, at),
                span.works(),
                "{name}: a real run at {at}: {span:?}"
            );
        }
    }
    // And across the edges of what is drawn, which need not change the verdict.
    for window in &line.windows {
        for edge in [window.not_before, window.not_after] {
            for at in [edge - 1, edge, edge + 1] {
                if (FIRST_UNIX_S..=LAST_UNIX_S).contains(&at) {
                    assert_true_at(setup, &line, at, name);
                }
            }
        }
    }
    line
}

#[test]
fn every_scenario_is_exact_at_its_edges() {
    for scenario in scenario::all() {
        let setup = scenario.setup(now()).expect("it mints");
        let line = assert_exact(&setup, &scenario.id);
        let span = line.at(line.now_unix_s).expect("now");
        // The line moves both clocks; a scenario that sets one apart fails for that.
        if Side::BOTH
            .iter()
            .any(|side| setup.parties.of(*side).policy.clock_unix_s.is_some())
        {
            continue;
        }
        assert_eq!(
            span.works(),
            scenario.expect.verdict == "accepted",
            "{}: {span:?}",
            scenario.id
        );
    }
}

#[test]
fn a_good_pair_works_from_the_last_beginning_to_the_first_end() {
    let pki = minted(USUAL);
    let good = setup(&pki, &["client", "issuer"]);
    let line = assert_exact(&good, "good");
    let works: Vec<_> = line.spans.iter().filter(|span| span.works()).collect();
    assert_eq!(works.len(), 1, "{:?}", line.spans);
    let begins = line.windows.iter().map(|window| window.not_before).max();
    let ends = line.windows.iter().map(|window| window.not_after).min();
    assert_eq!(
        (Some(works[0].from_unix_s), Some(works[0].until_unix_s)),
        (begins, ends)
    );
    // The next second: somebody refuses, for this reason, this certificate.
    let after = line.at(works[0].until_unix_s + 1).expect("a span");
    let failure = &after.failures[0];
    assert_eq!(
        (failure.judge, failure.cause),
        (Some(Side::Client), Some(CauseId::Expired))
    );
    assert!(failure.reported && failure.words().starts_with("the client refuses payments"));
    // The buttons.
    let now = line.now_unix_s;
    assert_eq!(line.edge_after(now), Some(works[0].until_unix_s + 1));
    assert_eq!(line.edge_before(now), Some(works[0].from_unix_s));
    assert_eq!(line.edge_before(works[0].from_unix_s), None);
}

#[test]
fn a_rotation_shows_its_outage() {
    // The client's leaf ends before the server's begins: no second serves both.
    let pki = minted(
        r#"[
        (name: "root", subject: "Mesh Root", is_ca: true, from_hours: -100, until_hours: 1000),
        (name: "server", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], from_hours: 10, until_hours: 20),
        (name: "client", subject: "orders", issuer: "root", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"], from_hours: -10, until_hours: 5),
    ]"#,
    );
    let mut outage = setup(&minted(USUAL), &["client"]);
    outage.parties.server = party(&pki, &["server"], &["root"]);
    outage.parties.client = party(&pki, &["client"], &["root"]);
    let line = assert_exact(&outage, "outage");
    assert!(line.spans.iter().all(|span| !span.works()));
    let between = line.at(line.now_unix_s + 7 * 3600).expect("a span");
    let causes: Vec<_> = between
        .failures
        .iter()
        .map(|failure| (failure.judge, failure.cause))
        .collect();
    assert_eq!(
        causes,
        [
            (Some(Side::Client), Some(CauseId::NotYetValid)),
            (Some(Side::Server), Some(CauseId::Expired))
        ]
    );
}

#[test]
fn what_fails_at_any_time_fails_at_every_time() {
    let pki = minted(USUAL);
    let mut versions = setup(&pki, &["client", "issuer"]);
    versions.parties.client.policy.versions = vec![TlsVersion::Tls12];
    versions.parties.server.policy.versions = vec![TlsVersion::Tls13];
    let line = line(&versions);
    let span = line.at(line.now_unix_s).expect("now");
    assert_eq!(span.failures[0].cause, Some(CauseId::NoCommonVersion), "{span:?}");
    assert!(line.spans.iter().all(|span| !span.works()));
    // A client that nobody asks has no window in play.
    let mut alone = setup(&pki, &["client-expired", "issuer"]);
    alone.client_auth = ClientAuth::None;
    let line = assert_exact(&alone, "alone");
    assert!(line.at(line.now_unix_s).expect("now").works());
    assert!(line.windows.iter().all(|window| window.name != "orders"));
}

#[test]
fn before_1970_and_without_end() {
    let hours_to = |unix_s: i64| (unix_s - now()).div_euclid(3600);
    let pki = minted(&format!(
        r#"[
        (name: "root", subject: "Old Root", is_ca: true, from_hours: {}, until_hours: {}),
        (name: "server", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], from_hours: -5, until_hours: {}),
        (name: "early", subject: "early", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], from_hours: {}, until_hours: 5),
    ]"#,
        hours_to(-600_000_000),
        hours_to(LAST_UNIX_S),
        hours_to(LAST_UNIX_S),
        hours_to(-600_000_000),
    ));
    let mut far = setup(&minted(USUAL), &["client"]);
    far.client_auth = ClientAuth::None;
    far.parties.server = party(&pki, &["server"], &[]);
    far.parties.client = party(&pki, &[], &["root"]);
    let line = assert_exact(&far, "far");
    assert!(line.windows.iter().any(|window| window.not_before < 0));
    assert!(line.at(LAST_UNIX_S - 7200).expect("a span").works());
    far.parties.server = party(&pki, &["early"], &[]);
    // rustls reads no date before 1970 in a chain: whatever it says of one, the line says too.
    assert_exact(&far, "early");
}

#[test]
fn a_server_that_expects_another_workload_is_refused_at_any_time_by_the_judges_themselves() {
    let setup = support::field::scenario("server-expects-other-workload");
    let line = line(&setup);
    let at = now();
    assert!(!works_at(&setup, at), "a real run refuses it");
    let span = line.at(at).expect("a span");
    let first = span.failures.first().expect("so does the time line");
    // A run that finds it tells of no judge: the chain's own judge must.
    assert_eq!(
        (first.judge, first.cause, first.reported),
        (Some(Side::Server), Some(CauseId::SpiffeIdMismatch), true)
    );
}

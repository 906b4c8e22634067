//! The proven fix: what is offered always works, the smallest comes first, and nothing is offered where nothing helps.

use crate::support;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Side, VerdictCode};
use mtlscope::diagnose::Verdict;
use mtlscope::experiment::repair::{Budget, Edit, Found, ProvenFix, Spoken, Swap, search};
use mtlscope::scenario;
use mtlscope::setup::{Fault, FaultTarget, LabSetup, TlsVersion};
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, now, party, setup};

/// Bounded by runs alone: no clock, however busy the machine is.
pub(crate) fn patient() -> Budget {
    Budget {
        time: Duration::MAX,
        ..Budget::default()
    }
}

fn analysed(setup: &LabSetup) -> Analysis {
    let mut setup = setup.clone();
    setup.timeout_ms = setup.timeout_ms.min(200);
    Analysis::of(Arc::new(
        run_blocking(&setup, &Cancel::default()).expect("it runs"),
    ))
}

fn fixes(setup: &LabSetup) -> Found {
    let causes = analysed(setup).diagnosis.causes;
    search(setup, &causes, &Cancel::default(), &patient(), &mut |_| {}).expect("a runtime")
}

/// The words of the edits of a fix: `trust-also`, `use-certificate+ask-for`.
fn kinds(fix: &ProvenFix) -> String {
    fix.edits.iter().map(Edit::word).collect::<Vec<_>>().join("+")
}

fn fixed(setup: &LabSetup, fix: &ProvenFix) -> LabSetup {
    fix.edits
        .iter()
        .fold(setup.clone(), |setup, edit| edit.apply(&setup))
}

/// What a fix promises: its proof shows it, and so does another run.
fn assert_holds(setup: &LabSetup, fix: &ProvenFix, name: &str) {
    for side in Side::BOTH {
        let verdict = fix.proof.sides.of(side).verdict.as_ref();
        assert_eq!(
            verdict.map(|verdict| verdict.code),
            Some(VerdictCode::Accepted),
            "{name}: {fix:?}"
        );
    }
    let again = analysed(&fixed(setup, fix));
    assert_eq!(
        again.diagnosis.verdict,
        Verdict::Accepted,
        "{name}: {:?}",
        fix.words
    );
    assert_eq!(fix.words.len(), fix.edits.len());
    assert!(fix.is_for_a_test_only() <= !fix.cautions.is_empty(), "{name}");
    // What nobody may be told to do.
    assert_eq!(fixed(setup, fix).client_auth, setup.client_auth, "{name}");
}

/// The first fix of every scenario that fails; `none` where no edit of what is at hand can help.
const EXPECTED: &str = "tests/fixtures/fixes.tsv";

#[test]
fn every_failing_scenario_has_the_fix_that_its_line_says_or_none() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXPECTED);
    let text = std::fs::read_to_string(&file).expect("the list of fixes");
    let expected: BTreeMap<&str, &str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let mut lines = Vec::new();
    for scenario in scenario::all() {
        let setup = scenario.setup(now()).expect("it mints");
        let found = fixes(&setup);
        let id = scenario.id.as_str();
        if scenario.expect.verdict == "accepted" {
            assert_eq!((found.tried, found.fixes.len()), (0, 0), "{id} needs no fix");
            continue;
        }
        assert!(!found.is_cut_short, "{id}: everything was tried");
        for fix in &found.fixes {
            assert_holds(&setup, fix, id);
        }
        let sizes: Vec<usize> = found.fixes.iter().map(ProvenFix::size).collect();
        assert!(sizes.is_sorted(), "{id}: {sizes:?}");
        assert!(found.succeeded >= found.fixes.len(), "{id}");
        let first = found.fixes.first().map_or_else(|| "none".to_owned(), kinds);
        lines.push((id.to_owned(), first));
    }
    if std::env::var_os("UPDATE_FIXES").is_some() {
        let mut text =
            "# The first proven fix of each failing scenario. After a wanted change: UPDATE_FIXES=1 cargo test --test repair\n"
                .to_owned();
        for (id, first) in &lines {
            text.push_str(&format!("{id}\t{first}\n"));
        }
        std::fs::write(&file, text).expect("written");
        return;
    }
    for (id, first) in &lines {
        assert_eq!(
            expected.get(id.as_str()).copied(),
            Some(first.as_str()),
            "{id}: the line in {EXPECTED} says otherwise or is missing"
        );
    }
}

#[test]
fn what_a_chain_lacks_is_added_from_any_file_at_hand() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client"]);
    let found = fixes(&setup);
    // The issuer is in the server's chain.
    assert_eq!(kinds(&found.fixes[0]), "add-to-chain");
    assert!(
        found.fixes[0].words[0].contains("Mesh Issuer"),
        "{:?}",
        found.fixes[0].words
    );
    assert_holds(&setup, &found.fixes[0], "from the peer's chain");
    // Two CAs are missing and only known: it is one edit of two certificates, and comes before trusting one of them.
    let deep = minted(
        r#"[
        (name: "root", subject: "Mesh Root", is_ca: true),
        (name: "upper", subject: "Upper", issuer: "root", is_ca: true),
        (name: "lower", subject: "Lower", issuer: "upper", is_ca: true),
        (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
        (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
        (name: "client", subject: "orders", issuer: "lower", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    ]"#,
    );
    setup = support::pki::setup(&deep, &["client"]);
    setup.known = ["lower", "upper"]
        .map(|name| deep.find(name).expect("minted").certificate.clone())
        .into();
    let found = fixes(&setup);
    assert!(
        matches!(&found.fixes[0].edits[..], [Edit::AddToChain { certificates, .. }] if certificates.len() == 2),
        "{:?}",
        found.fixes[0].words
    );
}

#[test]
fn chains_are_put_in_order_and_freed_of_what_does_harm() {
    let pki = minted(USUAL);
    let mut wrong = setup(&pki, &["client", "issuer"]);
    wrong.parties.server = party(&pki, &["issuer", "server"], &["root"]);
    let key = pki.find("server").expect("minted").key.clone();
    wrong.parties.server.identity.as_mut().expect("an identity").key = Some(key);
    let found = fixes(&wrong);
    assert_eq!(kinds(&found.fixes[0]), "reorder-chain");
    assert!(found.fixes[0].words[0].contains("payments, then Mesh Issuer"));
    // A stranger's leaf before one's own that needs no intermediate: leaving it out suffices.
    let mut stranger = setup(&pki, &["client", "issuer"]);
    stranger.parties.server = party(&pki, &["client-other", "server-direct"], &["root"]);
    let key = pki.find("server-direct").expect("minted").key.clone();
    stranger
        .parties
        .server
        .identity
        .as_mut()
        .expect("an identity")
        .key = Some(key);
    let all: Vec<String> = fixes(&stranger).fixes.iter().map(kinds).collect();
    assert!(all.contains(&"drop-from-chain".to_owned()), "{all:?}");
}

#[test]
fn what_was_exchanged_is_exchanged_back() {
    let pki = minted(USUAL);
    let good = setup(&pki, &["client", "issuer"]);
    for what in [Swap::Identities, Swap::Chains, Swap::Keys] {
        let wrong = Edit::Swap(what).apply(&good);
        let found = fixes(&wrong);
        let expected = Edit::Swap(what).word();
        let all: Vec<String> = found.fixes.iter().map(kinds).collect();
        assert!(all.iter().any(|one| one == expected), "{expected}: {all:?}");
        assert_holds(&wrong, &found.fixes[0], expected);
    }
    // Each side trusts the CA of its own certificate.
    let mut crossed = setup(&pki, &["client-other"]);
    crossed.parties.client = party(&pki, &["client-other"], &["other"]);
    let all: Vec<String> = fixes(&crossed).fixes.iter().map(kinds).collect();
    assert!(all.contains(&"swap-trust".to_owned()) || all.len() > 1, "{all:?}");
    // The certificate's file and the trust file of one side were exchanged.
    let mut slots = setup(&pki, &["client", "issuer"]);
    slots.parties.server = party(&pki, &["server-direct"], &["root"]);
    let wrong = Edit::SwapSlots(Side::Server).apply(&slots);
    let first = fixes(&wrong);
    assert_eq!(kinds(&first.fixes[0]), "swap-slots", "{:?}", first.fixes);
}

#[test]
fn another_certificate_for_the_key_or_another_key_for_the_certificate() {
    let pki = minted(USUAL);
    // The client's own leaf lies among what the server knows, because somebody mixed the files up.
    let mut wrong = setup(&pki, &["client-expired", "issuer"]);
    wrong.parties.client.identity.as_mut().expect("an identity").key =
        Some(pki.find("client").expect("minted").key.clone());
    wrong.known = vec![pki.find("client").expect("minted").certificate.clone()];
    let found = fixes(&wrong);
    assert_eq!(kinds(&found.fixes[0]), "use-certificate");
    // The key belongs to the other side's hands.
    let mut keys = setup(&pki, &["client", "issuer"]);
    keys.parties.server.identity.as_mut().expect("an identity").key =
        Some(pki.find("client").expect("minted").key.clone());
    keys.parties.client = party(&pki, &["client", "issuer"], &["root"]);
    keys.parties.client.identity.as_mut().expect("an identity").key =
        Some(pki.find("server").expect("minted").key.clone());
    keys.client_auth = mtlscope::capture::ClientAuth::None;
    let all = fixes(&keys).fixes;
    let use_key = all
        .iter()
        .find(|fix| kinds(fix) == "use-key")
        .expect("the key is at hand");
    assert!(
        use_key
            .cautions
            .iter()
            .any(|words| words.contains("one private key")),
        "{:?}",
        use_key.cautions
    );
}

#[test]
fn trust_is_widened_last_and_says_so() {
    let pki = minted(USUAL);
    let mut wrong = setup(&pki, &["client-other"]);
    wrong.known = vec![pki.find("other").expect("minted").certificate.clone()];
    let found = fixes(&wrong);
    let first = &found.fixes[0];
    assert_eq!(kinds(first), "trust-also");
    assert!(first.is_for_a_test_only() && first.cautions[0].starts_with("For a test only"));
    // The whole store of the other side instead.
    let mut store = setup(&pki, &["client", "issuer"]);
    store.parties.server.trust = vec![pki.find("other").expect("minted").certificate.clone()];
    let all: Vec<String> = fixes(&store).fixes.iter().map(kinds).collect();
    assert_eq!(all[0], "trust-also", "{all:?}");
    assert!(all.contains(&"trust-instead".to_owned()), "{all:?}");
    // A root that has expired would pass rustls; it is not offered.
    let worn = minted(
        r#"[
        (name: "root", subject: "Worn Root", is_ca: true, from_hours: -48, until_hours: -24),
        (name: "server", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
        (name: "own", subject: "Own Root", is_ca: true),
        (name: "client", subject: "orders", issuer: "own", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    ]"#,
    );
    let mut expired = setup(&pki, &["client", "issuer"]);
    expired.parties.server = party(&worn, &["server"], &["root"]);
    expired.parties.client = party(&worn, &["client"], &["own"]);
    expired.known = vec![worn.find("root").expect("minted").certificate.clone()];
    expired.client_auth = mtlscope::capture::ClientAuth::None;
    let all = fixes(&expired).fixes;
    assert!(all.iter().all(|fix| kinds(fix) != "trust-also"), "{all:?}");
}

#[test]
fn clocks_names_and_policies() {
    let pki = minted(USUAL);
    let mut skewed = setup(&pki, &["client", "issuer"]);
    skewed.parties.server.policy.clock_unix_s = Some(now() + 400 * 86_400);
    assert_eq!(kinds(&fixes(&skewed).fixes[0]), "move-clock");
    let mut renamed = setup(&pki, &["client", "issuer"]);
    renamed.server_name = "payments.old.svc".to_owned();
    let found = fixes(&renamed);
    let asked: Vec<&Edit> = found.fixes.iter().flat_map(|fix| &fix.edits).collect();
    assert!(
        matches!(asked[0], Edit::AskFor(name) if name == "payments.shop.svc"),
        "{asked:?}"
    );
    assert!(
        asked
            .iter()
            .any(|edit| matches!(edit, Edit::AskFor(name) if name == "127.0.0.1"))
    );
    let mut versions = setup(&pki, &["client", "issuer"]);
    versions.parties.client.policy.versions = vec![TlsVersion::Tls12];
    versions.parties.server.policy.versions = vec![TlsVersion::Tls13];
    let found = fixes(&versions);
    // The newer version comes first.
    assert!(matches!(
        &found.fixes[0].edits[0],
        Edit::Speak { side: Side::Client, also: Spoken::Versions(also) } if *also == [TlsVersion::Tls13]
    ));
    let mut suites = setup(&pki, &["client", "issuer"]);
    suites.parties.client.policy.cipher_suites = vec!["TLS_AES_128_GCM_SHA256".to_owned()];
    suites.parties.server.policy.cipher_suites = vec!["TLS_AES_256_GCM_SHA384".to_owned()];
    suites.parties.client.policy.versions = vec![TlsVersion::Tls13];
    suites.parties.server.policy.versions = vec![TlsVersion::Tls13];
    let found = fixes(&suites);
    assert!(matches!(
        &found.fixes[0].edits[0],
        Edit::Speak {
            also: Spoken::CipherSuites(_),
            ..
        }
    ));
    let mut groups = setup(&pki, &["client", "issuer"]);
    groups.parties.client.policy.groups = vec!["secp384r1".to_owned()];
    groups.parties.server.policy.groups = vec!["secp256r1".to_owned()];
    let found = fixes(&groups);
    assert!(matches!(
        &found.fixes[0].edits[0],
        Edit::Speak {
            also: Spoken::Groups(_),
            ..
        }
    ));
    let mut protocols = setup(&pki, &["client", "issuer"]);
    protocols.parties.client.policy.alpn = vec!["http/1.1".to_owned()];
    let found = fixes(&protocols);
    assert!(matches!(
        &found.fixes[0].edits[0],
        Edit::Speak {
            also: Spoken::Protocols(_),
            ..
        }
    ));
}

#[test]
fn a_wire_that_alters_bytes_is_mended_first() {
    let pki = minted(USUAL);
    let target = FaultTarget {
        from: Side::Server,
        record: 2,
    };
    for fault in [
        Fault::Flip(target),
        Fault::Stall(target),
        Fault::Cut(target),
        Fault::Http,
    ] {
        let mut wrong = setup(&pki, &["client", "issuer"]);
        wrong.fault = Some(fault);
        let found = fixes(&wrong);
        assert_eq!(
            (kinds(&found.fixes[0]).as_str(), found.tried),
            ("mend-wire", 1),
            "{fault:?}"
        );
        // A second fault behind it makes it a pair.
        wrong.server_name = "payments.old.svc".to_owned();
        assert_eq!(kinds(&fixes(&wrong).fixes[0]), "mend-wire+ask-for", "{fault:?}");
    }
}

#[test]
fn pairs_are_tried_where_no_single_edit_works() {
    let pki = minted(USUAL);
    let mut wrong = setup(&pki, &["client"]);
    wrong.server_name = "payments.old.svc".to_owned();
    let found = fixes(&wrong);
    assert_eq!(found.fixes[0].edits.len(), 2, "{:?}", found.fixes);
    let words = kinds(&found.fixes[0]);
    assert!(
        words.contains("ask-for") && words.contains("add-to-chain"),
        "{words}"
    );
    assert!(found.fixes.iter().all(|fix| fix.edits.len() == 2));
    for fix in &found.fixes {
        assert_holds(&wrong, fix, "a pair");
    }
}

#[test]
fn the_user_and_the_budget_end_a_search() {
    let pki = minted(USUAL);
    let mut wrong = setup(&pki, &["client"]);
    wrong.server_name = "payments.old.svc".to_owned();
    let cancel = Cancel::default();
    let mut tried = 0;
    let found = search(&wrong, &[], &cancel, &patient(), &mut |progress| {
        tried = progress.tried;
        if progress.tried == 3 {
            cancel.cancel();
        }
    })
    .expect("a runtime");
    assert!(found.is_cut_short && found.tried == 3 && tried == 3, "{found:?}");
    let budget = Budget { runs: 5, ..patient() };
    let found = search(&wrong, &[], &Cancel::default(), &budget, &mut |_| {}).expect("a runtime");
    assert!(found.is_cut_short && found.tried == 5);
}

#[test]
fn causes_only_guide() {
    let pki = minted(USUAL);
    let wrong = setup(&pki, &["client"]);
    let without = search(&wrong, &[], &Cancel::default(), &patient(), &mut |_| {}).expect("a runtime");
    let with = fixes(&wrong);
    let all = |found: &Found| found.fixes.iter().map(kinds).collect::<Vec<_>>();
    assert_eq!(all(&without), all(&with));
}

//! What a proven fix says of itself, and what is said where there is none.

use crate::repair::patient;
use crate::support;
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{RevocationFile, Side};
use mtlscope::diagnose::{Cause, CauseId, what_is_missing};
use mtlscope::experiment::repair::{Edit, Found, search};
use mtlscope::pki::{ListRecipe, mint_list};
use mtlscope::setup::LabSetup;
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, now, party, setup};

fn causes(setup: &LabSetup) -> Vec<Cause> {
    let mut setup = setup.clone();
    setup.timeout_ms = setup.timeout_ms.min(200);
    let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
    Analysis::of(Arc::new(capture)).diagnosis.causes
}

fn fixes(setup: &LabSetup) -> Found {
    search(setup, &causes(setup), &Cancel::default(), &patient(), &mut |_| {}).expect("a runtime")
}

#[test]
fn a_certificate_renewed_takes_the_old_ones_place() {
    let setup = mtlscope::scenario::find("missed-reload")
        .expect("the scenario")
        .setup(now())
        .expect("a set-up");
    let found = fixes(&setup);
    let fix = &found.fixes[0];
    let [Edit::ReplaceInChain { side, .. }] = fix.edits.as_slice() else {
        panic!("{fix:?}");
    };
    assert!(fix.words[0].contains("in place of"), "{:?}", fix.words);
    let count = |setup: &LabSetup| {
        let identity = setup.parties.of(*side).identity.as_ref();
        identity.expect("an identity").chain.len()
    };
    let after = fix.edits[0].apply(&setup);
    assert_eq!(count(&after), count(&setup), "the old one is not sent any more");
}

#[test]
fn another_ca_instead_is_not_more_trust() {
    let pki = minted(USUAL);
    let mut wrong = setup(&pki, &["client", "issuer"]);
    wrong.parties.client = party(&pki, &["client", "issuer"], &["other"]);
    let found = fixes(&wrong);
    let caution = |kind: &str| {
        let fix = found.fixes.iter().find(|fix| fix.edits[0].word() == kind);
        fix.unwrap_or_else(|| panic!("{kind}: {:?}", found.fixes))
            .cautions[0]
            .clone()
    };
    assert!(caution("trust-instead").contains("trusts another CA than before"));
    assert!(caution("trust-also").contains("trusts more than before"));
}

#[test]
fn a_name_made_up_from_a_wildcard_is_said_to_be_an_example() {
    let pki = minted(&USUAL.replace(
        r#"["DNS:payments.shop.svc", "IP:127.0.0.1"]"#,
        r#"["DNS:*.shop.svc"]"#,
    ));
    let mut wrong = setup(&pki, &["client", "issuer"]);
    wrong.server_name = "a.b.shop.svc".to_owned();
    let found = fixes(&wrong);
    assert_eq!(
        found.fixes[0].words[0],
        "Let the client ask for a name that the wildcard *.shop.svc on payments covers, for example a.shop.svc, instead of \
         a.b.shop.svc."
    );
    let cause = &causes(&wrong)[0];
    assert_eq!(cause.id, CauseId::WildcardMisuse);
    assert!(
        cause.remedies[0].text.contains("or with *.b.shop.svc"),
        "{:?}",
        cause.remedies[0]
    );
}

/// Where nothing at hand mends it, what is missing is named: whose, and of what kind.
#[test]
fn what_is_missing_is_named() {
    let pki = minted(USUAL);
    let usual = || setup(&pki, &["client", "issuer"]);
    let key = |name: &str| pki.find(name).expect("minted").key.clone();
    let mut client_key = usual();
    client_key.parties.client.identity.as_mut().expect("one").key = Some(key("other"));
    let mut server_key = usual();
    server_key.parties.server.identity.as_mut().expect("one").key = Some(key("other"));
    let mut stranger = usual();
    stranger.parties.client.identity = party(&pki, &["client-other"], &[]).identity;
    let recipe: ListRecipe = ron::from_str("(issuer: \"root\")").expect("a list");
    let mut listed = usual();
    listed.parties.client.policy.revocation.lists = vec![RevocationFile {
        file: Some("root.crl".to_owned()),
        line: None,
        der: mint_list(&recipe, &pki, now()).expect("minted").der,
        wrapping: None,
    }];
    for (setup, words) in [
        (
            &client_key,
            "Load the client's private key that belongs to orders",
        ),
        (
            &server_key,
            "Load the server's private key that belongs to payments",
        ),
        (&stranger, "the certificate of Other Root"),
        (&listed, "Load the revocation list of Mesh Issuer, and run again."),
    ] {
        let said = what_is_missing(&causes(setup));
        assert!(
            said.starts_with("Nothing at hand mends it. ") && said.contains(words),
            "{said}"
        );
    }
    assert_eq!(what_is_missing(&[]), "Nothing at hand mends it.");
}

#[test]
fn a_list_that_ran_out_and_revokes_is_said_to_have_run_out() {
    let pki = minted(USUAL);
    let mut wrong = setup(&pki, &["client", "issuer"]);
    wrong.parties.server.policy.revocation.lists = ["issuer", "root"]
        .map(|issuer| {
            let text = format!(
                "(issuer: \"{issuer}\", this_hours: -48, next_hours: -24, revokes: [{}])",
                if issuer == "issuer" {
                    "(\"client\", \"keyCompromise\", -30)"
                } else {
                    ""
                }
            );
            let recipe: ListRecipe = ron::from_str(&text).expect("a list");
            RevocationFile {
                file: Some(format!("{issuer}.crl")),
                line: None,
                der: mint_list(&recipe, &pki, now()).expect("minted").der,
                wrapping: None,
            }
        })
        .to_vec();
    let causes = causes(&wrong);
    assert_eq!(
        (causes[0].id, causes[0].side),
        (CauseId::Revoked, Some(Side::Server))
    );
    assert!(
        causes[0].detail.contains("the list itself ran out at"),
        "{}",
        causes[0].detail
    );
}

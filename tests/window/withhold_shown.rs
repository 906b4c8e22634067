//! The lens as it is shown: by `show` in text and JSON, by the window, and the same for a run and its replay.

use crate::support;
use crate::support::command;
use std::sync::Arc;

use command::{json, mtlscope, status, stdout};
use egui_kittest::kittest::Queryable;
use mtlscope::analysis::Analysis;
use mtlscope::capture::Side;
use mtlscope::diagnose::withhold::{Answer, stack_names};
use mtlscope::state::{InspectorTab, Selection};
use support::window::{open, session};

fn path(name: &str) -> String {
    session(name).to_string_lossy().into_owned()
}

fn analysis(name: &str) -> Analysis {
    let loaded = mtlscope::session::load(&session(name)).expect("a session");
    Analysis::of(loaded.capture)
}

#[test]
fn show_names_the_stacks_that_would_hold_back() {
    let output = mtlscope(&["show", &path("go-withholds")]);
    assert_eq!(status(&output), 1, "the server refused");
    let text = stdout(&output);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Would other stacks send it?"), "{text}");
    assert!(
        words.contains("would send none: the server asks for a certificate of CN=Somebody Else's Root; this one is of CN=Lens Root."),
        "{text}"
    );
    assert!(
        words.contains("Go 1."),
        "with the version that was tested: {text}"
    );
    assert!(
        words.contains("OpenSSL, curl, nginx, Node.js, Python, gnutls-cli, Envoy, rustls would send it."),
        "{text}"
    );
}

#[test]
fn show_has_every_stack_in_json() {
    let output = mtlscope(&["show", "--format", "json", &path("go-withholds")]);
    let shown = json(&output);
    let connection = &shown["connections"][0];
    let rows = connection["withhold"].as_array().expect("a list");
    let names: Vec<&str> = rows.iter().filter_map(|row| row["stack"].as_str()).collect();
    assert_eq!(names, stack_names().collect::<Vec<_>>());
    let go = rows.iter().find(|row| row["stack"] == "Go").expect("Go");
    assert_eq!(go["verdict"], "withholds");
    assert!(
        go["why"]
            .as_str()
            .is_some_and(|why| why.contains("Somebody Else's Root"))
    );
    let message = &connection["messages"][go["message"].as_u64().expect("an index") as usize];
    assert_eq!(message["type"], "CertificateRequest");
    assert!(go["end"].as_u64() <= message["length"].as_u64() && go["start"].as_u64() < go["end"].as_u64());
    let curl = rows.iter().find(|row| row["stack"] == "curl").expect("curl");
    assert_eq!(
        (&curl["verdict"], &curl["why"]),
        (&"sends".into(), &serde_json::Value::Null)
    );
}

#[test]
fn our_own_client_did_what_its_rules_say() {
    for name in [
        "good-tls13",
        "good-tls12",
        "root-rotated",
        "client-missing-intermediate",
        "hello-retry-request",
    ] {
        let analysis = analysis(name);
        let lens = analysis.diagnosis.withhold.as_ref();
        let (Some(lens), Some((_, sent))) = (lens, analysis.transcript.chain_sent_by(Side::Client)) else {
            panic!("{name}: the server asked, and the client answered");
        };
        let rustls = lens.opinion("rustls").expect("rustls has rules");
        assert_eq!(rustls.answer == Answer::Sends, !sent.chain.is_empty(), "{name}");
        assert_eq!(lens.was_sent, Some(!sent.chain.is_empty()), "{name}");
    }
}

#[test]
fn a_missing_intermediate_is_held_back_by_those_who_look_for_the_issuer() {
    let analysis = analysis("client-missing-intermediate");
    let lens = analysis.diagnosis.withhold.as_ref().expect("the server asked");
    let silent: Vec<&str> = lens
        .opinions
        .iter()
        .filter(|opinion| opinion.answer == Answer::Withholds)
        .map(|opinion| opinion.stack)
        .collect();
    assert_eq!(silent, ["Go", "Java (SunX509)", "Java (PKIX)", "GnuTLS"]);
}

#[test]
fn without_a_request_or_a_certificate_there_is_no_lens() {
    let loaded = mtlscope::session::load(&session("go-withholds")).expect("a session");
    let mut capture = mtlscope::capture::Capture::clone(&loaded.capture);
    capture.at_hand.clear();
    assert_eq!(
        Analysis::of(Arc::new(capture.clone())).diagnosis.withhold,
        None,
        "nothing to send"
    );
    capture.at_hand.clone_from(&loaded.capture.at_hand);
    capture.secrets.clear();
    assert_eq!(
        Analysis::of(Arc::new(capture)).diagnosis.withhold,
        None,
        "the request stays shut"
    );
}

#[test]
fn the_bytes_that_decide_light_up() {
    let mut window = open([1440.0, 900.0], 1.0, vec![session("go-withholds")]);
    window.get_by_label_contains("Would it be sent?: ");
    support::window::unfold(&mut window, mtlscope::state::Section::WouldBeSent);
    let link = window
        .get_all_by_label_contains("Show CertificateRequest, bytes 31")
        .next()
        .expect("the link to the authorities");
    link.click();
    window.run_steps(4);
    let state = window.state().state();
    assert_eq!(state.tab, InspectorTab::Bytes);
    let analysis = state.analysis().expect("an analysis");
    let lens = analysis.diagnosis.withhold.as_ref().expect("a lens");
    let Selection::Field { message, path } = &state.selection else {
        panic!("a field is selected: {:?}", state.selection);
    };
    let field = analysis.transcript.messages[*message]
        .root
        .at(path)
        .expect("the field");
    assert_eq!(
        (field.name.as_ref(), field.range.clone()),
        (
            "certificate_authorities",
            lens.opinion("Go").expect("Go").decides.clone()
        )
    );
}

//! What the user asks the network for: what comes, what does not, and how long that takes.

use crate::support;
use std::time::{Duration, Instant};

use mtlscope::cancel::Cancel;
use mtlscope::fetch::{FetchError, Kind, Limits, Place, fetch, issuers, lists};
use mtlscope::pki::{ListRecipe, Minted, mint_list};
use support::http::{At, Server};
use support::pki::{minted, now};

const SOON: Limits = Limits {
    connect: Duration::from_millis(500),
    in_all: Duration::from_millis(700),
    most_bytes: 4096,
};

fn list(pki: &Minted, recipe: &str) -> Vec<u8> {
    let recipe: ListRecipe = ron::from_str(recipe).expect("a list");
    mint_list(&recipe, pki, now()).expect("minted").der
}

fn place(kind: Kind, urls: &[String]) -> Place {
    Place {
        kind,
        urls: urls.to_vec(),
        whose: "orders".to_owned(),
    }
}

fn ask(kind: Kind, urls: &[String]) -> Result<mtlscope::pki::Bundle, FetchError> {
    fetch(&place(kind, urls), &SOON, &Cancel::default())
}

#[test]
fn a_list_comes_as_it_is_and_names_its_address() {
    let pki = minted(support::pki::USUAL);
    let server = Server::start();
    let der = list(&pki, "(issuer: \"issuer\")");
    server.put("/issuer.crl", At::Body(der.clone()));
    server.put("/moved.crl", At::Redirect(server.url("/issuer.crl")));
    for path in ["/issuer.crl", "/moved.crl"] {
        let url = server.url(path);
        let found = ask(Kind::List, std::slice::from_ref(&url)).expect("it is there");
        assert_eq!(found.revocation_lists.len(), 1);
        assert_eq!(found.revocation_lists[0].der, der);
        // The address that the certificate names, not where that led.
        assert_eq!(found.revocation_lists[0].file.as_deref(), Some(url.as_str()));
    }
}

#[test]
fn of_several_addresses_the_first_that_has_it_answers() {
    let pki = minted(support::pki::USUAL);
    let server = Server::start();
    server.put("/here", At::Body(list(&pki, "(issuer: \"issuer\")")));
    let urls = [
        "ldap://directory.example/cn=issuer".to_owned(),
        server.url("/gone"),
        server.url("/here"),
        server.url("/never"),
    ];
    let found = ask(Kind::List, &urls).expect("the third has it");
    assert_eq!(found.revocation_lists[0].file.as_deref(), Some(urls[2].as_str()));
    assert_eq!(server.asked(), ["/gone", "/here"]);
}

/// Every way for nothing to come: one sentence, with the address and a mend, soon enough.
#[test]
fn what_does_not_come_is_said_in_a_sentence() {
    let pki = minted(support::pki::USUAL);
    let server = Server::start();
    let certificate = pki.find("issuer").expect("minted").certificate.der.clone();
    for (path, at) in [
        ("/status", At::Status(503)),
        ("/silent", At::Silence),
        ("/drip", At::Drip),
        ("/long", At::Body(vec![0x30; 5000])),
        (
            "/page",
            At::Body(b"<!doctype html><title>Sign in</title>".to_vec()),
        ),
        ("/empty", At::Body(Vec::new())),
        ("/certificate", At::Body(certificate)),
        ("/circle", At::Redirect(server.url("/circle"))),
        ("/upwards", At::Redirect("https://127.0.0.1:1/list".to_owned())),
    ] {
        server.put(path, at);
    }
    // A port that nobody listens at.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let refused = format!("http://{}/list", closed.local_addr().expect("an address"));
    drop(closed);
    for (url, words) in [
        (server.url("/missing"), "the status 404"),
        (server.url("/status"), "the status 503"),
        (server.url("/silent"), "within 1 s"),
        (server.url("/drip"), "within 1 s"),
        (server.url("/long"), "longer than"),
        (server.url("/page"), "no revocation list"),
        (server.url("/empty"), "no revocation list (it is empty)"),
        (server.url("/certificate"), "no revocation list"),
        (server.url("/circle"), "more than 3 times"),
        (server.url("/upwards"), "curl -LO"),
        (refused, "no server could be reached"),
        (
            "http://no-such-host.invalid/list".to_owned(),
            "no server could be reached",
        ),
        (
            "https://ca.example/it's.crl".to_owned(),
            r"curl -LO 'https://ca.example/it'\''s.crl'",
        ),
        (
            "ldap://ca.example/cn=x".to_owned(),
            "ldap addresses are not asked",
        ),
        ("file:///etc/passwd".to_owned(), "file addresses are not asked"),
        ("http://".to_owned(), "can be asked"),
        ("http://[half/list".to_owned(), "can be asked"),
        (String::new(), "can be asked"),
        ("/list".to_owned(), "can be asked"),
    ] {
        let began = Instant::now();
        let error = ask(Kind::List, std::slice::from_ref(&url)).expect_err(&url);
        let sentence = error.to_string();
        assert!(sentence.starts_with(&url), "{sentence}");
        assert!(sentence.contains(words), "{url}: {sentence}");
        assert!(!sentence.contains('\n') && sentence.contains("; "), "{sentence}");
        assert!(began.elapsed() < Duration::from_secs(30), "{url}: it hangs");
    }
}

#[test]
fn a_cancel_ends_an_answer_that_never_ends() {
    let server = Server::start();
    server.put("/drip", At::Drip);
    let cancel = Cancel::default();
    let patient = Limits {
        in_all: Duration::from_mins(1),
        ..SOON
    };
    let place = place(Kind::List, &[server.url("/drip")]);
    let error = std::thread::scope(|scope| {
        let asking = scope.spawn(|| fetch(&place, &patient, &cancel));
        while server.asked().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        cancel.cancel();
        asking.join().expect("no panic")
    });
    assert!(matches!(error, Err(FetchError::Cancelled { .. })), "{error:?}");
}

fn chain_with_addresses(server: &Server) -> Minted {
    let url = |path: &str| server.url(path);
    minted(&format!(
        r#"[
        (name: "root", subject: "Root", is_ca: true, crl_points: ["{root_list}"]),
        (name: "upper", subject: "Upper", issuer: "root", is_ca: true, crl_points: ["{root_list}"], issuer_urls: ["{root}"]),
        (name: "lower", subject: "Lower", issuer: "upper", is_ca: true, crl_points: ["{upper_list}"], issuer_urls: ["{upper}"]),
        (name: "leaf", subject: "leaf", issuer: "lower", sans: ["DNS:leaf.example"], crl_points: ["{lower_list}"], issuer_urls: ["{lower}"]),
        (name: "quiet", subject: "quiet", issuer: "lower", sans: ["DNS:leaf.example"]),
    ]"#,
        root_list = url("/root.crl"),
        upper_list = url("/upper.crl"),
        lower_list = url("/lower.crl"),
        root = url("/root.der"),
        upper = url("/upper.der"),
        lower = url("/lower.der"),
    ))
}

#[test]
fn the_lists_about_a_chain_are_those_its_certificates_name() {
    let server = Server::start();
    let pki = chain_with_addresses(&server);
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    let chain = ["leaf", "lower", "upper", "root"].map(der);
    let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let named: Vec<String> = lists(&chain).into_iter().flat_map(|place| place.urls).collect();
    // Not the root's own: nobody asks a list about an anchor.
    assert_eq!(
        named,
        ["/lower.crl", "/upper.crl", "/root.crl"].map(|path| server.url(path))
    );
    assert!(lists(&[&der("quiet")]).is_empty());
    assert!(server.asked().is_empty(), "looking is not asking");
}

#[test]
fn issuers_are_followed_until_one_is_at_hand() {
    let server = Server::start();
    let pki = chain_with_addresses(&server);
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    for name in ["lower", "upper", "root"] {
        server.put(&format!("/{name}.der"), At::Body(der(name)));
    }
    let follow = |at_hand: &[&[u8]]| {
        issuers(&[&der("leaf")], at_hand, |place| {
            fetch(place, &SOON, &Cancel::default())
        })
    };
    let names = |found: Vec<mtlscope::pki::LoadedCertificate>| -> Vec<String> {
        found.into_iter().filter_map(|one| one.file).collect()
    };
    let root = der("root");
    let found = names(follow(&[&root]).expect("both are there"));
    assert_eq!(found, ["/lower.der", "/upper.der"].map(|path| server.url(path)));
    let all = names(follow(&[]).expect("all are there"));
    assert_eq!(
        all,
        ["/lower.der", "/upper.der", "/root.der"].map(|path| server.url(path))
    );
    // A certificate that leads to itself, or to another's, is followed once.
    server.put("/lower.der", At::Body(der("leaf")));
    assert_eq!(follow(&[]).expect("an answer").len(), 1);
}

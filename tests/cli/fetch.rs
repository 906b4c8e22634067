//! What the user asks the network for: what comes, what does not, and how long that takes.

use crate::support;
use std::time::Duration;

use mtlscope::cancel::Cancel;
use mtlscope::fetch::{FetchError, Kind, Limits, Place, Request, issuers, lists};
use mtlscope::net::Reach;
use mtlscope::pki::{Der, ListRecipe, Minted, mint_list};
use support::http::{At, Server};
use support::pki::{minted, now};

/// For what answers, however busy the machine is.
const PATIENT: Limits = Limits {
    connect: Duration::from_mins(1),
    each: Duration::from_mins(1),
    in_all: Duration::from_mins(2),
    most_addresses: 64,
    most_bytes: 4096,
    reach: Reach::Any,
};
/// For what never does.
const BRIEF: Limits = Limits {
    each: Duration::from_millis(100),
    in_all: Duration::from_millis(300),
    ..PATIENT
};

fn fetch(place: &Place, limits: Limits) -> Result<mtlscope::pki::Bundle, FetchError> {
    Request::new(limits, Cancel::default()).fetch(place)
}

fn list(pki: &Minted, recipe: &str) -> Vec<u8> {
    let recipe: ListRecipe = ron::from_str(recipe).expect("a list");
    mint_list(&recipe, pki, now()).expect("minted").der.to_vec()
}

fn place(kind: Kind, urls: &[String]) -> Place {
    Place {
        kind,
        urls: urls.to_vec(),
        whose: "orders".to_owned(),
    }
}

fn ask(kind: Kind, urls: &[String]) -> Result<mtlscope::pki::Bundle, FetchError> {
    fetch(&place(kind, urls), PATIENT)
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
        assert_eq!(found.revocation_lists[0].der.as_bytes(), der);
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
        ("/certificate", At::Body(certificate.to_vec())),
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
            "http://user@127.0.0.1/list".to_owned(),
            "a user's name or password",
        ),
        (
            "http://:secret@127.0.0.1/list".to_owned(),
            "a user's name or password",
        ),
        (
            "http://127.0.0.1:25/list".to_owned(),
            "port 25 belongs to another",
        ),
        ("http://127.0.0.1:1023/list".to_owned(), "port 1023 belongs"),
        ("http://127.0.0.1:443/list".to_owned(), "port 443 belongs"),
        ("http://127.0.0.1:70000/list".to_owned(), "can be asked"),
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
        let error = ask(Kind::List, std::slice::from_ref(&url)).expect_err(&url);
        let sentence = error.to_string();
        assert!(sentence.starts_with(&url), "{sentence}");
        assert!(sentence.contains(words), "{url}: {sentence}");
        assert!(!sentence.contains('\n') && sentence.contains("; "), "{sentence}");
    }
}

#[test]
fn an_answer_that_never_ends_is_waited_for_until_the_deadline() {
    let server = Server::start();
    server.put("/silent", At::Silence);
    server.put("/drip", At::Drip);
    for path in ["/silent", "/drip"] {
        let error = fetch(&place(Kind::List, &[server.url(path)]), BRIEF).expect_err(path);
        assert!(
            matches!(error, FetchError::TimedOut { seconds: 1, .. }),
            "{error:?}"
        );
    }
}

/// One deadline and one count for the whole: a certificate may name thousands of addresses.
#[test]
fn a_request_ends_however_many_addresses_there_are() {
    let server = Server::start();
    server.put("/silent", At::Silence);
    let silent: Vec<String> = (0..5000).map(|_| server.url("/silent")).collect();
    let error = fetch(&place(Kind::List, &silent), BRIEF).expect_err("nobody answers");
    assert!(matches!(error, FetchError::TimedOut { .. }), "{error:?}");
    // Three times a tenth of a second, and what was under way.
    assert!(server.asked().len() <= 4, "{}", server.asked().len());

    let server = Server::start();
    let missing: Vec<String> = (0..5000)
        .map(|number| server.url(&format!("/{number}")))
        .collect();
    let request = Request::new(PATIENT, Cancel::default());
    let error = request
        .fetch(&place(Kind::List, &missing))
        .expect_err("it is not there");
    assert!(
        matches!(error, FetchError::Status { status: 404, .. }),
        "{error:?}"
    );
    assert_eq!(server.asked().len(), PATIENT.most_addresses);
    // Nor by one thing after the other.
    for url in &missing {
        let error = request
            .fetch(&place(Kind::List, std::slice::from_ref(url)))
            .expect_err("spent");
        assert!(matches!(error, FetchError::Spent { .. }), "{error:?}");
    }
    assert_eq!(server.asked().len(), PATIENT.most_addresses);
}

/// Up to the limit and not beyond.
#[test]
fn three_redirects_are_followed_and_a_body_may_be_as_long_as_the_limit() {
    let pki = minted(support::pki::USUAL);
    let server = Server::start();
    let der = list(&pki, "(issuer: \"issuer\")");
    let size = der.len() as u64;
    server.put("/0", At::Body(der));
    for step in 1..=4 {
        server.put(
            &format!("/{step}"),
            At::Redirect(server.url(&format!("/{}", step - 1))),
        );
    }
    for step in 0..=3 {
        ask(Kind::List, &[server.url(&format!("/{step}"))]).expect("three steps are followed");
    }
    let before = server.asked().len();
    let error = ask(Kind::List, &[server.url("/4")]).expect_err("a fourth is not");
    assert!(matches!(error, FetchError::Address { .. }), "{error:?}");
    assert_eq!(server.asked()[before..], ["/4", "/3", "/2", "/1"]);

    let within = |most_bytes: u64| {
        let limits = Limits {
            most_bytes,
            ..PATIENT
        };
        fetch(&place(Kind::List, &[server.url("/0")]), limits)
    };
    assert!(within(size).is_ok());
    let error = within(size - 1).expect_err("one byte too long");
    assert!(matches!(error, FetchError::TooLong { .. }), "{error:?}");
}

/// A stranger's certificate makes nobody call his own network, however the address is written.
#[test]
fn private_addresses_are_refused_unless_they_are_allowed() {
    let pki = minted(support::pki::USUAL);
    let server = Server::start();
    server.put("/list", At::Body(list(&pki, "(issuer: \"issuer\")")));
    let port = server.port();
    let public = Limits {
        reach: Reach::Public,
        ..PATIENT
    };
    let ways = [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
    ];
    for host in ways {
        let place = place(Kind::List, &[format!("http://{host}:{port}/list")]);
        let error = fetch(&place, public).expect_err(host);
        assert!(matches!(error, FetchError::Private { .. }), "{host}: {error:?}");
        let sentence = error.to_string();
        assert!(
            sentence.contains("this machine's own address") && sentence.contains("allow private addresses"),
            "{sentence}"
        );
    }
    assert!(server.asked().is_empty(), "nobody was connected to");
    for host in ways {
        let place = place(Kind::List, &[format!("http://{host}:{port}/list")]);
        fetch(&place, PATIENT).expect(host);
    }
    for (host, words) in [
        ("169.254.169.254", "metadata"),
        ("[fd00:ec2::254]", "metadata"),
        ("[64:ff9b::a9fe:a9fe]", "metadata"),
        ("[2002:a9fe:a9fe::]", "metadata"),
        ("0xa9fea9fe", "metadata"),
        ("10.0.0.1", "private"),
        ("[fd12::1]", "private"),
        ("100.64.0.1", "carrier"),
        ("[fe80::1]", "link-local"),
        ("224.0.0.1", "multicast"),
        ("0.0.0.0", "unspecified"),
        ("[::]", "unspecified"),
    ] {
        let place = place(Kind::List, &[format!("http://{host}/list")]);
        let error = fetch(&place, public).expect_err(host);
        assert!(
            matches!(&error, FetchError::Private { what, .. } if what.contains(words)),
            "{host}: {error:?}"
        );
    }
}

#[test]
fn a_cancel_ends_an_answer_that_never_ends() {
    let server = Server::start();
    server.put("/drip", At::Drip);
    let cancel = Cancel::default();
    let place = place(Kind::List, &[server.url("/drip")]);
    let error = std::thread::scope(|scope| {
        let asking = scope.spawn(|| Request::new(PATIENT, cancel.clone()).fetch(&place));
        server.wait_for(1);
        cancel.cancel();
        asking.join().expect("no panic")
    });
    assert!(matches!(error, Err(FetchError::Cancelled { .. })), "{error:?}");
}

fn chain_with_addresses(server: &Server) -> Minted {
    let url = |path: &str| server.url(path);
    minted(&format!(
        r#"[
        (name: "root", subject: "Root", is_ca: true, crl_points: ["{own_list}"]),
        (name: "upper", subject: "Upper", issuer: "root", is_ca: true, crl_points: ["{root_list}"], issuer_urls: ["{root}"]),
        (name: "lower", subject: "Lower", issuer: "upper", is_ca: true, crl_points: ["{upper_list}"], issuer_urls: ["{upper}"]),
        (name: "leaf", subject: "leaf", issuer: "lower", sans: ["DNS:leaf.example"], crl_points: ["{lower_list}"], issuer_urls: ["{lower}"]),
        (name: "quiet", subject: "quiet", issuer: "lower", sans: ["DNS:leaf.example"]),
    ]"#,
        own_list = url("/own.crl"),
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
    let chain: Vec<&[u8]> = chain.iter().map(Der::as_bytes).collect();
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
        server.put(&format!("/{name}.der"), At::Body(der(name).to_vec()));
    }
    let follow = |at_hand: &[&[u8]]| issuers(&[&der("leaf")], at_hand, |place| fetch(place, PATIENT));
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
    server.put("/lower.der", At::Body(der("leaf").to_vec()));
    assert_eq!(follow(&[]).expect("an answer").len(), 1);
}

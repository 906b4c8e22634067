//! What is taken from what a program wrote, and what it is given.

use super::*;
use crate::capture::{Revocation, Side};
use crate::pki::{Recipe, mint};
use crate::setup::TlsVersion;

fn question(sans: &str) -> Question {
    let recipes: Vec<Recipe> =
        ron::from_str(&format!(r#"[(name: "a", subject: "a", sans: [{sans}])]"#)).expect("recipes");
    let pki = mint(&recipes, 1_800_000_000).expect("it mints");
    Question {
        judge: Side::Client,
        chain: vec![pki.find("a").expect("minted").certificate.clone()],
        key: None,
        trust: Vec::new(),
        name: None,
        at_unix_s: None,
        revocation: Revocation::default(),
        versions: Vec::new(),
    }
}

fn given<'a>(question: &'a Question, name: Option<&str>) -> Given<'a> {
    Given {
        program: Path::new("/bin/a"),
        version: "1",
        question,
        name: name.map(str::to_owned),
        directory: Path::new("/"),
    }
}

#[test]
fn a_name_that_has_to_be_asked_for_is_the_leafs_first() {
    for (sans, own) in [
        ("", None),
        (r#""URI:spiffe://a/b", "email:a@b""#, None),
        (r#""DNS:a.example", "DNS:b.example""#, Some("a.example")),
        (
            r#""email:a@b", "IP:192.0.2.7", "DNS:b.example""#,
            Some("192.0.2.7"),
        ),
        (r#""IP:2001:db8::7""#, Some("2001:db8::7")),
        (r#""DNS:*.example.org""#, Some("host.example.org")),
    ] {
        let question = question(sans);
        assert_eq!(given(&question, None).some_name().as_deref(), own, "{sans}");
        assert_eq!(
            given(&question, Some("x.example")).some_name().as_deref(),
            Some("x.example")
        );
    }
}

#[test]
fn what_is_given_is_told_from_what_is_not() {
    use TlsVersion::{Tls12, Tls13};
    let mut question = question("");
    for (versions, only) in [
        (vec![], None),
        (vec![Tls12], Some(Tls12)),
        (vec![Tls13], Some(Tls13)),
        (vec![Tls12, Tls13], None),
    ] {
        question.versions = versions;
        assert_eq!(given(&question, None).only_version(), only);
    }
    assert!(!given(&question, None).trusts_any() && !given(&question, None).has_lists());
    question.trust = question.chain.clone();
    question.revocation.lists.push(crate::capture::RevocationFile {
        file: None,
        line: None,
        der: vec![1].into(),
        wrapping: None,
    });
    assert!(given(&question, None).trusts_any() && given(&question, None).has_lists());
}

#[test]
fn the_first_line_that_tells_is_taken_and_trimmed() {
    let text = "  one error \r\n\ttwo error\nthree";
    assert_eq!(
        line(text, |line| line.contains("error")).as_deref(),
        Some("one error")
    );
    assert_eq!(
        line(text, |line| line.starts_with("two")).as_deref(),
        Some("two error")
    );
    assert_eq!(line(text, |line| line == "three").as_deref(), Some("three"));
    assert_eq!(line(text, |line| line == "four"), None);
    assert_eq!(words(&["a", "b c"]), ["a", "b c"]);
    assert_eq!(
        only_in_a_handshake("nginx"),
        "nginx judges a chain only in a handshake, and there is no private key to sign it with"
    );
}

//! `mtlscope verify`: what its flags ask for beyond rustls's verdict, and intermediates that nobody can read.

use crate::support::pki;

use crate::support::chain_files;
use crate::support::command;
use chain_files::Folder;
use command::{json, status, stdout};
use mtlscope::pki::sha256_hex;
use serde_json::Value;

const MORE: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true, until_hours: 9000),
    (name: "old-root", subject: "Old Root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "other", subject: "Other Root", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, path_len: 0, until_hours: 2000),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc", "IP:127.0.0.1"], purposes: ["serverAuth"], until_hours: 1000),
    (name: "below-old", subject: "payments", issuer: "old-root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "expired", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], from_hours: -48, until_hours: -24),
    (name: "odd", subject: "a<b>&\"c", issuer: "other", sans: ["DNS:payments.shop.svc"]),
    (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "stale-issuer", subject: "Stale Issuer", issuer: "root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "below-stale", subject: "payments", issuer: "stale-issuer", sans: ["DNS:payments.shop.svc"]),
    (name: "broken-issuer", subject: "Broken Issuer", issuer: "root", is_ca: true, damage: Truncated),
    (name: "below-broken", subject: "payments", issuer: "broken-issuer", sans: ["DNS:payments.shop.svc"]),
]"#;

/// A folder with good and bad chains.
fn folder() -> Folder {
    let folder = Folder::new(pki::minted(MORE));
    folder.chain("root.pem", &["root"]);
    folder.chain("old-root.pem", &["old-root"]);
    folder.chain("issuer.pem", &["issuer"]);
    folder.chain("good.pem", &["server", "issuer"]);
    folder.chain("bare.pem", &["server"]);
    folder.chain("expired.pem", &["expired", "issuer"]);
    folder.chain("stranger.pem", &["odd"]);
    folder.chain("client.pem", &["client", "issuer"]);
    folder.chain("stale.pem", &["below-stale", "stale-issuer"]);
    folder.chain("below-old.pem", &["below-old"]);
    folder
}

const NAME: [&str; 4] = ["--trust", "root.pem", "--name", "payments.shop.svc"];

fn with<'a>(first: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    first.iter().chain(rest).copied().collect()
}

/// Its stdout with every run of blanks and line ends as one blank: where a line ends is no matter here.
fn words(output: &std::process::Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn strict_fails_for_what_others_refuse() {
    let folder = folder();
    let arguments = [
        "below-old.pem",
        "--trust",
        "old-root.pem",
        "--name",
        "payments.shop.svc",
    ];
    let plain = folder.verify(&arguments);
    assert_eq!(status(&plain), 0);
    assert!(
        words(&plain).contains("rustls does not look at a root's dates"),
        "{}",
        stdout(&plain)
    );
    let strict = with(&arguments, &["--strict", "--format", "json"]);
    let output = folder.verify(&strict);
    assert_eq!(status(&output), 1);
    let chain = &json(&output)["chains"][0];
    // The verdict stays rustls's.
    assert_eq!(
        (&chain["verdict"], &chain["good"]),
        (&"accepted".into(), &false.into())
    );
}

#[test]
fn what_ends_soon_fails_only_where_that_is_asked() {
    let folder = folder();
    // The leaf has 1,000 hours left, its issuer 2,000, the root 9,000.
    for (span, code, ending) in [("20d", 0, 0), ("45d", 1, 1), ("12w", 1, 2), ("400d", 1, 3)] {
        let arguments = with(&["good.pem", "--format", "json", "--expires-within", span], &NAME);
        let output = folder.verify(&arguments);
        assert_eq!(status(&output), code, "{span}");
        let chain = &json(&output)["chains"][0];
        assert_eq!(chain["verdict"], "accepted");
        assert_eq!(
            chain["expires_soon"].as_array().map(Vec::len),
            Some(ending),
            "{span}"
        );
    }
    // What is over already is the cause `expired`, and no warning besides.
    let output = folder.verify(&with(
        &["expired.pem", "--format", "json", "--expires-within", "1h"],
        &NAME,
    ));
    assert_eq!(json(&output)["chains"][0]["expires_soon"], Value::Array(vec![]));
    let text = words(&folder.verify(&with(&["good.pem", "--expires-within", "45d"], &NAME)));
    assert!(
        text.contains("✗ good.pem: FAILED by your flags; rustls accepts it"),
        "{text}"
    );
    assert!(
        text.contains("within the 45d that --expires-within asks"),
        "{text}"
    );
}

#[test]
fn an_intermediate_that_cannot_be_read_is_not_called_missing() {
    let folder = folder();
    // Cut in the middle, its subject still says who it is; of the other nothing can be told.
    folder.chain("cut.pem", &["below-broken", "broken-issuer"]);
    let nothing = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x01];
    folder.write(
        "nothing.pem",
        chain_files::pem(folder.der("server")) + &chain_files::pem(&nothing),
    );
    for (file, der, words) in [
        (
            "cut.pem",
            folder.der("broken-issuer"),
            "The path needs Broken Issuer",
        ),
        (
            "nothing.pem",
            &nothing,
            "not even its subject can be told. The path needs Mesh Issuer",
        ),
    ] {
        let output = folder.verify(&with(&[file, "--format", "json"], &NAME));
        assert_eq!(status(&output), 1);
        let chain = &json(&output)["chains"][0];
        let causes = chain["causes"].as_array().expect("a list");
        let ids: Vec<_> = causes
            .iter()
            .map(|cause| cause["id"].as_str().expect("an id"))
            .collect();
        assert_eq!(ids, ["malformed"], "{file}: {chain}");
        assert_eq!(causes[0]["certificate"]["sha256"], sha256_hex(der), "{file}");
        assert_eq!(
            (&causes[0]["certainty"], &causes[0]["reported"]),
            (&"proven".into(), &true.into()),
            "{file}"
        );
        let detail = causes[0]["detail"].as_str().expect("words");
        assert!(detail.contains(words), "{file}: {detail}");
        let all = chain.to_string();
        assert!(
            !all.contains("was not sent") && !all.contains("does not need"),
            "{file}: {all}"
        );
    }
}

/// What only the rules mind fails nobody; what shows when a key is used counts as refused, by whom the real runs say.
#[test]
fn strictness_is_about_what_somebody_refuses() {
    let pki = pki::minted(
        r#"[
        (name: "root", subject: "Root", is_ca: true),
        (name: "odd", subject: "other.shop.svc", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
        (name: "sealing", subject: "payments.shop.svc", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], key_usages: ["keyEncipherment"]),
    ]"#,
    );
    let folder = Folder::new(pki);
    folder.chain("root.pem", &["root"]);
    folder.chain("odd.pem", &["odd"]);
    folder.chain("sealing.pem", &["sealing"]);
    let odd = folder.verify(&with(&["odd.pem", "--strict"], &NAME));
    assert_eq!(status(&odd), 0, "{}", stdout(&odd));
    assert!(
        words(&odd).contains("accepted by every stack on record"),
        "{}",
        stdout(&odd)
    );
    let sealing = folder.verify(&with(&["sealing.pem", "--strict"], &NAME));
    assert_eq!(status(&sealing), 1, "{}", stdout(&sealing));
    let said = words(&sealing);
    // GnuTLS judges the chain good and refuses the key's use; OpenSSL as a client minds neither.
    assert!(said.contains("GnuTLS") && !said.contains("OpenSSL 3"), "{said}");
    let report = folder.verify(&with(&["odd.pem", "sealing.pem", "--format", "json"], &NAME));
    let report = json(&report);
    for (chain, minded) in [(0, false), (1, true)] {
        let rows = report["chains"][chain]["matrix"].as_array().expect("rows");
        let is_minded = rows
            .iter()
            .any(|row| row["outcome"] == "warn" && row["refused_elsewhere"] == Value::Bool(true));
        assert_eq!(is_minded, minded, "{rows:#?}");
    }
}

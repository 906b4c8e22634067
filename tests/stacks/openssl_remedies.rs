//! Needs a real peer: the `openssl` command. The remedies are run as they are told, with the user's own files and nothing
//! else; then the pair works, or a chain verifies.

use crate::support::openssl;
use std::path::Path;
use std::process::Command;

use openssl::{Workshop, write};
use serde_json::Value;

const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
                  authorityKeyIdentifier=keyid\n";
const SERVER: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
                      subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
                      subjectAltName=DNS:api.acme.test,DNS:*.int.acme.test,IP:10.0.0.5\n";
pub const CLIENT: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n\
                      subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

const SERVER_SUBJECT: &str = "/O=Acme \\/ Söhne \\+ \"Co\"/CN=api.acme.test";

/// A root, an intermediate, a server, a client, as people have them: chains in one file, keys with names of their own.
pub fn workshop() -> Workshop {
    let made = Workshop::new();
    made.root("root", "/O=Acme/CN=Acme Root");
    made.issue("int", "/O=Acme/CN=Acme Issuing CA 7", "root", CA);
    made.issue("srv", SERVER_SUBJECT, "int", SERVER);
    made.issue("cli", "/O=Acme/OU=Batch/CN=batch", "int", CLIENT);
    std::fs::rename(made.path("srv.key"), made.path("of the server.key")).expect("renamed");
    made.join("srv-full.pem", &["srv.pem", "int.pem"]);
    made.join("cli-full.pem", &["cli.pem", "int.pem"]);
    made
}

/// The intermediate with the same name and key, expired, in `int-old.pem`.
fn expire_intermediate(made: &Workshop) {
    made.issue_expired("int-old", "/O=Acme/CN=Acme Issuing CA 7", "root", CA);
    // `issue_expired` makes a key of its own: certify the intermediate's instead.
    let again = "openssl req -new -key int.key -subj '/O=Acme/CN=Acme Issuing CA 7' -out int-old.csr && \
                 openssl ca -batch -notext -config ca.cnf -cert root.pem -keyfile root.key -preserveDN \
                 -startdate 20240101000000Z -enddate 20240131000000Z -in int-old.csr -out int-old.pem";
    in_shell(made, again);
    made.join("srv-old.pem", &["srv.pem", "int-old.pem"]);
}

pub fn in_shell(made: &Workshop, command: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(made.path(""))
        .output()
        .expect("a shell");
    assert!(
        output.status.success(),
        "{command}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs mtlscope among the files, so that their names are short.
pub fn told(made: &Workshop, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .args(arguments)
        .args(["--format", "json"])
        .current_dir(made.path(""))
        .output()
        .expect("the program starts");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("no JSON ({error}): {}", String::from_utf8_lossy(&output.stderr));
    })
}

const REST: [&str; 9] = [
    "lab",
    "--client-cert",
    "cli-full.pem",
    "--client-key",
    "cli.key",
    "--client-trust",
    "root.pem",
    "--server-trust",
    "root.pem",
];

pub fn lab(made: &Workshop, more: &[&str]) -> Value {
    told(made, &[&REST, more].concat())
}

/// The commands of the first cause, all tools.
fn commands(analysis: &Value) -> Vec<String> {
    let remedies = analysis["causes"][0]["remedies"].as_array().expect("remedies");
    remedies
        .iter()
        .flat_map(|remedy| remedy["commands"].as_array().expect("commands"))
        .map(|command| command.as_str().expect("text").to_owned())
        .collect()
}

/// Runs those that are for a shell and for nothing but openssl and awk, in order.
pub fn follow(made: &Workshop, analysis: &Value) -> Vec<String> {
    let all = commands(analysis);
    for command in &all {
        let first = command.split(' ').next().unwrap_or_default();
        let is_for_a_peer = ["HOST:PORT", "ca.cnf", "new-list.pem"]
            .iter()
            .any(|part| command.contains(part));
        if ["openssl", "awk", "printf", "{"].contains(&first) && !is_for_a_peer {
            in_shell(made, command);
        }
    }
    all
}

pub fn copy(made: &Workshop, from: &str, to: &str) {
    std::fs::copy(made.path(from), made.path(to)).expect("copied");
}

fn holds_a_key(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.contains("PRIVATE KEY"))
}

pub fn first_id(analysis: &Value) -> &str {
    analysis["causes"][0]["id"].as_str().unwrap_or("none")
}

pub const KEY: [&str; 2] = ["--server-key", "of the server.key"];

#[test]
fn no_key_leaves_the_file_that_holds_it() {
    if !openssl::is_at_hand("no_key_leaves_the_file_that_holds_it") {
        return;
    }
    let made = workshop();
    made.join("bundle.pem", &["cli.pem", "int.pem", "cli.key"]);
    // No line break at the end, as some tools write it.
    let text = std::fs::read_to_string(made.path("srv.pem")).expect("text");
    made.join("own.pem", &["of the server.key", "srv.pem"]);
    write(&made.path("bare.pem"), text.trim_end());
    for (file, chain) in [("bare.pem", "bare-chain.pem"), ("own.pem", "own-chain.pem")] {
        let more = ["--client-cert", "bundle.pem", "--server-cert", file];
        // The only file with the intermediate is the one with the client's key.
        let arguments = [
            &["lab", "--client-trust", "root.pem", "--server-trust", "root.pem"],
            more.as_slice(),
            &KEY,
        ]
        .concat();
        let analysis = told(&made, &arguments);
        assert_eq!(first_id(&analysis), "missing-intermediate", "{analysis:#}");
        let all = follow(&made, &analysis);
        assert!(!holds_a_key(&made.path(chain)), "{all:#?}");
        assert!(!holds_a_key(&made.path("acme-issuing-ca-7.pem")), "{all:#?}");
        let analysis = lab(&made, &[&["--server-cert", chain], KEY.as_slice()].concat());
        assert_eq!(
            analysis["verdict"], "accepted",
            "{all:#?}\n{:#}",
            analysis["causes"]
        );
    }
}

#[test]
fn a_ca_in_the_chain_is_issued_again_as_itself() {
    if !openssl::is_at_hand("a_ca_in_the_chain_is_issued_again_as_itself") {
        return;
    }
    let made = workshop();
    let limited = CA.replace("CA:TRUE", "CA:TRUE,pathlen:0")
        + "nameConstraints=critical,permitted;DNS:acme.test,permitted;IP:10.0.0.0/255.0.0.0\n";
    made.issue("zero", "/O=Acme/CN=Zero", "root", &limited);
    made.issue("below", "/O=Acme/CN=Below", "zero", CA);
    made.issue("leaf", "/CN=api.acme.test", "below", SERVER);
    made.join("deep.pem", &["leaf.pem", "below.pem", "zero.pem"]);
    let more = ["--server-cert", "deep.pem", "--server-key", "leaf.key"];
    let analysis = lab(&made, &more);
    assert_eq!(first_id(&analysis), "path-length-exceeded", "{analysis:#}");
    copy(&made, "zero.key", "INTERMEDIATE-KEY.pem");
    copy(&made, "root.key", "CA-KEY.pem");
    let all = follow(&made, &analysis);
    let text = in_shell(&made, "openssl x509 -in zero-new.pem -noout -subject -text");
    assert!(text.contains("CN = Zero") && text.contains("pathlen:1"), "{text}");
    // What the old one was limited to, the new one is.
    assert!(text.contains("DNS:acme.test"), "{text}");
    let more = ["--server-cert", "deep-chain.pem", "--server-key", "leaf.key"];
    let analysis = lab(&made, &more);
    assert_eq!(
        analysis["verdict"], "accepted",
        "{all:#?}\n{:#}",
        analysis["causes"]
    );
}

#[test]
fn an_expired_intermediate_is_renewed_and_not_the_leaf() {
    if !openssl::is_at_hand("an_expired_intermediate_is_renewed_and_not_the_leaf") {
        return;
    }
    let made = workshop();
    expire_intermediate(&made);
    let arguments = ["verify", "srv-old.pem", "--trust", "root.pem"];
    let report = told(&made, &arguments);
    let analysis = &report["chains"][0];
    assert_eq!(first_id(analysis), "expired", "{analysis:#}");
    copy(&made, "int.key", "INTERMEDIATE-KEY.pem");
    copy(&made, "root.key", "CA-KEY.pem");
    let all = follow(&made, analysis);
    assert!(
        !all.iter().any(|command| command.contains("step ca renew")),
        "the leaf is in order: {all:#?}"
    );
    // verify knows of no key: nobody's file is guessed.
    assert!(
        all.contains(&"ssl_certificate_key KEY.pem;".to_owned()),
        "{all:#?}"
    );
    in_shell(
        &made,
        "openssl verify -CAfile root.pem -untrusted srv-old-chain.pem srv-old-chain.pem | grep OK",
    );
    // With the renewed one at hand, that is what is sent; and the fix that was proven says and does the same.
    let more = [&["--server-cert", "srv-old.pem", "--fixes"], KEY.as_slice()].concat();
    let analysis = lab(&made, &more);
    let all = follow(&made, &analysis);
    assert!(
        all.contains(&"ssl_certificate_key \"of the server.key\";".to_owned()),
        "{all:#?}"
    );
    let proven = &analysis["fixes"][0];
    let words = proven.to_string();
    assert!(
        words.contains("in place of") && words.contains("replace-in-chain"),
        "{words}"
    );
    in_shell(&made, proven["commands"][0].as_str().expect("a command"));
    let count = in_shell(&made, "grep -c BEGIN srv-old-chain.pem");
    assert_eq!(count.trim(), "2", "the expired one is not sent any more: {words}");
    let more = [&["--server-cert", "srv-old-chain.pem"], KEY.as_slice()].concat();
    assert_eq!(lab(&made, &more)["verdict"], "accepted");
}

#[test]
fn what_is_issued_again_keeps_its_subject_and_its_names() {
    if !openssl::is_at_hand("what_is_issued_again_keeps_its_subject_and_its_names") {
        return;
    }
    let made = workshop();
    copy(&made, "int.key", "CA-KEY.pem");
    let own = [&["--server-cert", "srv-full.pem"], KEY.as_slice()].concat();
    let elsewhere = [own.as_slice(), &["--server-name", "other.test"]].concat();
    let analysis = lab(&made, &elsewhere);
    assert_eq!(first_id(&analysis), "name-mismatch", "{analysis:#}");
    follow(&made, &analysis);
    let show = "openssl x509 -in srv-full-chain.pem -noout -subject -nameopt RFC2253 -ext subjectAltName,extendedKeyUsage";
    let text = in_shell(&made, show);
    let subject = in_shell(&made, "openssl x509 -in srv.pem -noout -subject -nameopt RFC2253");
    assert!(text.contains(subject.trim()), "{text}");
    for name in [
        "DNS:api.acme.test",
        "DNS:*.int.acme.test",
        "IP Address:10.0.0.5",
        "DNS:other.test",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
    let again = [
        &[
            "--server-cert",
            "srv-full-chain.pem",
            "--server-name",
            "other.test",
        ],
        KEY.as_slice(),
    ]
    .concat();
    assert_eq!(lab(&made, &again)["verdict"], "accepted");
    // What was made before would be spared, and the new one called otherwise.
    in_shell(&made, "rm -f srv-full-new.* srv-full-chain.pem");
    // A server's certificate used by a client as well: it is to be good for both.
    let both = [
        &own,
        [
            "--client-cert",
            "srv-full.pem",
            "--client-key",
            "of the server.key",
        ]
        .as_slice(),
        &["--client-trust", "root.pem", "--server-trust", "root.pem"],
    ]
    .concat();
    let analysis = told(&made, &[&["lab"], both.as_slice()].concat());
    assert_eq!(first_id(&analysis), "wrong-purpose", "{analysis:#}");
    follow(&made, &analysis);
    let text = in_shell(&made, show);
    assert!(
        text.contains("Server Authentication") && text.contains("Client Authentication"),
        "{text}"
    );
    assert!(text.contains(subject.trim()), "{text}");
}

#[test]
fn the_ca_of_the_same_name_is_used_where_it_is_at_hand() {
    if !openssl::is_at_hand("the_ca_of_the_same_name_is_used_where_it_is_at_hand") {
        return;
    }
    let made = workshop();
    made.root("alt", "/O=Acme/CN=Acme Root");
    let arguments = [
        &[
            "lab",
            "--client-cert",
            "cli-full.pem",
            "--client-key",
            "cli.key",
            "--client-trust",
            "alt.pem",
            "--server-trust",
            "root.pem",
            "--server-cert",
            "srv-full.pem",
        ],
        KEY.as_slice(),
    ]
    .concat();
    let analysis = told(&made, &arguments);
    assert_eq!(first_id(&analysis), "same-name-different-key", "{analysis:#}");
    assert_eq!(
        analysis["causes"][0]["title"],
        "The server's intermediate certificate Acme Issuing CA 7 was signed by a CA with the right name and the wrong key"
    );
    let all = follow(&made, &analysis);
    let verify = "openssl verify -CAfile new-trust.pem -untrusted srv-full.pem srv-full.pem";
    assert!(all.contains(&verify.to_owned()), "{all:#?}");
}

#[test]
fn a_wrong_order_is_one_cause_and_is_put_right() {
    if !openssl::is_at_hand("a_wrong_order_is_one_cause_and_is_put_right") {
        return;
    }
    let made = workshop();
    made.join("turned.pem", &["int.pem", "srv.pem"]);
    let analysis = lab(
        &made,
        &[&["--server-cert", "turned.pem"], KEY.as_slice()].concat(),
    );
    // Asked for by the leaf's name, wherever in the file it stands.
    assert_eq!(analysis["sni"], "api.acme.test");
    let ids: Vec<&str> = analysis["causes"]
        .as_array()
        .expect("causes")
        .iter()
        .filter_map(|cause| cause["id"].as_str())
        .collect();
    assert_eq!(ids, ["leaf-not-first"]);
    follow(&made, &analysis);
    let again = [&["--server-cert", "turned-chain.pem"], KEY.as_slice()].concat();
    assert_eq!(lab(&made, &again)["verdict"], "accepted");
    // A key that belongs to neither would not fit in any order.
    let other = ["--server-cert", "turned.pem", "--server-key", "cli.key"];
    assert!(
        lab(&made, &other)["causes"].to_string().contains("key-mismatch"),
        "the key is wrong besides"
    );
}

#[test]
fn a_list_is_checked_with_its_own_issuer() {
    if !openssl::is_at_hand("a_list_is_checked_with_its_own_issuer") {
        return;
    }
    let made = workshop();
    for (file, text) in [
        ("index.txt", ""),
        ("crlnumber", "01\n"),
        (
            "lists.cnf",
            "[ca]\ndefault_ca=here\n[here]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n\
             crl_extensions=list\n[list]\nauthorityKeyIdentifier=keyid\n",
        ),
    ] {
        write(&made.path(file), text);
    }
    for (ca, list) in [("int", "int7.crl"), ("root", "root.crl")] {
        let sign = format!(
            "openssl ca -gencrl -config lists.cnf -cert {ca}.pem -keyfile {ca}.key -crldays 1 -out {list}"
        );
        in_shell(&made, &sign);
    }
    let lists = ["--crl", "int7.crl", "--crl", "root.crl", "--crl-enforce-expiry"];
    let own = [&["--server-cert", "srv-full.pem"], KEY.as_slice()].concat();
    let later = jiff::Timestamp::now().as_second() + 3 * 86_400;
    let later = jiff::Timestamp::from_second(later).expect("a time").to_string();
    let analysis = lab(&made, &[own.as_slice(), &lists, &["--at", &later]].concat());
    assert_eq!(first_id(&analysis), "crl-expired", "{analysis:#}");
    let cause = &analysis["causes"][0];
    assert!(
        cause["detail"]
            .as_str()
            .expect("text")
            .starts_with("int7.crl was good until"),
        "a file keeps its case: {cause:#}"
    );
    let all = follow(&made, &analysis);
    assert!(
        all.iter()
            .any(|command| command.contains("openssl crl -in int7.crl")),
        "{all:#?}"
    );
    let check = all
        .iter()
        .find(|command| command.contains("-in new-list.pem -CAfile"))
        .expect("the new list is checked");
    copy(&made, "int7.crl", "new-list.pem");
    let words = in_shell(&made, &format!("{check} 2>&1"));
    assert!(words.contains("verify OK"), "{check}: {words}");
}

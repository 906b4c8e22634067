//! Needs a real peer: the `openssl` command. The remedies are run as they are told, with files and names that try to be more than
//! files and names.

use crate::openssl_remedies::{KEY, copy, first_id, follow, in_shell, lab, told, workshop};
use crate::support::openssl::{self, Workshop};

/// The files of a directory that were not there before.
fn new_files(made: &Workshop, before: &[String]) -> Vec<String> {
    let mut files = all_files(made);
    files.retain(|file| !before.contains(file));
    files
}

fn all_files(made: &Workshop) -> Vec<String> {
    let mut files: Vec<String> = std::fs::read_dir(made.path(""))
        .expect("a directory")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_file_may_be_called_anything() {
    if !openssl::is_at_hand("a_file_may_be_called_anything") {
        return;
    }
    for name in [
        "my server.pem",
        "-srv.pem",
        "a=b.pem",
        "new.pem",
        "srv-new.pem",
        "srv-chain.pem",
        "srv-chain-chain.pem",
        "new-trust.pem",
        "it's $(touch pwned).pem",
        "elsewhere/srv.pem",
        "no-ending",
    ] {
        let made = workshop();
        std::fs::create_dir(made.path("elsewhere")).expect("made");
        copy(&made, "srv.pem", name);
        let before = all_files(&made);
        let file = format!("--server-cert={name}");
        let analysis = lab(&made, &[&[file.as_str()], KEY.as_slice()].concat());
        assert_eq!(
            first_id(&analysis),
            "missing-intermediate",
            "{name}: {analysis:#}"
        );
        let all = follow(&made, &analysis);
        let chains: Vec<String> = new_files(&made, &before)
            .into_iter()
            .filter(|file| file.contains("-chain"))
            .collect();
        let [chain] = chains.as_slice() else {
            panic!("{name}: {chains:?}: {all:#?}");
        };
        assert!(
            !chain.contains("-chain-chain") && !chain.contains("-new-chain"),
            "{chain}"
        );
        assert!(!made.path("pwned").exists(), "{name}");
        assert!(
            !made.path(&format!("elsewhere/{chain}")).exists(),
            "that directory may be read-only"
        );
        let file = format!("--server-cert={chain}");
        let analysis = lab(&made, &[&[file.as_str()], KEY.as_slice()].concat());
        assert_eq!(analysis["verdict"], "accepted", "{name}: {all:#?}");
    }
}

#[test]
fn der_files_are_read_by_every_command() {
    if !openssl::is_at_hand("der_files_are_read_by_every_command") {
        return;
    }
    let made = workshop();
    for file in ["srv", "int", "root"] {
        in_shell(
            &made,
            &format!("openssl x509 -in {file}.pem -outform DER -out {file}.der"),
        );
    }
    in_shell(
        &made,
        "openssl pkcs8 -topk8 -nocrypt -in 'of the server.key' -outform DER -out srv-key.der",
    );
    in_shell(
        &made,
        "openssl pkcs8 -topk8 -nocrypt -in cli.key -outform DER -out cli-key.der",
    );
    let rest = [
        "lab",
        "--client-cert",
        "cli-full.pem",
        "--client-key",
        "cli-key.der",
        "--client-trust",
        "root.der",
        "--server-trust",
        "root.der",
        "--server-key",
        "srv-key.der",
    ];
    let analysis = told(
        &made,
        &[rest.as_slice(), &["--server-cert", "srv.der", "--fixes"]].concat(),
    );
    assert_eq!(first_id(&analysis), "missing-intermediate", "{analysis:#}");
    let all = follow(&made, &analysis);
    let key = all
        .iter()
        .find_map(|line| line.strip_prefix("ssl_certificate_key "))
        .expect("a key")
        .trim_end_matches(';');
    let text =
        std::fs::read_to_string(made.path(key)).unwrap_or_else(|error| panic!("{key}: {error}: {all:#?}"));
    assert!(text.contains("PRIVATE KEY"), "{key} is PEM");
    let fixed = told(
        &made,
        &[rest.as_slice(), &["--server-cert", "srv-chain.pem"]].concat(),
    );
    assert_eq!(fixed["verdict"], "accepted", "{all:#?}");
    // A name that the certificate does not carry: the fix asks with curl for one that it does.
    let analysis = told(
        &made,
        &[
            rest.as_slice(),
            &[
                "--server-cert",
                "srv-chain.pem",
                "--server-name",
                "other.test",
                "--fixes",
            ],
        ]
        .concat(),
    );
    let fixes = analysis["fixes"].to_string();
    assert!(fixes.contains("--key cli-key.der --key-type DER"), "{fixes}");
    let cause = &analysis["causes"][0];
    assert_eq!(cause["id"], "name-mismatch");
    copy(&made, "int.key", "CA-KEY.pem");
    let all = follow(&made, &analysis);
    let again = told(
        &made,
        &[
            rest.as_slice(),
            &["--server-cert", "srv-chain-2.pem", "--server-name", "other.test"],
        ]
        .concat(),
    );
    assert_eq!(again["verdict"], "accepted", "{all:#?}");
}

#[test]
fn a_name_may_say_anything() {
    if !openssl::is_at_hand("a_name_may_say_anything") {
        return;
    }
    let made = workshop();
    let names = "basicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=@n\n[n]\n\
                 DNS.1=api.acme.test\n\
                 DNS.2=\"{name}\\$(touch pwned)\"\n\
                 URI.1=\"spiffe://acme/a,DNS:evil.test\"\n\
                 URI.2=\"spiffe://acme/\"\\'\"; touch pwned #\"\n\
                 URI.3=\"spiffe://acme/line\"\\n\"basicConstraints=CA:TRUE\"\n\
                 email.1=\"a\\\\b\\\"@acme.test\"\n";
    made.issue(
        "odd",
        "/O={file}`touch pwned`/CN={name}{subject}$(touch pwned)'\"",
        "int",
        names,
    );
    made.join("odd-full.pem", &["odd.pem", "int.pem"]);
    copy(&made, "int.key", "CA-KEY.pem");
    let more = [
        "--server-cert",
        "odd-full.pem",
        "--server-key",
        "odd.key",
        "--server-name",
        "other.test",
    ];
    let analysis = lab(&made, &more);
    assert_eq!(first_id(&analysis), "name-mismatch", "{analysis:#}");
    let all = follow(&made, &analysis);
    assert!(!made.path("pwned").exists(), "{all:#?}");
    let of = |file: &str| {
        let show = "-noout -subject -nameopt RFC2253 -ext subjectAltName,basicConstraints";
        in_shell(&made, &format!("openssl x509 -in {file} {show}"))
    };
    let made_new = all.iter().find_map(|line| {
        line.rsplit_once("-out ")
            .filter(|(_, out)| out.contains("-new") && !out.contains(".csr"))
    });
    let (old, new) = (of("odd.pem"), of(made_new.expect("a certificate").1));
    assert_eq!(
        new.replace(", DNS:other.test", "").replace("CA:FALSE", ""),
        old.replace("CA:FALSE", ""),
        "{all:#?}"
    );
    let more = [
        "--server-cert",
        "odd-full-chain.pem",
        "--server-key",
        "odd.key",
        "--server-name",
        "other.test",
    ];
    assert_eq!(lab(&made, &more)["verdict"], "accepted", "{all:#?}");
}

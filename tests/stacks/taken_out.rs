//! Needs a real peer: the `openssl` command. What lies in a container or a document is taken out by the commands that are printed,
//! run as they stand: the files that they name are made by them, and what comes of it is accepted.

use std::path::Path;

use serde_json::Value;

use super::openssl_remedies::{CLIENT, first_id, in_shell, told, workshop};
use crate::support::machine::skipped;
use crate::support::openssl::{Workshop, is_at_hand, write};
use crate::support::revocation::list;

/// Makes NAME.ENDING of the certificates in NAME.pem, and of the key in NAME.key where there is one.
struct Form {
    ending: &'static str,
    /// For a shell; `$n` is the name, `$k` says that there is a key.
    make: &'static str,
    /// A key can lie in it.
    has_key: bool,
    /// A command takes the key out.
    gives_key: bool,
}

const P12: &str = "if [ -f $n.key ]; then openssl pkcs12 -export $legacy -in $n.pem -inkey $n.key -name $n -passout pass:changeit -out $n.$e; \
     else openssl pkcs12 -export $legacy -nokeys -in $n.pem -passout pass:changeit -out $n.$e; fi";

const JAVA: &str = "openssl pkcs12 -export -in $n.pem -inkey $n.key -name $n -passout pass:changeit -out $n.tmp 2>/dev/null && keytool \
     -importkeystore -noprompt -srckeystore $n.tmp -srcstoretype PKCS12 -srcstorepass changeit -destkeystore $n.$e -deststoretype $e \
     -deststorepass changeit 2>/dev/null || { csplit -s -z -f $n-part- $n.pem '/BEGIN/' '{*}'; for part in $n-part-*; do keytool \
     -importcert -noprompt -storetype $e -storepass changeit -alias $part -file $part -keystore $n.$e 2>/dev/null; done; }";

const FORMS: [Form; 11] = [
    Form {
        ending: "p12",
        make: P12,
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "old.p12",
        make: P12,
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "jks",
        make: JAVA,
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "jceks",
        make: JAVA,
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "p7b",
        make: "openssl crl2pkcs7 -nocrl -certfile $n.pem -out $n.$e",
        has_key: false,
        gives_key: false,
    },
    Form {
        ending: "der.p7b",
        make: "openssl crl2pkcs7 -nocrl -certfile $n.pem -outform DER -out $n.$e",
        has_key: false,
        gives_key: false,
    },
    Form {
        ending: "yaml",
        make: "{ printf 'apiVersion: v1\\nkind: Secret\\nmetadata: {name: a}\\ndata:\\n  tls.crt: %s\\n' $(base64 -w0 < $n.pem); \
               [ ! -f $n.key ] || echo \"  tls.key: \\\"$(base64 -w0 < $n.key)\\\"\"; } > $n.$e",
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "plain.yaml",
        make: "{ printf 'apiVersion: v1\\nkind: Secret\\nmetadata: {name: a}\\nstringData:\\n  tls.crt: |\\n'; sed 's/^/    /' $n.pem; \
               [ ! -f $n.key ] || { echo '  tls.key: |'; sed 's/^/    /' $n.key; }; } > $n.$e",
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "kubeconfig",
        make: "{ printf 'apiVersion: v1\\nkind: Config\\nclusters: []\\nusers:\\n- name: me\\n  user:\\n    client-certificate-data: %s\\n' \
               $(base64 -w0 < $n.pem); [ ! -f $n.key ] || echo \"    client-key-data: $(base64 -w0 < $n.key)\"; } > $n.$e",
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "ovpn",
        make: "{ echo client; echo '<cert>'; cat $n.pem; echo '</cert>'; [ ! -f $n.key ] || { echo '<key>'; cat $n.key; echo '</key>'; }; } > $n.$e",
        has_key: true,
        gives_key: true,
    },
    Form {
        ending: "b64",
        make: "{ cat $n.pem; [ ! -f $n.key ] || cat $n.key; } | base64 > $n.$e",
        has_key: true,
        gives_key: true,
    },
];

impl Form {
    fn of(&self, name: &str) -> String {
        format!("{name}.{}", self.ending)
    }

    fn make(&self, made: &Workshop, name: &str) {
        let legacy = if self.ending == "old.p12" { "-legacy" } else { "" };
        in_shell(
            made,
            &format!("n={name} e={} legacy={legacy}; {}", self.ending, self.make),
        );
    }

    fn is_java(&self) -> bool {
        self.ending == "jks" || self.ending == "jceks"
    }
}

/// Runs the remedies of the first cause that make something, with OpenSSL or with no tool in particular; and gives all commands.
fn follow(made: &Workshop, analysis: &Value) -> Vec<String> {
    let chain = analysis["chains"].get(0).unwrap_or(analysis);
    let mut all = Vec::new();
    let mut asked = Vec::new();
    for remedy in chain["causes"][0]["remedies"].as_array().expect("remedies") {
        let commands: Vec<&str> = remedy["commands"]
            .as_array()
            .expect("commands")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let is_openssls = remedy["tool"].is_null() || remedy["tool"] == "openssl";
        let makes = commands
            .iter()
            .any(|one| one.contains(" > ") || one.contains(" -out "));
        if !is_openssls || !makes {
            continue;
        }
        for (at, command) in commands.iter().enumerate() {
            if command.contains("HOST:PORT") {
                continue;
            }
            assert!(!commands[..at].contains(command), "once: {commands:#?}");
            assert!(
                !command.contains("-nodes") || command.contains("umask 077"),
                "{command}"
            );
            let container = opened(command);
            assert!(
                container.is_none() || !asked.contains(&container),
                "its passphrase is asked for once: {commands:#?}"
            );
            asked.push(container);
            // The passphrase is asked for at the terminal; here it is given.
            let run = command
                .replace("openssl pkcs12 ", "openssl pkcs12 -passin pass:changeit ")
                .replace("keytool -list ", "keytool -list -storepass changeit ")
                .replace(
                    "keytool -importkeystore ",
                    "keytool -importkeystore -noprompt -srcstorepass changeit -deststorepass changeit ",
                );
            in_shell(made, &run);
            all.push((*command).to_owned());
        }
    }
    assert!(!all.is_empty(), "{analysis:#}");
    all
}

/// The container that a command asks the passphrase of.
fn opened(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let opening = ["pkcs12", "-keystore", "-srckeystore"];
    let opens = words
        .iter()
        .position(|word| opening.contains(word))
        .filter(|_| !command.contains("-export"))?;
    assert_eq!(
        words.iter().filter(|word| opening.contains(word)).count(),
        1,
        "its passphrase is asked for once: {command}"
    );
    let file = words.iter().skip(opens).find(|word| word.contains('.'))?;
    Some((*file).to_owned())
}

/// The last file that a command writes whose name has this ending.
fn written<'a>(commands: &'a [String], ending: &str) -> Option<&'a str> {
    let words: Vec<&str> = commands
        .iter()
        .flat_map(|command| command.split_whitespace())
        .collect();
    let files = words.windows(2).filter(|pair| pair[0] == ">").map(|pair| pair[1]);
    files.rev().find(|file| file.ends_with(ending))
}

fn is_private(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)
            .expect("the key's file")
            .permissions()
            .mode();
        mode & 0o777 == 0o600
    }
    #[cfg(not(unix))]
    path.exists()
}

/// What is here to make and to take out with.
fn is_here(form: &Form, test: &str) -> bool {
    let is_here = !form.is_java()
        || std::process::Command::new("keytool")
            .arg("-help")
            .output()
            .is_ok_and(|output| output.status.success());
    if !is_here {
        skipped(test, "keytool is not here");
    }
    is_here
}

#[test]
fn a_certificate_is_taken_out_of_whatever_it_lies_in() {
    let test = "a_certificate_is_taken_out_of_whatever_it_lies_in";
    if !is_at_hand(test) {
        return;
    }
    for form in FORMS.iter().filter(|form| is_here(form, test)) {
        let made = workshop();
        write(&made.path("pass"), "changeit");
        made.join("known.pem", &["root.pem", "int.pem"]);
        form.make(&made, "cli");
        form.make(&made, "known");
        let (leaf, known) = (form.of("cli"), form.of("known"));
        let asked = [
            "--for",
            "client",
            "--trust",
            "root.pem",
            "--passphrase-file",
            "pass",
        ];
        let report = told(
            &made,
            &[&["verify", &leaf, "--known", &known], &asked[..]].concat(),
        );
        assert_eq!(
            report["chains"][0]["causes"][0]["id"], "missing-intermediate",
            "{}: {report:#}",
            form.ending
        );
        let commands = follow(&made, &report);
        let chain = written(&commands, "-chain.pem").unwrap_or_else(|| panic!("{commands:#?}"));
        let text = std::fs::read_to_string(made.path(chain)).expect("a chain");
        assert!(!text.contains("PRIVATE KEY"), "{}: {commands:#?}", form.ending);
        let again = told(&made, &[&["verify", chain], &asked[..]].concat());
        assert_eq!(
            again["verdict"], "accepted",
            "{}: {commands:#?}\n{again:#}",
            form.ending
        );
    }
}

#[test]
fn what_needs_the_key_takes_it_out_for_its_owner_alone() {
    let test = "what_needs_the_key_takes_it_out_for_its_owner_alone";
    if !is_at_hand(test) {
        return;
    }
    for form in FORMS.iter().filter(|form| form.has_key && is_here(form, test)) {
        let made = workshop();
        write(&made.path("pass"), "changeit");
        made.issue_expired("old", "/O=Acme/OU=Batch/CN=batch", "int", CLIENT);
        in_shell(&made, "cat int.pem >> old.pem && cp int.key CA-KEY.pem");
        form.make(&made, "old");
        let old = form.of("old");
        let server = [
            "--client-trust",
            "root.pem",
            "--server-cert",
            "srv-full.pem",
            "--server-key",
            "of the server.key",
            "--server-trust",
            "root.pem",
            "--server-name",
            "api.acme.test",
            "--passphrase-file",
            "pass",
        ];
        let analysis = told(&made, &[&["lab", "--client-cert", &old], &server[..]].concat());
        assert_eq!(first_id(&analysis), "expired", "{}: {analysis:#}", form.ending);
        if !form.gives_key {
            in_shell(&made, "cp old.key KEY.pem");
        }
        let commands = follow(&made, &analysis);
        let key = if form.gives_key {
            let key = written(&commands, "-key.pem").unwrap_or_else(|| panic!("{commands:#?}"));
            assert!(is_private(&made.path(key)), "{}: {commands:#?}", form.ending);
            key
        } else {
            "KEY.pem"
        };
        let chain = written(&commands, "-chain.pem").unwrap_or_else(|| panic!("{commands:#?}"));
        let again = told(
            &made,
            &[&["lab", "--client-cert", chain, "--client-key", key], &server[..]].concat(),
        );
        assert_eq!(
            again["verdict"], "accepted",
            "{}: {commands:#?}\n{again:#}",
            form.ending
        );
    }
}

#[test]
fn a_list_is_named_by_its_issuer_and_taken_out_of_whatever_it_lies_in() {
    if !is_at_hand("a_list_is_named_by_its_issuer_and_taken_out_of_whatever_it_lies_in") {
        return;
    }
    let forms = [
        (
            "p7b",
            "openssl crl2pkcs7 -in root.crl -certfile root.pem -out lists.$e",
        ),
        (
            "der.p7b",
            "openssl crl2pkcs7 -in root.crl -certfile root.pem -outform DER -out lists.$e",
        ),
        ("b64", "base64 all.crl > lists.$e"),
        (
            "yaml",
            "printf 'apiVersion: v1\\nkind: Secret\\nmetadata: {name: a}\\ndata:\\n  ca.crl: %s\\n' $(base64 -w0 < all.crl) > lists.$e",
        ),
    ];
    for (ending, make) in forms {
        let made = crate::support::revocation::workshop();
        made.root("upper", "/CN=Upper");
        list(&made, "upper.crl", "upper", "24");
        list(&made, "root.crl", "root", "1");
        made.join("all.crl", &["upper.crl", "root.crl"]);
        in_shell(&made, &format!("e={ending}; {make}"));
        let lists = format!("lists.{ending}");
        let later =
            jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + 2 * 3_600).expect("a time");
        let leaf = ["verify", "good.pem", "--for", "server", "--trust", "root.pem"];
        let policy = [
            "--crl",
            &lists,
            "--crl-enforce-expiry",
            "--at",
            &later.to_string(),
        ];
        let report = told(&made, &[&leaf[..], &policy[..]].concat());
        let cause = &report["chains"][0]["causes"][0];
        assert_eq!(cause["id"], "crl-expired", "{ending}: {report:#}");
        let detail = cause["detail"].as_str().expect("a detail");
        assert!(
            detail.contains(&format!("he list of Root in {lists}")),
            "{ending}: {detail}"
        );
        let commands = cause["remedies"][0]["commands"].as_array().expect("commands");
        let mut said = String::new();
        for command in commands.iter().filter_map(Value::as_str) {
            said += &in_shell(&made, command);
        }
        assert!(said.contains("CN = Root"), "{ending}: {commands:#?}: {said}");
    }
}

/// Nobody has a file of what a recording of packets holds: the commands make it of its bytes.
#[test]
fn a_certificate_that_only_a_recording_holds_is_written_out_of_it() {
    if !is_at_hand("a_certificate_that_only_a_recording_holds_is_written_out_of_it") {
        return;
    }
    let made = Workshop::new();
    let recording = "tests/fixtures/carried/openvpn-udp.pcap";
    std::fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join(recording),
        made.path("a.pcap"),
    )
    .expect("copied");
    let analysis = told(&made, &["show", "a.pcap"]);
    let mut remedies = Vec::new();
    collect(&analysis, &mut remedies);
    let read = remedies
        .iter()
        .find(|remedy| {
            remedy["text"]
                .as_str()
                .is_some_and(|text| text.starts_with("Read its usages"))
        })
        .expect("a remedy that reads the certificate");
    let text = read["text"].as_str().expect("text");
    assert!(text.contains("written out of the recording"), "{text}");
    let commands = read["commands"].as_array().expect("commands");
    let said: String = commands
        .iter()
        .filter_map(Value::as_str)
        .map(|command| in_shell(&made, command))
        .collect();
    assert!(said.contains("Key Usage"), "{said}");
}

fn collect<'a>(value: &'a Value, remedies: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            if map.contains_key("commands") {
                remedies.push(value);
            }
            map.values().for_each(|one| collect(one, remedies));
        }
        Value::Array(all) => all.iter().for_each(|one| collect(one, remedies)),
        _ => {}
    }
}

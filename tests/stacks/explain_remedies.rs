//! Needs a real peer: the `openssl` command. What `explain` prints, with the files at hand, is run as it is printed; then the lab pair,
//! with what came of it, shakes hands. One line of the table is one fault, in another program's words.

use super::openssl_remedies::{in_shell, told, workshop};
use crate::support::openssl::{Workshop, is_at_hand};
use serde_json::Value;

/// Who presents and trusts what.
#[derive(Clone, Copy)]
struct Files {
    client: [&'static str; 2],
    server: [&'static str; 2],
    client_trust: &'static str,
    server_trust: &'static str,
    name: &'static str,
    more: &'static [&'static str],
}

const GOOD: Files = Files {
    client: ["cli-full.pem", "cli.key"],
    server: ["srv-full.pem", "of the server.key"],
    client_trust: "root.pem",
    server_trust: "root.pem",
    name: "api.acme.test",
    more: &[],
};

/// What the commands make.
#[derive(Clone, Copy)]
enum Makes {
    ClientChain,
    ServerChain,
    ClientTrust,
    ServerTrust,
    /// The key that belongs to what is presented is another file.
    ClientKey(&'static str),
}

struct Case {
    id: &'static str,
    line: &'static str,
    /// Shell: makes the faulty files and puts keys where the commands want them.
    made: &'static str,
    files: Files,
    /// Words of the remedies to follow.
    words: &'static [&'static str],
    makes: Makes,
}

/// `sign NAME ISSUER SUBJECT OPTIONS EXTENSION…` issues NAME.pem for NAME.key, which is made if it is not there; `dated NAME ISSUER
/// SUBJECT FROM TO EXTENSION…` does with these dates.
const PRELUDE: &str = r#"
exec 2>/dev/null
CA='basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash'
CLI='basicConstraints=CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=clientAuth subjectKeyIdentifier=hash authorityKeyIdentifier=keyid'
SRV='basicConstraints=CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth subjectKeyIdentifier=hash authorityKeyIdentifier=keyid'
key() { [ -f "$1.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
sign() { n=$1; ca=$2; subj=$3; opt=${4:--days 30}; shift 4; key "$n"; openssl req -new -key "$n.key" -subj "$subj" -out "$n.csr" || exit 1
  printf '%s\n' $* > "$n.ext"
  if [ "$ca" = self ]; then openssl x509 -req -in "$n.csr" -signkey "$n.key" $opt -extfile "$n.ext" -out "$n.pem" || exit 1
  else openssl x509 -req -in "$n.csr" -CA "$ca.pem" -CAkey "$ca.key" -CAcreateserial $opt -extfile "$n.ext" -out "$n.pem" || exit 1; fi; }
dated() { n=$1; ca=$2; subj=$3; from=$4; to=$5; shift 5; key "$n"; openssl req -new -key "$n.key" -subj "$subj" -out "$n.csr" || exit 1
  printf '%s\n' $* > "$n.ext"; : > index.txt; echo 1000 > serial; echo 1000 > crlnumber
  printf '%s\n' '[ca]' default_ca=here '[here]' database=index.txt serial=serial new_certs_dir=. default_md=sha256 policy=any \
    crlnumber=crlnumber crl_extensions=list '[any]' commonName=supplied '[list]' authorityKeyIdentifier=keyid > ca.cnf
  openssl ca -batch -notext -config ca.cnf -cert "$ca.pem" -keyfile "$ca.key" -startdate "$from" -enddate "$to" -extfile "$n.ext" \
    -in "$n.csr" -out "$n.pem" || exit 1; }
"#;

const AGAIN: &[&str] = &["Issue it again"];

fn cases() -> Vec<Case> {
    let client = |file| Files {
        client: [file, "bad.key"],
        ..GOOD
    };
    let server = |name| Files {
        server: ["bad.pem", "bad.key"],
        name,
        ..GOOD
    };
    vec![
        Case {
            id: "wrong-purpose",
            line: "tls: failed to verify client certificate: x509: certificate specifies an incompatible key usage",
            made: "sign bad int /CN=bad '' $SRV; cp int.key CA-KEY.pem; cat bad.pem int.pem > bad-full.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "validity-inverted",
            line: "tlsv1 alert certificate expired: SSL alert number 45",
            made: "sign bad int /CN=bad '-days -1' $CLI; cp int.key CA-KEY.pem; cat bad.pem int.pem > bad-full.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "missing-intermediate",
            line: "error 20 at 0 depth lookup: unable to get local issuer certificate",
            made: "true",
            files: Files {
                client: ["cli.pem", "cli.key"],
                ..GOOD
            },
            words: &["Append the intermediate"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "unknown-issuer",
            line: "PKIX path building failed: unable to find valid certification path to requested target",
            made: "sign other self /CN=Other '' $CA",
            files: Files {
                server_trust: "other.pem",
                more: &["--known", "root.pem"],
                ..GOOD
            },
            words: &["add it to what it trusts"],
            makes: Makes::ServerTrust,
        },
        Case {
            id: "self-signed-not-trusted",
            line: "SSL certificate problem: self-signed certificate",
            made: "sign bad self /CN=api.acme.test '' basicConstraints=CA:FALSE subjectAltName=DNS:api.acme.test",
            files: server("api.acme.test"),
            words: &["Trust this very certificate"],
            makes: Makes::ClientTrust,
        },
        Case {
            id: "name-mismatch",
            line: "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
            made: "sign bad int /CN=bad '' $SRV subjectAltName=DNS:old.acme.test; cp int.key CA-KEY.pem",
            files: server("new.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "no-san",
            line: "x509: certificate relies on legacy Common Name field, use SANs instead",
            made: "sign bad int /CN=api.acme.test '' $SRV; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "ip-in-dns-name",
            line: "x509: cannot validate certificate for 10.9.8.7 because it doesn't contain any IP SANs",
            made: "sign bad int /CN=bad '' $SRV subjectAltName=DNS:10.9.8.7; cp int.key CA-KEY.pem",
            files: server("10.9.8.7"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "wildcard-misuse",
            line: "hostname 'a.b.acme.test' doesn't match '*.acme.test'",
            made: "sign bad int /CN=bad '' $SRV 'subjectAltName=DNS:*.acme.test'; cp int.key CA-KEY.pem",
            files: server("a.b.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "issuer-not-ca",
            line: "error 24 at 1 depth lookup: invalid CA certificate",
            made: "sign mid root /CN=Mid '' basicConstraints=CA:FALSE subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
                   sign bad mid /CN=bad '' $CLI; cat bad.pem mid.pem > bad-full.pem
                   cp root.key CA-KEY.pem; cp mid.key INTERMEDIATE-KEY.pem",
            files: client("bad-full.pem"),
            words: &["is a CA: have"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "path-length-exceeded",
            line: "error 25 at 1 depth lookup: path length constraint exceeded",
            made: "sign up root /CN=Up '' basicConstraints=critical,CA:TRUE,pathlen:0 keyUsage=critical,keyCertSign subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
                   sign low up /CN=Low '' $CA authorityKeyIdentifier=keyid
                   sign bad low /CN=bad '' $CLI; cat bad.pem low.pem up.pem > bad-full.pem
                   cp root.key CA-KEY.pem; cp up.key INTERMEDIATE-KEY.pem",
            files: client("bad-full.pem"),
            words: &["is a CA: have"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-signature",
            line: "nginx: client SSL certificate verify error: (68:CA signature digest algorithm too weak)",
            made: "sign mid root /CN=Mid '-days 30 -sha1' $CA authorityKeyIdentifier=keyid
                   sign bad mid /CN=bad '' $CLI; cat bad.pem mid.pem > bad-full.pem
                   cp root.key CA-KEY.pem; cp mid.key INTERMEDIATE-KEY.pem",
            files: client("bad-full.pem"),
            words: &["is a CA: have"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-key",
            line: "nginx: client SSL certificate verify error: (67:CA certificate key too weak)",
            made: "openssl genrsa -out mid.key 1024; sign mid root /CN=Mid '' $CA authorityKeyIdentifier=keyid
                   sign bad mid /CN=bad '' $CLI; cat bad.pem mid.pem > bad-full.pem; cp root.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: &["It is the key of the CA", "Then issue"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "unknown-critical-extension",
            line: "x509: unhandled critical extension",
            made: "sign bad int /CN=bad '' $CLI 1.2.3.4.5.6=critical,ASN1:NULL; cat bad.pem int.pem > bad-full.pem
                   cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "same-name-different-key",
            line: "x509: certificate signed by unknown authority (possibly because of \"x509: ECDSA verification failure\" while trying to verify candidate authority certificate \"Twin\")",
            made: "sign old root /CN=Twin '' $CA authorityKeyIdentifier=keyid
                   sign right root /CN=Twin '' $CA authorityKeyIdentifier=keyid
                   sign bad right /CN=bad '' $CLI; cat bad.pem old.pem > bad-full.pem",
            files: Files {
                more: &["--known", "right.pem"],
                ..client("bad-full.pem")
            },
            words: &["is at hand, and is an intermediate"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "name-constraint-violated",
            line: "error 47 at 0 depth lookup: permitted subtree violation",
            made: "sign mid root /CN=Mid '' $CA authorityKeyIdentifier=keyid nameConstraints=critical,permitted\\;DNS:other.test
                   sign bad mid /CN=bad '' $SRV subjectAltName=DNS:api.acme.test; cat bad.pem mid.pem > bad.tmp; mv bad.tmp bad.pem
                   cp int.pem CA.pem; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "unsupported-certificate-version",
            line: "invalid peer certificate: Other(OtherError(UnsupportedCertVersion))",
            made: "key bad; openssl req -new -key bad.key -subj /CN=bad -out bad.csr
                   openssl x509 -req -in bad.csr -CA int.pem -CAkey int.key -CAcreateserial -days 30 -out bad.pem
                   cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-key",
            line: "error 66 at 0 depth lookup: EE certificate key too weak",
            made: "openssl genrsa -out bad.key 1024; sign bad int /CN=bad '' $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-key",
            line: "SSL routines::ee key too small",
            made: "openssl genrsa -out bad.key 1024; sign bad int /CN=bad '' $SRV subjectAltName=DNS:api.acme.test
                   cat bad.pem int.pem > bad.tmp; mv bad.tmp bad.pem; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "revoked",
            line: "error 23 at 0 depth lookup: certificate revoked",
            made: "dated bad int /CN=bad 20240101000000Z 20400101000000Z $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem
                   openssl ca -config ca.cnf -cert int.pem -keyfile int.key -revoke bad.pem -crl_reason keyCompromise
                   openssl ca -config ca.cnf -cert int.pem -keyfile int.key -gencrl -crldays 30 -out int.crl
                   : > index.txt; openssl ca -config ca.cnf -cert root.pem -keyfile root.key -gencrl -crldays 30 -out root.crl",
            files: Files {
                more: &["--server-crl", "int.crl", "--server-crl", "root.crl"],
                ..client("bad-full.pem")
            },
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-signature",
            line: "error 68 at 0 depth lookup: CA signature digest algorithm too weak",
            made: "sign bad int /CN=bad '-days 30 -sha1' $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "not-yet-valid",
            line: "error 9 at 0 depth lookup: certificate is not yet valid",
            made: "dated bad int /CN=bad 20700101000000Z 20800101000000Z $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "expired",
            line: "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_expired",
            made: "dated bad int /CN=bad 20240101000000Z 20240131000000Z $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "expired",
            line: "SSL certificate problem: certificate has expired",
            made: "dated bad int /CN=bad 20240101000000Z 20240131000000Z $SRV subjectAltName=DNS:api.acme.test
                   cat bad.pem int.pem > bad.tmp; mv bad.tmp bad.pem; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "leaf-is-ca",
            line: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
            made: "sign bad int /CN=bad '' $CA authorityKeyIdentifier=keyid; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: &["It names nobody"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "leaf-is-ca",
            line: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
            made: "sign bad self /CN=api.acme.test '' $CA subjectAltName=DNS:api.acme.test; cp root.pem CA.pem; cp root.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "leaf-not-first",
            line: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
            made: "sign bad int /CN=bad '' $CLI; cat int.pem bad.pem > bad-full.pem",
            files: client("bad-full.pem"),
            words: &["leaf first"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "leaf-not-first",
            line: "The certificate issuer is unknown. certificate list is not sorted",
            made: "sign bad int /CN=bad '' $SRV subjectAltName=DNS:api.acme.test; cat root.pem int.pem bad.pem > bad.tmp; mv bad.tmp bad.pem",
            files: server("api.acme.test"),
            words: &["leaf first"],
            makes: Makes::ServerChain,
        },
        Case {
            id: "key-mismatch",
            line: "tls: private key does not match public key",
            made: "key bad; cp cli.key KEY.pem",
            files: client("cli-full.pem"),
            words: &["belongs"],
            makes: Makes::ClientKey("cli.key"),
        },
    ]
}

fn flags(files: &Files) -> Vec<String> {
    let named = [
        ("--client-cert", files.client[0]),
        ("--client-key", files.client[1]),
        ("--server-cert", files.server[0]),
        ("--server-key", files.server[1]),
        ("--client-trust", files.client_trust),
        ("--server-trust", files.server_trust),
        ("--server-name", files.name),
    ];
    let named = named.iter().flat_map(|(flag, value)| [*flag, *value]);
    named
        .chain(files.more.iter().copied())
        .map(str::to_owned)
        .collect()
}

fn run(made: &Workshop, command: &[&str], files: &[String]) -> Value {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    told(made, &[command, &files].concat())
}

/// The commands of the confirmed candidate's remedies with these words, each run; and before them what takes a certificate out of a
/// file of several, where an earlier remedy says it.
fn follow(made: &Workshop, candidate: &Value, words: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for remedy in candidate["remedies"].as_array().expect("remedies") {
        let text = remedy["text"].as_str().expect("text");
        let is_followed = words.iter().any(|words| text.contains(words));
        for command in remedy["commands"].as_array().expect("commands") {
            let command = command.as_str().expect("text");
            if is_followed {
                in_shell(made, command);
                all.push(command.to_owned());
            } else if command.starts_with("awk ") && command.contains("exit}") {
                in_shell(made, command);
            }
        }
    }
    all
}

/// The last file of certificates that a command writes.
fn written(commands: &[String]) -> Option<String> {
    let mut targets = commands.iter().rev().filter_map(|command| {
        let (_, file) = command.rsplit_once(" > ")?;
        let file = file.split_whitespace().next()?;
        (!file.contains(".ext")).then(|| file.to_owned())
    });
    targets.next()
}

/// The new key, where one is made for what is presented.
fn new_key(commands: &[String]) -> Option<String> {
    let request = commands.iter().rfind(|command| command.contains("req -new"))?;
    request
        .split_whitespace()
        .skip_while(|word| *word != "-key")
        .nth(1)
        .map(str::to_owned)
}

#[test]
fn what_explain_prints_mends_it() {
    if !is_at_hand("what_explain_prints_mends_it") {
        return;
    }
    let mut wrong = Vec::new();
    for case in cases() {
        let made = workshop();
        in_shell(&made, &format!("{PRELUDE}{}", case.made));
        let flags = flags(&case.files);
        let explained = run(&made, &["explain", case.line], &flags);
        let first = &explained["candidates"][0];
        if first["id"] != case.id || first["settled"] != "confirmed" {
            wrong.push(format!(
                "{}: {} is {}: {}",
                case.id, first["id"], first["settled"], case.line
            ));
            continue;
        }
        // A key that cannot sign has no handshake at all.
        let before = if case.id == "weak-key" && !made.path("mid.pem").exists() {
            Value::Null
        } else {
            run(&made, &["lab"], &flags)
        };
        let commands = follow(&made, first, case.words);
        let mut after = flags.clone();
        let mut set = |flag: &str, value: Option<String>| {
            let at = after.iter().position(|one| one == flag).expect("it is given");
            if let (Some(value), Some(place)) = (value, after.get_mut(at + 1)) {
                *place = value;
            }
        };
        match case.makes {
            Makes::ClientChain => {
                set("--client-cert", written(&commands));
                set("--client-key", new_key(&commands));
            }
            Makes::ServerChain => {
                set("--server-cert", written(&commands));
                set("--server-key", new_key(&commands));
            }
            Makes::ClientTrust => set("--client-trust", written(&commands)),
            Makes::ServerTrust => set("--server-trust", written(&commands)),
            Makes::ClientKey(file) => set("--client-key", Some(file.to_owned())),
        }
        let ended = run(&made, &["lab"], &after);
        let is_told = commands.is_empty() && !matches!(case.makes, Makes::ClientKey(_));
        if before["verdict"] == "accepted" || is_told || ended["verdict"] != "accepted" {
            wrong.push(format!(
                "{}: {} before, {} after {commands:#?}\n{after:?}\n{:#}\n{:#}",
                case.id, before["verdict"], ended["verdict"], ended["causes"][0]["id"], first["remedies"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Netscape's certificate type: rustls does not look, OpenSSL's check of purposes does. What is issued again passes there, whatever
/// it is issued again for.
#[test]
fn the_netscape_type_of_another_is_left_out_of_what_is_issued_again() {
    if !is_at_hand("the_netscape_type_of_another_is_left_out_of_what_is_issued_again") {
        return;
    }
    const REFUSED: &str = "error 26 at 0 depth lookup: unsuitable certificate purpose";
    let cases = [
        (
            "wrong-purpose",
            REFUSED,
            "$CLI nsCertType=server",
            "sign bad int /CN=bad ''",
            "sslclient",
            true,
        ),
        (
            "wrong-purpose",
            REFUSED,
            "$CLI nsCertType=objsign,email",
            "sign bad int /CN=bad ''",
            "sslclient",
            true,
        ),
        (
            "wrong-purpose",
            REFUSED,
            "$SRV nsCertType=client",
            "sign bad int /CN=bad ''",
            "sslserver",
            false,
        ),
        (
            "expired",
            "error 10 at 0 depth lookup: certificate has expired",
            "$SRV nsCertType=client",
            "dated bad int /CN=bad 20240101000000Z 20240131000000Z",
            "sslserver",
            false,
        ),
    ];
    for (id, line, extensions, signed, purpose, is_client) in cases {
        let made = workshop();
        let subject = "subjectAltName=DNS:api.acme.test";
        in_shell(
            &made,
            &format!(
                "{PRELUDE}{signed} {extensions} {subject}; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem"
            ),
        );
        let files = if is_client {
            Files {
                client: ["bad-full.pem", "bad.key"],
                ..GOOD
            }
        } else {
            Files {
                server: ["bad-full.pem", "bad.key"],
                ..GOOD
            }
        };
        let asked = |chain: &str| {
            let arguments = [
                "verify",
                "-purpose",
                purpose,
                "-CAfile",
                "root.pem",
                "-untrusted",
                chain,
                chain,
            ];
            std::process::Command::new("openssl")
                .args(arguments)
                .current_dir(made.path(""))
                .output()
                .expect("openssl runs")
                .status
                .success()
        };
        assert!(!asked("bad-full.pem"), "{extensions}: OpenSSL refuses it");
        let explained = run(&made, &["explain", line], &flags(&files));
        let first = &explained["candidates"][0];
        assert_eq!(
            (&first["id"], &first["settled"]),
            (&id.into(), &"confirmed".into()),
            "{extensions}"
        );
        let says = first["remedies"].to_string();
        assert!(says.contains("Not kept of the old one: nsCertType"), "{says}");
        let commands = follow(&made, first, AGAIN);
        let new = written(&commands).expect("a chain is written");
        assert!(asked(&new), "{extensions}: {commands:#?}");
    }
}

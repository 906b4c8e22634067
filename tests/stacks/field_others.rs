//! Field cases that rustls accepts and others refuse, and keys that others write.

use super::field_remedies::{accepted, files_of, follow, lab, page};
use super::openssl_remedies::{first_id, in_shell};
use crate::support::openssl::is_at_hand;

#[test]
fn what_others_refuse_is_said_of_files_that_rustls_accepts() {
    for (case, arguments, words) in [
        (
            "04-sql-proxy-ca-false",
            [
                "proxy.pem",
                "--trust",
                "ca.pem",
                "--name",
                "sqlproxy.quayside.test",
            ]
            .as_slice(),
            ["marked CA:FALSE", "OpenSSL 3.0.22", "refuse it"],
        ),
        (
            "06-python313-missing-aki",
            &["auth.pem", "--trust", "ca.pem", "--name", "auth.lodestar.test"],
            [
                "no authorityKeyIdentifier",
                "-x509_strict refuses it",
                "Python 3.13",
            ],
        ),
        (
            "12-go-printablestring-at",
            &["client.pem", "--for", "client", "--trust", "ca.pem"],
            [
                "is a PrintableString and holds “@”",
                "Go 1.19.8 refuses it",
                "UTF8String",
            ],
        ),
        (
            "17-radius-critical-extension",
            &["cli.pem", "--for", "client", "--trust", "ca.pem"],
            [
                "1.2.804.2.1.1.1.11.1.4.7.1 is critical",
                "of the root (ca.pem:1)",
                "OpenSSL 3.0.22",
            ],
        ),
        (
            "30-negative-serial",
            &["srv.pem", "--trust", "ca.pem", "--name", "api.sidings.test"],
            [
                "serial number is negative",
                "on record: Go 1.23 and later refuse it",
                "Go 1.19.8",
            ],
        ),
    ] {
        let made = files_of(case);
        let (page, _) = page(&made, arguments);
        for words in words {
            assert!(page.contains(words), "{case}: {words}: {page}");
        }
        assert!(
            page.contains("Warnings: rustls accepts it, though not everybody does"),
            "{page}"
        );
    }
}

#[test]
fn explicit_curve_parameters_are_named_and_a_new_key_mends_them() {
    if !is_at_hand("explicit_curve_parameters_are_named_and_a_new_key_mends_them") {
        return;
    }
    let made = files_of("13-nomad-loopback-ip");
    // A CA without a subjectKeyIdentifier: no authorityKeyIdentifier can be written from it.
    in_shell(
        &made,
        "openssl ecparam -name prime256v1 -genkey -param_enc explicit -noout -out odd.key && \
         openssl req -new -key odd.key -subj /CN=odd -out odd.csr && \
         openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out CA-KEY.pem && \
         openssl req -new -key CA-KEY.pem -subj /CN=Bare -out bare.csr && \
         printf '%s\\n' basicConstraints=critical,CA:TRUE subjectKeyIdentifier=none > bare.ext && \
         openssl x509 -req -in bare.csr -signkey CA-KEY.pem -days 30 -extfile bare.ext -out bare.pem && \
         printf '%s\\n' basicConstraints=CA:FALSE extendedKeyUsage=clientAuth > odd.ext && \
         openssl x509 -req -in odd.csr -CA bare.pem -CAkey CA-KEY.pem -CAcreateserial -days 30 -extfile odd.ext -out odd.pem",
    );
    let rest = ["--server-trust", "bare.pem", "--client-cert"];
    let analysis = lab(
        &made,
        &[&rest[..], &["odd.pem", "--client-key", "odd.key"]].concat(),
    );
    assert_eq!(first_id(&analysis), "unsupported-algorithm", "{analysis:#}");
    let commands = follow(&made, &analysis, &["Issue it again for a new key"]);
    accepted(
        &made,
        &[&rest[..], &["odd-chain.pem", "--client-key", "odd-new.key"]].concat(),
        &commands,
    );
}

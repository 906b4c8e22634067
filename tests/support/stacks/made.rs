//! The certificates of every fault.

use std::path::Path;

use super::pki::{FUTURE, INVERTED, Made, NOW, PAST, USUAL, certificate, chain, flip, lists, read, write};

const IDS: &str = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const CA: &str =
    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";

/// Everything that the faults name, below `directory`.
pub fn make(directory: &Path) {
    let past = Made { dates: PAST, ..USUAL };
    let ca = |name: &str, subject: &str, issuer: Option<&str>, extensions: &str, made: Made| {
        let ids = if issuer.is_some() {
            "authorityKeyIdentifier=keyid\n"
        } else {
            ""
        };
        certificate(
            directory,
            name,
            subject,
            issuer,
            &format!("{extensions}{ids}"),
            made,
        );
        write(
            directory,
            &format!("{name}.pem"),
            &read(directory, &format!("{name}.leaf.pem")),
        );
    };
    ca("root", "Shop Root", None, CA, USUAL);
    ca("other", "Other Root", None, CA, USUAL);
    ca("fake", "Shop Root", None, CA, USUAL);
    ca("old-root", "Old Root", None, CA, past);
    ca("issuer", "Shop Issuer", Some("root"), CA, USUAL);
    ca("other-issuer", "Other Issuer", Some("other"), CA, USUAL);
    ca("fake-issuer", "Shop Issuer", Some("fake"), CA, USUAL);
    ca("old-issuer", "Shop Old Issuer", Some("root"), CA, past);
    ca(
        "no-ca",
        "Shop Clerk",
        Some("root"),
        "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n",
        USUAL,
    );
    ca(
        "no-sign",
        "Shop Reader",
        Some("root"),
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\nsubjectKeyIdentifier=hash\n",
        USUAL,
    );
    ca(
        "short",
        "Shop Short Issuer",
        Some("root"),
        &CA.replace("CA:TRUE", "CA:TRUE,pathlen:0"),
        USUAL,
    );
    ca("below", "Shop Lower Issuer", Some("short"), CA, USUAL);
    for purpose in ["clientAuth", "serverAuth"] {
        ca(
            purpose,
            &format!("Shop {purpose} Issuer"),
            Some("root"),
            &format!("{CA}extendedKeyUsage={purpose}\n"),
            USUAL,
        );
    }
    ca(
        "narrow",
        "Shop Narrow Issuer",
        Some("root"),
        &format!("{CA}nameConstraints=critical,permitted;DNS:elsewhere.test\n"),
        USUAL,
    );

    for (side, subject, purpose, other_purpose, name) in [
        ("client", "orders", "clientAuth", "serverAuth", "orders.shop.svc"),
        (
            "server",
            "payments",
            "serverAuth",
            "clientAuth",
            "payments.shop.svc",
        ),
    ] {
        let usual = format!(
            "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage={purpose}\nsubjectAltName=DNS:{name}\n{IDS}"
        );
        let leaf = |kind: &str, issuer: Option<&str>, rest: &[&str], extensions: &str, made: Made| {
            let file = if kind.is_empty() {
                side.to_owned()
            } else {
                format!("{side}-{kind}")
            };
            certificate(directory, &file, subject, issuer, extensions, made);
            chain(directory, &file, rest);
        };
        let by = Some("issuer");
        leaf("", by, &["issuer"], &usual, USUAL);
        leaf("alone", by, &[], &usual, USUAL);
        leaf("unknown", Some("other"), &[], &usual, USUAL);
        leaf(
            "unknown-above",
            Some("other-issuer"),
            &["other-issuer"],
            &usual,
            USUAL,
        );
        leaf(
            "impostor-above",
            Some("fake-issuer"),
            &["fake-issuer"],
            &usual,
            USUAL,
        );
        leaf("impostor", Some("fake"), &[], &usual, USUAL);
        leaf(
            "self",
            None,
            &[],
            &usual.replace("authorityKeyIdentifier=keyid\n", ""),
            USUAL,
        );
        leaf("expired", by, &["issuer"], &usual, past);
        leaf(
            "future",
            by,
            &["issuer"],
            &usual,
            Made {
                dates: FUTURE,
                ..USUAL
            },
        );
        leaf(
            "inverted",
            by,
            &["issuer"],
            &usual,
            Made {
                dates: INVERTED,
                ..USUAL
            },
        );
        leaf(
            "purpose",
            by,
            &["issuer"],
            &usual.replace(purpose, other_purpose),
            USUAL,
        );
        leaf(
            "purpose-issuer",
            Some(other_purpose),
            &[other_purpose],
            &usual,
            USUAL,
        );
        leaf("old-issuer", Some("old-issuer"), &["old-issuer"], &usual, USUAL);
        leaf("old-root", Some("old-root"), &[], &usual, USUAL);
        leaf(
            "critical",
            by,
            &["issuer"],
            &format!("{usual}1.3.6.1.4.1.32473.1=critical,DER:0500\n"),
            USUAL,
        );
        leaf("narrow", Some("narrow"), &["narrow"], &usual, USUAL);
        leaf("deep", Some("below"), &["below", "short"], &usual, USUAL);
        leaf(
            "ca",
            by,
            &["issuer"],
            &usual
                .replace("CA:FALSE", "CA:TRUE")
                .replace("digitalSignature", "digitalSignature,keyCertSign"),
            USUAL,
        );
        leaf("no-ca", Some("no-ca"), &["no-ca"], &usual, USUAL);
        leaf("no-sign", Some("no-sign"), &["no-sign"], &usual, USUAL);
        leaf(
            "weak",
            by,
            &["issuer"],
            &usual,
            Made {
                key: &["RSA", "rsa_keygen_bits:1024"],
                ..USUAL
            },
        );
        leaf(
            "sha1",
            by,
            &["issuer"],
            &usual,
            Made {
                digest: "sha1",
                ..USUAL
            },
        );
        leaf("revoked", by, &["issuer"], &usual, USUAL);
        leaf(
            "usage",
            by,
            &["issuer"],
            &usual.replace("digitalSignature", "keyEncipherment"),
            USUAL,
        );
        leaf("flipped", by, &["issuer"], &usual, USUAL);
        flip(directory, &format!("{side}-flipped"));
        chain(directory, &format!("{side}-flipped"), &["issuer"]);
        leaf("mixed", by, &["issuer"], &usual, USUAL);
        // Another's key: what `openssl s_client -key` and every program that loads a pair should notice.
        std::fs::copy(
            directory.join(format!("{side}.key")),
            directory.join(format!("{side}-mixed.key")),
        )
        .expect("copied");
        if side == "server" {
            let san = format!("subjectAltName=DNS:{name}\n");
            leaf("no-san", by, &["issuer"], &usual.replace(&san, ""), USUAL);
            leaf(
                "name",
                by,
                &["issuer"],
                &usual.replace(name, "ledger.shop.svc"),
                USUAL,
            );
            leaf("ip", by, &["issuer"], &usual.replace(name, "127.0.0.1"), USUAL);
            leaf("wildcard", by, &["issuer"], &usual.replace(name, "*.svc"), USUAL);
            leaf(
                "wildcard-part",
                by,
                &["issuer"],
                &usual.replace(name, "pay*.shop.svc"),
                USUAL,
            );
            // Named in the common name, and in nothing else or beside something that is no host.
            for (file, san) in [
                ("server-common-name", String::new()),
                (
                    "server-uri-only",
                    "subjectAltName=URI:spiffe://shop.test/payments\n".to_owned(),
                ),
            ] {
                let extensions = usual.replace(&format!("subjectAltName=DNS:{name}\n"), &san);
                certificate(directory, file, name, by, &extensions, USUAL);
                chain(directory, file, &["issuer"]);
            }
            leaf(
                "ed448",
                by,
                &["issuer"],
                &usual,
                Made {
                    key: &["ED448"],
                    ..USUAL
                },
            );
        }
    }
    lists(directory, "good.crl", &["client-revoked", "server-revoked"], NOW);
    lists(directory, "stale.crl", &[], PAST);
}

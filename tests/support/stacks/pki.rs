//! The certificates of every fault, made with OpenSSL's own command: dates and serial numbers are fixed, so that words that name
//! them do not change from run to run.

use std::path::Path;
use std::process::Command;

const NOW: (&str, &str) = ("20200101000000Z", "20491231235959Z");
const PAST: (&str, &str) = ("20200101000000Z", "20200201000000Z");
const FUTURE: (&str, &str) = ("20480101000000Z", "20491231235959Z");

fn openssl(directory: &Path, arguments: &[&str]) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("openssl runs");
    assert!(
        output.status.success(),
        "openssl {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).expect("a file of the test");
}

fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).expect("a file of the test")
}

/// What differs from a usual P-256 certificate.
#[derive(Clone, Copy)]
struct Made {
    dates: (&'static str, &'static str),
    key: &'static [&'static str],
    digest: &'static str,
}

const USUAL: Made = Made {
    dates: NOW,
    key: &["EC", "ec_paramgen_curve:P-256"],
    digest: "sha256",
};

/// NAME.leaf.pem and NAME.key; `issuer` None signs itself.
fn certificate(
    directory: &Path,
    name: &str,
    subject: &str,
    issuer: Option<&str>,
    extensions: &str,
    made: Made,
) {
    let file = |suffix: &str| format!("{name}.{suffix}");
    let mut arguments = vec!["genpkey", "-algorithm", made.key[0]];
    for option in &made.key[1..] {
        arguments.extend(["-pkeyopt", option]);
    }
    let key = file("key");
    arguments.extend(["-out", &key]);
    openssl(directory, &arguments);
    let (request, extension_file, configuration, out) =
        (file("csr"), file("ext"), file("cnf"), file("leaf.pem"));
    let subject = format!("/CN={subject}");
    openssl(
        directory,
        &["req", "-new", "-key", &key, "-subj", &subject, "-out", &request],
    );
    write(directory, &extension_file, extensions);
    authority(directory, name, made.digest);
    let (issuer_file, issuer_key) = (
        format!("{}.leaf.pem", issuer.unwrap_or(name)),
        format!("{}.key", issuer.unwrap_or(name)),
    );
    let mut arguments = vec![
        "ca",
        "-batch",
        "-notext",
        "-config",
        &configuration,
        "-keyfile",
        &issuer_key,
        "-in",
        &request,
        "-out",
        &out,
        "-startdate",
        made.dates.0,
        "-enddate",
        made.dates.1,
        "-extfile",
        &extension_file,
    ];
    match issuer {
        Some(_) => arguments.extend(["-cert", &issuer_file]),
        None => arguments.push("-selfsign"),
    }
    openssl(directory, &arguments);
}

/// The files that `openssl ca` wants. The serial number follows from the name, so that it is the same in every run.
fn authority(directory: &Path, name: &str, digest: &str) {
    let work = format!("{name}.ca");
    std::fs::create_dir_all(directory.join(&work)).expect("a directory");
    write(directory, &format!("{work}/index.txt"), "");
    let serial = name.bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into()) & 0x7fff_ffff
    });
    write(
        directory,
        &format!("{work}/serial"),
        &format!("{:08X}\n", serial | 0x1000_0000),
    );
    write(directory, &format!("{work}/crlnumber"), "01\n");
    write(
        directory,
        &format!("{name}.cnf"),
        &format!(
            "[ca]\ndefault_ca=x\n[x]\ndatabase={work}/index.txt\nserial={work}/serial\ncrlnumber={work}/crlnumber\nnew_certs_dir={work}\n\
             default_md={digest}\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
        ),
    );
}

/// NAME.pem, what a program is given to present: the leaf and what follows it. NAME.rest.pem is what follows, for OpenSSL.
fn chain(directory: &Path, name: &str, rest: &[&str]) {
    let rest: String = rest
        .iter()
        .map(|name| read(directory, &format!("{name}.leaf.pem")))
        .collect();
    write(
        directory,
        &format!("{name}.pem"),
        &(read(directory, &format!("{name}.leaf.pem")) + &rest),
    );
    write(directory, &format!("{name}.rest.pem"), &rest);
}

/// The revocation lists of `issuer` and of the root, in `name`; `revoked` are certificates of the issuer.
fn lists(directory: &Path, name: &str, revoked: &[&str], dates: (&str, &str)) {
    let mut text = String::new();
    for (issuer, revoked) in [("issuer", revoked), ("root", &[][..])] {
        let work = format!("{name}-{issuer}");
        authority(directory, &work, "sha256");
        let (certificate, key) = (format!("{issuer}.leaf.pem"), format!("{issuer}.key"));
        let (configuration, out) = (format!("{work}.cnf"), format!("{work}.crl"));
        let common = [
            "ca",
            "-config",
            &configuration,
            "-cert",
            &certificate,
            "-keyfile",
            &key,
        ];
        for victim in revoked {
            let victim = format!("{victim}.leaf.pem");
            openssl(
                directory,
                &[&common[..], &["-revoke", &victim, "-crl_reason", "keyCompromise"]].concat(),
            );
        }
        fixed_revocation_date(directory, &format!("{work}.ca/index.txt"));
        openssl(
            directory,
            &[
                &common[..],
                &[
                    "-gencrl",
                    "-crl_lastupdate",
                    dates.0,
                    "-crl_nextupdate",
                    dates.1,
                    "-out",
                    &out,
                ],
            ]
            .concat(),
        );
        text += &read(directory, &out);
    }
    write(directory, name, &text);
    // OpenSSL takes lists in the file of roots.
    write(
        directory,
        &format!("{name}.ca.pem"),
        &(read(directory, "root.leaf.pem") + &text),
    );
}

/// `openssl ca` writes the time of day into its database; programs show it, and it must be the same in every run.
fn fixed_revocation_date(directory: &Path, database: &str) {
    let lines: String = read(directory, database)
        .lines()
        .map(|line| {
            let mut columns: Vec<&str> = line.split('\t').collect();
            columns[2] = "210101000000Z,keyCompromise";
            columns.join("\t") + "\n"
        })
        .collect();
    write(directory, database, &lines);
}

/// One bit of the signature's last byte flipped.
fn flip(directory: &Path, name: &str) {
    let file = format!("{name}.leaf.pem");
    openssl(
        directory,
        &["x509", "-in", &file, "-outform", "DER", "-out", "flip.der"],
    );
    let mut der = std::fs::read(directory.join("flip.der")).expect("DER");
    *der.last_mut().expect("bytes") ^= 1;
    std::fs::write(directory.join("flip.der"), der).expect("written");
    openssl(
        directory,
        &["x509", "-inform", "DER", "-in", "flip.der", "-out", &file],
    );
}

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

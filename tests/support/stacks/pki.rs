//! Certificates and lists, made with OpenSSL's own command: dates and serial numbers are fixed, so that words that name
//! them do not change from run to run.

use std::path::Path;
use std::process::Command;

pub(super) const NOW: (&str, &str) = ("20200101000000Z", "20491231235959Z");
pub(super) const PAST: (&str, &str) = ("20200101000000Z", "20200201000000Z");
pub(super) const INVERTED: (&str, &str) = ("20490101000000Z", "20200201000000Z");
pub(super) const FUTURE: (&str, &str) = ("20480101000000Z", "20491231235959Z");

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

pub(super) fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).expect("a file of the test");
}

pub(super) fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).expect("a file of the test")
}

/// What differs from a usual P-256 certificate.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub dates: (&'static str, &'static str),
    pub key: &'static [&'static str],
    pub digest: &'static str,
}

pub(super) const USUAL: Made = Made {
    dates: NOW,
    key: &["EC", "ec_paramgen_curve:P-256"],
    digest: "sha256",
};

/// NAME.leaf.pem and NAME.key; `issuer` None signs itself.
pub(super) fn certificate(
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
pub(super) fn chain(directory: &Path, name: &str, rest: &[&str]) {
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
pub(super) fn lists(directory: &Path, name: &str, revoked: &[&str], dates: (&str, &str)) {
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
pub(super) fn flip(directory: &Path, name: &str) {
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

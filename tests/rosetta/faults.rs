//! The faults, made with OpenSSL's own tools: certificates, and what each side is told.

use std::path::Path;
use std::process::Command;

use mtlscope::capture::Side;

/// One fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Stable: `client-expired`.
    pub name: &'static str,
    /// The cause's id.
    pub cause: &'static str,
    /// Who ought to refuse.
    pub judge: Side,
    /// The certificate that the client presents; empty: none.
    pub client: &'static str,
    /// The certificate that the server presents.
    pub server: &'static str,
    /// The name that the client asks for.
    pub asked: &'static str,
    /// `only1.3`, `tls1.2`, `chacha`, `h2`, `http`.
    pub flags: &'static str,
}

const NAME: &str = "payments.shop.svc";

const fn client(name: &'static str, cause: &'static str, client: &'static str) -> Fault {
    Fault {
        name,
        cause,
        judge: Side::Server,
        client,
        server: "server",
        asked: NAME,
        flags: "",
    }
}

const fn server(name: &'static str, cause: &'static str, server: &'static str, asked: &'static str) -> Fault {
    Fault {
        name,
        cause,
        judge: Side::Client,
        client: "client",
        server,
        asked,
        flags: "",
    }
}

const fn handshake(name: &'static str, cause: &'static str, judge: Side, flags: &'static str) -> Fault {
    Fault {
        name,
        cause,
        judge,
        client: "client",
        server: "server",
        asked: NAME,
        flags,
    }
}

/// Every fault.
pub const FAULTS: &[Fault] = &[
    client("client-none", "client-certificate-missing", ""),
    client("client-unknown-ca", "unknown-issuer", "wrong-ca"),
    client("client-impostor-ca", "same-name-different-key", "impostor"),
    client("client-missing-intermediate", "missing-intermediate", "alone"),
    client("client-wrong-purpose", "wrong-purpose", "server"),
    client("client-expired", "expired", "expired"),
    client("client-expired-intermediate", "expired", "below-old"),
    client("client-not-yet-valid", "not-yet-valid", "future"),
    client("client-self-signed", "self-signed-not-trusted", "self"),
    client("client-issued-by-leaf", "issuer-not-ca", "below-leaf"),
    client("client-path-length", "path-length-exceeded", "deep"),
    client("client-bad-signature", "bad-signature", "damaged"),
    client(
        "client-critical-extension",
        "unknown-critical-extension",
        "critical",
    ),
    client(
        "client-name-constraint",
        "name-constraint-violated",
        "constrained",
    ),
    client("client-weak-key", "weak-key", "weak"),
    client("client-weak-signature", "weak-signature", "sha1"),
    client("client-is-ca", "leaf-is-ca", "ca-leaf"),
    server("server-unknown-ca", "unknown-issuer", "server-wrong-ca", NAME),
    server(
        "server-impostor-ca",
        "same-name-different-key",
        "server-impostor",
        NAME,
    ),
    server(
        "server-missing-intermediate",
        "missing-intermediate",
        "server-alone",
        NAME,
    ),
    server(
        "server-self-signed",
        "self-signed-not-trusted",
        "server-self",
        NAME,
    ),
    server("server-expired", "expired", "server-expired", NAME),
    server("server-not-yet-valid", "not-yet-valid", "server-future", NAME),
    server("server-wrong-name", "name-mismatch", "server", "ledger.shop.svc"),
    server("server-no-san", "no-san", "server-nosan", NAME),
    server(
        "server-ip-in-dns-name",
        "ip-in-dns-name",
        "server-ipdns",
        "127.0.0.1",
    ),
    server("server-wildcard", "wildcard-misuse", "server-wild", NAME),
    server("server-wrong-purpose", "wrong-purpose", "server-purpose", NAME),
    server(
        "server-issued-by-leaf",
        "issuer-not-ca",
        "server-below-leaf",
        NAME,
    ),
    server("server-bad-signature", "bad-signature", "server-damaged", NAME),
    server(
        "server-critical-extension",
        "unknown-critical-extension",
        "server-critical",
        NAME,
    ),
    server(
        "server-name-constraint",
        "name-constraint-violated",
        "server-constrained",
        NAME,
    ),
    server("server-weak-signature", "weak-signature", "server-sha1", NAME),
    server("server-is-ca", "leaf-is-ca", "server-ca-leaf", NAME),
    handshake(
        "no-common-version-server",
        "no-common-version",
        Side::Server,
        "only1.3",
    ),
    handshake(
        "no-common-version-client",
        "no-common-version",
        Side::Client,
        "tls1.2",
    ),
    handshake("no-common-cipher-server", "no-common-cipher", Side::Server, "cbc"),
    handshake(
        "no-common-cipher-client",
        "no-common-cipher",
        Side::Client,
        "chacha",
    ),
    handshake("alpn-server", "alpn-mismatch", Side::Server, "h2"),
    handshake("alpn-client", "alpn-mismatch", Side::Client, "h2"),
    handshake("plain-client", "not-tls", Side::Server, "http"),
    handshake("plain-server", "not-tls", Side::Client, "http"),
];

fn openssl(directory: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .output()
        .expect("openssl runs");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn ca(directory: &Path, name: &str, subject: &str) {
    openssl(
        directory,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.pem -subj /CN={subject} -days 3650 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign"
        ),
    );
}

/// What is made, and below whom.
struct Leaf<'a> {
    name: &'a str,
    subject: &'a str,
    issuer: &'a str,
    extensions: String,
    dates: (&'a str, &'a str),
    key: &'a str,
    digest: &'a str,
}

const NOW: (&str, &str) = ("20200101000000Z", "20491231235959Z");
const PAST: (&str, &str) = ("20200101000000Z", "20200201000000Z");
const FUTURE: (&str, &str) = ("20480101000000Z", "20491231235959Z");

/// A certificate with dates as `openssl ca` takes them, in NAME.pem, its key in NAME.key.
fn sign(directory: &Path, leaf: &Leaf<'_>) {
    let name = leaf.name;
    openssl(
        directory,
        &format!(
            "req -newkey {} -nodes -keyout {name}.key -out {name}.csr -subj /CN={}",
            leaf.key, leaf.subject
        ),
    );
    std::fs::write(directory.join(format!("{name}.ext")), &leaf.extensions).expect("written");
    let work = directory.join(format!("{name}.ca"));
    std::fs::create_dir(&work).expect("created");
    std::fs::write(work.join("index.txt"), "").expect("written");
    std::fs::write(
        work.join("serial"),
        format!("10{:02X}\n", name.len() + leaf.subject.len()),
    )
    .expect("written");
    let configuration = format!(
        "[ca]\ndefault_ca=x\n[x]\ndatabase={name}.ca/index.txt\nserial={name}.ca/serial\nnew_certs_dir={name}.ca\ndefault_md={}\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n",
        leaf.digest
    );
    std::fs::write(directory.join(format!("{name}.cnf")), configuration).expect("written");
    openssl(
        directory,
        &format!(
            "ca -batch -config {name}.cnf -cert {issuer}.pem -keyfile {issuer}.key -in {name}.csr -out {name}.pem -startdate {} -enddate {} -extfile {name}.ext -notext",
            leaf.dates.0,
            leaf.dates.1,
            issuer = leaf.issuer
        ),
    );
}

/// NAME-chain.pem: the leaf and what is sent after it.
fn chain(directory: &Path, name: &str, above: &[&str]) {
    let mut text = std::fs::read_to_string(directory.join(format!("{name}.pem"))).expect("the leaf");
    for one in above {
        text.push_str(&std::fs::read_to_string(directory.join(format!("{one}.pem"))).expect("an issuer"));
    }
    std::fs::write(directory.join(format!("{name}-chain.pem")), text).expect("written");
}

/// One bit of the signature is flipped.
fn damage(directory: &Path, from: &str, to: &str) {
    let path = directory.join(format!("{from}.pem"));
    let mut der = mtlscope::pki::read_file(&path)
        .expect("a certificate")
        .certificates
        .remove(0)
        .der;
    if let Some(last) = der.last_mut() {
        *last ^= 1;
    }
    std::fs::write(directory.join(format!("{to}.der")), &der).expect("written");
    openssl(directory, &format!("x509 -inform DER -in {to}.der -out {to}.pem"));
    std::fs::copy(
        directory.join(format!("{from}.key")),
        directory.join(format!("{to}.key")),
    )
    .expect("copied");
}

/// Every certificate of every fault.
pub fn make(directory: &Path) {
    let ids = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
    let client = format!(
        "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\nsubjectAltName=DNS:orders.shop.svc\n{ids}"
    );
    let server = format!(
        "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:payments.shop.svc\n{ids}"
    );
    let issuing = format!("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n{ids}");
    let ec = "ec -pkeyopt ec_paramgen_curve:P-256";
    let leaf = |name, subject, issuer, extensions: &str, dates| {
        sign(
            directory,
            &Leaf {
                name,
                subject,
                issuer,
                extensions: extensions.to_owned(),
                dates,
                key: ec,
                digest: "sha256",
            },
        );
    };
    ca(directory, "root", "ShopRoot");
    ca(directory, "other", "OtherRoot");
    ca(directory, "fake", "ShopRoot");
    leaf("issuer", "ShopIssuer", "root", &issuing, NOW);
    leaf("old", "OldIssuer", "root", &issuing, PAST);
    leaf(
        "tight",
        "TightIssuer",
        "root",
        &issuing.replace("CA:TRUE", "CA:TRUE,pathlen:0"),
        NOW,
    );
    leaf("lower", "LowerIssuer", "tight", &issuing, NOW);
    leaf(
        "narrow",
        "NarrowIssuer",
        "root",
        &format!("{issuing}nameConstraints=critical,permitted;DNS:bank.svc\n"),
        NOW,
    );
    for (side, subject, extensions) in [("", "orders", &client), ("server-", "payments", &server)] {
        let made = |name: &str| -> &'static str { Box::leak(format!("{side}{name}").into_boxed_str()) };
        let own: &'static str = if side.is_empty() { "client" } else { "server" };
        let critical = format!("{extensions}1.3.6.1.4.1.32473.1=critical,DER:0500\n");
        let other = if side.is_empty() { &server } else { &client };
        let as_ca = extensions.replace("CA:FALSE", "CA:TRUE");
        for (name, issuer, extensions, dates, above) in [
            (own, "issuer", extensions, NOW, &["issuer"][..]),
            (made("alone"), "issuer", extensions, NOW, &[]),
            (made("wrong-ca"), "other", extensions, NOW, &[]),
            (made("impostor"), "fake", extensions, NOW, &[]),
            (made("expired"), "issuer", extensions, PAST, &["issuer"]),
            (made("future"), "issuer", extensions, FUTURE, &["issuer"]),
            (made("below-old"), "old", extensions, NOW, &["old"]),
            (
                made("below-leaf"),
                own,
                extensions,
                NOW,
                if side.is_empty() {
                    &["client", "issuer"]
                } else {
                    &["server", "issuer"]
                },
            ),
            (made("deep"), "lower", extensions, NOW, &["lower", "tight"]),
            (made("critical"), "issuer", &critical, NOW, &["issuer"]),
            (made("constrained"), "narrow", extensions, NOW, &["narrow"]),
            (made("purpose"), "issuer", other, NOW, &["issuer"]),
            (made("ca-leaf"), "issuer", &as_ca, NOW, &["issuer"]),
        ] {
            leaf(name, subject, issuer, extensions, dates);
            chain(directory, name, above);
        }
        let damaged = made("damaged");
        damage(directory, own, damaged);
        chain(directory, damaged, &["issuer"]);
        for (name, key, digest) in [(made("weak"), "rsa:1024", "sha256"), (made("sha1"), ec, "sha1")] {
            sign(
                directory,
                &Leaf {
                    name,
                    subject,
                    issuer: "issuer",
                    extensions: extensions.clone(),
                    dates: NOW,
                    key,
                    digest,
                },
            );
            chain(directory, name, &["issuer"]);
        }
        let itself = made("self");
        openssl(
            directory,
            &format!(
                "req -x509 -newkey {ec} -nodes -keyout {itself}.key -out {itself}.pem -subj /CN={subject} -days 3650 -addext basicConstraints=CA:FALSE -addext subjectAltName=DNS:{subject}.shop.svc"
            ),
        );
        chain(directory, itself, &[]);
    }
    for (name, subject, names) in [
        ("server-nosan", "payments.shop.svc", ""),
        ("server-ipdns", "payments", "subjectAltName=DNS:127.0.0.1\n"),
        ("server-wild", "payments", "subjectAltName=DNS:*.svc\n"),
    ] {
        let extensions = server.replace("subjectAltName=DNS:payments.shop.svc\n", names);
        leaf(name, subject, "issuer", &extensions, NOW);
        chain(directory, name, &["issuer"]);
    }
}

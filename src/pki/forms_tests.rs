//! Files in every form that is read, and what each is told to be: one line for each, held by a snapshot.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Bundle, LoadError, Passphrases, read_bytes_with};

fn fixture(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers");
    std::fs::read(folder.join(name)).expect("a fixture")
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).expect("text")
}

/// What is loaded, where it lies, and what is said of it; or the refusal.
fn told(found: &Result<Bundle, LoadError>) -> String {
    match found {
        Err(error) => format!("refused: {error}"),
        Ok(bundle) => {
            let mut words = vec![bundle.contents_words()];
            let places = bundle
                .certificates
                .iter()
                .map(|one| (&one.within, one.line, one.wrapping));
            let keys = bundle
                .keys
                .iter()
                .map(|one| (&one.within, one.line, one.wrapping));
            words.extend(places.chain(keys).map(|(within, line, wrapping)| {
                let line = line.map_or_else(String::new, |line| format!(" line {line}"));
                let wrapping = wrapping.map_or_else(String::new, |one| format!(" in {one:?}"));
                format!("at {}{line}{wrapping}", within.as_deref().unwrap_or("-"))
            }));
            words.extend(bundle.recognised.iter().map(|one| format!("is {one}")));
            words.extend(bundle.notes.iter().map(|note| format!("note: {note}")));
            words.join("\n    ")
        }
    }
}

fn all_told(rows: &[(&str, Vec<u8>)]) -> String {
    let told = rows.iter().map(|(name, bytes)| {
        let found = read_bytes_with(bytes, "the file", &Passphrases::NONE);
        format!("{name}\n    {}\n", told(&found))
    });
    told.collect::<Vec<_>>().concat()
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    STANDARD.encode(bytes).into_bytes()
}

fn base64_times(bytes: &[u8], times: usize) -> Vec<u8> {
    (0..times).fold(bytes.to_vec(), |bytes, _| base64(&bytes))
}

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

fn utf16(text: &str, is_little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if is_little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

/// The DER of the first PEM block.
fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('-'))
        .collect();
    STANDARD.decode(base64).expect("base64")
}

#[test]
fn text_in_other_forms() {
    let cert = text("orders.pem");
    let key = text("orders.key");
    let dashes = |text: &str| text.replace("-----", "\u{2014}\u{2014}");
    let mark = b"\xef\xbb\xbf";
    let told = all_told(&[
        ("PEM", cert.clone().into_bytes()),
        ("other dashes", dashes(&cert).into_bytes()),
        (
            "other dashes behind two lines",
            format!("a\nb\n{}", dashes(&cert)).into_bytes(),
        ),
        (
            "other dashes around the second alone",
            (cert.clone() + &dashes(&key)).into_bytes(),
        ),
        ("UTF-16, little", utf16(&cert, true, false)),
        ("UTF-16, big", utf16(&cert, false, false)),
        ("UTF-16, little, with its mark", utf16(&cert, true, true)),
        ("UTF-16, big, with its mark", utf16(&cert, false, true)),
        (
            "a letter and a control character of UTF-16",
            vec![b'-', 0, 1, 0, b'-', 0],
        ),
        (
            "a control character and a letter of UTF-16",
            vec![1, 0, b'-', 0, b'-', 0],
        ),
        ("the same, big", vec![0, b'-', 0, 1, 0, b'-']),
        ("the same, big, the other way", vec![0, 1, 0, b'-', 0, b'-']),
        (
            "UTF-16 that begins with a line break",
            utf16(&format!("\n{cert}"), true, false),
        ),
        ("a byte-order mark", [&mark[..], cert.as_bytes()].concat()),
        ("base64 of PEM", base64(cert.as_bytes())),
        (
            "base64 of PEM with a mark",
            base64(&[&mark[..], cert.as_bytes()].concat()),
        ),
        ("base64 of DER", base64(&der(&cert))),
        ("base64 of base64 of DER", base64_times(&der(&cert), 2)),
        ("base64 of base64 of PEM", base64_times(cert.as_bytes(), 2)),
        ("base64 of a key's DER", base64(&der(&key))),
        ("a word", b"MIIBCgKCAQEAu1SU1LfVLPHCozMxH2M".to_vec()),
        (
            "a word that is long enough",
            b"MIIBCgKCAQEAu1SU1LfVLPHCozMxH2MA".to_vec(),
        ),
        ("base64 of words", base64(b"these are words of no use, and many")),
        (
            "base64 of a key store of Java",
            base64(&fixture("own-key-passphrase.jks")),
        ),
        ("spaces alone", b" \n\t ".to_vec()),
    ]);
    insta::assert_snapshot!(told);
}

/// Each byte-order mark is a layer.
#[test]
fn layers_are_opened_to_their_bound() {
    let cert = fixture("orders.pem");
    let outcome = |times: usize| {
        let bytes = [b"\xef\xbb\xbf".repeat(times), cert.clone()].concat();
        let found = read_bytes_with(&bytes, "the file", &Passphrases::NONE);
        found
            .map(|bundle| bundle.certificates.len())
            .map_err(|error| error.what)
    };
    for times in 0..=6 {
        assert_eq!(outcome(times), Ok(1), "{times}");
    }
    assert_eq!(outcome(7), Err("it is wrapped in too many layers".to_owned()));
}

#[test]
fn blocks_under_other_labels() {
    let (cert, key) = (der(&text("orders.pem")), der(&text("orders.key")));
    let request = fixture("orders-csr.der");
    let chain = fixture("chain-der.p7b");
    let response = [0x30, 3, 0x0a, 1, 0];
    let certificate = pem("CERTIFICATE", &cert);
    let header = |name: &str| certificate.replacen("-----\n", &format!("-----\n{name}: x\n"), 1);
    let told = all_told(&[
        ("a key as a certificate", pem("CERTIFICATE", &key).into_bytes()),
        ("PKCS#7 as a certificate", pem("CERTIFICATE", &chain).into_bytes()),
        (
            "PKCS#7 as a certificate, twice",
            pem("CERTIFICATE", &chain).repeat(2).into_bytes(),
        ),
        ("an old label", pem("X509 CERTIFICATE", &cert).into_bytes()),
        (
            "an old label, twice",
            pem("X509 CERTIFICATE", &cert).repeat(2).into_bytes(),
        ),
        (
            "OpenSSL's own label",
            pem("TRUSTED CERTIFICATE", &[&cert[..], &[0x30, 0]].concat()).into_bytes(),
        ),
        (
            "two old labels",
            (pem("X509 CERTIFICATE", &cert) + &pem("TRUSTED CERTIFICATE", &cert)).into_bytes(),
        ),
        ("a certificate as a list", pem("X509 CRL", &cert).into_bytes()),
        ("a list that is none", pem("X509 CRL", &[0x31, 0]).into_bytes()),
        ("a list that is cut", pem("X509 CRL", &[0x30, 9, 1]).into_bytes()),
        ("a response", pem("OCSP RESPONSE", &response).into_bytes()),
        ("a request", pem("CERTIFICATE REQUEST", &request).into_bytes()),
        ("a header", header("X-Name").into_bytes()),
        (
            "two headers in two blocks",
            (header("X-Name") + &header("X-Other")).into_bytes(),
        ),
        (
            "a block in a block",
            format!("-----BEGIN CERTIFICATE-----\nMII=\n{certificate}").into_bytes(),
        ),
        (
            "words behind BEGIN",
            certificate.replacen("-----\n", "-----,\n", 1).into_bytes(),
        ),
        ("an odd label", pem("RSA#1.PRIVATE KEY", &key).into_bytes()),
        ("a label in small letters", pem("private key", &key).into_bytes()),
        ("an empty block", pem("CERTIFICATE", &[]).into_bytes()),
        (
            "three hyphens at the end",
            certificate
                .replace("CERTIFICATE-----", "CERTIFICATE---")
                .into_bytes(),
        ),
        ("BEGIN behind words", format!("cert: {certificate}").into_bytes()),
        (
            "two blocks in one line",
            certificate.trim_end().replace('\n', "").repeat(2).into_bytes(),
        ),
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn documents_of_other_programs() {
    let (cert, key) = (text("orders.pem"), text("orders.key"));
    let indented =
        |text: &str, by: &str| format!("{by}{}\n", text.trim_end().replace('\n', &format!("\n{by}")));
    let block = |name: &str, body: &str| format!("<{name}>\n{body}</{name}>\n");
    let value = |text: &str| STANDARD.encode(text);
    let secret = |name: &str| serde_json::json!({"kind": "Secret", "metadata": {"name": name}, "data": {"tls.crt": value(&cert)}});
    let ssh2 = |what: &str| {
        format!(
            "---- BEGIN SSH2 ENCRYPTED {what} ----\nComment: \"x\"\nP2/56wAA\n---- END SSH2 ENCRYPTED {what} ----\n"
        )
    };
    let dashes = |text: &str| text.replace("----", "\u{2014}\u{2014}");
    let json = |value: serde_json::Value| value.to_string().into_bytes();
    let told = all_told(&[
        (
            "a profile",
            (block("cert", &cert) + &block("key", &key)).into_bytes(),
        ),
        (
            "a profile with further certificates",
            (block("key", &key) + &block("extra-certs", &text("ca.pem")) + &block("cert", &cert))
                .into_bytes(),
        ),
        (
            "a profile with further certificates of a CA",
            (block("ca", &text("ca.pem")) + &block("extra-certs", &text("ca.pem")) + &block("cert", &cert))
                .into_bytes(),
        ),
        (
            "a profile with an empty block",
            (block("cert", &cert) + &block("ca", " \n")).into_bytes(),
        ),
        (
            "a profile with a secret",
            (block("secret", "0\n") + &block("cert", &cert)).into_bytes(),
        ),
        (
            "a profile with numbers",
            (block("dh", "0\n") + &block("cert", &cert)).into_bytes(),
        ),
        (
            "a profile with tls-crypt",
            (block("tls-crypt", "0\n") + &block("cert", &cert)).into_bytes(),
        ),
        (
            "a profile that names files",
            (block("cert", &cert) + "ca ca.pem\n").into_bytes(),
        ),
        (
            "a profile that names none",
            (block("cert", &cert) + "ca [inline]\nkey\ncipher x\n").into_bytes(),
        ),
        (
            "an array of objects",
            json(serde_json::json!([secret("a"), secret("b")])),
        ),
        (
            "an array with another thing first",
            json(serde_json::json!([{"x": 1}, secret("b")])),
        ),
        (
            "an array of no objects",
            json(serde_json::json!([{"x": cert}, {"y": 1}])),
        ),
        (
            "nothing between two documents",
            format!("---\n---\n{}", text("secret.yaml")).into_bytes(),
        ),
        (
            "binary data",
            json(
                serde_json::json!({"kind": "ConfigMap", "metadata": {"name": "m", "namespace": "n"},
                "binaryData": {"a.der": STANDARD.encode(der(&cert)), "b": "*"}}),
            ),
        ),
        (
            "a kubeconfig in a ConfigMap",
            json(
                serde_json::json!({"kind": "ConfigMap", "data": {"config": text("kubeconfig"), "words": "no"}}),
            ),
        ),
        (
            "a secret with a closed store",
            json(
                serde_json::json!({"kind": "Secret", "metadata": {"name": "s"}, "data": {
                "a.crt": value(&cert), "b.p12": STANDARD.encode(fixture("orders.p12"))}}),
            ),
        ),
        ("an indented text", indented(&cert, "    ").into_bytes()),
        ("a key of SSH2", ssh2("PRIVATE KEY").into_bytes()),
        (
            "a key of SSH2 in other dashes",
            dashes(&ssh2("PRIVATE KEY")).into_bytes(),
        ),
        ("a message of age", pem("AGE ENCRYPTED FILE", b"x").into_bytes()),
        ("a key of age", b"AGE-SECRET-KEY-1".to_vec()),
        ("a key of SSH", b"ssh-ed25519 AAAA x".to_vec()),
    ]);
    insta::assert_snapshot!(told);
}

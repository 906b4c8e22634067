//! Text in the forms in which people have it: documents around certificates, lost line breaks, base64 around PEM.

use base64::Engine;
use mtlscope::pki::{Bundle, CertificateFacts, LoadReason, Quirk, read_bytes, read_file, read_text};

use crate::load::sentence;
use crate::load_containers::path;

fn read(name: &str) -> Bundle {
    read_file(&path(name)).unwrap_or_else(|error| panic!("{error}"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).expect("a fixture")
}

fn places(bundle: &Bundle) -> Vec<&str> {
    bundle
        .certificates
        .iter()
        .filter_map(|one| one.within.as_deref())
        .collect()
}

#[test]
fn documents_are_read_with_the_place_of_each_certificate() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "secret.yaml",
            "the Kubernetes Secret shop/orders-tls: 1 private key and 2 certificates",
            &["Secret shop/orders-tls, tls.crt"; 2],
        ),
        (
            "secret.json",
            "the Kubernetes Secret shop/orders-tls: 1 private key and 2 certificates",
            &["Secret shop/orders-tls, tls.crt"; 2],
        ),
        (
            "configmap.yaml",
            "the Kubernetes ConfigMap shop/trust: 1 certificate",
            &["ConfigMap shop/trust, ca.crt"],
        ),
        (
            "two-documents.yaml",
            "2 Kubernetes objects: 1 private key and 3 certificates",
            &[
                "Secret shop/orders-tls, tls.crt",
                "Secret shop/orders-tls, tls.crt",
                "ConfigMap shop/trust, ca.crt",
            ],
        ),
        (
            "list.json",
            "2 Kubernetes objects: 1 private key and 3 certificates",
            &[
                "Secret shop/orders-tls, tls.crt",
                "Secret shop/orders-tls, tls.crt",
                "ConfigMap shop/trust, ca.crt",
            ],
        ),
        (
            "kubeconfig",
            "a kubeconfig: 1 private key and 2 certificates",
            &[
                "kubeconfig, clusters[east].cluster.certificate-authority-data",
                "kubeconfig, users[admin].user.client-certificate-data",
            ],
        ),
        (
            "webhook.yaml",
            "3 Kubernetes objects: 3 certificates",
            &[
                "ValidatingWebhookConfiguration orders-policy, webhooks[policy.shop.example].clientConfig.caBundle",
                "APIService v1.shop.example, spec.caBundle",
                "CustomResourceDefinition orders.shop.example, spec.conversion.webhook.clientConfig.caBundle",
            ],
        ),
        (
            "client.ovpn",
            "an OpenVPN profile: 1 private key and 2 certificates",
            &["<cert>", "<ca>"],
        ),
        (
            "bundle.jwks",
            "a SPIFFE trust bundle: 1 certificate",
            &["key 1 of the set"],
        ),
    ];
    for (name, recognised, wanted) in cases {
        let bundle = read(name);
        assert_eq!(bundle.recognised, [*recognised], "{name}");
        let found = places(&bundle);
        assert_eq!(found.len(), wanted.len(), "{name}: {found:?}");
        for (found, wanted) in found.iter().zip(*wanted) {
            // The longest are cut in the middle.
            assert!(
                found == wanted || found.contains('…') && found[..30] == wanted[..30],
                "{name}: {found}"
            );
        }
        let entries: Vec<usize> = bundle.certificates.iter().map(|one| one.entry).collect();
        assert_eq!(entries, (0..entries.len()).collect::<Vec<_>>(), "{name}");
    }
    let notes = |name: &str| -> Vec<String> { read(name).notes.iter().map(ToString::to_string).collect() };
    // Of a profile's blocks each has the line that it begins in.
    let (profile, lines) = (read("client.ovpn"), text("client.ovpn"));
    let tag = |line: Option<usize>| line.and_then(|line| lines.lines().nth(line - 1));
    let tags: Vec<Option<&str>> = profile.certificates.iter().map(|one| tag(one.line)).collect();
    assert_eq!(tags, [Some("<cert>"), Some("<ca>")]);
    assert_eq!(tag(profile.keys[0].line), Some("<key>"));
    assert!(notes("client.ovpn")[0].contains("tls-auth"));
    assert!(notes("bundle.jwks")[0].contains("1 of its keys have no certificate"));
    assert!(notes("encoded-twice.yaml")[0].contains("Secret shop/twice, tls.crt is encoded 2 times"));
    assert!(notes("not-encoded.yaml")[0].contains("Secret shop/plain, tls.crt is not encoded"));
}

#[test]
fn a_document_that_is_broken_or_empty_says_where() {
    let secret = text("secret.yaml");
    let cases: &[(String, &[&str])] = &[
        (
            "apiVersion: v1\nkind: Secret\ndata: [\n".to_owned(),
            &["this YAML cannot be read"],
        ),
        (
            "{\"kind\": \"Secret\",\n \"data\": {".to_owned(),
            &["line 2", "this JSON cannot be read"],
        ),
        (
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n".to_owned(),
            &["this is the Kubernetes Secret a", "holds no certificate"],
        ),
        (
            secret.replace("tls.crt: LS0tLS1CRUdJTi", "tls.crt: LS0tLS1CRUdJTiB"),
            &["Secret shop/orders-tls, tls.crt"],
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n".to_owned(),
            &["the Kubernetes Pod p"],
        ),
    ];
    for (text, words) in cases {
        match read_bytes(text.as_bytes(), "x.yaml") {
            Err(error) => sentence(&error, "x.yaml", words),
            Ok(bundle) => assert!(bundle.certificates.is_empty(), "{words:?}"),
        }
    }
    // What an anchor can be made to cost is bounded.
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..20 {
        let before = format!("*a{},", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    bomb.push_str("kind: List\n");
    let error = read_bytes(bomb.as_bytes(), "x.yaml").expect_err("a bomb");
    sentence(&error, "x.yaml", &["this YAML cannot be read"]);
}

#[test]
fn a_document_never_shows_what_stands_in_it() {
    let secret = text("secret.yaml");
    for (from, to) in [("  tls.key: ", "  tls.key: [")] {
        let broken = secret.replace(from, to);
        let error = read_bytes(broken.as_bytes(), "x.yaml").expect_err("broken");
        let key = secret.split("tls.key: ").nth(1).expect("a key").trim();
        for start in 0..40 {
            assert!(!error.to_string().contains(&key[start..start + 8]), "{error}");
        }
    }
}

#[test]
fn pem_in_every_disguise_is_read_with_a_note() {
    let leaf = text("orders.pem");
    let chain = text("orders-chain.pem");
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let utf16 = |text: &str, is_little: bool| -> Vec<u8> {
        let mark = std::iter::once(0xfeff_u16);
        mark.chain(text.encode_utf16())
            .flat_map(|unit| {
                if is_little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    };
    let der = read_text(&leaf).expect("it reads").certificates[0].der.to_vec();
    let cases: Vec<(Vec<u8>, Option<Quirk>, usize)> = vec![
        (leaf.clone().into_bytes(), None, 1),
        (leaf.replace('\n', "\r\n").into_bytes(), None, 1),
        (
            format!("subject=CN = orders\nsome words\n{leaf}").into_bytes(),
            None,
            1,
        ),
        (base64(&leaf).into_bytes(), None, 1),
        (base64(&base64(&leaf)).into_bytes(), None, 1),
        (
            base64::engine::general_purpose::STANDARD
                .encode(&der)
                .into_bytes(),
            None,
            1,
        ),
        (
            format!("\u{feff}{leaf}").into_bytes(),
            Some(Quirk::ByteOrderMark),
            1,
        ),
        (utf16(&leaf, true), Some(Quirk::Utf16), 1),
        (utf16(&leaf, false), Some(Quirk::Utf16), 1),
        (utf16(&leaf, true)[2..].to_vec(), Some(Quirk::Utf16), 1),
        (utf16(&leaf, false)[2..].to_vec(), Some(Quirk::Utf16), 1),
        (
            leaf.replace("-----B", "  -----B").into_bytes(),
            Some(Quirk::Indented),
            1,
        ),
        (
            chain
                .replace(
                    "-----END CERTIFICATE-----\n-----B",
                    "-----END CERTIFICATE----------B",
                )
                .into_bytes(),
            Some(Quirk::Glued),
            2,
        ),
        (
            chain.replace('\n', "\\n").into_bytes(),
            Some(Quirk::LiteralBreaks),
            2,
        ),
        (
            format!("TLS_CERT=\"{}\"", chain.replace('\n', "\\n")).into_bytes(),
            Some(Quirk::LiteralBreaks),
            2,
        ),
        (chain.replace('\n', " ").into_bytes(), Some(Quirk::LostBreaks), 2),
        (chain.replace('\n', "").into_bytes(), Some(Quirk::LostBreaks), 2),
        (
            chain.replace('\n', "\r").into_bytes(),
            Some(Quirk::OldMacBreaks),
            2,
        ),
        (
            leaf.replace("CERTIFICATE-----\nM", "CERTIFICATE-----\nX-Note: hello\n\nM")
                .into_bytes(),
            Some(Quirk::InnerHeader),
            1,
        ),
        (text("trusted.pem").into_bytes(), Some(Quirk::TrustedLabel), 1),
        (
            leaf.replace("CERTIFICATE", "X509 CERTIFICATE").into_bytes(),
            Some(Quirk::X509Label),
            1,
        ),
    ];
    for (bytes, quirk, count) in cases {
        let name = format!("{quirk:?}");
        let bundle = read_bytes(&bytes, "x.pem").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(bundle.certificates.len(), count, "{name}");
        for certificate in &bundle.certificates {
            CertificateFacts::from_der(&certificate.der).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(bundle.recognised.len(), 1, "{name}");
        let refused: Vec<_> = bundle.notes.iter().map(|note| note.refused_by).collect();
        match quirk {
            None => assert!(refused.is_empty(), "{:?}", bundle.notes),
            // Glued blocks lost a line break, and no more.
            Some(quirk) => assert!(
                refused.contains(&quirk.refused_by()),
                "{name}: {:?}",
                bundle.notes
            ),
        }
    }
    let key = text("orders.key");
    for bytes in [key.replace('\n', "\\n"), key.replace('\n', " "), base64(&key)] {
        assert_eq!(
            read_bytes(bytes.as_bytes(), "x.key").expect("a key").keys.len(),
            1
        );
    }
}

#[test]
fn keys_of_other_worlds_are_refused_by_name() {
    for (text, word) in [
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA a@b\n", "SSH public key"),
        ("ecdsa-sha2-nistp256 AAAA a@b\n", "SSH public key"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n",
            "SSH key",
        ),
        ("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", "PuTTY"),
        (
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n",
            "SSH public key",
        ),
        (
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=njUN\n-----END PGP PUBLIC KEY BLOCK-----\n",
            "PGP",
        ),
        ("AGE-SECRET-KEY-1QQQQ\n", "age"),
    ] {
        let error = read_bytes(text.as_bytes(), "id").expect_err(word);
        sentence(&error, "id", &[word]);
        assert_eq!(error.reason, LoadReason::Foreign, "{error}");
    }
}

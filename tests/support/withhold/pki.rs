//! The certificates of the withhold tests: one root, one intermediate, a server, and clients that differ in one thing.

use std::path::{Path, PathBuf};

use mtlscope::capture::Der;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, SignatureAlgorithm,
};
use time::{Duration, OffsetDateTime};

/// A chain, leaf first, and the files that real programs read it from.
pub struct Identity {
    pub chain: Vec<Der>,
    /// PEM of the whole chain.
    pub chain_file: PathBuf,
    /// PEM of the leaf alone.
    pub leaf_file: PathBuf,
    /// PEM of what follows the leaf; empty where nothing does.
    pub above_file: PathBuf,
    /// PKCS#8, PEM.
    pub key_file: PathBuf,
    /// PKCS#8, DER, for rustls.
    pub key_der: Vec<u8>,
}

/// A CA: its parameters and key.
struct Authority {
    parameters: CertificateParams,
    key: KeyPair,
    der: Vec<u8>,
}

/// Everything that the tests need, as files below one directory.
pub struct Pki {
    pub directory: tempfile::TempDir,
    pub root_file: PathBuf,
    pub root_name: Vec<u8>,
    /// The root's name, written as PrintableString where its certificate has UTF8String: equal by RFC 5280 §7.1, and other bytes.
    pub root_name_otherwise: Vec<u8>,
    /// The root's name in capitals: equal by RFC 5280 §7.1 as well.
    pub root_name_in_capitals: Vec<u8>,
    pub issuer_name: Vec<u8>,
    pub foreign_name: Vec<u8>,
    pub server: Identity,
    clients: Vec<(&'static str, Identity)>,
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, DnValue::Utf8String(common.to_owned()));
    name
}

/// A distinguished name of one common name, as DER: 0x0c is UTF8String, 0x13 PrintableString.
fn name_der(common: &str, string_tag: u8) -> Vec<u8> {
    let wrap = |tag: u8, inside: &[u8]| [&[tag, inside.len() as u8], inside].concat();
    let attribute = [
        vec![0x06, 0x03, 0x55, 0x04, 0x03],
        wrap(string_tag, common.as_bytes()),
    ]
    .concat();
    wrap(0x30, &wrap(0x31, &wrap(0x30, &attribute)))
}

fn base(common: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name(common);
    let now = OffsetDateTime::now_utc();
    parameters.not_before = now - Duration::days(30);
    parameters.not_after = now + Duration::days(30);
    parameters
}

fn authority(common: &str, algorithm: &'static SignatureAlgorithm, above: Option<&Authority>) -> Authority {
    let mut parameters = base(common);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate_for(algorithm).expect("a key");
    let der = match above {
        None => parameters.self_signed(&key),
        Some(above) => {
            parameters.use_authority_key_identifier_extension = true;
            parameters.signed_by(&key, &Issuer::from_params(&above.parameters, &above.key))
        }
    }
    .expect("a certificate")
    .der()
    .to_vec();
    Authority { parameters, key, der }
}

/// A leaf that any server would want: clientAuth, digitalSignature.
fn client() -> CertificateParams {
    let mut parameters = base("orders");
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    parameters.subject_alt_names = vec![SanType::DnsName("orders.shop.svc".try_into().expect("a name"))];
    parameters
}

fn pem(tag: &str, der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len())
        .step_by(64)
        .map(|start| &text[start..text.len().min(start + 64)])
        .collect();
    format!(
        "-----BEGIN {tag}-----\n{}\n-----END {tag}-----\n",
        lines.join("\n")
    )
}

/// PKCS#8 that old programs read: Ed25519 without the public key that version 2 adds (RFC 8410 §7, RFC 5958 §2).
fn pkcs8(key: &KeyPair) -> Vec<u8> {
    let der = key.serialize_der();
    if !key.is_compatible(&rcgen::PKCS_ED25519) {
        return der;
    }
    let start = [0x04, 0x22, 0x04, 0x20];
    let at = der
        .windows(4)
        .position(|window| window == start)
        .expect("an Ed25519 private key");
    let seed = &der[at..at + 36];
    [
        &[
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
        ],
        seed,
    ]
    .concat()
}

fn write(directory: &Path, name: &str, text: &str) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, text).expect("a file of the test");
    path
}

fn identity(directory: &Path, name: &str, leaf: Vec<u8>, key: &KeyPair, above: &[&Authority]) -> Identity {
    let leaf_pem = pem("CERTIFICATE", &leaf);
    let above_pem: String = above.iter().map(|one| pem("CERTIFICATE", &one.der)).collect();
    let key_der = pkcs8(key);
    let mut chain = vec![Der::from(leaf)];
    chain.extend(above.iter().map(|one| Der::from(one.der.clone())));
    Identity {
        chain,
        chain_file: write(
            directory,
            &format!("{name}.chain.pem"),
            &format!("{leaf_pem}{above_pem}"),
        ),
        leaf_file: write(directory, &format!("{name}.leaf.pem"), &leaf_pem),
        above_file: write(directory, &format!("{name}.above.pem"), &above_pem),
        key_file: write(
            directory,
            &format!("{name}.key.pem"),
            &pem("PRIVATE KEY", &key_der),
        ),
        key_der,
    }
}

/// What rcgen does not make: keys and signatures of yesterday. `None` where there is no openssl command.
fn old(directory: &Path, name: &str, key: &[&str], digest: &str, root: [&PathBuf; 2]) -> Option<Identity> {
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new("openssl")
            .args(arguments)
            .current_dir(directory)
            .stdin(std::process::Stdio::null())
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    let file = |what: &str| format!("{name}.{what}");
    write(
        directory,
        &file("ext"),
        "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n",
    );
    let [root_file, root_key] = root.map(|path| path.to_string_lossy().into_owned());
    let (key_file, request, leaf) = (file("key.pem"), file("csr"), file("leaf.pem"));
    let ask = [
        "req",
        "-new",
        "-nodes",
        "-subj",
        "/CN=orders",
        "-keyout",
        &key_file,
        "-out",
        &request,
    ];
    let ext = file("ext");
    let issue = [
        "x509",
        "-req",
        "-in",
        &request,
        "-CA",
        &root_file,
        "-CAkey",
        &root_key,
        "-set_serial",
        "7",
        "-days",
        "30",
        digest,
        "-extfile",
        &ext,
        "-out",
        &leaf,
    ];
    if !run(&[&ask, key].concat()) || !run(&issue) {
        return None;
    }
    let bytes = |name: &str| {
        use rustls::pki_types::pem::PemObject;
        let path = directory.join(name);
        if name == leaf {
            rustls::pki_types::CertificateDer::from_pem_file(path)
                .expect("a certificate")
                .to_vec()
        } else {
            rustls::pki_types::PrivatePkcs8KeyDer::from_pem_file(path)
                .expect("a key")
                .secret_pkcs8_der()
                .to_vec()
        }
    };
    let path = |name: &str| directory.join(name);
    Some(Identity {
        chain: vec![Der::from(bytes(&leaf))],
        chain_file: path(&leaf),
        leaf_file: path(&leaf),
        above_file: path(&leaf),
        key_file: path(&key_file),
        key_der: bytes(&key_file),
    })
}

impl Pki {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory for the test");
        let path = directory.path().to_path_buf();
        let ec = &rcgen::PKCS_ECDSA_P256_SHA256;
        let root = authority("Lens Root", ec, None);
        let middle = authority("Lens Issuer", ec, Some(&root));
        let p384_root = authority("Lens P-384 Root", &rcgen::PKCS_ECDSA_P384_SHA384, None);
        let under_p384 = authority("Lens Issuer Below", ec, Some(&p384_root));
        let rsa_root = authority("Lens RSA Root", &rcgen::PKCS_RSA_SHA256, None);
        let issue = |name: &str,
                     parameters: CertificateParams,
                     algorithm: &'static SignatureAlgorithm,
                     by: Option<&Authority>,
                     above: &[&Authority]| {
            let key = KeyPair::generate_for(algorithm).expect("a key");
            let certificate = match by {
                Some(by) => parameters.signed_by(&key, &Issuer::from_params(&by.parameters, &by.key)),
                None => parameters.self_signed(&key),
            };
            let leaf = certificate.expect("a certificate").der().to_vec();
            identity(&path, name, leaf, &key, above)
        };
        let changed = |change: &dyn Fn(&mut CertificateParams)| {
            let mut parameters = client();
            change(&mut parameters);
            parameters
        };
        let now = OffsetDateTime::now_utc();
        let server_parameters = changed(&|leaf| {
            leaf.distinguished_name = name("payments");
            leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            leaf.subject_alt_names = vec![
                SanType::DnsName("localhost".try_into().expect("a name")),
                SanType::IpAddress("127.0.0.1".parse().expect("an address")),
            ];
        });
        let server = issue("server", server_parameters, ec, Some(&root), &[]);
        let clients = vec![
            ("good", issue("good", client(), ec, Some(&root), &[])),
            ("two", issue("two", client(), ec, Some(&middle), &[&middle])),
            (
                "leaf-alone",
                issue("leaf-alone", client(), ec, Some(&middle), &[]),
            ),
            (
                "rsa",
                issue("rsa", client(), &rcgen::PKCS_RSA_SHA256, Some(&root), &[]),
            ),
            (
                "p384",
                issue("p384", client(), &rcgen::PKCS_ECDSA_P384_SHA384, Some(&root), &[]),
            ),
            (
                "p521",
                issue("p521", client(), &rcgen::PKCS_ECDSA_P521_SHA512, Some(&root), &[]),
            ),
            (
                "two-of-p384",
                issue("two-of-p384", client(), ec, Some(&under_p384), &[&under_p384]),
            ),
            (
                "rsa-of-rsa",
                issue(
                    "rsa-of-rsa",
                    client(),
                    &rcgen::PKCS_RSA_SHA256,
                    Some(&rsa_root),
                    &[],
                ),
            ),
            (
                "ed25519",
                issue("ed25519", client(), &rcgen::PKCS_ED25519, Some(&root), &[]),
            ),
            (
                "server-only",
                issue(
                    "server-only",
                    changed(&|leaf| leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]),
                    ec,
                    Some(&root),
                    &[],
                ),
            ),
            (
                "no-purposes",
                issue(
                    "no-purposes",
                    changed(&|leaf| leaf.extended_key_usages.clear()),
                    ec,
                    Some(&root),
                    &[],
                ),
            ),
            (
                "expired",
                issue(
                    "expired",
                    changed(&|leaf| leaf.not_after = now - Duration::days(1)),
                    ec,
                    Some(&root),
                    &[],
                ),
            ),
            (
                "not-yet",
                issue(
                    "not-yet",
                    changed(&|leaf| leaf.not_before = now + Duration::days(1)),
                    ec,
                    Some(&root),
                    &[],
                ),
            ),
            ("self-signed", issue("self-signed", client(), ec, None, &[])),
            (
                "no-signing",
                issue(
                    "no-signing",
                    changed(&|leaf| leaf.key_usages = vec![KeyUsagePurpose::KeyAgreement]),
                    ec,
                    Some(&root),
                    &[],
                ),
            ),
            ("of-rsa", issue("of-rsa", client(), ec, Some(&rsa_root), &[])),
        ];
        let mut clients = clients;
        let root_key = write(&path, "root.key.pem", &pem("PRIVATE KEY", &pkcs8(&root.key)));
        let root_file = write(&path, "root.pem", &pem("CERTIFICATE", &root.der));
        for (name, key, digest) in [
            ("rsa-1024", ["-newkey", "rsa:1024"].as_slice(), "-sha256"),
            (
                "of-sha1",
                &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                "-sha1",
            ),
        ] {
            let weak = old(&path, name, key, digest, [&root_file, &root_key]);
            clients.extend(weak.map(|identity| (name, identity)));
        }
        Self {
            root_file: write(&path, "root.pem", &pem("CERTIFICATE", &root.der)),
            root_name: name_der("Lens Root", 0x0c),
            root_name_otherwise: name_der("Lens Root", 0x13),
            root_name_in_capitals: name_der("LENS ROOT", 0x0c),
            issuer_name: name_der("Lens Issuer", 0x0c),
            foreign_name: name_der("Somebody Else's Root", 0x0c),
            server,
            clients,
            directory,
        }
    }

    /// Whether there is a client identity of this name: the old ones need the openssl command.
    pub fn has(&self, name: &str) -> bool {
        self.clients.iter().any(|(known, _)| *known == name)
    }

    /// The client identity of this name.
    pub fn client(&self, name: &str) -> &Identity {
        self.clients
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, identity)| identity)
            .expect("a client of that name")
    }
}

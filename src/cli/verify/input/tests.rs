//! What a path names: each chain as it lies, with its keys, its notes and its authorities.

use super::*;
use crate::cli::passphrase::PassphraseFlags;
use crate::pki::{CertificateFacts, Minted, Recipe, mint};

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),
        (name: "orders", subject: "orders", issuer: "issuer"),
        (name: "billing", subject: "billing", issuer: "issuer")]"#,
    )
    .expect("recipes");
    mint(&recipes, 1_800_000_000).expect("it mints")
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
}

fn subjects(certificates: &[LoadedCertificate]) -> String {
    let name = |one: &LoadedCertificate| {
        CertificateFacts::from_der(&one.der).map_or_else(|_| "?".to_owned(), |facts| facts.display_name)
    };
    certificates.iter().map(name).collect::<Vec<_>>().join(" < ")
}

/// A line for each chain, what is said of it below it, and the authorities; files without their folder.
fn told(named: Named, folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    let short = |words: &str| {
        words
            .replace(&format!("{}/", folder.display()), "")
            .replace(&folder.display().to_string(), "FOLDER")
    };
    for target in named.targets {
        let file = short(&target.file);
        match target.chain {
            Ok(chain) => {
                let keys = chain.keys.len();
                lines.push(format!("{file}: {}; {keys} keys", subjects(&chain.certificates)));
                lines.extend(chain.notes.iter().map(|note| format!("  {}", short(note))));
            }
            Err(Unusable(words)) => lines.push(format!("{file}: refused: {}", short(&words))),
        }
    }
    if !named.known.is_empty() {
        lines.push(format!("known: {}", subjects(&named.known)));
    }
    lines
}

fn read(path: &Path, folder: &Path, signs: bool) -> Vec<String> {
    let mut files = Files::new(&PassphraseFlags::default()).expect("no passphrase");
    told(named(&mut files, path, signs), folder)
}

/// A file's own order is what is sent: nothing is sorted, and no chain made of two.
#[test]
fn a_plain_file_is_one_chain_in_its_own_order() {
    let pki = pki();
    let find = |name: &str| pki.find(name).expect("minted");
    let certificate = |name: &str| pem("CERTIFICATE", &find(name).certificate.der);
    let key = |name: &str| pem("PRIVATE KEY", find(name).key.key.der.secret_der());
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let path = folder.join("chain.pem");
    for (parts, signs, wanted) in [
        (
            vec![certificate("orders"), certificate("issuer")],
            false,
            vec!["chain.pem: orders < Issuer; 0 keys"],
        ),
        (
            vec![certificate("issuer"), certificate("orders")],
            false,
            vec!["chain.pem: Issuer < orders; 0 keys"],
        ),
        (
            vec![
                certificate("root"),
                certificate("issuer"),
                certificate("orders"),
                certificate("billing"),
            ],
            false,
            vec!["chain.pem: Root < Issuer < orders < billing; 0 keys"],
        ),
        (vec![certificate("root")], true, vec!["chain.pem: Root; 0 keys"]),
        (
            vec![
                certificate("issuer"),
                key("orders"),
                certificate("orders"),
                key("billing"),
            ],
            false,
            vec![
                "chain.pem: Issuer < orders; 2 keys",
                "  chain.pem holds a private key in line 4 as well; it was not used.",
            ],
        ),
        (
            vec![key("orders"), certificate("orders")],
            true,
            vec![
                "chain.pem: orders; 1 keys",
                "  chain.pem holds a private key in line 1 as well; our own end signs with it, and no other program gets it.",
            ],
        ),
        (
            vec![key("orders")],
            false,
            vec![
                "chain.pem: refused: chain.pem: there is a private key here but no certificate; give the file that holds the chain",
            ],
        ),
    ] {
        std::fs::write(&path, parts.concat()).expect("written");
        assert_eq!(read(&path, folder, signs), wanted);
    }
}

/// A document or a container may hold several chains, each in its place, and authorities beside them.
#[test]
fn each_place_of_a_document_is_a_chain_of_its_own() {
    let containers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers");
    let mut told = String::new();
    for name in [
        "secret.yaml",
        "two-documents.yaml",
        "list.json",
        "kubeconfig",
        "chain.p7b",
        "client.ovpn",
        "orders.p12",
        "public.der",
    ] {
        for line in read(&containers.join(name), &containers, false) {
            told.push_str(&line);
            told.push('\n');
        }
    }
    insta::assert_snapshot!(told);
}

/// Leaf by leaf, with what was passed over said once, and what is closed or broken refused by itself.
#[test]
fn a_folder_is_read_whole() {
    let pki = pki();
    let find = |name: &str| pki.find(name).expect("minted");
    let certificate = |name: &str| pem("CERTIFICATE", &find(name).certificate.der);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    assert_eq!(
        read(folder, folder, false),
        [
            "FOLDER: refused: FOLDER: no file in this folder holds a chain; give the folder or the file that does"
        ]
    );
    write("README", "Nothing to see here.\n");
    write("a-ca.pem", &certificate("root"));
    assert_eq!(
        read(folder, folder, false),
        [
            "FOLDER: refused: FOLDER: no file in this folder holds a chain; give the folder or the file that does"
        ]
    );
    write("b.pem", &(certificate("orders") + &certificate("issuer")));
    write("c.pem", &certificate("billing"));
    write(
        "c.key",
        &pem("PRIVATE KEY", find("billing").key.key.der.secret_der()),
    );
    assert_eq!(
        read(folder, folder, false),
        [
            "c.pem: billing; 1 keys",
            "  1 files in FOLDER hold no certificate and no key; they were passed over.",
            "b.pem: orders < Issuer; 0 keys",
            "known: Root"
        ]
    );
}

//! Who refuses PEM that departs from RFC 7468: the real programs are asked again, and what the loader says of each must be
//! what they do.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use mtlscope::pki::{Quirk, read_file};
use mtlscope::stack::Stack;

use crate::support::machine::skipped;
use crate::support::openssl::is_at_hand;

/// The stacks that read PEM by themselves.
const READERS: [Stack; 6] = [
    Stack::OpenSsl,
    Stack::GnuTls,
    Stack::Go,
    Stack::Java,
    Stack::Node,
    Stack::Python,
];

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/containers")
        .join(name);
    std::fs::read_to_string(path).expect("a fixture")
}

/// Files that show one quirk each; two of UTF-16.
fn samples() -> Vec<(Quirk, Vec<u8>)> {
    let one = fixture("ca.pem");
    let two = fixture("orders-chain.pem");
    let utf16 = |is_little: bool| -> Vec<u8> {
        std::iter::once(0xfeff_u16)
            .chain(one.encode_utf16())
            .flat_map(|unit| {
                if is_little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    };
    let end = "-----END CERTIFICATE-----\n";
    Quirk::ALL
        .into_iter()
        .flat_map(|quirk| match quirk {
            Quirk::ByteOrderMark => vec![(quirk, format!("\u{feff}{one}").into_bytes())],
            Quirk::Utf16 => vec![(quirk, utf16(true)), (quirk, utf16(false))],
            Quirk::Indented => vec![(
                quirk,
                format!("  {}", one.trim_end().replace('\n', "\n  ")).into_bytes(),
            )],
            Quirk::Glued => vec![(quirk, two.replacen(end, end.trim_end(), 1).into_bytes())],
            Quirk::LiteralBreaks => vec![(quirk, one.replace('\n', "\\n").into_bytes())],
            Quirk::LostBreaks => vec![(quirk, one.replace('\n', " ").into_bytes())],
            Quirk::OldMacBreaks => vec![(quirk, one.replace('\n', "\r").into_bytes())],
            Quirk::InnerHeader => {
                let begin = "-----BEGIN CERTIFICATE-----\n";
                vec![(
                    quirk,
                    one.replace(begin, &format!("{begin}X-Note: hello\n\n"))
                        .into_bytes(),
                )]
            }
            Quirk::TrustedLabel => vec![(quirk, fixture("trusted.pem").into_bytes())],
            Quirk::X509Label => vec![(quirk, one.replace("CERTIFICATE", "X509 CERTIFICATE").into_bytes())],
            Quirk::OtherDashes => vec![
                (quirk, one.replace("-----", "\u{2014}--").into_bytes()),
                (quirk, one.replace("-----BEGIN ", "---- BEGIN ").into_bytes()),
                (quirk, one.replace("-----", "------").into_bytes()),
                (quirk, one.replace("-----", "----").into_bytes()),
                (quirk, one.replace("-----", "\u{2013}").into_bytes()),
                (
                    quirk,
                    one.replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE------")
                        .into_bytes(),
                ),
                (
                    quirk,
                    one.replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE")
                        .into_bytes(),
                ),
                (quirk, one.replace("-----BEGIN ", "BEGIN ").into_bytes()),
                (quirk, one.replace("-----END ", "----END ").into_bytes()),
                (quirk, one.replace("BEGIN ", "BEGIN  ").into_bytes()),
                (quirk, one.replace("-----BEGIN ", "----- BEGIN ").into_bytes()),
            ],
            Quirk::HyphenCount => vec![
                (quirk, one.replace("-----BEGIN ", "------BEGIN ").into_bytes()),
                (quirk, one.replace("-----END ", "-------END ").into_bytes()),
                (
                    quirk,
                    one.replace("END CERTIFICATE-----", "END CERTIFICATE------")
                        .into_bytes(),
                ),
                (
                    quirk,
                    one.replace("END CERTIFICATE-----", "END CERTIFICATE---")
                        .into_bytes(),
                ),
                (
                    quirk,
                    one.replace("END CERTIFICATE-----", "END CERTIFICATE")
                        .into_bytes(),
                ),
            ],
            Quirk::BehindEnd => vec![(
                quirk,
                one.replace(end.trim_end(), &format!("{} # CA", end.trim_end()))
                    .into_bytes(),
            )],
            Quirk::ContainerLabel => vec![(
                quirk,
                fixture("chain.p7b").replace("PKCS7", "CERTIFICATE").into_bytes(),
            )],
        })
        .collect()
}

const GO: &str = r#"package main
import ("crypto/x509"; "fmt"; "os")
func main() { for _, name := range os.Args[1:] { text, _ := os.ReadFile(name); fmt.Println(name, x509.NewCertPool().AppendCertsFromPEM(text)) } }
"#;

const JAVA: &str = r#"import java.io.*; import java.nio.file.*; import java.security.cert.*;
public class Reads { public static void main(String[] names) throws Exception { for (String name : names) {
  boolean is; try { is = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(Files.readAllBytes(Path.of(name)))).size() > 0; }
  catch (CertificateException refused) { is = false; }
  System.out.println(name + " " + is); } } }
"#;

const NODE: &str = "for (const name of process.argv.slice(1)) { let is = true; try { new (require('crypto').X509Certificate)(require('fs').readFileSync(name)) } catch { is = false } console.log(name, is) }";

const PYTHON: &str = "import ssl, sys
for name in sys.argv[1:]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try: context.load_verify_locations(name); print(name, 'true')
    except (ssl.SSLError, ValueError): print(name, 'false')";

/// Which of the files the stack reads; `None` where it is not here.
fn ask(stack: Stack, folder: &Path, names: &[String]) -> Option<BTreeMap<String, bool>> {
    let one_by_one = |program: &str, arguments: &[&str]| {
        names
            .iter()
            .map(|name| {
                let mut command = Command::new(program);
                let output = command
                    .args(arguments)
                    .arg(name)
                    .current_dir(folder)
                    .output()
                    .ok()?;
                Some((name.clone(), output.status.success()))
            })
            .collect::<Option<BTreeMap<String, bool>>>()
    };
    let all_at_once = |mut command: Command| {
        let output = command.args(names).current_dir(folder).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Some(
            text.lines()
                .filter_map(|line| line.split_once(' '))
                .map(|(name, word)| (name.to_owned(), word == "true"))
                .collect(),
        )
    };
    let script = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments);
        command
    };
    match stack {
        Stack::OpenSsl => one_by_one("openssl", &["x509", "-noout", "-in"]),
        Stack::GnuTls => one_by_one("certtool", &["--certificate-info", "--infile"]),
        Stack::Go => {
            std::fs::write(folder.join("reads.go"), GO).ok()?;
            let mut command = script("go", &["run", "reads.go"]);
            command.env("GO111MODULE", "off").env("GOFLAGS", "");
            all_at_once(command)
        }
        Stack::Java => {
            std::fs::write(folder.join("Reads.java"), JAVA).ok()?;
            all_at_once(script("java", &["Reads.java"]))
        }
        Stack::Node => all_at_once(script("node", &["-e", NODE, "--"])),
        Stack::Python => all_at_once(script("python3", &["-c", PYTHON])),
        Stack::Curl | Stack::Nginx | Stack::Envoy | Stack::Rustls => None,
    }
}

#[test]
fn who_refuses_unusual_pem_is_what_the_programs_do() {
    let test = "who_refuses_unusual_pem_is_what_the_programs_do";
    if !is_at_hand(test) {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let samples = samples();
    let name = |at: usize| format!("{at}.pem");
    for (at, (quirk, bytes)) in samples.iter().enumerate() {
        std::fs::write(directory.path().join(name(at)), bytes).expect("a file");
        let bundle = read_file(&directory.path().join(name(at))).unwrap_or_else(|error| panic!("{error}"));
        assert!(
            bundle
                .notes
                .iter()
                .any(|note| note.refused_by == quirk.refused_by()),
            "{quirk:?}: {:?}",
            bundle.notes
        );
    }
    let usual = "usual.pem".to_owned();
    std::fs::write(directory.path().join(&usual), fixture("ca.pem")).expect("a file");
    let names: Vec<String> = (0..samples.len()).map(name).chain([usual.clone()]).collect();
    for stack in READERS {
        let Some(said) = ask(stack, directory.path(), &names) else {
            skipped(test, &format!("{} is not here", stack.name()));
            continue;
        };
        assert_eq!(said.get(&usual), Some(&true), "{}: {said:?}", stack.name());
        for (at, (quirk, _)) in samples.iter().enumerate() {
            let reads = said
                .get(&name(at))
                .copied()
                .unwrap_or_else(|| panic!("{}: {said:?}", stack.name()));
            assert_eq!(
                !reads,
                quirk.refused_by().contains(&stack),
                "{} and {quirk:?}",
                stack.name()
            );
        }
    }
}

/// What mends a file is run as it is printed: then every stack reads it, and nothing is said of it any more.
#[test]
fn the_mend_of_unusual_pem_is_read_by_everybody() {
    let test = "the_mend_of_unusual_pem_is_read_by_everybody";
    if !is_at_hand(test) {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let mut names = Vec::new();
    for (at, (quirk, bytes)) in samples().iter().enumerate() {
        let file = format!("it's {at}.pem");
        std::fs::write(directory.path().join(&file), bytes).expect("a file");
        let before = read_file(&directory.path().join(&file)).unwrap_or_else(|error| panic!("{error}"));
        let note = before.notes.first().expect("a note");
        let command = note
            .mend_of(&file)
            .unwrap_or_else(|| panic!("{quirk:?}: no mend"));
        let status = Command::new("sh")
            .args(["-c", &command])
            .current_dir(directory.path())
            .status()
            .expect("a shell");
        assert!(status.success(), "{command}");
        let mended = format!("it's {at}-mended.pem");
        let after =
            read_file(&directory.path().join(&mended)).unwrap_or_else(|error| panic!("{error}\n{command}"));
        assert!(after.notes.is_empty(), "{quirk:?}: {:?}\n{command}", after.notes);
        let count = |bundle: &mtlscope::pki::Bundle| bundle.certificates.len();
        assert_eq!(count(&after), count(&before), "{command}");
        let name = format!("mended-{at}.pem");
        std::fs::rename(directory.path().join(&mended), directory.path().join(&name)).expect("renamed");
        names.push(name);
    }
    for stack in READERS {
        let Some(said) = ask(stack, directory.path(), &names) else {
            skipped(test, &format!("{} is not here", stack.name()));
            continue;
        };
        let refused: Vec<&String> = said
            .iter()
            .filter(|(_, reads)| !**reads)
            .map(|(name, _)| name)
            .collect();
        assert!(refused.is_empty(), "{}: {refused:?}", stack.name());
    }
}

/// Containers with RC2-40: OpenSSL 3 and Node.js refuse them, as the loader says.
#[test]
fn who_refuses_a_container_of_the_nineties_is_what_the_programs_do() {
    let test = "who_refuses_a_container_of_the_nineties_is_what_the_programs_do";
    if !is_at_hand(test) {
        return;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers/legacy-rc2-40.p12");
    let openssl = |more: &[&str]| {
        let mut command = Command::new("openssl");
        command
            .args(["pkcs12", "-noout", "-passin", "pass:changeit"])
            .args(more)
            .arg("-in")
            .arg(&file);
        command.output().expect("it runs").status.success()
    };
    assert!(!openssl(&[]) && openssl(&["-legacy"]));
    let node = "require('tls').createSecureContext({pfx: require('fs').readFileSync(process.argv[1]), passphrase: 'changeit'})";
    match Command::new("node").args(["-e", node]).arg(&file).output() {
        Ok(output) => assert!(
            String::from_utf8_lossy(&output.stderr).contains("PFX"),
            "{output:?}"
        ),
        Err(_) => skipped(test, "Node.js is not here"),
    }
}

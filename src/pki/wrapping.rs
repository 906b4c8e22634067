//! What a certificate or a key lies in, where no tool reads it as it stands; and the commands that take it out.
//!
//! A container may have any order. So a certificate is told from the others by a line of its own base64, which the command
//! holds; a private key only where it is the one key of its file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::quote::shell_file;
use super::shell::CERTIFICATES_OF;

/// What something lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wrapping {
    /// A PKCS#12 container.
    Pkcs12 {
        /// OpenSSL 3 opens it with `-legacy` only.
        is_legacy: bool,
    },
    /// A PKCS#7 container.
    Pkcs7 {
        /// As PEM.
        is_pem: bool,
    },
    /// Java's own key store.
    JavaStore {
        /// JCEKS, which keytool has to be told.
        is_jceks: bool,
    },
    /// Text around PEM, which may be indented: a profile of OpenVPN, a ConfigMap.
    Text,
    /// Values that are PEM in base64, a line each: a Secret, a kubeconfig.
    Values,
    /// Nothing but base64.
    Base64 {
        /// Of PEM; else of DER.
        is_pem: bool,
    },
    /// Several layers, or a form that no short command opens.
    Other,
}

/// Prints every line that awk gets without the blanks before it.
const WITHOUT_INDENT: &str = "sub(/^[ \\t]+/,\"\")";
/// Prints the private keys among PEM blocks.
pub(super) const KEYS: &str = "/BEGIN.*PRIVATE KEY-/,/END.*PRIVATE KEY-/";

impl Wrapping {
    /// Prints what lies in a file, one PEM block after the other; `None` where no short command does.
    fn all_of(self, file: &str, what: What) -> Option<String> {
        let file = shell_file(file);
        let command = match self {
            Self::Pkcs12 { is_legacy } => {
                let legacy = if is_legacy { "-legacy " } else { "" };
                let what = match what {
                    What::Certificates => NO_KEYS,
                    What::Key => ONLY_KEYS,
                    // OpenSSL passes them over.
                    What::List => return None,
                };
                format!("{OPEN_PKCS12}{legacy}-in {file}{what}")
            }
            Self::Pkcs7 { is_pem } => {
                let form = if is_pem { "" } else { "-inform DER " };
                format!("openssl pkcs7 {form}-in {file} -print_certs")
            }
            Self::JavaStore { is_jceks } => {
                let form = if is_jceks { JCEKS } else { "" };
                format!("{OPEN_JAVA}{file}{form}")
            }
            Self::Text => format!("awk '{{{WITHOUT_INDENT}}} 1' {file}"),
            Self::Values => format!(
                "grep -oE '[A-Za-z0-9+/]{{{FEWEST_OF_A_VALUE},}}=*' {file} | while read -r value; do printf %s \"$value\" | base64 -d; echo; done"
            ),
            Self::Base64 { is_pem: true } => format!("base64 -d {file}"),
            Self::Base64 { is_pem: false } => {
                let read = match what {
                    What::Certificates => "x509",
                    What::Key => "pkey",
                    What::List => "crl",
                };
                format!("base64 -d {file} | openssl {read} -inform DER")
            }
            Self::Other => return None,
        };
        Some(command)
    }
}

#[derive(Clone, Copy)]
enum What {
    Certificates,
    Key,
    List,
}

/// How a PKCS#12 container is opened, up to its options and its file.
pub(super) const OPEN_PKCS12: &str = "openssl pkcs12 ";
/// How a Java store is opened, up to its file.
pub(super) const OPEN_JAVA: &str = "keytool -list -rfc -keystore ";
/// keytool has to be told of a JCEKS.
pub(super) const JCEKS: &str = " -storetype JCEKS";
/// How a Java store becomes a PKCS#12 container, up to its file.
pub(super) const IMPORT_JAVA: &str = "keytool -importkeystore -srckeystore ";
/// What stands between the files of a Java store and of the container that it becomes.
pub(super) const FROM_JKS: &str = " -srcstoretype JKS -deststoretype PKCS12 -destkeystore ";
/// The same of a JCEKS.
pub(super) const FROM_JCEKS: &str = " -srcstoretype JCEKS -deststoretype PKCS12 -destkeystore ";
/// Of a PKCS#12 container the certificates only.
pub(super) const NO_KEYS: &str = " -nokeys";
/// Of a PKCS#12 container the keys only, without a passphrase.
pub(super) const ONLY_KEYS: &str = " -nocerts -nodes";

/// A shorter run of base64 in a text is a word.
pub(super) const FEWEST_OF_A_VALUE: usize = 64;
/// So much of the end of a line tells certificates apart.
const LETTERS_OF_A_MARK: usize = 32;

/// The last whole line of a certificate's base64: it ends in the signature, which no other has.
pub(super) fn mark(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let whole = (text.len() / 64).saturating_sub(1) * 64;
    text.chars().skip(whole).take(64).collect()
}

/// Prints one certificate of a file as PEM, whatever else lies there.
pub fn certificate_out_of(wrapping: Wrapping, file: &str, der: &[u8]) -> String {
    object_out_of(wrapping, file, der, What::Certificates)
}

/// Prints one revocation list of a file as PEM, whatever else lies there.
pub fn list_out_of(wrapping: Wrapping, file: &str, der: &[u8]) -> String {
    object_out_of(wrapping, file, der, What::List)
}

fn object_out_of(wrapping: Wrapping, file: &str, der: &[u8], what: What) -> String {
    let (label, read) = match what {
        What::List => ("X509 CRL", "crl"),
        What::Certificates | What::Key => ("CERTIFICATE", "x509"),
    };
    let Some(all) = wrapping.all_of(file, what) else {
        return format!(
            "echo {} | base64 -d | openssl {read} -inform DER",
            STANDARD.encode(der)
        );
    };
    if wrapping == (Wrapping::Base64 { is_pem: false }) {
        return all;
    }
    let line = mark(der);
    let mark = line
        .get(line.len().saturating_sub(LETTERS_OF_A_MARK)..)
        .unwrap_or_default();
    format!(
        "{all} | awk '/BEGIN {label}-/{{c=\"\"}} {{c=c $0 \"\\n\"}} /END {label}-/&&index(c,\"{mark}\"){{printf \"%s\",c; exit}}'"
    )
}

/// Prints all certificates of a file as PEM; `None` where no short command does.
pub fn certificates_out_of(wrapping: Wrapping, file: &str) -> Option<String> {
    let all = wrapping.all_of(file, What::Certificates)?;
    Some(format!("{all} | {CERTIFICATES_OF}"))
}

/// Writes the one key of a file to another, which its owner alone may read, step by step; `None` where no short command does.
pub fn key_out_of(wrapping: Wrapping, file: &str, out: &str) -> Option<Vec<String>> {
    let for_its_owner = |commands: &str| format!("( umask 077; {commands} )");
    let to = shell_file(out);
    let all = match wrapping {
        Wrapping::Pkcs7 { .. } | Wrapping::Other => return None,
        // keytool gives no key away, but a container that OpenSSL opens.
        Wrapping::JavaStore { is_jceks } => {
            let form = if is_jceks { FROM_JCEKS } else { FROM_JKS };
            let container = format!("{}.p12", out.strip_suffix(".pem").unwrap_or(out));
            let import = format!(
                "{IMPORT_JAVA}{}{form}{}",
                shell_file(file),
                shell_file(&container)
            );
            let open = Wrapping::Pkcs12 { is_legacy: false }.all_of(&container, What::Key)?;
            return Some(vec![
                for_its_owner(&import),
                for_its_owner(&format!("{open} > {to}")),
            ]);
        }
        Wrapping::Pkcs12 { .. } | Wrapping::Base64 { is_pem: false } => wrapping.all_of(file, What::Key)?,
        Wrapping::Text | Wrapping::Values | Wrapping::Base64 { is_pem: true } => {
            format!("{} | awk '{KEYS}'", wrapping.all_of(file, What::Key)?)
        }
    };
    Some(vec![for_its_owner(&format!("{all} > {to}"))])
}

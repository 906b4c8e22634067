//! What fills the braces of a cause's words: facts, file names, and whole commands.

use serde::Deserialize;

use crate::capture::Side;
use crate::pki::{CERTIFICATES_OF, shell_quote};

/// Stands for a private key whose file nobody named.
const KEY: &str = "KEY.pem";
/// Stands for the private key of the CA at fault.
const OWN_KEY: &str = "INTERMEDIATE-KEY.pem";
/// Stands for the certificate of a CA that is not at hand.
pub(super) const CA: &str = "CA.pem";
/// Stands for a CA's private key, which is never at hand.
const CA_KEY: &str = "CA-KEY.pem";
/// Stands for a revocation list that was in no file.
const LIST: &str = "LIST.pem";
/// Stands for a leaf that is not at hand.
const LEAF: &str = "LEAF.pem";

/// What fills the braces.
#[derive(Clone, Debug, Default)]
pub(super) struct Fill {
    values: Vec<(&'static str, String)>,
    /// A command that is whole already, quoted where it must be.
    commands: Vec<(&'static str, String)>,
    /// A detail in place of the template's, which says more than is known.
    pub(super) detail: Option<String>,
    /// What holds of the case, for remedies that are for some cases only.
    traits: Vec<Trait>,
    /// Names of files, hosts and subjects: a sentence that begins with one keeps its case.
    proper: Vec<String>,
}

/// What holds of a case. A remedy may be for some cases only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Trait {
    /// The certificate at fault is the sender's own. The usual case.
    Leaf,
    /// The certificate at fault is a CA's.
    Ca,
    /// A newer certificate of the same name and key is at hand.
    Renewed,
    /// None is.
    NotRenewed,
    /// The issuer at hand is an intermediate: it is to be sent, not trusted.
    IssuerIsBelow,
    /// It is a root, or not at hand.
    IssuerIsNotBelow,
    /// The issuer at hand is a root, which need not be sent.
    IssuerIsTop,
    /// It is an intermediate, or not at hand.
    IssuerIsNotTop,
    /// It carries names of its own. The usual case.
    Named,
    /// It names nobody.
    Nameless,
    /// What is issued anew gets a new key.
    NewKey,
    /// It keeps its key.
    SameKey,
}

impl Trait {
    /// What does not hold where this does.
    fn opposite(self) -> Self {
        match self {
            Self::Leaf => Self::Ca,
            Self::Ca => Self::Leaf,
            Self::Renewed => Self::NotRenewed,
            Self::NotRenewed => Self::Renewed,
            Self::IssuerIsBelow => Self::IssuerIsNotBelow,
            Self::IssuerIsNotBelow => Self::IssuerIsBelow,
            Self::IssuerIsTop => Self::IssuerIsNotTop,
            Self::IssuerIsNotTop => Self::IssuerIsTop,
            Self::Named => Self::Nameless,
            Self::Nameless => Self::Named,
            Self::NewKey => Self::SameKey,
            Self::SameKey => Self::NewKey,
        }
    }

    fn is_usual(self) -> bool {
        matches!(
            self,
            Self::Leaf
                | Self::NotRenewed
                | Self::IssuerIsNotBelow
                | Self::IssuerIsNotTop
                | Self::Named
                | Self::SameKey
        )
    }
}

impl Fill {
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value.into()));
        self
    }

    /// A whole command line for a brace of its own; empty: the line is left out.
    pub(super) fn with_command(mut self, name: &'static str, command: impl Into<String>) -> Self {
        self.commands.retain(|(known, _)| *known != name);
        self.commands.push((name, command.into()));
        self
    }

    /// Leaves that command out.
    pub(super) fn without_command(self, name: &'static str) -> Self {
        self.with_command(name, "")
    }

    /// Says this in place of the template's detail.
    pub(super) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says that this holds.
    pub(super) fn with_trait(mut self, one: Trait) -> Self {
        self.traits.push(one);
        self
    }

    /// Whether it holds.
    pub(super) fn has(&self, one: Trait) -> bool {
        self.traits.contains(&one) || (one.is_usual() && !self.traits.contains(&one.opposite()))
    }

    /// A name whose case is its own.
    pub(super) fn with_proper(mut self, name: impl Into<String>) -> Self {
        self.proper.push(name.into());
        self
    }

    /// Whether a text begins with a name of a file, a host or a subject, which is no word of a sentence.
    pub(super) fn begins_with_a_name(&self, text: &str) -> bool {
        let named = ["subject", "issuer", "expected", "file", "leaf_file", "trust_file"];
        let known = named.iter().filter_map(|name| self.value(name));
        known
            .chain(self.proper.iter().map(String::as_str))
            .any(|name| !name.is_empty() && text.starts_with(name))
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The same with what commands need besides: names of files beside the leaf's, of a Secret, the names to issue for. What
    /// nobody knows gets a name that is plainly none of the user's: `KEY.pem`.
    pub(super) fn completed(&self) -> Self {
        let mut whole = self.clone();
        let mut usual = |name: &'static str, value: String| {
            if whole.value(name).is_none() {
                whole.values.push((name, value));
            }
        };
        let sender = self.value("sender").unwrap_or("peer");
        let judge = self.value("judge").unwrap_or("peer");
        let leaf_file = self
            .value("leaf_file")
            .map_or_else(|| format!("{sender}.pem"), str::to_owned);
        let name = self.value("name").unwrap_or(sender);
        let resource = resource_of(&leaf_file);
        usual("chain_file", chain_file_of(&leaf_file));
        usual("key_file", KEY.to_owned());
        let used_key = if self.has(Trait::NewKey) {
            format!("{resource}-new.key")
        } else {
            self.value("key_file").unwrap_or(KEY).to_owned()
        };
        usual("used_key", used_key);
        usual("secret", format!("{resource}-tls"));
        usual("judge_resource", judge.to_owned());
        usual("ca_resource", "intermediate".to_owned());
        usual("resource", resource);
        usual("file", leaf_file.clone());
        usual("leaf_file", leaf_file);
        usual("name", name.to_owned());
        let needed = if sender == Side::Client.word() {
            "clientAuth"
        } else {
            "serverAuth"
        };
        usual("needed", needed.to_owned());
        usual("purposes", "serverAuth,clientAuth".to_owned());
        usual("usage", "critical,digitalSignature".to_owned());
        usual("constraints", "critical,CA:TRUE".to_owned());
        usual("key_id", "hash".to_owned());
        for subject in ["subj", "ca_subj"] {
            usual(subject, format!("/CN={name}"));
        }
        usual("trust_file", format!("{judge}-trust.pem"));
        for file in ["ca_file", "issuer_file"] {
            usual(file, CA.to_owned());
        }
        usual("ca_meaning", "the certificate of the CA that signs".to_owned());
        usual("ca_key", CA_KEY.to_owned());
        usual("own_key", OWN_KEY.to_owned());
        usual("list_file", LIST.to_owned());
        usual("expected", "NAME".to_owned());
        usual("which", "certificate".to_owned());
        usual("renewed", "another certificate".to_owned());
        // A wildcard for a name stands in place of its first label.
        let expected = self.value("expected").unwrap_or_default();
        let is_address = expected.parse::<std::net::IpAddr>().is_ok();
        usual(
            "check",
            if is_address { "checkip" } else { "checkhost" }.to_owned(),
        );
        usual(
            "level_below",
            expected
                .split_once('.')
                .filter(|_| !is_address)
                .map_or_else(|| "*.NAME".to_owned(), |(_, domain)| format!("*.{domain}")),
        );
        let names: Vec<&str> = self
            .value("presented")
            .unwrap_or_default()
            .split(", ")
            .filter(|name| {
                ["DNS:", "IP:", "URI:", "email:"]
                    .iter()
                    .any(|kind| name.starts_with(kind))
            })
            .collect();
        let sans = if names.is_empty() {
            format!("DNS:{name}")
        } else {
            names.join(",")
        };
        usual("sans", sans);
        whole.add_commands();
        whole
    }

    /// Commands that were not made from what is known of the files; of a certificate that is alone in its file, there is
    /// nothing to take out.
    fn add_commands(&mut self) {
        let sans = self.value("sans").unwrap_or_default().to_owned();
        let flags: Vec<String> = sans
            .split(',')
            .filter_map(|name| name.split_once(':'))
            .map(|(_, value)| format!(" --san {}", shell_quote(value)))
            .collect();
        // Where the subject is empty, the names are all that says who it is (RFC 5280 §4.2.1.6).
        let critical = if self.value("subj") == Some("/") {
            "critical,"
        } else {
            ""
        };
        let mut usual = |name: &'static str, command: String| {
            if self.commands.iter().all(|(known, _)| *known != name) {
                self.commands.push((name, command));
            }
        };
        let named = if sans.is_empty() {
            String::new()
        } else {
            format!(" subjectAltName={}", shell_quote(&format!("{critical}{sans}")))
        };
        usual("san_flags", flags.concat());
        usual(
            "addext_san",
            if named.is_empty() {
                String::new()
            } else {
                format!(" -addext{named}")
            },
        );
        usual("ext_san", named);
        for nothing in [
            "take",
            "take_ca",
            "take_issuer",
            "take_list",
            "ca_purposes",
            "partial_chain",
            "use_renewed",
        ] {
            usual(nothing, String::new());
        }
        usual("untrusted", " -untrusted {leaf_file}".to_owned());
        usual("copy", " -copy_extensions copyall".to_owned());
        let join = |parts: &str, out: &str| format!("{CERTIFICATES_OF} {parts} > {out}");
        usual("join_chain", join("{leaf_file} {issuer_file}", "{chain_file}"));
        usual("join_trust", join("{trust_file} {ca_file}", "new-trust.pem"));
        usual("new_chain", join("{resource}-new.pem", "{chain_file}"));
        usual(
            "new_ca_chain",
            join("{leaf_file} {ca_resource}-new.pem", "{chain_file}"),
        );
        usual(
            "sign_below_chain",
            join("{resource}-new.pem {file}", "{chain_file}"),
        );
        usual("pem", CERTIFICATES_OF.to_owned());
        usual("join_own_trust", join("{trust_file} {file}", "new-trust.pem"));
        usual("in_order", join(&format!("{LEAF} {{file}}"), "{chain_file}"));
    }

    /// What the placeholders in these commands stand for, as sentences; empty where there are none.
    /// `told` is what was said already.
    pub(super) fn placeholders(&self, commands: &[String], told: &[&str]) -> String {
        let sender = self.value("sender").unwrap_or("peer");
        let value = |name: &str| self.value(name).unwrap_or("the CA").to_owned();
        let is_used = |name: &str| {
            commands.iter().any(|command| {
                command
                    .split(|c: char| !(c.is_alphanumeric() || "-._".contains(c)))
                    .any(|word| word == name)
            })
        };
        [
            (KEY, format!("the {sender}'s private key")),
            (OWN_KEY, format!("the private key of {}", value("subject"))),
            (CA, value("ca_meaning")),
            (CA_KEY, "the private key of the CA that signs".to_owned()),
            (LIST, "the revocation list".to_owned()),
            (LEAF, format!("the {sender}'s own certificate")),
        ]
        .into_iter()
        .filter(|(name, _)| is_used(name))
        .map(|(name, meaning)| format!(" {name} stands for {meaning}."))
        .filter(|sentence| !told.iter().any(|text| text.contains(sentence.as_str())))
        .collect()
    }

    /// A command with everything filled in that can be.
    pub(super) fn command(&self, template: &str) -> String {
        self.completed().apply(template, true)
    }

    pub(super) fn apply(&self, template: &str, for_shell: bool) -> String {
        let mut text = template.to_owned();
        for (name, command) in &self.commands {
            text = text.replace(&format!("{{{name}}}"), command);
        }
        for (name, value) in &self.values {
            let value = if for_shell {
                shell_quote(value)
            } else {
                value.clone()
            };
            text = text.replace(&format!("{{{name}}}"), &value);
        }
        text
    }
}

/// `orders` for `certs/orders.pem`: a Kubernetes name, lower-case letters, digits and hyphens (RFC 1123 §2.1).
pub(super) fn resource_of(file: &str) -> String {
    let stem = stem(file);
    let words: Vec<String> = stem
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(stem)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() {
        "peer".to_owned()
    } else {
        words.join("-")
    }
}

/// `certs/orders-chain.pem` for `certs/orders.pem`.
pub(super) fn chain_file_of(file: &str) -> String {
    format!("{}-chain.pem", stem(file))
}

fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((before, ending)) if !ending.contains(['/', '\\']) && !before.is_empty() => before,
        _ => file,
    }
}

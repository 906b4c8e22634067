//! Causes in words: templates from `assets/causes.ron`, filled in from the evidence.

use std::collections::HashMap;
use std::sync::LazyLock;

use ron::extensions::Extensions;
use serde::Deserialize;

use super::cause::Tool;
use super::{CauseId, Remedy};
use crate::capture::Side;
use crate::pki::shell_quote;

/// The asset as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    /// Remedies that several causes share.
    blocks: HashMap<String, Vec<RemedyTemplate>>,
    causes: Vec<Template>,
}

/// One cause's templates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    id: String,
    title: String,
    detail: String,
    rule: String,
    remedies: Vec<RemedyTemplate>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
enum RemedyTemplate {
    /// A block of remedies.
    Use(String),
    Do {
        #[serde(default)]
        tool: Option<Tool>,
        /// Only where this side sent the certificate.
        #[serde(default)]
        sender: Option<Side>,
        text: String,
        commands: Vec<String>,
    },
}

fn read(text: &str) -> Result<Book, ron::error::SpannedError> {
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME)
        .from_str(text)
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    // The asset is part of the binary and a test reads it: an entry that does not parse is found there.
    read(include_str!("../../assets/causes.ron")).unwrap_or_default()
});

/// A cause in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub title: String,
    pub detail: String,
    pub rule: String,
    pub remedies: Vec<Remedy>,
}

/// What fills the braces.
#[derive(Clone, Debug, Default)]
pub(super) struct Fill {
    values: Vec<(&'static str, String)>,
    /// A command that is whole already, quoted where it must be.
    commands: Vec<(&'static str, String)>,
    /// A detail in place of the template's, which says more than is known.
    detail: Option<String>,
}

impl Fill {
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value.into()));
        self
    }

    /// A whole command line for a brace of its own; empty: the line is left out.
    pub(super) fn with_command(mut self, name: &'static str, command: impl Into<String>) -> Self {
        self.commands.push((name, command.into()));
        self
    }

    /// Says this in place of the template's detail.
    pub(super) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The same with what commands need besides: names of files beside the leaf's, of a Secret, the names to issue for.
    fn completed(&self) -> Self {
        let mut whole = self.clone();
        let mut usual = |name: &'static str, value: String| {
            if whole.value(name).is_none() {
                whole.values.push((name, value));
            }
        };
        let sender = self.value("sender").unwrap_or("peer");
        let leaf_file = self
            .value("leaf_file")
            .map_or_else(|| format!("{sender}.pem"), str::to_owned);
        let name = self.value("name").unwrap_or(sender);
        let (stem, resource) = stem(&leaf_file);
        usual("chain_file", format!("{stem}-chain.pem"));
        usual("key_file", format!("{stem}.key"));
        usual("secret", format!("{resource}-tls"));
        usual("judge_resource", self.value("judge").unwrap_or("peer").to_owned());
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
        let judge = self.value("judge").unwrap_or("peer");
        usual("trust_file", format!("{judge}-trust.pem"));
        usual("issuer_file", "issuer.pem".to_owned());
        usual("expected", "NAME".to_owned());
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
        let flags: Vec<String> = sans
            .split(',')
            .filter_map(|name| name.split_once(':'))
            .map(|(_, value)| format!(" --san {}", shell_quote(value)))
            .collect();
        usual("sans", sans);
        whole.commands.push(("san_flags", flags.concat()));
        whole
    }

    /// A command with everything filled in that can be.
    pub(super) fn command(&self, template: &str) -> String {
        self.completed().apply(template, true)
    }

    fn apply(&self, template: &str, for_shell: bool) -> String {
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

/// `certs/orders` and `orders` for `certs/orders.pem`.
fn stem(file: &str) -> (String, String) {
    let stem = match file.rsplit_once('.') {
        Some((before, ending)) if !ending.contains(['/', '\\']) && !before.is_empty() => before,
        _ => file,
    };
    let base = stem.rsplit(['/', '\\']).next().unwrap_or(stem);
    // A Kubernetes name: lower-case letters, digits and hyphens (RFC 1123 §2.1).
    let words: Vec<String> = base
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let resource = if words.is_empty() {
        "peer".to_owned()
    } else {
        words.join("-")
    };
    (stem.to_owned(), resource)
}

/// Title, detail, rule and remedies of a cause.
pub(super) fn tell(id: CauseId, fill: &Fill) -> Told {
    let Some(template) = BOOK.causes.iter().find(|template| template.id == id.word()) else {
        return Told {
            title: id.word().replace('-', " "),
            ..Told::default()
        };
    };
    let fill = fill.completed();
    let mut remedies = Vec::new();
    for remedy in &template.remedies {
        add(remedy, &fill, &mut remedies);
    }
    Told {
        title: capitalised(&fill.apply(&template.title, false)),
        detail: fill
            .detail
            .clone()
            .unwrap_or_else(|| sentence(&template.detail, &fill.apply(&template.detail, false))),
        rule: fill.apply(&template.rule, false),
        remedies,
    }
}

fn add(template: &RemedyTemplate, fill: &Fill, remedies: &mut Vec<Remedy>) {
    match template {
        // Blocks may use blocks; the test that reads the asset finds a circle.
        RemedyTemplate::Use(block) => {
            for remedy in BOOK.blocks.get(block).into_iter().flatten() {
                add(remedy, fill, remedies);
            }
        }
        RemedyTemplate::Do {
            sender: Some(side), ..
        } if fill.value("sender") != Some(side.word()) => {}
        RemedyTemplate::Do {
            tool, text, commands, ..
        } => remedies.push(Remedy {
            tool: *tool,
            text: fill.apply(text, false),
            commands: commands
                .iter()
                .map(|command| fill.apply(command, true))
                .filter(|command| !command.is_empty())
                .collect(),
        }),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// A template that is filled with a finished sentence would end in two full stops; one that begins with a fact begins
/// with a capital letter, but a certificate's own name stays as it is.
fn sentence(template: &str, text: &str) -> String {
    let text = text.trim().replace("..", ".");
    let text = if template.starts_with("{subject}") {
        text
    } else {
        capitalised(&text)
    };
    if text.is_empty() || text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(sender: Side) -> Fill {
        Fill::default()
            .with("sender", sender.word())
            .with("judge", sender.peer().word())
            .with("presented", "DNS:orders.shop.svc, URI:spiffe://shop/orders")
            .with("leaf_file", "certs/orders.pem")
            .with("name", "orders")
    }

    #[test]
    fn every_cause_has_its_words_its_rule_and_a_command() {
        let book = read(include_str!("../../assets/causes.ron")).expect("the asset parses");
        assert_eq!(book.causes.len(), CauseId::ALL.len());
        for id in CauseId::ALL {
            let template = book
                .causes
                .iter()
                .find(|template| template.id == id.word())
                .unwrap_or_else(|| panic!("{} has no words", id.word()));
            assert!(
                !template.title.is_empty() && !template.detail.is_empty() && template.rule.ends_with('.')
            );
            for sender in Side::BOTH {
                let told = tell(*id, &fill(sender));
                let commands = told.remedies.iter().filter(|remedy| !remedy.commands.is_empty());
                assert!(commands.count() > 0, "{}", id.word());
            }
        }
        for (name, block) in &book.blocks {
            for remedy in block {
                if let RemedyTemplate::Use(other) = remedy {
                    assert!(
                        book.blocks.contains_key(other) && other != name,
                        "{name} uses {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_certificates_break_is_mended_with_every_tool() {
        // From expired to revocation-unknown, and the key that does not fit: all that a certificate's owner mends.
        let of_certificates = CauseId::ALL
            .iter()
            .take_while(|id| **id != CauseId::ClientCertificateMissing)
            .chain([&CauseId::KeyMismatch, &CauseId::ClientCertificateMissing]);
        for id in of_certificates {
            for sender in Side::BOTH {
                // A server judges no name, and a client's SPIFFE ID is for Envoy and nginx as servers alike.
                let told = tell(*id, &fill(sender));
                for tool in Tool::ALL {
                    let is_named = told.remedies.iter().any(|remedy| remedy.tool == Some(tool));
                    let judges_no_name = sender == Side::Client && *id == CauseId::NameMismatch;
                    assert!(
                        is_named || judges_no_name,
                        "{} says nothing of {}",
                        id.word(),
                        tool.name()
                    );
                }
            }
        }
    }

    #[test]
    fn no_command_has_an_open_brace() {
        for id in CauseId::ALL {
            for sender in Side::BOTH {
                for command in tell(*id, &fill(sender))
                    .remedies
                    .iter()
                    .flat_map(|remedy| &remedy.commands)
                {
                    let open = command.match_indices('{').any(|(at, _)| {
                        let rest: String = command.chars().skip(at + 1).collect();
                        let word = rest.split('}').next().unwrap_or_default();
                        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    });
                    // The line that takes an issuer out of a bundle is there only where a bundle is.
                    assert!(!open || command == "{take_issuer}", "{}: {command}", id.word());
                }
            }
        }
    }

    #[test]
    fn commands_speak_of_the_users_own_files_and_names() {
        let told = tell(CauseId::WrongPurpose, &fill(Side::Client));
        let all: Vec<&str> = told
            .remedies
            .iter()
            .flat_map(|remedy| remedy.commands.iter().map(String::as_str))
            .collect();
        let has = |part: &str| all.iter().any(|command| command.contains(part));
        assert!(
            has("subjectAltName=DNS:orders.shop.svc,URI:spiffe://shop/orders"),
            "{all:#?}"
        );
        assert!(
            has("--san orders.shop.svc --san spiffe://shop/orders"),
            "{all:#?}"
        );
        assert!(
            has("proxy_ssl_certificate     certs/orders-chain.pem;"),
            "{all:#?}"
        );
        assert!(has("kubectl create secret tls orders-tls"), "{all:#?}");
        assert!(
            !has("ssl_client_certificate"),
            "what only a server does is not said of a client"
        );
    }

    #[test]
    fn a_file_name_cannot_break_out_of_a_command() {
        let fill = Fill::default()
            .with("file", "a b; rm -rf x.pem")
            .with("sender", "client")
            .with("judge", "server");
        let told = tell(CauseId::Expired, &fill);
        assert!(
            told.remedies[0].commands[0].contains("'a b; rm -rf x.pem'"),
            "{:?}",
            told.remedies
        );
    }
}

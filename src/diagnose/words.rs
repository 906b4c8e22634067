//! Causes in words: templates from `assets/causes.ron`, filled in from the evidence.

use std::collections::HashMap;
use std::sync::LazyLock;

use ron::extensions::Extensions;
use serde::Deserialize;

use super::cause::Tool;
use super::fill::{Fill, Language, Trait, completed, placeholders};
use super::{CauseId, Remedy};
use crate::capture::Side;
use crate::pki::asking_once;
use crate::printable::{capitalised, printable};

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
    /// What would mend it and is not at hand.
    #[serde(default)]
    needs: String,
    rule: String,
    /// How what is at fault is issued again.
    #[serde(default)]
    again: Vec<Again>,
    remedies: Vec<RemedyTemplate>,
}

/// How what is at fault is issued again, where it is not as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Again {
    /// With a new key: the old one is at fault, or may be known.
    NewKey,
    /// With the name asked for as well.
    AddsName,
    /// By another CA.
    OtherCa,
    /// A CA's, without the extensions that are not stated.
    WithoutExtensions,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
enum RemedyTemplate {
    /// A block of remedies.
    Use(String),
    /// A block of remedies, only where all of this holds.
    UseFor { only: Vec<Trait>, block: String },
    Do {
        #[serde(default)]
        tool: Option<Tool>,
        /// Only where this side sent the certificate.
        #[serde(default)]
        sender: Option<Side>,
        /// Only where all of this holds.
        #[serde(default)]
        only: Vec<Trait>,
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
    pub needs: String,
    pub rule: String,
    pub remedies: Vec<Remedy>,
}

/// Title, detail, rule and remedies of a cause.
pub(super) fn tell(id: CauseId, fill: &Fill) -> Told {
    let Some(template) = BOOK.causes.iter().find(|template| template.id == id.word()) else {
        return Told {
            title: id.words(),
            ..Told::default()
        };
    };
    let fill = completed(&template.laid_over(fill));
    let mut remedies = Vec::new();
    let files = made_files(&fill);
    for remedy in &template.remedies {
        add(remedy, &fill, &files, &mut remedies);
    }
    ask_once(&mut remedies);
    Told {
        title: fill.title.as_deref().map_or_else(
            || capitalised(&fill.sentence(&template.title)),
            |title| printable(title).into_owned(),
        ),
        detail: fill.detail.as_deref().map_or_else(
            || sentence(&fill.sentence(&template.detail), &fill),
            |detail| printable(detail).into_owned(),
        ),
        needs: fill.sentence(&template.needs),
        rule: fill.sentence(&template.rule),
        remedies,
    }
}

impl Template {
    /// The fill with what the cause says of how things are to be issued again.
    fn laid_over(&self, fill: &Fill) -> Fill {
        let mut fill = fill.clone();
        let is = |how: Again| self.again.contains(&how);
        if is(Again::AddsName)
            && let Some(expected) = fill.value("expected").filter(|name| !name.is_empty())
        {
            let kind = if expected.parse::<std::net::IpAddr>().is_ok() {
                "IP"
            } else if expected.contains("://") {
                "URI"
            } else {
                "DNS"
            };
            // An address that stands among the names as text is replaced.
            let (added, as_text) = (format!("{kind}:{expected}"), format!("DNS:{expected}"));
            let mut names = fill.names.clone().unwrap_or_default();
            names.retain(|name| *name != as_text && *name != added);
            names.push(added);
            fill = fill.with_names(names);
        }
        // Where the issuer's key is at fault, what it signed keeps its own.
        if is(Again::NewKey) && !fill.has(Trait::WeakIssuer) {
            fill = fill.with_trait(Trait::NewKey);
        }
        if is(Again::OtherCa) {
            for one in &mut fill.kept {
                one.line = one.line.take().filter(|_| !one.is_of_issuer);
            }
            fill = fill
                .with("ca_file", "CA.pem")
                .with("ca_meaning", "the certificate of that other CA")
                .without_command("take_ca")
                .with_command("authority", " authorityKeyIdentifier=keyid")
                .with_template("new_chain", "{pem} {new}.pem {ca_file} > {chain_file}");
        }
        if is(Again::WithoutExtensions) {
            fill = fill.with_command("copy", "");
            for one in fill.kept.iter_mut().chain(&mut fill.ca_kept) {
                one.line = one.line.take().filter(|_| !one.is_critical);
            }
        }
        fill
    }
}

fn add(template: &'static RemedyTemplate, fill: &Fill, files: &[MadeFile], remedies: &mut Vec<Remedy>) {
    match template {
        // Blocks may use blocks; the test that reads the asset finds a circle.
        RemedyTemplate::Use(block) => {
            for remedy in BOOK.blocks.get(block).into_iter().flatten() {
                add(remedy, fill, files, remedies);
            }
        }
        RemedyTemplate::UseFor { only, block } => {
            if only.iter().all(|one| fill.has(*one)) {
                for remedy in BOOK.blocks.get(block).into_iter().flatten() {
                    add(remedy, fill, files, remedies);
                }
            }
        }
        RemedyTemplate::Do {
            tool,
            sender,
            only,
            text,
            commands,
        } => {
            let is_for_another = sender.is_some_and(|side| fill.value("sender") != Some(side.word()));
            if is_for_another || !only.iter().all(|one| fill.has(*one)) {
                return;
            }
            // What was taken out of a file once lies in its own.
            let is_done = |template: &str, command: &String| {
                template.starts_with("{take")
                    && remedies.iter().any(|earlier| earlier.commands.contains(command))
            };
            // A reader sees one tool's remedies, and those of no tool in particular.
            let seen: Vec<&Remedy> = remedies
                .iter()
                .filter(|earlier| earlier.tool.is_none() || earlier.tool == *tool)
                .collect();
            let made_before: Vec<&String> = seen.iter().flat_map(|earlier| &earlier.commands).collect();
            let templates: Vec<&'static str> = commands.iter().map(String::as_str).collect();
            let mut filled = fill.prepared_for(&templates);
            filled.retain(|command| !made_before.contains(&command));
            let mut is_left_out = false;
            for template in templates {
                match fill.fill(template, Language::of(*tool, template)) {
                    None => is_left_out = true,
                    Some(command) if command.is_empty() || is_done(template, &command) => {}
                    // A file is taken out of its container once.
                    Some(command) if template.starts_with("{take") && filled.contains(&command) => {}
                    Some(command) => filled.push(command),
                }
            }
            let commands = filled;
            let told: Vec<&str> = seen.iter().map(|earlier| earlier.text.as_str()).collect();
            // What is told apart by the ends of commands first: most files are made by none.
            let elsewhere: Vec<&str> = files
                .iter()
                .filter(|file| {
                    let all = remedies.iter().flat_map(|earlier| &earlier.commands);
                    all.into_iter().any(|one| makes(one, &file.written))
                })
                .filter(|file| {
                    !made_before
                        .iter()
                        .copied()
                        .chain(&commands)
                        .any(|one| makes(one, &file.written))
                })
                .filter(|file| commands.iter().any(|command| names(command, &file.written)))
                .map(|file| file.shown.as_str())
                .collect();
            let lead = match elsewhere.as_slice() {
                [] => String::new(),
                files => format!(" The commands with OpenSSL make {}.", files.join(" and ")),
            };
            let left_out = if is_left_out {
                " A command is left out here: with names as long as these it would be too long to paste."
            } else {
                ""
            };
            let is_written_out =
                fill.value("recorded").is_some() && commands.iter().any(|one| one.contains(FROM_ITS_BYTES));
            let recorded = if is_written_out {
                " A certificate that lies in no file is written out of the recording, by echo of its bytes."
            } else {
                ""
            };
            let text =
                fill.sentence(text) + recorded + &lead + &placeholders(fill, &commands, &told) + left_out;
            remedies.push(Remedy {
                tool: *tool,
                text,
                commands,
            });
        }
    }
}

/// How a certificate is written into a file that is known by its bytes alone.
const FROM_ITS_BYTES: &str = " | base64 -d | openssl x509 -inform DER";

/// Whoever reads a remedy has read those before it, of its tool and of no tool in particular: what those took out of a container lies
/// there.
fn ask_once(remedies: &mut [Remedy]) {
    for at in 0..remedies.len() {
        let Some((first, later)) = remedies.get_mut(at..).and_then(<[Remedy]>::split_first_mut) else {
            continue;
        };
        let tool = first.tool;
        let mut scripts = vec![&mut first.commands];
        scripts.extend(
            later
                .iter_mut()
                .filter(|one| tool.is_none() || one.tool == tool)
                .map(|one| &mut one.commands),
        );
        asking_once(&mut scripts, str::to_owned);
    }
}

/// A file that commands may make.
struct MadeFile {
    /// As commands name it.
    written: String,
    /// As sentences do.
    shown: String,
}

fn made_files(fill: &Fill) -> Vec<MadeFile> {
    let mut files: Vec<MadeFile> = Vec::new();
    for template in [
        "{chain_file}",
        "{file}",
        "{ca_file}",
        "{issuer_file}",
        "{new}.csr",
        "{ca_new}.csr",
        "{ca_new}.pem",
        "{new}.key",
        "{new_trust}",
        "{new_list}",
        "{all_lists}",
        "{new_ca}.pem",
        "{upper_ca}",
    ] {
        let Some(written) = fill.fill(template, Language::Shell) else {
            continue;
        };
        if files.iter().all(|known| known.written != written) {
            let shown = fill.sentence(template);
            files.push(MadeFile { written, shown });
        }
    }
    files
}

/// Whether a command writes this file.
fn makes(command: &str, file: &str) -> bool {
    let before = command.strip_suffix(file);
    before.is_some_and(|before| {
        before.ends_with("> ") || before.ends_with("-out ") || before.starts_with("step certificate bundle")
    }) || is_made_by_step(command, file)
}

/// `step ca certificate … CERTIFICATE KEY` makes both; `step ca renew` what `--out` says, and reads the others.
fn is_made_by_step(command: &str, file: &str) -> bool {
    if command.starts_with("step ca certificate ") {
        return command.ends_with(&format!(" {file}")) || command.contains(&format!(" {file} "));
    }
    command.starts_with("step ca renew ") && command.contains(&format!("--out {file} "))
}

/// Whether a command names this file, and not one whose name merely ends or begins so.
fn names(command: &str, file: &str) -> bool {
    command.match_indices(file).any(|(at, _)| {
        let is_edge = |c: Option<char>| {
            c.is_none_or(|c| {
                c.is_whitespace() || matches!(c, ';' | ')' | '=' | '"' | '|' | '<' | '>' | '}' | ',')
            })
        };
        let before = command.get(..at).and_then(|text| text.chars().next_back());
        let after = command
            .get(at + file.len()..)
            .and_then(|text| text.chars().next());
        is_edge(before) && is_edge(after)
    })
}

/// A template that is filled with a finished sentence would end in two full stops; one that begins with a fact begins
/// with a capital letter, but the name of a file, a host or a subject stays as it is.
fn sentence(text: &str, fill: &Fill) -> String {
    let text = text.trim().replace(".. ", ". ");
    let text = text
        .strip_suffix("..")
        .map_or_else(|| text.clone(), |text| format!("{text}."));
    let text = if fill.begins_with_a_name(&text) || begins_like_a_name(&text) {
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

/// Whether the first word is none of a sentence: `api.acme.test:`, `int-7.crl`, `certs/int.crl`.
fn begins_like_a_name(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let inner = first.trim_end_matches([',', '.', ':', ';']);
    inner.contains(['.', '/', '\\', ':', '_', '=', '@', '*']) || inner.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

//! Commands that make files, kept from writing over what is there already.
//!
//! What a cause's commands make has names that no loaded file has. Beside the loaded files may lie others: whoever can look
//! (diagnosis itself reads no disk) has the names changed that are taken.

use super::Cause;

/// More numbers than these are not tried for a free name.
const MOST_TRIED: u32 = 1_000;

/// Gives every file that the remedies make, and that `exists` already, another name: in all commands and sentences of its cause.
pub fn spare_existing_files(causes: &mut [Cause], exists: &dyn Fn(&str) -> bool) {
    for cause in causes {
        let mut made: Vec<String> = Vec::new();
        for command in cause.remedies.iter().flat_map(|remedy| &remedy.commands) {
            for file in made_by(command) {
                if !made.contains(&file) {
                    made.push(file);
                }
            }
        }
        for file in &made {
            if !exists(file) {
                continue;
            }
            let Some(free) = free_name(file, |name| exists(name) || made.iter().any(|one| one == name))
            else {
                continue;
            };
            for remedy in &mut cause.remedies {
                for command in &mut remedy.commands {
                    *command = renamed(command, file, &free);
                }
                remedy.text = renamed(&remedy.text, file, &free);
            }
        }
    }
}

/// The files that a command writes, where their names need no quotes: behind `>` and `-out`.
fn made_by(command: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut words = command.split_whitespace();
    while let Some(word) = words.next() {
        if word == ">" || word == "-out" {
            let file = words.next().filter(|file| file.chars().all(is_plain));
            files.extend(file.map(str::to_owned));
        }
    }
    files
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "._-/".contains(c)
}

/// `orders-chain-2.pem` for `orders-chain.pem`.
fn free_name(file: &str, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    let (stem, ending) = file.rsplit_once('.')?;
    (2..MOST_TRIED)
        .map(|count| format!("{stem}-{count}.{ending}"))
        .find(|name| !is_taken(name))
}

/// The text with one file called otherwise, where it stands as a word of its own.
fn renamed(text: &str, file: &str, free: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(file) {
        let (before, after) = (
            rest.get(..at).unwrap_or_default(),
            rest.get(at + file.len()..).unwrap_or_default(),
        );
        let is_begun = before.chars().next_back().is_some_and(is_plain)
            || (before.is_empty() && out.chars().next_back().is_some_and(is_plain));
        let mut letters = after.chars();
        let next = letters.next();
        // A full stop ends a sentence; one before a letter goes on with the name.
        let goes_on = next.is_some_and(|c| c != '.' && is_plain(c))
            || (next == Some('.') && letters.next().is_some_and(is_plain));
        out.push_str(before);
        out.push_str(if is_begun || goes_on { file } else { free });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{made_by, renamed, spare_existing_files};
    use crate::diagnose::{Cause, CauseId, Remedy};

    #[test]
    fn what_a_command_writes_is_found() {
        assert_eq!(
            made_by("openssl req -new -key a.key -out a-new.csr"),
            ["a-new.csr"]
        );
        assert_eq!(made_by("{ awk x a.pem; } > a-chain.pem"), ["a-chain.pem"]);
        assert!(made_by("openssl x509 -in a.pem -noout").is_empty());
    }

    #[test]
    fn a_file_is_called_otherwise_where_it_is_meant() {
        let text = "x a-chain.pem > b-a-chain.pem; cat a-chain.pem.old dir/a-chain.pem; a-chain.pem. Then a-chain.pem";
        assert_eq!(
            renamed(text, "a-chain.pem", "a-chain-2.pem"),
            "x a-chain-2.pem > b-a-chain.pem; cat a-chain.pem.old dir/a-chain.pem; a-chain-2.pem. Then a-chain-2.pem"
        );
    }

    #[test]
    fn every_file_that_is_there_gets_a_name_of_its_own_in_all_that_is_said() {
        let remedy = |text: &str, commands: &[&str]| Remedy {
            tool: None,
            text: text.to_owned(),
            commands: commands.iter().map(|&one| one.to_owned()).collect(),
        };
        let cause = |remedies: Vec<Remedy>| Cause {
            remedies,
            ..Cause::bare(CauseId::Expired)
        };
        let mut causes = [
            cause(vec![
                remedy("Use a.pem.", &["x > a.pem", "y a.pem -out b.pem", "z > c.pem"]),
                remedy("Or b.pem.", &["w > a.pem", "v > b-2.pem"]),
            ]),
            cause(vec![remedy("", &["u -out c.pem"])]),
        ];
        let there = ["a.pem", "a-2.pem", "b.pem"];
        spare_existing_files(&mut causes, &|name| there.contains(&name));
        let told: Vec<(&str, Vec<&str>)> = causes
            .iter()
            .flat_map(|cause| &cause.remedies)
            .map(|one| {
                (
                    one.text.as_str(),
                    one.commands.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "Use a-3.pem.",
                    vec!["x > a-3.pem", "y a-3.pem -out b-3.pem", "z > c.pem"]
                ),
                ("Or b-3.pem.", vec!["w > a-3.pem", "v > b-2.pem"]),
                ("", vec!["u -out c.pem"]),
            ]
        );
    }
}

//! A page of text for people: prose wrapped to a terminal, commands as they are.

use std::fmt::Write;

use super::steps::until_the_first_error;
use crate::diagnose::{Cause, Tool};
use crate::printable::printable_lines;
use crate::prose;

/// Lines, wrapped.
#[derive(Default)]
pub(super) struct Page {
    pub text: String,
    /// Whose commands to print; empty: OpenSSL's.
    pub tools: Vec<Tool>,
}

impl Page {
    pub fn notes(&mut self, notes: &[String]) {
        if !notes.is_empty() {
            self.heading("Taken for granted");
            for note in notes {
                self.note(2, note);
            }
        }
    }

    /// A sentence, and a command under it where one follows after a line break.
    pub fn note(&mut self, indent: usize, note: &str) {
        let (words, command) = note.split_once('\n').unwrap_or((note, ""));
        self.paragraph(indent, words);
        self.command(command);
    }

    pub fn heading(&mut self, words: &str) {
        let _ = write!(self.text, "\n{words}\n");
    }

    /// Words wrapped to the width, every line indented.
    pub fn paragraph(&mut self, indent: usize, words: &str) {
        self.hanging(indent, "", words);
    }

    /// As a paragraph, with `lead` before the first line and the rest aligned after it.
    pub fn hanging(&mut self, indent: usize, lead: &str, words: &str) {
        prose::hanging(&mut self.text, indent, lead, words);
    }

    /// A line that is copied, not read: never wrapped.
    fn command(&mut self, command: &str) {
        for line in command.lines() {
            let _ = writeln!(self.text, "    {}", printable_lines(line));
        }
    }

    /// What to do, with the commands of the tools that were asked for, and a word on the others.
    pub fn remedies(&mut self, indent: usize, cause: &Cause) {
        let wanted: Vec<Tool> = if self.tools.is_empty() {
            vec![Tool::OpenSsl]
        } else {
            self.tools.clone()
        };
        let (shown, left): (Vec<_>, Vec<_>) = cause
            .remedies
            .iter()
            .partition(|remedy| remedy.tool.is_none_or(|tool| wanted.contains(&tool)));
        for remedy in shown {
            let lead = match remedy.tool {
                Some(tool) if tool != Tool::OpenSsl => format!("Fix, with {}: ", tool.name()),
                _ => "Fix: ".to_owned(),
            };
            self.hanging(indent, &lead, &remedy.text);
            for command in until_the_first_error(&remedy.commands) {
                self.command(&command);
            }
        }
        let mut others: Vec<&str> = left
            .iter()
            .filter_map(|remedy| remedy.tool.map(Tool::word))
            .collect();
        let mut seen = std::collections::HashSet::new();
        others.retain(|tool| seen.insert(*tool));
        if !others.is_empty() {
            self.paragraph(indent, &format!("Also, with --tool: {}.", others.join(", ")));
        }
    }

    /// A chapter: its number, title and sign in columns, and a note.
    pub fn paragraph_columns(&mut self, number: &str, title: &str, sign: &str, note: &str) {
        self.hanging(2, &format!("{number}  {title:<16} {sign:<7} "), note);
    }
}

//! The values of one case, and a template filled with them.

use super::language::{Language, Within, shown};
use super::traits::Trait;
use crate::pki::KeptExtension;

/// A line that is longer than this once it is filled in is left out.
const LONGEST_LINE: usize = 32 * 1024;
/// Lines of the table stand in lines of the table no deeper than this.
const DEEPEST: usize = 4;

/// What fills the braces.
#[derive(Clone, Debug, Default)]
pub(in crate::diagnose) struct Fill {
    values: Vec<(&'static str, String)>,
    /// Lines for a brace of their own.
    lines: Vec<(&'static str, Line)>,
    /// What is to be run before a value is used: a file in a form that not every tool reads is made one that is read.
    prepared: Vec<(&'static str, Vec<String>)>,
    /// The names to issue for, as `DNS:orders.shop.svc`; `None` where they are not known.
    pub names: Option<Vec<String>>,
    /// Names to issue for that have no word of OpenSSL's, as DER.
    pub names_in_der: Vec<Vec<u8>>,
    /// The extensions that the sender's certificate keeps beyond those that are stated.
    pub kept: Vec<KeptExtension>,
    /// Those that the CA's certificate keeps.
    pub ca_kept: Vec<KeptExtension>,
    /// Those that the issuer's certificate keeps, where that is made again.
    pub issuer_kept: Vec<KeptExtension>,
    /// A title in place of the template's, which says more than is so.
    pub title: Option<String>,
    /// A detail in place of the template's, which says more than is known.
    pub detail: Option<String>,
    /// What holds of the case, for remedies that are for some cases only.
    traits: Vec<Trait>,
    /// Names of files, hosts and subjects: a sentence that begins with one keeps its case.
    proper: Vec<String>,
}

/// A command, or a part of one.
#[derive(Clone, Debug)]
enum Line {
    /// Whole already, quoted where it must be: it is never read as a template.
    Ready(String),
    /// Of the program, with braces.
    Template(&'static str),
}

impl Fill {
    pub(in crate::diagnose) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value.into()));
        self
    }

    /// The same where nothing is known of it yet.
    pub(super) fn usual(&mut self, name: &'static str, value: impl Into<String>) {
        if self.value(name).is_none() {
            self.values.push((name, value.into()));
        }
    }

    /// A command that is whole, or a part of one, for a brace of its own; empty: the line is left out.
    pub(in crate::diagnose) fn with_command(self, name: &'static str, command: impl Into<String>) -> Self {
        self.with_line(name, Line::Ready(command.into()))
    }

    /// A command with braces of its own.
    pub(in crate::diagnose) fn with_template(self, name: &'static str, template: &'static str) -> Self {
        self.with_line(name, Line::Template(template))
    }

    fn with_line(mut self, name: &'static str, line: Line) -> Self {
        self.lines.retain(|(known, _)| *known != name);
        self.lines.push((name, line));
        self
    }

    /// Whether an empty command was made for this brace: the line is left out.
    pub(super) fn is_left_out(&self, name: &str) -> bool {
        matches!(self.line(name), Some(Line::Ready(command)) if command.is_empty())
    }

    /// Whether a command, or an empty one, was made for this brace.
    pub(super) fn has_command(&self, name: &str) -> bool {
        self.line(name).is_some()
    }

    pub(super) fn usual_command(&mut self, name: &'static str, command: impl Into<String>) {
        if self.line(name).is_none() {
            self.lines.push((name, Line::Ready(command.into())));
        }
    }

    pub(super) fn usual_template(&mut self, name: &'static str, template: &'static str) {
        if self.line(name).is_none() {
            self.lines.push((name, Line::Template(template)));
        }
    }

    /// The command of one brace for another.
    pub(in crate::diagnose) fn with_command_of(self, name: &'static str, other: &str) -> Self {
        match self.line(other).cloned() {
            Some(line) => self.with_line(name, line),
            None => self.with_command(name, ""),
        }
    }

    /// Leaves that command out.
    pub(in crate::diagnose) fn without_command(self, name: &'static str) -> Self {
        self.with_command(name, "")
    }

    /// A value, and the commands that make its file.
    pub(in crate::diagnose) fn with_prepared(
        mut self,
        name: &'static str,
        value: impl Into<String>,
        commands: Vec<String>,
    ) -> Self {
        self.prepared.retain(|(known, _)| *known != name);
        self.prepared.push((name, commands));
        self.with(name, value)
    }

    /// The commands that make what these templates use.
    pub(in crate::diagnose) fn prepared_for(&self, templates: &[&'static str]) -> Vec<String> {
        let mut used: Vec<&'static str> = Vec::new();
        for template in templates {
            self.add_used(template, 0, &mut used);
        }
        self.prepared
            .iter()
            .filter(|(name, _)| {
                used.contains(name)
                    || (*name == "key_file"
                        && used.contains(&"used_key")
                        && self.value("used_key") == self.value("key_file"))
            })
            .flat_map(|(_, commands)| commands.clone())
            .collect()
    }

    fn add_used(&self, template: &'static str, depth: usize, used: &mut Vec<&'static str>) {
        for name in braces(template) {
            used.push(name);
            if let Some(Line::Template(inner)) = self.line(name)
                && depth < DEEPEST
            {
                self.add_used(inner, depth + 1, used);
            }
        }
    }

    /// The names to issue for.
    pub(in crate::diagnose) fn with_names(mut self, names: Vec<String>) -> Self {
        self.names = Some(names);
        self
    }

    /// Says this in place of the template's detail.
    pub(in crate::diagnose) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says this in place of the template's title.
    pub(in crate::diagnose) fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Says that this holds.
    pub(in crate::diagnose) fn with_trait(mut self, one: Trait) -> Self {
        self.traits.push(one);
        self
    }

    /// Whether it holds.
    pub(in crate::diagnose) fn has(&self, one: Trait) -> bool {
        self.traits.contains(&one) || (one.is_usual() && !self.traits.contains(&one.opposite()))
    }

    /// A name whose case is its own.
    pub(in crate::diagnose) fn with_proper(mut self, name: impl Into<String>) -> Self {
        self.proper.push(name.into());
        self
    }

    /// Whether a text begins with a name of a file, a host or a subject, which is no word of a sentence.
    pub(in crate::diagnose) fn begins_with_a_name(&self, text: &str) -> bool {
        let named = ["subject", "issuer", "expected", "file", "leaf_file", "trust_file"];
        let known = named
            .iter()
            .filter_map(|name| self.value(name).map(|value| shown(name, value)));
        known
            .chain(self.proper.iter().map(|name| shown("file", name)))
            .any(|name| !name.is_empty() && text.starts_with(&name))
    }

    pub(in crate::diagnose) fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    fn line(&self, name: &str) -> Option<&Line> {
        self.lines
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, line)| line)
    }

    /// A sentence of a person's.
    pub(in crate::diagnose) fn sentence(&self, template: &'static str) -> String {
        self.fill(template, Language::Words).unwrap_or_default()
    }

    /// A line for a machine; `None` where it would be longer than anybody reads or pastes.
    pub(in crate::diagnose) fn fill(&self, template: &'static str, language: Language) -> Option<String> {
        let mut out = String::new();
        self.write(template, language, 0, &mut out);
        let reads_variables = language == Language::Nginx
            && out.contains('$')
            && braces(template).any(|name| self.value(name).is_some_and(|value| value.contains('$')));
        if reads_variables {
            out.push_str("  # nginx reads $ as the beginning of a variable: give the file a name without it");
        }
        (out.len() <= LONGEST_LINE).then_some(out)
    }

    /// Reads a template once, from its beginning to its end. What is filled in is not read again.
    fn write(&self, template: &'static str, language: Language, depth: usize, out: &mut String) {
        let mut within = Within::default();
        let mut rest = template;
        while let Some((text, name, after)) = next_brace(rest) {
            within = within.after(text);
            out.push_str(text);
            rest = after;
            // A line that is too long already is left out: nothing more needs to be written.
            if out.len() > LONGEST_LINE {
                return;
            }
            match (self.line(name), self.value(name)) {
                (Some(Line::Ready(command)), _) => out.push_str(command),
                (Some(Line::Template(template)), _) if depth < DEEPEST => {
                    self.write(template, language, depth + 1, out);
                }
                // A sentence takes a part of it, a machine would take no part.
                (None, Some(value)) if value.len() > LONGEST_LINE && language != Language::Words => {
                    out.extend(std::iter::repeat_n(' ', LONGEST_LINE + 1));
                }
                (None, Some(value)) => language.write(name, value, within, out),
                // A brace of the line's own: awk's, or of a JSONPath.
                _ => {
                    out.push('{');
                    out.push_str(name);
                    out.push('}');
                }
            }
        }
        out.push_str(rest);
    }
}

/// The names in a template's braces.
pub(in crate::diagnose) fn braces(template: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (_, name, after) = next_brace(rest)?;
        rest = after;
        Some(name)
    })
}

/// The text before the next brace with a name in it, the name, and what follows.
fn next_brace(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('{')?;
        let inner = text.get(open + 1..)?;
        let end = inner
            .find(|c: char| !(c.is_ascii_lowercase() || c == '_'))
            .unwrap_or(inner.len());
        if end > 0 && inner.get(end..).is_some_and(|after| after.starts_with('}')) {
            return Some((text.get(..open)?, inner.get(..end)?, inner.get(end + 1..)?));
        }
        from = open + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let fill = Fill::default()
            .with("subject", "{issuer}{subject}$(touch pwned)")
            .with("issuer", "{subject}")
            .with_command("take", "awk '{file}' {file}")
            .with("file", "a b");
        assert_eq!(
            fill.fill("{take}; openssl {subject} {issuer}", Language::Shell)
                .as_deref(),
            Some("awk '{file}' {file}; openssl '{issuer}{subject}$(touch pwned)' '{subject}'")
        );
    }

    #[test]
    fn a_value_is_quoted_for_the_place_where_it_stands() {
        let fill = Fill::default().with("file", "it's").with("name", "-v\n#");
        let filled = |template: &'static str| fill.fill(template, Language::Shell).expect("short");
        assert_eq!(filled("x {file}"), r"x 'it'\''s'");
        assert_eq!(filled("x 'a{file}b'"), r"x 'a''it'\''s''b'");
        assert_eq!(filled("x \"a{file}b\""), r#"x "a"'it'\''s'"b""#);
        assert_eq!(
            filled(r#"x "a\"{file}b""#),
            r#"x "a\""'it'\''s'"b""#,
            "an escaped quote ends nothing"
        );
        assert_eq!(filled("x # {name} {file}"), r"x # '-v\n#' 'it'\''s'");
        assert_eq!(filled("x {n++} {.data} {none}"), "x {n++} {.data} {none}");
    }

    #[test]
    fn a_line_has_an_end_whatever_is_filled_in() {
        let fill = Fill::default().with("file", "{file}".repeat(100_000));
        assert_eq!(fill.fill("{file}", Language::Shell), None);
        assert!(fill.sentence("{file} {file}").len() < 1_000);
        for (length, is_written) in [(LONGEST_LINE - 2, true), (LONGEST_LINE - 1, false)] {
            let fill = Fill::default().with("file", "a".repeat(length));
            let line = fill.fill("x {file}", Language::Shell);
            assert_eq!(line.is_some(), is_written, "{length}");
        }
    }

    #[test]
    fn nginx_cannot_write_a_dollar_and_says_so() {
        let fill = Fill::default().with("file", "$a.pem");
        assert!(
            fill.fill("ssl_certificate {file};", Language::Nginx)
                .is_some_and(|line| line.starts_with("ssl_certificate \"$a.pem\";  # nginx reads $")),
        );
    }
}

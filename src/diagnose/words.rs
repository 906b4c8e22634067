//! Causes in words: templates from `assets/causes.ron`, filled in from the evidence.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{CauseId, Remedy};
use crate::pki::shell_quote;

/// One cause's templates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    id: String,
    title: String,
    detail: String,
    remedies: Vec<RemedyTemplate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RemedyTemplate {
    text: String,
    commands: Vec<String>,
}

static TEMPLATES: LazyLock<HashMap<CauseId, Template>> = LazyLock::new(|| {
    // The asset is part of the binary and a test reads it: an entry that does not parse is found there.
    let list: Vec<Template> = ron::from_str(include_str!("../../assets/causes.ron")).unwrap_or_default();
    list.into_iter()
        .filter_map(|template| Some((CauseId::from_word(&template.id)?, template)))
        .collect()
});

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

/// Title, detail and remedies of a cause.
pub(super) fn tell(id: CauseId, fill: &Fill) -> (String, String, Vec<Remedy>) {
    let Some(template) = TEMPLATES.get(&id) else {
        return (id.word().replace('-', " "), String::new(), Vec::new());
    };
    let remedies = template
        .remedies
        .iter()
        .map(|remedy| Remedy {
            text: fill.apply(&remedy.text, false),
            commands: remedy
                .commands
                .iter()
                .map(|command| fill.apply(command, true))
                .filter(|command| !command.is_empty())
                .collect(),
        })
        .collect();
    (
        capitalised(&fill.apply(&template.title, false)),
        fill.detail
            .clone()
            .unwrap_or_else(|| sentence(&template.detail, &fill.apply(&template.detail, false))),
        remedies,
    )
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
    use super::{CauseId, Fill, TEMPLATES, tell};

    #[test]
    fn every_cause_has_its_words_and_a_command() {
        for id in CauseId::ALL {
            let template = TEMPLATES
                .get(id)
                .unwrap_or_else(|| panic!("{} has no words", id.word()));
            assert!(!template.title.is_empty() && !template.detail.is_empty());
            assert!(
                template.remedies.iter().any(|remedy| !remedy.commands.is_empty()),
                "{}",
                id.word()
            );
        }
        assert_eq!(TEMPLATES.len(), CauseId::ALL.len());
    }

    #[test]
    fn a_file_name_cannot_break_out_of_a_command() {
        let fill = Fill::default()
            .with("file", "a b; rm -rf x.pem")
            .with("sender", "client")
            .with("judge", "server");
        let (_, _, remedies) = tell(CauseId::Expired, &fill);
        assert!(
            remedies[0].commands[0].contains("'a b; rm -rf x.pem'"),
            "{remedies:?}"
        );
    }
}

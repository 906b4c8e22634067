//! Which fix is recommended, and which others there are: each is offered once.

use crate::diagnose::{Cause, Remedy, Tool};
use crate::state::{FixSearch, OfferedFix, State};

/// All that is offered for one cause.
pub(super) struct Fixes<'a> {
    /// The one to do: the first that was proven, or else the first that is for the reader's tool.
    pub recommended: Option<Offer<'a>>,
    /// Those that were proven besides, with their places in the search's list.
    pub proven: Vec<Proven<'a>>,
    /// What else is known to mend it, for every tool.
    pub remedies: Vec<&'a Remedy>,
}

/// A fix to be recommended.
pub(super) enum Offer<'a> {
    /// It was run, and both sides accepted.
    Proven(Proven<'a>),
    /// It is known to mend this.
    Known(&'a Remedy),
}

/// A proven fix, and the words of remedies that come to the same commands.
pub(super) struct Proven<'a> {
    /// Its place in the search's list.
    pub index: usize,
    /// The fix.
    pub offered: &'a OfferedFix,
    /// What is known of it besides.
    pub also: Vec<&'a str>,
}

impl Fixes<'_> {
    /// How many there are beside the recommended one.
    pub(super) fn others(&self) -> usize {
        self.proven.len() + self.remedies.len()
    }
}

/// Sorts what is offered.
pub(super) fn of<'a>(state: &State, search: Option<&'a FixSearch>, cause: &'a Cause) -> Fixes<'a> {
    let found = search.and_then(|search| search.result.as_ref());
    let mut proven: Vec<Proven<'a>> = Vec::new();
    for (index, offered) in found.into_iter().flat_map(|found| &found.fixes).enumerate() {
        let is_known = proven.iter().any(|known| {
            known.offered.fix.words == offered.fix.words && known.offered.fix.commands == offered.fix.commands
        });
        if !is_known {
            proven.push(Proven {
                index,
                offered,
                also: Vec::new(),
            });
        }
    }
    let mut remedies: Vec<&'a Remedy> = Vec::new();
    for remedy in &cause.remedies {
        let same = proven
            .iter_mut()
            .find(|proven| comes_to_the_same(&remedy.commands, &proven.offered.fix.commands));
        if let Some(proven) = same {
            proven.also.push(&remedy.text);
        } else if !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    let recommended = if proven.is_empty() {
        let tool = shown_tool(state.settings.tool, &remedies);
        let first = remedies
            .iter()
            .position(|remedy| remedy.tool.is_none() || remedy.tool == tool);
        first.map(|first| Offer::Known(remedies.remove(first)))
    } else {
        Some(Offer::Proven(proven.remove(0)))
    };
    Fixes {
        recommended,
        proven,
        remedies,
    }
}

/// Whether whoever runs `all` has run every one of `commands`, whatever is said of them in comments.
fn comes_to_the_same(commands: &[String], all: &[String]) -> bool {
    let bare = |command: &str| {
        let words = command.split("  # ").next().unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    !commands.is_empty()
        && commands
            .iter()
            .all(|one| all.iter().any(|other| bare(one) == bare(other)))
}

/// The tools that any remedy speaks to, in their order.
pub(super) fn tools(remedies: &[&Remedy]) -> Vec<Tool> {
    Tool::ALL
        .into_iter()
        .filter(|tool| remedies.iter().any(|remedy| remedy.tool == Some(*tool)))
        .collect()
}

/// The tool whose remedies are shown: the one that the reader chose last, where it has anything to say.
pub(super) fn shown_tool(chosen: Option<Tool>, remedies: &[&Remedy]) -> Option<Tool> {
    let offered = tools(remedies);
    chosen
        .filter(|tool| offered.contains(tool))
        .or(offered.first().copied())
}

#[cfg(test)]
mod tests {
    use super::comes_to_the_same;

    #[test]
    fn commands_are_the_same_whatever_their_comments_and_spaces() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let all = lines(&[
            "cat a.pem b.pem > c.pem",
            "ssl_client_certificate c.pem;  # nginx",
        ]);
        assert!(comes_to_the_same(
            &lines(&["ssl_client_certificate   c.pem;"]),
            &all
        ));
        assert!(comes_to_the_same(&all, &all));
        let more = lines(&["cat a.pem b.pem > c.pem", "openssl verify -CAfile c.pem a.pem"]);
        assert!(!comes_to_the_same(&more, &all), "one of them is not there");
        assert!(!comes_to_the_same(&[], &all), "words alone are no commands");
    }
}

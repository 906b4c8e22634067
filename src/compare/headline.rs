//! A comparison in a sentence: what changed and matters, and what came of it.

use super::difference::{Difference, Rank};
use super::inputs::{Input, presented};
use super::outcome::Outcome;
use super::types::Comparison;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::pki::display_name;

/// What stands over everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// `The issuer of orders changed`.
    pub title: String,
    /// `A is accepted; B is refused by the server: unknown issuer. With A's, B is accepted.`
    pub words: String,
    /// There is something that matters, or that should have changed: it is to be looked at.
    pub is_news: bool,
}

impl Comparison {
    /// The sentence over a comparison of these two.
    pub fn headline(&self, a: &Analysis, b: &Analysis) -> Headline {
        let plain = |title: &str, words: String| Headline {
            title: title.to_owned(),
            words,
            is_news: false,
        };
        let ended = self.ended();
        if self.is_same_recording {
            return plain("A and B are the same recording", ended);
        }
        if self.is_identical() {
            return plain("Nothing differs but what always does", ended);
        }
        let name = |side: Side| who(side, b).or_else(|| who(side, a));
        let with_proof = |one: &Difference| {
            let proof = one.proof.as_deref().unwrap_or_default();
            format!("{ended} {proof}").trim_end().to_owned()
        };
        // The issuer tells more than the list of what was sent, which changed with it.
        let is_issuer = |one: &&Difference| one.name.starts_with("Issuer of ");
        let matters = self
            .of(Rank::Matters)
            .find(is_issuer)
            .or_else(|| self.of(Rank::Matters).next());
        if let Some(one) = matters {
            return Headline {
                title: format!("{} changed", thing(one, &name)),
                words: with_proof(one),
                is_news: true,
            };
        }
        if let Some(one) = self.of(Rank::ShouldHaveChanged).next() {
            return Headline {
                title: format!("{} should have changed", thing(one, &name)),
                words: with_proof(one),
                is_news: true,
            };
        }
        if self.is_same_outcome {
            return plain("Both end alike", ended);
        }
        plain("No single change explains it", ended)
    }

    /// `A is accepted; B is refused by the server: unknown issuer.`
    fn ended(&self) -> String {
        let (a, b) = (ended(&self.outcomes.a), ended(&self.outcomes.b));
        if a == b {
            format!("Both are {a}.")
        } else {
            format!("A is {a}; B is {b}.")
        }
    }
}

/// `accepted`; `refused by the server: unknown issuer`.
fn ended(outcome: &Outcome) -> String {
    let words = outcome.words();
    match words.strip_prefix("rejected") {
        Some(rest) => format!("refused{rest}"),
        None => words,
    }
}

/// What a side is called: by its certificate, or by its place.
fn who(side: Side, analysis: &Analysis) -> Option<String> {
    let chain = presented(analysis, side)?;
    display_name(chain.first()?.as_bytes()).ok()
}

/// `The issuer of orders`, `What payments trusts`.
fn thing(one: &Difference, name: &impl Fn(Side) -> Option<String>) -> String {
    let called = |side: Side| name(side).unwrap_or_else(|| format!("the {}", side.word()));
    match one.input {
        Some(Input::Presents(side)) => {
            let who = called(side);
            let own = format!(" of the {}'s certificate", side.word());
            match one.name.strip_suffix(&own) {
                Some("Issuer") => format!("The issuer of {who}"),
                Some(what) => format!("The {} in the certificate of {who}", in_a_sentence(what)),
                None => format!("What {who} presents"),
            }
        }
        Some(Input::Trusts(side)) => format!("What {} trusts", called(side)),
        Some(Input::Revocation(side)) => format!("What {} knows of revocation", called(side)),
        Some(Input::Wire) => "What happens on the wire".to_owned(),
        _ => one.name.clone(),
    }
}

/// `Names (subjectAltName)` as `names`.
fn in_a_sentence(name: &str) -> String {
    let short = name.split(" (").next().unwrap_or(name);
    let mut letters = short.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::{in_a_sentence, thing};
    use crate::capture::Side;
    use crate::compare::{Both, Difference, Input, Rank};

    fn told(input: Option<Input>, name: &str) -> String {
        let one = Difference {
            rank: Rank::Matters,
            input,
            name: name.to_owned(),
            values: Both::default(),
            proof: None,
        };
        thing(&one, &|side| (side == Side::Client).then(|| "orders".to_owned()))
    }

    #[test]
    fn what_changed_is_named_by_whose_it_is() {
        let client = Some(Input::Presents(Side::Client));
        for (input, name, words) in [
            (
                client,
                "Issuer of the client's certificate",
                "The issuer of orders",
            ),
            (
                client,
                "End of validity of the client's certificate",
                "The end of validity in the certificate of orders",
            ),
            (
                client,
                "Names (subjectAltName) of the client's certificate",
                "The names in the certificate of orders",
            ),
            (
                client,
                "Certificates that the client sends",
                "What orders presents",
            ),
            (
                Some(Input::Presents(Side::Server)),
                "Issuer of the server's certificate",
                "The issuer of the server",
            ),
            (
                Some(Input::Trusts(Side::Client)),
                "What the client trusts",
                "What orders trusts",
            ),
            (
                Some(Input::Trusts(Side::Server)),
                "What the server trusts",
                "What the server trusts",
            ),
            (
                Some(Input::Revocation(Side::Client)),
                "What the client knows of revocation",
                "What orders knows of revocation",
            ),
            (Some(Input::Wire), "What the wire did", "What happens on the wire"),
            (
                Some(Input::ClientAuth),
                "Client authentication",
                "Client authentication",
            ),
            (None, "Alerts", "Alerts"),
        ] {
            assert_eq!(told(input, name), words);
        }
        assert_eq!(in_a_sentence(""), "");
    }
}

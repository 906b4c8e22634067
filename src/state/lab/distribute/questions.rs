//! Which of several identities is whose, where neither purpose nor names tell: the user says it with one click.

use super::{Found, MOST_ANSWERS, name_of, only};
use crate::capture::{PerSide, Side};
use crate::pki::Presented;
use crate::printable::shortened;
use crate::state::lab::setup::Setup;
use crate::state::lab::slot::file_name;
use crate::state::lab::sorted::{Placement, Question};

impl Found<'_> {
    /// Which of these is this side's; each answer puts with it what `and` tells.
    pub(super) fn which(
        &self,
        pairs: &[&Presented],
        side: Side,
        and: impl Fn(&Presented) -> Vec<Placement>,
    ) -> Question {
        let answer = |(one, words): (&&Presented, String)| {
            let placements = self.identity(one, side).into_iter().chain(and(one));
            (words, placements.collect())
        };
        let mut detail = format!("{} holds {}.", self.name, self.words());
        if pairs.len() > MOST_ANSWERS {
            detail += &format!(
                " The first {MOST_ANSWERS} are offered; another is loaded into its slot by its file."
            );
        }
        Question {
            title: format!("Which of these is the {}’s?", side.word()),
            detail,
            answers: pairs
                .iter()
                .zip(labels(pairs))
                .take(MOST_ANSWERS)
                .map(answer)
                .collect(),
        }
    }

    /// What is asked of identities that may be either side's, for the sides that have none: of two, who is who; of more, each
    /// side's.
    pub(super) fn who_is_who(&self, undecided: &[&Presented], free: &[Side], setup: &Setup) -> Vec<Question> {
        let ([one, other], [_, _]) = (undecided, free) else {
            let ask =
                |side: &Side| self.which(undecided, *side, |one| self.trusted(&only(*side, one), setup));
            return free.iter().map(ask).collect();
        };
        let named = labels(undecided);
        let answer = |client: usize| {
            let (first, second) = if client == 0 { (one, other) } else { (other, one) };
            let name = |index: usize| named.get(index).map_or("", String::as_str);
            let chosen = PerSide {
                client: Some(*first),
                server: Some(*second),
            };
            let mut placements = self.identity(first, Side::Client);
            placements.extend(self.identity(second, Side::Server));
            placements.extend(self.trusted(&chosen, setup));
            let words = format!("Client {}, server {}", name(client), name(1 - client));
            (words, placements)
        };
        vec![Question {
            title: "Which is the client’s, and which the server’s?".to_owned(),
            detail: format!(
                "{} holds {}. Either may be used on either side.",
                self.name,
                self.words()
            ),
            answers: vec![answer(0), answer(1)],
        }]
    }
}

/// What each is called; two of one name by their files as well.
fn labels(pairs: &[&Presented]) -> Vec<String> {
    let names: Vec<String> = pairs.iter().map(|one| name_of(one)).collect();
    let label = |(one, name): (&&Presented, &String)| {
        let is_twice = names.iter().filter(|other| *other == name).count() > 1;
        let file = one.chain.first().and_then(|leaf| leaf.file.as_deref());
        let short = shortened(name, 32);
        match file.filter(|_| is_twice) {
            Some(file) => format!(
                "{short} ({})",
                shortened(&file_name(std::path::Path::new(file)), 32)
            ),
            None => short.into_owned(),
        }
    };
    pairs.iter().zip(&names).map(label).collect()
}

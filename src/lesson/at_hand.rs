//! What lies at hand for a mend: every certificate of the lesson, those among them that its solution needs.
//!
//! All of it is minted together with what is shipped, so that what is reissued has the same issuers.

use super::change::Change;
use super::format::Case;
use super::pack::Pack;
use super::run::{LESSON_TIME, RunError, Shown, run_of};
use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::pki::{LoadedCertificate, LoadedKey, Minted, Recipe, mint};
use crate::scenario::{Scenario, ScenarioError};

/// An identity or an authority that can be put into a slot.
#[derive(Clone, Debug)]
pub struct AtHand {
    /// `orders ← Mesh Issuer`, `Partner Root`.
    pub label: String,
    /// It signs others: something to trust.
    pub is_authority: bool,
    /// Leaf first, without the root; of an authority itself alone.
    pub chain: Vec<LoadedCertificate>,
    /// Its key.
    pub key: LoadedKey,
}

/// Longer chains are no lesson's.
const LONGEST_CHAIN: usize = 8;
/// After a name: the same once more, as the solution has it. No recipe of a file ends so.
const ANEW: &str = "\u{0}anew";

impl Pack {
    /// The handshake of a case, with what lies at hand to mend it.
    pub fn show_with_material(
        &self,
        case: &Case,
        fault: &Change,
        solution: &Change,
        cancel: &Cancel,
    ) -> Result<(Shown, Vec<AtHand>), RunError> {
        let shipped = fault.apply(self.scenario(&case.scenario)?);
        let mut recipes = shipped.recipes.clone();
        recipes.extend(anew(&solution.apply(&shipped), solution));
        let minted = mint(&recipes, LESSON_TIME).map_err(ScenarioError::from)?;
        let mut setup = shipped.setup_of(&minted, LESSON_TIME)?;
        setup.wall_clock = Clock::still(LESSON_TIME);
        let at_hand = recipes
            .iter()
            .filter_map(|recipe| at_hand(recipe, &recipes, &minted))
            .collect();
        Ok((run_of(setup, cancel)?, at_hand))
    }
}

/// What the solution mints anew, and all that is issued by it, by names of their own.
fn anew(solved: &Scenario, solution: &Change) -> Vec<Recipe> {
    let mut names: Vec<&str> = solution
        .recipes
        .iter()
        .map(|recipe| recipe.name.as_str())
        .collect();
    let mut recipes = Vec::new();
    for recipe in &solved.recipes {
        let is_below = recipe
            .issuer
            .as_deref()
            .is_some_and(|issuer| names.contains(&issuer));
        if !is_below && !names.contains(&recipe.name.as_str()) {
            continue;
        }
        names.push(&recipe.name);
        recipes.push(Recipe {
            name: format!("{}{ANEW}", recipe.name),
            issuer: recipe.issuer.as_ref().map(|issuer| {
                if names.contains(&issuer.as_str()) {
                    format!("{issuer}{ANEW}")
                } else {
                    issuer.clone()
                }
            }),
            ..recipe.clone()
        });
    }
    recipes
}

fn at_hand(recipe: &Recipe, all: &[Recipe], minted: &Minted) -> Option<AtHand> {
    let find = |name: &str| all.iter().find(|other| other.name == name);
    let issuer = recipe.issuer.as_deref().and_then(find);
    let own = minted.find(&recipe.name).ok()?;
    let mut chain = vec![own.certificate.clone()];
    if !recipe.is_ca {
        // Everything but the root, which its judge has.
        let mut next = issuer;
        while let Some(above) = next.filter(|above| above.issuer.is_some() && chain.len() < LONGEST_CHAIN) {
            let mut certificate = minted.find(&above.name).ok()?.certificate.clone();
            certificate.entry = chain.len();
            chain.push(certificate);
            next = above.issuer.as_deref().and_then(find);
        }
    }
    let again = if recipe.name.ends_with(ANEW) {
        ", reissued"
    } else {
        ""
    };
    let by = issuer.map_or_else(String::new, |issuer| format!(" ← {}", issuer.subject));
    Some(AtHand {
        label: format!("{}{again}{by}", recipe.subject),
        is_authority: recipe.is_ca,
        chain,
        key: own.key.clone(),
    })
}

#[cfg(test)]
mod tests {
    use crate::cancel::Cancel;
    use crate::lesson::built_in;

    /// What is shipped fails with what lies at hand as it does without.
    #[test]
    fn the_handshake_is_the_one_that_is_shipped() {
        let pack = built_in();
        for lesson in &pack.lessons {
            let (shown, at_hand) = pack
                .show_with_material(&lesson.case, lesson.fault(), &lesson.solution, &Cancel::default())
                .expect("it runs");
            assert!(lesson.case.shows.holds(shown.seen()), "{}", lesson.id);
            assert!(!at_hand.is_empty(), "{}", lesson.id);
        }
        let lesson = pack.lesson("connected").expect("a lesson");
        let (_, at_hand) = pack
            .show_with_material(&lesson.case, lesson.fault(), &lesson.solution, &Cancel::default())
            .expect("it runs");
        assert!(
            at_hand
                .iter()
                .any(|one| one.is_authority && one.label == "Partner Root")
        );
    }
}

//! Two scenarios of one world: what both describe alike is minted once, so that they differ in what they mean to.

use super::format::{Scenario, ScenarioError};
use crate::pki::{Recipe, mint};
use crate::setup::LabSetup;

/// Stands before the names of the second scenario that mean something else in the first.
const OTHER: &str = "other: ";

/// The set-ups of two scenarios. A certificate that both describe alike, with all above it, is one certificate.
pub fn pair(
    first: &Scenario,
    second: &Scenario,
    now_unix_s: i64,
) -> Result<(LabSetup, LabSetup), ScenarioError> {
    let shared = |name: &str| {
        let recipe = described(&second.recipes, name);
        recipe.is_some() && recipe == described(&first.recipes, name)
    };
    let name_of = |name: &str| {
        if shared(name) {
            name.to_owned()
        } else {
            format!("{OTHER}{name}")
        }
    };
    let mut recipes = first.recipes.clone();
    for recipe in &second.recipes {
        if !shared(&recipe.name) {
            recipes.push(Recipe {
                name: name_of(&recipe.name),
                issuer: recipe.issuer.as_deref().map(name_of),
                key_of: recipe.key_of.as_deref().map(name_of),
                ..recipe.clone()
            });
        }
    }
    let minted = mint(&recipes, now_unix_s)?;
    let names: Vec<(String, String)> = second
        .recipes
        .iter()
        .map(|recipe| (recipe.name.clone(), name_of(&recipe.name)))
        .collect();
    let names = names.iter().map(|(new, old)| (new.as_str(), old.as_str()));
    let of_second = minted.by_other_names(names)?;
    Ok((
        first.setup_of(&minted, now_unix_s)?,
        second.setup_of(&of_second, now_unix_s)?,
    ))
}

/// All that a recipe says, and all that those above it say. Issuers stand before what they sign, so this ends.
fn described(recipes: &[Recipe], name: &str) -> Option<String> {
    let at = recipes.iter().position(|recipe| recipe.name == name)?;
    let recipe = recipes.get(at)?;
    let before = recipes.get(..at)?;
    let mut words = format!("{recipe:?}");
    for above in [&recipe.issuer, &recipe.key_of].into_iter().flatten() {
        words.push_str(&described(before, above)?);
    }
    Some(words)
}

//! What a run begins with: the built-in identities, or a built-in scenario.

use super::outcome::Unusable;
use super::text;
use crate::scenario;
use crate::setup::LabSetup;

/// The set-up to lay the flags over.
pub(super) fn base(id: Option<&str>) -> Result<LabSetup, Unusable> {
    let unusable = |error: scenario::ScenarioError| Unusable(error.to_string());
    match id {
        None => scenario::built_in(),
        Some(id) => scenario::find(id).and_then(|found| found.setup(jiff::Timestamp::now().as_second())),
    }
    .map_err(unusable)
}

/// The scenarios: id and title, and below what it is about.
pub(super) fn list() -> String {
    let mut list = String::new();
    for scenario in scenario::all() {
        list.push_str(&scenario.id);
        list.push('\n');
        list.push_str(&text::indented(
            4,
            &format!("{}. {}", scenario.title, scenario.summary),
        ));
    }
    list
}

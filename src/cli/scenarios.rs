//! What a run begins with: the built-in identities, or a built-in scenario.

use super::setup::Unusable;
use super::stand_in;
use crate::source::lab::LabSetup;

/// The set-up to lay the flags over.
pub(super) fn base(id: Option<&str>) -> Result<LabSetup, Unusable> {
    match id {
        None => stand_in::built_in(),
        Some(id) => Err(Unusable(format!(
            "there is no scenario called “{id}”; mtlscope lab --list-scenarios lists them"
        ))),
    }
}

/// The scenarios, one a line.
pub(super) fn list() -> Result<String, Unusable> {
    Ok(String::new())
}

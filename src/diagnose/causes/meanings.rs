//! What an alert can mean, and in which order.

use crate::diagnose::cause::CauseId;
use crate::diagnose::{family, log};

/// What stacks send the alert for, what happens most first, then the RFC's meanings: a certificate is unknown every day, and a
/// CA in the place of a leaf once in a career.
pub(super) fn meanings(code: u8) -> Vec<CauseId> {
    let mut all = log::everyday(code).to_vec();
    for id in family::of_alert(code) {
        if !all.contains(id) {
            all.push(*id);
        }
    }
    all
}

/// Whether an alert can mean this, or says that a side refused.
pub(super) fn means(code: u8, id: CauseId) -> bool {
    id == CauseId::UnexplainedRefusal || meanings(code).contains(&id)
}

//! What real programs sent an alert for, as they were heard (`assets/rosetta.ron`): GnuTLS, Go, Java and nginx choose their
//! alerts otherwise than the RFC suggests.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::plain::Plain;
use super::tables::TABLES;
use crate::diagnose::CauseId;
use crate::diagnose::rosetta;

static HEARD: LazyLock<HashMap<u8, Vec<CauseId>>> = LazyLock::new(|| {
    let mut by_alert: HashMap<u8, Vec<CauseId>> = HashMap::new();
    for saying in rosetta::sayings() {
        // Whoever did not judge was told: its words hold the alert.
        if saying.side == saying.judge || saying.accepted {
            continue;
        }
        let Some(cause) = CauseId::from_word(&saying.cause) else {
            continue;
        };
        let plain = Plain::of(&saying.words);
        for alert in &TABLES.alerts {
            let is_named = alert
                .words
                .iter()
                .any(|words| plain.find_all(words).next().is_some());
            if is_named {
                let causes = by_alert.entry(alert.code).or_default();
                if !causes.contains(&cause) {
                    causes.push(cause);
                }
            }
        }
    }
    by_alert
});

/// The causes for which a real program sent this alert.
pub(super) fn of_alert(code: u8) -> &'static [CauseId] {
    HEARD.get(&code).map_or(&[], Vec::as_slice)
}

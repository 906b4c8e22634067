//! What a run of the lab is called by those who take part in it: it tells nothing of how it ends.

use crate::analysis::Analysis;
use crate::capture::Side;

/// `orders → payments` for a run of one's own.
pub(in crate::state) fn title_of(analysis: &Analysis) -> String {
    let name = |side: Side| {
        let label = analysis.capture.sides.of(side).label.clone();
        label.unwrap_or_else(|| side.word().to_owned())
    };
    format!("{} → {}", name(Side::Client), name(Side::Server))
}

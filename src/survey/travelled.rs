//! In words: what a connection's packets travelled in.

use crate::capture::{Capture, Side, Tunnel};

/// The protocols that wrapped them, `VXLAN, GRE`; `None` where none did.
pub fn kinds(capture: &Capture) -> Option<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for tunnel in Side::BOTH
        .into_iter()
        .flat_map(|side| &capture.sides.of(side).carried_in)
    {
        if !kinds.contains(&tunnel.kind.word()) {
            kinds.push(tunnel.kind.word());
        }
    }
    (!kinds.is_empty()).then(|| kinds.join(", "))
}

/// A sentence that names each tunnel with its ends; `None` where there is none.
pub fn travelled(capture: &Capture) -> Option<String> {
    let of_sides: Vec<String> = Side::BOTH
        .into_iter()
        .filter_map(|side| {
            let tunnels = &capture.sides.of(side).carried_in;
            let words: Vec<String> = tunnels.iter().map(Tunnel::to_string).collect();
            (!words.is_empty()).then(|| format!("the {}'s in {}", side.word(), words.join(", and in ")))
        })
        .collect();
    (!of_sides.is_empty()).then(|| {
        format!(
            "The packets were recorded inside others: {}.",
            of_sides.join("; ")
        )
    })
}

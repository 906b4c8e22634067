//! What every near miss is made of, and which comes first.

use super::material::{Material, Place};
use super::report::{NearMiss, NearMissKind};
use crate::diagnose::certificate::Certificate;

/// Nearest first.
pub(super) fn rank(kind: NearMissKind) -> u8 {
    use NearMissKind as Kind;
    match kind {
        Kind::SwappedOrder => 0,
        Kind::SameNameOtherKey => 1,
        Kind::NameEncodingDiffers => 2,
        Kind::SameKeyOtherName => 3,
        Kind::IssuerInOtherSlot => 4,
        Kind::SelfSignedTwin => 5,
        Kind::ExpiredTwin => 6,
        Kind::SimilarName => 7,
        Kind::KeyIdDiffers => 8,
    }
}

/// The first bytes of a key identifier, enough to tell two apart: `3f:a1:07:c2…`.
pub(super) fn short_id(id: &[u8]) -> String {
    let shown: Vec<String> = id.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let more = if id.len() > 4 { "…" } else { "" };
    format!("{}{more}", shown.join(":"))
}

pub(super) fn miss(
    material: &Material,
    kind: NearMissKind,
    child: &Certificate,
    place: Place,
    candidate: &Certificate,
    words: String,
) -> NearMiss {
    NearMiss {
        kind,
        child: child.reference(),
        child_name: child.name(),
        candidate: candidate.reference(),
        candidate_name: candidate.name(),
        candidate_from: material.whereabouts(place),
        words,
        same: Vec::new(),
        differs: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{NearMissKind as Kind, rank, short_id};

    #[test]
    fn each_kind_has_its_place() {
        let in_order = [
            Kind::SwappedOrder,
            Kind::SameNameOtherKey,
            Kind::NameEncodingDiffers,
            Kind::SameKeyOtherName,
            Kind::IssuerInOtherSlot,
            Kind::SelfSignedTwin,
            Kind::ExpiredTwin,
            Kind::SimilarName,
            Kind::KeyIdDiffers,
        ];
        let ranks = in_order.map(rank);
        assert!(ranks.is_sorted_by(|one, next| one < next), "{ranks:?}");
    }

    #[test]
    fn four_bytes_tell_an_identifier() {
        let told = [&[][..], &[1], &[1, 2, 3, 0xab], &[1, 2, 3, 4, 5]].map(short_id);
        assert_eq!(told, ["", "01", "01:02:03:ab", "01:02:03:04…"]);
    }
}

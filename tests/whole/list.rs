//! Revocation lists forged for the chains of `trio`.

use crate::forge::{Key, sequence, tlv};
use crate::trio::Trio;

/// A list before it is signed. Every part is whole DER.
pub struct List {
    pub version: Option<Vec<u8>>,
    pub inner_algorithm: Vec<u8>,
    pub outer_algorithm: Vec<u8>,
    pub issuer: Vec<u8>,
    pub this_update: Vec<u8>,
    pub next_update: Vec<u8>,
    /// The entries; `None` leaves the field out.
    pub entries: Option<Vec<Vec<u8>>>,
    pub extensions: Vec<Vec<u8>>,
    /// What follows the last field inside the part that is signed, and the whole.
    pub behind: [Vec<u8>; 2],
    pub signed_by: u8,
}

pub fn date(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

/// An entry of a serial number.
pub fn entry(serial: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = vec![tlv(0x02, serial), date("260101000000Z")];
    if !extensions.is_empty() {
        parts.push(sequence(extensions));
    }
    sequence(&parts)
}

impl List {
    /// A good one of an issuer that stands at this place.
    pub fn of(place: usize, trio: &Trio) -> Self {
        let key = &trio.keys[place];
        Self {
            version: Some(tlv(0x02, &[1])),
            inner_algorithm: key.algorithm().to_vec(),
            outer_algorithm: key.algorithm().to_vec(),
            issuer: trio.forges[place].subject.clone(),
            this_update: date("270101000000Z"),
            next_update: date("280101000000Z"),
            entries: None,
            extensions: Vec::new(),
            behind: [Vec::new(), Vec::new()],
            signed_by: [3, 2, 1][place],
        }
    }

    pub fn sign(&self) -> Vec<u8> {
        let mut parts: Vec<Vec<u8>> = self.version.iter().cloned().collect();
        parts.push(tlv(0x30, &self.inner_algorithm));
        parts.extend([
            self.issuer.clone(),
            self.this_update.clone(),
            self.next_update.clone(),
        ]);
        parts.extend(self.entries.as_ref().map(|entries| sequence(entries)));
        if !self.extensions.is_empty() {
            parts.push(tlv(0xa0, &sequence(&self.extensions)));
        }
        parts.push(self.behind[0].clone());
        let whole = Key::fixed(self.signed_by).seal(&sequence(&parts), &self.outer_algorithm);
        let (_, contents) = whole.split_at(whole.len() - contents_length(&whole));
        sequence(&[contents.to_vec(), self.behind[1].clone()])
    }
}

/// How many bytes the contents of an element have.
fn contents_length(whole: &[u8]) -> usize {
    match whole[1] {
        short @ 0..=0x7f => usize::from(short),
        0x81 => usize::from(whole[2]),
        _ => usize::from(whole[2]) << 8 | usize::from(whole[3]),
    }
}

//! What a document holds: bytes, each with its place.

use zeroize::Zeroizing;

use super::super::kinds::Purpose;
use super::super::passphrase::Passphrase;

/// One value of a document that may be a certificate, a key, a list or a container.
pub struct Piece {
    /// Its place in words: `Secret shop/orders-tls, tls.crt`. Safe to show.
    pub within: String,
    /// The line that it begins in, from 1; `None` where the format does not tell.
    pub line: Option<usize>,
    /// What it holds.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Passphrases that stand beside it, as operators write them.
    pub passphrases: Vec<Passphrase>,
}

/// A document, read.
#[derive(Default)]
pub struct Document {
    /// What it is: `a Kubernetes Secret`.
    pub what: String,
    /// In the order of the document.
    pub pieces: Vec<Piece>,
    /// What is unusual, without full stops.
    pub notes: Vec<String>,
    /// What its certificate is for, where the document says so.
    pub meant_for: Option<Purpose>,
}

/// More values than any dump of a cluster has.
const MOST_PIECES: usize = 20_000;

impl Document {
    /// One piece more, within bounds.
    pub(super) fn add(&mut self, within: String, bytes: Zeroizing<Vec<u8>>) {
        if self.pieces.len() < MOST_PIECES {
            self.pieces.push(Piece {
                within,
                line: None,
                bytes,
                passphrases: Vec::new(),
            });
        }
    }
}

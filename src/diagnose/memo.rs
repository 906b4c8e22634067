//! Signatures that were checked before. A check is a pure function of bytes and by far the slowest thing that judging does;
//! the same few CAs sign everything in a mesh, and one judgement asks for one signature several times.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};

/// More certificates than this are not remembered: then it begins anew.
const MOST_CERTIFICATES: usize = 8192;
/// A handshake has two or three signatures; the matrix and the proofs ask for each.
const MOST_HANDSHAKE: usize = 4;

/// Whether one certificate's key made another's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signature {
    Holds,
    Fails,
    /// The algorithm is not one that rustls verifies.
    Unsupported,
    /// rustls verifies the algorithm, but not with a key of the issuer's kind.
    OtherKey,
    Unreadable,
}

/// A SHA-256 digest: bytes that are the same have the same.
pub(super) type Digest = [u8; 32];

static CERTIFICATES: LazyLock<Mutex<HashMap<(Digest, Digest), Signature>>> = LazyLock::new(Mutex::default);

thread_local! {
    static HANDSHAKE: RefCell<Vec<(Digest, Signature)>> = const { RefCell::new(Vec::new()) };
}

/// The digest of some bytes.
pub(super) fn digest(bytes: &[u8]) -> Digest {
    finished(&aws_lc_rs::digest::digest(&SHA256, bytes))
}

fn finished(digest: &aws_lc_rs::digest::Digest) -> Digest {
    let mut out = [0; 32];
    out.copy_from_slice(digest.as_ref());
    out
}

/// The signature on what has the digest `signed`, by the key whose SubjectPublicKeyInfo has the digest `key`: checked once
/// for all connections.
pub(super) fn certificate(signed: Digest, key: Digest, check: impl FnOnce() -> Signature) -> Signature {
    let known = CERTIFICATES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&(signed, key))
        .copied();
    if let Some(signature) = known {
        return signature;
    }
    // Checked without the lock: others go on meanwhile.
    let signature = check();
    let mut all = CERTIFICATES.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_CERTIFICATES {
        all.clear();
    }
    all.insert((signed, key), signature);
    signature
}

/// A signature over a handshake, checked once for the judgement that is under way.
pub(super) fn handshake(parts: &[&[u8]], check: impl FnOnce() -> Signature) -> Signature {
    // Each part with its length, so that no two lists of parts are alike.
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let key = finished(&context.finish());
    let known = HANDSHAKE.with_borrow(|all| {
        all.iter()
            .find(|(of, _)| *of == key)
            .map(|(_, signature)| *signature)
    });
    known.unwrap_or_else(|| {
        let signature = check();
        HANDSHAKE.with_borrow_mut(|all| {
            if all.len() >= MOST_HANDSHAKE {
                all.remove(0);
            }
            all.push((key, signature));
        });
        signature
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same bytes in other parts are another signature.
    #[test]
    fn where_a_part_ends_is_a_part_of_what_is_remembered() {
        assert_eq!(handshake(&[b"ab", b"c"], || Signature::Holds), Signature::Holds);
        assert_eq!(handshake(&[b"a", b"bc"], || Signature::Fails), Signature::Fails);
        assert_eq!(
            handshake(&[b"ab", b"c"], || Signature::Unreadable),
            Signature::Holds,
            "it is not asked again"
        );
    }
}

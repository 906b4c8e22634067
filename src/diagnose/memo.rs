//! Signatures that were checked before. A check is a pure function of bytes and by far the slowest thing that judging does;
//! the same few CAs sign everything in a mesh, and one judgement asks for one signature several times.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};

use super::certificate::{Certificate, Signature};
use crate::capture::Der;

/// More certificates than this are not remembered: then it begins anew.
const MOST_CERTIFICATES: usize = 8192;
/// A handshake has two or three signatures; the matrix and the proofs ask for each.
const MOST_HANDSHAKE: usize = 4;

/// Trusted and known certificates of one judge; a bundle of all public roots has some 150.
const MOST_READ: usize = 1024;

type Digest = [u8; 32];

static CERTIFICATES: LazyLock<Mutex<HashMap<Digest, Signature>>> = LazyLock::new(Mutex::default);

thread_local! {
    static READ: RefCell<HashMap<Der, Certificate>> = RefCell::default();
    static HANDSHAKE: RefCell<Vec<(Digest, Signature)>> = const { RefCell::new(Vec::new()) };
}

/// The digest of what a check depends on; each part with its length, so that no two lists of parts are alike.
fn digest(parts: &[&[u8]]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// A certificate's signature, checked once for all connections.
pub(super) fn certificate(parts: &[&[u8]], check: impl FnOnce() -> Signature) -> Signature {
    let key = digest(parts);
    let known = |map: &HashMap<Digest, Signature>| map.get(&key).copied();
    if let Some(signature) = known(&CERTIFICATES.lock().unwrap_or_else(PoisonError::into_inner)) {
        return signature;
    }
    // Checked without the lock: others go on meanwhile.
    let signature = check();
    let mut all = CERTIFICATES.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_CERTIFICATES {
        all.clear();
    }
    all.insert(key, signature);
    signature
}

/// A certificate of a store or a pool, read once for all chains that this thread judges by it.
pub(super) fn read(der: &Der) -> Certificate {
    READ.with_borrow_mut(|all| {
        if let Some(known) = all.get(der) {
            return known.clone();
        }
        if all.len() >= MOST_READ {
            all.clear();
        }
        let certificate = Certificate::read(der);
        all.insert(der.clone(), certificate.clone());
        certificate
    })
}

/// A signature over a handshake, checked once for the judgement that is under way.
pub(super) fn handshake(parts: &[&[u8]], check: impl FnOnce() -> Signature) -> Signature {
    let key = digest(parts);
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

//! Containers in BER (X.690 §8) made into DER where they differ: indefinite lengths, and strings that come in parts.
//!
//! Firefox and other programs on NSS, Bouncy Castle and `openssl cms -stream` write so. What is in DER stays as it is, byte for
//! byte: certificates and what is signed would be others if they were written anew.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::super::der::{Walk, header, tagged};

const CONSTRUCTED: u8 = 0x20;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// `[0]`, with parts and without.
const IN_PARTS: u8 = 0xa0;
const WHOLE: u8 = 0x80;
/// Deeper containers are not built: OpenSSL joins strings of five levels.
const DEEPEST: usize = 24;

/// The first element of these bytes in DER; `None` where it is so already, or is damaged.
pub(super) fn rewritten(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    match element(bytes, 0)?.0 {
        Cow::Owned(rewritten) => Some(Zeroizing::new(rewritten)),
        Cow::Borrowed(_) => None,
    }
}

/// An element, and what follows it. It is owned where it was written anew.
fn element(input: &[u8], depth: usize) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let tag = *input.first()?;
    // No container has tags of several bytes.
    if tag & 0x1f == 0x1f || depth > DEEPEST {
        return None;
    }
    let is_indefinite = *input.get(1)? == 0x80;
    let (begins, length) = if is_indefinite { (2, 0) } else { header(input)? };
    if tag & CONSTRUCTED == 0 {
        let end = begins.checked_add(length).filter(|_| !is_indefinite)?;
        return Some((Cow::Borrowed(input.get(..end)?), input.get(end..)?));
    }
    let mut rest = if is_indefinite {
        input.get(begins..)?
    } else {
        input.get(begins..begins.checked_add(length)?)?
    };
    let mut parts: Vec<Cow<'_, [u8]>> = Vec::new();
    let behind = loop {
        // The end of an indefinite length; without one, the end of what was announced.
        match rest.strip_prefix(&[0, 0]) {
            Some(behind) if is_indefinite => break behind,
            Some(_) | None if rest.is_empty() && !is_indefinite => break input.get(begins + length..)?,
            Some(_) | None => {}
        }
        let (part, after) = element(rest, depth + 1)?;
        parts.push(string_of_a_message(&parts, &part).map_or(part, Cow::Owned));
        rest = after;
    };
    if tag == OCTETS | CONSTRUCTED {
        return Some((Cow::Owned(tagged(OCTETS, &joined(&parts.concat())?)), behind));
    }
    let is_as_it_was = !is_indefinite && parts.iter().all(|part| matches!(part, Cow::Borrowed(_)));
    let whole = if is_as_it_was {
        Cow::Borrowed(input.get(..begins + length)?)
    } else {
        Cow::Owned(tagged(tag, &parts.concat()))
    };
    Some((whole, behind))
}

/// What an EncryptedContentInfo encrypted (RFC 5652 §6.1) is a string under a tag of its own: behind the content's kind and the
/// algorithm. Where it comes in parts, it is joined.
fn string_of_a_message(before: &[Cow<'_, [u8]>], part: &[u8]) -> Option<Vec<u8>> {
    let [kind, algorithm] = before else {
        return None;
    };
    let is_one = kind.first() == Some(&OBJECT_IDENTIFIER) && algorithm.first() == Some(&SEQUENCE);
    let parts = Walk(part).take(IN_PARTS).filter(|_| is_one)?;
    Some(tagged(WHOLE, &joined(parts)?))
}

/// The strings one behind the other.
fn joined(parts: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Walk(parts);
    let mut all = Vec::new();
    while !parts.0.is_empty() {
        all.extend_from_slice(parts.take(OCTETS)?);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &[u8] = &[0x06, 1, 0x2a];

    #[test]
    fn der_stays_as_it_is() {
        for der in [
            tagged(SEQUENCE, OID),
            // A length that is longer than it must be is signed over by somebody.
            vec![SEQUENCE, 0x81, 3, 0x06, 1, 0x2a],
            tagged(SEQUENCE, &tagged(IN_PARTS, &tagged(OCTETS, &[0x24, 0x80]))),
        ] {
            assert_eq!(rewritten(&der), None, "{der:02x?}");
        }
    }

    #[test]
    fn lengths_become_definite_and_strings_whole() {
        let string = [0x24, 0x80, OCTETS, 1, 1, 0x24, 3, OCTETS, 1, 2, 0, 0];
        let ber = [&[SEQUENCE, 0x80][..], OID, &string, &[0, 0]].concat();
        let wanted = tagged(SEQUENCE, &[OID, &tagged(OCTETS, &[1, 2])].concat());
        assert_eq!(rewritten(&ber).as_deref(), Some(&wanted));
        // A string under a tag of its own, as what is encrypted has it; the same place explicitly tagged is left.
        let algorithm = tagged(SEQUENCE, OID);
        let parts = [IN_PARTS, 0x80, OCTETS, 1, 1, OCTETS, 1, 2, 0, 0];
        let ber = tagged(SEQUENCE, &[OID, &algorithm, &parts].concat());
        let wanted = tagged(SEQUENCE, &[OID, &algorithm, &tagged(WHOLE, &[1, 2])].concat());
        assert_eq!(rewritten(&ber).as_deref(), Some(&wanted));
        let ber = tagged(SEQUENCE, &[OID, &parts[..]].concat());
        let explicit = tagged(IN_PARTS, &[OCTETS, 1, 1, OCTETS, 1, 2]);
        assert_eq!(
            rewritten(&ber).as_deref(),
            Some(&tagged(SEQUENCE, &[OID, &explicit].concat()))
        );
    }

    #[test]
    fn what_is_damaged_or_too_deep_is_left_alone() {
        let ber = [&[SEQUENCE, 0x80][..], OID, &[0, 0]].concat();
        for length in 0..ber.len() {
            assert_eq!(rewritten(&ber[..length]), None, "{length}");
        }
        // A string of no parts, one with something else in it, and one of indefinite length without parts.
        assert!(rewritten(&[0x24, 0]).is_some_and(|string| *string == [OCTETS, 0]));
        assert_eq!(rewritten(&[0x24, 3, 0x06, 1, 0x2a]), None);
        assert_eq!(rewritten(&[OCTETS, 0x80, 0, 0]), None);
        for (deep, is_read) in [(DEEPEST, true), (DEEPEST + 1, false)] {
            let ber = [[SEQUENCE, 0x80].repeat(deep), OID.to_vec(), vec![0; 2 * deep]].concat();
            assert_eq!(rewritten(&ber).is_some(), is_read, "{deep}");
        }
        let endless = [SEQUENCE, 0x80].repeat(1 << 20);
        assert_eq!(rewritten(&endless), None);
    }
}

//! Text that is written in another form: UTF-16, and base64 around what is meant.

use base64::Engine;
use zeroize::Zeroizing;

/// The text of UTF-16 in either byte order, with or without its mark; `None` where the bytes are none.
pub(super) fn from_utf16(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let (body, is_little) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        [a, 0, b, 0, ..] if is_text(*a) && is_text(*b) => (bytes, true),
        [0, a, 0, b, ..] if is_text(*a) && is_text(*b) => (bytes, false),
        _ => return None,
    };
    let units = Zeroizing::new(
        body.chunks_exact(2)
            .map(|pair| {
                let pair = [
                    pair.first().copied().unwrap_or(0),
                    pair.get(1).copied().unwrap_or(0),
                ];
                if is_little {
                    u16::from_le_bytes(pair)
                } else {
                    u16::from_be_bytes(pair)
                }
            })
            .collect::<Vec<u16>>(),
    );
    Some(Zeroizing::new(String::from_utf16_lossy(&units)))
}

fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// What the text is the base64 of, where it is nothing but base64 and gives something that may be ours.
pub(super) fn from_base64(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    /// Fewer are a word.
    const FEWEST: usize = 32;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    if !bytes
        .iter()
        .all(|byte| is_base64(byte) || byte.is_ascii_whitespace())
    {
        return None;
    }
    let compact: Zeroizing<Vec<u8>> =
        Zeroizing::new(bytes.iter().copied().filter(|byte| is_base64(byte)).collect());
    if compact.len() < FEWEST {
        return None;
    }
    let decoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.decode(&*compact).ok()?);
    let begins = |what: &[u8]| decoded.starts_with(what);
    let is_ours = begins(&[0x30])
        || begins(&[0xfe, 0xed, 0xfe, 0xed])
        || begins(&[0xce, 0xce, 0xce, 0xce])
        || begins(b"-----BEGIN ")
        || begins(b"LS0tLS1CRUdJTi")
        || begins(b"MI")
        || begins(&[0xef, 0xbb, 0xbf]);
    is_ours.then_some(decoded)
}

/// The text with five hyphens around every BEGIN and END of a certificate, a key or a list that stands between other dashes, and
/// the first such line; `None` where there is none.
pub(super) fn with_five_hyphens(bytes: &[u8]) -> Option<(Zeroizing<String>, usize)> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.contains("BEGIN ") {
        return None;
    }
    let is_faulty = |line: &str| mark(line).is_some() && !line.trim_start().starts_with("-----");
    let first = text.lines().position(is_faulty)?;
    let mut out = Zeroizing::new(String::with_capacity(text.len() + 64));
    for line in text.lines() {
        match mark(line) {
            Some((word, label)) => out.push_str(&format!("-----{word} {label}-----")),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Some((out, first + 1))
}

/// `BEGIN` or `END` and the label, of a line that is nothing but a mark between dashes of any kind.
fn mark(line: &str) -> Option<(&str, &str)> {
    let is_dash = |c: char| {
        matches!(
            c,
            '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        )
    };
    let line = line.trim();
    let inner = line.trim_start_matches(is_dash);
    let has_dashes = inner.len() < line.len() && line.ends_with(is_dash);
    let (word, label) = inner.trim_end_matches(is_dash).trim().split_once(' ')?;
    let is_ours = ["CERTIFICATE", "PRIVATE KEY", "X509 CRL", "PKCS7"]
        .iter()
        .any(|known| label.ends_with(known));
    let is_label = label
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ');
    // SSH's own form has four hyphens, and its key is none of ours.
    let is_of_ssh = label.starts_with("SSH2 ");
    let is_mark = has_dashes && is_ours && is_label && !is_of_ssh && matches!(word, "BEGIN" | "END");
    is_mark.then_some((word, label))
}

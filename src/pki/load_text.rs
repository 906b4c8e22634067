//! Text that is written in another form: UTF-16, and base64 around what is meant.

use base64::Engine;
use zeroize::Zeroizing;

use super::quirk::Quirk;

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

/// The text with five hyphens around every BEGIN and END of a certificate, a key or a list that stands between other dashes, more
/// or fewer, with the first such line and what it shows; `None` where there is none.
pub(super) fn with_five_hyphens(bytes: &[u8]) -> Option<(Zeroizing<String>, usize, Quirk)> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.contains("BEGIN ") {
        return None;
    }
    let first = text.lines().position(|line| faulty(line).is_some())?;
    let is_read = |line: &str| faulty(line).is_none_or(|found| gnutls_reads(line, found));
    let quirk = if text.lines().all(is_read) {
        Quirk::HyphenCount
    } else {
        Quirk::OtherDashes
    };
    let mut out = Zeroizing::new(String::with_capacity(text.len() + 64));
    for line in text.lines() {
        match mark(line) {
            Some(found) => out.push_str(&usual(found)),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Some((out, first + 1, quirk))
}

/// The mark as it is to be.
fn usual((word, label): (&str, &str)) -> String {
    format!("-----{word} {label}-----")
}

/// A mark that is not written so.
fn faulty(line: &str) -> Option<(&str, &str)> {
    mark(line).filter(|found| line.trim() != usual(*found))
}

/// GnuTLS looks for the mark wherever it stands in a line: nothing may follow that of a BEGIN, and of an END the front is enough.
fn gnutls_reads(line: &str, (word, label): (&str, &str)) -> bool {
    let line = line.trim();
    let front = format!("-----{word} {label}");
    match word {
        "END" => line.contains(&front),
        _ => line.ends_with(&format!("{front}-----")),
    }
}

/// `BEGIN` or `END` and the label, of a line that is nothing but a mark beside or between dashes of any kind.
fn mark(line: &str) -> Option<(&str, &str)> {
    let is_dash = |c: char| {
        matches!(
            c,
            '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        )
    };
    let line = line.trim();
    let inner = line.trim_matches(is_dash);
    let (word, label) = inner.trim().split_once(' ')?;
    let label = label.trim_start();
    let is_ours = ["CERTIFICATE", "PRIVATE KEY", "X509 CRL", "PKCS7"]
        .iter()
        .any(|known| label.ends_with(known));
    let is_label = label
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ');
    let has_dashes = inner.len() < line.len();
    // SSH's own form has four hyphens, and its key is none of ours.
    let is_of_ssh = label.starts_with("SSH2 ");
    let is_mark = has_dashes && is_ours && is_label && !is_of_ssh && matches!(word, "BEGIN" | "END");
    is_mark.then_some((word, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_count_of_hyphens_is_put_right_and_told() {
        let good = "text\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        assert!(with_five_hyphens(good.as_bytes()).is_none());
        for (from, to, line, quirk) in [
            ("-----", "------", 2, Quirk::OtherDashes),
            ("-----", "----", 2, Quirk::OtherDashes),
            ("-----", "\u{2013}", 2, Quirk::OtherDashes),
            ("-----BEGIN ", "----- BEGIN  ", 2, Quirk::OtherDashes),
            ("-----BEGIN", "BEGIN", 2, Quirk::OtherDashes),
            ("-----END", "----END", 4, Quirk::OtherDashes),
            ("-----BEGIN", "------BEGIN", 2, Quirk::HyphenCount),
            (
                "END CERTIFICATE-----",
                "END CERTIFICATE----",
                4,
                Quirk::HyphenCount,
            ),
        ] {
            let text = good.replace(from, to);
            let (mended, at, found) = with_five_hyphens(text.as_bytes()).expect("it is told");
            assert_eq!((mended.as_str(), at, found), (good, line, quirk), "{text}");
        }
        for none in [
            "BEGIN CERTIFICATE\n",
            "-----BEGIN SSH2 KEY----\n",
            "- BEGIN with a CERTIFICATE -\n",
        ] {
            assert!(with_five_hyphens(none.as_bytes()).is_none(), "{none}");
        }
    }
}

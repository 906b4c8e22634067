//! PEM blocks with their lines (RFC 7468): whatever stands between the blocks is skipped, as every tool does.
//!
//! Any block may be a key, whatever its label says: no sentence shows anything of a block but a label that is one, and
//! what was decoded is wiped from memory.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::{Zeroize, Zeroizing};

/// One block, decoded. Its bytes are wiped when it is dropped.
pub(super) struct Block {
    /// `CERTIFICATE`, `PRIVATE KEY`, …
    pub label: String,
    /// Line of its BEGIN, from 1.
    pub line: usize,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// It carries `Proc-Type: 4,ENCRYPTED` (RFC 1421 §4.6.1.1).
    pub is_encrypted: bool,
}

impl Drop for Block {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl Block {
    /// Whether it is a certificate, a private key, or what speaks of revocation.
    pub(super) fn is_ours(&self) -> bool {
        self.label.ends_with("CERTIFICATE")
            || matches!(self.label.as_str(), "X509 CRL" | "OCSP RESPONSE")
            || (self.label.ends_with("PRIVATE KEY") && !self.label.contains("SSH"))
    }
}

/// What is wrong with a block, where, and the mend.
#[derive(Debug)]
pub(super) struct PemError {
    pub line: usize,
    pub what: String,
    pub mend: String,
}

/// Whether there is a BEGIN line anywhere.
pub(super) fn looks_like_pem(bytes: &[u8]) -> bool {
    bytes.windows(11).any(|window| window == b"-----BEGIN ")
}

/// All blocks, in order.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, PemError> {
    let mut blocks = Vec::new();
    // Line ends of Unix, Windows and old Macs alike.
    let windows = Zeroizing::new(text.replace("\r\n", "\n"));
    let text = Zeroizing::new(windows.replace('\r', "\n"));
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()));
    while let Some((line, content)) = lines.next() {
        let Some(label) = content.strip_prefix("-----BEGIN ") else {
            continue;
        };
        let Some((label, after)) = label.split_once("-----") else {
            return Err(PemError {
                line,
                what: "the BEGIN line does not end in five dashes".to_owned(),
                mend: "restore the line, for example -----BEGIN CERTIFICATE-----".to_owned(),
            });
        };
        if !after.is_empty() {
            return Err(PemError {
                line,
                what: if after.starts_with("\\n") || after.starts_with("\\r") {
                    "the line breaks of this block are the two characters \\ and n".to_owned()
                } else {
                    "the block stands on one line: its line breaks are lost".to_owned()
                },
                mend: "put BEGIN and END on lines of their own, and the base64 between them".to_owned(),
            });
        }
        blocks.push(block(label, line, &mut lines)?);
    }
    Ok(blocks)
}

fn block<'a>(
    label: &str,
    begin: usize,
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
) -> Result<Block, PemError> {
    let end = format!("-----END {label}-----");
    let named = label_words(label);
    let mut base64 = Zeroizing::new(String::new());
    let mut is_encrypted = false;
    for (line, content) in lines {
        if content == end {
            let bytes = decode(&base64).ok_or_else(|| PemError {
                line: begin,
                what: format!("the base64 of this {named} is damaged or incomplete"),
                mend: "copy the block again, whole".to_owned(),
            })?;
            return Ok(Block {
                label: label.to_owned(),
                line: begin,
                bytes,
                is_encrypted,
            });
        }
        if content.starts_with("-----BEGIN ") || content.starts_with("-----END ") {
            return Err(PemError {
                line,
                what: format!("the {named} that begins in line {begin} has no END line before this line"),
                mend: "copy the block again, whole".to_owned(),
            });
        }
        // RFC 1421 headers.
        if content.contains(':') {
            is_encrypted |= content.starts_with("Proc-Type:") && content.contains("ENCRYPTED");
            continue;
        }
        if let Some(bad) = content
            .chars()
            .find(|c| !(c.is_ascii_alphanumeric() || "+/= \t".contains(*c)))
        {
            return Err(PemError {
                line,
                what: format!("{} cannot stand in a {named}", character_words(bad)),
                mend: "copy the block again, whole".to_owned(),
            });
        }
        base64.extend(content.chars().filter(|c| !c.is_whitespace()));
    }
    Err(PemError {
        line: begin,
        what: format!("the {named} is truncated: it has no END line"),
        mend: "copy the block again, whole".to_owned(),
    })
}

/// `CERTIFICATE block`: a label where it is made of words in capitals, as all are (RFC 7468 §3). What else stands there may
/// be a part of a key.
pub(super) fn label_words(label: &str) -> String {
    let is_word = |word: &str| {
        (1..=12).contains(&word.len())
            && word.starts_with(|first: char| first.is_ascii_uppercase())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"#.".contains(&byte))
    };
    if label.len() <= 40 && label.split(' ').all(is_word) {
        format!("{label} block")
    } else {
        "block with an unreadable label".to_owned()
    }
}

/// One foreign character: punctuation as it is, others by number.
fn character_words(character: char) -> String {
    if character.is_ascii_graphic() {
        format!("“{character}”")
    } else {
        format!("the character U+{:04X}", character as u32)
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let lenient = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    lenient.decode(text).ok().filter(|bytes| !bytes.is_empty())
}

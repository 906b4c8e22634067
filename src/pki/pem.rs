//! PEM blocks with their lines (RFC 7468): whatever stands between the blocks is skipped, as every tool does.
//!
//! Any block may be a key, whatever its label says: no sentence shows anything of a block but a label that is one, and
//! what was decoded is wiped from memory.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::{Zeroize, Zeroizing};

use super::pem_lines::{Lines, lines};
use super::quirk::Quirk;

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
    /// What stands behind `DEK-Info:`.
    pub encryption: Option<String>,
}

/// One block as text: `CERTIFICATE`, `X509 CRL`, `PRIVATE KEY`.
pub fn pem_text(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(base64::prelude::BASE64_STANDARD.encode(der));
    let mut text = Zeroizing::new(format!("-----BEGIN {label}-----\n"));
    for (index, character) in body.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
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
            || is_container(&self.label)
            || (self.label.ends_with("PRIVATE KEY") && !self.label.contains("SSH"))
    }
}

/// The labels of PKCS#7 and CMS.
pub(super) fn is_container(label: &str) -> bool {
    matches!(label, "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA")
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

/// All blocks, in order, and what is unusual about them.
pub(super) struct Blocks {
    pub blocks: Vec<Block>,
    /// Each once, with the first line that shows it.
    pub quirks: Vec<(Quirk, usize)>,
}

/// All blocks of a text.
pub(super) fn blocks(text: &str) -> Result<Blocks, PemError> {
    let Lines { lines, mut quirks } = lines(text);
    let mut blocks = Vec::new();
    let mut lines = lines.iter().map(|(number, line)| (*number, line.as_str()));
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
                what: "more stands behind the BEGIN line than can be told apart".to_owned(),
                mend: "put BEGIN and END on lines of their own, and the base64 between them".to_owned(),
            });
        }
        let (block, has_header) = block(label, line, &mut lines)?;
        if has_header && quirks.iter().all(|(known, _)| *known != Quirk::InnerHeader) {
            quirks.push((Quirk::InnerHeader, line));
        }
        blocks.push(block);
    }
    Ok(Blocks { blocks, quirks })
}

/// A block, and whether it has headers besides those of its encryption.
fn block<'a>(
    label: &str,
    begin: usize,
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
) -> Result<(Block, bool), PemError> {
    let end = format!("-----END {label}-----");
    let named = label_words(label);
    let mut block = Block {
        label: label.to_owned(),
        line: begin,
        bytes: Vec::new(),
        is_encrypted: false,
        encryption: None,
    };
    let mut has_header = false;
    // Its checksum is no base64, and nothing in it is for TLS.
    let is_pgp = label.starts_with("PGP ");
    let mut base64 = Zeroizing::new(String::new());
    for (line, content) in lines {
        if content == end {
            if !is_pgp {
                block.bytes = decode(&base64).ok_or_else(|| PemError {
                    line: begin,
                    what: format!("the base64 of this {named} is damaged or incomplete"),
                    mend: "copy the block again, whole".to_owned(),
                })?;
            }
            return Ok((block, has_header));
        }
        if content.starts_with("-----BEGIN ") || content.starts_with("-----END ") {
            return Err(PemError {
                line,
                what: format!("the {named} that begins in line {begin} has no END line before this line"),
                mend: "copy the block again, whole".to_owned(),
            });
        }
        if is_pgp {
            continue;
        }
        // RFC 1421 headers.
        if let Some((name, value)) = content.split_once(':') {
            match name {
                "Proc-Type" => block.is_encrypted |= value.contains("ENCRYPTED"),
                "DEK-Info" => block.encryption = Some(value.trim().to_owned()),
                _ => has_header = true,
            }
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

//! The unusual in PEM text that is read here although other programs refuse it, and which of them do.
//!
//! `refused_by` is what the real programs said of such a file: the test `tests/stacks` asks them again.

use super::load_note::LoadNote;
use crate::stack::Stack;

/// One way in which a file of certificates departs from RFC 7468.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quirk {
    /// U+FEFF at the start, in UTF-8.
    ByteOrderMark,
    /// UTF-16 of either byte order.
    Utf16,
    /// Blanks before the BEGIN line.
    Indented,
    /// BEGIN stands on the line of another block's END.
    Glued,
    /// Line breaks are written as the two characters `\` and `n`.
    LiteralBreaks,
    /// The block stands on one line.
    LostBreaks,
    /// Lines end in a carriage return alone.
    OldMacBreaks,
    /// A header that no key's encryption needs stands in the block.
    InnerHeader,
    /// OpenSSL's own label, with its trust settings behind the certificate.
    TrustedLabel,
    /// The label of the nineties.
    X509Label,
    /// BEGIN and END stand between other dashes than five hyphens each.
    OtherDashes,
    /// Not five hyphens stand before BEGIN or around END, in a way that is still found by what looks for the mark anywhere.
    HyphenCount,
    /// Text stands behind END, in its line.
    BehindEnd,
    /// CERTIFICATE is written over a PKCS#7 container.
    ContainerLabel,
}

use Stack::{GnuTls, Go, Java, Node, OpenSsl, Python};

/// Those that are asked.
const EVERY_ONE: &[Stack] = &[OpenSsl, GnuTls, Go, Java, Node, Python];
const ALL_BUT_GNUTLS: &[Stack] = &[OpenSsl, Go, Java, Node, Python];
const ALL_BUT_JAVA: &[Stack] = &[OpenSsl, GnuTls, Go, Node, Python];

impl Quirk {
    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::ByteOrderMark,
        Self::Utf16,
        Self::Indented,
        Self::Glued,
        Self::LiteralBreaks,
        Self::LostBreaks,
        Self::OldMacBreaks,
        Self::InnerHeader,
        Self::TrustedLabel,
        Self::X509Label,
        Self::OtherDashes,
        Self::HyphenCount,
        Self::BehindEnd,
        Self::ContainerLabel,
    ];

    /// The stacks that refuse such a file, of OpenSSL, GnuTLS, Go, Java, Node.js and Python.
    pub fn refused_by(self) -> &'static [Stack] {
        match self {
            Self::ByteOrderMark => &[Go, Java],
            Self::Utf16 | Self::LiteralBreaks | Self::InnerHeader | Self::OtherDashes => EVERY_ONE,
            Self::Indented | Self::Glued | Self::LostBreaks | Self::HyphenCount | Self::BehindEnd => {
                ALL_BUT_GNUTLS
            }
            Self::OldMacBreaks => &[OpenSsl, Go, Node, Python],
            Self::TrustedLabel => &[GnuTls, Go, Java],
            Self::X509Label => &[Go],
            Self::ContainerLabel => ALL_BUT_JAVA,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "the text begins with a byte-order mark",
            Self::Utf16 => "the text is in UTF-16; save it as UTF-8",
            Self::Indented => "the BEGIN line is indented",
            Self::Glued => "BEGIN stands on the same line as the END before it: a line break is missing",
            Self::LiteralBreaks => "the line breaks are written as the two characters \\ and n",
            Self::LostBreaks => "the block stands on one line: its line breaks are lost",
            Self::OldMacBreaks => "the lines end in a carriage return alone",
            Self::InnerHeader => "the block holds a header line besides the base64",
            Self::TrustedLabel => {
                "the block is labelled TRUSTED CERTIFICATE, OpenSSL's own form; its trust settings are not used"
            }
            Self::X509Label => "the block is labelled X509 CERTIFICATE, not CERTIFICATE",
            Self::OtherDashes => {
                "BEGIN or END does not stand between five hyphens on each side, as in text from a word processor"
            }
            Self::HyphenCount => "BEGIN or END does not stand between five hyphens on each side",
            Self::BehindEnd => "more stands on the END line than the mark",
            Self::ContainerLabel => "the block is labelled CERTIFICATE, and it holds a PKCS#7 container",
        }
    }

    /// The command that writes the file as everybody reads it.
    fn mend(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "tail -c +4 {file} > {new}",
            Self::Utf16 => "iconv -f UTF-16 -t UTF-8 {file} > {new}",
            Self::Indented => "sed 's/^[[:blank:]]*//' {file} > {new}",
            Self::Glued => r#"awk '{gsub(/-----BEGIN/,"\n-----BEGIN"); print}' {file} | grep . > {new}"#,
            Self::LiteralBreaks => r#"awk '{gsub(/\\n/,"\n"); print}' {file} > {new}"#,
            Self::LostBreaks => {
                r#"awk '{gsub(/-----BEGIN[A-Z0-9 ]*-----/,"\n&\n"); gsub(/-----END[A-Z0-9 ]*-----/,"\n&\n"); print}' {file} | awk '/-----/{print; next} {gsub(/[[:blank:]]+/,"\n"); print}' | grep . | fold -w 64 > {new}"#
            }
            Self::OldMacBreaks => r"tr '\r' '\n' < {file} > {new}",
            Self::InnerHeader => "sed '/^[A-Za-z0-9-]*: /d' {file} | grep . > {new}",
            Self::TrustedLabel => "openssl x509 -in {file} -out {new}",
            Self::X509Label => "sed 's/X509 CERTIFICATE/CERTIFICATE/' {file} > {new}",
            Self::OtherDashes | Self::HyphenCount => {
                r"LC_ALL=C sed 's/^[^A-Z]*\(BEGIN\|END\)  *\([A-Z0-9# ]*[A-Z0-9]\)[^A-Z0-9]*$/-----\1 \2-----/' {file} > {new}"
            }
            Self::BehindEnd => r"sed 's/\(-----END [A-Z0-9# ]*-----\).*/\1/' {file} > {new}",
            Self::ContainerLabel => {
                "sed 's/CERTIFICATE/PKCS7/' {file} | openssl pkcs7 -print_certs | awk '/BEGIN CERTIFICATE-/,/END CERTIFICATE-/' > {new}"
            }
        }
    }

    /// What is said of it, once for a file.
    pub(super) fn note(self, line: Option<usize>) -> LoadNote {
        LoadNote {
            line,
            what: self.words().to_owned(),
            refused_by: self.refused_by(),
            mend: Some(self.mend()),
        }
    }
}

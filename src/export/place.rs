//! Writing an export to a file: whole or not at all, and over nothing but an export.

use std::path::Path;

use super::format::{Format, MARK};
use crate::pki::first_bytes;
use crate::printable::quoted_path;
use crate::session::write_over;

/// So far into a file its mark is looked for.
const MARK_WITHIN: u64 = 512;

/// Writes an export. Only a new or empty file is written, or one that is an export already: a key, a note or whatever else
/// somebody has there stays. The sentence says why it was not written.
pub fn write(path: &Path, bytes: &[u8], format: Format) -> Result<(), String> {
    let what = format!("export of mtlscope to {}", format.extension());
    write_over(path, bytes, &what, |there| is_export(there, format)).map_err(|refused| {
        format!(
            "{}: the export cannot be written ({}); what was there is untouched; choose another place",
            quoted_path(path),
            refused.0
        )
    })
}

fn is_export(path: &Path, format: Format) -> bool {
    let beginning = first_bytes(path, MARK_WITHIN).unwrap_or_default();
    let text = String::from_utf8_lossy(&beginning);
    let begins = match format {
        Format::Html => text.starts_with("<!DOCTYPE html>"),
        Format::Svg => text.starts_with("<svg "),
        Format::Png => beginning.starts_with(b"\x89PNG\r\n\x1a\n"),
        Format::Markdown | Format::Runbook => text.starts_with("<!-- "),
    };
    begins && text.contains(MARK)
}

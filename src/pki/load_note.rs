//! What was read although other programs refuse it: said with who does.

use super::shell_file;
use crate::stack::Stack;

/// One remark on a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadNote {
    /// The line that it speaks of, from 1.
    pub line: Option<usize>,
    /// What is unusual, without a full stop: `the file begins with a byte-order mark`.
    pub what: String,
    /// The stacks that refuse it, as the real programs do; none where it is a remark and no more.
    pub refused_by: &'static [Stack],
    /// The command that writes a file that everybody reads, with `{file}` and `{new}` for the names.
    pub mend: Option<&'static str>,
}

impl LoadNote {
    /// A remark that nobody refuses.
    pub(super) fn remark(line: Option<usize>, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
            refused_by: &[],
            mend: None,
        }
    }

    /// The command that mends it, for a file of this name. What it writes only its owner may read: a key may be in it.
    pub fn mend_of(&self, file: &str) -> Option<String> {
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        // A new PKCS#12 file is one by its name as well.
        let ending = if self.mend?.contains(".p12") { "" } else { ".pem" };
        let new = shell_file(&format!("{stem}-mended{ending}"));
        let command = self
            .mend?
            .replace("{new}", &new)
            .replace("{file}", &shell_file(file));
        Some(format!("(umask 077; {command})"))
    }
}

/// `line 3: the text is indented; OpenSSL and Go refuse it`.
impl std::fmt::Display for LoadNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.what)?;
        let names: Vec<&str> = self.refused_by.iter().map(|stack| stack.name()).collect();
        match names.as_slice() {
            [] => Ok(()),
            [only] => write!(f, "; {only} refuses it"),
            [first @ .., last] => write!(f, "; {} and {last} refuse it", first.join(", ")),
        }
    }
}

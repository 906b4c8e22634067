//! What was read although other programs refuse it: said with who does.

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
}

impl LoadNote {
    /// A remark that nobody refuses.
    pub(super) fn remark(line: Option<usize>, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
            refused_by: &[],
        }
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

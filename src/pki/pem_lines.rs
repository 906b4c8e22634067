//! The lines of PEM text as they were meant: what lost its line breaks has them again, under the numbers of the lines that
//! it stands on.

use zeroize::Zeroizing;

use super::quirk::Quirk;

/// The text, line by line, and what is unusual about it.
pub(super) struct Lines {
    /// The number of the line in the file, from 1, and what stands on it, without blanks at its ends.
    pub lines: Vec<(usize, Zeroizing<String>)>,
    /// Each once, with the first line that shows it.
    pub quirks: Vec<(Quirk, usize)>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The lines of a text; line ends of Unix, Windows and old Macs alike.
pub(super) fn lines(text: &str) -> Lines {
    let mut out = Lines {
        lines: Vec::new(),
        quirks: Vec::new(),
    };
    let windows = Zeroizing::new(text.replace("\r\n", "\n"));
    let is_old_mac = windows.contains('\r') && !windows.contains('\n');
    let unix = Zeroizing::new(windows.replace('\r', "\n"));
    if is_old_mac {
        out.add(Quirk::OldMacBreaks, 1);
    }
    for (index, line) in unix.lines().enumerate() {
        out.take(index + 1, line);
    }
    out
}

impl Lines {
    fn add(&mut self, quirk: Quirk, line: usize) {
        if self.quirks.iter().all(|(known, _)| *known != quirk) {
            self.quirks.push((quirk, line));
        }
    }

    fn push(&mut self, number: usize, content: &str) {
        let content = content.trim();
        self.lines.push((number, Zeroizing::new(content.to_owned())));
    }

    /// One line of the file.
    fn take(&mut self, number: usize, line: &str) {
        let content = line.trim();
        if !content.contains(BEGIN) && !content.contains(END) {
            return self.push(number, content);
        }
        if content.contains("\\n") {
            let Some(begin) = content.find(BEGIN) else {
                return self.push(number, content);
            };
            self.add(Quirk::LiteralBreaks, number);
            // What stands before it is a variable's name and a quotation mark.
            let text = content.get(begin..).unwrap_or_default();
            let text = Zeroizing::new(text.replace("\\r\\n", "\n").replace("\\n", "\n"));
            let text = text.trim_end_matches(['"', '\'', ',', ';']);
            for piece in text.lines() {
                self.pieces(number, piece.trim());
            }
            return;
        }
        if content.starts_with(BEGIN) && !line.starts_with(BEGIN) {
            self.add(Quirk::Indented, number);
        }
        self.pieces(number, content);
    }

    /// Cuts a line at its BEGIN and END marks.
    fn pieces(&mut self, number: usize, content: &str) {
        let mut rest = content;
        let mut is_behind_end = false;
        loop {
            let mark = [rest.find(BEGIN), rest.find(END)].into_iter().flatten().min();
            let Some(at) = mark else { break };
            let is_end = rest.get(at..).is_some_and(|rest| rest.starts_with(END));
            // Words before a BEGIN are a text's, not a block's.
            if at > 0
                && !is_end
                && !is_behind_end
                && self.lines.last().is_none_or(|(last, _)| *last != number)
            {
                break;
            }
            let label = at + if is_end { END.len() } else { BEGIN.len() };
            let Some(length) = rest.get(label..).and_then(|rest| rest.find(DASHES)) else {
                break;
            };
            let after = label + length + DASHES.len();
            let (before, mark, behind) = (
                rest.get(..at).unwrap_or_default(),
                rest.get(at..after).unwrap_or_default(),
                rest.get(after..).unwrap_or_default().trim_start(),
            );
            if !before.is_empty() {
                self.push(number, before);
            }
            self.push(number, mark);
            if !is_end && is_behind_end {
                self.add(Quirk::Glued, number);
            } else if !is_end && !behind.is_empty() || is_end && !before.is_empty() {
                self.add(Quirk::LostBreaks, number);
            }
            is_behind_end = is_end;
            rest = behind;
        }
        if is_behind_end && !rest.is_empty() {
            self.add(Quirk::BehindEnd, number);
        }
        if !rest.is_empty() {
            self.push(number, rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(usize, String)>, Vec<Quirk>) {
        let all = lines(text);
        (
            all.lines
                .iter()
                .map(|(number, line)| (*number, line.to_string()))
                .collect(),
            all.quirks.iter().map(|(quirk, _)| *quirk).collect(),
        )
    }

    #[test]
    fn lost_line_breaks_are_put_back() {
        let wanted = ["-----BEGIN A-----", "MIIB", "-----END A-----"];
        for (text, quirks) in [
            ("-----BEGIN A-----\nMIIB\n-----END A-----\n", vec![]),
            ("-----BEGIN A-----\r\nMIIB\r\n-----END A----- \t\r\n", vec![]),
            ("-----BEGIN A-----MIIB-----END A-----", vec![Quirk::LostBreaks]),
            ("-----BEGIN A----- MIIB -----END A-----", vec![Quirk::LostBreaks]),
            (
                "-----BEGIN A-----\\nMIIB\\n-----END A-----\\n",
                vec![Quirk::LiteralBreaks],
            ),
            (
                "KEY=\"-----BEGIN A-----\\r\\nMIIB\\r\\n-----END A-----\\r\\n\"",
                vec![Quirk::LiteralBreaks],
            ),
            (
                "-----BEGIN A-----\rMIIB\r-----END A-----\r",
                vec![Quirk::OldMacBreaks],
            ),
            (
                "  -----BEGIN A-----\n  MIIB\n  -----END A-----\n",
                vec![Quirk::Indented],
            ),
        ] {
            let (lines, found) = read(text);
            let lines: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
            assert_eq!(lines, wanted, "{text}");
            assert_eq!(found, quirks, "{text}");
        }
    }

    #[test]
    fn glued_blocks_come_apart_under_the_number_of_their_line() {
        let (lines, quirks) =
            read("-----BEGIN A-----\nMIIB\n-----END A----------BEGIN A-----\nMIIC\n-----END A-----");
        assert_eq!(quirks, [Quirk::Glued]);
        assert_eq!(
            lines[2..4],
            [
                (3, "-----END A-----".to_owned()),
                (3, "-----BEGIN A-----".to_owned())
            ]
        );
    }
}

//! The whole answer as text, for a ticket or a chat.

use std::fmt::Write;

use super::documents::Document;
use crate::diagnose::Certainty;

/// Title, verdict, every cause with its remedies.
pub(super) fn text(document: &Document) -> String {
    let diagnosis = &document.analysis.diagnosis;
    let mut out = format!("{}: {}\n", document.title, diagnosis.verdict.word());
    for (index, cause) in diagnosis.causes.iter().enumerate() {
        // Writing to a String does not fail.
        let _ = write!(out, "\n{}. {}", index + 1, cause.title);
        if cause.certainty == Certainty::Possible {
            out.push_str(" (possible)");
        }
        let _ = writeln!(out, " [{}]\n   {}", cause.id.word(), cause.detail);
        for remedy in &cause.remedies {
            let _ = writeln!(out, "   Fix: {}", remedy.text);
            for command in &remedy.commands {
                // Every line of it: YAML is its indentation.
                for line in command.lines() {
                    let _ = writeln!(out, "     {line}");
                }
            }
        }
    }
    for step in &document.analysis.story.steps {
        let _ = write!(
            out,
            "\n{:>9} µs  {:<6}  {}",
            step.at_us,
            step.side.word(),
            step.title
        );
    }
    out.push('\n');
    out
}

/// `orders-asks-payments.ron` for a title.
pub(super) fn file_name_for(title: &str) -> String {
    let mut name = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            name.push(c);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let name: String = name.trim_start_matches(['-', '.']).chars().take(60).collect();
    let name = name.trim_end_matches(['-', '.']);
    format!("{}.ron", if name.is_empty() { "session" } else { name })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_makes_a_file_name() {
        assert_eq!(
            super::file_name_for("orders → payments.shop.svc"),
            "orders-payments.shop.svc.ron"
        );
        assert_eq!(super::file_name_for("…/"), "session.ron");
        assert_eq!(super::file_name_for("../../etc/.passwd"), "etc-.passwd.ron");
        let long = super::file_name_for(&format!("{} end", "a".repeat(59)));
        assert_eq!(long, format!("{}.ron", "a".repeat(59)));
    }
}

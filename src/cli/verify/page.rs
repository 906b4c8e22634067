//! The report for people: a block for each chain, a line for all of them at the end.

use super::judging::stack;
use super::report::{Asked, Counts, Entry, Judged, Report, shortened, whole};
use crate::cli::asking;
use crate::cli::mends;
use crate::cli::page::Page;
use crate::cli::text::cause_words;
use crate::diagnose::{Cause, MatrixRow, Outcome, Tool, spelled_out};
use crate::pki::moment_words;

/// All of it, 80 columns wide; only commands may be wider.
pub(super) fn page(report: &Report, tools: &[Tool]) -> String {
    let mut page = Page {
        tools: tools.to_vec(),
        ..Page::default()
    };
    for entry in &report.entries {
        match entry {
            Entry::Judged(judged) => chain(&mut page, judged, &report.asked),
            // The sentence itself goes to stderr, where a pipe does not lose it.
            Entry::Unusable { file, .. } => page.hanging(0, "? ", &format!("{file}: could not be judged")),
        }
        page.text.push('\n');
    }
    page.paragraph(0, &summary(report.counts()));
    let asked = &report.asked;
    let name = asked
        .name
        .as_ref()
        .map_or_else(String::new, |name| format!(" for the name {name}"));
    page.paragraph(
        0,
        &format!(
            "Judged by a {}{name} at {}; the verdict is {}'s.",
            asked.sender.peer().word(),
            moment_words(asked.at_unix_s),
            stack()
        ),
    );
    for note in &asked.notes {
        page.note(0, note);
    }
    page.text
}

/// `3 chains: 2 good, 1 refused`.
pub(super) fn summary(counts: Counts) -> String {
    let Counts {
        good,
        refused,
        failed_a_guard,
        with_unusable_key,
        unusable,
    } = counts;
    let all = good + refused + failed_a_guard + with_unusable_key + unusable;
    let parts: Vec<String> = [
        (good, "good"),
        (refused, "refused"),
        (failed_a_guard, "accepted by rustls but not by your flags"),
        (with_unusable_key, "with a key that no handshake succeeds with"),
        (unusable, "unusable"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let chains = if all == 1 { "chain" } else { "chains" };
    format!("{all} {chains}: {}", parts.join(", "))
}

fn chain(page: &mut Page, judged: &Judged, asked: &Asked) {
    let file = &judged.file;
    match &judged.error {
        None if judged.is_good(asked) => page.hanging(0, "✓ ", &format!("{file}: good")),
        None if judged.is_key_unusable() => page.hanging(
            0,
            "✗ ",
            &format!("{file}: the chain is accepted, but its key is not: every handshake with it fails"),
        ),
        None => page.hanging(
            0,
            "✗ ",
            &format!("{file}: FAILED by your flags; rustls accepts it"),
        ),
        Some(_) => page.hanging(0, "✗ ", &format!("{file}: REFUSED")),
    }
    page.paragraph(2, &path(judged));
    if let Some(words) = &judged.error {
        page.paragraph(2, &format!("{}: {}", stack(), shortened(&spelled_out(words))));
        if judged.explained.causes.is_empty() {
            page.paragraph(
                2,
                "None of the checks here explains this refusal; rustls's words are all there is.",
            );
        }
    }
    if let Some(words) = judged.on_record() {
        page.paragraph(2, &shortened(&words));
    }
    for (index, cause) in judged.explained.causes.iter().enumerate() {
        page.heading(if index == 0 { "  Why" } else { "  Also" });
        cause_words(page, cause, &seen(judged, cause));
    }
    if !judged.expiring.is_empty() {
        page.heading("  Ends soon");
        for expiring in &judged.expiring {
            let place = judged.where_is(Some(&expiring.certificate)).unwrap_or_default();
            page.hanging(2, "- ", &format!("{} ({})", expiring.words, place));
        }
    }
    let refused = if asked.is_strict {
        "Warnings, which --strict fails for"
    } else {
        "Warnings: rustls accepts it, though not everybody does"
    };
    warnings(page, judged, (refused, false), |_, row| {
        row.outcome == Outcome::Warn && row.is_refused_elsewhere
    });
    let unusual = "Unusual: against the rules, and accepted by every stack on record";
    warnings(page, judged, (unusual, false), |_, row| {
        row.outcome == Outcome::Warn && !row.is_refused_elsewhere
    });
    let warned = &judged.explained.warned;
    warnings(page, judged, (mends::DEMANDS, true), |at, _| {
        mends::of_row(warned, at, true).is_some()
    });
    mends::quietly(page, 2, warned);
    if let Some(told) = &judged.told {
        page.heading(&format!("  {}", asking::TITLE));
        asking::words(page, 2, told);
    }
    for note in &judged.notes {
        page.note(2, note);
    }
}

/// `payments ← Mesh Issuer ← Mesh Root (trusted)`: the path as far as it goes.
fn path(judged: &Judged) -> String {
    use crate::diagnose::Presence;
    let links: Vec<String> = judged
        .explained
        .judgement
        .view
        .links
        .iter()
        .map(|link| match link.presence {
            Presence::Sent => link.name.clone(),
            Presence::InStore => format!("{} (trusted)", link.name),
            Presence::AtHand | Presence::Absent => format!("{} ({})", link.name, link.note),
        })
        .collect();
    links.join(" ← ")
}

/// Where the evidence of a cause lies: file and line of its certificate, its bytes, what they show.
fn seen(judged: &Judged, cause: &Cause) -> Vec<String> {
    let place = judged.where_is(cause.certificate.as_ref());
    cause
        .evidence
        .iter()
        .filter(|evidence| !evidence.range.is_empty())
        .map(|evidence| {
            let place = place.as_deref().unwrap_or("the chain");
            let bytes = format!("DER bytes {} to {}", evidence.range.start, evidence.range.end);
            format!("{place}, {bytes}: {}", shortened(&evidence.words))
        })
        .collect()
}

/// Warnings under a heading, those of one certificate that say the same thing once, with what mends them.
fn warnings(
    page: &mut Page,
    judged: &Judged,
    (heading, is_demand): (&str, bool),
    is_meant: impl Fn(usize, &MatrixRow) -> bool,
) {
    let explained = &judged.explained;
    let matrix = explained.judgement.matrix.iter().enumerate();
    let rows: Vec<(usize, &MatrixRow)> = matrix.filter(|(at, row)| is_meant(*at, row)).collect();
    if rows.is_empty() {
        return;
    }
    page.heading(&format!("  {heading}"));
    let meant = (explained.warned.as_slice(), is_demand);
    mends::write(page, rows.into_iter(), meant, &explained.causes, |row| {
        warning(judged, row, mends::words(row, is_demand))
    });
}

fn warning(judged: &Judged, row: &MatrixRow, words: &str) -> String {
    let place = judged
        .where_is(row.certificate.as_ref())
        .map_or_else(String::new, |place| format!(" ({place})"));
    format!(
        "{} of the {}{place}: {}",
        row.check.word(),
        row.role.word(),
        whole(words)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_what_there_is() {
        let counts = Counts {
            good: 2,
            refused: 1,
            ..Counts::default()
        };
        assert_eq!(summary(counts), "3 chains: 2 good, 1 refused");
        let one = Counts {
            good: 1,
            ..Counts::default()
        };
        assert_eq!(summary(one), "1 chain: 1 good");
    }
}

//! The handshake told as text, in Markdown.

use std::fmt::Write;

use super::bounds::{MOST_CAUSES, MOST_CHECKS};
use super::certificates::{chains, checked, link_words, presence};
use super::escape::{code, fenced, markdown};
use super::format::MARK;
use super::material::Material;
use super::told::{
    actor, chapter_word, ending_words, figures, headline, judges, outcome_words, standing, verdict_words,
};
use crate::capture::Side;
use crate::decode::thousands;
use crate::diagnose::{Cause, by_stack};
use crate::story::moment;

pub(super) fn text(material: &Material) -> String {
    let mut out = format!("<!-- {MARK} -->\n\n# {}\n\n", markdown(&material.heading()));
    let told = headline(material);
    let _ = write!(
        out,
        "**{}: {}**\n\n{}\n\n",
        verdict_words(material),
        markdown(&told.title),
        markdown(&told.text)
    );
    let figures: Vec<String> = figures(material).iter().map(|one| markdown(one)).collect();
    if !figures.is_empty() {
        let _ = write!(out, "{}\n\n", figures.join(" · "));
    }
    left_out(&mut out, material);
    notes(&mut out, material);
    steps(&mut out, material);
    let _ = write!(out, "## How each side saw it\n\n");
    for side in Side::BOTH {
        let words = ending_words(material.analysis.diagnosis.endings.of(side));
        let _ = writeln!(out, "- {}: {}", side.word(), markdown(&words));
    }
    if let Some(words) = &material.analysis.story.two_truths {
        let _ = writeln!(out, "\nTwo truths: {}.", markdown(words));
    }
    if let Some(turned) = &material.analysis.diagnosis.turned_away {
        let _ = writeln!(out, "\nThe application refused: {}", markdown(&turned.words));
    }
    out.push('\n');
    causes(&mut out, material);
    certificates(&mut out, material);
    checks(&mut out, material);
    proofs(&mut out, material);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// What is missing, as a quotation.
pub(super) fn left_out(out: &mut String, material: &Material) {
    if let Some(left_out) = &material.left_out {
        let words: Vec<String> = left_out.iter().map(|one| markdown(one)).collect();
        let _ = write!(out, "> {}\n\n", words.join(" "));
    }
}

/// The user's own words, line by line, as a quotation.
pub(super) fn notes(out: &mut String, material: &Material) {
    if material.notes.is_empty() {
        return;
    }
    quoted(out, &material.notes, "");
    out.push('\n');
}

fn quoted(out: &mut String, words: &str, indent: &str) {
    let lines: Vec<String> = words.lines().map(|line| markdown(line.trim_end())).collect();
    for (place, line) in lines.iter().enumerate() {
        // A backslash at its end keeps a line's end.
        let is_followed = lines.get(place + 1).is_some_and(|next| !next.is_empty());
        let _ = match line.as_str() {
            "" => writeln!(out, "{indent}>"),
            line if is_followed => writeln!(out, "{indent}> {line}\\"),
            line => writeln!(out, "{indent}> {line}"),
        };
    }
}

fn steps(out: &mut String, material: &Material) {
    let story = &material.analysis.story;
    let (shown, gap) = material.shown_steps();
    out.push_str("## How it went\n\n");
    for chapter in &story.chapters {
        let note = if chapter.note.is_empty() || chapter.note == chapter_word(material, chapter) {
            String::new()
        } else {
            format!(" · {}", markdown(&chapter.note))
        };
        let _ = write!(
            out,
            "### {}  {}: {}{note}\n\n",
            chapter.number,
            chapter.title,
            chapter_word(material, chapter)
        );
        let mut is_any = false;
        for (order, index) in shown.iter().enumerate() {
            let (Some(step), Some(row)) = (story.steps.get(*index), story.rows.get(*index)) else {
                continue;
            };
            if step.chapter != chapter.number {
                continue;
            }
            if let Some((_, count)) = gap.filter(|(place, _)| *place == order) {
                let _ = writeln!(out, "- … {} steps are left out of this export", thousands(count));
            }
            is_any = true;
            let broke = if row.is_break { " **It broke here.**" } else { "" };
            let caption = if step.caption.is_empty() {
                String::new()
            } else {
                format!(" · {}", markdown(&step.caption))
            };
            let _ = writeln!(
                out,
                "- {} · {} · **{}**{caption}{broke}",
                moment(step.at_us),
                actor(&row.kind),
                markdown(&step.title)
            );
            let _ = writeln!(out, "  {}", markdown(&step.explanation));
            if let Some(note) = material.step_notes.of(*index) {
                out.push('\n');
                quoted(out, &format!("Note: {note}"), "  ");
                out.push('\n');
            }
        }
        if is_any {
            out.push('\n');
        }
    }
}

fn causes(out: &mut String, material: &Material) {
    let causes = &material.analysis.diagnosis.causes;
    for (index, cause) in causes.iter().enumerate().take(MOST_CAUSES) {
        let _ = write!(
            out,
            "## {}: {}\n\n{}\n\n{} · {}\n\n",
            if index == 0 { "Why" } else { "Also" },
            markdown(&cause.title),
            markdown(&cause.detail),
            code(cause.id.word()),
            markdown(&standing(material, cause))
        );
        evidence(out, material, cause);
        remedies(out, cause);
        if index == 0 {
            other_words(out, material, cause);
        }
        if !cause.rule.is_empty() {
            let _ = write!(out, "The rule: {}\n\n", markdown(&cause.rule));
        }
    }
}

pub(super) fn evidence(out: &mut String, material: &Material, cause: &Cause) {
    if cause.evidence.is_empty() {
        return;
    }
    out.push_str("What proves it:\n\n");
    for one in &cause.evidence {
        let message = one
            .message
            .and_then(|index| material.analysis.transcript.messages.get(index));
        let at = message.map_or_else(String::new, |message| {
            let bytes = if one.range.is_empty() {
                String::new()
            } else {
                format!(", bytes {}–{}", one.range.start, one.range.end - 1)
            };
            format!(" ({} of the {}{bytes})", message.kind, message.side.word())
        });
        let _ = writeln!(out, "- {}{}", markdown(&one.words), markdown(&at));
    }
    out.push('\n');
}

pub(super) fn remedies(out: &mut String, cause: &Cause) {
    for remedy in &cause.remedies {
        let tool = remedy
            .tool
            .map_or_else(String::new, |tool| format!(" ({})", tool.name()));
        let _ = write!(out, "**Fix{tool}:** {}\n\n", markdown(&remedy.text));
        if !remedy.commands.is_empty() {
            let _ = writeln!(out, "{}", fenced(&remedy.commands.join("\n"), ""));
        }
    }
}

pub(super) fn other_words(out: &mut String, material: &Material, cause: &Cause) {
    let rosetta = by_stack(cause, &material.analysis.diagnosis, None);
    if rosetta.refused.is_empty() {
        return;
    }
    out.push_str("| stack | as | says |\n|---|---|---|\n");
    for entry in &rosetta.refused {
        for saying in &entry.sayings {
            let _ = writeln!(
                out,
                "| {} {} | {} | {} |",
                markdown(entry.stack),
                markdown(entry.version),
                saying.side.word(),
                code(&saying.words)
            );
        }
    }
    out.push('\n');
    if !rosetta.accepted_by.is_empty() {
        let _ = write!(
            out,
            "Accepted by: {}.\n\n",
            markdown(&rosetta.accepted_by.join(", "))
        );
    }
}

fn certificates(out: &mut String, material: &Material) {
    for chain in chains(material) {
        let _ = write!(out, "## {}\n\n", markdown(&chain.title));
        for (number, link) in chain.links.iter().enumerate() {
            let bad = if link.is_bad { " **✗**" } else { "" };
            let next = link.link_to_next.map_or("", link_words);
            let arrow = if next.is_empty() { "" } else { " ↓ " };
            let _ = writeln!(
                out,
                "{}. **{}**{bad} · {} · {} · {}{arrow}{next}",
                number + 1,
                markdown(&link.name),
                link.role.word(),
                presence(link.presence),
                markdown(&link.note)
            );
        }
        if chain.more > 0 {
            let _ = writeln!(
                out,
                "\n{} more are left out of this export.",
                thousands(chain.more)
            );
        }
        out.push('\n');
    }
}

fn checks(out: &mut String, material: &Material) {
    let (groups, more) = checked(material);
    let mut judge = None;
    for group in &groups {
        if judge != Some(group.judge) {
            judge = Some(group.judge);
            let _ = write!(out, "## {}\n\n", judges(group.judge));
        }
        let _ = write!(
            out,
            "### {}\n\n| outcome | check | particulars |\n|---|---|---|\n",
            markdown(&group.title)
        );
        for row in &group.rows {
            let (sign, word) = outcome_words(row.outcome);
            let _ = writeln!(
                out,
                "| {} {word} | {} | {} |",
                markdown(sign),
                row.check.words(),
                markdown(&row.detail)
            );
        }
        out.push('\n');
    }
    if more > 0 {
        let _ = write!(
            out,
            "{} more checks are left out of this export.\n\n",
            thousands(more)
        );
    }
}

fn proofs(out: &mut String, material: &Material) {
    let proofs = &material.analysis.diagnosis.proofs;
    if proofs.is_empty() {
        return;
    }
    out.push_str("## Proofs, recomputed\n\n");
    for proof in proofs.iter().take(MOST_CHECKS) {
        let word = match proof.holds {
            Some(true) => "holds",
            Some(false) => "does not hold",
            None => "not known",
        };
        let _ = writeln!(
            out,
            "- {} {}: {word}. {}",
            proof.side.word(),
            proof.kind,
            markdown(&proof.words)
        );
    }
    out.push('\n');
}

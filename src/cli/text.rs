//! An analysis for people, 80 columns wide: the verdict first, then why and what to do, then how it went.

use std::fmt::Write;

use super::page::Page;
use crate::analysis::Analysis;
use crate::capture::{Capture, EventKind, Side};
use crate::decode::{Body, Transcript};
use crate::diagnose::{Cause, Certainty, Ending, Tool, Verdict, spelled_out};
use crate::printable::printable_lines;
use crate::story::{ChapterState, RowKind, alpn_not_answered, duration};
use crate::survey::Row;

#[cfg(test)]
mod tests;

/// The whole answer as text, with the commands of these tools; none named: OpenSSL's. Only commands may be wider than 80 columns.
pub fn analysis(analysis: &Analysis, notes: &[String], tools: &[Tool]) -> String {
    let mut page = Page {
        tools: tools.to_vec(),
        ..Page::default()
    };
    verdict(&mut page, analysis);
    for (index, cause) in analysis.diagnosis.causes.iter().enumerate() {
        tell_cause(&mut page, cause, index);
    }
    ladder(&mut page, analysis);
    endings(&mut page, analysis);
    super::mends::of_handshake(&mut page, analysis);
    paths_considered(&mut page, analysis);
    would_it_be_sent(&mut page, analysis);
    page.notes(notes);
    page.text
}

/// What was taken for granted.
pub(super) fn notes(notes: &[String]) -> String {
    let mut page = Page::default();
    page.notes(notes);
    page.text
}

/// The connections of a packet capture, two lines each: who and when; what, and how it ended.
pub(super) fn list(rows: &[Row]) -> String {
    let mut page = Page::default();
    let failed = rows
        .iter()
        .filter(|row| matches!(row.verdict, Verdict::Rejected | Verdict::Unfinished))
        .count();
    let words = match failed {
        0 => format!("{} TLS connections, none of them seen to fail", rows.len()),
        1 => format!("{} TLS connections, one of which failed", rows.len()),
        _ => format!("{} TLS connections, {failed} of which failed", rows.len()),
    };
    let early = rows.iter().filter(|row| row.began_before_recording).count();
    let words = match early {
        0 => words,
        _ => format!("{words}; {early} began before the recording"),
    };
    let _ = writeln!(page.text, "{words}");
    for (number, row) in rows.iter().enumerate() {
        let sign = match row.verdict {
            Verdict::Accepted => "✓",
            Verdict::Rejected => "✗",
            Verdict::Unfinished => "…",
            Verdict::Unknown => "?",
        };
        let name = row
            .sni
            .as_deref()
            .map(|name| format!(" · {name}"))
            .unwrap_or_default();
        let _ = writeln!(page.text);
        page.hanging(
            0,
            &format!("{:>4} {sign} ", number + 1),
            &format!("{} → {}{name}", row.client, row.server),
        );
        page.paragraph(7, &row.words());
    }
    page.paragraph(
        0,
        "\n--connection N explains one of them; --format json has all of them whole.",
    );
    page.text
}

/// Steps only: the handshake told one after the other, each with its sentence.
pub(super) fn steps(analysis: &Analysis) -> String {
    let mut page = Page::default();
    verdict(&mut page, analysis);
    let mut chapter = 0;
    for (step, row) in analysis.story.steps.iter().zip(&analysis.story.rows) {
        if step.chapter != chapter {
            chapter = step.chapter;
            let title = analysis
                .story
                .chapters
                .get(usize::from(chapter) - 1)
                .map_or("", |chapter| chapter.title);
            page.heading(&format!("{chapter}  {title}"));
        }
        page.hanging(2, &format!("{}  ", actor(&row.kind)), &step.title);
        page.paragraph(6, &format!("{} · {}", duration(step.at_us), step.caption));
        page.paragraph(6, &step.explanation);
    }
    for (index, cause) in analysis.diagnosis.causes.iter().enumerate() {
        tell_cause(&mut page, cause, index);
    }
    page.text
}

/// Prose, wrapped to 80 columns.
pub(super) fn wrapped(words: &str) -> String {
    indented(0, words)
}

/// Prose, wrapped to 80 columns, every line indented.
pub(super) fn indented(indent: usize, words: &str) -> String {
    let mut page = Page::default();
    page.paragraph(indent, words);
    page.text
}

/// `  1. ` and prose, aligned after the number.
pub(super) fn numbered(number: usize, words: &str) -> String {
    let mut page = Page::default();
    page.hanging(2, &format!("{number}. "), words);
    page.text
}

/// Lines to copy: never wrapped; those of one command stay apart, and nothing in them moves the cursor.
pub(super) fn commands(commands: &[String]) -> String {
    let mut text = String::new();
    for line in commands.iter().flat_map(|command| command.lines()) {
        let _ = writeln!(text, "     {}", printable_lines(line));
    }
    text
}

fn verdict(page: &mut Page, analysis: &Analysis) {
    let diagnosis = &analysis.diagnosis;
    let is_trust_unknown = Side::BOTH
        .into_iter()
        .any(|judge| diagnosis.is_trust_unknown(judge));
    let words = match diagnosis.verdict {
        Verdict::Accepted if is_trust_unknown => {
            "ACCEPTED: both sides went on to the end. Whom they trust is not in this evidence: give their roots \
             (--client-trust, --server-trust) to have the chains judged."
        }
        Verdict::Accepted => "ACCEPTED: both sides are connected and satisfied.",
        Verdict::Rejected => "REJECTED: this handshake failed.",
        Verdict::Unfinished => "UNFINISHED: this handshake never came to an end.",
        Verdict::Unknown => "UNKNOWN: the evidence does not tell how this ended.",
    };
    page.paragraph(0, words);
    if let Some(turned) = &diagnosis.turned_away {
        let who = match turned.certainty {
            Certainty::Proven => "TLS accepted, and the application refused:",
            Certainty::Possible => "TLS accepted, and the application may have refused:",
        };
        page.paragraph(0, &format!("{who} {}", turned.words));
    }
    let transcript = &analysis.transcript;
    let figures: Vec<String> = [
        transcript.version.map(|version| version.to_string()),
        transcript.cipher_suite.map(|suite| suite.to_string()),
        transcript.group.map(|group| group.to_string()),
        transcript.sni.as_ref().map(|name| format!("SNI {name}")),
        alpn_words(transcript),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !figures.is_empty() {
        page.paragraph(0, &figures.join(" · "));
    }
    if let Some(carrier) = &analysis.capture.carrier {
        page.paragraph(0, &crate::printable::printable(&carrier.told()));
    }
}

/// The protocol, or that the server chose none although it was asked.
fn alpn_words(transcript: &Transcript) -> Option<String> {
    if let Some(alpn) = &transcript.alpn {
        return Some(format!("ALPN {alpn}"));
    }
    let has_answered = transcript.messages.iter().any(|message| match &message.body {
        Body::EncryptedExtensions { .. } => true,
        Body::ServerHello(hello) => {
            !hello.is_retry && hello.version.is_some_and(|version| !version.is_13_or_draft())
        }
        _ => false,
    });
    let words = alpn_not_answered(transcript).filter(|_| has_answered)?;
    Some(format!("the server {words}"))
}

fn tell_cause(page: &mut Page, cause: &Cause, index: usize) {
    page.heading(if index == 0 { "Why" } else { "Also" });
    cause_words(page, cause, &[]);
}

/// A cause without its heading; `seen` is where its evidence lies, a line each.
pub(super) fn cause_words(page: &mut Page, cause: &Cause, seen: &[String]) {
    page.paragraph(2, &cause.title);
    page.paragraph(2, &cause.detail);
    let mut facts = vec![cause.id.word().to_owned(), cause.certainty.word().to_owned()];
    if let Some(side) = cause.side {
        facts.push(format!("judged by the {}", side.word()));
    }
    if let Some(certificate) = cause.certificate.as_ref().filter(|it| !it.subject.is_empty()) {
        facts.push(certificate.subject.clone());
    }
    if !cause.reported && cause.certainty == Certainty::Proven {
        facts.push("nobody reported it".to_owned());
    }
    page.paragraph(2, &format!("[{}]", facts.join(" · ")));
    for line in seen {
        page.hanging(2, "Seen: ", line);
    }
    page.remedies(2, cause);
}

fn ladder(page: &mut Page, analysis: &Analysis) {
    let story = &analysis.story;
    page.heading("How it went");
    for chapter in &story.chapters {
        let sign = match chapter.state {
            ChapterState::Done => "ok",
            ChapterState::Failed => "FAILED",
            ChapterState::NotReached | ChapterState::Skipped => "-",
        };
        page.paragraph_columns(&chapter.number.to_string(), chapter.title, sign, &chapter.note);
        for (step, row) in story.steps.iter().zip(&story.rows) {
            if step.chapter != chapter.number {
                continue;
            }
            let lead = format!("{:>10}  {}  ", duration(step.at_us), actor(&row.kind));
            let broke = if row.is_break { " << it broke here" } else { "" };
            page.hanging(2, &lead, &format!("{}{broke}", step.title));
            page.paragraph(16, &step.caption);
        }
    }
    if let Some(words) = &story.two_truths {
        page.text.push('\n');
        page.paragraph(2, &format!("Two truths: {words}."));
    }
    if let Some(integrity) = &story.integrity {
        page.heading("What the changed byte did");
        for words in integrity.lines() {
            page.paragraph(2, words);
        }
    }
}

/// Who acts, and whether it travels; all of one width.
fn actor(kind: &RowKind) -> String {
    match kind {
        RowKind::Flight { from, is_lost, .. } => {
            format!("{} {}", from.word(), if *is_lost { "--x" } else { "-->" })
        }
        RowKind::Verification { judge: side, .. } | RowKind::Moment { side, .. } => {
            format!("{}    ", side.word())
        }
    }
}

fn endings(page: &mut Page, analysis: &Analysis) {
    page.heading("How each side saw it");
    for side in Side::BOTH {
        let ending = analysis.diagnosis.endings.of(side);
        let mut words = ending_words(ending);
        words.push_str(&transport_words(&analysis.capture, side));
        page.hanging(2, &format!("{}  ", side.word()), &words);
    }
}

/// How a side ended its half below TLS, where packets show it.
fn transport_words(capture: &Capture, side: Side) -> String {
    let closed = capture.events.iter().find_map(|event| match event.kind {
        EventKind::TransportClosed { is_reset } if event.side == side => Some((event.at_us, is_reset)),
        _ => None,
    });
    let admission = capture.events.iter().find_map(|event| match event.kind {
        EventKind::Admission { is_granted } if event.side == side => Some((event.at_us, is_granted)),
        _ => None,
    });
    if let Some((at_us, is_granted)) = admission {
        let word = if is_granted { "EAP-Success" } else { "EAP-Failure" };
        return format!("; said {word} at {}", duration(at_us));
    }
    match closed {
        Some((at_us, true)) => format!("; reset the connection (RST) at {}", duration(at_us)),
        Some((at_us, false)) => format!("; closed its side (FIN) at {}", duration(at_us)),
        None => String::new(),
    }
}

fn ending_words(ending: &Ending) -> String {
    let mut words = ending.verdict.word().to_owned();
    if let Some(at_us) = ending.connected_at_us {
        let _ = write!(words, "; believed itself connected at {}", duration(at_us));
    }
    if let Some(error) = &ending.error {
        let _ = write!(words, "; its own words: {}", spelled_out(error));
    }
    words
}

fn paths_considered(page: &mut Page, analysis: &Analysis) {
    let paragraphs = super::json_paths::paragraphs(analysis);
    if !paragraphs.is_empty() {
        page.heading("Paths considered");
    }
    for words in paragraphs {
        page.hanging(2, "· ", &words);
    }
}

fn would_it_be_sent(page: &mut Page, analysis: &Analysis) {
    let paragraphs = super::withhold::paragraphs(analysis);
    if !paragraphs.is_empty() {
        page.heading("Would other stacks send it?");
    }
    for words in paragraphs {
        page.paragraph(2, &words);
    }
}

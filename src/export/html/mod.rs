//! One page that plays the handshake in any browser: nothing from elsewhere, all of it shown where no script runs.
//!
//! The page's own script is the same in every export: what a handshake says is in the document, never in the script. Its
//! policy (Content Security Policy Level 3) lets that one script and that one style sheet run, by their hashes, and nothing
//! else load.

mod checks;
mod parts;
mod steps;
mod why;

use std::fmt::Write;
use std::sync::LazyLock;

use base64::Engine;

use super::escape::markup;
use super::format::MARK;
use super::ink::{Ink, Theme};
use super::material::Material;
use super::stage::ladder_alone;
use super::svg;
use super::told::{chapter_word, figures, headline, verdict_words};
use crate::story::ChapterState;
use parts::tone_class;

const SCRIPT: &str = include_str!("../../../assets/export/player.js");
static STYLE: LazyLock<String> = LazyLock::new(style);

/// The colours of both themes under their names, then the rules.
fn style() -> String {
    let mut out = String::new();
    let colours = |out: &mut String, theme: Theme, scheme: &str| {
        let _ = write!(out, ":root {{ color-scheme: {scheme};");
        for ink in Ink::ALL {
            let _ = write!(out, " --{}: {};", ink.name(), ink.of(theme));
        }
        out.push_str(" }\n");
    };
    colours(&mut out, Theme::Light, "light");
    // On paper the light one stays.
    out.push_str("@media screen and (prefers-color-scheme: dark) {\n");
    colours(&mut out, Theme::Dark, "dark");
    out.push_str("}\n");
    for ink in Ink::ALL {
        let name = ink.name();
        let _ = writeln!(
            out,
            ".f-{name} {{ fill: var(--{name}); }} .s-{name} {{ stroke: var(--{name}); }}"
        );
    }
    out.push_str(include_str!("../../../assets/export/page.css"));
    out
}

/// A source expression for text that may run (CSP Level 3 §2.3.1).
fn hash(text: &str) -> String {
    let digest = hex::decode(crate::pki::sha256_hex(text.as_bytes())).unwrap_or_default();
    format!(
        "'sha256-{}'",
        base64::engine::general_purpose::STANDARD.encode(digest)
    )
}

/// The whole page.
pub(super) fn page(material: &Material) -> String {
    let (shown, _) = material.shown_steps();
    let heading = markup(&material.heading());
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(&STYLE),
        hash(SCRIPT)
    );
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\" data-steps=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"generator\" content=\"{MARK}\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{heading}</title>\n<style>{}</style>\n</head>\n<body>\n",
        shown.len(),
        &*STYLE
    );
    header(&mut out, material, &heading);
    out.push_str("<main class=\"wide\">\n<div class=\"columns\">\n<div class=\"middle\">\n");
    chapters(&mut out, material, &shown);
    controls(&mut out, shown.len());
    let _ = write!(
        out,
        "<figure id=\"stage\" aria-label=\"The ladder: one row for each step\">\n{}</figure>\n</div>\n",
        svg::within(&ladder_alone(material))
    );
    out.push_str("<div class=\"beside\">\n");
    steps::list(&mut out, material);
    why::section(&mut out, material);
    out.push_str("</div>\n</div>\n<div data-end=\"\">\n");
    checks::section(&mut out, material);
    out.push_str("</div>\n</main>\n");
    footer(&mut out, material);
    let _ = write!(out, "<script>{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

fn header(out: &mut String, material: &Material, heading: &str) {
    let class = tone_class(headline(material).tone);
    let _ = write!(
        out,
        "<header>\n<div class=\"wide\">\n<div class=\"line\"><h1>{heading}</h1>\
         <span class=\"pill {class}\" data-end=\"\">{}</span></div>\n",
        verdict_words(material)
    );
    let figures: Vec<String> = figures(material).iter().map(|one| markup(one)).collect();
    if !figures.is_empty() {
        let _ = writeln!(out, "<p class=\"figures\">{}</p>", figures.join(" · "));
    }
    if !material.notes.is_empty() {
        let _ = writeln!(out, "<p class=\"notes\">{}</p>", markup(&material.notes));
    }
    if let Some(left_out) = &material.left_out {
        let words: Vec<String> = left_out.iter().map(|one| markup(one)).collect();
        let _ = writeln!(out, "<p class=\"warned\">{}</p>", words.join(" "));
    }
    out.push_str(
        "<noscript><p class=\"warned\">Scripts are off here, so nothing plays: every step is shown at once.</p></noscript>\n\
         </div>\n</header>\n",
    );
}

fn chapters(out: &mut String, material: &Material, shown: &[usize]) {
    // Counted among the steps that are shown, from 1.
    let order = |step: Option<usize>| {
        let step = step?;
        Some(
            shown
                .partition_point(|one| *one < step)
                .min(shown.len().saturating_sub(1))
                + 1,
        )
    };
    out.push_str("<ol class=\"chapters\" aria-label=\"The six chapters\">\n");
    for chapter in &material.analysis.story.chapters {
        let word = chapter_word(material, chapter);
        let mark = match (chapter.state, word) {
            (_, "undecided") | (ChapterState::NotReached | ChapterState::Skipped, _) => "",
            (ChapterState::Done, _) => "<span class=\"mark\" aria-hidden=\"true\">✓</span>",
            (ChapterState::Failed, _) => "<span class=\"mark\" aria-hidden=\"true\">✗</span>",
        };
        let likely = if chapter.is_likely { " likely" } else { "" };
        let place = |name: &str, step: Option<usize>| {
            order(step).map_or_else(String::new, |step| format!(" data-{name}=\"{step}\""))
        };
        let _ = writeln!(
            out,
            "<li class=\"chapter {}{likely}\"{}{}><span class=\"sign\">{mark}<span class=\"number\">{}</span></span>\
             <span class=\"name\">{}</span><span class=\"note\">{}</span></li>",
            word.replace(' ', "-"),
            place("first", chapter.first_step),
            place("last", chapter.last_step),
            chapter.number,
            markup(chapter.title),
            markup(&chapter.note),
        );
    }
    out.push_str("</ol>\n");
}

fn controls(out: &mut String, count: usize) {
    let _ = write!(
        out,
        "<div class=\"controls\" role=\"group\" aria-label=\"Playback\" hidden=\"\">\n\
         <button type=\"button\" id=\"first\" title=\"To the beginning (Home)\">First</button>\n\
         <button type=\"button\" id=\"back\" title=\"One step back (←)\">Back</button>\n\
         <button type=\"button\" id=\"play\" title=\"Play or pause (Space)\" aria-pressed=\"false\">Play</button>\n\
         <button type=\"button\" id=\"next\" title=\"One step forward (→)\">Next</button>\n\
         <button type=\"button\" id=\"last\" title=\"To the end (End)\">Last</button>\n\
         <input type=\"range\" id=\"scrubber\" min=\"0\" max=\"{count}\" value=\"{count}\" step=\"1\" aria-label=\"Step\"/>\n\
         <span id=\"counter\"></span>\n</div>\n<p id=\"caption\" aria-live=\"polite\" hidden=\"\"></p>\n"
    );
}

fn footer(out: &mut String, material: &Material) {
    let secrets = match (&material.left_out, material.analysis.capture.secrets.is_empty()) {
        (Some(_), _) => "It was exported without what the TLS secrets open.",
        (None, false) => {
            "It shows what the TLS secrets of this one handshake open; the secrets themselves are not in it."
        }
        (None, true) => "There are no TLS secrets in it.",
    };
    let _ = writeln!(
        out,
        "<footer><div class=\"wide\">Made by mtlscope {}. {secrets} No private key is in it. Nothing in this page comes from \
         elsewhere, and it sends nothing.</div></footer>",
        env!("CARGO_PKG_VERSION")
    );
}

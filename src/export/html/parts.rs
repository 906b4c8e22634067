//! What parts of the page share.

use std::fmt::Write;

use crate::capture::Side;
use crate::export::escape::markup;
use crate::export::material::Material;
use crate::export::told::{Tone, ending_words};

/// How each side saw it, for the answer.
pub(super) fn endings(out: &mut String, material: &Material) {
    out.push_str("<h4>How each side saw it</h4>\n<dl class=\"endings\">\n");
    for side in Side::BOTH {
        let words = ending_words(material.analysis.diagnosis.endings.of(side));
        let word = side.word();
        let _ = writeln!(out, "<dt class=\"{word}\">{word}</dt><dd>{}</dd>", markup(&words));
    }
    out.push_str("</dl>\n");
}

pub(super) fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Likely => "likely",
        Tone::Unknown => "unknown",
    }
}

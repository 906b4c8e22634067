//! Why it ended as it did: the cause, what proves it, what mends it, how other stacks word it.

use std::fmt::Write;

use super::parts::{endings, tone_class};
use crate::diagnose::{Cause, by_stack};
use crate::export::bounds::MOST_CAUSES;
use crate::export::escape::markup;
use crate::export::material::Material;
use crate::export::told::{headline, standing};

pub(super) fn section(out: &mut String, material: &Material) {
    let diagnosis = &material.analysis.diagnosis;
    let told = headline(material);
    out.push_str("<section data-end=\"\" aria-labelledby=\"why-title\">\n<h2 id=\"why-title\">Why</h2>\n");
    let _ = write!(
        out,
        "<div class=\"card {}\"><h3>{}</h3>\n<p>{}</p>\n",
        tone_class(told.tone),
        markup(&told.title),
        markup(&told.text)
    );
    let first = diagnosis.causes.first();
    if let Some(cause) = first {
        let _ = writeln!(
            out,
            "<p><span class=\"pill\">{}</span></p>",
            markup(&standing(material, cause))
        );
    }
    out.push_str("</div>\n");
    endings(out, material);
    if let Some(words) = &material.analysis.story.two_truths {
        let _ = writeln!(out, "<h4>Two truths</h4>\n<p>{}.</p>", markup(words));
    }
    if let Some(turned) = &diagnosis.turned_away {
        let _ = writeln!(
            out,
            "<h4>The application refused</h4>\n<p>{}</p>",
            markup(&turned.words)
        );
    }
    if let Some(cause) = first {
        of_cause(out, material, cause, 0);
    }
    for (index, cause) in diagnosis.causes.iter().enumerate().take(MOST_CAUSES).skip(1) {
        let _ = write!(
            out,
            "<details class=\"card\"><summary>Also: {}</summary>\n<p>{}</p>\n<p><span class=\"pill\">{}</span></p>\n",
            markup(&cause.title),
            markup(&cause.detail),
            markup(&standing(material, cause))
        );
        of_cause(out, material, cause, index);
        out.push_str("</details>\n");
    }
    out.push_str("</section>\n");
}

fn of_cause(out: &mut String, material: &Material, cause: &Cause, index: usize) {
    evidence(out, material, cause);
    if !cause.remedies.is_empty() {
        out.push_str("<h4>What mends it</h4>\n");
    }
    for (place, remedy) in cause.remedies.iter().enumerate() {
        let tool = remedy.tool.map_or_else(String::new, |tool| {
            format!("<span class=\"pill\">{}</span> ", markup(tool.name()))
        });
        let _ = writeln!(out, "<p>{tool}{}</p>", markup(&remedy.text));
        if !remedy.commands.is_empty() {
            let id = format!("commands-{index}-{place}");
            let lines: Vec<String> = remedy.commands.iter().map(|one| markup(one)).collect();
            let _ = writeln!(
                out,
                "<div class=\"with-copy\"><pre class=\"commands\" id=\"{id}\">{}</pre>\
                 <button type=\"button\" class=\"copy\" data-copy=\"{id}\" hidden=\"\">Copy</button></div>",
                lines.join("\n")
            );
        }
    }
    other_words(out, material, cause);
    if !cause.rule.is_empty() {
        let _ = writeln!(out, "<h4>The rule</h4>\n<p>{}</p>", markup(&cause.rule));
    }
}

fn evidence(out: &mut String, material: &Material, cause: &Cause) {
    if cause.evidence.is_empty() {
        return;
    }
    out.push_str("<h4>What proves it</h4>\n<ul class=\"evidence\">\n");
    for one in &cause.evidence {
        let at = one.message.and_then(|index| {
            let message = material.analysis.transcript.messages.get(index)?;
            let bytes = if one.range.is_empty() {
                String::new()
            } else {
                format!(", bytes {}–{}", one.range.start, one.range.end - 1)
            };
            Some(format!(
                " <span class=\"aside\">({} of the {}{bytes})</span>",
                markup(&message.kind.to_string()),
                message.side.word()
            ))
        });
        let _ = writeln!(out, "<li>{}{}</li>", markup(&one.words), at.unwrap_or_default());
    }
    out.push_str("</ul>\n");
}

fn other_words(out: &mut String, material: &Material, cause: &Cause) {
    let rosetta = by_stack(cause, &material.analysis.diagnosis, None);
    if rosetta.refused.is_empty() {
        return;
    }
    out.push_str("<details><summary>In other stacks’ words</summary>\n<table><thead><tr><th scope=\"col\">stack</th><th scope=\"col\">as</th><th scope=\"col\">says</th></tr></thead><tbody>\n");
    for entry in &rosetta.refused {
        for saying in &entry.sayings {
            let side = saying.side.word();
            let _ = writeln!(
                out,
                "<tr><td>{} {}</td><td class=\"{side}\">{side}</td><td class=\"said\"><code>{}</code></td></tr>",
                markup(entry.stack),
                markup(entry.version),
                markup(&saying.words)
            );
        }
    }
    out.push_str("</tbody></table>\n");
    if !rosetta.accepted_by.is_empty() {
        let _ = writeln!(
            out,
            "<p>Accepted by: {}.</p>",
            markup(&rosetta.accepted_by.join(", "))
        );
    }
    out.push_str("</details>\n");
}

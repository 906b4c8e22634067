//! Both chains, every check on them, and the handshake's own proofs.

use std::fmt::Write;

use crate::decode::thousands;
use crate::diagnose::{LinkState, Presence};
use crate::export::certificates::{chains, checked, link_words, presence};
use crate::export::escape::markup;
use crate::export::material::Material;
use crate::export::told::{judges, outcome_words};

pub(super) fn section(out: &mut String, material: &Material) {
    let chains = chains(material);
    if !chains.is_empty() {
        out.push_str("<section aria-labelledby=\"chains-title\">\n<h2 id=\"chains-title\">The chains</h2>\n");
        for chain in &chains {
            let _ = writeln!(out, "<h3>{}</h3>\n<ol class=\"chain\">", markup(&chain.title));
            for link in chain.links {
                let bad = if link.is_bad { " is-bad" } else { "" };
                let absent = if link.presence == Presence::Absent {
                    " absent"
                } else {
                    ""
                };
                let _ = writeln!(
                    out,
                    "<li class=\"one{bad}{absent}\"><strong>{}</strong> <span class=\"aside\">{} · {} · {}</span></li>",
                    markup(&link.name),
                    link.role.word(),
                    presence(link.presence),
                    markup(&link.note)
                );
                if let Some(state) = link.link_to_next {
                    let broken = if state == LinkState::Broken { " broken" } else { "" };
                    let _ = writeln!(out, "<li class=\"link{broken}\">↓ {}</li>", link_words(state));
                }
            }
            out.push_str("</ol>\n");
            if chain.more > 0 {
                let _ = writeln!(
                    out,
                    "<p class=\"aside\">{} more certificates are left out of this export.</p>",
                    thousands(chain.more)
                );
            }
            if let Some(store) = chain.store.as_ref().filter(|store| !store.is_empty()) {
                let _ = writeln!(
                    out,
                    "<p class=\"aside\">Trusted: {}.</p>",
                    markup(&store.join(", "))
                );
            }
        }
        out.push_str("</section>\n");
    }
    matrix(out, material);
    proofs(out, material);
}

fn matrix(out: &mut String, material: &Material) {
    let (groups, more) = checked(material);
    if groups.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"checks-title\">\n<h2 id=\"checks-title\">Every check</h2>\n");
    let mut judge = None;
    for group in &groups {
        if judge != Some(group.judge) {
            judge = Some(group.judge);
            let _ = writeln!(out, "<h3>{}</h3>", judges(group.judge));
        }
        let _ = writeln!(out, "<table><caption>{}</caption><tbody>", markup(&group.title));
        for row in &group.rows {
            let (sign, word) = outcome_words(row.outcome);
            let _ = writeln!(
                out,
                "<tr><td class=\"outcome {}\">{sign} {word}</td><th scope=\"row\">{}</th><td>{}</td></tr>",
                row.outcome.word(),
                markup(&row.check.words()),
                markup(&row.detail)
            );
        }
        out.push_str("</tbody></table>\n");
    }
    if more > 0 {
        let _ = writeln!(
            out,
            "<p class=\"aside\">{} more checks are left out of this export.</p>",
            thousands(more)
        );
    }
    out.push_str("</section>\n");
}

fn proofs(out: &mut String, material: &Material) {
    let proofs = &material.analysis.diagnosis.proofs;
    if proofs.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"proofs-title\">\n<h2 id=\"proofs-title\">Proofs, recomputed</h2>\n<table><tbody>\n");
    for proof in proofs.iter().take(crate::export::bounds::MOST_CHECKS) {
        let (class, sign) = match proof.holds {
            Some(true) => ("pass", "✓ holds"),
            Some(false) => ("fail", "✗ does not hold"),
            None => ("aside", "? not known"),
        };
        let side = proof.side.word();
        let _ = writeln!(
            out,
            "<tr><td class=\"outcome {class}\">{sign}</td><th scope=\"row\"><span class=\"{side}\">{side}</span> {}</th><td>{}</td></tr>",
            markup(proof.kind),
            markup(&proof.words)
        );
    }
    out.push_str("</tbody></table>\n</section>\n");
}

//! A drawing as SVG (SVG 1.1): alone, with its colours, or as a part of a page that has them.

use std::fmt::Write;

use super::escape::markup;
use super::format::MARK;
use super::ink::{Ink, Theme};
use super::shape::{Anchor, At, Drawing, Group, Shape};

/// The window's typeface, or whatever is like it.
const FACES: &str = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// How colours are named.
#[derive(Clone, Copy)]
enum Colours {
    Fixed(Theme),
    /// By classes `f-…` and `s-…` of the page around it.
    Classes,
}

/// A whole file.
pub(super) fn alone(drawing: &Drawing, theme: Theme) -> String {
    let mut out = String::new();
    open(&mut out, drawing);
    let _ = write!(
        out,
        "<metadata>{MARK}</metadata>\n<title>{}</title>\n",
        markup(&drawing.label)
    );
    groups(&mut out, drawing, Colours::Fixed(theme));
    out.push_str("</svg>\n");
    out
}

/// A part of a page, whose style sheet has the colours.
pub(super) fn within(drawing: &Drawing) -> String {
    let mut out = String::new();
    open(&mut out, drawing);
    groups(&mut out, drawing, Colours::Classes);
    out.push_str("</svg>\n");
    out
}

fn open(out: &mut String, drawing: &Drawing) {
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" role=\"img\" \
         aria-label=\"{}\" font-family=\"{FACES}\">",
        figure(drawing.width),
        figure(drawing.height),
        figure(drawing.width),
        figure(drawing.height),
        markup(&drawing.label),
    );
}

fn groups(out: &mut String, drawing: &Drawing, colours: Colours) {
    for Group { step, hint, shapes } in &drawing.groups {
        match step {
            Some(step) => {
                let _ = write!(out, "<g class=\"step\" data-step=\"{step}\">");
            }
            None => out.push_str("<g>"),
        }
        if let Some(hint) = hint {
            let _ = write!(out, "<title>{}</title>", markup(hint));
        }
        for shape in shapes {
            one(out, shape, colours);
        }
        out.push_str("</g>\n");
    }
}

fn one(out: &mut String, shape: &Shape, colours: Colours) {
    // Writing to a String does not fail.
    let _ = match shape {
        Shape::Line {
            from,
            to,
            ink,
            width,
            is_dashed,
        } => write!(
            out,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{} stroke-width=\"{}\"{}/>",
            figure(from.0),
            figure(from.1),
            figure(to.0),
            figure(to.1),
            stroke(*ink, colours),
            figure(*width),
            if *is_dashed {
                " stroke-dasharray=\"4 3\""
            } else {
                ""
            },
        ),
        Shape::Box {
            at,
            size,
            radius,
            fill: ink,
            edge,
        } => {
            let classes = match edge {
                Some((edge, width)) => format!(
                    "{} stroke-width=\"{}\"",
                    both(*ink, *edge, colours),
                    figure(*width)
                ),
                None => fill(*ink, colours),
            };
            write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}{classes}/>",
                figure(at.0),
                figure(at.1),
                figure(size.0.max(0.0)),
                figure(size.1.max(0.0)),
                // Boxes that follow each other show no seam.
                if *radius > 0.0 {
                    format!("rx=\"{}\"", figure(*radius))
                } else {
                    "shape-rendering=\"crispEdges\"".to_owned()
                },
            )
        }
        Shape::Row { at, size } => match colours {
            Colours::Fixed(_) => Ok(()),
            Colours::Classes => write!(
                out,
                "<rect class=\"row\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"9\"/>",
                figure(at.0),
                figure(at.1),
                figure(size.0),
                figure(size.1),
            ),
        },
        Shape::Disc {
            at,
            radius,
            fill: ink,
        } => write!(
            out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>",
            figure(at.0),
            figure(at.1),
            figure(*radius),
            fill(*ink, colours),
        ),
        Shape::Filled { points, fill: ink } => write!(
            out,
            "<polygon points=\"{}\"{}/>",
            list(points),
            fill(*ink, colours)
        ),
        Shape::Strokes { points, ink, width } => write!(
            out,
            "<polyline points=\"{}\" fill=\"none\"{} stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
            list(points),
            stroke(*ink, colours),
            figure(*width),
        ),
        Shape::Words {
            at,
            words,
            size,
            weight,
            ink,
            anchor,
            is_upright,
        } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let turn = if *is_upright {
                format!(" transform=\"rotate(-90 {} {})\"", figure(at.0), figure(at.1))
            } else {
                String::new()
            };
            let weight = if *weight == 400 {
                String::new()
            } else {
                format!(" font-weight=\"{weight}\"")
            };
            write!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}{anchor}{}{turn}>{}</text>",
                figure(at.0),
                figure(at.1),
                figure(*size),
                fill(*ink, colours),
                markup(words),
            )
        }
    };
}

fn fill(ink: Ink, colours: Colours) -> String {
    match colours {
        Colours::Fixed(theme) => format!(" fill=\"{}\"", ink.of(theme)),
        Colours::Classes => format!(" class=\"f-{}\"", ink.name()),
    }
}

fn stroke(ink: Ink, colours: Colours) -> String {
    match colours {
        Colours::Fixed(theme) => format!(" stroke=\"{}\"", ink.of(theme)),
        Colours::Classes => format!(" class=\"s-{}\"", ink.name()),
    }
}

fn both(inside: Ink, edge: Ink, colours: Colours) -> String {
    match colours {
        Colours::Fixed(_) => fill(inside, colours) + &stroke(edge, colours),
        Colours::Classes => format!(" class=\"f-{} s-{}\"", inside.name(), edge.name()),
    }
}

fn list(points: &[At]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", figure(*x), figure(*y)))
        .collect();
    points.join(" ")
}

/// With one decimal at most: a tenth of a point is seen by nobody.
fn figure(value: f32) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    format!("{tenths}")
}

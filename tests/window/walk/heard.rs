//! What a screen says and how it is drawn, as text: every node that a screen reader hears, and a digest of all that is painted.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use egui::accesskit::{Role, Toggled};
use egui::{Pos2, Rect, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT;
use mtlscope::pki::sha256_hex;
use mtlscope::ui::App;

/// Every node, a line each: what it is, what it is called, what it holds and how it stands.
pub fn heard(window: &Harness<'_, App>) -> Vec<String> {
    let mut lines = Vec::new();
    for node in window.root().children_recursive() {
        let node = node.accesskit_node();
        let (label, value) = (node.label(), node.value());
        if matches!(node.role(), Role::TextRun) || label.is_none() && value.is_none() {
            continue;
        }
        let mut line = format!("{:?}", node.role());
        if let Some(label) = &label {
            let _ = write!(line, " {label:?}");
        }
        if let Some(value) = value.filter(|value| Some(value) != label.as_ref()) {
            let _ = write!(line, " = {value:?}");
        }
        let states = [
            (node.is_disabled(), " disabled"),
            (node.is_selected() == Some(true), " selected"),
            (node.toggled() == Some(Toggled::True), " on"),
            (node.toggled() == Some(Toggled::False), " off"),
            (node.is_focused(), " focused"),
        ];
        line.extend(states.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| *word));
        lines.push(line);
    }
    lines
}

/// The lines that were not there before, each as often as it is new.
pub fn new_lines(before: &[String], after: &[String]) -> Vec<String> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for line in before {
        *known.entry(line.as_str()).or_default() += 1;
    }
    let is_new = |line: &&String| match known.get_mut(line.as_str()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    after.iter().filter(is_new).cloned().collect()
}

/// All that is painted, a line for each shape, to the point.
pub fn painted(window: &Harness<'_, App>) -> String {
    let mut out = String::new();
    for clipped in &window.output().shapes {
        shape(&mut out, &clipped.shape);
    }
    out
}

fn at(point: Pos2) -> String {
    // No minus before a zero.
    format!("{:.0} {:.0}", point.x + 0.0, point.y + 0.0)
}

fn of(rect: Rect) -> String {
    format!("{} to {}", at(rect.min), at(rect.max))
}

fn shape(out: &mut String, one: &Shape) {
    let _ = match one {
        Shape::Vec(all) => return all.iter().for_each(|one| shape(out, one)),
        Shape::Text(text) => {
            let colour = text.override_text_color.unwrap_or(text.fallback_color);
            let size = text.galley.rect.size();
            let words = text.galley.text();
            writeln!(out, "text {} {:.0} {words:?} {colour:?}", at(text.pos), size.x)
        }
        Shape::Rect(rect) => writeln!(out, "rect {} {:?} {:?}", of(rect.rect), rect.fill, rect.stroke),
        Shape::Circle(one) => {
            let (radius, fill, stroke) = (one.radius, one.fill, one.stroke);
            writeln!(out, "circle {} {radius:.1} {fill:?} {stroke:?}", at(one.center))
        }
        Shape::LineSegment { points, stroke } => {
            writeln!(out, "line {} to {} {stroke:?}", at(points[0]), at(points[1]))
        }
        Shape::Path(path) => {
            let points: Vec<String> = path.points.iter().map(|point| at(*point)).collect();
            writeln!(
                out,
                "path {} {:?} {:?}",
                points.join(", "),
                path.fill,
                path.stroke.width
            )
        }
        // Fades at the ends of what scrolls come and go with how it was scrolled.
        _ => Ok(()),
    };
}

/// What a walk found: screens by their names, in order.
#[derive(Default)]
pub struct Walk {
    lines: String,
    last: Vec<String>,
    painted: Vec<(String, String)>,
}

impl Walk {
    /// The screen as it stands: what is new on it since the last one, and a digest of what is painted.
    pub fn screen(&mut self, name: &str, window: &Harness<'_, App>) {
        let now = heard(window);
        let painted = painted(window);
        let digest: String = sha256_hex(painted.as_bytes()).chars().take(12).collect();
        let _ = writeln!(self.lines, "## {name} {digest}");
        for line in new_lines(&self.last, &now) {
            let _ = writeln!(self.lines, "{line}");
        }
        self.painted.push((name.to_owned(), painted));
        self.last = now;
    }

    /// A line of its own.
    pub fn note(&mut self, line: &str) {
        let _ = writeln!(self.lines, "{line}");
    }

    /// Holds it to its golden text. What is painted is too long to be kept: it is written under the target folder, and with
    /// `MTLSCOPE_WHOLE=1` also by the commit that it is to be compared with.
    pub fn holds(self, name: &str) {
        let hold = || insta::assert_snapshot!(name.to_owned(), self.lines);
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(hold)).err();
        if failed.is_some() || std::env::var_os("MTLSCOPE_WHOLE").is_some() {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walk").join(name);
            std::fs::create_dir_all(&folder).expect("a folder under target");
            for (number, (screen, text)) in self.painted.iter().enumerate() {
                let file = folder.join(format!("{number:03} {}.txt", screen.replace('/', "+")));
                std::fs::write(file, text).expect("written");
            }
            eprintln!("what was painted: {}", folder.display());
        }
        if let Some(panic) = failed {
            std::panic::resume_unwind(panic);
        }
    }
}

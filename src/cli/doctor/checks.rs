//! What a workshop needs, each looked at for itself.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use serde::Serialize;

use super::portal::Portal;
use crate::cancel::Cancel;
use crate::lesson::{Pack, built_in, check};
use crate::opinion::{Presence, Programs, find_all};
use crate::printable::{quoted_path, quoted_value, sentence};
use crate::stack::Stack;

/// What was looked at, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// `display`, `OpenGL`, …
    pub what: &'static str,
    /// Whether it is as it should be.
    pub standing: Standing,
    /// What was found.
    pub words: String,
    /// What to do, where something can be done.
    pub steps: Vec<String>,
}

/// Whether it is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Standing {
    /// It is.
    Good,
    /// A workshop can do without.
    Note,
    /// A workshop cannot start.
    Missing,
}

impl Standing {
    pub fn sign(self) -> char {
        match self {
            Self::Good => '✓',
            Self::Note => '–',
            Self::Missing => '✗',
        }
    }
}

/// What a window that was tried had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowFound {
    /// As the driver says it.
    pub opengl: String,
    /// Width and height of every screen, in pixels.
    pub screens: Vec<(u32, u32)>,
    /// Scripts that no font here has.
    pub missing_scripts: Vec<&'static str>,
}

impl Finding {
    fn new(what: &'static str, standing: Standing, words: impl Into<String>) -> Self {
        Self {
            what,
            standing,
            words: words.into(),
            steps: Vec::new(),
        }
    }

    fn step(mut self, words: impl Into<String>) -> Self {
        self.steps.push(words.into());
        self
    }
}

/// A projector shows no less in a workshop.
const LEAST_SCREEN: (u32, u32) = (1280, 720);

/// Display, OpenGL, screens and fonts: what the window itself found.
pub(super) fn window(found: Result<WindowFound, String>) -> Vec<Finding> {
    let found = match found {
        Ok(found) => found,
        Err(words) => {
            return vec![
                Finding::new("display", Standing::Missing, sentence(&words))
                    .step("Without a window, mtlscope lesson run asks the same questions in a terminal."),
            ];
        }
    };
    let mut findings = vec![
        Finding::new("display", Standing::Good, "a window opens"),
        if found.opengl.is_empty() {
            Finding::new("OpenGL", Standing::Note, "the driver does not say its version")
        } else {
            Finding::new("OpenGL", Standing::Good, sentence(&found.opengl))
        },
        screens(&found.screens),
    ];
    findings.push(if found.missing_scripts.is_empty() {
        Finding::new(
            "fonts",
            Standing::Good,
            "names in every script that was tried can be drawn",
        )
    } else {
        let words = format!(
            "names in {} would be drawn as boxes; Latin, Greek and Cyrillic come along",
            found.missing_scripts.join(", ")
        );
        Finding::new("fonts", Standing::Note, words)
            .step("apt-get install fonts-noto-core fonts-noto-cjk, where certificates bear such names")
    });
    findings
}

fn screens(screens: &[(u32, u32)]) -> Finding {
    let size = |(width, height): &(u32, u32)| format!("{width}×{height}");
    let all: Vec<String> = screens.iter().map(size).collect();
    let is_small = |(width, height): &(u32, u32)| *width < LEAST_SCREEN.0 || *height < LEAST_SCREEN.1;
    match screens {
        [] => Finding::new("screens", Standing::Note, "the system does not name its screens"),
        [one] => {
            let words = format!(
                "one, {}: the presenter's notes will stand below the strip",
                size(one)
            );
            let finding = Finding::new("screens", Standing::Note, words)
                .step("Connect the projector as a second screen, and do not mirror the first.");
            if is_small(one) {
                finding.step(SMALL)
            } else {
                finding
            }
        }
        several if several.iter().any(is_small) => {
            Finding::new("screens", Standing::Note, all.join(", ")).step(SMALL)
        }
        _ => Finding::new("screens", Standing::Good, all.join(", ")),
    }
}

const SMALL: &str = "Set every screen to 1280×720 or more: the room cannot read less.";

/// The file dialog: mtlscope has one of its own where the system has none.
pub(super) fn file_dialog(portal: Portal) -> Finding {
    const WHAT: &str = "file dialog";
    match portal {
        Portal::BuiltIn => Finding::new(WHAT, Standing::Good, "the system's own"),
        Portal::Answers(version) => Finding::new(
            WHAT,
            Standing::Good,
            format!("the desktop's portal answers (version {version})"),
        ),
        Portal::Silent(words) => {
            let words = format!(
                "the desktop's portal does not answer ({}): mtlscope's own dialog opens",
                sentence(&words)
            );
            Finding::new(WHAT, Standing::Note, words)
                .step("apt-get install xdg-desktop-portal-gtk, if the desktop's dialog is wanted")
        }
    }
}

/// Every lesson of the pack is made, and proven.
pub(super) fn pack(path: Option<&Path>, cancel: &Cancel) -> Finding {
    const WHAT: &str = "pack";
    let (name, pack) = match path {
        None => ("the built-in lessons".to_owned(), built_in()),
        Some(path) => match Pack::open(path) {
            Ok(pack) => (quoted_path(path), pack),
            Err(error) => return Finding::new(WHAT, Standing::Missing, error.to_string()),
        },
    };
    let mut wrong: Vec<String> = pack.problems.iter().map(ToString::to_string).collect();
    for lesson in &pack.lessons {
        match check(&pack, lesson, cancel) {
            Ok(found) => wrong.extend(
                found
                    .iter()
                    .map(|finding| format!("{}: {}", quoted_value(&finding.file), finding.words)),
            ),
            Err(error) => wrong.push(format!(
                "{}: its run cannot be made: {error}",
                quoted_value(&lesson.file)
            )),
        }
    }
    let count = pack.lessons.len();
    let Some(first) = wrong.first() else {
        return if count == 0 {
            Finding::new(
                WHAT,
                Standing::Missing,
                format!("{name}: there is no lesson in it"),
            )
        } else {
            let words = match count {
                1 => format!("{name}: one lesson, run, and it can be taught"),
                many => format!("{name}: {many} lessons, each run, and each can be taught"),
            };
            Finding::new(WHAT, Standing::Good, words)
        };
    };
    let words = match wrong.len() {
        1 => first.clone(),
        some => format!("{first}; and {} more", some - 1),
    };
    Finding::new(WHAT, Standing::Missing, words).step("mtlscope lesson check tells all of them")
}

/// Whether the page for votes could listen there.
pub(super) fn address(address: SocketAddr) -> Finding {
    const WHAT: &str = "address";
    match TcpListener::bind(address) {
        Ok(_) if address.ip().is_loopback() => {
            let words = format!("{} is free; only this machine can reach it", place(address));
            Finding::new(WHAT, Standing::Good, words)
        }
        Ok(_) => {
            let words = format!(
                "{} is free; everyone in that network can reach it",
                place(address)
            );
            Finding::new(WHAT, Standing::Good, words)
        }
        Err(error) => {
            let words = format!(
                "nothing can listen at {address}: {}",
                sentence(&error.to_string())
            );
            Finding::new(WHAT, Standing::Missing, words)
                .step("Choose an address of this machine, and a port of 1024 or more that nobody uses: --address 127.0.0.1:0 takes any.")
        }
    }
}

fn place(address: SocketAddr) -> String {
    if address.port() == 0 {
        format!("a port of {}", address.ip())
    } else {
        address.to_string()
    }
}

/// Which stacks can give a second opinion.
pub(super) fn stacks(cancel: &Cancel) -> Finding {
    told_stacks(find_all(&Programs::new(), cancel))
}

pub(super) fn told_stacks(found: Vec<(Stack, Presence)>) -> Finding {
    let (mut here, mut absent, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for (stack, presence) in found {
        match presence {
            Presence::Installed { version, .. } => {
                here.push(format!("{} {}", stack.name(), sentence(&version)))
            }
            Presence::Absent { .. } => absent.push(stack),
            Presence::Unusable { program, words } => {
                broken.push(format!("{}: {}", quoted_path(&program), sentence(&words)));
            }
        }
    }
    let words = if here.is_empty() {
        "none but rustls, which is built in: second opinions have nobody to ask".to_owned()
    } else {
        format!("rustls is built in; {}", here.join(", "))
    };
    let standing = if absent.is_empty() && broken.is_empty() {
        Standing::Good
    } else {
        Standing::Note
    };
    let mut finding = Finding::new("stacks", standing, words);
    finding.steps.extend(broken);
    let packages: Vec<&str> = absent.iter().filter_map(|stack| stack.package()).collect();
    if !packages.is_empty() {
        finding = finding.step(format!(
            "apt-get install {}, to ask them as well",
            packages.join(" ")
        ));
    }
    if let Some(envoy) = absent.iter().find(|stack| stack.package().is_none()) {
        finding = finding.step(format!("{} is not on the path.", envoy.name()));
    }
    finding
}

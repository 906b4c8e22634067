//! The whole stage as one drawing: title, verdict, chapters, ladder.

use super::ink::Ink;
use super::ladder::{WIDTH, ladder, sign};
use super::material::Material;
use super::shape::{Anchor, Drawing, Group, Shape, cut, width_of};
use super::told::{Tone, headline, shows_undecided, verdict_words};
use crate::story::{Chapter, ChapterState};

const LEFT: f32 = 34.0;

/// The ladder alone, with its heads, for a page that has the rest in words.
pub(super) fn ladder_alone(material: &Material) -> Drawing {
    let (groups, bottom) = ladder(material, 0.0);
    Drawing {
        width: WIDTH,
        height: bottom,
        label: format!("The handshake as a ladder: {}", material.heading()),
        groups,
    }
}

/// All of it.
pub(super) fn stage(material: &Material) -> Drawing {
    let (ladder, bottom) = ladder(material, 176.0);
    let mut shapes = Vec::new();
    let text = |at, words: String, (size, weight), ink, anchor| Shape::Words {
        at,
        words,
        size,
        weight,
        ink,
        anchor,
        is_upright: false,
    };
    let room = WIDTH - 2.0 * LEFT;
    let title = cut(&material.heading(), 19.0, 600, room);
    shapes.push(text((LEFT, 36.0), title, (19.0, 600), Ink::Strong, Anchor::Start));
    let told = headline(material);
    let line = match told.tone {
        Tone::Good | Tone::Unknown => told.title,
        Tone::Bad | Tone::Likely => format!("{}: {}", verdict_words(material), told.title),
    };
    let ink = match told.tone {
        Tone::Good => Ink::Good,
        Tone::Bad => Ink::Bad,
        Tone::Likely | Tone::Unknown => Ink::Warn,
    };
    let line = cut(&line, 13.5, 500, room);
    shapes.push(text((LEFT, 59.0), line, (13.5, 500), ink, Anchor::Start));
    shapes.push(Shape::Line {
        from: (0.0, 76.0),
        to: (WIDTH, 76.0),
        ink: Ink::Border,
        width: 1.0,
        is_dashed: false,
    });
    chapters(material, &mut shapes);
    let height = bottom + 44.0;
    let footer = match material.left_out {
        Some(_) => "Made by mtlscope, without what the TLS secrets open",
        None => "Made by mtlscope",
    };
    shapes.push(text(
        (WIDTH - LEFT, height - 16.0),
        footer.to_owned(),
        (10.5, 400),
        Ink::Muted,
        Anchor::End,
    ));
    let ground = Group {
        shapes: vec![Shape::Box {
            at: (0.0, 0.0),
            size: (WIDTH, height),
            radius: 0.0,
            fill: Ink::Stage,
            edge: None,
        }],
        ..Group::default()
    };
    let head = Group {
        shapes,
        ..Group::default()
    };
    Drawing {
        width: WIDTH,
        height,
        label: format!("{}: {}", material.heading(), verdict_words(material)),
        groups: [ground, head].into_iter().chain(ladder).collect(),
    }
}

fn chapters(material: &Material, shapes: &mut Vec<Shape>) {
    let chapters = &material.analysis.story.chapters;
    let pitch = (WIDTH - 180.0) / 5.0;
    let x = |index: usize| 90.0 + pitch * index as f32;
    let y = 108.0;
    for (index, chapter) in chapters.iter().enumerate() {
        if index > 0 {
            shapes.push(Shape::Line {
                from: (x(index - 1) + 15.0, y),
                to: (x(index) - 15.0, y),
                ink: ink_of(chapter, material),
                width: 2.4,
                is_dashed: false,
            });
        }
    }
    for (index, chapter) in chapters.iter().enumerate() {
        let at = (x(index), y);
        let ink = ink_of(chapter, material);
        let is_undecided = shows_undecided(material, chapter);
        match chapter.state {
            ChapterState::Done | ChapterState::Failed if !is_undecided => {
                shapes.push(Shape::Disc {
                    at,
                    radius: 13.0,
                    fill: ink,
                });
                let is_good = chapter.state == ChapterState::Done;
                sign(at, (is_good, !is_good), 1.7, shapes);
            }
            _ => {
                shapes.push(Shape::Box {
                    at: (at.0 - 13.0, at.1 - 13.0),
                    size: (26.0, 26.0),
                    radius: 13.0,
                    fill: Ink::Card,
                    edge: Some((Ink::Border, 1.0)),
                });
                shapes.push(Shape::Words {
                    at: (at.0, at.1 + 4.2),
                    words: chapter.number.to_string(),
                    size: 11.5,
                    weight: 600,
                    ink: Ink::Muted,
                    anchor: Anchor::Middle,
                    is_upright: false,
                });
            }
        }
        let words = |dy: f32, words: &str, size: f32, weight: u16, ink| Shape::Words {
            at: (at.0, at.1 + dy),
            words: cut(words, size, weight, pitch - 8.0),
            size: if width_of(words, size, weight) > pitch - 8.0 {
                size - 1.0
            } else {
                size
            },
            weight,
            ink,
            anchor: Anchor::Middle,
            is_upright: false,
        };
        let is_dim = matches!(chapter.state, ChapterState::Skipped | ChapterState::NotReached);
        let title_ink = if is_dim { Ink::Muted } else { Ink::Strong };
        shapes.push(words(31.0, chapter.title, 12.0, 600, title_ink));
        let note_ink = match (chapter.state, chapter.is_likely) {
            (ChapterState::Failed, true) => Ink::Warn,
            (ChapterState::Failed, false) => Ink::Bad,
            _ => Ink::Muted,
        };
        shapes.push(words(47.0, &chapter.note, 11.5, 400, note_ink));
    }
}

fn ink_of(chapter: &Chapter, material: &Material) -> Ink {
    match chapter.state {
        _ if shows_undecided(material, chapter) => Ink::Muted,
        ChapterState::Done => Ink::Good,
        ChapterState::Failed => Ink::Bad,
        ChapterState::Skipped | ChapterState::NotReached => Ink::ControlHover,
    }
}

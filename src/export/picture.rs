//! A drawing as a picture: PNG (W3C, third edition), drawn with the window's typefaces.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::format::MARK;
use super::ink::Theme;
use super::shape::{Drawing, Shape};
use super::svg;

/// So many pixels for a point, where that is not too large.
const SCALE: f32 = 2.0;
/// So many pixels a picture may have: memory is four bytes for each.
const MOST_PIXELS: f32 = 40_000_000.0;
/// Of the eight bytes of the signature and the header's chunk (PNG §5.2, §11.2.1).
const BEFORE_CHUNKS: usize = 8 + 12 + 13;

static FACES: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| Arc::new(built_in()));

fn built_in() -> fontdb::Database {
    let mut faces = fontdb::Database::new();
    for face in [
        &include_bytes!("../../assets/fonts/Inter-Regular.otf")[..],
        include_bytes!("../../assets/fonts/Inter-Medium.otf"),
        include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
        include_bytes!("../../assets/fonts/Inter-Bold.otf"),
    ] {
        faces.load_font_data(face.to_vec());
    }
    faces.set_sans_serif_family("Inter");
    faces
}

/// The picture, or the sentence that says why there is none.
pub(super) fn png(drawing: &Drawing, theme: Theme) -> Result<Vec<u8>, String> {
    let failed = |words: String| format!("the picture cannot be made ({words}); export to svg instead");
    let options = Options {
        fontdb: faces_for(drawing),
        font_family: "Inter".to_owned(),
        ..Options::default()
    };
    let text = svg::alone(drawing, theme);
    let tree = Tree::from_str(&text, &options).map_err(|error| failed(error.to_string()))?;
    let scale = SCALE.min((MOST_PIXELS / (drawing.width * drawing.height).max(1.0)).sqrt());
    let size = |points: f32| (points * scale).ceil().max(1.0) as u32;
    let mut pixels = Pixmap::new(size(drawing.width), size(drawing.height))
        .ok_or_else(|| failed("it is too large".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let png = pixels.encode_png().map_err(|error| failed(error.to_string()))?;
    Ok(marked(png))
}

/// The built-in typefaces; the system's too, where a script is written that those lack.
fn faces_for(drawing: &Drawing) -> Arc<fontdb::Database> {
    let is_foreign = |letter: char| {
        let code = letter as u32;
        code >= 0x0590 && !(0x1e00..0x2c00).contains(&code)
    };
    let shapes = || drawing.groups.iter().flat_map(|group| &group.shapes);
    if !shapes().any(|shape| matches!(shape, Shape::Words { words, .. } if words.chars().any(is_foreign))) {
        return Arc::clone(&FACES);
    }
    let mut faces = built_in();
    faces.load_system_fonts();
    Arc::new(faces)
}

/// With a chunk of text that says what made it (PNG §11.3.3.3), by which it is known again.
fn marked(png: Vec<u8>) -> Vec<u8> {
    let Some((head, rest)) = png.split_at_checked(BEFORE_CHUNKS) else {
        return png;
    };
    let chunk = [b"tEXt", &b"Software\0"[..], MARK.as_bytes()].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&chunk);
    let length = (chunk.len() - 4) as u32;
    [
        head,
        &length.to_be_bytes(),
        &chunk,
        &sum.sum().to_be_bytes(),
        rest,
    ]
    .concat()
}

//! The two typefaces, and the one thing in them that is switched off.
//!
//! Inter has contextual alternates: it draws an x between two digits as a multiplication sign, so that `0x13` would read 0×13,
//! and an arrow for a hyphen before `>`. What stands in bytes and in names is shown as it is, so that feature is taken out of
//! the face as it is loaded: egui applies every feature that is usual, and has no switch.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// Every family that [`theme`](super::theme) names.
pub(super) fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, data: FontData| {
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    };
    add(
        "inter",
        plain(include_bytes!("../../assets/fonts/Inter-Regular.otf")),
    );
    add(
        "inter-medium",
        plain(include_bytes!("../../assets/fonts/Inter-Medium.otf")),
    );
    add(
        "inter-semibold",
        plain(include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
    );
    add(
        "inter-bold",
        plain(include_bytes!("../../assets/fonts/Inter-Bold.otf")),
    );
    add(
        "mono",
        FontData::from_static(include_bytes!("../../assets/fonts/JetBrainsMonoNL-Regular.ttf")),
    );
    add(
        "mono-medium",
        FontData::from_static(include_bytes!("../../assets/fonts/JetBrainsMonoNL-Medium.ttf")),
    );
    add("icons", egui_material_icons::font_insert().data);

    // Whatever a face lacks is looked for in the other, then among the icons, then in egui's own faces.
    let last: Vec<String> = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let mut family = |key: FontFamily, first: &[&str]| {
        let mut faces: Vec<String> = first.iter().map(|name| (*name).to_owned()).collect();
        faces.extend(last.iter().cloned());
        fonts.families.insert(key, faces);
    };
    family(FontFamily::Proportional, &["inter", "mono", "icons"]);
    family(
        FontFamily::Name("medium".into()),
        &["inter-medium", "mono", "icons"],
    );
    family(
        FontFamily::Name("semibold".into()),
        &["inter-semibold", "mono", "icons"],
    );
    family(FontFamily::Name("bold".into()), &["inter-bold", "mono", "icons"]);
    family(FontFamily::Monospace, &["mono", "inter", "icons"]);
    family(
        FontFamily::Name("mono-medium".into()),
        &["mono-medium", "inter", "icons"],
    );
    family(
        FontFamily::Name(egui_material_icons::FONT_FAMILY.into()),
        &["icons", "inter"],
    );
    fonts
}

/// A face of Inter without its contextual alternates.
fn plain(face: &'static [u8]) -> FontData {
    FontData::from_owned(without_feature(face, *b"calt"))
}

/// The face with a feature of its substitution table renamed to one that nobody asks for. A face in which it cannot be found
/// is as it was.
fn without_feature(face: &[u8], feature: [u8; 4]) -> Vec<u8> {
    let mut face = face.to_vec();
    for at in records_of(&face, feature).unwrap_or_default() {
        if let Some(tag) = face.get_mut(at..at + 4) {
            tag.copy_from_slice(b"zz00");
        }
    }
    face
}

/// Where the records of a feature begin (OpenType 1.9.1, "Font header" and "Feature list table").
fn records_of(face: &[u8], feature: [u8; 4]) -> Option<Vec<usize>> {
    let u16_at = |at: usize| {
        Some(usize::from(u16::from_be_bytes(
            face.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    let u32_at = |at: usize| usize::try_from(u32::from_be_bytes(face.get(at..at + 4)?.try_into().ok()?)).ok();
    let tables = u16_at(4)?;
    let substitution = (0..tables)
        .map(|table| 12 + table * 16)
        .find(|at| face.get(*at..*at + 4) == Some(b"GSUB"))?;
    let table = u32_at(substitution + 8)?;
    let list = table + u16_at(table + 6)?;
    let records = (0..u16_at(list)?).map(|record| list + 2 + record * 6);
    Some(
        records
            .filter(|at| face.get(*at..*at + 4) == Some(&feature))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{records_of, without_feature};

    #[test]
    fn every_face_of_the_text_has_the_feature_and_loses_it() {
        for face in [
            &include_bytes!("../../assets/fonts/Inter-Regular.otf")[..],
            include_bytes!("../../assets/fonts/Inter-Medium.otf"),
            include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
            include_bytes!("../../assets/fonts/Inter-Bold.otf"),
        ] {
            let found = records_of(face, *b"calt").expect("a substitution table");
            assert!(!found.is_empty());
            let plain = without_feature(face, *b"calt");
            assert_eq!(plain.len(), face.len());
            assert_eq!(records_of(&plain, *b"calt"), Some(Vec::new()));
        }
        assert_eq!(without_feature(b"no face", *b"calt"), b"no face");
    }
}

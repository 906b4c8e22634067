//! The theme on the CPU renderer: faces, icons and colours come out.

use crate::support;
use egui_kittest::Harness;
use mtlscope::ui::theme;

/// Inter would draw the x of 0x13 as a multiplication sign.
#[test]
fn an_x_between_digits_is_an_x() {
    let mut glyphs = Vec::new();
    let mut harness = Harness::builder().build_ui(|ui| {
        theme::install(ui.ctx());
        for weight in [
            theme::Weight::Regular,
            theme::Weight::Medium,
            theme::Weight::SemiBold,
            theme::Weight::Bold,
        ] {
            let glyph = |text: &str| {
                let font = theme::text(14.0, weight);
                let galley = ui
                    .painter()
                    .layout_no_wrap(text.to_owned(), font, egui::Color32::WHITE);
                let x = text.find('x').expect("an x");
                galley.rows[0].glyphs[x].uv_rect.size
            };
            glyphs.push((glyph("0x13"), glyph("axis")));
        }
    });
    harness.run();
    drop(harness);
    for (between_digits, usual) in glyphs.iter().rev().take(4) {
        assert_eq!(between_digits, usual);
    }
}

#[test]
fn every_face_and_icon_paints() {
    let mut harness = Harness::builder()
        .with_size(egui::vec2(480.0, 200.0))
        .renderer(support::cpu_renderer::Cpu::default())
        .build_ui(|ui| {
            theme::install(ui.ctx());
            ui.ctx().set_theme(egui::Theme::Dark);
            let p = theme::palette(ui);
            ui.painter().rect_filled(ui.max_rect(), 0.0, *p.stage);
            for weight in [
                theme::Weight::Regular,
                theme::Weight::Medium,
                theme::Weight::SemiBold,
                theme::Weight::Bold,
            ] {
                ui.label(
                    egui::RichText::new("orders ← Mesh Issuer → ✓ ▶ “h2” · … 8 of 8")
                        .font(theme::text(14.0, weight)),
                );
            }
            ui.label(egui::RichText::new("00 16 03 01 payments.shop.svc").font(theme::mono(13.0)));
            ui.label(
                egui::RichText::new(egui_material_icons::icons::ICON_PLAY_ARROW.codepoint)
                    .font(theme::icon(20.0)),
            );
        });
    harness.run();
    let image = harness.render().expect("the CPU renderer renders");
    let colours: std::collections::HashSet<[u8; 4]> = image.pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 50, "only {} colours", colours.len());
    if let Ok(path) = std::env::var("MTLSCOPE_SHOW_PICTURE") {
        image.save(path).expect("the picture can be written");
    }
}

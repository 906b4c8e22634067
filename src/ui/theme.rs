//! Colours with names, and sizes.
//!
//! The colours are data: `assets/theme/dark.ron` and `light.ron`. A panel asks for [`palette`] and uses a name. The typefaces
//! themselves are in `faces`.

use std::sync::LazyLock;

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Visuals,
    epaint::Shadow,
    style::{ScrollAnimation, WidgetVisuals},
    vec2,
};
use serde::Deserialize;

use crate::capture::Side;

/// The colours of one theme, by what they are for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each name says what it is for")]
pub struct Palette {
    /// The middle, where the ladder stands.
    pub stage: Hex,
    /// Top bar, left, right and bottom.
    pub panel: Hex,
    /// A card on a panel.
    pub card: Hex,
    /// A button, a slot, a field at rest.
    pub control: Hex,
    pub control_hover: Hex,
    pub control_active: Hex,
    pub border: Hex,
    /// Behind commands and bytes.
    pub code: Hex,
    pub text_strong: Hex,
    pub text: Hex,
    /// Secondary text; 4.5:1 on every surface.
    pub text_muted: Hex,
    /// Only for what need not be read: rules, disabled signs.
    pub text_faint: Hex,
    pub on_accent: Hex,
    pub client: Hex,
    pub server: Hex,
    pub accent: Hex,
    pub good: Hex,
    pub bad: Hex,
    pub warn: Hex,
    pub selected: Hex,
    pub selected_server: Hex,
    pub byte_lit: Hex,
    pub band_handshake: Hex,
    pub band_application: Hex,
    pub band_early: Hex,
    pub good_soft: Hex,
    pub bad_soft: Hex,
    pub warn_soft: Hex,
    pub lifeline: Hex,
    /// Where the two sides believe different things.
    pub disagree: Hex,
    pub shadow: Hex,
}

impl Palette {
    /// The accent of a side: client blue, server violet.
    pub fn side(&self, side: Side) -> Color32 {
        match side {
            Side::Client => *self.client,
            Side::Server => *self.server,
        }
    }

    /// What lies behind a selected row of this side.
    pub fn selected_of(&self, side: Side) -> Color32 {
        match side {
            Side::Client => *self.selected,
            Side::Server => *self.selected_server,
        }
    }
}

/// A colour written as `#rrggbb` or `#rrggbbaa`; dereferences to egui's.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Hex(Color32);

impl TryFrom<String> for Hex {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Color32::from_hex(&text)
            .map(Self)
            .map_err(|error| format!("{text} is no colour: {error:?}"))
    }
}

impl std::ops::Deref for Hex {
    type Target = Color32;

    fn deref(&self) -> &Color32 {
        &self.0
    }
}

static DARK: LazyLock<Palette> = LazyLock::new(|| parse(include_str!("../../assets/theme/dark.ron")));
static LIGHT: LazyLock<Palette> = LazyLock::new(|| parse(include_str!("../../assets/theme/light.ron")));

fn parse(text: &str) -> Palette {
    // The asset is part of the binary and a test parses both: this cannot fail where a user could see it.
    ron::from_str(text).expect("the built-in theme parses")
}

/// The colours of the theme that `ui` is drawn in.
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    palette_for(ui.visuals().dark_mode)
}

/// The colours of the dark or the light theme.
pub fn palette_for(is_dark: bool) -> &'static Palette {
    if is_dark { &DARK } else { &LIGHT }
}

/// A weight of the text face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of the typeface")]
pub enum Weight {
    Regular,
    Medium,
    SemiBold,
    Bold,
}

/// Inter at a size in points.
pub fn text(size: f32, weight: Weight) -> FontId {
    let family = match weight {
        Weight::Regular => FontFamily::Proportional,
        Weight::Medium => FontFamily::Name("medium".into()),
        Weight::SemiBold => FontFamily::Name("semibold".into()),
        Weight::Bold => FontFamily::Name("bold".into()),
    };
    FontId::new(size, family)
}

/// JetBrains Mono at a size in points: bytes, names of files, values.
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// JetBrains Mono, medium weight.
pub fn mono_medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("mono-medium".into()))
}

/// The icon font at a size in points; the code points are `egui_material_icons::icons`.
pub fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(egui_material_icons::FONT_FAMILY.into()))
}

/// Sizes of type, in points at 1×.
pub mod size {
    /// Section headings in capitals.
    pub const HEADING: f32 = 11.5;
    /// Captions, times, notes.
    pub const SMALL: f32 = 11.5;
    /// Body text.
    pub const BODY: f32 = 13.5;
    /// Titles of rows and cards.
    pub const TITLE: f32 = 13.5;
    /// The first sentence of a diagnosis.
    pub const LEAD: f32 = 16.0;
    /// Bytes and values.
    pub const MONO: f32 = 12.5;
}

/// Corner radii, in points.
pub mod radius {
    /// Slots, buttons, small things.
    pub const SMALL: u8 = 6;
    /// Cards.
    pub const CARD: u8 = 9;
}

/// Lets everything happen at once, or move again.
pub fn reduce_motion(context: &Context, is_reduced: bool) {
    context.all_styles_mut(|style| {
        style.animation_time = if is_reduced { 0.0 } else { ANIMATION_S };
        style.scroll_animation = if is_reduced {
            ScrollAnimation::none()
        } else {
            ScrollAnimation::default()
        };
    });
}

/// How long egui's own widgets move, in seconds.
const ANIMATION_S: f32 = 0.12;

/// Puts fonts and styles into a context: once, at start.
pub fn install(context: &Context) {
    context.set_fonts(super::faces::fonts());
    for (theme, is_dark) in [(Theme::Dark, true), (Theme::Light, false)] {
        let palette = palette_for(is_dark);
        context.style_mut_of(theme, |style| restyle(style, palette, is_dark));
    }
}

fn restyle(style: &mut Style, palette: &Palette, is_dark: bool) {
    style.text_styles = [
        (TextStyle::Heading, text(size::LEAD, Weight::SemiBold)),
        (TextStyle::Body, text(size::BODY, Weight::Regular)),
        (TextStyle::Button, text(size::BODY, Weight::Medium)),
        (TextStyle::Small, text(size::SMALL, Weight::Regular)),
        (TextStyle::Monospace, mono(size::MONO)),
    ]
    .into();
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(12.0, 6.0);
    style.spacing.interact_size.y = 30.0;
    style.spacing.menu_margin = Margin::same(6);
    style.animation_time = ANIMATION_S;
    style.visuals = visuals(palette, is_dark);
}

fn visuals(palette: &Palette, is_dark: bool) -> Visuals {
    let mut visuals = if is_dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let corner = CornerRadius::same(radius::SMALL);
    let widget = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: corner,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    visuals.widgets.noninteractive = widget(*palette.panel, *palette.border, *palette.text);
    visuals.widgets.inactive = widget(*palette.control, *palette.border, *palette.text_strong);
    visuals.widgets.hovered = widget(*palette.control_hover, *palette.text_faint, *palette.text_strong);
    visuals.widgets.active = widget(*palette.control_active, *palette.accent, *palette.text_strong);
    visuals.widgets.open = widget(*palette.control_hover, *palette.border, *palette.text_strong);
    visuals.selection.bg_fill = *palette.byte_lit;
    visuals.selection.stroke = Stroke::new(1.0, *palette.accent);
    visuals.hyperlink_color = *palette.accent;
    visuals.faint_bg_color = *palette.card;
    visuals.extreme_bg_color = *palette.code;
    visuals.text_edit_bg_color = Some(*palette.control);
    visuals.code_bg_color = *palette.code;
    visuals.warn_fg_color = *palette.warn;
    visuals.error_fg_color = *palette.bad;
    visuals.weak_text_color = Some(*palette.text_muted);
    visuals.window_corner_radius = CornerRadius::same(radius::CARD);
    visuals.menu_corner_radius = CornerRadius::same(radius::CARD);
    visuals.window_fill = *palette.panel;
    visuals.window_stroke = Stroke::new(1.0, *palette.border);
    visuals.panel_fill = *palette.panel;
    let shadow = Shadow {
        offset: [0, 6],
        blur: 20,
        spread: 0,
        color: *palette.shadow,
    };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    // A blinking caret is the only thing that would repaint an idle window.
    visuals.text_cursor.blink = false;
    visuals
}

#[cfg(test)]
mod tests {
    use super::{Color32, palette_for};

    fn luminance(colour: Color32) -> f32 {
        let channel = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// WCAG 2.1 §1.4.3: 4.5:1 for text, on every surface that text stands on.
    #[test]
    fn text_stands_out_on_every_surface() {
        for is_dark in [true, false] {
            let p = palette_for(is_dark);
            let surfaces = [
                ("stage", p.stage),
                ("panel", p.panel),
                ("card", p.card),
                ("control", p.control),
                ("code", p.code),
                ("selected", p.selected),
                ("selected_server", p.selected_server),
                ("band_handshake", p.band_handshake),
                ("band_application", p.band_application),
                ("bad_soft", p.bad_soft),
                ("good_soft", p.good_soft),
            ];
            let texts = [
                ("text_strong", p.text_strong),
                ("text", p.text),
                ("text_muted", p.text_muted),
                ("good", p.good),
                ("bad", p.bad),
                ("client", p.client),
                ("server", p.server),
                ("warn", p.warn),
            ];
            for (surface, behind) in surfaces {
                for (name, colour) in texts {
                    let ratio = contrast(*colour, *behind);
                    assert!(ratio >= 4.5, "{name} on {surface}, dark {is_dark}: {ratio:.2}");
                }
            }
            assert!(contrast(*p.on_accent, *p.accent) >= 4.5);
        }
    }
}

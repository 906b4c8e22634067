//! The window's colours, by the names that the theme gives them.

use std::sync::LazyLock;

use serde::Deserialize;

/// Dark or light, as in the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light ground, as on paper.
    #[default]
    Light,
    /// As in the dark.
    Dark,
}

macro_rules! inks {
    ($($ink:ident = $name:ident,)*) => {
        /// A colour by what it is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Ink { $($ink,)* }

        impl Ink {
            /// Those there are.
            pub(super) const ALL: &'static [Self] = &[$(Self::$ink,)*];

            /// As the theme calls it, with the hyphens of CSS.
            pub(super) fn name(self) -> String {
                match self { $(Self::$ink => stringify!($name),)* }.replace('_', "-")
            }

            /// `#rrggbb`.
            pub(super) fn of(self, theme: Theme) -> &'static str {
                let colours = match theme {
                    Theme::Light => &*LIGHT,
                    Theme::Dark => &*DARK,
                };
                match self { $(Self::$ink => &colours.$name,)* }
            }
        }

        /// What of a theme is drawn with here; it has more.
        #[derive(Debug, Deserialize)]
        #[serde(rename = "Palette")]
        struct Colours { $($name: String,)* }
    };
}

inks! {
    Stage = stage,
    Panel = panel,
    Card = card,
    Control = control,
    ControlHover = control_hover,
    ControlActive = control_active,
    Border = border,
    Code = code,
    Strong = text_strong,
    Text = text,
    Muted = text_muted,
    Faint = text_faint,
    OnAccent = on_accent,
    Client = client,
    Server = server,
    Accent = accent,
    Good = good,
    Bad = bad,
    Warn = warn,
    Selected = selected,
    BandHandshake = band_handshake,
    BandApplication = band_application,
    BandEarly = band_early,
    GoodSoft = good_soft,
    BadSoft = bad_soft,
    WarnSoft = warn_soft,
    Lifeline = lifeline,
    Disagree = disagree,
}

static LIGHT: LazyLock<Colours> = LazyLock::new(|| parse(include_str!("../../assets/theme/light.ron")));
static DARK: LazyLock<Colours> = LazyLock::new(|| parse(include_str!("../../assets/theme/dark.ron")));

fn parse(text: &str) -> Colours {
    // The asset is part of the binary and a test parses both: this cannot fail where a user could see it.
    ron::from_str(text).expect("the built-in theme parses")
}

#[cfg(test)]
mod tests {
    use super::{Ink, Theme};

    #[test]
    fn every_colour_is_in_both_themes() {
        for ink in Ink::ALL {
            for theme in [Theme::Light, Theme::Dark] {
                let colour = ink.of(theme);
                assert!(colour.len() == 7 && colour.starts_with('#'), "{ink:?}: {colour}");
            }
        }
        assert_eq!(Ink::ControlActive.name(), "control-active");
    }
}

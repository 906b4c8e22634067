//! Whether the window would come up here: what it needs is got and let go again, and nothing is shown.

use eframe::glow::HasContext as _;

use super::theme;
use super::window::{WindowError, open};

/// What the window would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Version and maker of OpenGL, as the driver says them.
    pub opengl: String,
    /// Every screen.
    pub screens: Vec<Screen>,
    /// The scripts in which names could not be drawn: no font here has them.
    pub missing_scripts: Vec<&'static str>,
}

/// A screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// A letter of each script that the fonts which come along do not have.
const SCRIPTS: [(&str, char); 8] = [
    ("Arabic", 'ع'),
    ("Hebrew", 'א'),
    ("Devanagari", 'क'),
    ("Bengali", 'ক'),
    ("Thai", 'ก'),
    ("Chinese", '中'),
    ("Japanese", 'あ'),
    ("Korean", '한'),
];

/// Gets a display and OpenGL as the window would, looks, and lets go.
pub fn try_window() -> Result<Trial, WindowError> {
    let (found, looked) = std::sync::mpsc::channel();
    let opened = open(false, move |creation| {
        let _ = found.send(Trial::of(creation));
        // Nothing is to be shown: this ends it before the first frame.
        Err("seen".into())
    });
    match (looked.try_recv(), opened) {
        (Ok(trial), _) => Ok(trial),
        (Err(_), Err(error)) => Err(error),
        (Err(_), Ok(())) => Err(WindowError::Other {
            words: "it ended before anything could be seen".to_owned(),
        }),
    }
}

impl Trial {
    fn of(creation: &eframe::CreationContext<'_>) -> Self {
        let opengl = creation.gl.as_ref().map_or_else(String::new, |gl| {
            let version = gl.version();
            let kind = if version.is_embedded { "ES " } else { "" };
            format!(
                "{kind}{}.{} {}",
                version.major, version.minor, version.vendor_info
            )
            .trim()
            .to_owned()
        });
        let screens = creation.winit_window().map_or_else(Vec::new, |window| {
            let sizes = window.available_monitors().map(|screen| screen.size());
            sizes
                .map(|size| Screen {
                    width: size.width,
                    height: size.height,
                })
                .collect()
        });
        Self {
            opengl,
            screens,
            missing_scripts: missing_scripts(&creation.egui_ctx),
        }
    }
}

/// Asked as a name on screen would be: by a pass of drawing with the window's own fonts.
fn missing_scripts(context: &egui::Context) -> Vec<&'static str> {
    theme::install(context);
    let mut missing = Vec::new();
    let font = theme::text(theme::size::BODY, theme::Weight::Regular);
    let mut output = context.run_ui(egui::RawInput::default(), |ui| {
        missing = ui.ctx().fonts_mut(|fonts| {
            SCRIPTS
                .into_iter()
                .filter(|(_, letter)| !fonts.has_glyph(&font, *letter))
                .map(|(script, _)| script)
                .collect()
        });
    });
    // Nobody draws it.
    output.textures_delta.clear();
    missing
}

//! Opens the window, and says in a sentence why it cannot be opened.

use std::sync::Arc;

use super::app::App;
use super::options::Options;

/// The window may be pulled as small as this, and opens no larger than the screen: one that must be larger than the screen lies
/// beyond it.
const LEAST_SIZE: [f32; 2] = [640.0, 400.0];

/// Why there is no window. Each is one sentence with the mend.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is no display: the handshake can be told in the terminal instead.
    #[error("there is no display: start mtlscope in a desktop session, or with ssh -X")]
    NoDisplay,
    /// A graphics library is missing.
    #[error("the window needs a library that is not installed ({what}); install it with: {install}")]
    MissingLibrary {
        /// What the system said.
        what: String,
        /// The command.
        install: &'static str,
    },
    /// No OpenGL.
    #[error(
        "OpenGL is not available ({words}); install it with: apt-get install libgl1 libgl1-mesa-dri libegl1"
    )]
    NoOpenGl {
        /// The library's words.
        words: String,
    },
    /// Anything else.
    #[error("the window could not be opened: {words}")]
    Other {
        /// The library's words.
        words: String,
    },
}

/// Shows the window until the user closes it. Never panics: what a graphics library throws is caught and told.
pub fn run_window(options: Options) -> Result<(), WindowError> {
    open(true, move |creation| {
        Ok(Box::new(App::new(&creation.egui_ctx, options)))
    })
}

/// Gets a display and OpenGL, and gives them to `create`.
pub(super) fn open(
    is_visible: bool,
    create: impl FnOnce(
        &eframe::CreationContext<'_>,
    ) -> Result<Box<dyn eframe::App>, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<(), WindowError> {
    let native = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("mtlscope")
            .with_app_id("mtlscope")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size(LEAST_SIZE)
            .with_visible(is_visible)
            .with_icon(Arc::new(icon())),
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    // A missing library panics inside winit; its backtrace would tell the user nothing.
    let usual_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let has_started = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let started = has_started.clone();
    let hook = std::sync::Mutex::new(Some(usual_hook));
    let hook = Arc::new(hook);
    let hook_for_start = hook.clone();
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        eframe::run_native(
            "mtlscope",
            native,
            Box::new(move |creation| {
                // From here on a panic is ours, and is to be seen.
                restore(&hook_for_start);
                started.store(true, std::sync::atomic::Ordering::Relaxed);
                create(creation)
            }),
        )
    }));
    restore(&hook);
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(explain(&error)),
        Err(panic) if has_started.load(std::sync::atomic::Ordering::Relaxed) => {
            std::panic::resume_unwind(panic)
        }
        Err(panic) => {
            let words = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()))
                .unwrap_or_default();
            Err(explain_words(&words))
        }
    }
}

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>;

fn restore(hook: &std::sync::Mutex<Option<Hook>>) {
    if let Ok(mut hook) = hook.lock()
        && let Some(hook) = hook.take()
    {
        std::panic::set_hook(hook);
    }
}

fn explain(error: &eframe::Error) -> WindowError {
    match error {
        eframe::Error::NoGlutinConfigs(..) => WindowError::NoOpenGl {
            words: "no configuration fits".to_owned(),
        },
        other => explain_words(&other.to_string()),
    }
}

/// By the words, because winit has no types for them (measured on Debian 12).
fn explain_words(words: &str) -> WindowError {
    const X11: &str = "apt-get install libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0";
    const WAYLAND: &str = "apt-get install libwayland-client0 libwayland-egl1 libxkbcommon0";
    let missing = |install: &'static str| WindowError::MissingLibrary {
        what: words.lines().next().unwrap_or_default().to_owned(),
        install,
    };
    let lower = words.to_lowercase();
    let says_missing = [
        "xkbcommon",
        "xlib",
        "libx",
        "wayland-egl",
        "wayland_egl",
        "libwayland",
    ];
    let is_no_display = ["wayland_display", "neither", "display", "opendisplay"];
    if lower.contains("wayland-egl") || lower.contains("wayland_egl") || lower.contains("libwayland") {
        missing(WAYLAND)
    } else if says_missing.iter().any(|word| lower.contains(word)) {
        missing(X11)
    } else if is_no_display.iter().any(|word| lower.contains(word)) {
        WindowError::NoDisplay
    } else if ["egl", "glx", "opengl", "glutin"]
        .iter()
        .any(|word| lower.contains(word))
    {
        WindowError::NoOpenGl {
            words: words.to_owned(),
        }
    } else {
        WindowError::Other {
            words: words.to_owned(),
        }
    }
}

/// Two lifelines and an arrow: 64×64, painted here so that no picture need be kept in step with the theme.
fn icon() -> egui::IconData {
    const SIZE: usize = 64;
    let p = super::theme::palette_for(true);
    let mut rgba = vec![0; SIZE * SIZE * 4];
    let mut fill = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>, colour: egui::Color32| {
        for y in ys {
            for x in xs.clone() {
                let at = (y * SIZE + x) * 4;
                if let Some(pixel) = rgba.get_mut(at..at + 4) {
                    pixel.copy_from_slice(&colour.to_array());
                }
            }
        }
    };
    fill(2..62, 2..62, *p.panel);
    fill(14..20, 10..54, *p.client);
    fill(44..50, 10..54, *p.server);
    fill(20..44, 22..26, *p.client);
    fill(20..44, 38..42, *p.server);
    egui::IconData {
        rgba,
        width: SIZE as u32,
        height: SIZE as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::{WindowError, explain_words};

    #[test]
    fn missing_libraries_are_named_by_package() {
        let cases = [
            (
                "Library libxkbcommon-x11.so could not be loaded.",
                "libxkbcommon-x11-0",
            ),
            ("Failed to load one of xlib's shared libraries", "libx11-6"),
            (
                "libwayland-egl.so.1: cannot open shared object file",
                "libwayland-egl1",
            ),
        ];
        for (words, package) in cases {
            let sentence = explain_words(words).to_string();
            assert!(sentence.contains(package), "{sentence}");
        }
    }

    #[test]
    fn no_display_is_no_fault_of_ours() {
        let words = "os error at winit: neither WAYLAND_DISPLAY nor WAYLAND_SOCKET nor DISPLAY is set.";
        assert!(matches!(explain_words(words), WindowError::NoDisplay));
    }
}

//! `mtlscope export`: one handshake as a page, a picture, a text or a runbook.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::compare::given;
use super::outcome::{Outcome, Unusable};
use super::output;
use crate::export::{Format, Material, Theme, export, write};

const EXIT_STATUS: &str =
    "Exit status: 0 it is written; 2 the command or its input is unusable, said in one sentence.";

/// `export`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct ExportArguments {
    /// A session, a packet capture, or scenario:ID, which is run
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to make of it
    #[arg(long, value_enum)]
    pub to: Target,
    /// Where to: a new file, or an earlier export; without it, to the standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Which connection of a packet capture, counted from 1 as in `show`
    #[arg(long, value_name = "N")]
    pub connection: Option<usize>,
    /// TLS secrets of a packet capture from a key log (SSLKEYLOGFILE); one that lies beside it is found by itself
    #[arg(long, value_name = "FILE")]
    pub keylog: Option<PathBuf>,
    /// Leave out what only the TLS secrets open, and say so; the secrets themselves are never in an export
    #[arg(long)]
    pub without_secrets: bool,
    /// What it is called, instead of the session's own title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Colours of a picture
    #[arg(long, value_enum, default_value_t)]
    pub theme: Colours,
}

/// What a handshake is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// One page that plays the handshake in any browser, offline
    Html,
    /// The whole ladder as a drawing
    Svg,
    /// The same as a picture; to a file, or a standard output that is no terminal
    Png,
    /// Text in Markdown
    Md,
    /// What to do when it happens again, in Markdown
    Runbook,
}

impl Target {
    fn format(self) -> Format {
        match self {
            Self::Html => Format::Html,
            Self::Svg => Format::Svg,
            Self::Png => Format::Png,
            Self::Md => Format::Markdown,
            Self::Runbook => Format::Runbook,
        }
    }
}

/// The window's two themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Colours {
    /// For paper and lit rooms
    #[default]
    Light,
    /// For the dark
    Dark,
}

pub(super) fn run(arguments: &ExportArguments) -> Result<Outcome, Unusable> {
    let format = arguments.to.format();
    if arguments.out.is_none() && !format.is_text() && std::io::stdout().is_terminal() {
        return Err(Unusable(
            "a picture is nothing for a terminal; say where to with --out FILE".to_owned(),
        ));
    }
    let given = given(&arguments.file, arguments.connection, arguments.keylog.as_deref())?;
    let words = &given.words;
    let title = arguments.title.as_deref().unwrap_or(&words.title);
    let file = words.is_a_file.then(|| arguments.file.display().to_string());
    let material = Material::new(Arc::new(given.analysis))
        .with_words(title, &words.notes, &words.step_notes)
        .with_file(file);
    let material = if arguments.without_secrets {
        material.without_secrets()
    } else {
        material
    };
    let theme = match arguments.theme {
        Colours::Light => Theme::Light,
        Colours::Dark => Theme::Dark,
    };
    let bytes = export(&material, format, theme).map_err(Unusable)?;
    match &arguments.out {
        Some(path) => write(path, &bytes, format).map_err(Unusable)?,
        None => output::bytes(&bytes)?,
    }
    Ok(Outcome::Good)
}

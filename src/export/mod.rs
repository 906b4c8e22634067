//! What is given to others: one handshake as a page that plays it, a picture, a text, a runbook.
//!
//! `material` is what is told: an analysis with its title and notes, perhaps without what its secrets open. `ladder` lays the
//! stage out as positioned shapes, a group for each step; `svg` writes them, alone or into the page; `html` is the page,
//! `markdown` and `runbook` are texts. `escape` makes text from outside safe for each of them, `ink` has the window's colours.
//!
//! Deliberately absent: drawing on a screen (that is [`crate::ui`]), the network, and anything from elsewhere: each export is
//! whole in itself. Secrets are never printed, only what they open.

mod bounds;
mod certificates;
mod escape;
mod html;
mod ink;
mod ladder;
mod markdown;
mod material;
mod place;
mod runbook;
mod shape;
mod stage;
mod svg;
#[cfg(test)]
mod tests;
mod told;

pub use ink::Theme;
pub use material::Material;
pub use place::write;

/// What a handshake is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A page that plays the handshake in any browser.
    Html,
    /// The whole ladder as a drawing.
    Svg,
    /// Text, in Markdown.
    Markdown,
    /// What to do when it happens again, in Markdown.
    Runbook,
}

impl Format {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Html, Self::Svg, Self::Markdown, Self::Runbook];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Markdown => "md",
            Self::Runbook => "runbook",
        }
    }

    /// What a file of it is called, after the point.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Markdown | Self::Runbook => "md",
        }
    }

    /// In words: `a page (HTML)`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Html => "Page that plays it (HTML)",
            Self::Svg => "Drawing (SVG)",
            Self::Markdown => "Text (Markdown)",
            Self::Runbook => "Runbook (Markdown)",
        }
    }
}

/// What stands in each export, in a place where nobody has to read it: only such a file is written over.
const MARK: &str = "made by mtlscope";

/// The bytes of an export. Pure: the same material gives the same bytes.
pub fn export(material: &Material, format: Format, theme: Theme) -> Result<Vec<u8>, String> {
    Ok(match format {
        Format::Html => html::page(material).into_bytes(),
        Format::Svg => svg::alone(&stage::stage(material), theme).into_bytes(),
        Format::Markdown => markdown::text(material).into_bytes(),
        Format::Runbook => runbook::text(material).into_bytes(),
    })
}

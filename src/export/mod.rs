//! What is given to others: one handshake as a page that plays it, a picture, a text, a runbook.
//!
//! `material` is what is told: an analysis with its title and notes, perhaps without what its secrets open. `ladder` and `stage` lay it
//! out as positioned shapes, a group for each step; `svg` writes them, alone or into the page, and
//! `picture` makes pixels of it; `html` is the page,
//! `markdown` and `runbook` are texts. `escape` makes text from outside safe for each of them, `ink` has the window's colours.
//!
//! Deliberately absent: drawing on a screen (that is [`crate::ui`]), the network, and anything from elsewhere: each export is
//! whole in itself. Secrets are never printed, only what they open.

mod bounds;
mod certificates;
mod escape;
mod format;
mod html;
mod ink;
mod ladder;
mod markdown;
mod material;
mod picture;
mod place;
mod runbook;
mod shape;
mod stage;
mod svg;
#[cfg(test)]
mod tests;
mod told;

pub use format::Format;
pub use ink::Theme;
pub use material::{Material, notes_without_secrets};
pub use place::write;

/// The bytes of an export. Pure: the same material gives the same bytes.
pub fn export(material: &Material, format: Format, theme: Theme) -> Result<Vec<u8>, String> {
    Ok(match format {
        Format::Html => html::page(material).into_bytes(),
        Format::Svg => svg::alone(&stage::stage(material), theme).into_bytes(),
        Format::Png => picture::png(&stage::stage(material), theme)?,
        Format::Markdown => markdown::text(material).into_bytes(),
        Format::Runbook => runbook::text(material).into_bytes(),
    })
}

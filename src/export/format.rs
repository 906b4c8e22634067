//! What a handshake can be exported to.

/// What a handshake is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A page that plays the handshake in any browser.
    Html,
    /// The whole ladder as a drawing.
    Svg,
    /// The same as a picture.
    Png,
    /// Text, in Markdown.
    Markdown,
    /// What to do when it happens again, in Markdown.
    Runbook,
}

impl Format {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Html, Self::Svg, Self::Png, Self::Markdown, Self::Runbook];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Markdown => "md",
            Self::Runbook => "runbook",
        }
    }

    /// What a file of it is called, after the point.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Markdown | Self::Runbook => "md",
        }
    }

    /// Whether it can be read in a terminal.
    pub fn is_text(self) -> bool {
        self != Self::Png
    }

    /// In words: `a page (HTML)`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Html => "Page that plays it (HTML)",
            Self::Svg => "Drawing (SVG)",
            Self::Png => "Picture (PNG)",
            Self::Markdown => "Text (Markdown)",
            Self::Runbook => "Runbook (Markdown)",
        }
    }
}

/// What stands in each export, in a place where nobody has to read it: only such a file is written over.
pub(super) const MARK: &str = "made by mtlscope";

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn a_picture_alone_is_no_text() {
        let binary: Vec<&str> = Format::ALL
            .into_iter()
            .filter(|format| !format.is_text())
            .map(Format::word)
            .collect();
        assert_eq!(binary, ["png"]);
    }
}

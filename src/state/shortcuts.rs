//! Which key sends which command: one table for the keyboard and for the list of keys.

use super::{
    Command, CompareCommand, DocumentCommand, LabCommand, PacketCommand, PanelCommand, PanelSide,
    PastedCommand, RepairCommand, SavingCommand, SettingsCommand, TimeCommand, ViewCommand, WindowCommand,
    WorkshopCommand,
};

/// A key by its name, free of any toolkit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words on the keys")]
pub enum Key {
    Space,
    Left,
    Right,
    Home,
    End,
    Digit(u8),
    Letter(char),
    F11,
    PageUp,
    PageDown,
    Plus,
    Minus,
    Question,
    Escape,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcut {
    /// The key.
    pub key: Key,
    /// With Ctrl (⌘ on a Mac).
    pub ctrl: bool,
    /// What is on the keyboard: `Ctrl+R`.
    pub label: String,
    /// What it does, for the list of keys; empty where another line tells it.
    pub words: &'static str,
    /// What it sends.
    pub command: Command,
}

/// Every shortcut, in the order of the list of keys.
pub fn shortcuts() -> Vec<Shortcut> {
    let line = |key: Key, ctrl: bool, label: &str, words: &'static str, command: Command| Shortcut {
        key,
        ctrl,
        label: label.to_owned(),
        words,
        command,
    };
    let mut table = vec![
        line(
            Key::Letter('R'),
            true,
            "Ctrl+R",
            "Run the handshake",
            Command::Lab(LabCommand::Run),
        ),
        line(
            Key::Space,
            false,
            "Space",
            "Play or pause",
            Command::View(ViewCommand::TogglePlay),
        ),
        line(
            Key::Right,
            false,
            "→",
            "One step forward",
            Command::View(ViewCommand::StepBy(1)),
        ),
        line(
            Key::Left,
            false,
            "←",
            "One step back",
            Command::View(ViewCommand::StepBy(-1)),
        ),
        line(
            Key::Home,
            false,
            "Home",
            "To the beginning",
            Command::View(ViewCommand::First),
        ),
        line(
            Key::End,
            false,
            "End",
            "To the end",
            Command::View(ViewCommand::Last),
        ),
    ];
    for number in 1..=6 {
        let (label, words) = match number {
            1 => ("1–6".to_owned(), "To a chapter"),
            other => (other.to_string(), ""),
        };
        table.push(line(
            Key::Digit(number),
            false,
            &label,
            words,
            Command::View(ViewCommand::JumpToChapter(number)),
        ));
    }
    table.extend([
        line(
            Key::Letter('G'),
            true,
            "Ctrl+G",
            "Gallery of scenarios",
            Command::Window(WindowCommand::ShowGallery(true)),
        ),
        line(
            Key::Letter('E'),
            true,
            "Ctrl+E",
            "Paste an error",
            Command::Pasted(PastedCommand::ShowPasteBox(true)),
        ),
        line(
            Key::Letter('D'),
            true,
            "Ctrl+D",
            "Compare what is on the stage",
            Command::Compare(CompareCommand::Begin),
        ),
        line(
            Key::Letter('O'),
            true,
            "Ctrl+O",
            "Open a session",
            Command::Document(DocumentCommand::OpenSession),
        ),
        line(
            Key::Letter('S'),
            true,
            "Ctrl+S",
            "Save the session",
            Command::Saving(SavingCommand::Ask),
        ),
        line(
            Key::Letter('W'),
            true,
            "Ctrl+W",
            "Close the tab",
            Command::Document(DocumentCommand::CloseHere),
        ),
        line(
            Key::PageDown,
            false,
            "Page Down",
            "Next connection of a packet capture",
            Command::Packets(PacketCommand::StepConnection(1)),
        ),
        line(
            Key::PageUp,
            false,
            "Page Up",
            "The connection before",
            Command::Packets(PacketCommand::StepConnection(-1)),
        ),
        line(
            Key::Letter('Z'),
            true,
            "Ctrl+Z",
            "Undo the last fix",
            Command::Repair(RepairCommand::UndoFix),
        ),
        line(
            Key::Letter('T'),
            true,
            "Ctrl+T",
            "Time machine",
            Command::Time(TimeCommand::ToggleTimeMachine),
        ),
        line(
            Key::Letter('L'),
            true,
            "Ctrl+L",
            "Begin the lesson anew",
            Command::Workshop(WorkshopCommand::Reset),
        ),
        line(
            Key::Letter('B'),
            true,
            "Ctrl+B",
            "Fold or show the set-up",
            Command::Panels(PanelCommand::Toggle(PanelSide::Left)),
        ),
        line(
            Key::Letter('I'),
            true,
            "Ctrl+I",
            "Fold or show the inspector",
            Command::Panels(PanelCommand::Toggle(PanelSide::Right)),
        ),
        line(
            Key::F11,
            false,
            "F11",
            "Full screen",
            Command::Window(WindowCommand::ToggleFullScreen),
        ),
        line(
            Key::Plus,
            true,
            "Ctrl++",
            "Larger",
            Command::Settings(SettingsCommand::Zoom(1)),
        ),
        line(
            Key::Minus,
            true,
            "Ctrl+−",
            "Smaller",
            Command::Settings(SettingsCommand::Zoom(-1)),
        ),
        line(
            Key::Digit(0),
            true,
            "Ctrl+0",
            "Usual size",
            Command::Settings(SettingsCommand::Zoom(0)),
        ),
        line(
            Key::Question,
            false,
            "?",
            "This list",
            Command::Window(WindowCommand::ShowHelp(true)),
        ),
        line(
            Key::Escape,
            false,
            "Esc",
            "Close what is on top",
            Command::Window(WindowCommand::Dismiss),
        ),
    ]);
    table
}

/// The keys that no table entry sends a command for: what they do depends on what is under the pointer or selected.
pub const OTHER_KEYS: [(&str, &str); 5] = [
    ("↑ ↓", "Walk the fields, or the rows of a list"),
    ("Enter", "Open the row of a list"),
    ("Delete", "Empty the slot that has the keyboard"),
    ("Ctrl+V", "Load PEM text into the slot under the pointer"),
    ("Tab", "To the next control"),
];

/// What is on the keyboard for a command, for tooltips: `Ctrl+R`.
pub fn key_for(command: &Command) -> Option<String> {
    shortcuts()
        .into_iter()
        .find(|line| line.command == *command)
        .map(|line| line.label)
}

#[cfg(test)]
mod tests {
    use super::{OTHER_KEYS, shortcuts};

    #[test]
    fn no_key_does_two_things() {
        let table = shortcuts();
        for (index, line) in table.iter().enumerate() {
            let rival = table[..index]
                .iter()
                .find(|other| (other.key, other.ctrl) == (line.key, line.ctrl));
            assert_eq!(rival, None, "{}", line.label);
        }
    }

    /// The list of keys in the window is made of the table; the README's is compared with it.
    #[test]
    fn the_readme_lists_every_key_and_no_other() {
        let readme = include_str!("../../README.md");
        let section = readme
            .split("\n## Keys\n")
            .nth(1)
            .and_then(|rest| rest.split("\n## ").next())
            .expect("a section of keys");
        let mut told: Vec<&str> = section
            .split("<kbd>")
            .skip(1)
            .filter_map(|rest| rest.split("</kbd>").next())
            .collect();
        let table = shortcuts();
        let mut there: Vec<&str> = table
            .iter()
            .filter(|line| !line.words.is_empty())
            .map(|line| line.label.as_str())
            .chain(OTHER_KEYS.iter().flat_map(|(label, _)| label.split(' ')))
            .collect();
        told.sort_unstable();
        there.sort_unstable();
        assert_eq!(told, there);
    }
}

//! The side panels: folded or not, how wide, and out or not where the window is so narrow that they are drawers.

use serde::{Deserialize, Serialize};

/// One of the two side panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelSide {
    /// The set-up.
    Left,
    /// The inspector.
    Right,
}

/// What the user can ask of the panels.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelCommand {
    /// Fold it or show it; where it is a drawer, push it in or pull it out.
    Toggle(PanelSide),
    /// Make it so wide, in points; `None`: as wide as the window suggests.
    Resize(PanelSide, Option<u16>),
    /// It has its width now: it is to be remembered.
    Keep,
}

/// Both panels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    /// The set-up.
    pub left: Panel,
    /// The inspector.
    pub right: Panel,
    /// What the inspector shows now needs more room than usual.
    #[serde(skip)]
    pub right_needs_room: bool,
}

/// One panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panel {
    /// In points; `None`: as wide as the window suggests.
    pub width: Option<u16>,
    /// The user folded it, where it stands beside the stage.
    is_folded: bool,
    /// The window is so narrow that it lies over the stage when it is out.
    #[serde(skip)]
    pub is_drawer: bool,
    /// It is a drawer, and out.
    #[serde(skip)]
    is_out: bool,
}

impl Panel {
    /// Whether it is to be seen.
    pub fn is_shown(&self) -> bool {
        if self.is_drawer {
            self.is_out
        } else {
            !self.is_folded
        }
    }

    /// Shows it or not, as a drawer or beside the stage.
    pub fn show(&mut self, is_shown: bool) {
        if self.is_drawer {
            self.is_out = is_shown;
        } else {
            self.is_folded = !is_shown;
        }
    }
}

impl Panels {
    /// One of the two.
    pub fn get_mut(&mut self, side: PanelSide) -> &mut Panel {
        match side {
            PanelSide::Left => &mut self.left,
            PanelSide::Right => &mut self.right,
        }
    }

    /// Acts on a command; whether it is to be remembered now.
    pub fn apply(&mut self, command: &PanelCommand) -> bool {
        match *command {
            PanelCommand::Toggle(side) => {
                let panel = self.get_mut(side);
                panel.show(!panel.is_shown());
                true
            }
            PanelCommand::Resize(side, width) => {
                self.get_mut(side).width = width;
                // Otherwise it is still being pulled.
                width.is_none()
            }
            PanelCommand::Keep => true,
        }
    }

    /// The window tells which panels are drawers at its width. One that becomes a drawer begins inside.
    pub fn set_drawers(&mut self, (left, right): (bool, bool)) {
        for (panel, is_drawer) in [(&mut self.left, left), (&mut self.right, right)] {
            if panel.is_drawer != is_drawer {
                panel.is_drawer = is_drawer;
                panel.is_out = false;
            }
        }
    }

    /// What was just selected is told in the inspector: where that is a drawer, it comes out.
    pub fn pull_out_inspector(&mut self) {
        self.right.is_out |= self.right.is_drawer;
    }

    /// Pushes in what lies over the stage; whether there was something.
    pub fn push_in(&mut self) -> bool {
        let mut was_out = false;
        for panel in [&mut self.left, &mut self.right] {
            was_out |= panel.is_drawer && std::mem::take(&mut panel.is_out);
        }
        was_out
    }
}

#[cfg(test)]
mod tests {
    use super::{Panel, PanelCommand, PanelSide, Panels};

    #[test]
    fn a_panel_folds_beside_the_stage_and_slides_over_it() {
        let mut panels = Panels::default();
        let toggle = PanelCommand::Toggle(PanelSide::Right);
        assert!(panels.right.is_shown());
        assert!(panels.apply(&toggle), "it is remembered");
        assert!(!panels.right.is_shown());
        panels.apply(&toggle);
        panels.set_drawers((false, true));
        assert!(!panels.right.is_shown(), "a drawer begins inside");
        panels.pull_out_inspector();
        assert!(panels.right.is_shown());
        assert!(panels.push_in() && !panels.push_in());
        panels.set_drawers((false, false));
        assert!(panels.right.is_shown(), "wide again, it stands where it stood");
        panels.pull_out_inspector();
        panels.set_drawers((false, true));
        assert!(
            !panels.right.is_shown(),
            "what stood beside the stage was not a drawer"
        );
        assert!(
            !panels.apply(&PanelCommand::Resize(PanelSide::Left, Some(300))),
            "still being pulled"
        );
        assert_eq!(panels.left.width, Some(300));
        assert!(panels.apply(&PanelCommand::Keep));
        assert!(
            panels.apply(&PanelCommand::Resize(PanelSide::Left, None)),
            "as wide as the window suggests, at once"
        );
        assert_eq!(panels.left.width, None);
    }

    #[test]
    fn widths_and_folds_come_back_and_drawers_do_not() {
        let mut panels = Panels::default();
        panels.left.width = Some(300);
        panels.left.show(false);
        panels.right = Panel {
            is_drawer: true,
            is_out: true,
            ..Panel::default()
        };
        let text = ron::to_string(&panels).expect("written");
        let read: Panels = ron::from_str(&text).expect("read");
        assert_eq!((read.left.width, read.left.is_shown()), (Some(300), false));
        assert!(!read.right.is_drawer && read.right.is_shown());
    }
}

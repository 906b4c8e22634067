//! Moving the playhead, and the selection that goes with it.

use super::root::State;
use super::{Command, Selection};

impl State {
    pub(super) fn move_playhead(&mut self, command: &Command) {
        match *command {
            Command::TogglePlay => self.playback.toggle(),
            Command::StepBy(steps) => self.playback.step_by(steps),
            Command::First => self.playback.first(),
            Command::Last => self.playback.last(),
            Command::Seek(position) => self.playback.seek(position),
            Command::SetSpeed(speed) => self.playback.set_speed(speed),
            Command::JumpToChapter(number) => {
                let first = self.analysis().and_then(|analysis| {
                    let chapter = analysis
                        .story
                        .chapters
                        .iter()
                        .find(|chapter| chapter.number == number)?;
                    chapter.first_step
                });
                let Some(first) = first else { return };
                self.playback.seek(first as f32 + 1.0);
            }
            _ => {}
        }
        self.follow_playhead();
    }

    /// The selection goes with the playhead: the step under way, or the whole connection at either end.
    pub(super) fn follow_playhead(&mut self) {
        let visible = self.playback.visible_steps();
        self.selection = if self.playback.is_at_end() || visible == 0 {
            Selection::Nothing
        } else {
            Selection::Step(visible - 1)
        };
    }

    /// Lets playback time pass, in seconds; whether something moved.
    pub fn advance(&mut self, seconds: f32) -> bool {
        let before = self.playback.visible_steps();
        let moved = self.playback.advance(seconds);
        if moved && (before != self.playback.visible_steps() || self.playback.is_at_end()) {
            self.follow_playhead();
        }
        moved
    }
}

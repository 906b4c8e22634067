//! The playback's clock: a tested value that says whether it needs a repaint.

/// The speeds offered, in steps in a second; 1× is one step a second.
pub const SPEEDS: [f32; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// The share of a step after which its event has happened: the packet has arrived, the judge has decided. The rest of the
/// step is for what follows from it, and for reading.
pub const HAPPENS_AT: f32 = 0.62;

/// Seconds of calm between the last event and the telling of it, so that a room sees the end before it reads why.
const CALM_S: f32 = 0.4;

/// Where the playhead stands. Positions count steps: 0 is before the first step, `steps` is the end, and 2.5 is half-way
/// through the third step.
#[derive(Clone, Debug, PartialEq)]
pub struct Playback {
    position: f32,
    steps: usize,
    /// In steps in a second.
    speed: f32,
    is_playing: bool,
    /// Seconds of calm that are left after the last step; it is not the end before they have passed.
    calm_left_s: f32,
    /// Nothing moves: steps happen at once.
    is_motion_reduced: bool,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            position: 0.0,
            steps: 0,
            speed: 1.0,
            is_playing: false,
            calm_left_s: 0.0,
            is_motion_reduced: false,
        }
    }
}

impl Playback {
    /// A playback of so many steps, standing at the end: where it stands after a run. Keeps the speed.
    pub fn at_end_of(&mut self, steps: usize) {
        self.steps = steps;
        self.last();
    }

    /// Lets steps happen at once, or move again.
    pub fn reduce_motion(&mut self, is_reduced: bool) {
        self.is_motion_reduced = is_reduced;
        self.calm_left_s = 0.0;
    }

    /// Whether steps happen at once.
    pub fn is_motion_reduced(&self) -> bool {
        self.is_motion_reduced
    }

    /// In steps, 0 to [`Self::steps`].
    pub fn position(&self) -> f32 {
        self.position
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// In steps in a second.
    pub fn speed(&self) -> f32 {
        self.speed
    }

    /// Whether time passes.
    pub fn is_playing(&self) -> bool {
        self.is_playing
    }

    /// Whether everything has happened, and may be told.
    pub fn is_at_end(&self) -> bool {
        self.position >= self.steps as f32 && self.calm_left_s <= 0.0
    }

    /// How many steps have begun. What lies after them is hidden everywhere, so that a room can predict.
    pub fn visible_steps(&self) -> usize {
        (self.position.ceil() as usize).min(self.steps)
    }

    /// How many steps have happened: an event still on its way has decided nothing, and nothing that follows from it is
    /// shown.
    pub fn ended_steps(&self) -> usize {
        let is_under_way = self.progress_in_step() < 1.0;
        self.visible_steps() - usize::from(is_under_way)
    }

    /// How far the event of the last visible step has come, 0 to 1; 1 once it has happened.
    pub fn progress_in_step(&self) -> f32 {
        let fraction = self.position.fract();
        if fraction > 0.0 && !self.is_motion_reduced {
            (fraction / HAPPENS_AT).min(1.0)
        } else {
            1.0
        }
    }

    /// Lets `seconds` pass. Whether something moved, and so whether the next frame must be drawn.
    pub fn advance(&mut self, seconds: f32) -> bool {
        if !self.is_playing {
            return false;
        }
        let seconds = seconds.max(0.0);
        let left_s = (self.steps as f32 - self.position) / self.speed;
        if left_s > 0.0 {
            self.position = (self.position + seconds * self.speed).min(self.steps as f32);
            if seconds < left_s {
                return true;
            }
            self.calm_left_s = if self.is_motion_reduced { 0.0 } else { CALM_S };
            self.position = self.steps as f32;
        }
        self.calm_left_s = (self.calm_left_s - (seconds - left_s.max(0.0))).max(0.0);
        self.is_playing = !self.is_at_end();
        true
    }

    /// Plays or pauses; from the end it plays again from the beginning. The calm after the last step is cut short.
    pub fn toggle(&mut self) {
        if self.is_playing && self.position >= self.steps as f32 {
            self.last();
            return;
        }
        if !self.is_playing && self.is_at_end() {
            self.position = 0.0;
        }
        self.is_playing = !self.is_playing && self.steps > 0;
    }

    /// To a position in steps; what is no number is ignored.
    pub fn seek(&mut self, position: f32) {
        if position.is_finite() {
            self.place(position);
        }
    }

    /// Whole steps forward or back, and pauses. From within a step, back leads to its beginning.
    pub fn step_by(&mut self, steps: i32) {
        self.is_playing = false;
        let from = if steps < 0 {
            self.position.ceil()
        } else {
            self.position.floor()
        };
        self.place(from + steps as f32);
    }

    /// Before the first step, and pauses.
    pub fn first(&mut self) {
        self.is_playing = false;
        self.place(0.0);
    }

    /// To the end, and pauses.
    pub fn last(&mut self) {
        self.is_playing = false;
        self.place(self.steps as f32);
    }

    /// Takes one of [`SPEEDS`], or anything between the slowest and the fastest.
    pub fn set_speed(&mut self, speed: f32) {
        if speed.is_finite() {
            self.speed = speed.clamp(0.25, 4.0);
        }
    }

    fn place(&mut self, position: f32) {
        self.calm_left_s = 0.0;
        self.position = position.clamp(0.0, self.steps as f32);
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "whole steps are exact")]
mod tests {
    use super::Playback;

    fn ten() -> Playback {
        let mut playback = Playback::default();
        playback.at_end_of(10);
        playback
    }

    #[test]
    fn after_a_run_everything_is_seen_and_nothing_moves() {
        let mut playback = ten();
        assert_eq!((playback.visible_steps(), playback.progress_in_step()), (10, 1.0));
        assert!(!playback.advance(1.0), "idle costs nothing");
    }

    #[test]
    fn one_times_is_one_step_a_second() {
        let mut playback = ten();
        playback.toggle();
        assert_eq!(playback.visible_steps(), 0, "from the end it begins again");
        assert!(playback.advance(0.5));
        assert_eq!((playback.visible_steps(), playback.ended_steps()), (1, 0));
        assert!(playback.advance(0.2));
        assert_eq!((playback.visible_steps(), playback.ended_steps()), (1, 1));
        playback.set_speed(2.0);
        assert!(playback.advance(0.65));
        assert_eq!((playback.visible_steps(), playback.progress_in_step()), (2, 1.0));
        assert!(playback.advance(60.0), "the last movement is drawn");
        assert!(playback.is_at_end() && !playback.is_playing());
        assert!(!playback.advance(60.0));
    }

    #[test]
    fn the_end_is_seen_before_it_is_told() {
        let mut playback = ten();
        playback.toggle();
        assert!(playback.advance(9.9) && playback.advance(0.2));
        assert_eq!((playback.visible_steps(), playback.ended_steps()), (10, 10));
        assert!(
            !playback.is_at_end() && playback.is_playing(),
            "0.3 s of calm are left"
        );
        assert!(playback.advance(0.2));
        assert!(!playback.is_at_end());
        assert!(playback.advance(0.2));
        assert!(playback.is_at_end() && !playback.is_playing());
        assert!(!playback.advance(1.0), "idle costs nothing");
        // Whoever does not want to wait presses Space, or goes to the end.
        playback.toggle();
        playback.advance(10.1);
        playback.toggle();
        assert!(playback.is_at_end() && !playback.is_playing());
        playback.reduce_motion(true);
        playback.toggle();
        playback.advance(3.1);
        assert_eq!((playback.ended_steps(), playback.progress_in_step()), (4, 1.0));
        playback.advance(7.0);
        assert!(
            playback.is_at_end() && !playback.is_playing(),
            "no calm where nothing moves"
        );
    }

    #[test]
    fn many_small_frames_and_one_large_one_come_equally_far() {
        let (mut small, mut large) = (ten(), ten());
        small.toggle();
        large.toggle();
        for _ in 0..240 {
            small.advance(1.0 / 60.0);
        }
        large.advance(4.0);
        assert!((small.position() - 4.0).abs() < 0.01 && (large.position() - 4.0).abs() < 0.01);
    }

    #[test]
    fn steps_land_on_whole_steps() {
        let mut playback = ten();
        playback.seek(2.5);
        assert_eq!(playback.visible_steps(), 3);
        playback.step_by(1);
        assert_eq!(playback.position(), 3.0);
        playback.seek(2.5);
        playback.step_by(-1);
        assert_eq!(playback.position(), 2.0);
        playback.step_by(-5);
        assert_eq!((playback.position(), playback.visible_steps()), (0.0, 0));
        playback.step_by(99);
        assert_eq!(playback.position(), 10.0);
    }

    #[test]
    fn whoever_steps_wants_it_to_stand_still_and_whoever_drags_does_not() {
        type Move = fn(&mut Playback);
        let moves: [(Move, f32, bool); 5] = [
            (|playback| playback.step_by(1), 5.0, false),
            (|playback| playback.step_by(-1), 4.0, false),
            (Playback::first, 0.0, false),
            (Playback::last, 10.0, false),
            (|playback| playback.seek(7.5), 7.5, true),
        ];
        for (number, (act, position, is_playing)) in moves.into_iter().enumerate() {
            let mut playback = ten();
            playback.toggle();
            playback.advance(4.5);
            act(&mut playback);
            assert_eq!(
                (playback.position(), playback.is_playing()),
                (position, is_playing),
                "{number}"
            );
        }
    }

    #[test]
    fn nonsense_is_ignored() {
        let mut playback = ten();
        playback.seek(f32::NAN);
        playback.set_speed(f32::INFINITY);
        assert_eq!((playback.position(), playback.speed()), (10.0, 1.0));
        let mut empty = Playback::default();
        empty.toggle();
        assert!(!empty.is_playing());
    }
}

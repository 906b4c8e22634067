//! Our own instrumented end against another program, over TCP: the same rustls, witnesses and recorder as in the lab pair.
//!
//! It ends in a capture, of which only our end's events are known. What the other side was given (trust, clock, label)
//! comes from the set-up, so that its judgement can be explained; what it said in the end is added by whoever heard it.
//!
//! Deliberately absent: who the other program is, and every address but loopback.

mod facing;
mod place;
mod records;

pub use facing::face;
pub use place::{Listening, free_port, reach};

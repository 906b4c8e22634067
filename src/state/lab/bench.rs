//! The lab's tabs.

/// Which of the lab's tabs: a scenario's, by its id; `None`: the user's own files.
pub type Bench = Option<String>;

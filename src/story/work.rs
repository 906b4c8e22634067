//! How much a story's passes look at: the work, which tests count in place of the clock.

#[cfg(test)]
std::thread_local! {
    static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many messages, rows or segments are looked at. Outside tests this is nothing.
#[cfg(not(test))]
pub(super) fn look(_count: usize) {}

/// So many messages, rows or segments are looked at.
#[cfg(test)]
pub(super) fn look(count: usize) {
    LOOKED_AT.with(|all| all.set(all.get() + count));
}

/// How much `work` looks at.
#[cfg(test)]
pub(super) fn of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    LOOKED_AT.with(|all| all.set(0));
    let done = work();
    (done, LOOKED_AT.with(std::cell::Cell::get))
}

//! Work on all cores, its results handed over in order: workers, a bounded channel, and one who takes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, PoisonError};

/// Does `work` for every number below `count`, and hands the results to `each` in their order, on this thread, as soon as
/// they are there; `each` says whether to go on. Never are more than `ahead` results in the making or waiting, so that a
/// slow one does not pile up those behind it.
pub fn in_order<T: Send>(
    count: usize,
    ahead: usize,
    work: &(dyn Fn(usize) -> T + Sync),
    each: &mut dyn FnMut(T) -> bool,
) {
    let ahead = ahead.max(1);
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(count);
    let next = AtomicUsize::new(0);
    let gate = Gate::default();
    let (sender, receiver) = sync_channel(ahead);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let (next, gate) = (&next, &gate);
            scope.spawn(move || {
                let _closing = Closing(gate);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count || !gate.pass(number, ahead) {
                        return;
                    }
                    if sender.send((number, work(number))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut taken = 0;
        // Ends when every worker has: at the end, or after a panic, which the scope passes on.
        while let Ok((number, result)) = receiver.recv() {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&taken) {
                taken += 1;
                if !each(result) {
                    gate.close();
                    return;
                }
                gate.open_for(taken);
            }
        }
    });
}

/// Lets a number pass when it is not too far ahead of what was taken.
#[derive(Default)]
struct Gate {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    taken: usize,
    is_closed: bool,
    /// Workers that wait: where nobody does, nobody is woken, which would be a call of the system each time.
    waiting: usize,
}

impl Gate {
    /// Waits; `false` when it was closed.
    fn pass(&self, number: usize, ahead: usize) -> bool {
        let mut state = self.lock();
        while !state.is_closed && number >= state.taken + ahead {
            state.waiting += 1;
            state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        !state.is_closed
    }

    fn open_for(&self, taken: usize) {
        self.change(|state| state.taken = taken);
    }

    fn close(&self) {
        self.change(|state| state.is_closed = true);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        if state.waiting > 0 {
            self.bell.notify_all();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A worker that panics lets nobody wait for what it will not bring.
struct Closing<'a>(&'a Gate);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_not_too_far_ahead() {
        let begun = AtomicUsize::new(0);
        let mut taken = Vec::new();
        in_order(
            500,
            8,
            &|number| {
                begun.fetch_add(1, Ordering::SeqCst);
                // The even ones take longer.
                (0..if number % 2 == 0 { 2000 } else { 1 }).fold(number, |all, _| std::hint::black_box(all))
            },
            &mut |number| {
                assert!(begun.load(Ordering::SeqCst) <= taken.len() + 8);
                taken.push(number);
                true
            },
        );
        assert_eq!(taken, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn it_ends_when_nobody_wants_more() {
        let begun = AtomicUsize::new(0);
        let mut taken = 0;
        in_order(
            1_000_000,
            4,
            &|_| begun.fetch_add(1, Ordering::SeqCst),
            &mut |_| {
                taken += 1;
                taken < 3
            },
        );
        assert_eq!(taken, 3);
        assert!(begun.load(Ordering::SeqCst) <= 3 + 4);
        in_order(0, 4, &|_| (), &mut |()| panic!("there is nothing"));
    }

    #[test]
    fn a_panic_is_passed_on_and_leaves_nobody_waiting() {
        let passed_on = std::panic::catch_unwind(|| {
            in_order(
                100,
                2,
                &|number| assert_ne!(number, 10, "on purpose"),
                &mut |()| true,
            );
        });
        assert!(passed_on.is_err());
    }
}

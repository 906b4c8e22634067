//! One request of the user's, for as many things as it takes: its bounds hold for all of them together.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::answer::read;
use super::limits::whole_seconds;
use super::{FetchError, Limits, Place, http};
use crate::cancel::Cancel;
use crate::net::Limit;
use crate::pki::Bundle;

/// A request. Its time begins with the first address that is asked.
#[derive(Debug)]
pub struct Request {
    limits: Limits,
    cancel: Cancel,
    until: OnceLock<Instant>,
    asked: AtomicUsize,
}

impl Request {
    /// A request within these limits; the cancel ends it, wherever it is.
    pub fn new(limits: Limits, cancel: Cancel) -> Self {
        Self {
            limits,
            cancel,
            until: OnceLock::new(),
            asked: AtomicUsize::new(0),
        }
    }

    /// Fetches one thing, address by address, until one answers with it. Blocks, for no longer than what is left of the
    /// request's time.
    ///
    /// What is found carries its address where a file's path would stand. The error is the last address's.
    pub fn fetch(&self, place: &Place) -> Result<Bundle, FetchError> {
        let mut last = FetchError::NoAddress {
            whose: place.whose.clone(),
            what: place.kind.word(),
        };
        let limits = &self.limits;
        for url in &place.urls {
            let limit = match self.limit(url) {
                Ok(limit) => limit,
                // What an address said tells more than that no other was asked.
                Err(FetchError::Spent { .. }) if !matches!(last, FetchError::NoAddress { .. }) => break,
                Err(error) => return Err(error),
            };
            match http::get(url, limits, &limit).and_then(|bytes| read(&bytes, url, place.kind)) {
                Ok(bundle) => return Ok(bundle),
                Err(error @ FetchError::Cancelled { .. }) => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// What is left for one address; an error where nothing is.
    fn limit(&self, url: &str) -> Result<Limit, FetchError> {
        let limits = &self.limits;
        let spent = |bound: String| FetchError::Spent {
            url: url.to_owned(),
            bound,
        };
        if self.cancel.is_cancelled() {
            return Err(FetchError::Cancelled { url: url.to_owned() });
        }
        let until = *self.until.get_or_init(|| Instant::now() + limits.in_all);
        let whole = Limit {
            until,
            cancel: self.cancel.clone(),
        };
        if whole.left().is_err() {
            let seconds = whole_seconds(limits.in_all);
            return Err(spent(format!("the others took {seconds} s")));
        }
        if self.asked.fetch_add(1, Ordering::Relaxed) >= limits.most_addresses {
            return Err(spent(format!("{} others were", limits.most_addresses)));
        }
        Ok(whole.at_most(limits.each))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn so_many_addresses_are_asked_and_no_more() {
        let limits = Limits {
            most_addresses: 2,
            ..Limits::default()
        };
        let request = Request::new(limits, Cancel::default());
        for _ in 0..2 {
            assert!(request.limit("http://ca.example/").is_ok());
        }
        let words = request
            .limit("http://ca.example/")
            .expect_err("spent")
            .to_string();
        assert!(words.contains("2 others were"), "{words}");
    }

    /// One address may take its own time, and never more than what is left of the whole.
    #[test]
    fn each_address_has_its_own_time_within_the_whole() {
        for (each, in_all, least) in [(1, 100, 1), (100, 1, 1)] {
            let limits = Limits {
                each: Duration::from_hours(each),
                in_all: Duration::from_hours(in_all),
                ..Limits::default()
            };
            let limit = Request::new(limits, Cancel::default())
                .limit("http://ca.example/")
                .expect("there is time");
            let left = limit.left().expect("there is time");
            assert!(
                left <= Duration::from_hours(least) && left > Duration::from_mins(59),
                "{left:?}"
            );
        }
    }
}

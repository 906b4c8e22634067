//! One request of the user's, for as many things as it takes: its bounds hold for all of them together.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{FetchError, Place, http, read};
use crate::cancel::Cancel;
use crate::net::{Limit, Reach};
use crate::pki::{Bundle, LARGEST_FILE_BYTES};

/// How long, how much, how far.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until there is a connection, for each address.
    pub connect: Duration,
    /// From the name's resolution to the last byte, redirects included, for each address.
    pub each: Duration,
    /// For all addresses of the request together.
    pub in_all: Duration,
    /// So many addresses are asked.
    pub most_addresses: usize,
    /// The longest answer, in bytes.
    pub most_bytes: u64,
    /// Whether private addresses may be asked.
    pub reach: Reach,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            each: Duration::from_secs(10),
            in_all: Duration::from_secs(30),
            most_addresses: 64,
            most_bytes: LARGEST_FILE_BYTES,
            reach: Reach::Public,
        }
    }
}

/// A request. Its time begins with the first address that is asked.
#[derive(Debug)]
pub struct Request {
    pub(super) limits: Limits,
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
        for url in &place.urls {
            let limit = match self.limit(url) {
                Ok(limit) => limit,
                // What an address said tells more than that no other was asked.
                Err(FetchError::Spent { .. }) if !matches!(last, FetchError::NoAddress { .. }) => break,
                Err(error) => return Err(error),
            };
            match http::get(url, self, &limit).and_then(|bytes| read(&bytes, url, place.kind)) {
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

    /// The time of one address, in whole seconds, for a sentence.
    pub(super) fn seconds(&self) -> u64 {
        whole_seconds(self.limits.each.min(self.limits.in_all))
    }
}

fn whole_seconds(span: Duration) -> u64 {
    span.as_millis().div_ceil(1000) as u64
}

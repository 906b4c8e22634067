//! Lists with a bound: an empty name has three bytes in a file and twenty-four in memory.

use std::fmt::Formatter;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// More names or certificates than this are in no list of a session. The largest session that is read could hold so many
/// certificates of 256 bytes, and there are no smaller ones.
pub const MOST_IN_LIST: usize = 1 << 17;

/// Reads a list, and takes no more memory than it needs: one that is longer than the bound is refused where it passes it.
pub(super) fn bounded<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(List(PhantomData))
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "a list of at most {MOST_IN_LIST}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            if list.len() == MOST_IN_LIST {
                return Err(A::Error::custom(format_args!(
                    "a list of more than {MOST_IN_LIST} here"
                )));
            }
            list.push(element);
        }
        list.shrink_to_fit();
        Ok(list)
    }
}

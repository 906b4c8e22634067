//! `mtlscope compare`: two handshakes side by side.

mod arguments;
mod input;
mod json;

pub(super) use arguments::CompareArguments;
pub(super) use input::given;

use super::outcome::{Format, Outcome, Unusable};
use super::output;
use crate::cancel::Cancel;
use crate::compare::{Both, compare, text};

/// What to do where nothing could be run.
const WITHOUT_KEYS: &str = "With scenario:ID as B each change is put back and run.";

pub(super) fn run(arguments: &CompareArguments) -> Result<Outcome, Unusable> {
    let given = input::read(arguments)?;
    let both = Both {
        a: given.a.subject(),
        b: given.b.subject(),
    };
    let found = compare(both, &Cancel::default());
    match arguments.format {
        Format::Text => {
            let named = Both {
                a: given.a.named(),
                b: given.b.named(),
            };
            output::text(&text(&found, &named, WITHOUT_KEYS))?;
        }
        Format::Json => output::json(&json::comparison(&found, &given))?,
    }
    Ok(if found.is_same_outcome {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

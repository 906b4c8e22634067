//! What fills the braces of a cause's words: facts, file names, and whole commands.
//!
//! Templates are part of the program (`&'static str`); values are a stranger's (`String`). A template is read once, from its
//! beginning to its end, and what is filled in is never read again: no value can hold a brace that means anything. `language`
//! tells what a line is for (words, a shell, YAML, nginx) and writes a value so that just that value arrives. `traits` is what
//! holds of a case, `usual` what commands need besides, `file_names` what the files are called that they make, `values` all of it
//! together.

mod file_names;
mod language;
mod traits;
mod usual;
mod values;

pub(super) use file_names::{chain_file_of, resource_of};
pub(super) use language::Language;
pub(super) use traits::Trait;
pub(super) use usual::{CA, completed, placeholders, with_key};
pub(super) use values::Fill;

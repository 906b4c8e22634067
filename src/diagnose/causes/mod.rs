//! From findings to causes: certificates, the handshake itself, and the order in which to mend them.

mod alerts;
mod beside;
mod called;
mod carried;
mod certificates;
mod draft;
mod empty_list;
mod files;
mod filling;
mod grounds;
mod handshake;
mod holdings;
mod instead;
mod meanings;
mod naming;
mod order;
mod parts;
mod peers;
mod wire;

pub(super) use alerts::from_alerts;
pub use called::stand_ins;
pub(super) use certificates::{does_judge, from_matrix, has_a_name_amiss, of_warning};
pub(super) use draft::Draft;
pub(super) use grounds::Grounds;
pub(super) use handshake::from_handshake;
pub(super) use order::{finish, finish_alone};

//! What is written around certificates and keys: Kubernetes objects, kubeconfig and other YAML or JSON, OpenVPN profiles, trust
//! bundles of SPIFFE; and what is no business of TLS, named.
//!
//! Each gives pieces of bytes with their place in words. What a piece is, the loader tells as for a file.

mod foreign;
mod kubernetes;
mod openvpn;
mod piece;
mod text;
mod tree;

pub(super) use foreign::foreign;
pub use openvpn::is_in_openvpn_profile;
pub(super) use openvpn::{is_openvpn, openvpn};
pub(super) use piece::Document;
pub(super) use tree::{is_json, is_yaml, tree};

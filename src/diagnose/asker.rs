//! Programs that may be told to ask for more of a certificate than any rule does, and what shows that one of them is there.
//!
//! Most certificates lack what one of them may ask for. So it is told with its remedy only where the program is there.

use crate::capture::{AtHand, Carrier};
use crate::pki::is_in_openvpn_profile;

/// A program that asks for more when it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// OpenVPN, with remote-cert-tls and remote-cert-ku.
    OpenVpn,
}

impl Asker {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenVpn => "OpenVPN",
        }
    }

    /// Where it is written what it can be told to ask for.
    pub(super) const fn rule(self) -> &'static str {
        match self {
            Self::OpenVpn => "openvpn(8): remote-cert-tls and remote-cert-ku.",
        }
    }

    /// Whether what was loaded or recorded shows that it is there: a document of its own, its way of carrying TLS.
    pub(super) fn is_there(self, at_hand: &[AtHand], carrier: Option<&Carrier>) -> bool {
        match self {
            Self::OpenVpn => {
                matches!(carrier, Some(Carrier::OpenVpn { .. }))
                    || at_hand
                        .iter()
                        .filter_map(|item| item.within.as_deref())
                        .any(is_in_openvpn_profile)
            }
        }
    }
}

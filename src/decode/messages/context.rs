//! What a message's reading depends on beside its bytes.

/// What a message's reading depends on.
#[derive(Clone, Copy, Debug)]
pub(in crate::decode) struct Context {
    /// TLS 1.3's forms, not 1.2's.
    pub is_13: bool,
    /// The version negotiated, 0 before it is: before TLS 1.2, signatures name no algorithm.
    pub version: u16,
    /// The sender shows a bare public key where a certificate would be (RFC 7250).
    pub is_raw_key: bool,
    /// The suite negotiated, for 1.2's key exchange forms.
    pub suite: Option<u16>,
}

impl Context {
    /// From TLS 1.2 on, a signature says by which algorithm it was made (RFC 5246 §7.4.1.4.1).
    pub(super) fn names_signatures(self) -> bool {
        !matches!(self.version, 0x0002 | 0x0300..=0x0302)
    }
}

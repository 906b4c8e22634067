//! What kinds of messages there are.

/// The kinds, each with its word; those of the handshake protocol have IANA's number and name.
macro_rules! kinds {
    (
        handshake { $($(#[$about_number:meta])* $handshake:ident = $number:literal,)* }
        others { $($(#[$about:meta])* $other:ident,)* }
    ) => {
        /// The kind of a message. Its word is the RFC's name without spaces: `ClientHello`, `Certificate`, `Alert`, `Encrypted`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum MessageKind {
            $($(#[$about_number])* $handshake,)*
            $($(#[$about])* $other,)*
        }

        impl MessageKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$handshake,)* $(Self::$other,)*];

            /// Its name.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$handshake => stringify!($handshake),)*
                    $(Self::$other => stringify!($other),)*
                }
            }

            /// The handshake message of this type (RFC 8446 §4).
            pub(super) fn of_handshake(number: u8) -> Self {
                match number {
                    $($number => Self::$handshake,)*
                    _ => Self::UnknownHandshake,
                }
            }
        }
    };
}

kinds! {
    handshake {
    /// RFC 5246 §7.4.1.1.
    HelloRequest = 0,
    /// RFC 8446 §4.1.2.
    ClientHello = 1,
    /// RFC 8446 §4.1.3.
    ServerHello = 2,
    /// Of DTLS (RFC 6347 §4.2.1).
    HelloVerifyRequest = 3,
    /// RFC 8446 §4.6.1.
    NewSessionTicket = 4,
    /// RFC 8446 §4.5.
    EndOfEarlyData = 5,
    /// A ServerHello that asks for another ClientHello (RFC 8446 §4.1.4).
    HelloRetryRequest = 6,
    /// RFC 8446 §4.3.1.
    EncryptedExtensions = 8,
    /// Of DTLS (RFC 9147 §9).
    RequestConnectionId = 9,
    /// Of DTLS (RFC 9147 §9).
    NewConnectionId = 10,
    /// RFC 8446 §4.4.2.
    Certificate = 11,
    /// RFC 5246 §7.4.3.
    ServerKeyExchange = 12,
    /// RFC 8446 §4.3.2.
    CertificateRequest = 13,
    /// RFC 5246 §7.4.5.
    ServerHelloDone = 14,
    /// RFC 8446 §4.4.3.
    CertificateVerify = 15,
    /// RFC 5246 §7.4.7.
    ClientKeyExchange = 16,
    /// RFC 9261 §4.
    ClientCertificateRequest = 17,
    /// RFC 8446 §4.4.4.
    Finished = 20,
    /// RFC 6066 §5.
    CertificateURL = 21,
    /// RFC 6066 §8.
    CertificateStatus = 22,
    /// RFC 4680 §4.
    SupplementalData = 23,
    /// RFC 8446 §4.6.3.
    KeyUpdate = 24,
    /// RFC 8879 §4.
    CompressedCertificate = 25,
    /// RFC 8870 §5.2.2.
    EktKey = 26,
    /// What stands for the first ClientHello in the transcript hash (RFC 8446 §4.4.1).
    MessageHash = 254,
    }
    others {
    /// A handshake message of a type that nobody has registered.
    UnknownHandshake,
    /// RFC 8446 §6.
    Alert,
    /// RFC 5246 §7.1.
    ChangeCipherSpec,
    /// Application data, opened.
    ApplicationData,
    /// A record that could not be opened.
    Encrypted,
    /// Bytes that are no TLS.
    NotTls,
    /// What was said before TLS began.
    Preamble,
    }
}

impl std::fmt::Display for MessageKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::MessageKind;
    use crate::iana::{Table, name};

    #[test]
    fn every_handshake_message_that_is_registered_has_its_kind() {
        for number in 0..=255u8 {
            let word = MessageKind::of_handshake(number).word();
            let registered = name(Table::HandshakeType, u16::from(number));
            assert_eq!(word, registered.unwrap_or("UnknownHandshake"), "{number}");
        }
        let words: std::collections::BTreeSet<&str> =
            MessageKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words.len(), MessageKind::ALL.len(), "no two have one word");
    }
}

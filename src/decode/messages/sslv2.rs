//! A ClientHello in the form of SSL 2.0, which old clients sent to be understood by everybody (RFC 5246 §E.2).

use crate::decode::reader::Reader;
use crate::decode::root::root_over;
use crate::decode::words::{self, Words, said};
use crate::decode::{Body, ClientHelloFacts, Field};
use crate::iana::{self, CipherSuite, Table, Version};

/// The length of a ClientHello in SSL 2.0's form (RFC 5246 §E.2), if that is what begins here.
pub(in crate::decode) fn length(bytes: &[u8]) -> Option<usize> {
    let [high, low, 1, major, minor, a, b, c, d, e, f] = *bytes.get(..11)? else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([high & 0x7f, low]));
    let parts = [[a, b], [c, d], [e, f]].map(|pair| usize::from(u16::from_be_bytes(pair)));
    let is_version = (major, minor) == (0, 2) || (major == 3 && minor <= 3);
    let [suites, session, challenge] = parts;
    let fits = 9 + suites + session + challenge == length && suites.is_multiple_of(3) && suites > 0;
    (high & 0x80 != 0 && is_version && fits && (16..=32).contains(&challenge)).then_some(2 + length)
}

/// Reads the hello, its two-byte record header included.
pub(in crate::decode) fn hello(bytes: &[u8]) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    let mut facts = ClientHelloFacts::default();
    reader.u16("msg_length", |length| (length & 0x7fff).to_string());
    reader.u8("msg_type", |kind| match kind {
        1 => Words::Borrowed("client_hello (1), in SSL 2.0's form"),
        other => words::number(u64::from(other)),
    });
    let version = reader.u16("version", |number| {
        said!("{} (0x{number:04x})", iana::version(number))
    });
    let suites = reader.u16("cipher_spec_length", |length| length.to_string());
    let session = reader.u16("session_id_length", |length| length.to_string());
    let challenge = reader.u16("challenge_length", |length| length.to_string());
    reader.group("cipher_specs", usize::from(suites.unwrap_or_default()), |list| {
        let mut count = 0;
        while list.remaining() > 0 {
            let number = list.number("V2CipherSpec", 3, |number| match u16::try_from(number) {
                Ok(number) => said!("{} (0x{number:06x})", iana::named(Table::CipherSuite, number)),
                Err(_) => ssl2_cipher(number),
            });
            if let Some(number) = number.and_then(|number| u16::try_from(number).ok()) {
                facts.cipher_suites.push(CipherSuite(number));
            }
            count += 1;
        }
        said!("{count} suites")
    });
    match usize::from(session.unwrap_or_default()) {
        0 => {}
        length => {
            reader.bytes("session_id", length, words::hex);
        }
    }
    let challenge = reader.bytes(
        "challenge",
        usize::from(challenge.unwrap_or_default()),
        words::hex,
    );
    // The challenge is the random, with zeros before it.
    facts.random = vec![0; 32usize.saturating_sub(challenge.len())];
    facts.random.extend_from_slice(challenge);
    facts.versions = version.map(Version).into_iter().collect();
    (root_over("ClientHello", bytes, reader), Body::ClientHello(facts))
}

/// SSL 2.0's own ciphers.
fn ssl2_cipher(number: u64) -> Words {
    let name = match number {
        0x01_0080 => "SSL_CK_RC4_128_WITH_MD5",
        0x02_0080 => "SSL_CK_RC4_128_EXPORT40_WITH_MD5",
        0x03_0080 => "SSL_CK_RC2_128_CBC_WITH_MD5",
        0x04_0080 => "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5",
        0x05_0080 => "SSL_CK_IDEA_128_CBC_WITH_MD5",
        0x06_0040 => "SSL_CK_DES_64_CBC_WITH_MD5",
        0x07_00c0 => "SSL_CK_DES_192_EDE3_CBC_WITH_MD5",
        other => return said!("0x{other:06x}"),
    };
    said!("{name} (0x{number:06x})")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hello of one suite, TLS 1.0, with a challenge of so many bytes.
    fn with_challenge(bytes: u8) -> Vec<u8> {
        let mut out = vec![0x80, 9 + 3 + bytes, 1, 3, 1, 0, 3, 0, 0, 0, bytes, 0, 0, 0x2f];
        out.extend(std::iter::repeat_n(7, usize::from(bytes)));
        out
    }

    fn changed(at: usize, value: u8) -> Vec<u8> {
        let mut bytes = with_challenge(16);
        bytes[at] = value;
        bytes
    }

    #[test]
    fn what_is_taken_for_a_hello_and_what_only_nearly_is_one() {
        for (challenge, is_one) in [(15, false), (16, true), (24, true), (32, true), (33, false)] {
            let bytes = with_challenge(challenge);
            let wanted = is_one.then_some(bytes.len());
            assert_eq!(length(&bytes), wanted, "a challenge of {challenge}");
            assert_eq!(length(&bytes[..11]), wanted, "known by its first bytes");
            assert_eq!(length(&bytes[..10]), None);
        }
        for (major, minor, is_one) in [
            (0, 2, true),
            (3, 0, true),
            (3, 3, true),
            (3, 4, false),
            (0, 3, false),
            (2, 0, false),
        ] {
            let mut bytes = changed(3, major);
            bytes[4] = minor;
            assert_eq!(length(&bytes).is_some(), is_one, "version {major}.{minor}");
        }
        for (at, value, why) in [
            (0, 0x00, "a header of three bytes"),
            (1, 29, "longer than its parts"),
            (2, 2, "another message"),
            (6, 0, "no suite"),
            (6, 4, "a suite and a third of one"),
            (8, 1, "a session that is not there"),
        ] {
            assert_eq!(length(&changed(at, value)), None, "{why}");
        }
    }

    /// RFC 5246 §E.2: a challenge of less than 32 bytes is the end of the random, after zeros.
    #[test]
    fn the_challenge_is_the_end_of_the_random() {
        for challenge in [16, 31, 32] {
            let (_, body) = hello(&with_challenge(challenge));
            let Body::ClientHello(facts) = body else {
                panic!("a hello");
            };
            let challenge = usize::from(challenge);
            assert_eq!(
                facts.random,
                [vec![0; 32 - challenge], vec![7; challenge]].concat()
            );
            assert_eq!(facts.cipher_suites, [CipherSuite(0x002f)]);
            assert_eq!(facts.versions, [Version(0x0301)]);
        }
    }
}

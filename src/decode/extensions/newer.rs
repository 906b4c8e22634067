//! Extensions that tell a connection how to behave: SRTP, connection ids, tickets, flags, settings, DNSSEC.

use super::lists::{choices, named, summary};
use super::said::Place;
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};

/// use_srtp (RFC 5764 §4.1.1): UseSRTPData.
pub(super) fn use_srtp(reader: &mut Reader<'_>) -> Words {
    const PROFILES: &[(u16, &str)] = &[
        (0x0001, "SRTP_AES128_CM_HMAC_SHA1_80"),
        (0x0002, "SRTP_AES128_CM_HMAC_SHA1_32"),
        (0x0005, "SRTP_NULL_HMAC_SHA1_80"),
        (0x0006, "SRTP_NULL_HMAC_SHA1_32"),
        (0x0007, "SRTP_AEAD_AES_128_GCM"),
        (0x0008, "SRTP_AEAD_AES_256_GCM"),
        (0x0009, "DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM"),
        (0x000a, "DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM"),
        (0x000b, "SRTP_ARIA_128_CTR_HMAC_SHA1_80"),
        (0x000c, "SRTP_ARIA_128_CTR_HMAC_SHA1_32"),
        (0x000d, "SRTP_ARIA_256_CTR_HMAC_SHA1_80"),
        (0x000e, "SRTP_ARIA_256_CTR_HMAC_SHA1_32"),
        (0x000f, "SRTP_AEAD_ARIA_128_GCM"),
        (0x0010, "SRTP_AEAD_ARIA_256_GCM"),
    ];
    let names = choices(
        reader,
        "SRTPProtectionProfiles",
        2,
        ("SRTPProtectionProfile", 2),
        PROFILES,
    );
    reader.opaque("srtp_mki", 1, "mki", words::hex);
    names
}

/// supported_ekt_ciphers (RFC 8870 §5.2): a list from the client, one from the server.
pub(super) fn ekt_ciphers(reader: &mut Reader<'_>, place: Place) -> Words {
    const CIPHERS: &[(u16, &str)] = &[(0, "RESERVED"), (1, "AESKW128"), (2, "AESKW256")];
    if place == Place::ClientHello {
        return choices(reader, "supported_ciphers", 1, ("EKTCipherType", 1), CIPHERS);
    }
    let cipher = |number: u8| named(u16::from(number), CIPHERS);
    reader
        .u8("selected_cipher", cipher)
        .map(cipher)
        .unwrap_or_default()
}

/// connection_id (RFC 9146 §3), the name of the connection for datagrams that come from a new address.
pub(super) fn connection_id(reader: &mut Reader<'_>) -> Words {
    words::hex(reader.opaque("cid", 1, "cid_value", words::hex))
}

/// external_id_hash (RFC 8844 §3.2).
pub(super) fn external_id_hash(reader: &mut Reader<'_>) -> Words {
    words::hex(reader.opaque("binding_hash", 1, "hash", words::hex))
}

/// external_session_id (RFC 8844 §4.3).
pub(super) fn external_session_id(reader: &mut Reader<'_>) -> Words {
    words::hex(reader.opaque("session_id", 1, "session_id_value", words::hex))
}

/// ticket_request (RFC 9149 §3): two counts from the client, one from the server.
pub(super) fn ticket_request(reader: &mut Reader<'_>, place: Place) -> Words {
    let mut number = |name| reader.u8(name, |number| number.to_string()).unwrap_or_default();
    if place == Place::ClientHello {
        let new = number("new_session_count");
        let resumed = number("resumption_count");
        said!("{new} for a new session, {resumed} on resumption")
    } else {
        said!("{} to come", number("expected_count"))
    }
}

/// tls_flags (draft-ietf-tls-tlsflags §2): bit 0 is the lowest bit of the first byte.
pub(super) fn tls_flags(reader: &mut Reader<'_>) -> Words {
    fn set(bytes: &[u8]) -> Words {
        let names: Vec<Words> = bytes
            .iter()
            .enumerate()
            .flat_map(|(index, byte)| {
                (0..8)
                    .filter(move |bit| byte & (1 << bit) != 0)
                    .map(move |bit| match index * 8 + bit {
                        8 => Words::Borrowed("resumption_across_names (8)"),
                        other => said!("flag {other}"),
                    })
            })
            .collect();
        if names.is_empty() {
            Words::Borrowed("no flag")
        } else {
            names.join(", ").into()
        }
    }
    set(reader.opaque("flags", 1, "flag_bits", set))
}

/// application_settings (draft-vvv-tls-alps): the protocols that have settings, then the settings of the chosen one.
pub(super) fn application_settings(reader: &mut Reader<'_>, place: Place) -> Words {
    if place != Place::ClientHello {
        let settings = reader.rest("settings", words::hex);
        return words::size(settings.len());
    }
    let mut names = Vec::new();
    reader.vector("supported_protocols", 2, |list| {
        while list.remaining() > 0 {
            names.push(words::shown(list.opaque(
                "ProtocolName",
                1,
                "protocol_name",
                words::shown,
            )));
        }
        summary(&names)
    });
    summary(&names)
}

/// dnssec_chain (RFC 9102 §2): the port from the client; a lifetime and DNS records from the server.
pub(super) fn dnssec_chain(reader: &mut Reader<'_>, place: Place) -> Words {
    if place == Place::ClientHello {
        return reader
            .u16("PortNumber", |port| port.to_string())
            .map(|port| said!("port {port}"))
            .unwrap_or_default();
    }
    reader.u16("ExtSupportLifetime", |hours| said!("{hours} h"));
    let mut count = 0usize;
    let left = reader.remaining();
    // Some write the records' length before them, as the RFC's vector has it, some do not.
    let has_length = matches!(*reader.peek(2), [high, low]
        if usize::from(u16::from_be_bytes([high, low])) + 2 == left);
    let records = |list: &mut Reader<'_>| {
        while list.remaining() > 0 {
            record(list);
            count += 1;
        }
        said!("{count} DNS records")
    };
    if has_length {
        reader.vector("AuthenticationChain", 2, records);
    } else {
        reader.group("AuthenticationChain", left, records);
    }
    said!("{count} DNS records")
}

/// A resource record (RFC 1035 §3.2.1), names never compressed.
fn record(list: &mut Reader<'_>) {
    const TYPES: &[(u16, &str)] = &[
        (1, "A"),
        (5, "CNAME"),
        (28, "AAAA"),
        (39, "DNAME"),
        (43, "DS"),
        (46, "RRSIG"),
        (47, "NSEC"),
        (48, "DNSKEY"),
        (50, "NSEC3"),
        (52, "TLSA"),
    ];
    let bytes = list.peek(list.remaining());
    let mut end = 0usize;
    let mut labels = Vec::new();
    let name = loop {
        match bytes.get(end) {
            Some(0) => break Some(end + 1),
            Some(length @ 1..=63) => {
                let next = end + 1 + usize::from(*length);
                labels.push(words::shown(bytes.get(end + 1..next).unwrap_or_default()));
                end = next;
            }
            _ => break None,
        }
    };
    let Some(name) = name else {
        list.rest("unparsed", |bytes| words::size(bytes.len()));
        if let Some(field) = list.last() {
            field.error = Some("this is no DNS name".to_owned());
        }
        return;
    };
    let length = match bytes.get(name + 8..name + 10) {
        Some([high, low]) => name + 10 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => list.remaining(),
    };
    let owner = labels.join(".") + ".";
    list.group("ResourceRecord", length, |record| {
        record.bytes("NAME", name, |_| owner.clone());
        let kind = record.u16("TYPE", |kind| named(kind, TYPES));
        record.u16("CLASS", |class| named(class, &[(1, "IN")]));
        record.number("TTL", 4, |seconds| said!("{seconds} s"));
        record.u16("RDLENGTH", |length| length.to_string());
        record.rest("RDATA", words::hex);
        said!(
            "{owner} {}",
            kind.map(|kind| named(kind, TYPES)).unwrap_or_default()
        )
    });
}

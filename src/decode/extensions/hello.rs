//! The extensions that decide a hello: name, protocol, versions, shares, pre-shared keys.

use super::{Place, Said};
use crate::decode::reader::Reader;
use crate::decode::words;
use crate::iana::{self, Table};

/// RFC 6066 §3. A server answers with an empty one.
pub(super) fn server_name(reader: &mut Reader<'_>, said: &mut Said) -> String {
    reader.vector("server_name_list", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(3) {
                [_, high, low] => 3 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("ServerName", length, |entry| {
                let kind = entry.u8("name_type", |kind| match kind {
                    0 => "host_name (0)".to_owned(),
                    other => format!("unknown ({other})"),
                });
                let name = entry.opaque("HostName", 2, "host_name", words::text);
                let text = words::text(name);
                if kind == Some(0) && said.server_name.is_none() && !name.is_empty() {
                    said.server_name = Some(text.clone());
                }
                text
            });
        }
        String::new()
    });
    said.server_name.clone().unwrap_or_default()
}

/// RFC 7301 §3.1.
pub(super) fn alpn(reader: &mut Reader<'_>, said: &mut Said) -> String {
    reader.vector("protocol_name_list", 2, |list| {
        while list.remaining() > 0 {
            let name = list.opaque("ProtocolName", 1, "protocol_name", words::text);
            said.alpn.push(words::text(name));
        }
        said.alpn.join(", ")
    });
    said.alpn.join(", ")
}

/// RFC 8446 §4.2.1.
pub(super) fn supported_versions(reader: &mut Reader<'_>, place: Place, said: &mut Said) -> String {
    let version = iana::version_numbered;
    if place == Place::ClientHello {
        reader.vector("versions", 1, |list| {
            while list.remaining() > 0 {
                if let Some(number) = list.u16("version", version)
                    && !iana::is_grease(number)
                {
                    said.versions.push(iana::version(number));
                }
            }
            said.versions.join(", ")
        });
        said.versions.join(", ")
    } else {
        said.version_number = reader.u16("selected_version", version);
        let chosen = said.version_number.map(iana::version).unwrap_or_default();
        said.versions.push(chosen.clone());
        chosen
    }
}

/// RFC 8446 §4.2.8: shares offered, the one asked for, or the one given.
pub(super) fn key_share(reader: &mut Reader<'_>, place: Place, said: &mut Said) -> String {
    let group_words = |number: u16| iana::numbered(Table::Group, number);
    match place {
        Place::HelloRetryRequest => {
            let group = reader.u16("selected_group", group_words);
            let name = group
                .map(|number| iana::name_or_number(Table::Group, number))
                .unwrap_or_default();
            said.key_shares.push(name.clone());
            name
        }
        Place::ClientHello => {
            let mut sizes = Vec::new();
            reader.vector("client_shares", 2, |list| {
                while list.remaining() > 0 {
                    sizes.push(entry(list, said));
                }
                format!("{} shares", sizes.len())
            });
            sizes.join(", ")
        }
        _ => entry(reader, said),
    }
}

fn entry(list: &mut Reader<'_>, said: &mut Said) -> String {
    let length = match *list.peek(4) {
        [_, _, high, low] => 4 + usize::from(u16::from_be_bytes([high, low])),
        _ => list.remaining(),
    };
    let mut value = String::new();
    list.group("KeyShareEntry", length, |entry| {
        let group = entry.u16("group", |number| iana::numbered(Table::Group, number));
        let key = entry.opaque("key_exchange", 2, "public_key", words::hex);
        let name = group
            .map(|number| iana::name_or_number(Table::Group, number))
            .unwrap_or_default();
        value = format!("{name} · {} B", words::thousands(key.len()));
        if group.is_none_or(|number| !iana::is_grease(number)) {
            said.key_shares.push(name);
        }
        value.clone()
    });
    value
}

/// RFC 8446 §4.2.11.
pub(super) fn pre_shared_key(reader: &mut Reader<'_>, place: Place, said: &mut Said) -> String {
    if place != Place::ClientHello {
        said.chose_psk = true;
        return reader
            .u16("selected_identity", |index| index.to_string())
            .map(|index| format!("identity {index}"))
            .unwrap_or_default();
    }
    said.offers_psk = true;
    let mut count = 0;
    reader.vector("identities", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(2) {
                [high, low] => 6 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("PskIdentity", length, |one| {
                let identity = one.opaque("identity", 2, "identity_data", words::hex);
                one.number("obfuscated_ticket_age", 4, |age| age.to_string());
                words::size(identity.len())
            });
            count += 1;
        }
        count.to_string()
    });
    reader.vector("binders", 2, |list| {
        while list.remaining() > 0 {
            list.opaque("PskBinderEntry", 1, "binder", words::hex);
        }
        String::new()
    });
    format!("{count} identities")
}

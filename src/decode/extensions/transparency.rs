//! Certificate Transparency of the second version (RFC 9162); the first's timestamps are in `scts`.

use crate::decode::reader::Reader;
use crate::decode::scts::{count, moment};
use crate::decode::words::{self, Words, named};

/// transparency_info (RFC 9162 §6.4): a TransItemList; a client sends nothing.
pub(super) fn transparency_info(reader: &mut Reader<'_>) -> Words {
    let mut number = 0usize;
    reader.vector("trans_item_list", 2, |list| {
        while list.remaining() > 0 {
            list.vector("SerializedTransItem", 2, item);
            number += 1;
        }
        count(number, "item")
    });
    count(number, "item")
}

/// VersionedTransType (RFC 9162 §4.5).
const ITEMS: &[(u16, &str)] = &[
    (0x0100, "x509_entry_v2"),
    (0x0101, "precert_entry_v2"),
    (0x0102, "x509_sct_v2"),
    (0x0103, "precert_sct_v2"),
    (0x0104, "signed_tree_head_v2"),
    (0x0105, "consistency_proof_v2"),
    (0x0106, "inclusion_proof_v2"),
];

/// TransItem (RFC 9162 §4.5).
fn item(reader: &mut Reader<'_>) -> Words {
    let kind = reader.u16("versioned_type", |number| named(number, ITEMS));
    match kind {
        // RFC 9162 §4.7.
        Some(0x0100 | 0x0101) => {
            reader.number("timestamp", 8, moment);
            reader.opaque("issuer_key_hash", 1, "hash_value", words::hex);
            reader.opaque("tbs_certificate", 3, "tbs_certificate_data", |bytes| {
                words::size(bytes.len())
            });
            reader.opaque("sct_extensions", 2, "sct_extensions_data", words::hex);
        }
        // RFC 9162 §4.8.
        Some(0x0102 | 0x0103) => {
            reader.opaque("log_id", 1, "log_oid", words::hex);
            reader.number("timestamp", 8, moment);
            reader.opaque("sct_extensions", 2, "sct_extensions_data", words::hex);
            reader.opaque("signature", 2, "signature_value", words::hex);
        }
        // RFC 9162 §4.9, §4.10.
        Some(0x0104) => {
            reader.opaque("log_id", 1, "log_oid", words::hex);
            reader.number("timestamp", 8, moment);
            reader.number("tree_size", 8, |size| size.to_string());
            reader.opaque("root_hash", 1, "hash_value", words::hex);
            reader.opaque("sth_extensions", 2, "sth_extensions_data", words::hex);
            reader.opaque("signature", 2, "signature_value", words::hex);
        }
        // RFC 9162 §4.11.
        Some(0x0105) => {
            reader.opaque("log_id", 1, "log_oid", words::hex);
            reader.number("tree_size_1", 8, |size| size.to_string());
            reader.number("tree_size_2", 8, |size| size.to_string());
            nodes(reader, "consistency_path");
        }
        // RFC 9162 §4.12.
        Some(0x0106) => {
            reader.opaque("log_id", 1, "log_oid", words::hex);
            reader.number("tree_size", 8, |size| size.to_string());
            reader.number("leaf_index", 8, |index| index.to_string());
            nodes(reader, "inclusion_path");
        }
        _ => {
            reader.rest("trans_item_data", words::hex);
        }
    }
    kind.map(|number| named(number, ITEMS)).unwrap_or_default()
}

/// A list of NodeHash (RFC 9162 §4.9).
fn nodes(reader: &mut Reader<'_>, name: &'static str) {
    reader.vector(name, 2, |list| {
        let mut number = 0usize;
        while list.remaining() > 0 {
            list.opaque("NodeHash", 1, "hash_value", words::hex);
            number += 1;
        }
        count(number, "hash").replace("hashs", "hashes")
    });
}

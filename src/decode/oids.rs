//! Object identifiers as fields show them: the numbers and the names are those of [`crate::pki`].

pub(super) use crate::pki::{oid_dotted as dotted, oid_words as words};

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn oids_are_read_and_named() {
        assert_eq!(words(&[0x55, 0x1d, 0x11]), "subjectAltName (2.5.29.17)");
        assert_eq!(
            words(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
            "ecdsa-with-SHA256 (1.2.840.10045.4.3.2)"
        );
        assert_eq!(words(&[0x88, 0x37, 0x01]), "2.999.1");
    }
}

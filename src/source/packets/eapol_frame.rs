//! EAPOL behind the header of a link (IEEE 802.1X-2020 §11.1): its Ethernet type, also behind VLAN tags.

use pcap_parser::Linktype;

/// An address of a link.
pub(super) type Mac = [u8; 6];

/// A frame of EAPOL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EapolFrame {
    pub from: Mac,
    /// Often the group of all ports; Linux cooked headers do not name it.
    pub to: Option<Mac>,
    /// Where its own header begins in the packet.
    pub payload: usize,
}

/// Its Ethernet type.
pub(super) const EAPOL: [u8; 2] = [0x88, 0x8e];

/// Whether a packet is one.
pub(super) fn eapol(link: Linktype, data: &[u8]) -> Option<EapolFrame> {
    let mac = |at: usize| -> Option<Mac> { data.get(at..at + 6)?.try_into().ok() };
    let (from, to, mut at) = match link {
        Linktype::ETHERNET => (mac(6)?, Some(mac(0)?), 12),
        Linktype::LINUX_SLL => (mac(6)?, None, 14),
        // Its second version has the type first, and the address behind more.
        Linktype(276) => {
            return (data.get(..2)? == EAPOL).then_some(EapolFrame {
                from: mac(12)?,
                to: None,
                payload: 20,
            });
        }
        _ => return None,
    };
    // Two tags are as many as anybody stacks.
    for _ in 0..2 {
        if matches!(data.get(at..at + 2)?, [0x81, 0x00] | [0x88, 0xa8]) {
            at += 4;
        }
    }
    (data.get(at..at + 2)? == EAPOL).then_some(EapolFrame {
        from,
        to,
        payload: at + 2,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eapol_is_found_behind_every_header_that_names_it() {
        let (to, from) = ([1, 0x80, 0xc2, 0, 0, 3], [2, 0, 0, 0, 0, 7]);
        let addresses = [to, from].concat();
        let body = [0x88, 0x8e, 1, 0, 0, 0];
        let ethernet = [&addresses[..], &body].concat();
        let found = |to, payload| Some(EapolFrame { from, to, payload });
        assert_eq!(eapol(Linktype::ETHERNET, &ethernet), found(Some(to), 14));
        let tagged = [&addresses[..], &[0x88, 0xa8, 0, 1, 0x81, 0, 0, 5], &body].concat();
        assert_eq!(eapol(Linktype::ETHERNET, &tagged), found(Some(to), 22));
        let cooked = [&[0, 0, 0, 1, 0, 6][..], &from, &[0, 0], &body].concat();
        assert_eq!(eapol(Linktype::LINUX_SLL, &cooked), found(None, 16));
        let cooked = [&[0x88, 0x8e, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6][..], &from, &[0, 0, 1]].concat();
        assert_eq!(eapol(Linktype(276), &cooked), found(None, 20));
        for length in 0..14 {
            assert_eq!(eapol(Linktype::ETHERNET, &ethernet[..length]), None, "{length}");
        }
        assert_eq!(eapol(Linktype::RAW, &ethernet), None);
    }
}

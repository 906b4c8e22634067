//! Handshakes that TCP alone does not carry: OpenVPN's control channel, EAP in EAPOL and in RADIUS. Each conversation is told
//! from the others and put together again; what comes out are TLS's own bytes, as TCP's are.
//!
//! Their bytes are kept while the file is read: a handshake is short, and there is a bound on each and on all.

mod eap;
mod eapol;
mod evidence;
mod openvpn;
mod radius;
mod room;

use std::net::SocketAddr;

use super::connection::TcpConnection;
use super::eapol_frame::EapolFrame;
use crate::capture::Segment;
pub use evidence::Carried;
pub(super) use evidence::Place;
use room::Room;

/// All conversations of a file.
#[derive(Default)]
pub(super) struct Carriers {
    room: Room,
    openvpn: openvpn::Flows,
    radius: radius::Exchanges,
    eapol: eapol::Ports,
}

impl Carriers {
    /// Takes the payload of a UDP datagram.
    pub(super) fn datagram(&mut self, from: SocketAddr, to: SocketAddr, place: Place, payload: &[u8]) {
        if !self.radius.take(from, to, place, payload, &mut self.room) {
            self.openvpn.take(from, to, place, payload, &mut self.room);
        }
    }

    /// Takes a frame of EAPOL.
    pub(super) fn eapol(&mut self, frame: &EapolFrame, place: Place, payload: &[u8]) {
        self.eapol.take(frame, place, payload, &mut self.room);
    }

    /// Takes the control channel of a TCP connection apart. Nothing comes of what is none. Beside them, in a
    /// sentence, what of it is encrypted.
    pub(super) fn openvpn_stream(
        &mut self,
        connection: &TcpConnection,
        segments: &[Segment],
    ) -> (Vec<Carried>, Option<String>) {
        openvpn::of_stream(connection, segments, &mut self.room)
    }

    /// All of them; and what cannot be opened, in sentences.
    pub(super) fn finish(self) -> (Vec<Carried>, Vec<String>) {
        let sealed = self.openvpn.sealed();
        let mut all = self.openvpn.finish();
        all.extend(self.radius.finish());
        all.extend(self.eapol.finish());
        (all, sealed)
    }

    /// What was left out, in a sentence.
    pub(super) fn remark(&self) -> Option<String> {
        (self.room.refused > 0).then(|| {
            format!(
                "{} packets of OpenVPN or EAP were left out: more of them are in the file than are kept.",
                self.room.refused
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_found_no_room_is_said() {
        let mut carriers = Carriers::default();
        assert_eq!(carriers.remark(), None);
        while carriers.room.conversation() {}
        assert_eq!(
            carriers.remark().as_deref(),
            Some("1 packets of OpenVPN or EAP were left out: more of them are in the file than are kept.")
        );
    }
}

//! `--fault KIND[:SIDE[:RECORD[:BYTE]]]`.

use crate::capture::Side;
use crate::setup::{Fault, FaultTarget, TlsVersion};

/// A fault as it was given: the record may have been left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultWish {
    kind: Kind,
    from: Side,
    record: Option<usize>,
    byte: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Flip,
    Drop,
    Repeat,
    Cut,
    Stall,
    Http,
    HangUp,
}

/// Reads `flip`, `drop:client`, `cut:server:2`; `@` does as well as the first colon.
pub(super) fn parse_fault(text: &str) -> Result<FaultWish, String> {
    let mut parts = text.split([':', '@']);
    let kind = match parts.next().unwrap_or_default() {
        "flip" => Kind::Flip,
        "drop" => Kind::Drop,
        "repeat" => Kind::Repeat,
        "cut" => Kind::Cut,
        "stall" => Kind::Stall,
        "http" => Kind::Http,
        "hang-up" => Kind::HangUp,
        _ => return Err("say flip, drop, repeat, cut, stall, hang-up or http".to_owned()),
    };
    let from = match parts.next() {
        None | Some("server") => Side::Server,
        Some("client") => Side::Client,
        Some(_) => return Err("after the kind comes whose record: client or server".to_owned()),
    };
    let mut number = |what: &str| {
        parts
            .next()
            .map(|number| {
                number
                    .parse()
                    .map_err(|_| format!("the {what} is a number, counted from 0"))
            })
            .transpose()
    };
    let (record, byte) = (number("record")?, number("byte")?);
    if parts.next().is_some() {
        return Err("write it as KIND:SIDE:RECORD, such as flip:client:3".to_owned());
    }
    if byte.is_some() && kind != Kind::Flip {
        return Err("a byte is for flip alone: flip:SIDE:RECORD:BYTE, such as flip:client:3:17".to_owned());
    }
    if kind == Kind::Http && (from == Side::Client || record.is_some()) {
        return Err("http is always the server's whole answer and takes no target".to_owned());
    }
    if kind == Kind::HangUp && record.is_some() {
        return Err("hang-up takes a side and no record: it always follows the ClientHello".to_owned());
    }
    Ok(FaultWish {
        kind,
        from,
        record,
        byte,
    })
}

impl FaultWish {
    /// The fault, with the record that carries the side's certificate where none was named. That is the third of
    /// either side in TLS 1.3 (after the hello and ChangeCipherSpec); in TLS 1.2 the server sends it with its hello and
    /// the client right after.
    pub(super) fn resolve(self, versions: &[TlsVersion]) -> Fault {
        let is_tls13 = versions.is_empty() || versions.contains(&TlsVersion::Tls13);
        let record = self.record.unwrap_or(match (is_tls13, self.from) {
            (true, _) => 2,
            (false, Side::Server) => 0,
            (false, Side::Client) => 1,
        });
        let target = FaultTarget {
            from: self.from,
            record,
        };
        match self.kind {
            Kind::Flip => match self.byte {
                Some(byte) => Fault::FlipByte { target, byte },
                None => Fault::Flip(target),
            },
            Kind::Drop => Fault::Drop(target),
            Kind::Repeat => Fault::Repeat(target),
            Kind::Cut => Fault::Cut(target),
            Kind::Stall => Fault::Stall(target),
            Kind::Http => Fault::Http,
            Kind::HangUp => Fault::HangUp(self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_may_be_named_or_left_out() {
        let fault = |text: &str| parse_fault(text).map(|wish| wish.resolve(&[]));
        let target = |from, record| FaultTarget { from, record };
        assert_eq!(fault("flip"), Ok(Fault::Flip(target(Side::Server, 2))));
        assert_eq!(fault("drop:client"), Ok(Fault::Drop(target(Side::Client, 2))));
        assert_eq!(fault("cut@server:1"), Ok(Fault::Cut(target(Side::Server, 1))));
        assert_eq!(fault("http"), Ok(Fault::Http));
        assert_eq!(fault("hang-up:client"), Ok(Fault::HangUp(Side::Client)));
        assert_eq!(fault("hang-up"), Ok(Fault::HangUp(Side::Server)));
        assert_eq!(
            fault("repeat:server:0"),
            Ok(Fault::Repeat(target(Side::Server, 0)))
        );
        assert_eq!(fault("http:server"), Ok(Fault::Http));
        assert_eq!(
            fault("flip:client:3:17"),
            Ok(Fault::FlipByte {
                target: target(Side::Client, 3),
                byte: 17
            })
        );
        for wrong in [
            "http:server:0",
            "hang-up:server:0",
            "",
            "burn",
            "flip:nobody",
            "flip:client:x",
            "flip:client:1:2:3",
            "flip:client:1:x",
            "flip:client:1:-1",
            "drop:client:1:2",
            "cut:server:0:0",
            "http:client",
            "hang-up:client:1",
        ] {
            assert!(fault(wrong).is_err(), "{wrong} is not a fault");
        }
    }

    #[test]
    fn the_certificate_travels_earlier_in_tls_12() {
        let (old, new) = (TlsVersion::Tls12, TlsVersion::Tls13);
        for (text, versions, from, record) in [
            ("stall", &[old][..], Side::Server, 0),
            ("stall:client", &[old], Side::Client, 1),
            ("stall:client:7", &[old], Side::Client, 7),
            ("stall", &[old, new], Side::Server, 2),
            ("stall:client", &[new], Side::Client, 2),
            ("stall:client", &[], Side::Client, 2),
        ] {
            let fault = parse_fault(text).map(|wish| wish.resolve(versions));
            assert_eq!(fault, Ok(Fault::Stall(FaultTarget { from, record })), "{text}");
        }
    }
}

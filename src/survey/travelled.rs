//! In words: what a connection's packets travelled in.

use crate::capture::{Capture, Side, Tunnel};

/// The protocols that wrapped them, `VXLAN, GRE`; `None` where none did.
pub fn kinds(capture: &Capture) -> Option<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for tunnel in Side::BOTH
        .into_iter()
        .flat_map(|side| &capture.sides.of(side).carried_in)
    {
        if !kinds.contains(&tunnel.kind.word()) {
            kinds.push(tunnel.kind.word());
        }
    }
    (!kinds.is_empty()).then(|| kinds.join(", "))
}

/// A sentence that names each tunnel with its ends; `None` where there is none.
pub fn travelled(capture: &Capture) -> Option<String> {
    let of_sides: Vec<String> = Side::BOTH
        .into_iter()
        .filter_map(|side| {
            let tunnels = &capture.sides.of(side).carried_in;
            let words: Vec<String> = tunnels.iter().map(Tunnel::to_string).collect();
            (!words.is_empty()).then(|| format!("the {}'s in {}", side.word(), words.join(", and in ")))
        })
        .collect();
    (!of_sides.is_empty()).then(|| {
        format!(
            "The packets were recorded inside others: {}.",
            of_sides.join("; ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{kinds, travelled};
    use crate::capture::{Capture, PerSide, Tunnel, TunnelKind};

    fn within(client: &[TunnelKind], server: &[TunnelKind]) -> Capture {
        let tunnels = |kinds: &[TunnelKind]| {
            let of = |kind| Tunnel {
                kind,
                from: [192, 0, 2, 1].into(),
                to: [192, 0, 2, 2].into(),
                network: (kind == TunnelKind::Vxlan).then_some(7),
            };
            kinds.iter().copied().map(of).collect()
        };
        let text = include_str!("../../tests/fixtures/sessions/good-tls13.ron");
        let session = crate::session::parse(text, "good").expect("a session");
        let mut capture = Capture::clone(&session.capture);
        let PerSide {
            client: of_client,
            server: of_server,
        } = &mut capture.sides;
        of_client.carried_in = tunnels(client);
        of_server.carried_in = tunnels(server);
        capture
    }

    #[test]
    fn every_tunnel_of_both_sides_is_named() {
        use TunnelKind::{Gre, Vxlan};
        assert_eq!(travelled(&within(&[], &[])), None);
        assert_eq!(kinds(&within(&[], &[])), None);
        let all = within(&[Vxlan, Gre], &[Gre]);
        assert_eq!(kinds(&all).as_deref(), Some("VXLAN, GRE"));
        assert_eq!(
            travelled(&all).as_deref(),
            Some(
                "The packets were recorded inside others: the client's in VXLAN (network 7) from 192.0.2.1 to 192.0.2.2, and in GRE from 192.0.2.1 to 192.0.2.2; the server's in GRE from 192.0.2.1 to 192.0.2.2."
            )
        );
        assert_eq!(
            travelled(&within(&[], &[Gre])).as_deref(),
            Some("The packets were recorded inside others: the server's in GRE from 192.0.2.1 to 192.0.2.2.")
        );
    }
}

//! A capture whose sides were guessed wrong, turned.

use super::*;

#[test]
fn all_that_has_a_side_changes_it_and_twice_is_the_same() {
    let text = include_str!("../../tests/fixtures/sessions/good-tls13.ron");
    let session = crate::session::parse(text, "good").expect("a session");
    let mut capture = Capture::clone(&session.capture);
    capture.origin = Origin::Live { ours: Side::Client };
    capture.at_hand.truncate(3);
    assert!(!capture.events.is_empty() && !capture.secrets.is_empty() && capture.at_hand.len() == 3);
    let sides = |capture: &Capture| {
        let segments: Vec<Side> = capture.segments.iter().map(|one| one.from).collect();
        let events: Vec<Side> = capture.events.iter().map(|one| one.side).collect();
        let secrets: Vec<Option<Side>> = capture.secrets.iter().map(|one| one.logged_by).collect();
        let at_hand: Vec<Option<Side>> = capture.at_hand.iter().map(|one| one.side).collect();
        (segments, events, secrets, at_hand)
    };
    let turned = capture.clone().turned();
    let peers = |all: Vec<Side>| -> Vec<Side> { all.into_iter().map(Side::peer).collect() };
    let some_peers = |all: Vec<Option<Side>>| -> Vec<Option<Side>> {
        all.into_iter().map(|side| side.map(Side::peer)).collect()
    };
    let (segments, events, secrets, at_hand) = sides(&capture);
    assert_eq!(
        sides(&turned),
        (
            peers(segments),
            peers(events),
            some_peers(secrets),
            some_peers(at_hand)
        )
    );
    assert_eq!(turned.origin, Origin::Live { ours: Side::Server });
    assert_eq!(turned.sides.client, capture.sides.server);
    assert_eq!(turned.sides.server, capture.sides.client);
    assert_eq!(turned.turned(), capture);
}

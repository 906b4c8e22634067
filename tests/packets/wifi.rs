//! Wi-Fi as a monitor records it tells the same as Ethernet, and what is encrypted is said to be.

use mtlscope::capture::Side;

use super::read::{BEGAN_US, assert_says, capture, ends, packets, survey};
use crate::support::carried::{eapol, in_eap};
use crate::support::packets::PacketFile;
use crate::support::wifi::wifi_file;

#[test]
fn data_in_the_clear_tells_the_same_as_on_ethernet() {
    let wanted = capture("root-rotated");
    let mut file = PacketFile::new();
    file.connection(&wanted, ends(40_001));
    let survey = survey(&wifi_file(&packets(file.bytes()), 0), &[&wanted]);
    assert_eq!(survey.rows.len(), 1, "{:?}", survey.index.remarks);
    assert_eq!(survey.index.remarks, [""; 0]);
    assert_says(
        &survey.capture(&survey.rows[0]).expect("read"),
        &wanted,
        "on the air",
    );
    assert_eq!(survey.rows[0].verdict.word(), "rejected");
}

/// What a supplicant and its access point say before there are keys.
#[test]
fn eap_tls_on_the_air_tells_the_same() {
    let wanted = capture("good-tls12");
    let mut file = PacketFile::new();
    for (at_us, side, eap) in in_eap(&wanted, 13, 300, true) {
        eapol(&mut file, BEGAN_US + at_us, side, &eap);
    }
    let plain = survey(file.bytes(), &[&wanted]);
    let air = survey(&wifi_file(&packets(file.bytes()), 0), &[&wanted]);
    assert_eq!(air.rows.len(), 1, "{:?}", air.index.remarks);
    assert_eq!(air.rows[0].carrier, plain.rows[0].carrier);
    assert_eq!(air.rows[0].client_said.as_deref(), Some("anna@meadow.test"));
    let told = |survey: &mtlscope::survey::Survey| survey.capture(&survey.rows[0]).expect("read");
    assert_says(&told(&air), &wanted, "EAP on the air");
    let said = told(&air).segments.iter().any(|one| one.from == Side::Server);
    assert!(said);
}

#[test]
fn encrypted_frames_are_counted_and_the_mend_is_named() {
    let wanted = capture("good-tls13");
    let mut file = PacketFile::new();
    file.connection(&wanted, ends(40_001));
    let all = packets(file.bytes());
    let survey = survey(&wifi_file(&all, 0x40), &[&wanted]);
    assert!(survey.rows.is_empty());
    let words = &survey.index.remarks[0];
    assert!(
        words.starts_with(&format!("{} frames of Wi-Fi are encrypted", all.len())),
        "{words}"
    );
    assert!(words.contains("record on one of them"), "{words}");
    assert_eq!(survey.index.sealed.len(), 1);
}

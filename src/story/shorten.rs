//! Captions and titles shorten before anything is cut: whole parts go, the least telling first. For whoever draws the ladder.

/// The parts of a title or caption stand between these.
const BETWEEN: &str = " · ";

/// A caption in as many of its parts as fit: figures of size go first, then parts from the end.
pub fn caption(text: &str, fits: impl Fn(&str) -> bool) -> String {
    let mut parts: Vec<&str> = text.split(BETWEEN).collect();
    while parts.len() > 1 && !fits(&parts.join(BETWEEN)) {
        let least = parts
            .iter()
            .rposition(|part| is_size(part))
            .unwrap_or(parts.len() - 1);
        parts.remove(least);
    }
    parts.join(BETWEEN)
}

/// `1,492 B`.
fn is_size(part: &str) -> bool {
    part.strip_suffix(" B").is_some_and(|figure| {
        figure
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == ',')
    })
}

/// A row's title: the usual short names of messages first, then the first message and how many follow it.
pub fn title(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let short = text
        .replace("CertificateVerify", "Verify")
        .replace("CertificateRequest", "Request")
        .replace("EncryptedExtensions", "Extensions")
        .replace("ChangeCipherSpec", "CCS")
        .replace("KeyExchange", "Kx");
    if fits(&short) {
        return short;
    }
    match short.split_once(BETWEEN) {
        Some((first, rest)) => format!("{first} +{}", rest.split(BETWEEN).count()),
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::{caption, title};

    fn up_to(letters: usize) -> impl Fn(&str) -> bool {
        move |text| text.chars().count() <= letters
    }

    #[test]
    fn sizes_go_first_and_the_first_part_stays() {
        let text = "TLS 1.3 · X25519MLKEM768 · SNI payments.shop.svc · 1,492 B";
        assert_eq!(caption(text, up_to(99)), text);
        assert_eq!(
            caption(text, up_to(50)),
            "TLS 1.3 · X25519MLKEM768 · SNI payments.shop.svc"
        );
        assert_eq!(caption(text, up_to(25)), "TLS 1.3 · X25519MLKEM768");
        assert_eq!(caption(text, up_to(3)), "TLS 1.3", "never nothing");
        let alert = "fatal · 24 B · the client believed it was connected for 0.08 ms";
        assert_eq!(
            caption(alert, up_to(58)),
            "fatal · the client believed it was connected for 0.08 ms"
        );
    }

    #[test]
    fn titles_take_short_names_then_count() {
        let text = "Certificate · CertificateVerify · Finished";
        assert_eq!(title(text, up_to(60)), text);
        assert_eq!(title(text, up_to(32)), "Certificate · Verify · Finished");
        assert_eq!(title(text, up_to(20)), "Certificate +2");
        assert_eq!(title("ClientHello", up_to(3)), "ClientHello");
    }
}

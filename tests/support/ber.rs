//! Containers rewritten into BER.

/// One element: tag, contents, and what follows it.
pub fn element(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    let (begins, length) = match bytes[1] {
        short @ ..0x80 => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            let digits = bytes[2..2 + count].iter();
            (
                2 + count,
                digits.fold(0, |sum, digit| (sum << 8) | usize::from(*digit)),
            )
        }
    };
    (
        bytes[0],
        &bytes[begins..begins + length],
        &bytes[begins + length..],
    )
}

pub fn der(tag: u8, contents: &[u8]) -> Vec<u8> {
    let [high, low] = (contents.len() as u16).to_be_bytes();
    match contents.len() {
        ..0x80 => [&[tag, low], contents].concat(),
        _ => [&[tag, 0x82, high, low], contents].concat(),
    }
}

pub fn indefinite(tag: u8, contents: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], contents, &[0, 0]].concat()
}

/// All that is constructed with an indefinite length, and strings in two parts: as NSS and Bouncy Castle write.
pub fn ber(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (tag, contents, after) = element(rest);
        rest = after;
        let (left, right) = contents.split_at(contents.len() / 2);
        let parts = || [der(4, left), der(4, right)].concat();
        match tag {
            4 => out.extend(indefinite(0x24, &parts())),
            // What is encrypted, under a tag of its own.
            0x80 => out.extend(indefinite(0xa0, &parts())),
            tag if tag & 0x20 != 0 => out.extend(indefinite(tag, &ber(contents))),
            tag => out.extend(der(tag, contents)),
        }
    }
    out
}

/// The container without its integrity check, with its list of safes in BER as well.
pub fn in_ber_all_through(container: &[u8]) -> Vec<u8> {
    let (_, parts, _) = element(container);
    let (_, version, rest) = element(parts);
    let (_, content, _) = element(rest);
    let (_, kind, rest) = element(content);
    let (_, explicit, _) = element(rest);
    let (_, list, _) = element(explicit);
    let content = [der(6, kind), der(0xa0, &der(4, &ber(list)))].concat();
    ber(&der(0x30, &[der(2, version), der(0x30, &content)].concat()))
}

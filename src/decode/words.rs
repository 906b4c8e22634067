//! Values in words.

/// `1 byte`, `1,164 bytes`.
pub(super) fn size(bytes: usize) -> String {
    if bytes == 1 {
        "1 byte".to_owned()
    } else {
        format!("{} bytes", thousands(bytes))
    }
}

/// `1,164`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Hexadecimal pairs, the middle left out where there are many: `7f 3c 0a … 91`.
pub(super) fn hex(bytes: &[u8]) -> String {
    let pairs = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    match bytes {
        [] => "empty".to_owned(),
        [a, b, c, .., last] if bytes.len() > 16 => format!("{} … {last:02x}", pairs(&[*a, *b, *c])),
        _ => pairs(bytes),
    }
}

/// Text, with what is unprintable escaped.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

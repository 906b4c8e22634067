//! For the tests of the decoders: every byte lies in exactly one leaf.

use crate::decode::Field;
use crate::decode::reader::Reader;

/// A root over all that a reader wrote.
pub(in crate::decode) fn root(bytes: &[u8], reader: Reader<'_>) -> Field {
    crate::decode::root::root_over("root", bytes, reader)
}

/// Fails where a byte of the first `length` has no leaf or several.
pub(in crate::decode) fn assert_owned(root: &Field, length: usize) {
    let mut owners = vec![0u8; length];
    root.walk(&mut |field| {
        if field.children.is_empty() {
            assert!(field.range.end <= length, "{} ends late", field.name);
            for owner in owners.get_mut(field.range.clone()).expect("inside") {
                *owner += 1;
            }
        }
    });
    if let Some(byte) = owners.iter().position(|count| *count != 1) {
        panic!("byte {byte} has {:?} owners in {root:#?}", owners.get(byte));
    }
}

/// All errors in a tree.
pub(in crate::decode) fn errors(root: &Field) -> Vec<String> {
    let mut out = Vec::new();
    root.walk(&mut |field| out.extend(field.error.iter().map(|error| format!("{}: {error}", field.name))));
    out
}

/// The value at a path of names, each the first of that name below the one before, at any depth.
pub(in crate::decode) fn value(root: &Field, path: &[&str]) -> String {
    let mut found = Some(root);
    for name in path {
        found = found.and_then(|field| below(field, name));
    }
    found.map_or_else(|| format!("no {path:?}"), |field| field.value.to_string())
}

fn below<'a>(field: &'a Field, name: &str) -> Option<&'a Field> {
    field
        .children
        .iter()
        .find(|child| child.name == name)
        .or_else(|| field.children.iter().find_map(|child| below(child, name)))
}

/// Every field with its value, a line each, deeper ones further in: what a reader says of its bytes, whole.
pub(in crate::decode) fn outline(root: &Field) -> String {
    fn write(field: &Field, depth: usize, out: &mut String) {
        let line = format!("{}{}: {}", "  ".repeat(depth), field.name, field.value);
        out.push_str(line.trim_end());
        out.push('\n');
        for child in &field.children {
            write(child, depth + 1, out);
        }
    }
    let mut out = String::new();
    for child in &root.children {
        write(child, 0, &mut out);
    }
    out
}

/// Deterministic numbers (xorshift, Marsaglia 2003).
pub(in crate::decode) struct Numbers(pub u64);

impl Numbers {
    pub(in crate::decode) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

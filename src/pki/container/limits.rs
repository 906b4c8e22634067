//! What a passphrase's derivation may cost: a file of a few bytes can ask for years.

/// Rounds of PBKDF2 and of PKCS#12's own derivation. Tools write 2,048 to 600,000.
pub const MOST_ROUNDS: u64 = 1_000_000;
/// All rounds that one file may ask for with one passphrase.
pub const MOST_ROUNDS_OF_A_FILE: u64 = 4_000_000;
/// Bytes that scrypt may fill. OpenSSL writes files that fill 16 MB.
pub const MOST_SCRYPT_BYTES: u64 = 256 * 1024 * 1024;
/// scrypt's lanes, each of which takes that long again.
pub const MOST_SCRYPT_LANES: u16 = 4;

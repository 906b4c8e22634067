//! Reads RFC 8448's traces from Botan's transcription of them, and works out the secrets that it leaves out.
//!
//! The corpus has no copy of the RFC's text: it has `transcripts.vec`, in which each trace is a list of `Name = hex`,
//! with the records and the messages of the RFC but none of its intermediate values (`PRK`, `hash`, `expanded`). What
//! the two ends drew from their random number generators is there, their ephemeral private keys included, and from it
//! the key schedule of RFC 8446 §7.1 follows.
//!
//! One flight is not the RFC's: in the resumption the transcription leaves out the server's empty server_name and seals
//! that record anew, while its Finished and all later records are the RFC's. [`read`] puts the RFC's back; that the
//! Finished then follows from the messages before it, and that the later records open, shows that it did.

use super::key_schedule;

use std::path::Path;

use aws_lc_rs::agreement::{Algorithm, ECDH_P256, PrivateKey, UnparsedPublicKey, X25519, agree};
use key_schedule::{derive, expand_label, finished, first_record, hash, mac};
use mtlscope::capture::{SecretLabel, Side};

/// The traces of the RFC, §3 to §7, as the transcription calls them.
pub const OF_THE_RFC: [&str; 5] = [
    "Simple_1RTT_Handshake",
    "Resumed_0RTT_Handshake",
    "HelloRetryRequest_Handshake",
    "Client_Authentication_Handshake",
    "Middlebox_Compatibility_Mode",
];

/// A NewSessionTicket up to its ticket (RFC 8448 §3): lifetime 30 s, age_add, a nonce of two zeros, 178 bytes.
const TICKET_HEAD: &str = "040000c90000001efad6aac502000000b2";
/// What follows the ticket: early_data, at most 1024 bytes of it.
const TICKET_TAIL: &str = "0008002a000400000400";
/// EncryptedExtensions of the resumption (RFC 8448 §4), and what the transcription has instead.
const RESUMED: [&str; 2] = [
    "080000280026000a00140012001d00170018001901000101010201030104001c0002400100000000002a0000",
    "080000240022000a00140012001d00170018001901000101010201030104001c00024001002a0000",
];
/// EndOfEarlyData is empty (RFC 8446 §4.5).
const END_OF_EARLY_DATA: [u8; 4] = [5, 0, 0, 0];
/// A SubjectPublicKeyInfo for a P-256 key, up to its point (RFC 5480 §2).
const P256_KEY_HEAD: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/// One trace.
pub struct Trace {
    /// `Simple_1RTT_Handshake`, …
    pub title: String,
    /// All values in the file's order, as written.
    pub values: Vec<(String, String)>,
    /// The client's end-entity certificate (DER), or its bare public key, where it sends one.
    client_certificate: Option<Vec<u8>>,
    /// The pre-shared key, where one is used.
    pub psk: Option<Vec<u8>>,
}

/// The secrets of a trace that open its records, and its Finished messages as they follow from them.
pub struct Schedule {
    pub secrets: Vec<(SecretLabel, Vec<u8>)>,
    pub client_finished: Vec<u8>,
    pub server_finished: Vec<u8>,
    resumption: Vec<u8>,
}

/// All traces of `folder`, the corpus. Panics where the file is not what it should be.
pub fn read(folder: &Path) -> Vec<Trace> {
    let folder = folder.join("tls_13_rfc8448");
    let text = |name: &str| {
        std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let mut traces: Vec<Trace> = Vec::new();
    for (number, line) in text("transcripts.vec").lines().enumerate() {
        let (line, number) = (line.trim(), number + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(title) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            traces.push(Trace {
                title: title.to_owned(),
                values: Vec::new(),
                client_certificate: None,
                psk: None,
            });
            continue;
        }
        let (name, value) = line
            .split_once('=')
            .unwrap_or_else(|| panic!("line {number} is no value"));
        let trace = traces
            .last_mut()
            .unwrap_or_else(|| panic!("line {number} is in no trace"));
        trace
            .values
            .push((name.trim().to_owned(), value.trim().to_owned()));
    }
    for index in 0..traces.len() {
        let psk = match traces[index].title.as_str() {
            // The ticket of the first trace is what the second one resumes (RFC 8448 §4).
            "Resumed_0RTT_Handshake" => {
                let nonce = [0, 0];
                Some(expand_label(
                    &traces[0].schedule().resumption,
                    "resumption",
                    &nonce,
                    32,
                ))
            }
            _ => traces[index].bytes("PskSecret"),
        };
        let certificate = match traces[index].title.as_str() {
            "Client_Authentication_Handshake" => Some(pem(&text("client_certificate.pem"))),
            // The point is the last part of the key pair (RFC 5915 §3).
            "RawPublicKey_With_Client_Authentication" => {
                let pair = pem(&text("client_raw_public_keypair.pem"));
                Some([unhex(P256_KEY_HEAD), pair[pair.len() - 65..].to_vec()].concat())
            }
            _ => None,
        };
        traces[index].psk = psk;
        traces[index].client_certificate = certificate;
        if traces[index].title == "Resumed_0RTT_Handshake" {
            traces[index].put_back();
        }
    }
    traces
}

impl Trace {
    /// A value, if the trace has it; spaces count for nothing. Panics where it is not hexadecimal.
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let (_, value) = self.values.iter().find(|(known, _)| known == name)?;
        let digits: String = value.split_whitespace().collect();
        Some(hex::decode(digits).unwrap_or_else(|error| panic!("{}: {name}: {error}", self.title)))
    }

    /// A value that the trace must have.
    pub fn must(&self, name: &str) -> Vec<u8> {
        self.bytes(name)
            .unwrap_or_else(|| panic!("{} has no {name}", self.title))
    }

    /// Each record, complete, with its sender, in order. A value may hold several; their lengths must add up.
    pub fn records(&self) -> Vec<(Side, Vec<u8>)> {
        let mut records = Vec::new();
        for (name, _) in &self.values {
            let Some(what) = name.strip_prefix("Record_") else {
                continue;
            };
            let side = if what.starts_with("Client") {
                Side::Client
            } else {
                // The server's, and these three.
                assert!(
                    what.starts_with("Server") || matches!(what, "HelloRetryRequest" | "NewSessionTicket"),
                    "{}: who sends {name}?",
                    self.title
                );
                Side::Server
            };
            let value = self.must(name);
            let mut rest = value.as_slice();
            while !rest.is_empty() {
                let length = match rest {
                    [20..=23, 3, 1 | 3, high, low, ..] => 5 + usize::from(u16::from_be_bytes([*high, *low])),
                    _ => panic!(
                        "{}: {name}: no record begins at {:02x?}",
                        self.title,
                        &rest[..5.min(rest.len())]
                    ),
                };
                assert!(
                    length <= rest.len(),
                    "{}: {name}: a record of {length} octets, of which {} are there",
                    self.title,
                    rest.len()
                );
                let (record, after) = rest.split_at(length);
                records.push((side, record.to_vec()));
                rest = after;
            }
        }
        records
    }

    /// Puts the RFC's server flight in the place of the transcription's.
    fn put_back(&mut self) {
        let [of_the_rfc, other] = RESUMED;
        assert_eq!(
            self.must("Message_EncryptedExtensions"),
            unhex(other),
            "this was not known"
        );
        of_the_rfc.clone_into(self.value("Message_EncryptedExtensions"));
        let flight = [unhex(of_the_rfc), self.must("Message_Server_Finished")].concat();
        let (_, secret) = &self.schedule().secrets[2];
        *self.value("Record_ServerHandshakeMessages") = hex::encode(first_record(secret, &flight));
    }

    fn value(&mut self, name: &str) -> &mut String {
        let found = self.values.iter_mut().find(|(known, _)| known == name);
        &mut found.expect("a value that was read before").1
    }

    /// The handshake message in a record that is sent in the clear.
    fn in_the_clear(&self, name: &str) -> Vec<u8> {
        whole(name, &self.must(name)[5..])
    }

    /// The ClientHello that counts for the key log: the first; a second one has the same random.
    pub fn client_random(&self) -> Vec<u8> {
        self.in_the_clear("Record_ClientHello_1")[6..38].to_vec()
    }

    /// The hellos, as the transcript hash takes them (RFC 8446 §4.4.1).
    fn hellos(&self) -> Vec<u8> {
        let first = self.in_the_clear("Record_ClientHello_1");
        let mut spoken = match self.bytes("Record_HelloRetryRequest") {
            None => first,
            Some(_) => [
                &[254, 0, 0, 32],
                hash(&first).as_slice(),
                &self.in_the_clear("Record_HelloRetryRequest"),
                &self.in_the_clear("Record_ClientHello_2"),
            ]
            .concat(),
        };
        let server = whole("Message_ServerHello", &self.must("Message_ServerHello"));
        assert_eq!(server, self.in_the_clear("Record_ServerHello"), "{}", self.title);
        spoken.extend(server);
        spoken
    }

    /// The server's messages under its handshake keys, its Finished left out.
    fn server_flight(&self) -> Vec<u8> {
        [
            "Message_EncryptedExtensions",
            "Message_CertificateRequest",
            "Message_Server_Certificate",
            "Message_Server_CertificateVerify",
        ]
        .iter()
        .filter_map(|name| Some(whole(name, &self.bytes(name)?)))
        .collect::<Vec<_>>()
        .concat()
    }

    /// The client's messages after the server's Finished, its own left out.
    fn client_flight(&self) -> Vec<u8> {
        let mut flight = Vec::new();
        if self.bytes("Client_EarlyAppData").is_some() {
            flight.extend(END_OF_EARLY_DATA);
        }
        if self.bytes("Client_MessageSignature").is_some() {
            flight.extend(self.client_certificate());
            flight.extend(self.client_verify());
        }
        flight
    }

    fn client_certificate(&self) -> Vec<u8> {
        let certificate = self
            .client_certificate
            .as_ref()
            .unwrap_or_else(|| panic!("{}: the client has no certificate", self.title));
        let entry = [&number(certificate.len()), certificate.as_slice(), &[0, 0]].concat();
        message(11, &[&[0], &number(entry.len())[..], &entry].concat())
    }

    fn client_verify(&self) -> Vec<u8> {
        let signature = self.must("Client_MessageSignature");
        // A DER SEQUENCE is ECDSA's, and shorter than what RSA makes: ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256.
        let scheme = if signature.len() < 80 { [4, 3] } else { [8, 4] };
        let length = (signature.len() as u16).to_be_bytes();
        message(15, &[&scheme, &length, signature.as_slice()].concat())
    }

    /// The bytes of a message in the clear: the `nth` of its kind from a side, from 0. `EarlyData` is a kind of its own.
    ///
    /// Most are the transcription's. The client's messages under its handshake keys are put together from the parts
    /// that it has, its Finished from the key schedule, and a ticket's surroundings are the RFC's.
    pub fn plaintext(&self, side: Side, kind: &str, nth: usize) -> Vec<u8> {
        let certain = |name: &str| whole(name, &self.must(name));
        match (side, kind) {
            (Side::Client, "ClientHello") => self.in_the_clear(&format!("Record_ClientHello_{}", nth + 1)),
            (Side::Server, "HelloRetryRequest") => self.in_the_clear("Record_HelloRetryRequest"),
            (Side::Server, "ServerHello" | "EncryptedExtensions" | "CertificateRequest") => {
                certain(&format!("Message_{kind}"))
            }
            (Side::Server, "Certificate" | "CertificateVerify" | "Finished") => {
                certain(&format!("Message_Server_{kind}"))
            }
            (Side::Server, "NewSessionTicket") => whole(
                kind,
                &[unhex(TICKET_HEAD), self.must("SessionTicket"), unhex(TICKET_TAIL)].concat(),
            ),
            (Side::Client, "EndOfEarlyData") => END_OF_EARLY_DATA.to_vec(),
            (Side::Client, "Certificate") => self.client_certificate(),
            (Side::Client, "CertificateVerify") => self.client_verify(),
            (Side::Client, "Finished") => self.schedule().client_finished,
            (_, "ChangeCipherSpec") => vec![1],
            // close_notify, a warning (RFC 8446 §6.1).
            (_, "Alert") => vec![1, 0],
            (Side::Client, "EarlyData") => self.must("Client_EarlyAppData"),
            (Side::Client, "ApplicationData") => self.must("Client_AppData"),
            (Side::Server, "ApplicationData") => self.must("Server_AppData"),
            _ => panic!("{}: no {kind} from the {}", self.title, side.word()),
        }
    }

    /// The key schedule (RFC 8446 §7.1). Every trace negotiates TLS_AES_128_GCM_SHA256.
    pub fn schedule(&self) -> Schedule {
        let zeros = vec![0; 32];
        let hellos = self.hellos();
        let early = mac(&zeros, self.psk.as_ref().unwrap_or(&zeros));
        let handshake = mac(&derive(&early, "derived", &[]), &self.agreed());
        let master = mac(&derive(&handshake, "derived", &[]), &zeros);
        let client_handshake = derive(&handshake, "c hs traffic", &hellos);
        let server_handshake = derive(&handshake, "s hs traffic", &hellos);
        let before_server = [hellos, self.server_flight()].concat();
        let server_finished = finished(&server_handshake, &before_server);
        let after_server = [before_server, server_finished.clone()].concat();
        let before_client = [after_server.clone(), self.client_flight()].concat();
        let client_finished = finished(&client_handshake, &before_client);
        let after_client = [before_client, client_finished.clone()].concat();
        let mut secrets = Vec::new();
        if self.bytes("Client_EarlyAppData").is_some() {
            let hello = self.in_the_clear("Record_ClientHello_1");
            secrets.push((
                SecretLabel::ClientEarlyTraffic,
                derive(&early, "c e traffic", &hello),
            ));
        }
        secrets.extend([
            (SecretLabel::ClientHandshakeTraffic, client_handshake),
            (SecretLabel::ServerHandshakeTraffic, server_handshake),
            (
                SecretLabel::ClientTraffic0,
                derive(&master, "c ap traffic", &after_server),
            ),
            (
                SecretLabel::ServerTraffic0,
                derive(&master, "s ap traffic", &after_server),
            ),
        ]);
        Schedule {
            secrets,
            client_finished,
            server_finished,
            resumption: derive(&master, "res master", &after_client),
        }
    }

    /// What the two ends agreed on: the client's private key, found among what it drew as the one whose public half its
    /// last hello carries, and the server's share.
    fn agreed(&self) -> Vec<u8> {
        let (group, share) = server_share(&self.must("Message_ServerHello"));
        let hello = self
            .bytes("Record_ClientHello_2")
            .unwrap_or_else(|| self.must("Record_ClientHello_1"));
        let algorithm: &Algorithm = match group {
            0x001d => &X25519,
            0x0017 => &ECDH_P256,
            other => panic!("{}: group {other:#06x}", self.title),
        };
        let pool = self.must("Client_RNG_Pool");
        let key = pool
            .windows(32)
            .filter_map(|window| PrivateKey::from_private_key(algorithm, window).ok())
            .find(|key| {
                let public = key.compute_public_key().expect("a public half");
                contains(&hello, public.as_ref())
            })
            .unwrap_or_else(|| panic!("{}: the client's private key is not in its pool", self.title));
        let server = UnparsedPublicKey::new(algorithm, share);
        agree(&key, server, "no agreement", |secret| Ok(secret.to_vec())).expect("two keys of one group")
    }
}

/// The group and the key of a ServerHello's key_share (RFC 8446 §4.2.8).
fn server_share(hello: &[u8]) -> (u16, Vec<u8>) {
    let session_id = usize::from(hello[38]);
    let mut rest = &hello[39 + session_id + 2 + 1 + 2..];
    while let [a, b, c, d, after @ ..] = rest {
        let (body, after) = after.split_at(usize::from(u16::from_be_bytes([*c, *d])));
        if [*a, *b] == [0, 51] {
            return (u16::from_be_bytes([body[0], body[1]]), body[4..].to_vec());
        }
        rest = after;
    }
    panic!("a ServerHello without a key_share");
}

/// Whether `all` has `part` in it.
pub fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

/// A handshake message that is as long as it says.
fn whole(name: &str, bytes: &[u8]) -> Vec<u8> {
    let says = 4 + u32::from_be_bytes([0, bytes[1], bytes[2], bytes[3]]) as usize;
    assert_eq!(
        says,
        bytes.len(),
        "{name} says {says} octets, {} are there",
        bytes.len()
    );
    bytes.to_vec()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &number(body.len())[..], body].concat()
}

/// A uint24.
fn number(length: usize) -> [u8; 3] {
    let [_, a, b, c] = (length as u32).to_be_bytes();
    [a, b, c]
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text).expect("hexadecimal")
}

fn pem(text: &str) -> Vec<u8> {
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::Engine::decode(&base64::prelude::BASE64_STANDARD, body.trim()).expect("the corpus is base64")
}

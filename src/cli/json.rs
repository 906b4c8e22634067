//! The published contract: `mtlscope.analysis/1` and `mtlscope.capture/1`.
//!
//! These types are the edge: names here stay once released, additions are free, and every key is always present (absent
//! is null). Times are microseconds since the capture began.

use std::borrow::Cow;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::json_cause::{self, CauseJson, MatrixRowJson, cause, matrix_row};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Body, BufferKind, Field, Message, TrafficKeys, Transcript};
use crate::diagnose::{Ending, Proof, subject_of};
use crate::iana::{self, CipherSuite, Group, Table, Version};
use crate::pki::sha256_hex;
use crate::story::{ChapterState, Story};

/// `mtlscope.analysis/1`.
#[derive(Debug, Serialize)]
#[allow(
    missing_docs,
    reason = "the design documents each key; the names are the contract"
)]
pub struct AnalysisJson<'a> {
    pub schema: &'static str,
    pub verdict: &'static str,
    pub endings: EndingsJson,
    pub version: Option<Cow<'static, str>>,
    pub cipher_suite: Option<Cow<'static, str>>,
    pub group: Option<Cow<'static, str>>,
    pub sni: Option<String>,
    pub alpn: Option<String>,
    pub resumed: Option<bool>,
    pub causes: Vec<CauseJson>,
    pub matrix: Vec<MatrixRowJson>,
    pub messages: Vec<MessageJson<'a>>,
    pub certificates: Vec<SentCertificateJson>,
    pub steps: Vec<StepJson>,
    /// An addition: every generation of keys, without the keys themselves.
    pub keys: Vec<KeysJson>,
    /// An addition: the signatures and Finished values, recomputed.
    pub proofs: Vec<ProofJson>,
    /// An addition: what each stack would do with the client's certificate, asked as here.
    pub withhold: Option<Vec<super::withhold::WithholdJson>>,
    /// An addition: every candidate path; null where the handshake succeeded.
    pub paths: Option<Vec<super::json_paths::PathsJson>>,
    /// An addition: the six chapters.
    pub chapters: Vec<ChapterJson>,
    /// An addition: the window in which the two sides believed different things, in words.
    pub two_truths: Option<String>,
    /// An addition: what came of a byte that the wire changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<IntegrityJson>,
    /// An addition: what the application said once TLS had accepted, where it turned the client away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_refusal: Option<json_cause::ApplicationRefusalJson>,
    /// An addition: what rustls lets pass and another stack refuses, or a program may ask for, with what mends it.
    pub warnings: Vec<super::mends::WarnedJson>,
    /// An addition: what was taken for granted, such as a name that was not given.
    pub notes: Vec<String>,
}

/// What came of a byte that the wire changed, in sentences.
#[derive(Debug, Serialize)]
pub struct IntegrityJson {
    pub change: String,
    pub client: String,
    pub server: String,
    pub delivered: String,
}

/// `mtlscope.capture/1`: what `show` prints.
#[derive(Debug, Serialize)]
pub(super) struct CaptureJson<'a> {
    pub schema: &'static str,
    pub connections: Vec<ConnectionJson<'a>>,
}

/// One connection of a capture; a session is one with null ends.
#[derive(Debug, Serialize)]
pub(super) struct ConnectionJson<'a> {
    pub client: Option<String>,
    pub server: Option<String>,
    /// An addition: the recording began after the connection did, and shows no handshake.
    pub began_before_recording: bool,
    /// An addition: what TLS was carried in, where not in TCP alone, such as `EAP-TLS in RADIUS`.
    pub carrier: Option<String>,
    /// An addition: who the client is by the word of what stands around TLS, unproven: an EAP identity, a PROXY header.
    pub client_said: Option<String>,
    #[serde(flatten)]
    pub analysis: AnalysisJson<'a>,
}

/// One generation of one side's keys. The keys are not printed: whoever reads this may not be meant to read the traffic.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct KeysJson {
    pub side: &'static str,
    pub protection: &'static str,
    pub generation: usize,
    pub secret: String,
    pub algorithm: Option<String>,
    pub records: usize,
    pub missing: Option<String>,
}

/// A proof inside the handshake; `holds` is null where it cannot be checked.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct ProofJson {
    pub message: usize,
    pub side: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub holds: Option<bool>,
    pub words: String,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct EndingsJson {
    pub client: EndingJson,
    pub server: EndingJson,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct EndingJson {
    pub verdict: &'static str,
    pub error: Option<String>,
    pub connected_at_us: Option<u64>,
    pub ended_at_us: Option<u64>,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct MessageJson<'a> {
    pub side: &'static str,
    pub r#type: &'static str,
    pub at_us: u64,
    pub protected: &'static str,
    pub length: usize,
    /// How many more like it came right after it, too many to be listed; only where there were.
    #[serde(skip_serializing_if = "is_zero")]
    pub repeated: usize,
    /// The type of the record that it came in (RFC 8446 §5.1); only for what could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_type: Option<String>,
    pub fields: Vec<FieldJson<'a>>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A field and all below it, written from where they are: a certificate has hundreds.
#[derive(Clone, Copy, Debug)]
pub struct FieldJson<'a> {
    field: &'a Field,
    transcript: &'a Transcript,
}

impl Serialize for FieldJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { field, transcript } = self;
        let buffer = field
            .buffer
            .and_then(|id| transcript.buffers.get(id.0))
            .map(|buffer| match buffer.kind {
                BufferKind::Wire(_) => "wire",
                BufferKind::Opened { .. } => "opened",
                BufferKind::Decompressed { .. } => "decompressed",
            });
        let mut object = serializer.serialize_struct("FieldJson", 7)?;
        object.serialize_field("name", field.name.as_ref())?;
        object.serialize_field("value", &field.value)?;
        object.serialize_field("start", &field.range.start)?;
        object.serialize_field("end", &field.range.end)?;
        object.serialize_field("buffer", &buffer)?;
        object.serialize_field("error", &field.error)?;
        let fields = Fields(&field.children, transcript);
        object.serialize_field("fields", &fields)?;
        object.end()
    }
}

/// The fields of one level.
struct Fields<'a>(&'a [Field], &'a Transcript);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|field| FieldJson {
            field,
            transcript: self.1,
        }))
    }
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct SentCertificateJson {
    pub side: &'static str,
    pub sha256: String,
    pub subject: Option<String>,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct StepJson {
    pub chapter: u8,
    pub side: &'static str,
    pub title: String,
    pub at_us: u64,
    /// An addition.
    pub caption: String,
    /// An addition.
    pub explanation: String,
}

#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract")]
pub struct ChapterJson {
    pub number: u8,
    pub title: &'static str,
    pub state: &'static str,
    pub note: String,
}

/// An analysis as published.
pub fn analysis<'a>(analysis: &'a Analysis, notes: &[String]) -> AnalysisJson<'a> {
    let Analysis {
        transcript,
        diagnosis,
        story,
        ..
    } = analysis;
    AnalysisJson {
        schema: "mtlscope.analysis/1",
        verdict: diagnosis.verdict.word(),
        endings: EndingsJson {
            client: ending(&diagnosis.endings.client),
            server: ending(&diagnosis.endings.server),
        },
        version: transcript.version.map(Version::name),
        cipher_suite: transcript.cipher_suite.map(CipherSuite::name),
        group: transcript.group.map(Group::name),
        sni: transcript.sni.clone(),
        alpn: transcript.alpn.clone(),
        resumed: transcript.resumed,
        causes: diagnosis.causes.iter().map(cause).collect(),
        matrix: diagnosis.matrix.iter().map(matrix_row).collect(),
        messages: transcript
            .messages
            .iter()
            .map(|found| message(found, transcript))
            .collect(),
        certificates: Side::BOTH
            .into_iter()
            .flat_map(|side| sent_certificates(side, transcript))
            .collect(),
        steps: steps(story),
        keys: analysis.transcript.keys.iter().map(keys).collect(),
        proofs: analysis.diagnosis.proofs.iter().map(proof).collect(),
        withhold: super::withhold::json(analysis),
        paths: super::json_paths::json(analysis),
        chapters: chapters(story),
        two_truths: story.two_truths.clone(),
        integrity: story.integrity.as_ref().map(|integrity| IntegrityJson {
            change: integrity.change.clone(),
            client: integrity.sides.client.clone(),
            server: integrity.sides.server.clone(),
            delivered: integrity.delivered.clone(),
        }),
        application_refusal: diagnosis
            .turned_away
            .as_ref()
            .map(json_cause::application_refusal),
        warnings: super::mends::json(analysis.warned()),
        notes: notes.to_vec(),
    }
}

fn ending(ending: &Ending) -> EndingJson {
    EndingJson {
        verdict: ending.verdict.word(),
        error: ending.error.clone(),
        connected_at_us: ending.connected_at_us,
        ended_at_us: ending.ended_at_us,
    }
}

fn message<'a>(message: &'a Message, transcript: &'a Transcript) -> MessageJson<'a> {
    let record_type = matches!(message.body, Body::Encrypted)
        .then(|| {
            let piece = message.pieces.first()?;
            let record = transcript.records.get(piece.record)?;
            Some(iana::name_or_number(
                Table::ContentType,
                u16::from(record.content_type),
            ))
        })
        .flatten();
    let root = &message.root;
    MessageJson {
        side: message.side.word(),
        r#type: message.kind.word(),
        at_us: message.at_us,
        protected: message.protection.word(),
        length: message.bytes.len(),
        repeated: message.repeated,
        record_type,
        // What has no parts is its own one field, so that the fields always cover the bytes.
        fields: if root.children.is_empty() {
            vec![FieldJson {
                field: root,
                transcript,
            }]
        } else {
            root.children
                .iter()
                .map(|field| FieldJson { field, transcript })
                .collect()
        },
    }
}

fn sent_certificates(side: Side, transcript: &Transcript) -> Vec<SentCertificateJson> {
    let Some((_, sent)) = transcript.chain_sent_by(side) else {
        return Vec::new();
    };
    sent.chain
        .iter()
        .map(|(der, _)| SentCertificateJson {
            side: side.word(),
            sha256: sha256_hex(der.as_bytes()),
            subject: subject_of(der),
        })
        .collect()
}

fn keys(keys: &TrafficKeys) -> KeysJson {
    KeysJson {
        side: keys.side.word(),
        protection: keys.protection.word(),
        generation: keys.generation,
        secret: keys.label.clone(),
        algorithm: keys.algorithm.clone(),
        records: keys.records.len(),
        missing: keys.missing.clone(),
    }
}

fn proof(proof: &Proof) -> ProofJson {
    ProofJson {
        message: proof.message,
        side: proof.side.word(),
        kind: proof.kind,
        holds: proof.holds,
        words: proof.words.clone(),
    }
}

fn steps(story: &Story) -> Vec<StepJson> {
    story
        .steps
        .iter()
        .map(|step| StepJson {
            chapter: step.chapter,
            side: step.side.word(),
            title: step.title.clone(),
            at_us: step.at_us,
            caption: step.caption.clone(),
            explanation: step.explanation.clone(),
        })
        .collect()
}

fn chapters(story: &Story) -> Vec<ChapterJson> {
    story
        .chapters
        .iter()
        .map(|chapter| ChapterJson {
            number: chapter.number,
            title: chapter.title,
            state: match chapter.state {
                ChapterState::Done => "done",
                ChapterState::Failed => "failed",
                ChapterState::NotReached => "not-reached",
                ChapterState::Skipped => "skipped",
            },
            note: chapter.note.clone(),
        })
        .collect()
}

//! mtlscope shows a mutual TLS handshake happening, byte by byte and step by step, and says why it failed.
//!
//! # The map
//!
//! ```text
//! source ▸ Capture ▸ decode ▸ diagnose ▸ story        everything right of Capture is a pure function of it
//!              ▲                          │
//!           session (RON)              Analysis ──▸ state ──▸ ui      and      Analysis ──▸ cli
//! ```
//!
//! The modules, lowest layer first; each names only modules before it:
//!
//! * [`clock`], [`cancel`], [`printable`] and [`prose`] serve all others: the time of day, the one cancel token, text from
//!   outside made safe to show, and wrapped.
//! * [`stack`] is the one list of the TLS stacks that others here speak of.
//! * [`iana`] and [`pki`] are the lowest layer: numbers with their names; certificates and keys, read, minted, described.
//! * [`net`] connects to where a name leads: every address of it, one deadline, a cancel, a guard on private addresses.
//! * [`fetch`] asks the addresses in a certificate for its revocation list and its issuer, and only when told to.
//! * [`capture`] is what was seen, and nothing derived from it: bytes, secrets, events, trust, certificates at hand. It
//!   is all that a session keeps.
//! * [`session`] is the versioned file that a user saves; it knows [`capture`].
//! * [`preamble`] reads what stands before TLS or around it: PROXY headers, TDS 7, OpenVPN, EAP and RADIUS.
//! * [`setup`] is what a pair is made of: identities, trust and policy of both ends, and what each judges the other by.
//! * [`source`] makes captures: the lab pair, a rustls client and server over an in-memory wire, and packets that somebody
//!   recorded. The only module that names rustls. [`scenario`] holds the built-in set-ups for it, as data.
//! * [`opinion`] asks the other TLS stacks that are installed here, in a real handshake, and keeps their words.
//! * [`decode`] turns bytes and secrets into records, messages and fields. Total: bytes never fail.
//! * [`diagnose`] judges: every check on every certificate, causes, remedies.
//! * [`story`] tells: rows, steps, six chapters.
//! * [`analysis`] joins these three. [`survey`] finds the TLS connections of a packet capture, each in a line.
//! * [`experiment`] changes something and runs it again: the fix that was tried, the time machine, the audit.
//! * [`compare`] puts two handshakes side by side, and proves which of their differences matters.
//! * [`export`] gives a handshake to others: a page that plays it, a drawing, a text, a runbook.
//! * [`lesson`] is a lesson as data, and a pack of them: a question, a run that answers it, a mend, a twin.
//! * [`state`] is what the user is doing; [`ui`] draws it; [`cli`] does the same work without a window, and judges
//!   chains with no handshake for pipelines.
//!
//! # Deliberately absent
//!
//! * No arrow between [`source`] and [`decode`]: what a stack said never helps to read the bytes, so a capture explains
//!   itself wherever it came from.
//! * No judgement in [`decode`], no bytes read in [`story`], no protocol in [`ui`].
//! * No egui below [`ui`]: everything can be tested and scripted without a window.
//! * No private key in a [`capture`], and so none in a session.
//! * No derived value in a session: an old one is explained by today's code.
//! * No network unasked: [`fetch`] gets what a certificate's own addresses promise, each time a user says so. mtlscope does
//!   not dial or listen yet.
//!
//! `tests/house` holds these arrows.

pub mod cancel;
pub mod clock;
pub mod fetch;
pub mod iana;
pub mod net;
pub mod pki;
pub mod printable;
pub mod prose;
pub mod stack;

pub mod capture;
pub mod decode;
pub mod opinion;
pub mod preamble;
pub mod scenario;
pub mod session;
pub mod setup;
pub mod source;

pub mod analysis;
pub mod compare;
pub mod diagnose;
pub mod experiment;
pub mod export;
pub mod lesson;
pub mod story;
pub mod survey;

pub mod cli;
pub mod state;
pub mod ui;

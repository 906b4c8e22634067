//! A set-up run and judged, with the questions that a field case asks of it.

use mtlscope::cancel::Cancel;
use mtlscope::capture::{AtHand, Capture, Der, Revocation, RevocationFile, Side, Slot, Trust};
use mtlscope::decode::{Transcript, decode};
use mtlscope::diagnose::{
    Cause, CauseId, ChainInput, ChainJudgement, Diagnosis, MatrixRow, Outcome, diagnose, judge_chain,
};
use mtlscope::pki::{CertificateFacts, LoadedCertificate};
use mtlscope::scenario::{self, Scenario};
use mtlscope::setup::{Identity, LabSetup};
use mtlscope::source::lab::run_blocking;

/// Which certificate is to blame.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// Nobody's.
    Nobody,
    /// That of this subject.
    Is(&'static str),
}

/// One run, judged.
pub struct Run {
    pub capture: Capture,
    pub transcript: Transcript,
    pub diagnosis: Diagnosis,
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A built-in scenario's set-up, minted now.
pub fn scenario(id: &str) -> LabSetup {
    let mut setup = scenario::find(id)
        .expect("there is one")
        .setup(now())
        .expect("it mints");
    setup.timeout_ms = setup.timeout_ms.min(200);
    setup
}

impl Run {
    pub fn of(id: &str) -> Self {
        Self::new(&scenario(id))
    }

    pub fn ron(text: &str) -> Self {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        Self::new(&scenario.setup(now()).expect("it mints"))
    }

    pub fn new(setup: &LabSetup) -> Self {
        Self::with(setup, |_| ())
    }

    /// With evidence put beside what was seen.
    pub fn with(setup: &LabSetup, change: impl FnOnce(&mut Capture)) -> Self {
        let mut capture = run_blocking(setup, &Cancel::default()).expect("it runs");
        change(&mut capture);
        let transcript = decode(&capture);
        let diagnosis = diagnose(&capture, &transcript);
        Self {
            capture,
            transcript,
            diagnosis,
        }
    }

    /// Holds the first cause to its id, who judges, and the certificate to blame; and it is what was reported.
    pub fn first(&self, id: CauseId, side: Side, subject: Subject) {
        let first = self.diagnosis.causes.first().expect("there is a cause");
        assert_eq!((first.id, first.side), (id, Some(side)), "{:?}", self.ids());
        assert!(first.reported, "{} was not reported", id.word());
        let blamed = first
            .certificate
            .as_ref()
            .map(|certificate| certificate.subject.as_str());
        match subject {
            Subject::Nobody => assert_eq!(blamed, None),
            Subject::Is(wanted) => assert_eq!(blamed, Some(wanted)),
        }
    }

    pub fn ids(&self) -> Vec<&'static str> {
        self.diagnosis
            .causes
            .iter()
            .map(|cause| cause.id.word())
            .collect()
    }

    pub fn cause(&self, id: CauseId) -> &Cause {
        let found = self.diagnosis.causes.iter().find(|cause| cause.id == id);
        found.unwrap_or_else(|| panic!("{} is not among {:?}", id.word(), self.ids()))
    }

    pub fn rows(&self, outcome: Outcome) -> Vec<&MatrixRow> {
        self.diagnosis
            .matrix
            .iter()
            .filter(|row| row.outcome == outcome)
            .collect()
    }

    pub fn warning(&self, id: CauseId) -> &MatrixRow {
        let found = self
            .rows(Outcome::Warn)
            .into_iter()
            .find(|row| row.cause == Some(id));
        found.unwrap_or_else(|| panic!("no row warns of {}", id.word()))
    }
}

pub fn identity(setup: &LabSetup, side: Side) -> &Identity {
    setup.parties.of(side).identity.as_ref().expect("it has one")
}

/// Puts an identity among what a side has loaded, as it would lie there had the side not sent it.
pub fn load(capture: &mut Capture, side: Side, identity: &Identity) {
    let key = identity.key.as_ref().map(|key| key.key.public_key.clone());
    capture.sides.of_mut(side).key_in_use = key;
    capture
        .at_hand
        .extend(identity.chain.iter().map(|certificate| AtHand {
            side: Some(side),
            slot: Slot::Certificate,
            file: Some(format!("{}.pem", side.word())),
            entry: certificate.entry,
            line: None,
            within: None,
            wrapping: None,
            der: certificate.der.clone(),
        }));
}

fn facts(der: &[u8]) -> CertificateFacts {
    CertificateFacts::from_der(der).expect("it reads")
}

pub fn subject(der: &Der) -> String {
    facts(der.as_bytes()).subject
}

pub fn not_before(certificate: &LoadedCertificate) -> i64 {
    facts(&certificate.der).not_before
}

pub fn not_after(certificate: &LoadedCertificate) -> i64 {
    facts(&certificate.der).not_after
}

const SERVER: &str = r#"
    (name: "serverissuer", subject: "Server Issuer", issuer: "root", is_ca: true),
    (name: "payments", subject: "payments", issuer: "serverissuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),"#;
const ORDERS: &str = r#"(name: "orders", subject: "orders", issuer: "issuer", purposes: ["clientAuth"]),"#;

fn file(
    recipes: &str,
    client_chain: &str,
    client_trust: &str,
    server_trust: &str,
    server_chain: &str,
    known: &str,
) -> String {
    format!(
        r#"(id: "case", title: "case", summary: "", look_for: "", group: Field, recipes: [{recipes}],
        client: (label: "orders", chain: {client_chain}, trust: {client_trust}),
        server: (label: "payments", chain: {server_chain}, trust: {server_trust}),
        known: {known}, expect: (verdict: "rejected"))"#
    )
}

/// A mesh in which the client's issuer is as given.
pub fn mesh(issuer: &str, client_chain: &str) -> String {
    let recipes = format!(
        r#"(name: "root", subject: "Root", is_ca: true, until_hours: 8760),{issuer}{ORDERS}{SERVER}"#
    );
    file(
        &recipes,
        client_chain,
        r#"["root"]"#,
        r#"["root"]"#,
        r#"["payments", "serverissuer"]"#,
        "[]",
    )
}

/// A mesh in which the root says more.
pub fn mesh_with_root(more: &str) -> String {
    let issuer = r#"(name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),"#;
    let recipes = format!(
        r#"(name: "root", subject: "Root", is_ca: true, until_hours: 8760{more}),{issuer}{ORDERS}{SERVER}"#
    );
    file(
        &recipes,
        r#"["orders", "issuer"]"#,
        r#"["root"]"#,
        r#"["root"]"#,
        r#"["payments", "serverissuer"]"#,
        "[]",
    )
}

/// A new root with two certificates: self-signed, and cross-signed by the old root, the only one that the server trusts.
pub fn cross_signed(client_chain: &str) -> String {
    let recipes = format!(
        r#"(name: "old", subject: "Old Root", is_ca: true, until_hours: 8760),
        (name: "new", subject: "New Root", is_ca: true, until_hours: 8760),
        (name: "cross", subject: "New Root", issuer: "old", is_ca: true, key_of: "new"),
        (name: "issuer", subject: "New Issuer", issuer: "new", is_ca: true),
        (name: "payments", subject: "payments", issuer: "old", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
        {ORDERS}"#
    );
    file(
        &recipes,
        client_chain,
        r#"["old"]"#,
        r#"["old"]"#,
        r#"["payments"]"#,
        r#"["cross"]"#,
    )
}

/// The client's chain of a run, judged once more with what is known of revocation.
pub fn judge_client(run: &Run, revocation: Revocation) -> ChainJudgement {
    let (_, sent) = run.transcript.chain_sent_by(Side::Client).expect("it sent one");
    let chain: Vec<Der> = sent.chain.iter().map(|(der, _)| der.clone()).collect();
    let trust = Trust {
        revocation,
        ..run.capture.sides.server.trust.clone().expect("it judges")
    };
    judge_chain(&ChainInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Server,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    })
}

/// An empty list of a CA that issued nothing here.
pub fn list_of_another_ca() -> Revocation {
    use rcgen::{
        BasicConstraints, CertificateParams, CertificateRevocationListParams, IsCa, Issuer, KeyIdMethod,
        KeyPair, KeyUsagePurpose, SerialNumber,
    };
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::CrlSign, KeyUsagePurpose::KeyCertSign];
    let issuer = Issuer::from_params(&parameters, KeyPair::generate().expect("a key"));
    let this_update = time::OffsetDateTime::from_unix_timestamp(now() - 3600).expect("a time");
    let list = CertificateRevocationListParams {
        this_update,
        next_update: this_update + time::Duration::days(7),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    }
    .signed_by(&issuer)
    .expect("a list");
    Revocation {
        lists: vec![RevocationFile {
            file: Some("ca.crl".to_owned()),
            line: None,
            der: Der::from(list.der().to_vec()),
            wrapping: None,
        }],
        ..Revocation::default()
    }
}

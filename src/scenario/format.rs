//! The scenario file, and the set-up that it makes.

use ron::extensions::Extensions;
use serde::Deserialize;

use crate::capture::{ClientAuth, PerSide, Revocation, RevocationFile, Side};
use crate::clock::Clock;
use crate::pki::{ListRecipe, MintError, Minted, Recipe, mint, mint_list};
use crate::setup::{Fault, FaultTarget, Identity, LabSetup, Limits, Party, SidePolicy, TlsVersion};

/// One built-in handshake.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Stable, kebab-case.
    pub id: String,
    /// On the card.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// What to look for on the stage.
    pub look_for: String,
    /// The heading in the gallery.
    pub group: Group,
    /// Where it happened: `linkerd/linkerd2#4287`.
    #[serde(default)]
    pub reference: Option<String>,
    /// The PKI, issuers first.
    pub recipes: Vec<Recipe>,
    /// The client.
    pub client: PartySpec,
    /// The server.
    pub server: PartySpec,
    /// The name asked for.
    #[serde(default = "default_server_name")]
    pub server_name: String,
    /// Whether the server asks for a client certificate.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// What the wire does.
    #[serde(default)]
    pub fault: Option<FaultSpec>,
    /// Recipes at hand that nobody sends or trusts.
    #[serde(default)]
    pub known: Vec<String>,
    /// How long a side waits, in milliseconds.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// What comes of it.
    pub expect: Expectation,
}

/// The name that is asked for where a scenario names none.
pub const USUAL_SERVER_NAME: &str = "payments.shop.svc";

fn default_server_name() -> String {
    USUAL_SERVER_NAME.to_owned()
}

fn default_timeout_ms() -> u64 {
    3_000
}

fn default_alpn() -> Vec<String> {
    vec!["h2".to_owned(), "http/1.1".to_owned()]
}

/// One end, by the recipes' names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartySpec {
    /// What it is called.
    pub label: String,
    /// What it presents, leaf first.
    #[serde(default)]
    pub chain: Vec<String>,
    /// Whose key it signs with; absent: the first of the chain's.
    #[serde(default)]
    pub key: Option<String>,
    /// What it trusts.
    pub trust: Vec<String>,
    /// Versions; empty: both.
    #[serde(default)]
    pub versions: Vec<TlsVersion>,
    /// Cipher suites, IANA names; empty: the default.
    #[serde(default)]
    pub cipher_suites: Vec<String>,
    /// Groups, IANA names; empty: the default.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Protocols.
    #[serde(default = "default_alpn")]
    pub alpn: Vec<String>,
    /// How far its clock is off, in seconds; negative: behind.
    #[serde(default)]
    pub clock_off_s: Option<i64>,
    /// Servers: the names (SNI) that it has a certificate for; empty: any.
    #[serde(default)]
    pub server_names: Vec<String>,
    /// Signature schemes that it verifies, IANA names; empty: the library's.
    #[serde(default)]
    pub verify_schemes: Vec<String>,
    /// Signature schemes that its key signs with, IANA names; empty: all that fit.
    #[serde(default)]
    pub sign_schemes: Vec<String>,
    /// Servers: the SPIFFE ID that a client must have.
    #[serde(default)]
    pub expects: Option<String>,
    /// Revocation lists it judges by.
    #[serde(default)]
    pub lists: Vec<ListRecipe>,
    /// How strictly it holds to its lists.
    #[serde(default)]
    pub strictness: Strictness,
}

/// The headings of the gallery, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[allow(missing_docs, reason = "each is its own heading")]
pub enum Group {
    Good,
    Trust,
    Chains,
    Time,
    Names,
    Purpose,
    Keys,
    Handshake,
    Wire,
    Field,
}

impl Group {
    /// The words over its cards.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Good => "As it should be",
            Self::Trust => "Trust",
            Self::Chains => "Chains",
            Self::Time => "Time",
            Self::Names => "Names",
            Self::Purpose => "Purpose",
            Self::Keys => "Keys and signatures",
            Self::Handshake => "Handshake",
            Self::Wire => "Wire",
            Self::Field => "From the field",
        }
    }
}

/// How strictly a party holds to its revocation lists; the default is rustls's own.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Strictness {
    /// Only the leaf's status is asked for.
    pub leaf_only: bool,
    /// A certificate for which no list speaks is accepted.
    pub allow_unknown: bool,
    /// A list past its nextUpdate is refused.
    pub refuse_stale: bool,
}

/// What the wire does, by record.
#[derive(Clone, Copy, Debug, Deserialize)]
#[allow(missing_docs, reason = "as in the lab's Fault")]
pub enum FaultSpec {
    Flip { from: Side, record: usize },
    FlipByte { from: Side, record: usize, byte: usize },
    Drop { from: Side, record: usize },
    Repeat { from: Side, record: usize },
    Cut { from: Side, record: usize },
    Stall { from: Side, record: usize },
    HangUp { from: Side },
    Http,
}

/// What comes of a scenario; a test runs each and holds it to this.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// `accepted`, `rejected`, `unfinished`.
    pub verdict: String,
    /// The first cause's id.
    #[serde(default)]
    pub cause: Option<String>,
    /// Who objects.
    #[serde(default)]
    pub side: Option<Side>,
    /// The cause id of a warning in the matrix: rustls accepts it, and others do not.
    #[serde(default)]
    pub warns: Option<String>,
}

/// Why a scenario cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// No such id.
    #[error("there is no scenario “{id}”; choose from {}", known.join(", "))]
    Unknown {
        /// What was asked for.
        id: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The file does not parse.
    #[error("the scenario does not parse: {0}")]
    Format(#[from] ron::error::SpannedError),
    /// Its PKI cannot be minted.
    #[error(transparent)]
    Mint(#[from] MintError),
}

impl Scenario {
    /// Reads a scenario file.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
        Ok(options.from_str(text)?)
    }

    /// Mints its PKI and makes its set-up. `now_unix_s` is what its validities count from.
    pub fn setup(&self, now_unix_s: i64) -> Result<LabSetup, ScenarioError> {
        self.setup_of(&mint(&self.recipes, now_unix_s)?, now_unix_s)
    }

    /// Its set-up of what was minted already.
    pub fn setup_of(&self, minted: &Minted, now_unix_s: i64) -> Result<LabSetup, ScenarioError> {
        let known = self
            .known
            .iter()
            .map(|name| minted.find(name).map(|identity| identity.certificate.clone()))
            .collect::<Result<_, _>>()?;
        Ok(LabSetup {
            parties: PerSide {
                client: self.client.party(minted, now_unix_s)?,
                server: self.server.party(minted, now_unix_s)?,
            },
            server_name: self.server_name.clone(),
            client_auth: self.client_auth,
            fault: self.fault.map(FaultSpec::fault),
            known,
            timeout_ms: self.timeout_ms,
            wall_clock: Clock::default(),
        })
    }
}

impl PartySpec {
    fn party(&self, minted: &Minted, now_unix_s: i64) -> Result<Party, MintError> {
        let certificates = |names: &[String]| {
            names
                .iter()
                .enumerate()
                .map(|(entry, name)| {
                    let mut certificate = minted.find(name)?.certificate.clone();
                    certificate.entry = entry;
                    Ok(certificate)
                })
                .collect::<Result<Vec<_>, MintError>>()
        };
        let identity = match self.chain.first() {
            None => None,
            Some(first) => Some(Identity {
                chain: certificates(&self.chain)?,
                key: Some(minted.find(self.key.as_ref().unwrap_or(first))?.key.clone()),
            }),
        };
        Ok(Party {
            label: Some(self.label.clone()),
            identity,
            trust: certificates(&self.trust)?,
            policy: SidePolicy {
                versions: self.versions.clone(),
                cipher_suites: self.cipher_suites.clone(),
                groups: self.groups.clone(),
                alpn: self.alpn.clone(),
                clock_unix_s: self.clock_off_s.map(|off_s| now_unix_s + off_s),
                limits: Limits {
                    server_names: self.server_names.clone(),
                    verify_schemes: self.verify_schemes.clone(),
                    sign_schemes: self.sign_schemes.clone(),
                    expected_peer: self.expects.clone(),
                },
                revocation: self.revocation(minted, now_unix_s)?,
            },
        })
    }

    fn revocation(&self, minted: &Minted, now_unix_s: i64) -> Result<Revocation, MintError> {
        let list = |recipe: &ListRecipe| mint_list(recipe, minted, now_unix_s).map(RevocationFile::from);
        Ok(Revocation {
            lists: self.lists.iter().map(list).collect::<Result<_, MintError>>()?,
            responses: Vec::new(),
            is_leaf_only: self.strictness.leaf_only,
            allows_unknown: self.strictness.allow_unknown,
            refuses_stale: self.strictness.refuse_stale,
        })
    }
}

impl FaultSpec {
    fn fault(self) -> Fault {
        let target = |from, record| FaultTarget { from, record };
        match self {
            Self::Flip { from, record } => Fault::Flip(target(from, record)),
            Self::FlipByte { from, record, byte } => Fault::FlipByte {
                target: target(from, record),
                byte,
            },
            Self::Drop { from, record } => Fault::Drop(target(from, record)),
            Self::Repeat { from, record } => Fault::Repeat(target(from, record)),
            Self::Cut { from, record } => Fault::Cut(target(from, record)),
            Self::Stall { from, record } => Fault::Stall(target(from, record)),
            Self::HangUp { from } => Fault::HangUp(from),
            Self::Http => Fault::Http,
        }
    }
}

//! Forged chains of three (leaf, issuer, root), each wrong in one way, judged by rustls and by us.

use mtlscope::capture::{Der, Revocation, Side, Trust};
use mtlscope::diagnose::{ChainInput, CheckKind, MatrixRow, Role, judge_chain};
use mtlscope::source::oracle;

use super::forge::{CLIENT_AUTH, Forge, Key, SERVER_AUTH, purposes};

pub const HOST: &str = "pay.shop.example";
/// 2027-01-15 08:00:00 UTC.
pub const NOW: i64 = 1_800_000_000;

/// A chain before it is signed that is good for both judges: where one refused it from the start, nothing could be told from it.
pub struct Trio {
    pub keys: [Key; 3],
    pub root: Forge,
    pub issuer: Forge,
    pub leaf: Forge,
}

impl Trio {
    pub fn new() -> Self {
        let keys = [Key::new(), Key::new(), Key::new()];
        let mut leaf = Forge::leaf(HOST, "Issuer", &keys[2], &keys[1]);
        leaf.put(37, false, &purposes(&[SERVER_AUTH, CLIENT_AUTH]));
        Self {
            root: Forge::ca("Root", "Root", &keys[0], &keys[0]),
            issuer: Forge::ca("Issuer", "Root", &keys[1], &keys[0]),
            leaf,
            keys,
        }
    }

    pub fn of(&mut self, role: Role) -> &mut Forge {
        match role {
            Role::Leaf => &mut self.leaf,
            Role::Intermediate => &mut self.issuer,
            Role::Root => &mut self.root,
        }
    }

    pub fn sent(&self) -> Vec<Der> {
        vec![
            Der::from(self.leaf.sign(&self.keys[1])),
            Der::from(self.issuer.sign(&self.keys[0])),
        ]
    }

    pub fn trust(&self, judge: Side) -> Trust {
        Trust {
            roots: vec![Der::from(self.root.sign(&self.keys[0]))],
            expected_name: (judge == Side::Client).then(|| HOST.to_owned()),
            clock_unix_s: NOW,
            revocation: Revocation::default(),
        }
    }
}

pub fn rows(sent: &[Der], trust: &Trust, judge: Side) -> Vec<MatrixRow> {
    judge_chain(&ChainInput {
        chain: sent,
        trust: Some(trust),
        judge,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    })
    .matrix
}

pub fn row(rows: &[MatrixRow], role: Role, check: CheckKind) -> &MatrixRow {
    rows.iter()
        .find(|row| row.role == role && row.check == check)
        .expect("every check is judged for every certificate")
}

/// What our matrix fails, and what rustls said, where the two disagree.
pub fn disagreement(name: &str, sent: &[Der], trust: &Trust, judge: Side) -> Option<String> {
    let verdict = oracle::judge(sent, trust, judge).map_err(|verdict| verdict.words);
    let rows = rows(sent, trust, judge);
    let failed: Vec<String> = rows
        .iter()
        .filter(|row| row.outcome == mtlscope::diagnose::Outcome::Fail)
        .map(|row| format!("{} {}: {}", row.role.word(), row.check.word(), row.detail))
        .collect();
    (verdict.is_err() == failed.is_empty()).then(|| {
        format!(
            "{name}, judged by the {}: rustls {verdict:?}, we {failed:?}",
            judge.word()
        )
    })
}

#[track_caller]
pub fn assert_none(disagreements: &[String]) {
    let shown: Vec<&String> = disagreements.iter().take(40).collect();
    assert!(
        disagreements.is_empty(),
        "{} disagreements: {shown:#?}",
        disagreements.len()
    );
}

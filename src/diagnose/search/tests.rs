//! The cost of judging grows no faster than what is given, counted in comparisons and signatures.

#[allow(dead_code, reason = "these tests use a part")]
#[path = "../../../tests/support/forge.rs"]
pub(super) mod forge;

use super::{MOST_TRIED_FOR_ONE, Pool};
use crate::capture::{AtHand, Der, Side, Slot, Trust};
use crate::diagnose::certificate::{Certificate, work};
use crate::diagnose::{CauseId, ChainInput, CheckKind, PathsInput, explain_chain, judge_chain, paths};
use forge::{Forge, Key};

/// CAs that share one name, and a leaf that names it; none of them issued anything here.
struct SameName {
    leaf: Der,
    others: Vec<Der>,
}

fn same_name(many: usize) -> SameName {
    let keys = [Key::new(), Key::new(), Key::new()];
    let others = (0..many).map(|index| {
        let mut forge = Forge::ca("CA", "Above", &keys[1], &keys[2]);
        if index % 2 == 0 {
            forge.issuer = forge::name("CA");
        }
        forge.serial = (index as u32 + 0x0100_0000).to_be_bytes().to_vec();
        // Keys that nobody has: each is another entity.
        let last = forge.spki.len() - 4;
        forge.spki.splice(last.., (index as u32).to_be_bytes());
        Der::from(forge.sign(&keys[2]))
    });
    SameName {
        others: others.collect(),
        leaf: Der::from(Forge::leaf("leaf.example", "CA", &keys[0], &keys[1]).sign(&keys[0])),
    }
}

/// Who holds the CAs.
#[derive(Clone, Copy, Debug)]
enum Holder {
    Sender,
    Judge,
    Both,
    Nobody,
}

/// What judging and path building cost where `holder` has so many CAs of one name.
fn cost(many: usize, holder: Holder) -> u64 {
    let SameName { leaf, others } = same_name(many);
    let stranger = Key::new();
    let stranger = Der::from(Forge::ca("Above", "Above", &stranger, &stranger).sign(&stranger));
    let is_sent = matches!(holder, Holder::Sender | Holder::Both);
    let is_trusted = matches!(holder, Holder::Judge | Holder::Both);
    let chain: Vec<Der> = std::iter::once(leaf)
        .chain(others.iter().filter(|_| is_sent).cloned())
        .collect();
    let trust = Trust {
        roots: std::iter::once(stranger)
            .chain(others.iter().filter(|_| is_trusted).cloned())
            .collect(),
        clock_unix_s: 1_800_000_000,
        ..Trust::default()
    };
    let at_hand: Vec<AtHand> = others
        .iter()
        .enumerate()
        .map(|(entry, der)| AtHand {
            side: None,
            slot: Slot::Known,
            file: Some("known.pem".to_owned()),
            entry,
            line: None,
            within: None,
            wrapping: None,
            der: der.clone(),
        })
        .collect();
    let before = work::done();
    judge_chain(&ChainInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &others,
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    });
    paths(&PathsInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &at_hand,
        clock_unix_s: trust.clock_unix_s,
    });
    work::done() - before
}

#[test]
fn many_of_one_name_cost_no_more_than_their_number() {
    for holder in [Holder::Sender, Holder::Judge, Holder::Both, Holder::Nobody] {
        let (few, many) = (cost(400, holder), cost(1_600, holder));
        assert!(
            many < few * 6,
            "{holder:?}: 400 of one name cost {few}, four times as many cost {many}"
        );
    }
}

#[test]
fn what_was_not_tried_is_counted_and_said() {
    let read = |list: &[Der]| Pool::of(list.iter().map(Certificate::read).collect());
    for many in [MOST_TRIED_FOR_ONE, MOST_TRIED_FOR_ONE + 1] {
        let SameName { leaf, others } = same_name(many);
        let (leaf, pool) = (Certificate::read(&leaf), read(&others));
        assert!(pool.true_issuer(&leaf).is_none());
        assert_eq!(pool.untried(&leaf), many - MOST_TRIED_FOR_ONE);
        let judgement = judge_chain(&ChainInput {
            chain: std::slice::from_ref(&leaf.der),
            trust: Some(&Trust {
                roots: vec![Der::from(vec![0x30, 0])],
                ..Trust::default()
            }),
            judge: Side::Client,
            at_hand: &others,
            clock_unix_s: 0,
            key_in_use: None,
            possession: None,
        });
        let row = judgement.matrix.iter().find(|row| row.check == CheckKind::Issuer);
        let words = &row.expect("a row").detail;
        assert_eq!(
            words.contains("1 were not tried"),
            many > MOST_TRIED_FOR_ONE,
            "{words}"
        );
    }
}

#[test]
fn the_one_whose_key_is_named_is_tried_first() {
    let SameName { others, .. } = same_name(3 * MOST_TRIED_FOR_ONE);
    let (key, issuer) = (Key::new(), Key::new());
    let leaf = Certificate::read(&Der::from(
        Forge::leaf("leaf.example", "CA", &key, &issuer).sign(&issuer),
    ));
    let true_one = Der::from(Forge::ca("CA", "CA", &issuer, &issuer).sign(&issuer));
    let all = others.iter().chain([&true_one]).map(Certificate::read).collect();
    let pool = Pool::of(all);
    assert_eq!(
        pool.true_issuer(&leaf).map(|found| found.der.clone()),
        Some(true_one)
    );
}

#[test]
fn a_pool_finds_all_of_a_name_and_of_a_certificate_in_their_order() {
    let SameName { leaf, others } = same_name(3);
    let list = [&others[0], &leaf, &others[1], &others[0], &others[2]].map(Certificate::read);
    let pool = Pool::of(list.to_vec());
    assert_eq!(pool.named(&list[1]), [0, 2, 3, 4]);
    assert_eq!(pool.places_of(&list[0]), [0, 3]);
    assert!(pool.contains(&list[4]) && !Pool::of(Vec::new()).contains(&list[4]));
    let once = Pool::without_repeats(list.iter().cloned());
    assert_eq!(once.all().len(), 4);
    assert_eq!(once.named(&list[1]), [0, 2, 3]);
}

/// What explaining this chain costs where all of it, and as much again, lies in one file; and the causes found.
fn cost_of_explaining(chain: &[Der], others: &[Der]) -> (u64, Vec<CauseId>) {
    let root = Key::new();
    let trust = Trust {
        roots: vec![Der::from(Forge::ca("Root", "Root", &root, &root).sign(&root))],
        clock_unix_s: 1_800_000_000,
        ..Trust::default()
    };
    let lying = |side: Option<Side>, slot: Slot, list: &[Der]| -> Vec<AtHand> {
        let each = list.iter().enumerate();
        each.map(|(entry, der)| AtHand {
            side,
            slot,
            file: Some("all.pem".to_owned()),
            entry,
            line: Some(1 + entry),
            within: None,
            wrapping: None,
            der: der.clone(),
        })
        .collect()
    };
    let at_hand = [
        lying(Some(Side::Server), Slot::Certificate, chain),
        lying(None, Slot::Known, others),
    ]
    .concat();
    let input = ChainInput {
        chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    };
    let before = work::done();
    let explained = explain_chain(&input, &at_hand, None);
    let causes = explained.causes.iter().map(|cause| cause.id).collect();
    (work::done() - before, causes)
}

/// A chain the wrong way round: each CA was issued by the one before it, and the leaf comes last.
fn wrong_way_round(many: usize) -> Vec<Der> {
    let keys = [Key::new(), Key::new()];
    let cas = (0..many).map(|index| {
        let above = index
            .checked_sub(1)
            .map_or("Root".to_owned(), |above| format!("CA {above}"));
        let mut forge = Forge::ca(&format!("CA {index}"), &above, &keys[0], &keys[0]);
        forge.serial = (index as u32 + 0x0100_0000).to_be_bytes().to_vec();
        Der::from(forge.sign(&keys[0]))
    });
    let last = format!("CA {}", many - 1);
    let leaf = Forge::leaf("leaf.example", &last, &keys[1], &keys[0]).sign(&keys[0]);
    cas.chain([Der::from(leaf)]).collect()
}

#[test]
fn putting_a_chain_in_order_costs_no_more_than_its_length() {
    let cost = |many: usize| {
        let chain = wrong_way_round(many);
        let (cost, causes) = cost_of_explaining(&chain, &chain);
        assert!(causes.contains(&CauseId::LeafNotFirst), "{causes:?}");
        cost
    };
    let (few, many) = (cost(300), cost(1_200));
    assert!(many < few * 6, "300 cost {few}, four times as many cost {many}");
}

#[test]
fn one_certificate_many_times_costs_no_more_than_its_number() {
    let cost = |many: usize| {
        let key = Key::new();
        let leaf = Der::from(Forge::leaf("leaf.example", "Nobody", &key, &key).sign(&key));
        let chain = vec![leaf; many];
        let (cost, causes) = cost_of_explaining(&chain, &chain);
        assert!(!causes.is_empty());
        cost
    };
    let (few, many) = (cost(300), cost(1_200));
    assert!(many < few * 6, "300 cost {few}, four times as many cost {many}");
}

#[test]
fn what_cannot_be_read_is_looked_at_once_and_not_for_each_that_can() {
    let cost = |many: usize| {
        let keys = [Key::new(), Key::new()];
        let readable = (0..many).map(|index| {
            let mut forge = Forge::ca(
                &format!("CA {index}"),
                &format!("Above {index}"),
                &keys[0],
                &keys[1],
            );
            forge.serial = (index as u32 + 0x0100_0000).to_be_bytes().to_vec();
            Der::from(forge.sign(&keys[1]))
        });
        // Each is whole as far as its subject, and ends there.
        let unreadable = (0..many).map(|index| {
            let forge = Forge::ca(&format!("Other {index}"), "Above", &keys[0], &keys[1]);
            let mut der = forge.sign(&keys[1]);
            der.truncate(der.len() / 2);
            Der::from(der)
        });
        let leaf = Der::from(Forge::leaf("leaf.example", "CA", &keys[0], &keys[1]).sign(&keys[0]));
        let chain: Vec<Der> = [leaf].into_iter().chain(readable).chain(unreadable).collect();
        cost_of_explaining(&chain, &[]).0
    };
    let (few, many) = (cost(150), cost(600));
    assert!(many < few * 6, "150 cost {few}, four times as many cost {many}");
}

/// Two CAs that certified each other lead round in a circle, which is walked once.
#[test]
fn a_circle_is_walked_once_and_a_leaf_issues_nothing() {
    let keys = [Key::new(), Key::new(), Key::new()];
    let read = |list: &[Vec<u8>]| {
        Pool::of(
            list.iter()
                .map(|der| Certificate::read(&Der::from(der.clone())))
                .collect(),
        )
    };
    let one = Forge::ca("One", "Two", &keys[1], &keys[2]).sign(&keys[2]);
    let two = Forge::ca("Two", "One", &keys[2], &keys[1]).sign(&keys[1]);
    let leaf = Forge::leaf("leaf.example", "One", &keys[0], &keys[1]).sign(&keys[1]);
    let chain = read(&[leaf, one.clone(), two.clone()]);
    let sent = |root: Option<usize>, sent: &[usize]| super::Path {
        sent: sent.to_vec(),
        root,
    };
    assert_eq!(super::candidates(&chain, None), [sent(None, &[0, 1, 2])]);
    let roots = read(&[two]);
    assert_eq!(
        super::candidates(&chain, Some(&roots)),
        [sent(Some(0), &[0, 1]), sent(None, &[0, 1, 2])]
    );
    // A leaf that names itself.
    let own = Forge::leaf("One", "One", &keys[0], &keys[1]).sign(&keys[1]);
    let chain = read(&[own, one]);
    assert_eq!(super::candidates(&chain, None), [sent(None, &[0, 1])]);
}

//! The search tries every choice that its budget allows, and the budget ends where webpki's does.

use super::tests::forge::{Forge, Key};
use super::{Choice, Path, Pool, choose};
use crate::capture::Der;
use crate::diagnose::certificate::Certificate;

fn pool<'a>(all: impl IntoIterator<Item = &'a Certificate>) -> Pool {
    Pool::of(all.into_iter().cloned().collect())
}

fn read(der: Vec<u8>) -> Certificate {
    Certificate::read(&Der::from(der))
}

/// Where only the last of several roots, or of several certificates that were sent, leads anywhere, it is found; and only the
/// first that holds is taken.
#[test]
fn the_last_of_several_is_tried_as_well() {
    let (leaf_key, key) = (Key::new(), Key::new());
    let root_key = Key::new();
    for many in 1..=6 {
        let strangers: Vec<Certificate> = (1..many)
            .map(|_| {
                let other = Key::new();
                read(Forge::ca("Root", "Root", &other, &other).sign(&other))
            })
            .collect();
        let root = read(Forge::ca("Root", "Root", &root_key, &root_key).sign(&root_key));
        let leaf = read(Forge::leaf("a.example", "CA", &leaf_key, &key).sign(&key));
        let impostors: Vec<Certificate> = (1..many)
            .map(|_| read(Forge::ca("CA", "Root", &Key::new(), &root_key).sign(&root_key)))
            .collect();
        let true_one = read(Forge::ca("CA", "Root", &key, &root_key).sign(&root_key));
        for is_last in [true, false] {
            let in_order = |true_one, others: &[Certificate]| -> Vec<Certificate> {
                let mut all = others.to_vec();
                all.insert(if is_last { all.len() } else { 0 }, true_one);
                all
            };
            let mut sent = vec![leaf.clone()];
            sent.extend(in_order(true_one.clone(), &impostors));
            let roots = in_order(root.clone(), &strangers);
            let place = if is_last { many - 1 } else { 0 };
            let mut asked = Vec::new();
            let found = choose(&pool(&sent), Some(&pool(&roots)), &mut |_, _| true, &mut |path| {
                asked.push(path.clone());
                true
            });
            let wanted = Path {
                sent: vec![0, 1 + place],
                root: Some(place),
            };
            assert_eq!(
                found,
                Choice::Taken(wanted.clone()),
                "of {many}, the last {is_last}"
            );
            assert_eq!(asked, [wanted], "nothing else holds");
        }
    }
}

/// webpki steps on 200,000 certificates in one search (`build_chain_calls`): the last of them is still looked at.
#[test]
fn the_two_hundred_thousandth_step_is_taken_and_no_more() {
    let keys: Vec<Key> = (0..4).map(|_| Key::new()).collect();
    let [leaf_key, key, middle, top] = keys.as_slice() else {
        panic!("four")
    };
    let root = read(Forge::ca("Root", "Root", top, top).sign(top));
    let leaf = read(Forge::leaf("a.example", "CA", leaf_key, key).sign(key));
    // 399 certificates over which 499 more are looked at, each of them unfit: 199,500 steps.
    let below = read(Forge::ca("CA", "Middle", key, middle).sign(middle));
    let above = read(Forge::ca("Middle", "Root", middle, top).sign(top));
    let last = read(Forge::ca("CA", "Root", key, top).sign(top));
    for (unfit, is_found) in [(498, true), (499, true), (500, false)] {
        let mut sent = vec![leaf.clone()];
        sent.extend(std::iter::repeat_n(below.clone(), 399));
        // So many more steps, that lead no further.
        let from = sent.len();
        sent.extend(std::iter::repeat_n(below.clone(), unfit));
        let until = sent.len();
        sent.push(last.clone());
        let place = sent.len() - 1;
        sent.extend(std::iter::repeat_n(above.clone(), 499));
        let is_fit = |index: usize| !(from..until).contains(&index) && index <= place;
        let found = choose(
            &pool(&sent),
            Some(&pool([&root])),
            &mut |index, _| is_fit(index),
            &mut |_| true,
        );
        let wanted = if is_found {
            Choice::Taken(Path {
                sent: vec![0, place],
                root: Some(0),
            })
        } else {
            Choice::GaveUp
        };
        assert_eq!(found, wanted, "after {} steps", 399 * 500 + unfit + 1);
    }
}

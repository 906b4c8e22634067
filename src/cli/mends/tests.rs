//! Warnings in blocks: rows that the same commands mend stand together, over them once.

use super::*;
use crate::capture::Side;
use crate::diagnose::{Asker, CauseId, CheckKind, Demand, Remedy, Role, Tool};

fn row(detail: &str) -> MatrixRow {
    MatrixRow {
        side: Side::Client,
        certificate: None,
        role: Role::Leaf,
        check: CheckKind::Validity,
        outcome: Outcome::Warn,
        cause: None,
        is_refused_elsewhere: true,
        rules: Vec::new(),
        variety: None,
        demand: None,
        detail: detail.to_owned(),
    }
}

fn cause(title: &str, remedies: &[(Option<Tool>, &str)]) -> Cause {
    Cause {
        title: title.to_owned(),
        remedies: remedies
            .iter()
            .map(|(tool, command)| Remedy {
                tool: *tool,
                text: format!("Do {command}."),
                commands: vec![(*command).to_owned()],
            })
            .collect(),
        ..Cause::bare(CauseId::Expired)
    }
}

fn warned(cause: Cause, rows: &[usize]) -> Warned {
    Warned {
        cause,
        rows: rows.to_vec(),
        is_demand: false,
        is_quiet: false,
    }
}

fn demand() -> Demand {
    Demand {
        who: Asker::OpenVpn,
        setting: "s".to_owned(),
        asks_for: "a".to_owned(),
        words: "the demand's".to_owned(),
    }
}

fn written(rows: &[&str], warned: &[Warned], told: &[Cause]) -> Vec<String> {
    let rows: Vec<MatrixRow> = rows.iter().map(|detail| row(detail)).collect();
    let mut page = Page::default();
    write(&mut page, rows.iter().enumerate(), (warned, false), told, |row| {
        row.detail.clone()
    });
    page.text.lines().map(str::to_owned).collect()
}

#[test]
fn rows_stand_over_what_mends_them_and_no_line_twice() {
    let (renew, order) = (cause("r", &[(None, "renew")]), cause("o", &[(None, "order")]));
    let all = [
        warned(renew.clone(), &[0, 2]),
        warned(cause("other words", &[(None, "renew")]), &[4]),
        warned(order.clone(), &[1]),
        // Of another tool alone: there is nothing to paste, and the row stands with those that nothing mends.
        warned(cause("k", &[(Some(Tool::CertManager), "kubectl")]), &[5]),
    ];
    let rows = ["a", "b", "c", "d", "a", "e", "d"];
    assert_eq!(
        written(&rows, &all, &[]),
        [
            "  - a",
            "  - c",
            "    Fix: Do renew.",
            "    renew",
            "  - b",
            "    Fix: Do order.",
            "    order",
            "  - d",
            "  - e",
        ]
    );
    // What was told among the causes is not told again.
    assert_eq!(
        written(&rows[..2], &all, &[cause("first", &[(None, "order")])]),
        [
            "  - a",
            "    Fix: Do renew.",
            "    renew",
            "  - b",
            "    Fix: as above."
        ]
    );
    assert_eq!(
        written(&rows[..2], &all, &[order, renew]),
        ["  - a", "    Fix: as above.", "  - b", "    Fix: as above."]
    );
    assert_eq!(written(&[], &all, &[]), Vec::<String>::new());
}

#[test]
fn a_row_is_told_of_by_what_is_loud_and_of_its_kind() {
    let flags = |is_demand, is_quiet, title: &str| Warned {
        is_demand,
        is_quiet,
        ..warned(cause(title, &[]), &[3])
    };
    let all = [
        flags(false, true, "quiet"),
        flags(true, true, "quiet demand"),
        flags(true, false, "demand"),
        flags(false, false, "warning"),
        flags(false, false, "second"),
    ];
    let title = |row, is_demand| of_row(&all, row, is_demand).map(|cause| cause.title.as_str());
    assert_eq!(title(3, false), Some("warning"));
    assert_eq!(title(3, true), Some("demand"));
    assert_eq!((title(2, false), title(2, true)), (None, None));
    let titles =
        |all: Vec<&Warned>| -> Vec<String> { all.iter().map(|one| one.cause.title.clone()).collect() };
    assert_eq!(titles(quiet(&all).collect()), ["quiet", "quiet demand"]);
    assert_eq!(titles(demanded(&all).collect()), ["demand"]);
    let mut page = Page::default();
    quietly(&mut page, 2, &all);
    assert_eq!(page.text, "\n  quiet.\n  quiet demand.\n");
    let mut page = Page::default();
    quietly(&mut page, 2, &all[2..]);
    assert_eq!(page.text, "");
}

#[test]
fn a_demand_has_its_own_words() {
    let mut one = row("the row's");
    assert_eq!(
        (words(&one, false), words(&one, true)),
        ("the row's", "the row's")
    );
    one.demand = Some(demand());
    assert_eq!(words(&one, false), "the row's");
    assert_eq!(words(&one, true), "the demand's");
}

//! In which order the lines stand: the file's, or by a column.

use std::net::SocketAddr;

use super::{ClientCertificate, Row};
use crate::diagnose::Verdict;

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words at the columns' heads")]
pub enum Column {
    Number,
    Time,
    Client,
    Server,
    Name,
    Version,
    ClientCertificate,
    Ending,
}

impl Column {
    /// All of them, from left to right.
    pub const ALL: [Self; 8] = [
        Self::Number,
        Self::Time,
        Self::Client,
        Self::Server,
        Self::Name,
        Self::Version,
        Self::ClientCertificate,
        Self::Ending,
    ];
}

/// By a column, upwards or downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which.
    pub column: Column,
    /// The largest first.
    pub is_descending: bool,
}

impl Order {
    /// What a click on a column's head makes of an order: ascending, descending, and back to the file's.
    pub fn after_click(order: Option<Self>, column: Column) -> Option<Self> {
        match order {
            Some(order) if order.column == column => (!order.is_descending).then_some(Self {
                is_descending: true,
                ..order
            }),
            Some(_) | None => Some(Self {
                column,
                is_descending: false,
            }),
        }
    }
}

/// Puts line numbers, which stand in the file's order, into another. Lines that are equal keep the file's order, upwards and
/// downwards. Each line's key is made once.
pub fn put_in_order(rows: &[Row], shown: &mut [usize], order: Option<Order>) {
    let Some(order) = order else { return };
    let key = |index: usize| rows.get(index).map(|row| key(row, index, order.column));
    let mut keyed: Vec<(Option<Key<'_>>, usize)> = shown.iter().map(|index| (key(*index), *index)).collect();
    keyed.sort_by(|(one, _), (other, _)| {
        if order.is_descending {
            other.cmp(one)
        } else {
            one.cmp(other)
        }
    });
    for (place, (_, index)) in shown.iter_mut().zip(keyed) {
        *place = index;
    }
}

/// What a line is compared by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Number(i64),
    /// Numbers are compared as numbers: 10.0.0.9 stands before 10.0.0.10.
    Address(SocketAddr),
    /// In any case; what has none stands last.
    Text(bool, String),
    /// What needs somebody stands first; then by its words.
    Ranked(u8, &'a str),
}

fn key(row: &Row, index: usize, column: Column) -> Key<'_> {
    match column {
        Column::Number => Key::Number(i64::try_from(index).unwrap_or(i64::MAX)),
        Column::Time => Key::Number(row.started_at_unix_us),
        Column::Client => address(&row.client),
        Column::Server => address(&row.server),
        Column::Name => {
            let carrier = || row.client_said.as_deref().or(row.carrier.as_deref());
            text(row.sni.as_deref().or_else(carrier).or(row.preamble))
        }
        Column::Version => text(row.version.as_deref()),
        Column::ClientCertificate => Key::Ranked(
            match row.client_certificate {
                ClientCertificate::Sent => 0,
                ClientCertificate::Withheld => 1,
                ClientCertificate::NotAsked => 2,
                ClientCertificate::Unknown => 3,
            },
            "",
        ),
        Column::Ending => Key::Ranked(
            match row.verdict {
                Verdict::Rejected => 0,
                Verdict::Unfinished => 1,
                Verdict::Unknown => 2,
                Verdict::Accepted => 3,
            },
            &row.ending,
        ),
    }
}

fn address(text: &str) -> Key<'_> {
    text.parse()
        .map_or_else(|_| Key::Text(false, text.to_owned()), Key::Address)
}

fn text(text: Option<&str>) -> Key<'_> {
    Key::Text(text.is_none(), text.unwrap_or_default().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that differ in what is sorted by.
    fn rows() -> Vec<Row> {
        let row = |client: &str, name: Option<&str>, version: Option<&str>, verdict, at| Row {
            connection: 0,
            started_at_unix_us: at,
            client: client.to_owned(),
            server: "10.0.0.1:443".to_owned(),
            sni: name.map(str::to_owned),
            version: version.map(str::to_owned),
            preamble: None,
            tunnel: None,
            carrier: None,
            client_said: None,
            client_certificate: ClientCertificate::NotAsked,
            began_before_recording: false,
            verdict,
            ending: verdict.word().to_owned(),
            payload_bytes: 1,
        };
        vec![
            row("10.0.0.10:1", Some("b"), Some("TLS 1.3"), Verdict::Accepted, 30),
            row("10.0.0.9:2", None, None, Verdict::Unfinished, 10),
            row("10.0.0.9:1", Some("A"), Some("TLS 1.2"), Verdict::Accepted, 20),
            row("[::1]:5", Some("c"), Some("TLS 1.3"), Verdict::Rejected, 20),
        ]
    }

    fn by(column: Column, is_descending: bool) -> Vec<usize> {
        let rows = rows();
        let mut shown: Vec<usize> = (0..rows.len()).collect();
        put_in_order(
            &rows,
            &mut shown,
            Some(Order {
                column,
                is_descending,
            }),
        );
        shown
    }

    #[test]
    fn each_column_has_its_own_order() {
        assert_eq!(by(Column::Number, false), [0, 1, 2, 3]);
        assert_eq!(by(Column::Number, true), [3, 2, 1, 0]);
        assert_eq!(by(Column::Time, false), [1, 2, 3, 0]);
        assert_eq!(by(Column::Client, false), [2, 1, 0, 3], "as numbers");
        assert_eq!(
            by(Column::Name, false),
            [2, 0, 3, 1],
            "in any case, and none last"
        );
        assert_eq!(by(Column::Version, false), [2, 0, 3, 1]);
        assert_eq!(by(Column::Ending, false), [3, 1, 0, 2], "what failed first");
    }

    #[test]
    fn equal_lines_keep_the_files_order_both_ways() {
        for is_descending in [false, true] {
            assert_eq!(by(Column::Server, is_descending), [0, 1, 2, 3]);
            assert_eq!(by(Column::ClientCertificate, is_descending), [0, 1, 2, 3]);
        }
        assert_eq!(by(Column::Version, true), [1, 0, 3, 2]);
        assert_eq!(by(Column::Time, true), [0, 2, 3, 1]);
    }

    #[test]
    fn a_head_leads_up_then_down_then_back() {
        let up = Order::after_click(None, Column::Name);
        assert!(up.is_some_and(|order| !order.is_descending && order.column == Column::Name));
        let down = Order::after_click(up, Column::Name);
        assert!(down.is_some_and(|order| order.is_descending));
        assert_eq!(Order::after_click(down, Column::Name), None);
        let other = Order::after_click(down, Column::Time);
        assert!(other.is_some_and(|order| order.column == Column::Time && !order.is_descending));
    }

    #[test]
    fn what_is_filtered_away_is_not_sorted_back_in() {
        let rows = rows();
        let mut shown = vec![0, 2];
        put_in_order(&rows, &mut shown, Order::after_click(None, Column::Name));
        assert_eq!(shown, [2, 0]);
        put_in_order(&rows, &mut shown, None);
        assert_eq!(shown, [2, 0], "without an order nothing moves");
    }

    #[test]
    fn certificates_and_endings_stand_by_rank_and_names_by_letter() {
        let kinds = [
            ClientCertificate::Unknown,
            ClientCertificate::NotAsked,
            ClientCertificate::Withheld,
            ClientCertificate::Sent,
        ];
        let verdicts = [
            Verdict::Accepted,
            Verdict::Unknown,
            Verdict::Unfinished,
            Verdict::Rejected,
        ];
        let mut rows = rows();
        for ((row, kind), (verdict, name)) in rows
            .iter_mut()
            .zip(kinds)
            .zip(verdicts.into_iter().zip(["D", "c", "B", "a"]))
        {
            row.client_certificate = kind;
            row.verdict = verdict;
            row.sni = Some(name.to_owned());
        }
        for column in [Column::ClientCertificate, Column::Ending, Column::Name] {
            let mut shown = vec![0, 1, 2, 3];
            put_in_order(&rows, &mut shown, Order::after_click(None, column));
            assert_eq!(shown, [3, 2, 1, 0], "{column:?}");
        }
    }
}

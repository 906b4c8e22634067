//! Values of flags, from words: each mistake is told with what would do.

use crate::capture::ClientAuth;
use crate::diagnose::Tool;
use crate::setup::TlsVersion;

pub(super) fn parse_version(word: &str) -> Result<TlsVersion, String> {
    match word {
        "1.2" => Ok(TlsVersion::Tls12),
        "1.3" => Ok(TlsVersion::Tls13),
        _ => Err("the lab speaks 1.2 and 1.3".to_owned()),
    }
}

pub(super) fn parse_client_auth(word: &str) -> Result<ClientAuth, String> {
    match word {
        "required" => Ok(ClientAuth::Required),
        "optional" => Ok(ClientAuth::Optional),
        "none" => Ok(ClientAuth::None),
        _ => Err("say required, optional or none".to_owned()),
    }
}

pub(super) fn parse_tool(word: &str) -> Result<Tool, String> {
    Tool::ALL
        .into_iter()
        .find(|tool| tool.word() == word)
        .ok_or_else(|| {
            let known: Vec<&str> = Tool::ALL.into_iter().map(Tool::word).collect();
            format!("say one of {}", known.join(", "))
        })
}

/// Seconds since the Unix epoch.
pub(super) fn parse_time(text: &str) -> Result<i64, String> {
    text.parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_second)
        .map_err(|_| match jiff::fmt::temporal::Pieces::parse(text) {
            // It is a time with its zone: what is wrong is when.
            Ok(pieces) if pieces.offset().is_some() => format!(
                "this time is beyond what is reckoned with, from {} to {}",
                jiff::Timestamp::MIN,
                jiff::Timestamp::MAX
            ),
            _ => "write a time with its zone, such as 2027-01-31T12:00:00Z".to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_its_zone() {
        assert_eq!(parse_time("1970-01-01T00:01:00Z"), Ok(60));
        assert_eq!(parse_time("1970-01-01T02:00:00+02:00"), Ok(0));
        for wrong in [
            "1970-01-01",
            "1970-01-01T00:00:00",
            "9999-12-31Z",
            "9999-12-31[+01:00]",
            "",
            "tomorrow",
        ] {
            assert!(parse_time(wrong).expect_err(wrong).contains("with its zone"));
        }
        let words = parse_time("9999-12-31T23:59:59Z").expect_err("beyond the library's bound");
        assert!(
            words.contains("9999-12-30T22:00:00") && !words.contains("zone"),
            "{words}"
        );
        assert!(parse_time("9999-12-30T21:59:59Z").is_ok());
    }

    #[test]
    fn a_word_is_one_of_those_that_are_known() {
        assert_eq!(parse_version("1.2"), Ok(TlsVersion::Tls12));
        assert_eq!(parse_version("1.3"), Ok(TlsVersion::Tls13));
        assert_eq!(parse_version("1.1"), Err("the lab speaks 1.2 and 1.3".to_owned()));
        for (word, wanted) in [
            ("required", Ok(ClientAuth::Required)),
            ("optional", Ok(ClientAuth::Optional)),
            ("none", Ok(ClientAuth::None)),
            ("", Err("say required, optional or none".to_owned())),
        ] {
            assert_eq!(parse_client_auth(word), wanted, "{word}");
        }
        for tool in Tool::ALL {
            assert_eq!(parse_tool(tool.word()), Ok(tool));
        }
        let words = parse_tool("nobody").expect_err("no tool");
        let known: Vec<&str> = Tool::ALL.into_iter().map(Tool::word).collect();
        assert_eq!(words, format!("say one of {}", known.join(", ")));
    }
}

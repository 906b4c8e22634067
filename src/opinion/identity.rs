//! The throw-away identity that a program plays its end with: made for one connection, trusted by our end alone.

use crate::pki::{MintedIdentity, Recipe, mint};

/// The name that our own client asks a program's server for.
pub(super) const HOST: &str = "localhost";

const RECIPES: &str = r#"#![enable(implicit_some)] [
    (name: "ca", subject: "mtlscope throw-away CA", is_ca: true),
    (name: "own", subject: "mtlscope throw-away", issuer: "ca", sans: ["DNS:localhost", "IP:127.0.0.1"],
     purposes: ["serverAuth", "clientAuth"]),
]"#;

/// What our end trusts, and what the program presents.
#[derive(Clone, Debug)]
pub(super) struct ThrowAway {
    pub ca: MintedIdentity,
    pub own: MintedIdentity,
}

impl ThrowAway {
    pub fn mint(now_unix_s: i64) -> Result<Self, String> {
        let recipes: Vec<Recipe> = ron::from_str(RECIPES).map_err(|error| error.to_string())?;
        let minted = mint(&recipes, now_unix_s).map_err(|error| error.to_string())?;
        let find = |name| minted.find(name).cloned().map_err(|error| error.to_string());
        Ok(Self {
            ca: find("ca")?,
            own: find("own")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_anew_each_time() {
        let (one, other) = (
            ThrowAway::mint(1_800_000_000).expect("made"),
            ThrowAway::mint(1_800_000_000).expect("made"),
        );
        assert_ne!(one.own.key.key.public_key, other.own.key.key.public_key);
    }
}

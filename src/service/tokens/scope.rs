//! What a client asks for: permissions by their names, all that it has been given, and what OpenID Connect adds.

use super::error::OAuthError;
use crate::domain::client::ApiPermission;
use crate::domain::text::StringEnum;

/// The address of the service whose API ours is compatible with: its clients ask for permissions there unless they are told otherwise.
const COMPATIBLE: &str = "https://graph.microsoft.com";

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    /// By name.
    pub permissions: Vec<ApiPermission>,
    /// All that the client has been given.
    pub default: bool,
    /// An id token.
    pub openid: bool,
    /// A refresh token.
    pub offline: bool,
}

impl Scopes {
    /// Reads what a client asks for of the API at `origin`.
    pub fn read(text: &str, origin: &str) -> Result<Self, OAuthError> {
        let mut scopes = Self::default();
        for word in text.split_ascii_whitespace() {
            match word {
                "openid" => scopes.openid = true,
                "offline_access" => scopes.offline = true,
                "profile" | "email" => {}
                word => scopes.add(word, origin)?,
            }
        }
        scopes.permissions.sort_unstable();
        scopes.permissions.dedup();
        Ok(scopes)
    }

    fn add(&mut self, word: &str, origin: &str) -> Result<(), OAuthError> {
        let of_resource = [origin, COMPATIBLE]
            .into_iter()
            .find_map(|resource| word.strip_prefix(resource)?.strip_prefix('/'));
        let name = of_resource.unwrap_or(word).trim_start_matches('/');
        if name == ".default" && of_resource.is_some() {
            self.default = true;
            return Ok(());
        }
        let permission = name.parse().map_err(|_| {
            let shown: String = word.chars().take(100).collect();
            OAuthError::new(
                "invalid_scope",
                format!("{shown} is not a permission of this API. Ask for {origin}/.default, or for permissions by their names."),
            )
        })?;
        self.permissions.push(permission);
        Ok(())
    }

    /// As it is kept, with `.default` replaced by what it stands for.
    pub fn text(&self) -> String {
        let flags = [("openid", self.openid), ("offline_access", self.offline)];
        let flags = flags.into_iter().filter(|(_, set)| *set).map(|(word, _)| word);
        let words = flags.chain(self.permissions.iter().map(|permission| permission.as_str()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// Reads what was kept; what this version does not know gives nothing.
    pub fn kept(text: &str) -> Self {
        let mut scopes = Self::default();
        for word in text.split(' ') {
            match word {
                "openid" => scopes.openid = true,
                "offline_access" => scopes.offline = true,
                word => scopes.permissions.extend(word.parse::<ApiPermission>().ok()),
            }
        }
        scopes
    }

    /// What they let a client do, as it stands behind "can" in a sentence.
    pub fn words(&self) -> Vec<&'static str> {
        let who = self.openid.then_some("know who you are: your name and user name");
        who.into_iter()
            .chain(self.permissions.iter().map(|permission| permission.what()))
            .collect()
    }

    /// Whether all of the other is in this one.
    pub fn covers(&self, other: &Self) -> bool {
        (self.openid || !other.openid)
            && (self.offline || !other.offline)
            && other.permissions.iter().all(|permission| self.permissions.contains(permission))
    }

    /// Both together.
    pub fn and(mut self, other: &Self) -> Self {
        self.openid |= other.openid;
        self.offline |= other.offline;
        self.permissions.extend(&other.permissions);
        self.permissions.sort_unstable();
        self.permissions.dedup();
        self
    }
}

/// What kept scopes let a client do, in words, and whether it stays signed in.
pub fn words_of(kept: &str) -> (Vec<&'static str>, bool) {
    let scopes = Scopes::kept(kept);
    (scopes.words(), scopes.offline)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://access.example";

    #[test]
    fn permissions_are_asked_for_by_name_or_by_address() {
        let text = "openid profile offline_access https://access.example/User.Read.All User.Read.All https://graph.microsoft.com/User.Read";
        let scopes = Scopes::read(text, HERE).expect("scopes");
        assert!(scopes.openid && scopes.offline && !scopes.default);
        assert_eq!(scopes.text(), "openid offline_access User.Read User.Read.All");
        assert_eq!(Scopes::kept(&scopes.text()), scopes);
        for all in ["https://access.example/.default", "https://graph.microsoft.com//.default"] {
            assert!(Scopes::read(all, HERE).expect("scopes").default, "{all}");
        }
        for bad in [
            ".default",
            "https://other.example/.default",
            "User.Read.Everything",
            "https://access.example.evil/.default",
        ] {
            assert_eq!(Scopes::read(bad, HERE).expect_err("refused").code, "invalid_scope", "{bad}");
        }
    }

    #[test]
    fn what_was_allowed_covers_what_is_asked_for_again() {
        let one = Scopes::kept("openid User.Read");
        let more = Scopes::kept("openid User.Read User.Read.All");
        assert!(more.covers(&one) && !one.covers(&more));
        assert_eq!(one.and(&more), more);
    }
}

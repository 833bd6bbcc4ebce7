//! What is typed about a client: its name and redirect addresses, a new secret, a new key.

use serde::{Deserialize, Serialize};

use super::redirect::is_redirect;
use crate::domain::text::DESCRIPTION_MAX;
use crate::domain::validate::{Checker, Code, FieldErrors, Name};

/// Redirect addresses of one client at the most.
pub const REDIRECTS_MAX: usize = 20;
/// Secrets of one client at the most.
pub const SECRETS_MAX: usize = 10;
/// Keys of one client at the most.
pub const KEYS_MAX: usize = 10;
/// Days that a secret lasts at the most.
const DAYS_MAX: i64 = 730;
/// The longest key or certificate, in characters.
const KEY_MAX: usize = 8_192;

/// A client, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientForm {
    /// Its name, which people are shown who let it act for them.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it may send people back to, one address a line.
    pub redirects: String,
    /// It can keep no secret.
    pub public_client: bool,
}

/// A checked client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClient {
    /// Its name.
    pub name: Name,
    /// Description, or empty.
    pub description: String,
    /// Where it may send people back to.
    pub redirects: Vec<String>,
    /// It can keep no secret.
    pub public_client: bool,
}

impl ClientForm {
    /// The client that this form asks for.
    pub fn check(&self) -> Result<NewClient, FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name);
        let description = check.paragraph("description", &self.description, DESCRIPTION_MAX);
        let lines = self.redirects.lines().map(str::trim).filter(|line| !line.is_empty());
        let redirects: Vec<String> = lines.map(str::to_owned).collect();
        if redirects.len() > REDIRECTS_MAX {
            check.fail("redirects", Code::TooMany(REDIRECTS_MAX));
        } else if let Some(bad) = redirects.iter().find(|line| !is_redirect(line)) {
            check.fail("redirects", Code::NotARedirect(bad.chars().take(80).collect()));
        } else if (1..redirects.len()).any(|at| redirects[..at].contains(&redirects[at])) {
            check.fail("redirects", Code::Repeated);
        }
        check.finish(NewClient {
            name,
            description,
            redirects,
            public_client: self.public_client,
        })
    }
}

/// A new secret, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecretForm {
    /// What it is for.
    pub name: String,
    /// Days that it lasts.
    pub days: String,
}

impl SecretForm {
    /// What it is for, and how long it lasts.
    pub fn check(&self) -> Result<(String, i64), FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name).text;
        let days = check.number("days", &self.days, 1, DAYS_MAX);
        check.finish((name, days))
    }
}

/// A new public key, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyForm {
    /// What it is for.
    pub name: String,
    /// The key or the certificate in PEM form.
    pub key: String,
}

impl KeyForm {
    /// What it is for, and the key as typed. Whether it is one, the server reads.
    pub fn check(&self) -> Result<(String, String), FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name).text;
        let key = check.required_paragraph("key", &self.key, KEY_MAX);
        check.finish((name, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(form: &ClientForm) -> Vec<String> {
        let errors = form.check().expect_err("faults");
        errors.into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn a_client_needs_a_name_and_addresses_that_can_be_used() {
        let form = ClientForm {
            name: " Sync ".into(),
            redirects: "https://a.example/cb\n\n http://localhost \n".into(),
            ..ClientForm::default()
        };
        let client = form.check().expect("a client");
        assert_eq!((client.name.text.as_str(), client.redirects.len()), ("Sync", 2));
        assert_eq!(faults(&ClientForm::default()), ["name"]);
        for redirects in [
            "ftp://x",
            "https://a.example/\nhttps://a.example/",
            &"https://a.example/\n".repeat(21),
        ] {
            let bad = ClientForm {
                redirects: redirects.to_owned(),
                ..form.clone()
            };
            assert_eq!(faults(&bad), ["redirects"]);
        }
    }

    #[test]
    fn a_secret_ends() {
        let form = |days: &str| SecretForm {
            name: "CI".into(),
            days: days.into(),
        };
        assert_eq!(form("180").check(), Ok(("CI".into(), 180)));
        for bad in ["", "0", "731", "-1", "forever"] {
            assert!(form(bad).check().is_err(), "{bad}");
        }
    }
}

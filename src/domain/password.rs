//! What a password must be, and the form in which one is changed.

use serde::{Deserialize, Serialize};

use super::validate::{Checker, Code, FieldErrors};

/// The shortest password, in characters (NIST SP 800-63B asks for 8 at least).
pub const PASSWORD_MIN: usize = 12;
/// The longest password, in characters.
pub const PASSWORD_MAX: usize = 128;

/// Checks a new password: its length, and that it is neither a well-known one nor built from the account's own names.
pub fn check_password(check: &mut Checker, path: &str, password: &str, own_names: &[&str]) {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    if length == 0 {
        check.fail(path, Code::Required);
    } else if length < PASSWORD_MIN {
        check.fail(path, Code::TooShort(PASSWORD_MIN));
    } else if length > PASSWORD_MAX {
        check.fail(path, Code::TooLong(PASSWORD_MAX));
    } else if is_common(&lower)
        || own_names
            .iter()
            .any(|name| !name.is_empty() && lower.replace(name, "").chars().count() < 4)
    {
        check.fail(path, Code::TooCommon);
    }
}

/// One character, or a run of neighbours, or a famous word with padding.
fn is_common(lower: &str) -> bool {
    let mut chars = lower.chars();
    let first = chars.next();
    let single = chars.all(|c| Some(c) == first);
    let rest = lower.trim_matches(|c: char| !c.is_alphabetic());
    single
        || ["1234567890", "qwertyuiop", "abcdefghij"].iter().any(|run| lower.starts_with(run))
        || matches!(rest, "password" | "passwort" | "welcome" | "woodgate" | "letmein" | "administrator")
}

/// The Change password form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordForm {
    /// The password that holds now.
    pub current: String,
    /// The new one.
    pub new: String,
    /// The new one once more.
    pub again: String,
}

impl PasswordForm {
    /// The new password, if it may be taken.
    pub fn check(&self, own_names: &[&str]) -> Result<String, FieldErrors> {
        let mut check = Checker::default();
        if self.current.is_empty() {
            check.fail("current", Code::Required);
        }
        check_password(&mut check, "new", &self.new, own_names);
        if self.new != self.again {
            check.fail("again", Code::Mismatch);
        }
        check.finish(self.new.clone())
    }
}

/// The form in which the first password of an account is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstPasswordForm {
    /// The password.
    pub new: String,
    /// The password once more.
    pub again: String,
}

impl FirstPasswordForm {
    /// The password, if it may be taken.
    pub fn check(&self, own_names: &[&str]) -> Result<String, FieldErrors> {
        let mut check = Checker::default();
        check_password(&mut check, "new", &self.new, own_names);
        if self.new != self.again {
            check.fail("again", Code::Mismatch);
        }
        check.finish(self.new.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_passwords_are_refused() {
        for bad in [
            "aaaaaaaaaaaaaa",
            "password123456",
            "1234567890123",
            "requestor1..x",
            "Welcome2026!!!",
        ] {
            let mut check = Checker::default();
            check_password(&mut check, "password", bad, &["requestor1"]);
            assert_eq!(check.into_errors().len(), 1, "{bad}");
        }
    }
}

//! Whether something may be done, and why not if it may not: the words that a refused call answers with and that a page shows beside a
//! disabled control. Knows no rule itself.

use serde::{Deserialize, Serialize};

/// Why something may not be done, in words that help. `rule` names the rule for tests and the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule, such as `needs-role`.
    pub rule: String,
    /// One or two sentences: what is refused, and what would help.
    pub reason: String,
}

impl Refusal {
    /// A refusal by a rule, with its sentence.
    pub fn new(rule: &str, reason: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            reason: reason.into(),
        }
    }
}

/// Whether a control can be used. There is no default: whoever makes one has decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permission {
    /// It may be done.
    Allowed,
    /// It may not, and why.
    Denied(Refusal),
}

impl Permission {
    /// Whether it may be done.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }

    /// Why it may not be done, if so.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Allowed => None,
            Self::Denied(refusal) => Some(refusal),
        }
    }

    /// The sentence that a disabled control states.
    pub fn reason(&self) -> Option<String> {
        self.refusal().map(|refusal| refusal.reason.clone())
    }

    /// Allowed only if the other rule allows it too; the first refusal is the one that is told.
    pub fn and(self, other: Result<(), Refusal>) -> Self {
        match self {
            Self::Allowed => other.into(),
            denied => denied,
        }
    }
}

impl From<Result<(), Refusal>> for Permission {
    fn from(result: Result<(), Refusal>) -> Self {
        match result {
            Ok(()) => Self::Allowed,
            Err(refusal) => Self::Denied(refusal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C21: what is allowed has a name of its own.
    #[test]
    fn the_first_refusal_is_told() {
        let no = |rule: &str| Err(Refusal::new(rule, rule));
        assert!(Permission::from(Ok(())).and(Ok(())).is_allowed());
        let both = Permission::from(no("first")).and(no("second"));
        assert_eq!(both.reason().as_deref(), Some("first"));
        assert_eq!(Permission::Allowed.and(no("second")).reason().as_deref(), Some("second"));
        assert!(Permission::Allowed.refusal().is_none());
    }
}

//! The life cycle of people from outside: a guest who is governed is blocked when the last access ends, and deleted some days later (F161).
//! Guests who are not governed are left alone (F162).

use serde::{Deserialize, Serialize};

use chrono::{DateTime, Duration, Utc};

use super::refusal::Refusal;
use super::text::string_enum;
use super::user::UserKind;

/// Days from blocking to deletion at the most.
pub const DELETE_DAYS_MAX: i64 = 3_650;

string_enum! {
    /// What becomes of a governed guest without access.
    ExternalUserAction {
        /// Nothing.
        Nothing = "none",
        /// Sign-in is blocked.
        Block = "block",
        /// Sign-in is blocked, and the account deleted some days later.
        BlockAndDelete = "block_and_delete",
    }
}

string_enum! {
    /// Whether the product ends a guest's account once no access is left.
    UserLifecycle {
        /// It does.
        Governed = "governed",
        /// It does not.
        Ungoverned = "ungoverned",
    }
}

impl UserLifecycle {
    /// Of a guest; members have none.
    pub fn of(kind: UserKind, governed: bool) -> Option<Self> {
        match (kind, governed) {
            (UserKind::Member, _) => None,
            (UserKind::Guest, true) => Some(Self::Governed),
            (UserKind::Guest, false) => Some(Self::Ungoverned),
        }
    }

    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Governed => "Governed",
            Self::Ungoverned => "Ungoverned",
        }
    }
}

/// What the tenant has chosen for governed guests without access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalUserTerms {
    /// What becomes of them.
    pub action: ExternalUserAction,
    /// Days from blocking to deletion; 0 deletes at once.
    pub days: i64,
}

/// How a governed guest stands of whom no access is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaver {
    /// May sign in.
    pub enabled: bool,
    /// When the product blocked them because no access was left, if it did.
    pub left_at: Option<DateTime<Utc>>,
    /// Holds a directory role: an administrator decides on their account.
    pub administrator: bool,
}

/// What is to be done with a guest's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveStep {
    /// Nothing, or nothing yet.
    Wait,
    /// Sign-in is blocked.
    Block,
    /// The account is deleted.
    Delete,
}

impl ExternalUserTerms {
    /// What is to be done at `now` with a governed guest of whom no access is left. Who was blocked by an administrator stays as they are.
    pub fn step(&self, leaver: &Leaver, now: DateTime<Utc>) -> LeaveStep {
        let deletes = self.action == ExternalUserAction::BlockAndDelete;
        match leaver.left_at {
            _ if leaver.administrator || self.action == ExternalUserAction::Nothing => LeaveStep::Wait,
            _ if leaver.enabled && deletes && self.days == 0 => LeaveStep::Delete,
            _ if leaver.enabled => LeaveStep::Block,
            Some(left_at) if deletes && left_at + Duration::days(self.days) <= now => LeaveStep::Delete,
            _ => LeaveStep::Wait,
        }
    }
}

/// Whether somebody can be governed: guests alone.
pub fn may_govern(name: &str, kind: UserKind) -> Result<(), Refusal> {
    match kind {
        UserKind::Guest => Ok(()),
        UserKind::Member => Err(Refusal::new(
            "not-a-guest",
            format!("{name} is a member of your organization. Only guests can be marked as governed."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f161_a_leaver_is_blocked_then_deleted_after_the_days_and_at_once_with_none() {
        let at = |days: i64| DateTime::UNIX_EPOCH + Duration::days(days);
        let here = Leaver {
            enabled: true,
            left_at: None,
            administrator: false,
        };
        let blocked = Leaver {
            enabled: false,
            left_at: Some(at(10)),
            ..here
        };
        let terms = |action, days| ExternalUserTerms { action, days };
        let usual = terms(ExternalUserAction::BlockAndDelete, 30);
        assert_eq!(usual.step(&here, at(10)), LeaveStep::Block);
        assert_eq!(usual.step(&blocked, at(39)), LeaveStep::Wait);
        assert_eq!(usual.step(&blocked, at(40)), LeaveStep::Delete);
        assert_eq!(terms(ExternalUserAction::BlockAndDelete, 0).step(&here, at(10)), LeaveStep::Delete);
        let only_blocks = terms(ExternalUserAction::Block, 0);
        assert_eq!(
            (only_blocks.step(&here, at(1)), only_blocks.step(&blocked, at(99))),
            (LeaveStep::Block, LeaveStep::Wait)
        );
        let by_hand = Leaver {
            enabled: false,
            left_at: None,
            ..here
        };
        assert_eq!(usual.step(&by_hand, at(99)), LeaveStep::Wait);
        let administrator = Leaver {
            administrator: true,
            ..here
        };
        assert_eq!(usual.step(&administrator, at(10)), LeaveStep::Wait);
        assert_eq!(terms(ExternalUserAction::Nothing, 0).step(&here, at(10)), LeaveStep::Wait);
    }

    #[test]
    fn f162_guests_alone_have_a_life_cycle() {
        assert_eq!(UserLifecycle::of(UserKind::Member, true), None);
        assert_eq!(UserLifecycle::of(UserKind::Guest, true), Some(UserLifecycle::Governed));
        assert!(may_govern("Ada", UserKind::Member).is_err() && may_govern("Eve", UserKind::Guest).is_ok());
    }
}

//! An exception: one person may get a package in spite of one rule, for a reason and until a date. It ends by itself, since whether it holds
//! is asked at the moment of reading.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::id::{ExceptionId, IncompatibilityId, Named, PackageId, UserId};
use crate::domain::page::PageQuery;
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::text::{DESCRIPTION_MAX, string_enum};
use crate::domain::typed_time::instant;
use crate::domain::validate::{Checker, Code, FieldErrors};

/// Days that an exception can last; it can be granted anew afterwards.
pub const EXCEPTION_DAYS_MAX: i64 = 366;

string_enum! {
    /// Where an exception stands.
    ExceptionState {
        /// It holds.
        Active = "active",
        /// Its end has come.
        Expired = "expired",
        /// It was ended before.
        Ended = "ended",
    }
}

impl ExceptionState {
    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Expired => "Expired",
            Self::Ended => "Ended",
        }
    }
}

/// Where an exception stands at `now`.
pub fn exception_state(ends_at: DateTime<Utc>, ended_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> ExceptionState {
    match ended_at {
        Some(ended) if ended < ends_at => ExceptionState::Ended,
        _ if ends_at <= now => ExceptionState::Expired,
        _ => ExceptionState::Active,
    }
}

/// Grant exception, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionForm {
    /// From a rule of this package.
    pub package: PackageId,
    /// From which.
    pub rule: Option<IncompatibilityId>,
    /// For whom.
    pub user: Option<UserId>,
    /// Why.
    pub reason: String,
    /// RFC 3339 instant until which.
    pub ends_at: String,
}

/// A checked exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewException {
    /// From which rule.
    pub rule: IncompatibilityId,
    /// For whom.
    pub user: UserId,
    /// Why.
    pub reason: String,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

impl ExceptionForm {
    /// The exception that this form asks for.
    pub fn check(&self, now: DateTime<Utc>) -> Result<NewException, FieldErrors> {
        let mut check = Checker::default();
        if self.rule.is_none() {
            check.fail("rule", Code::Required);
        }
        if self.user.is_none() {
            check.fail("user", Code::Required);
        }
        let reason = check.required_paragraph("reason", &self.reason, DESCRIPTION_MAX);
        let ends_at = self.end(&mut check, now);
        match (self.rule, self.user, ends_at) {
            (Some(rule), Some(user), Some(ends_at)) => check.finish(NewException {
                rule,
                user,
                reason,
                ends_at,
            }),
            _ => Err(check.into_errors()),
        }
    }

    fn end(&self, check: &mut Checker, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let text = self.ends_at.trim();
        if text.is_empty() {
            check.fail("ends_at", Code::Required);
            return None;
        }
        match instant(text) {
            None => check.fail("ends_at", Code::NotADate),
            Some(at) if at <= now => check.fail("ends_at", Code::InThePast),
            Some(at) if at > now + Duration::days(EXCEPTION_DAYS_MAX) => check.fail("ends_at", Code::TooLate(EXCEPTION_DAYS_MAX)),
            Some(at) => return Some(at),
        }
        None
    }
}

/// A row of the list of exceptions of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionItem {
    /// The exception.
    pub id: ExceptionId,
    /// For whom.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// What the rule names, or what stands in its place.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: ExceptionState,
    /// By whom it was granted; blank for the product itself.
    pub granted_by: String,
    /// When.
    #[serde(with = "crate::domain::when::instant")]
    pub granted_at: DateTime<Utc>,
    /// Until when it holds or held.
    #[serde(with = "crate::domain::when::instant")]
    pub ends_at: DateTime<Utc>,
    /// May it be ended?
    pub end: Permission,
}

/// Which exceptions of a package to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExceptionQuery {
    /// Of this package.
    pub package: PackageId,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// Whether somebody can be excepted: nobody excepts themselves, and nobody twice.
pub fn may_except(own: bool, name: &str, excepted: bool) -> Result<(), Refusal> {
    if own {
        return Err(Refusal::new(
            "own-exception",
            "You can't grant an exception to yourself. Ask somebody else who manages this package.",
        ));
    }
    if excepted {
        let reason = format!("{name} has an exception from this rule already. End it first if it should be another.");
        return Err(Refusal::new("excepted-already", reason));
    }
    Ok(())
}

/// Whether an exception can be ended.
pub fn may_end_exception(state: ExceptionState) -> Result<(), Refusal> {
    match state {
        ExceptionState::Active => Ok(()),
        ExceptionState::Expired | ExceptionState::Ended => Err(Refusal::new("already-over", "This exception is over already.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().expect("an instant")
    }

    fn form(ends_at: &str) -> ExceptionForm {
        ExceptionForm {
            package: PackageId(Uuid::nil()),
            rule: Some(IncompatibilityId(Uuid::nil())),
            user: Some(UserId(Uuid::nil())),
            reason: "Year end closing".into(),
            ends_at: ends_at.into(),
        }
    }

    #[test]
    fn f128_an_exception_has_a_person_a_reason_and_an_end() {
        let codes = |form: &ExceptionForm| {
            let faults = form.check(now()).err().unwrap_or_default();
            faults.into_iter().map(|fault| (fault.path, fault.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes(&form("2026-12-31T22:59:59Z")), []);
        let at_end = |code| [("ends_at".to_owned(), code)];
        assert_eq!(codes(&form("")), at_end(Code::Required));
        assert_eq!(codes(&form("soon")), at_end(Code::NotADate));
        assert_eq!(codes(&form("2026-12-31T23:59:60Z")), at_end(Code::NotADate));
        assert_eq!(codes(&form("2026-11-23T10:00:00Z")), at_end(Code::InThePast));
        assert_eq!(codes(&form("2027-11-25T10:00:00Z")), at_end(Code::TooLate(366)));
        let empty = ExceptionForm {
            rule: None,
            user: None,
            reason: " ".into(),
            ..form("")
        };
        let paths: Vec<String> = codes(&empty).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["rule", "user", "reason", "ends_at"]);
    }

    #[test]
    fn f128_an_exception_ends_by_itself_or_before() {
        let end = now() + Duration::days(1);
        assert_eq!(exception_state(end, None, now()), ExceptionState::Active);
        assert_eq!(exception_state(end, None, end), ExceptionState::Expired);
        assert_eq!(exception_state(end, Some(now()), now()), ExceptionState::Ended);
        assert_eq!(exception_state(end, Some(end), end), ExceptionState::Expired);
        assert!(may_end_exception(ExceptionState::Active).is_ok());
        assert!(may_end_exception(ExceptionState::Ended).is_err());
    }

    #[test]
    fn f128_nobody_excepts_themselves_or_anyone_twice() {
        let rule = |own, excepted| may_except(own, "Kim", excepted).err().map(|refusal| refusal.rule);
        assert_eq!(rule(false, false), None);
        assert_eq!(rule(true, false).as_deref(), Some("own-exception"));
        assert_eq!(rule(false, true).as_deref(), Some("excepted-already"));
    }
}

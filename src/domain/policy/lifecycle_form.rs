//! The Lifecycle tab as it is typed: when access ends, and what requestors may ask beyond that. Says why a choice is ruled out by another.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::super::expiration::{DAYS_MAX, Expiration, ExpirationKind, HOURS_MAX};
use super::super::typed_time::instant;
use super::super::validate::{Checker, Code};
use super::form::{Audience, RequestsForm};
use super::terms::PolicyTerms;

/// The Lifecycle tab, as typed (F021, F075 to F085).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecycleForm {
    /// Which of the four; the others keep what was typed.
    pub kind: ExpirationKind,
    /// RFC 3339 instant of On date; the page turns the reader's local time into it.
    pub date: String,
    /// Number of days.
    pub days: String,
    /// Number of hours.
    pub hours: String,
    /// Users can request specific timeline.
    pub custom_schedule: bool,
    /// Allow users to extend access.
    pub extension: bool,
    /// Require approval to grant extension.
    pub extension_approval: bool,
}

impl Default for LifecycleForm {
    fn default() -> Self {
        Self {
            kind: ExpirationKind::Days,
            date: String::new(),
            days: "365".into(),
            hours: String::new(),
            custom_schedule: true,
            extension: true,
            extension_approval: false,
        }
    }
}

impl From<&PolicyTerms> for LifecycleForm {
    fn from(terms: &PolicyTerms) -> Self {
        let lifecycle = &terms.lifecycle;
        let mut form = Self {
            kind: lifecycle.expires.kind(),
            custom_schedule: lifecycle.custom_schedule,
            extension: lifecycle.extension_allowed,
            extension_approval: lifecycle.extension_approval,
            ..Self::default()
        };
        let (_, value) = lifecycle.expires.to_stored();
        let value = value.unwrap_or_default();
        match form.kind {
            ExpirationKind::OnDate => form.date = value,
            ExpirationKind::Days => form.days = value,
            ExpirationKind::Hours => form.hours = value,
            ExpirationKind::Never => {}
        }
        form
    }
}

impl LifecycleForm {
    /// When access ends, with `path` before each field's name.
    pub fn check(&self, check: &mut Checker, path: &str, now: DateTime<Utc>) -> Expiration {
        match self.kind {
            ExpirationKind::Never => Expiration::Never,
            ExpirationKind::Days => Expiration::Days(check.number(&format!("{path}days"), &self.days, 1, DAYS_MAX)),
            ExpirationKind::Hours => Expiration::Hours(check.number(&format!("{path}hours"), &self.hours, 1, HOURS_MAX)),
            ExpirationKind::OnDate => {
                let path = format!("{path}date");
                if self.date.trim().is_empty() {
                    check.fail(path, Code::Required);
                    return Expiration::Never;
                }
                match instant(self.date.trim()) {
                    None => check.fail(path, Code::NotADate),
                    Some(at) if at <= now => check.fail(path, Code::InThePast),
                    Some(at) if at > now + Duration::days(DAYS_MAX) => check.fail(path, Code::OutOfRange(1, DAYS_MAX)),
                    Some(at) => return Expiration::OnDate(at),
                }
                Expiration::Never
            }
        }
    }

    /// Why nobody could ask for more time, if so (F085).
    pub fn why_no_extension(&self, requests: &RequestsForm) -> Option<&'static str> {
        if requests.audience == Some(Audience::Nobody) {
            return Some("Nobody requests under this policy, so nobody can ask for more time.");
        }
        match self.kind {
            _ if self.custom_schedule => None,
            ExpirationKind::Never => Some("Access never ends under this policy, so there is nothing to extend."),
            ExpirationKind::OnDate => Some("Access ends for everyone on the expiration date, and can't be extended beyond it."),
            ExpirationKind::Days | ExpirationKind::Hours => None,
        }
    }

    /// Why an extension could not wait for a decision, if so (F083, F085).
    pub fn why_no_extension_approval(&self, requests: &RequestsForm) -> Option<&'static str> {
        (!requests.asks_approval()).then_some("Require approval is No, so there is no stage that could decide. Choose Yes there first.")
    }

    /// Why requestors could not choose their own dates, if so.
    pub fn why_no_schedule(&self, requests: &RequestsForm) -> Option<&'static str> {
        let nobody = requests.audience == Some(Audience::Nobody);
        nobody.then_some("Nobody requests under this policy. Administrators choose the dates when they assign it.")
    }
}

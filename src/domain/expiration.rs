//! When access that a policy gives comes to an end. Pure arithmetic over instants that are handed in (F021, F075 to F078).

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::text::string_enum;
use super::typed_time::instant;

/// The most days that can be asked for.
pub const DAYS_MAX: i64 = 3_660;
/// The most hours that can be asked for: as long as the most days.
pub const HOURS_MAX: i64 = DAYS_MAX * 24;

string_enum! {
    /// The four ways in which access expires.
    ExpirationKind {
        /// On one date, the same for everyone.
        OnDate = "on_date",
        /// A number of days after delivery.
        Days = "days",
        /// A number of hours after delivery.
        Hours = "hours",
        /// Not at all.
        Never = "never",
    }
}

/// When an assignment expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiration {
    /// At this instant, the same for everyone.
    #[serde(with = "super::when::instant")]
    OnDate(DateTime<Utc>),
    /// This many days after delivery, 1 to 3,660.
    Days(i64),
    /// This many hours after delivery.
    Hours(i64),
    /// Not at all.
    Never,
}

impl Expiration {
    /// The end of access that starts at `start`; `None` is never.
    pub fn end(self, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::OnDate(at) => Some(at),
            Self::Days(days) => start.checked_add_signed(Duration::days(days)),
            Self::Hours(hours) => start.checked_add_signed(Duration::hours(hours)),
            Self::Never => None,
        }
    }

    /// Whether access that began at `now` would have ended already: the one date has come.
    pub fn is_over(self, now: DateTime<Utc>) -> bool {
        self.end(now).is_some_and(|end| end <= now)
    }

    /// Which of the four.
    pub fn kind(self) -> ExpirationKind {
        match self {
            Self::OnDate(_) => ExpirationKind::OnDate,
            Self::Days(_) => ExpirationKind::Days,
            Self::Hours(_) => ExpirationKind::Hours,
            Self::Never => ExpirationKind::Never,
        }
    }

    /// The stored form: a word, and the number or instant that goes with it.
    pub fn to_stored(self) -> (ExpirationKind, Option<String>) {
        let value = match self {
            Self::OnDate(at) => Some(at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            Self::Days(number) | Self::Hours(number) => Some(number.to_string()),
            Self::Never => None,
        };
        (self.kind(), value)
    }

    /// Reads the stored form; `None` where the two do not fit.
    pub fn from_stored(kind: ExpirationKind, value: Option<&str>) -> Option<Self> {
        Some(match kind {
            ExpirationKind::OnDate => Self::OnDate(instant(value?)?),
            ExpirationKind::Days => Self::Days(value?.parse().ok()?),
            ExpirationKind::Hours => Self::Hours(value?.parse().ok()?),
            ExpirationKind::Never => Self::Never,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        instant(text).expect("an instant")
    }

    #[test]
    fn f021_thirty_days_end_thirty_days_later() {
        assert_eq!(
            Expiration::Days(30).end(at("2026-11-23T10:00:00Z")),
            Some(at("2026-12-23T10:00:00Z"))
        );
        assert_eq!(
            Expiration::Hours(1).end(at("2026-11-23T10:00:00Z")),
            Some(at("2026-11-23T11:00:00Z"))
        );
        assert_eq!(Expiration::Never.end(at("2026-11-23T10:00:00Z")), None);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        for expiration in [
            Expiration::OnDate(at("2027-01-01T00:00:00Z")),
            Expiration::Days(30),
            Expiration::Hours(8),
            Expiration::Never,
        ] {
            let (kind, value) = expiration.to_stored();
            assert_eq!(Expiration::from_stored(kind, value.as_deref()), Some(expiration));
        }
    }
}

//! Instants in words, the same on the server and in the browser: the caller hands in the reader's offset from UTC, so a page that was
//! rendered on the server does not change when the browser takes over.

use chrono::{DateTime, Datelike, Duration, FixedOffset, Timelike, Utc};

use super::expiration::Expiration;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An instant as its reader sees it.
#[derive(Clone, Copy, Debug)]
pub struct ViewerTime {
    /// East of UTC, in seconds.
    pub offset: i32,
}

impl ViewerTime {
    fn local(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(self.offset).unwrap_or(FixedOffset::east_opt(0).expect("zero is an offset"));
        at.with_timezone(&offset)
    }

    /// `23 December 2026`
    pub fn date(self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        format!("{} {} {}", local.day(), MONTHS[local.month0() as usize], local.year())
    }

    /// `23 December 2026, 17:54`
    pub fn exact(self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        format!("{}, {:02}:{:02}", self.date(at), local.hour(), local.minute())
    }
}

/// Ends nearer than this are told with their time: a day alone would be off by half of what is left.
const NEAR: Duration = Duration::hours(48);

impl ViewerTime {
    /// `23 December 2026, 17:54 (UTC+1)`: for an end that somebody in another zone may have chosen, or may read.
    pub fn exact_in_zone(self, at: DateTime<Utc>) -> String {
        format!("{} ({})", self.exact(at), self.zone())
    }

    /// `UTC`, `UTC+1`, `UTC-3:30`.
    fn zone(self) -> String {
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        match (minutes / 60, minutes % 60) {
            (0, 0) => "UTC".into(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }

    /// The day of something that lies ahead, with its time while that is less than two days away: `27 November 2026, 02:15`.
    pub fn day(self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        if at > now && at - now < NEAR {
            self.exact(at)
        } else {
            self.date(at)
        }
    }
}

/// How far `at` is from `now`, in one unit and to its nearest count: `in 3 days`, `2 hours ago`, `just now`. So what was given for 30
/// days a moment ago ends in 30 days, not in 29.
pub fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let distance = at - now;
    let ahead = distance > Duration::zero();
    let seconds = distance.num_seconds().abs();
    if seconds < 60 {
        return if ahead { "in a moment".into() } else { "just now".into() };
    }
    let nearest = |unit: i64| (seconds + unit / 2) / unit;
    let (minutes, hours, days) = (nearest(60), nearest(3_600), nearest(86_400));
    let (count, unit) = match (minutes, hours, days) {
        (..60, _, _) => (minutes, "minute"),
        (_, ..24, _) => (hours, "hour"),
        // A day and a half would be told as one day or as two.
        (_, ..48, _) if ahead && hours % 24 != 0 => (hours, "hour"),
        (_, _, ..60) => (days, "day"),
        (_, _, ..730) => (nearest(30 * 86_400), "month"),
        _ => (nearest(365 * 86_400), "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if ahead {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

/// The reader's day on which an instant lies, as a field for dates takes it: `2026-12-23`.
pub fn day_field(at: DateTime<Utc>, reading: ViewerTime) -> String {
    let local = reading.local(at);
    format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day())
}

/// How long access lasts, as a manager would say it: `30 days after it is delivered`.
pub fn lasts(expiration: Expiration, reading: ViewerTime) -> String {
    let counted = |count: i64, unit: &str| format!("{count} {unit}{} after it is delivered", if count == 1 { "" } else { "s" });
    match expiration {
        Expiration::OnDate(at) => format!("on {}", reading.exact_in_zone(at)),
        Expiration::Days(count) => counted(count, "day"),
        Expiration::Hours(count) => counted(count, "hour"),
        Expiration::Never => "never".into(),
    }
}

/// The date and time of an instant as a field for them has it: `2026-12-23T17:00`.
pub fn typed(at: DateTime<Utc>, reading: ViewerTime) -> String {
    let local = reading.local(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute()
    )
}

/// Instants in data: the text of RFC 3339 where people may read it, else microseconds since 1970, which take little to read.
pub mod instant {
    use chrono::{DateTime, Utc};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes one.
    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            at.serialize(serializer)
        } else {
            at.timestamp_micros().serialize(serializer)
        }
    }

    /// Reads one.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        if deserializer.is_human_readable() {
            DateTime::deserialize(deserializer)
        } else {
            DateTime::from_timestamp_micros(i64::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not an instant"))
        }
    }
}

/// The same for an instant that may be missing.
pub mod maybe_instant {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Instant(#[serde(with = "super::instant")] DateTime<Utc>);

    /// Writes one, or nothing.
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        at.map(Instant).serialize(serializer)
    }

    /// Reads one, or nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        Ok(Option::<Instant>::deserialize(deserializer)?.map(|at| at.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn instants_are_read_at_the_reader_s_offset() {
        let berlin = ViewerTime { offset: 3_600 };
        assert_eq!(berlin.exact(at("2026-12-23T23:30:00Z")), "24 December 2026, 00:30");
        assert_eq!(ViewerTime { offset: 0 }.date(at("2026-12-23T23:30:00Z")), "23 December 2026");
    }

    /// A10.
    #[test]
    fn an_end_says_its_hour_when_it_is_near_and_its_zone_where_it_matters() {
        let now = at("2026-11-26T14:15:00Z");
        let berlin = ViewerTime { offset: 3_600 };
        assert_eq!(berlin.day(at("2026-11-27T01:15:00Z"), now), "27 November 2026, 02:15");
        assert_eq!(berlin.day(at("2026-12-26T14:15:00Z"), now), "26 December 2026");
        assert_eq!(berlin.day(at("2026-11-26T10:15:00Z"), now), "26 November 2026");
        let zoned = |offset| ViewerTime { offset }.exact_in_zone(at("2026-12-31T22:59:00Z"));
        assert_eq!(zoned(3_600), "31 December 2026, 23:59 (UTC+1)");
        assert_eq!(zoned(0), "31 December 2026, 22:59 (UTC)");
        assert_eq!(zoned(-12_600), "31 December 2026, 19:29 (UTC-3:30)");
        assert_eq!(
            lasts(Expiration::OnDate(at("2026-12-31T22:59:00Z")), berlin),
            "on 31 December 2026, 23:59 (UTC+1)"
        );
        assert_eq!(relative(now + Duration::hours(36), now), "in 36 hours");
        assert_eq!(relative(now + Duration::hours(24), now), "in 1 day");
        assert_eq!(relative(now + Duration::hours(47), now), "in 47 hours");
        assert_eq!(relative(now + Duration::hours(48), now), "in 2 days");
        assert_eq!(relative(now - Duration::hours(36), now), "2 days ago");
    }

    #[test]
    fn distances_are_told_in_one_unit() {
        let now = at("2026-11-23T10:00:00Z");
        assert_eq!(relative(at("2026-11-26T10:00:01Z"), now), "in 3 days");
        assert_eq!(relative(at("2026-11-23T08:59:00Z"), now), "1 hour ago");
        assert_eq!(relative(at("2026-11-23T10:00:00Z"), now), "just now");
        assert_eq!(relative(at("2026-12-23T09:59:30Z"), now), "in 30 days");
        assert_eq!(relative(at("2026-11-23T09:00:20Z"), now), "1 hour ago");
        assert_eq!(relative(at("2026-11-24T09:50:00Z"), now), "in 1 day");
        assert_eq!(relative(at("2028-12-23T10:00:00Z"), now), "in 2 years");
    }

    #[test]
    fn a_field_has_the_reader_s_day_and_time() {
        let berlin = ViewerTime { offset: 3_600 };
        assert_eq!(typed(at("2026-12-23T16:00:00Z"), berlin), "2026-12-23T17:00");
        assert_eq!(day_field(at("2026-12-22T23:30:00Z"), berlin), "2026-12-23");
    }
}

//! Instants in words, the same on the server and in the browser: the caller hands in the reader's offset from UTC, so a page that was
//! rendered on the server does not change when the browser takes over.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Timelike, Utc};

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

/// The instants at which a typed day (`2026-12-23`) begins and ends where the reader is, whose offset from UTC at an instant is `offset`;
/// nothing for what is no day.
pub fn bounds_of_day(day: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?.parse::<i32>().ok()?;
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let day = NaiveDate::from_ymd_opt(year, number()?, number()?)?;
    let begins = |day: NaiveDate| {
        let local = day.and_hms_opt(0, 0, 0)?.and_utc();
        let back = |at: DateTime<Utc>| local.checked_sub_signed(Duration::seconds(i64::from(offset(at))));
        // The offset holds at the instant that is looked for, not at the one with the same digits; so ask twice.
        back(local).and_then(back)
    };
    Some((begins(day)?, begins(day.succ_opt()?)?))
}

/// The reader's day on which an instant lies, as a field for dates takes it: `2026-12-23`.
pub fn day_field(at: DateTime<Utc>, reading: ViewerTime) -> String {
    let local = reading.local(at);
    format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day())
}

/// The instant (RFC 3339) of a typed local date and time (`2026-12-23T17:00`), where `offset` tells the reader's offset from UTC in seconds.
/// What is none stays as typed, for the check to name it.
pub fn local_instant(local: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let seconds = if local.len() == 16 { ":00Z" } else { "Z" };
    let Ok(digits) = DateTime::parse_from_rfc3339(&format!("{local}{seconds}")) else {
        return local.to_owned();
    };
    let digits = digits.with_timezone(&Utc);
    let back = |at: DateTime<Utc>| digits.checked_sub_signed(Duration::seconds(i64::from(offset(at))));
    // The offset holds at the instant that is looked for, not at the one with the same digits; so ask twice.
    match back(digits).and_then(back) {
        Some(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        None => local.to_owned(),
    }
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

/// The instant (RFC 3339) of a date and time as typed where the offset from UTC is so (`2026-12-23T17:00`), or of the day alone, at its
/// beginning. What is neither stays as typed, for a check to name it.
pub fn instant_of(typed: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let typed = typed.trim();
    let local = local(typed).map(|local| local.and_utc());
    let back = |local: DateTime<Utc>, at: DateTime<Utc>| local.checked_sub_signed(Duration::seconds(i64::from(offset(at))));
    // The offset holds at the instant that is looked for, not at the one with the same digits; so ask twice.
    let at = local.and_then(|local| back(local, back(local, local)?));
    at.map_or_else(|| typed.to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn local(typed: &str) -> Option<NaiveDateTime> {
    let (day, time) = typed.split_once('T').unwrap_or((typed, "00:00"));
    let mut day = day.splitn(3, '-').map(str::parse::<u32>);
    let mut time = time.split(':').map(str::parse::<u32>);
    let year = i32::try_from(day.next()?.ok()?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, day.next()?.ok()?, day.next()?.ok()?)?;
    date.and_hms_opt(time.next()?.ok()?, time.next()?.ok()?, 0)
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

    #[test]
    fn f079_a_date_and_time_is_an_instant_where_it_is_typed() {
        // Summer time until the end of October.
        let berlin = |at: DateTime<Utc>| {
            if at < "2026-10-25T01:00:00Z".parse::<DateTime<Utc>>().expect("an instant") {
                7_200
            } else {
                3_600
            }
        };
        assert_eq!(instant_of("2026-12-23T17:00", berlin), "2026-12-23T16:00:00Z");
        assert_eq!(instant_of("2026-07-01T17:30", berlin), "2026-07-01T15:30:00Z");
        assert_eq!(instant_of(" 2026-12-23 ", berlin), "2026-12-22T23:00:00Z");
        for odd in ["", "soon", "2026-13-01T10:00", "2026-02-30", "2026-12-23T25:00"] {
            assert_eq!(instant_of(odd, berlin), odd);
        }
        let at = "2026-12-23T16:00:00Z".parse().expect("an instant");
        assert_eq!(typed(at, ViewerTime { offset: 3_600 }), "2026-12-23T17:00");
    }

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
    fn f116_a_typed_time_is_the_reader_s() {
        assert_eq!(local_instant("2026-12-23T17:00", |_| 3_600), "2026-12-23T16:00:00Z");
        assert_eq!(local_instant("2026-12-23T17:00:30", |_| 0), "2026-12-23T17:00:30Z");
        for odd in ["", "soon", "2026-12-23", "2026-13-01T00:00"] {
            assert_eq!(local_instant(odd, |_| 0), odd);
        }
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
    fn f147_a_typed_day_begins_and_ends_where_its_reader_is() {
        let bounds = |day: &str, offset| {
            let (begins, ends) = bounds_of_day(day, |_| offset)?;
            Some((begins.to_rfc3339(), ends.to_rfc3339()))
        };
        let expected = ("2026-12-22T23:00:00+00:00".to_owned(), "2026-12-23T23:00:00+00:00".to_owned());
        assert_eq!(bounds("2026-12-23", 3_600), Some(expected));
        for odd in ["", "soon", "2026-13-01", "99999999999-1-1"] {
            assert_eq!(bounds(odd, 0), None, "{odd}");
        }
        let at: DateTime<Utc> = "2026-12-22T23:30:00Z".parse().expect("an instant");
        assert_eq!(day_field(at, ViewerTime { offset: 3_600 }), "2026-12-23");
    }
}

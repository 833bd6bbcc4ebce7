//! On date is typed as a day of the reader's calendar and kept as an instant: the last second of that day where the reader is. Pure; the
//! offset from UTC is handed in, so the server and the browser agree.

use chrono::{DateTime, Datelike, Duration, NaiveDate, SecondsFormat, Utc};

/// The instant (RFC 3339) at which a typed day (`2026-12-23`) ends. What is not a day stays as typed, for the check to name it.
pub fn end_of(day: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let mut parts = day.splitn(3, '-');
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let (year, month, date) = (number(), number(), number());
    let local = year
        .and_then(|year| i32::try_from(year).ok())
        .zip(month)
        .zip(date)
        .and_then(|((year, month), date)| NaiveDate::from_ymd_opt(year, month, date))
        .and_then(|day| day.and_hms_opt(23, 59, 59));
    let Some(local) = local.map(|local| local.and_utc()) else {
        return day.to_owned();
    };
    let back = |at: DateTime<Utc>| local.checked_sub_signed(Duration::seconds(i64::from(offset(at))));
    // The offset holds at the instant that is looked for, not at the one with the same digits; so ask twice.
    match back(local).and_then(back) {
        Some(at) => at.to_rfc3339_opts(SecondsFormat::Secs, true),
        None => day.to_owned(),
    }
}

/// The reader's day on which a kept instant lies; what is not an instant stays as it is.
pub fn day_of(instant: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let Ok(at) = DateTime::parse_from_rfc3339(instant) else {
        return instant.to_owned();
    };
    let at = at.with_timezone(&Utc);
    match at.checked_add_signed(Duration::seconds(i64::from(offset(at)))) {
        Some(local) => format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day()),
        None => instant.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin, as far as this test needs it: summer time until the end of October 2026.
    fn berlin(at: DateTime<Utc>) -> i32 {
        if at < "2026-10-25T01:00:00Z".parse::<DateTime<Utc>>().expect("an instant") {
            7_200
        } else {
            3_600
        }
    }

    #[test]
    fn f075_a_day_ends_where_its_reader_is() {
        assert_eq!(end_of("2026-12-23", |_| 0), "2026-12-23T23:59:59Z");
        assert_eq!(end_of("2026-12-23", berlin), "2026-12-23T22:59:59Z");
        assert_eq!(end_of("2026-10-24", berlin), "2026-10-24T21:59:59Z");
        assert_eq!(end_of("2026-10-25", berlin), "2026-10-25T22:59:59Z");
    }

    #[test]
    fn what_is_kept_is_shown_as_it_was_typed() {
        for day in ["2026-12-31", "2026-10-24", "2026-10-25", "2028-02-29"] {
            assert_eq!(day_of(&end_of(day, berlin), berlin), day);
        }
    }

    #[test]
    fn what_is_not_a_day_stays_as_typed() {
        for odd in ["", "soon", "2026-13-01", "2026-02-30", "99999999999-1-1", "-1-1-1"] {
            assert_eq!(end_of(odd, |_| 0), odd);
            assert_eq!(day_of(odd, |_| 0), odd);
        }
    }
}

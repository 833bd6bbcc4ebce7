//! Days, times and instants as they are typed into fields or sent in forms (RFC 3339): one strict reader for the browser and the server,
//! which takes a small part of what a reader of any format would add to every page. The caller hands in the reader's offset from UTC in
//! seconds, so both sides read the same instant.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};

/// A number of exactly so many ASCII digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let exact = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    exact.then(|| text.parse().ok()).flatten()
}

/// A day: `2026-12-23`.
pub fn day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let mut number = |count| digits(parts.next()?, count);
    let year = i32::try_from(number(4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(2)?, number(2)?)
}

/// A time of the day: `17:00`, `17:00:30`, `17:00:30.25`.
fn time(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.splitn(3, ':');
    let mut number = || parts.next().map(|part| digits(part, 2));
    let (hour, minute, second) = (number()??, number()??, number().unwrap_or(Some(0))?);
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = (0..9).fold(0, |sum, at| {
        sum * 10 + fraction.as_bytes().get(at).map_or(0, |byte| u32::from(byte - b'0'))
    });
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)
}

/// A day and a time, as a field for both has them: `2026-12-23T17:00`.
fn day_and_time(text: &str) -> Option<NaiveDateTime> {
    let (date, hours) = text.split_once(['T', 't', ' '])?;
    Some(day(date)?.and_time(time(hours)?))
}

/// An instant of RFC 3339, such as `2026-12-23T17:00:00Z` or `2026-12-23T18:00:00.5+01:00`. A leap second is none: the two databases would
/// keep different instants for it.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (local, east) = match text.strip_suffix(['Z', 'z']) {
        Some(local) => (local, 0),
        None => {
            let (local, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let (hours, minutes) = (
                digits(hours, 2).filter(|hours| *hours < 24)?,
                digits(minutes, 2).filter(|minutes| *minutes < 60)?,
            );
            let seconds = i64::from(hours * 3_600 + minutes * 60);
            (
                local,
                if zone.starts_with('+') {
                    seconds
                } else {
                    zone.starts_with('-').then_some(-seconds)?
                },
            )
        }
    };
    day_and_time(local)?.and_utc().checked_sub_signed(Duration::seconds(east))
}

/// The instant at which clocks that are off UTC by `offset` show what `local` would be in UTC.
fn shown_as(local: DateTime<Utc>, offset: impl Fn(DateTime<Utc>) -> i32) -> Option<DateTime<Utc>> {
    let back = |at: DateTime<Utc>| local.checked_sub_signed(Duration::seconds(i64::from(offset(at))));
    // The offset holds at the instant that is looked for, not at the one with the same digits; so ask twice.
    back(local).and_then(back)
}

/// The text of what was read, or of what was typed, for a check to name it.
fn text_of(read: Option<DateTime<Utc>>, typed: &str) -> String {
    read.map_or_else(|| typed.to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The instant (RFC 3339) of a typed local date and time (`2026-12-23T17:00`). What is none stays as typed, for the check to name it.
pub fn local_instant(local: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    text_of(day_and_time(local).and_then(|local| shown_as(local.and_utc(), offset)), local)
}

/// The same, and of a day alone the instant at its beginning.
pub fn instant_of(typed: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let typed = typed.trim();
    let local = day_and_time(typed).or_else(|| Some(day(typed)?.and_time(NaiveTime::MIN)));
    text_of(local.and_then(|local| shown_as(local.and_utc(), offset)), typed)
}

/// The instants at which a typed day (`2026-12-23`) begins and ends where the reader is; nothing for what is no day.
pub fn bounds_of_day(typed: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let first = day(typed)?;
    let begins = |day: NaiveDate| shown_as(day.and_time(NaiveTime::MIN).and_utc(), &offset);
    Some((begins(first)?, begins(first.succ_opt()?)?))
}

/// The instant (RFC 3339) of the last second of a typed day (`2026-12-23`). What is not a day stays as typed, for the check to name it.
pub fn end_of(typed: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let last = day(typed).and_then(|day| day.and_hms_opt(23, 59, 59));
    text_of(last.and_then(|local| shown_as(local.and_utc(), offset)), typed)
}

/// The reader's day on which a kept instant (RFC 3339) lies; what is not an instant stays as it is.
pub fn day_of(kept: &str, offset: impl Fn(DateTime<Utc>) -> i32) -> String {
    let local = instant(kept).and_then(|at| at.checked_add_signed(Duration::seconds(i64::from(offset(at)))));
    local.map_or_else(
        || kept.to_owned(),
        |local| format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin, as far as these tests need it: summer time until the end of October 2026.
    fn berlin(at: DateTime<Utc>) -> i32 {
        if at < instant("2026-10-25T01:00:00Z").expect("an instant") {
            7_200
        } else {
            3_600
        }
    }

    #[test]
    fn an_instant_is_read_as_the_library_reads_it() {
        for text in [
            "2026-12-23T17:00:00Z",
            "2026-12-23t17:00:00z",
            "2026-12-23 17:00:00Z",
            "2026-12-23T17:00:00.123456789Z",
            "2026-12-23T17:00:00.5+01:00",
            "2026-12-23T00:30:00-03:30",
            "2028-02-29T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
        ] {
            let theirs = DateTime::parse_from_rfc3339(text).expect("an instant").with_timezone(&Utc);
            assert_eq!(instant(text), Some(theirs), "{text}");
        }
        for odd in [
            "",
            "Z",
            "soon",
            "2026-12-23",
            "2026-12-23T17:00:00",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-12-23T24:00:00Z",
            "2026-12-23T17:60:00Z",
            "2026-12-31T23:59:60Z",
            "2026-12-23T17:00:00.Z",
            "2026-12-23T17:00:00+24:00",
            "2026-12-23T17:00:00+1:00",
            "2026-12-23T17:00:00\u{2212}01:00",
            "+026-12-23T17:00:00Z",
            "2026-12-23T+7:00:00Z",
            "2026-12-23T17:00:00Zé",
            "ééé",
        ] {
            assert_eq!(instant(odd), None, "{odd}");
        }
    }

    #[test]
    fn f079_a_date_and_time_is_an_instant_where_it_is_typed() {
        assert_eq!(instant_of("2026-12-23T17:00", berlin), "2026-12-23T16:00:00Z");
        assert_eq!(instant_of("2026-07-01T17:30", berlin), "2026-07-01T15:30:00Z");
        assert_eq!(instant_of(" 2026-12-23 ", berlin), "2026-12-22T23:00:00Z");
        for odd in ["", "soon", "2026-13-01T10:00", "2026-02-30", "2026-12-23T25:00"] {
            assert_eq!(instant_of(odd, berlin), odd);
        }
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

//! Single values as clients of the API write them, read leniently: flags and numbers as text, durations as ISO 8601 or as Python prints
//! them, times with any offset. What is written back is always the one strict form.

use chrono::{DateTime, Duration, SecondsFormat, Utc};

/// `true`, `false`, `1` or `0`, in any case.
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// An instant, with any offset and up to nine digits behind the point; a day alone is its midnight.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let day = || format!("{text}T00:00:00Z").parse::<DateTime<Utc>>().ok();
    let read = DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .ok()
        .or_else(day)?;
    // A leap second, which one of the databases would not read.
    (read.timestamp_subsec_nanos() < 1_000_000_000).then_some(read)
}

/// An instant as it is written: UTC, with as many digits behind the point as it has.
pub fn write_instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// `P30D`, `PT0S`, `P1DT2H3M4.5S`, or as Python prints it: `30 days, 0:00:00`, `2:03:04`. Months and years have no one length and are not taken.
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    match text.strip_prefix('-') {
        Some(rest) if rest.starts_with('P') => iso(rest).and_then(|duration| Duration::zero().checked_sub(&duration)),
        _ if text.starts_with('P') => iso(text),
        _ => python(text),
    }
}

fn iso(text: &str) -> Option<Duration> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((date, time)) if !time.is_empty() => (date, time),
        Some(_) => return None,
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let days = parts(date, &[('W', 7 * 86_400_000), ('D', 86_400_000)])?;
    let clock = parts(time, &[('H', 3_600_000), ('M', 60_000), ('S', 1_000)])?;
    Duration::try_milliseconds(days.checked_add(clock)?)
}

/// The milliseconds of numbers that are each followed by a unit, in the order of the units.
fn parts(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total = 0_i64;
    for (unit, millis) in units {
        let Some((number, rest)) = text.split_once(*unit) else { continue };
        let whole = match number.split_once('.') {
            None => number.parse::<u32>().ok().map(i64::from)?.checked_mul(*millis)?,
            Some((seconds, fraction)) if *unit == 'S' => thousandths(seconds, fraction)?,
            Some(_) => return None,
        };
        total = total.checked_add(whole)?;
        text = rest;
    }
    text.is_empty().then_some(total)
}

fn thousandths(seconds: &str, fraction: &str) -> Option<i64> {
    let is_number = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    let seconds = i64::from(seconds.parse::<u32>().ok()?);
    is_number.then_some(())?;
    seconds.checked_mul(1_000)?.checked_add(padded.parse().ok()?)
}

/// `30 days, 0:00:00`, `1 day, 2:03:04.5`, `-1 day, 0:00:00`, `2:03:04`.
fn python(text: &str) -> Option<Duration> {
    let (days, clock) = match text.split_once(',') {
        Some((days, clock)) => {
            let number = days.trim().strip_suffix("days").or_else(|| days.trim().strip_suffix("day"))?;
            (i64::from(number.trim().parse::<i32>().ok()?), clock.trim())
        }
        None => match text.strip_suffix("days").or_else(|| text.strip_suffix("day")) {
            Some(number) => (i64::from(number.trim().parse::<i32>().ok()?), "0:00:00"),
            None => (0, text),
        },
    };
    let mut pieces = clock.split(':');
    let hours = i64::from(pieces.next()?.parse::<u32>().ok()?);
    let minutes = i64::from(pieces.next()?.parse::<u32>().ok().filter(|minutes| *minutes < 60)?);
    let (seconds, fraction) = pieces.next()?.split_once('.').unwrap_or((clock.rsplit(':').next()?, "0"));
    let millis = thousandths(seconds, fraction).filter(|millis| *millis < 60_000)?;
    if pieces.next().is_some() {
        return None;
    }
    let minutes = days.checked_mul(1_440)?.checked_add(hours.checked_mul(60)?)?.checked_add(minutes)?;
    Duration::try_milliseconds(minutes.checked_mul(60_000)?.checked_add(millis)?)
}

/// A duration as it is written: `P30D`, `PT8H`, `PT0S`.
pub fn write_duration(duration: Duration) -> String {
    let millis = duration.num_milliseconds();
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    let (days, rest) = (millis / 86_400_000, millis % 86_400_000);
    let (hours, minutes, seconds, fraction) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    let mut text = format!("{sign}P");
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    if rest > 0 || days == 0 {
        text.push('T');
    }
    for (number, unit) in [(hours, 'H'), (minutes, 'M')] {
        if number > 0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    match fraction {
        0 if seconds > 0 || millis == 0 => text.push_str(&format!("{seconds}S")),
        0 => {}
        _ => text.push_str(&format!("{seconds}.{fraction:03}S")),
    }
    text
}

/// The value of an enumeration whose word this is, in any case.
pub fn choice<T: Copy>(text: &str, known: &[(&str, T)]) -> Option<T> {
    let text = text.trim();
    known
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text))
        .map(|(_, value)| *value)
}

/// The last part of a reference such as `https://host/v1.0/groups/ID` or `groups('ID')`, whatever the host.
pub fn reference(text: &str) -> Option<&str> {
    let path = text.trim().split(['?', '#']).next()?;
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    let inner = match last.split_once('(') {
        Some((_, key)) => key.strip_suffix(')')?.trim_matches('\''),
        None => last,
    };
    (!inner.is_empty()).then_some(inner)
}

//! A length of time as clients send it: ISO 8601, or as Python writes a timedelta. It is told in ISO 8601.

/// A length of time: whole days, and seconds within them or beyond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Days.
    pub days: i64,
    /// Seconds besides.
    pub seconds: i64,
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Beyond this nothing is meant; it keeps sums within bounds.
const MOST: i64 = 1_000_000_000;

impl Period {
    /// So many days.
    pub fn days(days: i64) -> Self {
        Self { days, seconds: 0 }
    }

    /// So many hours.
    pub fn hours(hours: i64) -> Self {
        Self {
            days: 0,
            seconds: hours.saturating_mul(HOUR),
        }
    }

    /// Reads either spelling. Years and months are not read, for they have no fixed length; nor is what is negative.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let period = match text.strip_prefix(['P', 'p']) {
            Some(rest) => iso(rest)?,
            None => python(text)?,
        };
        let within = (0..=MOST).contains(&period.days) && (0..=MOST).contains(&period.seconds);
        within.then_some(period)
    }

    /// Whole days, if it is that.
    pub fn whole_days(self) -> Option<i64> {
        (self.seconds % DAY == 0).then(|| self.days + self.seconds / DAY)
    }

    /// Whole hours, if it is that.
    pub fn whole_hours(self) -> Option<i64> {
        (self.seconds % HOUR == 0).then(|| self.days * 24 + self.seconds / HOUR)
    }

    /// Whether it is told in days alone.
    pub fn is_days(self) -> bool {
        self.seconds == 0
    }

    /// In ISO 8601.
    pub fn iso(self) -> String {
        let Self { days, seconds } = self;
        let time: String = [(seconds / HOUR, 'H'), (seconds % HOUR / 60, 'M'), (seconds % 60, 'S')]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, unit)| format!("{number}{unit}"))
            .collect();
        match (days, time.is_empty()) {
            (0, true) => "PT0S".to_owned(),
            (0, false) => format!("PT{time}"),
            (_, true) => format!("P{days}D"),
            (_, false) => format!("P{days}DT{time}"),
        }
    }
}

/// What stands behind the P.
fn iso(text: &str) -> Option<Period> {
    let upper = text.to_ascii_uppercase();
    let (date, time) = match upper.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (upper.as_str(), ""),
    };
    let mut period = Period::default();
    for (number, unit) in parts(date)? {
        period.days += match unit {
            'W' => number.checked_mul(7)?,
            'D' => number,
            // Often sent with nothing in them.
            'Y' | 'M' if number == 0 => 0,
            _ => return None,
        };
    }
    for (number, unit) in parts(time)? {
        period.seconds += match unit {
            'H' => number.checked_mul(HOUR)?,
            'M' => number.checked_mul(60)?,
            'S' => number,
            _ => return None,
        };
    }
    (!date.is_empty() || !time.is_empty()).then_some(period)
}

/// Numbers, each with the letter behind it. Fractions of a second are left off.
fn parts(text: &str) -> Option<Vec<(i64, char)>> {
    let mut parts = Vec::new();
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() || c == '.' {
            digits.push(c);
            continue;
        }
        let whole = match digits.split_once('.') {
            Some((whole, fraction)) if c == 'S' && !fraction.contains('.') => whole,
            Some(_) => return None,
            None => &digits,
        };
        let number: i64 = whole.parse().ok().filter(|number| *number <= MOST)?;
        parts.push((number, c));
        digits.clear();
    }
    digits.is_empty().then_some(parts)
}

/// `30 days, 0:00:00`, `1 day, 2:03:04` or `2:03:04`.
fn python(text: &str) -> Option<Period> {
    let (days, time) = match text.split_once(',') {
        Some((days, time)) => {
            let (number, word) = days.trim().split_once(' ')?;
            if !matches!(word.trim(), "day" | "days") {
                return None;
            }
            (number.parse().ok()?, time.trim())
        }
        None => (0, text),
    };
    let mut numbers = time.split(':');
    let mut next = |most: i64| -> Option<i64> {
        let text = numbers.next()?;
        let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
        whole.parse().ok().filter(|number| (0..most).contains(number))
    };
    let seconds = next(MOST / HOUR)? * HOUR + next(60)? * 60 + next(60)?;
    numbers.next().is_none().then_some(Period { days, seconds })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn f173_durations_are_read_in_both_spellings() {
        for (text, days, seconds) in [
            ("P30D", 30, 0),
            ("p2w", 14, 0),
            ("PT8H", 0, 8 * HOUR),
            ("P1DT2H3M4.5S", 1, 2 * HOUR + 184),
            ("PT0S", 0, 0),
            ("P0Y0M7D", 7, 0),
            ("30 days, 0:00:00", 30, 0),
            ("1 day, 2:03:04", 1, 2 * HOUR + 184),
            ("2:03:04.000001", 0, 2 * HOUR + 184),
        ] {
            assert_eq!(Period::parse(text), Some(Period { days, seconds }), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "P1M",
            "P1Y",
            "P-1D",
            "-1 day, 0:00:00",
            "soon",
            "P1.5D",
            "1:2",
            "PD",
            "P99999999999999999999D",
            "1:60:00",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
        assert_eq!(Period::parse("PT48H").and_then(Period::whole_days), Some(2));
        assert_eq!(Period::parse("PT90M").and_then(Period::whole_hours), None);
    }

    proptest! {
        #[test]
        fn f173_what_is_told_is_read_back(days in 0i64..100_000, seconds in 0i64..100_000) {
            let period = Period { days, seconds };
            prop_assert_eq!(Period::parse(&period.iso()), Some(period));
        }

        #[test]
        fn f173_no_text_breaks_the_reader_of_durations(text in "[P0-9DTHMS:, .daysYW-]{0,24}") {
            let _ = Period::parse(&text);
        }
    }
}

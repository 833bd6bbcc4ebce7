//! Text that came from outside, made safe to keep: trimmed, bounded, free of control and direction-changing characters, and folded for
//! comparison. Knows nothing of forms; `validate` ties these checks to fields.

use std::str::FromStr;

use thiserror::Error;

/// The longest name, in characters.
pub const NAME_MAX: usize = 256;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 1_024;
/// The longest justification, in characters.
pub const JUSTIFICATION_MAX: usize = 2_000;

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("empty")]
    Empty,
    /// More characters than the field takes.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// A control or bidirectional-override character, which would let a name pass for another.
    #[error("contains a character that cannot be shown")]
    Unprintable,
}

/// A single line of 1 to `max` characters, trimmed.
pub fn line(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    optional_line(text, max)
}

/// A single line of 0 to `max` characters, trimmed.
pub fn optional_line(text: &str, max: usize) -> Result<String, TextError> {
    check(text.trim(), max, |_| false)
}

/// Several lines of 0 to `max` characters, trimmed; line ends become `\n`.
pub fn paragraph(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n");
    check(text.trim(), max, |c| c == '\n' || c == '\t')
}

fn check(text: &str, max: usize, allowed: impl Fn(char) -> bool) -> Result<String, TextError> {
    if text.chars().any(|c| is_unprintable(c) && !allowed(c)) || hides_a_joiner(text) {
        return Err(TextError::Unprintable);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text.to_owned())
}

/// Control characters, bidirectional controls, and what shows nothing and so makes two names look alike or one look empty.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'
            | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' | '\u{FE00}'..='\u{FE0D}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0100}'..='\u{E01EF}')
}

/// Joiners belong within emoji and some scripts; beside a letter of ASCII, or at an end, they only hide. So do the selectors that say how
/// an emoji is drawn, except that one may end a text.
fn hides_a_joiner(text: &str) -> bool {
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let hidden = |beside: Option<char>| beside.is_none_or(|c| c.is_ascii() || is_joiner(c));
        if is_joiner(c) && (hidden(before) || hidden(chars.peek().copied())) {
            return true;
        }
        if is_selector(c) && before.is_none_or(|c| c.is_alphanumeric() || c.is_ascii() || is_selector(c)) {
            return true;
        }
        before = Some(c);
    }
    false
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

/// The form in which two names are compared: lower case, runs of blanks as one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// A stored word that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not a known {1}")]
pub struct UnknownValue(pub String, pub &'static str);

/// An enum that is kept and sent as one lower-case word.
pub trait StringEnum: Sized + Copy + FromStr<Err = UnknownValue> + 'static {
    /// Every value, in the order in which it is shown.
    const ALL: &'static [Self];
    /// The stored word.
    fn as_str(self) -> &'static str;
}

macro_rules! string_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $crate::domain::text::StringEnum for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::text::UnknownValue;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::domain::text::UnknownValue(other.to_owned(), stringify!($name))),
                }
            }
        }
    };
}
pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_counted_in_characters() {
        assert_eq!(line("  Marketing Campaign  ", NAME_MAX), Ok("Marketing Campaign".into()));
        assert_eq!(line(&"é".repeat(256), NAME_MAX).map(|t| t.chars().count()), Ok(256));
        assert_eq!(line(&"é".repeat(257), NAME_MAX), Err(TextError::TooLong(256)));
        assert_eq!(line(" \t ", NAME_MAX), Err(TextError::Empty));
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        for bad in ["a\u{0}b", "a\u{202E}b", "a\u{2066}b", "a\nb", "a\u{200B}b"] {
            assert_eq!(line(bad, NAME_MAX), Err(TextError::Unprintable), "{bad:?}");
        }
        assert_eq!(paragraph("one\r\ntwo", DESCRIPTION_MAX), Ok("one\ntwo".into()));
        assert_eq!(paragraph("one\u{202E}", DESCRIPTION_MAX), Err(TextError::Unprintable));
        for bad in [
            "\u{3164}",
            "\u{2800}",
            "ad\u{AD}min",
            "Ad\u{200D}min",
            "\u{200C}Admin",
            "Admin\u{E0041}",
            "é\u{200D}",
            "Admin\u{FE0F}",
            "é\u{FE0E}",
            "☕\u{FE0F}\u{FE0F}",
            "Admin\u{FE00}",
            "葛\u{E0100}",
        ] {
            assert_eq!(line(bad, NAME_MAX), Err(TextError::Unprintable), "{bad:?}");
        }
        for good in [
            "👩\u{200D}🚀 crew",
            "We ❤\u{FE0F} books",
            "❤\u{FE0F}\u{200D}🔥",
            "☕\u{FE0F}",
            "می\u{200C}خواهم",
            "Ｗｏｏｄ",
            "Åsa",
        ] {
            assert_eq!(line(good, NAME_MAX).as_deref(), Ok(good));
        }
    }

    #[test]
    fn names_are_compared_without_case_and_extra_blanks() {
        assert_eq!(fold("  Marketing   CAMPAIGN "), "marketing campaign");
        assert_eq!(fold("Straße"), "straße");
    }
}

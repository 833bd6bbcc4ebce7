//! Text that came from outside, made safe to keep: trimmed, bounded, free of control and direction-changing characters, composed (NFC),
//! and folded for comparison and for search. Knows nothing of forms; `validate` ties these checks to fields. Only the server composes
//! and folds accents: the tables for it would weigh more in the browser than all checks together, and the server checks again anyway.

use std::borrow::Cow;
use std::str::FromStr;

use thiserror::Error;
#[cfg(not(target_family = "wasm"))]
use unicode_normalization::UnicodeNormalization;

/// The longest name, in characters.
pub const NAME_MAX: usize = 256;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 1_024;
/// The longest justification, in characters.
pub const JUSTIFICATION_MAX: usize = 2_000;

/// The longest name of a custom attribute of users, in characters.
pub const ATTRIBUTE_NAME_MAX: usize = 64;
/// What stands before the name of a custom attribute in rules, files and what is kept.
pub const EXTENSION: &str = "extension_";

/// Whether this can be the name of a custom attribute: small letters, digits and `_`, a letter first.
pub fn is_attribute_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    starts && text.len() <= ATTRIBUTE_NAME_MAX && text.chars().all(fits)
}

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
    let visible = without_flags(text);
    if visible.chars().any(|c| is_unprintable(c) && !allowed(c)) || hides_a_joiner(&visible) {
        return Err(TextError::Unprintable);
    }
    let text = composed(text);
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text.into_owned())
}

/// In Unicode's composed form (NFC), so that what looks the same is the same. The browser gives the text back as it is.
fn composed(text: &str) -> Cow<'_, str> {
    #[cfg(not(target_family = "wasm"))]
    if !unicode_normalization::is_nfc(text) {
        return text.nfc().collect::<String>().into();
    }
    text.into()
}

/// The flags of England, Scotland and Wales are written with characters that show nothing by themselves.
const FLAGS: [&str; 3] = [
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// The text with a plain flag in place of each of `FLAGS`.
fn without_flags(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{E007F}') {
        return text.into();
    }
    FLAGS
        .iter()
        .fold(text.to_owned(), |text, flag| text.replace(flag, "\u{1F3F4}"))
        .into()
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
        let keycap = before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '#' | '*')) && chars.peek() == Some(&'\u{20E3}');
        if is_selector(c) && !keycap && before.is_none_or(|c| c.is_alphanumeric() || c.is_ascii() || is_selector(c)) {
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

/// The form in which two names are compared: composed, lower case, runs of blanks as one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in composed(text).split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    composed(&folded).into_owned()
}

/// A text in lower case letter by letter, as `fold` has it: the same letter gives the same wherever it stands.
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The words of a text as a search compares them: lower case, without accents, and letters that look alike as one. Apostrophes stand
/// inside a word: `O'Neil Núñez` gives `oneil` and `nunez`.
#[cfg(not(target_family = "wasm"))]
pub fn search_words(text: &str) -> Vec<String> {
    let folded = search_fold(text);
    let words = folded.split(|c: char| !is_part_of_word(c) && !is_apostrophe(c));
    let joined = words.map(|word| word.chars().filter(|c| !is_apostrophe(*c)).collect::<String>());
    joined.filter(|word| !word.is_empty()).collect()
}

/// The words by which a text is found: as a search has them, and what stands between apostrophes by itself: `O'Neil` is also `neil`.
#[cfg(not(target_family = "wasm"))]
pub fn index_words(text: &str) -> Vec<String> {
    let mut words = search_words(text);
    let folded = search_fold(text);
    let parts = folded.split(|c: char| !is_part_of_word(c)).filter(|part| !part.is_empty());
    words.extend(parts.map(str::to_owned));
    words
}

#[cfg(not(target_family = "wasm"))]
fn search_fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c if is_accent(c) => {}
            c => folded.push(c),
        }
    }
    folded.nfkc().collect()
}

/// Marks over and under letters, and the vowel points of Hebrew and Arabic, which are mostly left out in writing.
#[cfg(not(target_family = "wasm"))]
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}'..='\u{5C2}' | '\u{5C4}'..='\u{5C5}' | '\u{5C7}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(not(target_family = "wasm"))]
fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(not(target_family = "wasm"))]
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '＇')
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
            "1\u{FE0F}",
            "a\u{FE0F}\u{20E3}",
            "\u{1F3F4}\u{E0078}\u{E0078}\u{E007F}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}",
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
            "1\u{FE0F}\u{20E3} first, #\u{FE0F}\u{20E3}",
            "From \u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} with love",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
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

    /// A7.
    #[test]
    fn the_same_name_composed_and_decomposed_is_one() {
        assert_eq!(line("Cafe\u{301}", NAME_MAX), Ok("Café".into()));
        assert_eq!(line(&"e\u{301}".repeat(256), NAME_MAX).map(|t| t.chars().count()), Ok(256));
        assert_eq!(fold("CAFE\u{301}"), fold("café"));
        assert_ne!(fold("cafe"), fold("café"));
    }

    /// A7.
    #[test]
    fn f138_a_search_needs_no_accents_and_no_apostrophes() {
        for (written, sought) in [
            ("Núñez", "nunez"),
            ("Nu\u{301}n\u{303}ez", "NÚÑEZ"),
            ("O'Neil", "oneil"),
            ("O’Neil", "o'neil"),
            ("O'Neil", "neil"),
            ("Café", "cafe"),
            ("Jørgen Łukasz Straße", "strasse"),
            ("Ｗｏｏｄ", "wood"),
            ("Ἀθῆναι", "αθηναι"),
            ("שָׁלוֹם", "שלום"),
            ("हिन्दी", "हिन्दी"),
            ("ada.lovelace+x@contoso.example", "lovelace"),
            ("ada.lovelace@contoso.example", "contoso"),
        ] {
            let sought = search_words(sought);
            assert_eq!(sought.len(), 1, "{sought:?}");
            assert!(
                index_words(written).contains(&sought[0]),
                "{written} by {sought:?}: {:?}",
                index_words(written)
            );
        }
        assert_eq!(search_words("% _ -"), Vec::<String>::new());
    }
}

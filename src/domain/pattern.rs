//! Patterns that a text answer must match (F108). The server matches them, with an engine whose time grows with the text and never
//! explodes; the browser carries no such engine, takes every text for fitting, and hears of the server's answer.

/// Whether this can be used as a pattern: it reads as a regular expression, and what it compiles to stays small.
pub fn is_usable(pattern: &str) -> bool {
    engine::is_usable(pattern)
}

/// Whether the whole text matches the pattern; an empty pattern takes any.
pub fn fits(pattern: &str, text: &str) -> bool {
    pattern.is_empty() || engine::fits(pattern, text)
}

#[cfg(feature = "ssr")]
mod engine {
    use regex::{Regex, RegexBuilder};

    /// Bytes that a compiled pattern may take.
    const SIZE_MAX: usize = 256 * 1_024;

    fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
        let build = |pattern: &str| RegexBuilder::new(pattern).size_limit(SIZE_MAX).dfa_size_limit(SIZE_MAX).build();
        // By itself first: what only reads as a pattern inside the brackets, such as `a)(b`, is none.
        build(pattern)?;
        build(&format!(r"\A(?:{pattern})\z"))
    }

    pub fn is_usable(pattern: &str) -> bool {
        compiled(pattern).is_ok()
    }

    pub fn fits(pattern: &str, text: &str) -> bool {
        compiled(pattern).is_ok_and(|pattern| pattern.is_match(text))
    }
}

#[cfg(not(feature = "ssr"))]
mod engine {
    pub fn is_usable(_pattern: &str) -> bool {
        true
    }

    pub fn fits(_pattern: &str, _text: &str) -> bool {
        true
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn f108_the_whole_answer_must_match() {
        assert!(fits("[A-Z]{2}-[0-9]{4}", "AB-1234"));
        for not in ["AB-123", "xAB-1234", "AB-12345", "AB-1234\n", ""] {
            assert!(!fits("[A-Z]{2}-[0-9]{4}", not), "{not:?}");
        }
        assert!(fits("a|bc", "bc") && !fits("a|bc", "abc"));
        assert!(fits("", "anything"));
    }

    #[test]
    fn f108_a_pattern_that_cannot_be_is_refused_and_none_takes_long() {
        for bad in ["(", "a)(b", "[z-a]", "(?=x)", "\\1", "((a{1000}){1000}){1000}"] {
            assert!(!is_usable(bad), "{bad}");
            assert!(!fits(bad, "a"), "{bad}");
        }
        assert!(is_usable("(a+)+$") && !fits("(a+)+", &format!("{}b", "a".repeat(2_000))));
    }
}

//! The words of a `$filter`. A keyword is told from a name by the whole word, so `originId` is no `or` and `notes` no `not`.

use super::QueryFault;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, a keyword or a value without quotes.
    Word(String),
    /// A text in single quotes, without them.
    Text(String),
    /// One of `( ) , / :`.
    Sign(char),
}

/// A token and where it begins, counted from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The token.
    pub token: Token,
    /// Its first character.
    pub at: usize,
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '$')
}

/// In a number or an instant, which begin with a digit or a sign.
fn in_value(c: char) -> bool {
    in_word(c) || matches!(c, ':' | '+')
}

/// Splits a filter into tokens.
pub fn tokens(option: &'static str, text: &str) -> Result<Vec<Placed>, QueryFault> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let begin = at + 1;
        let token = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' | ')' | ',' | '/' | ':' => {
                at += 1;
                Token::Sign(c)
            }
            '\'' => {
                let (text, behind) = quoted(&chars, at).ok_or_else(|| {
                    QueryFault::at(
                        option,
                        begin,
                        "This text has no closing quote. A quote within a text is written twice.",
                    )
                })?;
                at = behind;
                Token::Text(text)
            }
            c if in_value(c) => {
                let of_word: fn(char) -> bool = if c.is_ascii_digit() || matches!(c, '-' | '+') {
                    in_value
                } else {
                    in_word
                };
                let word: String = chars.iter().skip(at).take_while(|c| of_word(**c)).collect();
                at += word.chars().count();
                Token::Word(word)
            }
            other => return Err(QueryFault::at(option, begin, format!("{other} has no meaning here."))),
        };
        found.push(Placed { token, at: begin });
    }
    Ok(found)
}

/// The text from an opening quote on, and the place behind its closing one.
fn quoted(chars: &[char], open: usize) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut at = open + 1;
    loop {
        match (chars.get(at)?, chars.get(at + 1)) {
            ('\'', Some('\'')) => {
                text.push('\'');
                at += 2;
            }
            ('\'', _) => return Some((text, at + 1)),
            (c, _) => {
                text.push(*c);
                at += 1;
            }
        }
    }
}

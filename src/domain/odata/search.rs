//! Reads a `$search`: words, or quoted terms such as `"displayName:marketing"`, of which all have to be found. What is found by words is one
//! index over several properties, so the property before a colon only has to be one that is searched.

use super::QueryFault;

const SEARCH: &str = "$search";
/// Properties that the words of a name or an address are found by.
const SEARCHED: &[&str] = &[
    "displayname",
    "description",
    "mail",
    "mailnickname",
    "userprincipalname",
    "department",
];

/// The words that a `$search` asks for, one after another.
pub fn parse_search(text: &str) -> Result<String, QueryFault> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (term, behind) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = closing(quoted).ok_or_else(|| QueryFault::new(SEARCH, "A term has no closing double quote."))?;
                (unescaped(&quoted[..end]), &quoted[end + 1..])
            }
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        rest = behind.trim_start();
        match term.as_str() {
            "AND" => {}
            "OR" | "NOT" => {
                return Err(QueryFault::new(
                    SEARCH,
                    format!("{term} is not supported; every term has to be found."),
                ));
            }
            _ => words.push(of_property(term)?),
        }
    }
    if words.is_empty() {
        return Err(QueryFault::new(SEARCH, "Expected a word to search for."));
    }
    Ok(words.join(" "))
}

fn closing(quoted: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some(at),
            _ => escaped = false,
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The words of a term, without the property that it names.
fn of_property(term: String) -> Result<String, QueryFault> {
    let Some((property, words)) = term.split_once(':') else {
        return Ok(term);
    };
    if SEARCHED.iter().any(|known| property.eq_ignore_ascii_case(known)) {
        return Ok(words.to_owned());
    }
    Err(QueryFault::new(
        SEARCH,
        format!("{property} is not searched; name displayName or description."),
    ))
}

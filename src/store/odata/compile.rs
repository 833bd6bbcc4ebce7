//! Turns a parsed filter into a condition with `?` for every value. Each comparison is true or false, never unknown, so that `not` means
//! what it says for a value that is missing too.

use uuid::Uuid;

use crate::args;
use crate::domain::odata::{Compare, Filter, Literal, QueryFault, TextMatch, scalar};
use crate::domain::text::fold;

use super::super::tx::Arg;
use super::{Kind, Properties, Property};

const FILTER: &str = "$filter";
const NEVER: &str = "1 = 0";

/// A condition and the values of its `?`.
#[derive(Debug)]
pub struct Condition {
    /// Its text, put together from constants.
    pub text: String,
    /// Its values, in order.
    pub values: Vec<Arg>,
}

impl Condition {
    fn new(text: impl Into<String>, values: Vec<Arg>) -> Self {
        Self { text: text.into(), values }
    }

    fn never() -> Self {
        Self::new(NEVER, Vec::new())
    }

    fn not(self) -> Self {
        Self::new(format!("NOT ({})", self.text), self.values)
    }

    fn joined(self, word: &str, other: Self) -> Self {
        let mut values = self.values;
        values.extend(other.values);
        Self::new(format!("({} {word} {})", self.text, other.text), values)
    }
}

/// The condition that a filter states over these properties.
pub fn condition(filter: &Filter, properties: &Properties) -> Result<Condition, QueryFault> {
    match filter {
        Filter::And(left, right) => Ok(condition(left, properties)?.joined("AND", condition(right, properties)?)),
        Filter::Or(left, right) => Ok(condition(left, properties)?.joined("OR", condition(right, properties)?)),
        Filter::Not(inner) => Ok(condition(inner, properties)?.not()),
        Filter::Compare { path, compare, value } => compared(properties.find(FILTER, path)?, *compare, value),
        Filter::In { path, values } => {
            let property = properties.find(FILTER, path)?;
            let mut values = values.iter().map(|value| compared(property, Compare::Equal, value));
            let Some(first) = values.next() else {
                return Ok(Condition::never());
            };
            values.try_fold(first?, |one, other| Ok(one.joined("OR", other?)))
        }
        Filter::Matches { path, part, value } => matched(properties.find(FILTER, path)?, *part, value),
        Filter::AnyEqual { path, value } => any(properties.find(FILTER, path)?, value),
    }
}

fn wrong(property: &Property, expected: &str) -> QueryFault {
    QueryFault::new(FILTER, format!("{} takes {expected}.", property.path))
}

fn compared(property: &Property, compare: Compare, value: &Literal) -> Result<Condition, QueryFault> {
    if *value == Literal::Null {
        return missing(property, compare);
    }
    let equality = matches!(compare, Compare::Equal | Compare::NotEqual);
    let ordered = matches!(property.kind, Kind::Folded | Kind::Text | Kind::Time);
    if !equality && !ordered {
        return Err(wrong(property, "eq, ne and in, and no order"));
    }
    if compare == Compare::NotEqual {
        return Ok(compared(property, Compare::Equal, value)?.not());
    }
    if let (Kind::Text, Compare::Equal, Some(text)) = (property.kind, compare, value.text()) {
        return Ok(present(property, same_text(property, text)));
    }
    let Some(value) = bound(property, value)? else {
        return Ok(Condition::never());
    };
    let condition = match value {
        Bound::Value(value) => {
            let column = column(property);
            Condition::new(format!("{column} {} ?", compare.sign()), vec![value])
        }
        Bound::Parts(values) => Condition::new(property.column, values),
    };
    Ok(present(property, condition))
}

/// As it was written or, letter by letter of ASCII at the least, in another case.
fn same_text(property: &Property, text: &str) -> Condition {
    let column = property.column;
    Condition::new(format!("({column} = ? OR lower({column}) = ?)"), args![text, text.to_lowercase()])
}

/// A comparison with what may be missing is false where it is.
fn present(property: &Property, condition: Condition) -> Condition {
    if !property.nullable {
        return condition;
    }
    let text = format!("({} IS NOT NULL AND {})", property.column, condition.text);
    Condition::new(text, condition.values)
}

fn column(property: &Property) -> String {
    match property.kind {
        Kind::Text => format!("lower({})", property.column),
        _ => property.column.to_owned(),
    }
}

/// A text that was left empty is missing to the API.
fn missing(property: &Property, compare: Compare) -> Result<Condition, QueryFault> {
    let empty = match property.kind {
        _ if property.nullable => Condition::new(format!("{} IS NULL", property.column), Vec::new()),
        Kind::Folded | Kind::Text => Condition::new(format!("{} = ''", property.column), Vec::new()),
        _ => Condition::never(),
    };
    match compare {
        Compare::Equal => Ok(empty),
        Compare::NotEqual => Ok(empty.not()),
        _ => Err(wrong(property, "null only with eq and ne")),
    }
}

enum Bound {
    Value(Arg),
    Parts(Vec<Arg>),
}

/// The value as the column holds it; none where no row can have it.
fn bound(property: &Property, value: &Literal) -> Result<Option<Bound>, QueryFault> {
    let text = |expected: &str| value.text().ok_or_else(|| wrong(property, expected));
    let value = match property.kind {
        Kind::Folded => Arg::from(fold(text("a text in single quotes")?)),
        Kind::Text => Arg::from(text("a text in single quotes")?.to_lowercase()),
        Kind::Id => match Uuid::parse_str(text("an id in single quotes")?.trim()) {
            Ok(id) => Arg::from(id),
            Err(_) => return Ok(None),
        },
        Kind::Time => {
            let expected = "a time such as 2026-01-31T00:00:00Z";
            Arg::from(scalar::instant(text(expected)?).ok_or_else(|| wrong(property, expected))?)
        }
        Kind::Flag => match value {
            Literal::Bool(flag) => Arg::from(*flag),
            Literal::Text(word) | Literal::Bare(word) => Arg::from(scalar::boolean(word).ok_or_else(|| wrong(property, "true or false"))?),
            Literal::Null => return Ok(None),
        },
        Kind::Words(known) => Arg::from(chosen(property, text("a word")?, known)?),
        Kind::Switch(known) => Arg::from(chosen(property, text("a word")?, known)?),
        Kind::Number(known) => {
            let word = match value {
                Literal::Bool(flag) => flag.to_string(),
                value => value.text().unwrap_or_default().to_owned(),
            };
            Arg::from(chosen(property, &word, known)?)
        }
        Kind::Parts(read) => return Ok(read(text("a text in single quotes")?).map(Bound::Parts)),
        Kind::Among(_) => return Err(wrong(property, "any(), as in any(c:c eq 'value')")),
    };
    Ok(Some(Bound::Value(value)))
}

fn chosen<T: Copy>(property: &Property, word: &str, known: &[(&'static str, T)]) -> Result<T, QueryFault> {
    scalar::choice(word, known).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        wrong(property, &format!("one of {}", words.join(", ")))
    })
}

fn matched(property: &Property, part: TextMatch, value: &str) -> Result<Condition, QueryFault> {
    let condition = match property.kind {
        Kind::Folded => Condition::new(
            format!("{} LIKE ? ESCAPE '\\'", property.column),
            args![pattern(part, &fold(value))],
        ),
        Kind::Text => Condition::new(
            format!("({0} LIKE ? ESCAPE '\\' OR lower({0}) LIKE ? ESCAPE '\\')", property.column),
            args![pattern(part, value), pattern(part, &value.to_lowercase())],
        ),
        _ => return Err(wrong(property, "no part of a text")),
    };
    Ok(present(property, condition))
}

/// What `LIKE` takes for a part of a text, in which nothing has a meaning but the text.
fn pattern(part: TextMatch, value: &str) -> String {
    let mut pattern = String::with_capacity(value.len() + 2);
    for c in value.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    match part {
        TextMatch::Contains => format!("%{pattern}%"),
        TextMatch::StartsWith => format!("{pattern}%"),
        TextMatch::EndsWith => format!("%{pattern}"),
    }
}

fn any(property: &Property, value: &Literal) -> Result<Condition, QueryFault> {
    let Kind::Among(known) = property.kind else {
        return Err(wrong(property, "one value, and any() only stands behind a collection"));
    };
    let text = value.text().ok_or_else(|| wrong(property, "a text in single quotes"))?;
    Ok(scalar::choice(text, known).map_or_else(Condition::never, |condition| Condition::new(condition, Vec::new())))
}

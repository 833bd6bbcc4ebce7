//! What a list is sorted by: one property or a pair of them that an index holds, with the id behind it; and the key of a row in that order, by
//! which the page after it is asked for.

use uuid::Uuid;

use crate::domain::odata::{ListQuery, OrderBy, QueryFault, scalar};
use crate::domain::page::Direction;

use super::super::tx::Arg;
use super::{Kind, Pair, Properties, Property};

/// Stands between the two values of a pair.
const BETWEEN: char = '\u{1f}';

/// What a list is sorted by.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    by: By,
    id: &'static str,
    /// Up or down.
    pub direction: Direction,
}

#[derive(Clone, Copy, Debug)]
enum By {
    One(&'static Property),
    Pair(&'static Pair),
}

impl Order {
    /// The order that is asked for, or the first of the list; refused where no index has it.
    pub fn of(properties: &'static Properties, query: &ListQuery) -> Result<Self, QueryFault> {
        let sorting = || properties.all.iter().filter(|property| property.sorts);
        let order = |by, direction| Self {
            by,
            id: properties.id,
            direction,
        };
        let Some((first, rest)) = query.order.split_first() else {
            let found = sorting().next().ok_or_else(|| unsorted(properties))?;
            return Ok(order(By::One(found), Direction::Up));
        };
        let property = properties.find("$orderby", &first.path)?;
        if !property.sorts {
            return Err(unsorted(properties));
        }
        let by = match deciding(properties, rest)? {
            [] => By::One(property),
            [second, after @ ..] => {
                let pair = properties.pairs.iter().find(|pair| {
                    let names = [property.path, second.path.as_str()];
                    pair.paths.iter().zip(names).all(|(known, name)| known.eq_ignore_ascii_case(name))
                });
                let pair = pair.filter(|_| after.is_empty()).ok_or_else(|| unsorted(properties))?;
                By::Pair(pair)
            }
        };
        if rest.iter().any(|other| other.direction != first.direction) {
            let message = "A list is sorted all up or all down: give every property the same direction.";
            return Err(QueryFault::new("$orderby", message));
        }
        Ok(order(by, first.direction))
    }

    /// Whether its value is an instant.
    pub fn is_time(&self) -> bool {
        matches!(self.by, By::One(property) if matches!(property.kind, Kind::Time))
    }

    /// What is read of each row, for its key.
    pub fn value(&self) -> &'static str {
        match self.by {
            By::One(property) => property.column,
            By::Pair(pair) => pair.both,
        }
    }

    fn columns(&self) -> Vec<&'static str> {
        match self.by {
            By::One(property) => vec![property.column, self.id],
            By::Pair(pair) => vec![pair.columns[0], pair.columns[1], self.id],
        }
    }

    /// As it stands behind ORDER BY.
    pub fn sql(&self) -> String {
        let word = if self.direction == Direction::Up { "ASC" } else { "DESC" };
        let columns: Vec<String> = self.columns().into_iter().map(|column| format!("{column} {word}")).collect();
        columns.join(", ")
    }

    /// The condition that a row stands behind this key, with its values.
    pub fn behind(&self, key: &str) -> Result<(String, Vec<Arg>), QueryFault> {
        let values = self.read(key).ok_or_else(|| {
            QueryFault::new(
                "$skiptoken",
                "This is no token of this list in this order. Begin without one, then follow @odata.nextLink.",
            )
        })?;
        let sign = if self.direction == Direction::Up { ">" } else { "<" };
        let columns = self.columns();
        let places = vec!["?"; columns.len()].join(", ");
        Ok((format!("({}) {sign} ({places})", columns.join(", ")), values))
    }

    /// Tells the keys of one order from those of others.
    fn mark(&self) -> String {
        let way = if self.direction == Direction::Up { "up" } else { "down" };
        let bytes = self.value().bytes().chain(way.bytes());
        let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{:04x}", hash >> 16)
    }

    /// The key of a row, in hexadecimal digits, which no client and no proxy changes.
    pub fn key(&self, id: Uuid, value: &str) -> String {
        let value: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{}{}{value}", self.mark(), id.simple())
    }

    fn read(&self, text: &str) -> Option<Vec<Arg>> {
        let text = text.strip_prefix(&self.mark())?;
        let id = Uuid::parse_str(text.get(..32)?).ok()?;
        let digits = text.get(32..)?;
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?;
        let value = String::from_utf8(bytes).ok().filter(|value| !value.contains('\0'))?;
        let mut values = match self.by {
            By::Pair(_) => {
                let (first, second) = value.split_once(BETWEEN)?;
                vec![Arg::from(first.to_owned()), Arg::from(second.to_owned())]
            }
            By::One(property) if matches!(property.kind, Kind::Time) => vec![Arg::from(scalar::instant(&value)?)],
            By::One(_) => vec![Arg::from(value)],
        };
        values.push(id.into());
        Some(values)
    }
}

/// The further properties up to the id, behind which nothing is left to decide.
fn deciding<'a>(properties: &'static Properties, rest: &'a [OrderBy]) -> Result<&'a [OrderBy], QueryFault> {
    for (at, order) in rest.iter().enumerate() {
        if properties.find("$orderby", &order.path)?.column == properties.id {
            return Ok(&rest[..at]);
        }
    }
    Ok(rest)
}

fn unsorted(properties: &Properties) -> QueryFault {
    let alone = properties.all.iter().filter(|property| property.sorts);
    let alone = alone.map(|property| property.path.to_owned());
    let pairs = properties.pairs.iter().map(|pair| pair.paths.join(" with "));
    let known: Vec<String> = alone.chain(pairs).collect();
    let message = format!("This list is sorted by {}. Behind that only id can stand.", known.join(" or "));
    QueryFault::new("$orderby", message)
}

//! The query options of an address: `$filter`, `$select`, `$expand` with options of its own, `$orderby`, `$top`, `$skip`, `$count`,
//! `$search` and `$skiptoken`. Names are taken in any case, with or without the dollar sign.

use super::{Direction, Filter, OPTION_MAX, QueryFault, parse_filter, parse_search, scalar};

/// Expansions within expansions, at the most.
const EXPAND_DEPTH_MAX: usize = 4;
/// Names in one list, at the most.
const NAMES_MAX: usize = 100;
/// Properties that a list is sorted by, at the most.
const ORDERS_MAX: usize = 8;
/// Rows that `$skip` may leave out.
const SKIP_MAX: u32 = 10_000;
/// The options, with their faults' names.
const OPTIONS: &[&str] = &[
    "$filter",
    "$select",
    "$expand",
    "$orderby",
    "$top",
    "$skip",
    "$count",
    "$search",
    "$skiptoken",
    "$format",
];

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// The property.
    pub path: String,
    /// Up or down.
    pub direction: Direction,
}

/// Which rows of a list are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Only those.
    pub filter: Option<Filter>,
    /// Sorted by these, one after another.
    pub order: Vec<OrderBy>,
    /// Found by these words.
    pub search: Option<String>,
    /// So many of them on a page.
    pub top: Option<u32>,
    /// Without the first ones.
    pub skip: u32,
    /// With the number of all.
    pub count: bool,
    /// Behind the row that this key names.
    pub after: Option<String>,
}

/// A related thing to be shown within another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expand {
    /// Its name.
    pub name: String,
    /// What of it.
    pub options: QueryOptions,
}

/// Everything that an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryOptions {
    /// Which rows.
    pub list: ListQuery,
    /// Only these properties; none for all.
    pub select: Vec<String>,
    /// With these related things.
    pub expand: Vec<Expand>,
}

impl QueryOptions {
    /// The options among the pairs of an address; a name that does not begin with a dollar sign and is none of theirs means nothing here.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, QueryFault> {
        Self::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), 0)
    }

    fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, depth: usize) -> Result<Self, QueryFault> {
        let mut options = Self::default();
        let mut seen: Vec<&'static str> = Vec::new();
        for (name, value) in pairs {
            let Some(option) = known(name)? else { continue };
            if seen.contains(&option) {
                return Err(QueryFault::new(option, "Stands in the address twice."));
            }
            if value.len() > OPTION_MAX {
                return Err(QueryFault::new(option, format!("Takes at most {OPTION_MAX} characters.")));
            }
            seen.push(option);
            options.set(option, value.trim(), depth)?;
        }
        Ok(options)
    }

    fn set(&mut self, option: &'static str, value: &str, depth: usize) -> Result<(), QueryFault> {
        match option {
            "$filter" if value.is_empty() => {}
            "$filter" => self.list.filter = Some(parse_filter(value)?),
            "$select" => self.select = names(option, value)?,
            "$expand" => self.expand = expansions(value, depth)?,
            "$orderby" => self.list.order = order(value)?,
            "$top" => self.list.top = Some(number(option, value)?),
            "$skip" => self.list.skip = number(option, value)?,
            "$count" => {
                self.list.count = scalar::boolean(value).ok_or_else(|| QueryFault::new(option, "Expected true or false."))?;
            }
            "$search" => self.list.search = Some(parse_search(value)?),
            "$skiptoken" => self.list.after = Some(value.to_owned()),
            _ => {}
        }
        if self.list.skip > SKIP_MAX {
            return Err(QueryFault::new(
                "$skip",
                format!("Leaves out at most {SKIP_MAX} rows; follow @odata.nextLink instead."),
            ));
        }
        Ok(())
    }

    /// What is asked of a related thing, if it is to be shown.
    pub fn expanded(&self, name: &str) -> Option<&QueryOptions> {
        let asked = self.expand.iter().find(|expand| expand.name.eq_ignore_ascii_case(name));
        asked.map(|expand| &expand.options)
    }
}

fn known(name: &str) -> Result<Option<&'static str>, QueryFault> {
    let bare = name.trim().trim_start_matches('$');
    let found = OPTIONS
        .iter()
        .find(|option| option.trim_start_matches('$').eq_ignore_ascii_case(bare));
    match found {
        Some(option) => Ok(Some(option)),
        None if name.starts_with('$') => Err(QueryFault::new("The address", format!("The query option {name} is not supported."))),
        None => Ok(None),
    }
}

fn number(option: &'static str, value: &str) -> Result<u32, QueryFault> {
    value
        .parse()
        .map_err(|_| QueryFault::new(option, "Expected a whole number that is not negative."))
}

fn names(option: &'static str, value: &str) -> Result<Vec<String>, QueryFault> {
    let names: Vec<String> = value
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name != "*")
        .collect();
    if names.len() > NAMES_MAX {
        return Err(QueryFault::new(option, format!("Takes at most {NAMES_MAX} names.")));
    }
    Ok(names)
}

/// `department,displayName desc`.
fn order(value: &str) -> Result<Vec<OrderBy>, QueryFault> {
    let mut found: Vec<OrderBy> = Vec::new();
    if value.is_empty() {
        return Ok(found);
    }
    for part in value.split(',') {
        let order = order_by(part)?;
        if found.iter().any(|known| known.path.eq_ignore_ascii_case(&order.path)) {
            return Err(QueryFault::new("$orderby", format!("{} stands there twice.", order.path)));
        }
        if found.len() >= ORDERS_MAX {
            return Err(QueryFault::new("$orderby", format!("Takes at most {ORDERS_MAX} properties.")));
        }
        found.push(order);
    }
    Ok(found)
}

fn order_by(part: &str) -> Result<OrderBy, QueryFault> {
    let mut words = part.split_whitespace();
    let path = words
        .next()
        .ok_or_else(|| QueryFault::new("$orderby", "Expected a property on both sides of a comma."))?;
    let direction = match words.next().map(str::to_ascii_lowercase).as_deref() {
        None | Some("asc") => Direction::Up,
        Some("desc") => Direction::Down,
        Some(other) => return Err(QueryFault::new("$orderby", format!("Expected asc or desc, not {other}."))),
    };
    if words.next().is_some() {
        return Err(QueryFault::new(
            "$orderby",
            "Expected a property and asc or desc, and nothing more.",
        ));
    }
    Ok(OrderBy {
        path: path.to_owned(),
        direction,
    })
}

/// `role,scope($select=id;$expand=resource)`.
fn expansions(value: &str, depth: usize) -> Result<Vec<Expand>, QueryFault> {
    if depth >= EXPAND_DEPTH_MAX {
        return Err(QueryFault::new("$expand", format!("Expands at most {EXPAND_DEPTH_MAX} levels.")));
    }
    let mut found: Vec<Expand> = Vec::new();
    for part in split(value, ',')? {
        let part = part.trim();
        if part.is_empty() || part == "*" {
            continue;
        }
        let (name, inner) = match part.split_once('(') {
            None => (part, ""),
            Some((name, rest)) => {
                let inner = rest
                    .strip_suffix(')')
                    .ok_or_else(|| QueryFault::new("$expand", format!("{name} has no closing bracket.")))?;
                (name.trim(), inner)
            }
        };
        if found.len() >= NAMES_MAX || found.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
            return Err(QueryFault::new(
                "$expand",
                format!("{name} stands there twice, or there are too many names."),
            ));
        }
        let mut pairs = Vec::new();
        for option in split(inner, ';')?.into_iter().filter(|option| !option.trim().is_empty()) {
            let pair = option
                .split_once('=')
                .ok_or_else(|| QueryFault::new("$expand", format!("Expected an option such as $select=id, not {option}.")))?;
            pairs.push(pair);
        }
        found.push(Expand {
            name: name.to_owned(),
            options: QueryOptions::read(pairs.into_iter(), depth + 1)?,
        });
    }
    Ok(found)
}

/// Splits at a sign that stands neither in brackets nor in quotes.
fn split(text: &str, sign: char) -> Result<Vec<&str>, QueryFault> {
    let (mut parts, mut begin, mut open, mut quoted) = (Vec::new(), 0, 0_i32, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => open -= 1,
            c if c == sign && !quoted && open == 0 => {
                parts.push(&text[begin..at]);
                begin = at + c.len_utf8();
            }
            _ => {}
        }
        if open < 0 {
            break;
        }
    }
    if open != 0 || quoted {
        return Err(QueryFault::new("$expand", "Brackets or quotes do not match."));
    }
    parts.push(&text[begin..]);
    Ok(parts)
}

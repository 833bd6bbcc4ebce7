//! One page of a list: the conditions of the filter, the rows behind a key, and the key of the last row for the page after it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::odata::{ListQuery, QueryFault, scalar};
use crate::domain::page::Direction;

use super::super::dialect::trusted_sql;
use super::super::list::List;
use super::super::row::WithColumn;
use super::super::tx::{Arg, Row, StoreError, Tx};
use super::{Kind, ListFault, Properties, Property, compile};

/// Rows on a page unless asked otherwise.
const PAGE_SIZE: u32 = 100;
/// Rows on a page at the most.
const PAGE_SIZE_MAX: u32 = 999;

/// The rows of a page.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The key by which the page after it is asked for, if there is one.
    pub next: Option<String>,
    /// How many rows the whole list has, if that was asked for.
    pub count: Option<i64>,
}

impl<T> Found<T> {
    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Found<U> {
        Found {
            rows: self.rows.into_iter().map(f).collect(),
            next: self.next,
            count: self.count,
        }
    }

    /// The page with these rows instead, as when more of each was read.
    pub fn with<U>(&self, rows: Vec<U>) -> Found<U> {
        Found {
            rows,
            next: self.next.clone(),
            count: self.count,
        }
    }
}

/// A page of `list`, narrowed and sorted as asked; `id` tells a row's own id, by the column that `properties` names.
pub async fn page<T: Row>(
    tx: &mut Tx,
    mut list: List,
    properties: &Properties,
    query: &ListQuery,
    id: impl Fn(&T) -> Uuid,
) -> Result<Found<T>, ListFault> {
    if let Some(filter) = &query.filter {
        let condition = compile::condition(filter, properties)?;
        list.filter_built(&condition.text, condition.values);
    }
    let count = match query.count {
        true => Some(list.count(tx, i64::MAX).await?),
        false => None,
    };
    if query.top == Some(0) {
        return Ok(Found {
            rows: Vec::new(),
            next: None,
            count,
        });
    }
    let (order, direction) = order(properties, query)?;
    let by_time = matches!(order.kind, Kind::Time);
    if let Some(key) = &query.after {
        let key = read_key(key, order, direction)?;
        let sign = if direction == Direction::Up { ">" } else { "<" };
        list.filter_built(
            &format!("({}, {}) {sign} (?, ?)", order.column, properties.id),
            vec![key.value, key.id.into()],
        );
    }
    let size = query.top.unwrap_or(PAGE_SIZE).min(PAGE_SIZE_MAX);
    let skip = if query.after.is_some() { 0 } else { query.skip };
    let tail = Tail {
        column: order.column,
        id: properties.id,
        direction,
        most: size + 1,
        skip,
    };
    let mut rows: Vec<(T, String)> = if by_time {
        let rows: Vec<WithColumn<T, DateTime<Utc>>> = read(tx, list, &tail).await?;
        rows.into_iter().map(|row| (row.row, scalar::write_instant(row.beside))).collect()
    } else {
        let rows: Vec<WithColumn<T, String>> = read(tx, list, &tail).await?;
        rows.into_iter().map(|row| (row.row, row.beside)).collect()
    };
    let more = rows.len() > size as usize;
    rows.truncate(size as usize);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|(row, value)| write_key(order, direction, id(row), value));
    Ok(Found {
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        next,
        count,
    })
}

/// What stands behind the conditions.
struct Tail {
    column: &'static str,
    id: &'static str,
    direction: Direction,
    most: u32,
    skip: u32,
}

async fn read<T: Row>(tx: &mut Tx, list: List, tail: &Tail) -> Result<Vec<T>, StoreError> {
    let word = if tail.direction == Direction::Up { "ASC" } else { "DESC" };
    let Tail {
        column, id, most, skip, ..
    } = tail;
    let (sql, args) = list.beside(column).written("");
    let offset = if *skip > 0 { format!(" OFFSET {skip}") } else { String::new() };
    let sql = format!("{sql} ORDER BY {column} {word}, {id} {word} LIMIT {most}{offset}");
    tx.all(trusted_sql(sql), args).await
}

fn order(properties: &Properties, query: &ListQuery) -> Result<(&'static Property, Direction), QueryFault> {
    let sorting = || properties.all.iter().filter(|property| property.sorts);
    let found = match &query.order {
        None => sorting().next().map(|property| (property, Direction::Up)),
        Some(order) => {
            let property = properties.find("$orderby", &order.path)?;
            property.sorts.then_some((property, order.direction))
        }
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = sorting().map(|property| property.path).collect();
        QueryFault::new("$orderby", format!("This list is sorted by {}.", known.join(" or ")))
    })
}

struct Key {
    value: Arg,
    id: Uuid,
}

/// Tells the keys of one order from those of others.
fn mark(order: &Property, direction: Direction) -> String {
    let way = if direction == Direction::Up { "up" } else { "down" };
    let bytes = order.column.bytes().chain(way.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{:04x}", hash >> 16)
}

/// In hexadecimal digits, which no client and no proxy changes.
fn write_key(order: &Property, direction: Direction, id: Uuid, value: &str) -> String {
    let value: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{}{}{value}", mark(order, direction), id.simple())
}

fn read_key(text: &str, order: &Property, direction: Direction) -> Result<Key, QueryFault> {
    let fault = || {
        QueryFault::new(
            "$skiptoken",
            "This is no token of this list in this order. Begin without one, then follow @odata.nextLink.",
        )
    };
    let read = || {
        let text = text.strip_prefix(&mark(order, direction))?;
        let id = Uuid::parse_str(text.get(..32)?).ok()?;
        let digits = text.get(32..)?;
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?;
        let value = String::from_utf8(bytes).ok().filter(|value| !value.contains('\0'))?;
        let value = match order.kind {
            Kind::Time => Arg::from(scalar::instant(&value)?),
            _ => Arg::from(value),
        };
        Some(Key { value, id })
    };
    read().ok_or_else(fault)
}

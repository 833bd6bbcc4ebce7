//! One page of a list: the conditions of the filter, the rows behind a key, and the key of the last row for the page after it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::odata::{ListQuery, scalar};

use super::super::dialect::trusted_sql;
use super::super::list::List;
use super::super::row::WithColumn;
use super::super::tx::{Arg, Row, Tx};
use super::order::Order;
use super::{ListFault, Properties, compile};

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
    properties: &'static Properties,
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
    let order = Order::of(properties, query)?;
    let size = query.top.unwrap_or(PAGE_SIZE).min(PAGE_SIZE_MAX);
    let (sql, args) = statement(list, order, query)?;
    let mut rows: Vec<(T, String)> = if order.is_time() {
        let rows: Vec<WithColumn<T, DateTime<Utc>>> = tx.all(trusted_sql(sql), args).await?;
        rows.into_iter().map(|row| (row.row, scalar::write_instant(row.beside))).collect()
    } else {
        let rows: Vec<WithColumn<T, String>> = tx.all(trusted_sql(sql), args).await?;
        rows.into_iter().map(|row| (row.row, row.beside)).collect()
    };
    let more = rows.len() > size as usize;
    rows.truncate(size as usize);
    let next = rows.last().filter(|_| more).map(|(row, value)| order.key(id(row), value));
    Ok(Found {
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        next,
        count,
    })
}

/// The statement that reads a page of a list and one row more, and its values.
fn statement(mut list: List, order: Order, query: &ListQuery) -> Result<(String, Vec<Arg>), ListFault> {
    if let Some(key) = &query.after {
        let (condition, values) = order.behind(key)?;
        list.filter_built(&condition, values);
    }
    let most = query.top.unwrap_or(PAGE_SIZE).min(PAGE_SIZE_MAX) + 1;
    let offset = match query.skip {
        skip if skip > 0 && query.after.is_none() => format!(" OFFSET {skip}"),
        _ => String::new(),
    };
    let (sql, args) = list.beside(order.value()).written("");
    Ok((format!("{sql} ORDER BY {} LIMIT {most}{offset}", order.sql()), args))
}

/// The statement that a page is read by, for tests that look at how it is carried out.
#[cfg(test)]
pub fn asked(mut list: List, properties: &'static Properties, query: &ListQuery) -> (String, Vec<Arg>) {
    if let Some(filter) = &query.filter {
        let condition = compile::condition(filter, properties).expect("a condition");
        list.filter_built(&condition.text, condition.values);
    }
    let order = Order::of(properties, query).expect("an order");
    statement(list, order, query).expect("a statement")
}

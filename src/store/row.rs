//! Reads a domain type straight out of a row of either database, so that no mirror struct stands between the two.
//!
//! `row!(Type { field, field: text, field: json, field: id })`: a plain field is read as the driver gives it; `id` wraps a UUID in a
//! typed id; `word` reads a domain enum from its word; `json` reads a stored document; `columns` reads a value that is a row itself.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::{ColumnIndex, Database, Decode, FromRow, Row, Type};

use crate::domain::text::{StringEnum, UnknownValue};

/// A typed id, from a UUID column.
pub fn id<'r, R, I>(row: &'r R, column: &str) -> Result<I, sqlx::Error>
where
    R: Row,
    I: From<uuid::Uuid>,
    uuid::Uuid: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    row.try_get::<uuid::Uuid, _>(column).map(I::from)
}

/// A typed id that may be missing.
pub fn opt_id<'r, R, I>(row: &'r R, column: &str) -> Result<Option<I>, sqlx::Error>
where
    R: Row,
    I: From<uuid::Uuid>,
    Option<uuid::Uuid>: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    Ok(row.try_get::<Option<uuid::Uuid>, _>(column)?.map(I::from))
}

/// A domain enum, from its word.
pub fn word<'r, R, W>(row: &'r R, column: &str) -> Result<W, sqlx::Error>
where
    R: Row,
    W: StringEnum + FromStr<Err = UnknownValue>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    let text: String = row.try_get(column)?;
    text.parse().map_err(|error: UnknownValue| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(error),
    })
}

/// A domain enum that may be missing.
pub fn opt_word<'r, R, W>(row: &'r R, column: &str) -> Result<Option<W>, sqlx::Error>
where
    R: Row,
    W: StringEnum + FromStr<Err = UnknownValue>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| {
        text.parse().map_err(|error: UnknownValue| sqlx::Error::ColumnDecode {
            index: column.to_owned(),
            source: Box::new(error),
        })
    })
    .transpose()
}

/// A stored document.
pub fn json<'r, R, T>(row: &'r R, column: &str) -> Result<T, sqlx::Error>
where
    R: Row,
    T: 'r,
    sqlx::types::Json<T>: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    Ok(row.try_get::<sqlx::types::Json<T>, _>(column)?.0)
}

/// A document stored as text.
pub fn json_text<'r, R, T>(row: &'r R, column: &str) -> Result<T, sqlx::Error>
where
    R: Row,
    T: serde::de::DeserializeOwned,
    String: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

/// An instant stored as text of RFC 3339.
pub fn instant<'r, R>(row: &'r R, column: &str) -> Result<DateTime<Utc>, sqlx::Error>
where
    R: Row,
    String: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    let text: String = row.try_get(column)?;
    text.parse().map_err(|error: chrono::ParseError| unreadable(column, error))
}

fn unreadable(column: &str, error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(error),
    }
}

/// A value that is no column, and is filled in later.
pub fn later<R: Row, T: Default>(_: &R, _: &str) -> Result<T, sqlx::Error> {
    Ok(T::default())
}

/// A plain value, as the driver gives it.
pub fn plain<'r, R, T>(row: &'r R, column: &str) -> Result<T, sqlx::Error>
where
    R: Row,
    R::Database: Database,
    T: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    row.try_get(column)
}

/// A value that several columns make; the field's name is none of theirs.
pub fn columns<'r, R, T>(row: &'r R, _: &str) -> Result<T, sqlx::Error>
where
    R: Row,
    T: FromRow<'r, R>,
{
    T::from_row(row)
}

/// A row with one more value, which the statement calls `beside`.
pub struct WithColumn<T, V> {
    /// The row.
    pub row: T,
    /// The value.
    pub beside: V,
}

impl<'r, R, T, V> FromRow<'r, R> for WithColumn<T, V>
where
    R: Row,
    T: FromRow<'r, R>,
    V: Decode<'r, R::Database> + Type<R::Database>,
    for<'c> &'c str: ColumnIndex<R>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            row: T::from_row(row)?,
            beside: row.try_get("beside")?,
        })
    }
}

/// Implements `FromRow` for both databases; see the module's head. A name in brackets after the field reads another column.
#[macro_export]
macro_rules! row {
    ($type:ty { $($field:ident $(: $how:ident)?),+ $(,)? }) => {
        $crate::row!(@impl sqlx::sqlite::SqliteRow, $type { $($field $(: $how)?),+ });
        $crate::row!(@impl sqlx::postgres::PgRow, $type { $($field $(: $how)?),+ });
    };
    (@impl $row:ty, $type:ty { $($field:ident $(: $how:ident)?),+ }) => {
        impl<'r> sqlx::FromRow<'r, $row> for $type {
            fn from_row(row: &'r $row) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: $crate::row!(@read row, $field $(, $how)?)?),+ })
            }
        }
    };
    (@read $row:ident, $field:ident) => { $crate::store::row::plain($row, stringify!($field)) };
    (@read $row:ident, $field:ident, $how:ident) => { $crate::store::row::$how($row, stringify!($field)) };
}

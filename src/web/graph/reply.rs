//! What a handler answers: an entity, a page of a collection, or nothing but a status.

use axum::http::StatusCode;
use serde_json::Value;

use crate::store::odata::Found;

/// One thing.
#[derive(Debug)]
pub struct Entity {
    /// 200, 201 or 202.
    pub status: StatusCode,
    /// Its properties.
    pub value: Value,
    /// Its version, for `ETag`.
    pub version: Option<i64>,
}

/// A page of things.
#[derive(Debug)]
pub struct Collection {
    /// Their properties.
    pub values: Vec<Value>,
    /// The key of the page after it.
    pub next: Option<String>,
    /// How many there are in all, if that was asked for.
    pub count: Option<i64>,
}

/// An answer.
#[derive(Debug)]
pub enum Reply {
    /// An entity.
    Entity(Entity),
    /// A page of a collection.
    Collection(Collection),
    /// A document that is sent as it is, with its media type.
    Document(&'static str, String),
    /// JSON that is sent as it is.
    Json(Value),
    /// Nothing but this status.
    Status(StatusCode),
}

impl Reply {
    /// An entity that was read.
    pub fn entity(value: Value, version: Option<i64>) -> Self {
        Self::Entity(Entity {
            status: StatusCode::OK,
            value,
            version,
        })
    }

    /// An entity that was made.
    pub fn created(value: Value, version: Option<i64>) -> Self {
        Self::Entity(Entity {
            status: StatusCode::CREATED,
            value,
            version,
        })
    }

    /// A page whose rows are shown like this.
    pub fn page<T>(found: Found<T>, shape: impl FnMut(T) -> Value) -> Self {
        let found = found.map(shape);
        Self::Collection(Collection {
            values: found.rows,
            next: found.next,
            count: found.count,
        })
    }

    /// A collection that is short by its nature, whole.
    pub fn all(values: Vec<Value>) -> Self {
        let count = i64::try_from(values.len()).ok();
        Self::Collection(Collection { values, next: None, count })
    }

    /// It is done, and there is nothing to say.
    pub fn done() -> Self {
        Self::Status(StatusCode::NO_CONTENT)
    }
}

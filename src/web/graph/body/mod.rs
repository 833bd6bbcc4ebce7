//! What a client sent, read leniently as Graph does: names in any case, flags and numbers as text too, ids inside related things, beside them,
//! or bound by an address. What a body does not name stays as it is. Properties are read in `reading`, where a body of many parts gathers all
//! that is wrong with it; a body of a few is read here, one property after another.

mod period;
mod reading;

use serde_json::{Map, Value};

use super::fault::Fault;
use crate::domain::odata::scalar;

pub use period::Period;
pub use reading::{BodyFault, Node, Reading};

/// A JSON object, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Body {
    properties: Map<String, Value>,
    /// Where it stands in the whole.
    path: String,
}

impl Body {
    /// The body of these bytes; nothing was sent where there are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| Fault::bad(format!("The body is no JSON that can be read: {error}.")))?;
        Self::of(value)
    }

    /// The body that a value is.
    pub fn of(value: Value) -> Result<Self, Fault> {
        match value {
            Value::Object(properties) => Ok(Self {
                properties,
                path: String::new(),
            }),
            Value::Null => Ok(Self::default()),
            _ => Err(Fault::bad("The body has to be a JSON object.")),
        }
    }

    /// All of it.
    pub fn value(self) -> Value {
        Value::Object(self.properties)
    }

    /// All of its properties.
    pub fn properties(&self) -> &Map<String, Value> {
        &self.properties
    }

    /// Whether a character stands in any of its names and texts.
    pub fn contains(&self, sign: char) -> bool {
        let mut left: Vec<&Value> = self.properties.values().collect();
        let mut found = self.properties.keys().any(|name| name.contains(sign));
        while let Some(value) = left.pop() {
            match value {
                Value::String(text) => found |= text.contains(sign),
                Value::Array(values) => left.extend(values),
                Value::Object(properties) => {
                    found |= properties.keys().any(|name| name.contains(sign));
                    left.extend(properties.values());
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        found
    }

    fn node(&self) -> Node<'_> {
        Node::within(&self.properties, self.path.clone())
    }

    /// What is read of it, unless that cannot be taken.
    fn read<'a, T>(&'a self, read: impl FnOnce(&mut Reading, &Node<'a>) -> T) -> Result<T, Fault> {
        let mut reading = Reading::default();
        let value = read(&mut reading, &self.node());
        Ok(reading.finish(value)?)
    }

    /// What stands under a name, in any case, as it was sent.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.node().raw(name)
    }

    /// Whether a name stands in it.
    pub fn names(&self, name: &str) -> bool {
        self.node().has(name)
    }

    /// A text; `null` is an empty one.
    pub fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        let text = self.read(|reading, node| reading.text(node, name))?;
        Ok(text.or_else(|| self.names(name).then(String::new)))
    }

    /// A flag, as itself or as text.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        self.read(|reading, node| reading.flag(node, name))
    }

    /// The value of an enumeration by its word, in any case; an empty one is none.
    pub fn choice<T: Copy>(&self, name: &str, known: &[(&str, T)]) -> Result<Option<T>, Fault> {
        if self.text(name)?.is_none_or(|text| text.trim().is_empty()) {
            return Ok(None);
        }
        self.read(|reading, node| reading.word(node, name, known))
    }

    /// An object within it.
    pub fn object(&self, name: &str) -> Result<Option<Self>, Fault> {
        let inner = self.read(|reading, node| reading.object(node, name))?;
        Ok(inner.map(|node| Self::at(&node)))
    }

    /// The objects of a list within it; none where it is not there.
    pub fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, Fault> {
        let inner = self.read(|reading, node| reading.list(node, name))?;
        Ok(inner.map(|nodes| nodes.iter().map(Self::at).collect()))
    }

    fn at(node: &Node<'_>) -> Self {
        Self {
            properties: node.properties().clone(),
            path: node.path(""),
        }
    }

    /// The texts of a list within it; none where it is not there.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        self.read(|reading, node| reading.texts(node, name))
    }

    /// The id of a related thing: inside it (`catalog.id`), beside (`catalogId`), or bound by an address (`catalog@odata.bind`).
    pub fn related(&self, name: &str) -> Result<Option<String>, Fault> {
        if let Some(id) = self.object(name)?.map(|inner| inner.text("id")).transpose()?.flatten() {
            return Ok(Some(id).filter(|id| !id.is_empty()));
        }
        if let Some(id) = self.text(&format!("{name}Id"))?.filter(|id| !id.is_empty()) {
            return Ok(Some(id));
        }
        let bound = self.text(&format!("{name}@odata.bind"))?;
        Ok(bound.and_then(|address| scalar::reference(&address).map(str::to_owned)))
    }

    /// The id at the end of `@odata.id`.
    pub fn reference(&self) -> Result<String, Fault> {
        let address = self.text("@odata.id")?.unwrap_or_default();
        let id = scalar::reference(&address).map(str::to_owned);
        id.ok_or_else(|| {
            Fault::at(
                "@odata.id",
                "@odata.id has to be the address of what is meant, such as https://host/v1.0/groups/ID.",
            )
        })
    }
}

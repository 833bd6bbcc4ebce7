//! What a client sent, read leniently as Graph does: names in any case, flags and numbers as text too, ids inside related things, beside them,
//! or bound by an address. What a body does not name stays as it is.

use serde_json::{Map, Value};

use super::fault::Fault;
use crate::domain::odata::scalar;

/// A JSON object, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Body(Map<String, Value>);

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
            Value::Object(map) => Ok(Self(map)),
            Value::Null => Ok(Self::default()),
            _ => Err(Fault::bad("The body has to be a JSON object.")),
        }
    }

    /// All of it.
    pub fn value(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// What stands under a name, in any case.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).or_else(|| {
            self.0
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
    }

    /// Whether a name stands in it.
    pub fn names(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// A text; `null` is an empty one.
    pub fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(String::new())),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Fault::at(name, format!("{name} has to be a text."))),
        }
    }

    /// A flag, as itself or as text.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let read = match self.field(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Bool(flag)) => Some(*flag),
            Some(Value::String(text)) => scalar::boolean(text),
            Some(Value::Number(number)) => scalar::boolean(&number.to_string()),
            Some(_) => None,
        };
        read.map(Some)
            .ok_or_else(|| Fault::at(name, format!("{name} has to be true or false.")))
    }

    /// The value of an enumeration by its word, in any case.
    pub fn choice<T: Copy>(&self, name: &str, known: &[(&str, T)]) -> Result<Option<T>, Fault> {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        self.written(
            name,
            |text| scalar::choice(text, known),
            &format!("has to be one of {}.", words.join(", ")),
        )
    }

    fn written<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>, expected: &str) -> Result<Option<T>, Fault> {
        match self.field(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => match read(text) {
                Some(value) => Ok(Some(value)),
                None => Err(Fault::at(name, format!("{name} {expected}"))),
            },
            Some(_) => Err(Fault::at(name, format!("{name} {expected}"))),
        }
    }

    /// An object within it, by the first of these names that is there.
    pub fn object(&self, names: &[&str]) -> Result<Option<Self>, Fault> {
        for name in names {
            match self.field(name) {
                None | Some(Value::Null) => {}
                Some(Value::Object(map)) => return Ok(Some(Self(map.clone()))),
                Some(_) => return Err(Fault::at(name, format!("{name} has to be an object."))),
            }
        }
        Ok(None)
    }

    /// The objects of a list within it; none where it is not there.
    pub fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, Fault> {
        let fault = || Fault::at(name, format!("{name} has to be a list of objects."));
        match self.field(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(values)) => {
                let objects = values.iter().map(|value| match value {
                    Value::Object(map) => Ok(Self(map.clone())),
                    _ => Err(fault()),
                });
                objects.collect::<Result<_, _>>().map(Some)
            }
            Some(_) => Err(fault()),
        }
    }

    /// The texts of a list within it; none where it is not there.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        let fault = || Fault::at(name, format!("{name} has to be a list of texts."));
        match self.field(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(values)) => {
                let texts = values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(fault));
                texts.collect::<Result<_, _>>().map(Some)
            }
            Some(_) => Err(fault()),
        }
    }

    /// The id of a related thing: inside it (`catalog.id`), beside (`catalogId`), or bound by an address (`catalog@odata.bind`).
    pub fn related(&self, name: &str) -> Result<Option<String>, Fault> {
        if let Some(id) = self.object(&[name])?.map(|inner| inner.text("id")).transpose()?.flatten() {
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

//! The types that the API serves: their properties and what they are related to. `$select`, `$expand`, `$metadata` and the tests of every
//! answer read this one table, so what is described is what is sent.

mod assignment;
mod directory;
mod governance;
mod policy;

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edm {
    /// Text.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// An instant.
    Time,
    /// A day.
    Day,
    /// A duration.
    Duration,
    /// One word of an enumeration.
    Word(&'static str),
    /// An object.
    One(&'static str),
    /// A list of objects.
    Many(&'static str),
    /// A list of texts.
    Texts,
}

/// Something that a thing is related to, shown only when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Related {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: &'static str,
    /// There can be many.
    pub many: bool,
}

/// One type.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Its name, without the namespace.
    pub name: &'static str,
    /// The type that it adds to.
    pub base: Option<&'static str>,
    /// It has an id of its own.
    pub entity: bool,
    /// Only types that add to it are sent.
    pub general: bool,
    /// Its properties beside those of its base.
    pub properties: &'static [(&'static str, Edm)],
    /// What it is related to.
    pub related: &'static [Related],
}

/// A type with an id.
pub const fn entity(name: &'static str, properties: &'static [(&'static str, Edm)], related: &'static [Related]) -> Type {
    Type {
        name,
        base: None,
        entity: true,
        general: false,
        properties,
        related,
    }
}

/// A type that is a part of others.
pub const fn complex(name: &'static str, properties: &'static [(&'static str, Edm)]) -> Type {
    Type {
        entity: false,
        ..entity(name, properties, &[])
    }
}

/// One related thing.
pub const fn one(name: &'static str, kind: &'static str) -> Related {
    Related { name, kind, many: false }
}

/// Many related things.
pub const fn many(name: &'static str, kind: &'static str) -> Related {
    Related { name, kind, many: true }
}

impl Type {
    /// The same, adding to another type.
    pub const fn adding_to(self, base: &'static str) -> Self {
        Self { base: Some(base), ..self }
    }

    /// The same, of which only types that add to it are sent.
    pub const fn general(self) -> Self {
        Self { general: true, ..self }
    }
}

/// An enumeration and its words.
pub type Words = (&'static str, &'static [&'static str]);

const TYPES: &[&[Type]] = &[governance::TYPES, policy::TYPES, assignment::TYPES, directory::TYPES];
const WORDS: &[&[Words]] = &[governance::WORDS, policy::WORDS, assignment::WORDS];

/// All types.
pub fn types() -> impl Iterator<Item = &'static Type> {
    TYPES.iter().copied().flatten()
}

/// All enumerations.
pub fn words() -> impl Iterator<Item = &'static Words> {
    WORDS.iter().copied().flatten()
}

/// The type of a name.
pub fn find(name: &str) -> Option<&'static Type> {
    types().find(|known| known.name == name)
}

/// A type and those that it adds to.
pub fn with_bases(name: &str) -> Vec<&'static Type> {
    let mut found: Vec<&'static Type> = Vec::new();
    let mut next = find(name);
    while let Some(known) = next.filter(|known| found.iter().all(|seen| seen.name != known.name)) {
        found.push(known);
        next = known.base.and_then(find);
    }
    found
}

/// Those that add to a type, and itself with its bases: what a row of a collection of it can have.
fn family(name: &str) -> Vec<&'static Type> {
    let mut found = with_bases(name);
    found.extend(types().filter(|known| known.base == Some(name)));
    found
}

/// A property by its name, in any case.
pub fn property(kind: &str, name: &str) -> Option<&'static (&'static str, Edm)> {
    let mut properties = family(kind).into_iter().flat_map(|known| known.properties);
    properties.find(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// What a type is related to by a name, in any case.
pub fn related(kind: &str, name: &str) -> Option<&'static Related> {
    let mut all = family(kind).into_iter().flat_map(|known| known.related);
    all.find(|known| known.name.eq_ignore_ascii_case(name))
}

/// Whether a value has only what its type has, each of its kind.
#[cfg(test)]
pub fn check(kind: &str, value: &serde_json::Value) -> Result<(), String> {
    let serde_json::Value::Object(properties) = value else {
        return Err(format!("{kind} has to be an object, not {value}"));
    };
    let named = properties.get("@odata.type").and_then(|name| name.as_str());
    let kind = named.map_or(kind, |name| name.trim_start_matches("#microsoft.graph."));
    for (name, value) in properties.iter().filter(|(name, _)| !name.starts_with('@')) {
        if let Some(related) = related(kind, name) {
            for value in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                if !value.is_null() {
                    check(related.kind, value)?;
                }
            }
            continue;
        }
        let Some((known, edm)) = property(kind, name) else {
            return Err(format!("{kind} has no property {name}"));
        };
        if known != name || !(value.is_null() || holds(*edm, value)?) {
            return Err(format!("{kind}/{name} cannot be {value}"));
        }
    }
    Ok(())
}

#[cfg(test)]
fn holds(edm: Edm, value: &serde_json::Value) -> Result<bool, String> {
    use crate::domain::odata::scalar;
    let text = value.as_str();
    Ok(match edm {
        Edm::Text => text.is_some(),
        Edm::Flag => value.is_boolean(),
        Edm::Number => value.is_i64(),
        Edm::Time => text.is_some_and(|text| text.ends_with('Z') && scalar::instant(text).is_some()),
        Edm::Day => text.is_some_and(|text| text.len() == 10 && scalar::instant(text).is_some()),
        Edm::Duration => text.is_some_and(|text| text.starts_with('P') && scalar::duration(text).is_some()),
        Edm::Word(name) => {
            let known = words()
                .find(|(known, _)| *known == name)
                .ok_or_else(|| format!("no enumeration {name}"))?;
            text.is_some_and(|text| known.1.contains(&text))
        }
        Edm::One(kind) => {
            check(kind, value)?;
            true
        }
        Edm::Many(kind) => {
            let values = value.as_array().ok_or_else(|| format!("{value} is no list"))?;
            for value in values {
                check(kind, value)?;
            }
            true
        }
        Edm::Texts => value
            .as_array()
            .is_some_and(|values| values.iter().all(serde_json::Value::is_string)),
    })
}

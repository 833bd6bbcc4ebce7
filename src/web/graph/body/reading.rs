//! Reads JSON that the clients of the Microsoft Graph API send: property names, words and `@odata.type` in any case, numbers and booleans
//! also as text, durations in both spellings. It gathers every fault with the path at which it stands, and knows no resource.

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::period::Period;
use crate::domain::odata::scalar;

/// What is wrong with a body, at one of its properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyFault {
    /// The property, such as `requestApprovalSettings.stages[0].primaryApprovers`.
    pub target: String,
    /// What is wrong, and what to send instead.
    pub message: String,
}

/// An object of a body, with the path that leads to it.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    value: &'a Map<String, Value>,
    path: String,
}

impl<'a> Node<'a> {
    /// The body itself.
    pub fn root(value: &'a Map<String, Value>) -> Self {
        Self {
            value,
            path: String::new(),
        }
    }

    /// The same within a body, at a path.
    pub(super) fn within(value: &'a Map<String, Value>, path: String) -> Self {
        Self { value, path }
    }

    /// The path of one of its properties.
    pub fn path(&self, name: &str) -> String {
        match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{name}", self.path),
        }
    }

    /// Its properties.
    pub(super) fn properties(&self) -> &'a Map<String, Value> {
        self.value
    }

    /// The value of a property, whatever the case of its name; `None` where it is not sent.
    pub fn raw(&self, name: &str) -> Option<&'a Value> {
        let exact = self.value.get(name);
        exact.or_else(|| {
            self.value
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
    }

    /// Whether a property is sent, be it as null.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value of a property that is sent and not null.
    fn sent(&self, name: &str) -> Option<&'a Value> {
        self.raw(name).filter(|value| !value.is_null())
    }

    /// Whether a property says something: it is neither null nor empty.
    pub fn says(&self, name: &str) -> bool {
        match self.raw(name) {
            None | Some(Value::Null) => false,
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(members)) => members.values().any(|value| !value.is_null()),
            Some(_) => true,
        }
    }

    /// The type that it names, without its namespace, such as `singleUser`.
    pub fn kind(&self) -> Option<&'a str> {
        let kind = self.raw("@odata.type")?.as_str()?.trim();
        let kind = kind.trim_start_matches('#');
        Some(kind.rsplit_once('.').map_or(kind, |(_, last)| last))
    }
}

/// Reads one body, and gathers what is wrong with it.
#[derive(Debug, Default)]
pub struct Reading {
    faults: Vec<BodyFault>,
}

impl Reading {
    /// Notes a fault.
    pub fn fault(&mut self, target: impl Into<String>, message: impl Into<String>) {
        self.faults.push(BodyFault {
            target: target.into(),
            message: message.into(),
        });
    }

    /// The value, if no fault was found.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<BodyFault>> {
        if self.faults.is_empty() { Ok(value) } else { Err(self.faults) }
    }

    /// The object at a property.
    pub fn object<'a>(&mut self, node: &Node<'a>, name: &str) -> Option<Node<'a>> {
        let path = node.path(name);
        match node.sent(name)? {
            Value::Object(value) => Some(Node { value, path }),
            _ => {
                self.fault(path, "Send an object.");
                None
            }
        }
    }

    /// The objects of the list at a property; `None` where it is not sent.
    pub fn list<'a>(&mut self, node: &Node<'a>, name: &str) -> Option<Vec<Node<'a>>> {
        let Value::Array(items) = node.sent(name)? else {
            self.fault(node.path(name), "Send a list.");
            return None;
        };
        let mut nodes = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let path = format!("{}[{at}]", node.path(name));
            match item {
                Value::Object(value) => nodes.push(Node { value, path }),
                _ => self.fault(path, "Send an object."),
            }
        }
        Some(nodes)
    }

    /// The texts of the list at a property; `None` where it is not sent.
    pub fn texts(&mut self, node: &Node<'_>, name: &str) -> Option<Vec<String>> {
        let Value::Array(items) = node.sent(name)? else {
            self.fault(node.path(name), "Send a list of texts.");
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.fault(format!("{}[{at}]", node.path(name)), "Send a text."),
            }
        }
        Some(texts)
    }

    /// The text at a property.
    pub fn text(&mut self, node: &Node<'_>, name: &str) -> Option<String> {
        match node.sent(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => {
                self.fault(node.path(name), "Send a text.");
                None
            }
        }
    }

    /// The boolean at a property, also as text.
    pub fn flag(&mut self, node: &Node<'_>, name: &str) -> Option<bool> {
        let flag = match node.sent(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => scalar::boolean(text),
            Value::Number(number) => scalar::boolean(&number.to_string()),
            _ => None,
        };
        if flag.is_none() {
            self.fault(node.path(name), "Send true or false.");
        }
        flag
    }

    /// The whole number at a property, also as text.
    pub fn number(&mut self, node: &Node<'_>, name: &str) -> Option<i64> {
        let number = match node.sent(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.fault(node.path(name), "Send a whole number.");
        }
        number
    }

    /// One of some words at a property, in any case.
    pub fn word<T: Copy>(&mut self, node: &Node<'_>, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node, name)?;
        let found = scalar::choice(&text, words);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.fault(node.path(name), format!("Send one of these: {}.", all.join(", ")));
        }
        found
    }

    /// The id at a property.
    pub fn id<I: From<Uuid>>(&mut self, node: &Node<'_>, name: &str) -> Option<I> {
        let text = self.text(node, name)?;
        let id = Uuid::parse_str(text.trim()).ok();
        if id.is_none() {
            self.fault(node.path(name), "Send an id (a GUID).");
        }
        id.map(I::from)
    }

    /// The instant at a property, with any offset and up to nine digits behind the second.
    pub fn instant(&mut self, node: &Node<'_>, name: &str) -> Option<DateTime<Utc>> {
        let text = self.text(node, name)?;
        let at = scalar::instant(&text);
        if at.is_none() {
            self.fault(node.path(name), "Send a time such as 2026-12-31T00:00:00Z.");
        }
        at.map(|at| at.trunc_subsecs(6))
    }

    /// The length of time at a property.
    pub fn period(&mut self, node: &Node<'_>, name: &str) -> Option<Period> {
        let text = self.text(node, name)?;
        let period = Period::parse(&text);
        if period.is_none() {
            self.fault(
                node.path(name),
                "Send a duration in days, hours, minutes or seconds, such as P30D or PT8H. Years and months have no fixed length.",
            );
        }
        period
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    #[test]
    fn f173_names_words_numbers_and_booleans_are_read_as_clients_write_them() {
        let body = body(json!({
            "DisplayName": "A", "isHidden": "True", "sequence": "1", "level": 2, "state": "AdminAdd", "at": "2026-02-01T01:00:00.1234567+01:00",
            "@odata.type": "#microsoft.graph.singleUser", "nothing": null, "empty": [], "odd": {"id": null}
        }));
        let node = Node::root(&body);
        let mut read = Reading::default();
        assert_eq!(read.text(&node, "displayName").as_deref(), Some("A"));
        assert_eq!(read.flag(&node, "isHidden"), Some(true));
        assert_eq!((read.number(&node, "sequence"), read.number(&node, "level")), (Some(1), Some(2)));
        assert_eq!(read.word(&node, "state", &[("adminAdd", 7)]), Some(7));
        let at = read.instant(&node, "at").map(|at| at.to_rfc3339());
        assert_eq!(at.as_deref(), Some("2026-02-01T00:00:00.123456+00:00"));
        assert_eq!(node.kind(), Some("singleUser"));
        assert_eq!((node.has("nothing"), read.text(&node, "nothing")), (true, None));
        assert!(!node.says("nothing") && !node.says("empty") && !node.says("odd") && !node.says("missing") && node.says("level"));
        assert!(read.finish(()).is_ok());
    }

    #[test]
    fn f173_every_fault_is_told_with_its_path() {
        let body = body(json!({"settings": {"stages": [{"days": "soon"}, 7], "flag": "maybe"}, "id": "x", "list": {}}));
        let mut read = Reading::default();
        let root = Node::root(&body);
        let settings = read.object(&root, "settings").expect("an object");
        let stages = read.list(&settings, "stages").expect("a list");
        assert_eq!(read.period(&stages[0], "days"), None);
        assert_eq!(read.flag(&settings, "flag"), None);
        assert_eq!(read.id::<Uuid>(&root, "id"), None);
        assert!(read.list(&root, "list").is_none());
        let faults = read.finish(()).expect_err("faults");
        let targets: Vec<&str> = faults.iter().map(|fault| fault.target.as_str()).collect();
        assert_eq!(
            targets,
            ["settings.stages[1]", "settings.stages[0].days", "settings.flag", "id", "list"]
        );
    }
}

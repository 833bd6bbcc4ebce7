//! What the API says of itself: `$metadata` in the schema language of OData, and the list of what stands at its root. Both are made of the
//! tables that answers are made of.

use std::collections::BTreeMap;

use serde_json::json;

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, Verb, graph_routes};
use super::schema::{self, Edm, Type};
use super::serve::TABLES;
use crate::web::endpoints::Access::SignedIn;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "" "", SignedIn => root;
    Get "$metadata" "", SignedIn => metadata;
];

/// What stands around everything of a namespace.
const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
"#;
const TAIL: &str = "</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n";

async fn metadata(_: &Call) -> Result<Reply, Fault> {
    Ok(Reply::Document("application/xml;charset=utf-8", document()))
}

async fn root(call: &Call) -> Result<Reply, Fault> {
    Ok(Reply::Json(service_document(&call.base)))
}

/// What stands at the root of a version.
fn service_document(base: &str) -> serde_json::Value {
    let sets = roots().into_iter().map(|(name, root)| {
        let kind = if root.many { "EntitySet" } else { "Singleton" };
        json!({ "name": name, "kind": kind, "url": name })
    });
    json!({ "@odata.context": format!("{base}/$metadata"), "value": sets.collect::<Vec<_>>() })
}

/// The whole description.
fn document() -> String {
    let mut text = HEAD.to_owned();
    for (name, words) in schema::words() {
        text.push_str(&format!("<EnumType Name=\"{name}\">\n"));
        for word in words.iter().chain(["unknownFutureValue"].iter()) {
            text.push_str(&format!("<Member Name=\"{word}\"/>\n"));
        }
        text.push_str("</EnumType>\n");
    }
    for kind in schema::types() {
        write_type(&mut text, kind);
    }
    write_container(&mut text);
    text.push_str(TAIL);
    text
}

fn write_type(text: &mut String, kind: &Type) {
    let element = if kind.entity { "EntityType" } else { "ComplexType" };
    let base = kind
        .base
        .map(|base| format!(" BaseType=\"microsoft.graph.{base}\""))
        .unwrap_or_default();
    let general = if kind.general { " Abstract=\"true\"" } else { "" };
    text.push_str(&format!("<{element} Name=\"{}\"{base}{general}>\n", kind.name));
    if kind.entity && kind.base.is_none() {
        text.push_str("<Key><PropertyRef Name=\"id\"/></Key>\n");
    }
    for (name, edm) in kind.properties {
        let nullable = if *name == "id" { " Nullable=\"false\"" } else { "" };
        text.push_str(&format!("<Property Name=\"{name}\" Type=\"{}\"{nullable}/>\n", type_name(*edm)));
    }
    for related in kind.related {
        let of = reference(related.kind, related.many);
        text.push_str(&format!("<NavigationProperty Name=\"{}\" Type=\"{of}\"/>\n", related.name));
    }
    text.push_str(&format!("</{element}>\n"));
}

fn type_name(edm: Edm) -> String {
    let simple = match edm {
        Edm::Text => "Edm.String",
        Edm::Flag => "Edm.Boolean",
        Edm::Number => "Edm.Int32",
        Edm::Time => "Edm.DateTimeOffset",
        Edm::Day => "Edm.Date",
        Edm::Duration => "Edm.Duration",
        Edm::Texts => "Collection(Edm.String)",
        Edm::Word(name) | Edm::One(name) => return reference(name, false),
        Edm::Many(name) => return reference(name, true),
    };
    simple.to_owned()
}

fn reference(kind: &str, many: bool) -> String {
    if many {
        format!("Collection(microsoft.graph.{kind})")
    } else {
        format!("microsoft.graph.{kind}")
    }
}

/// What stands at a place: things of a type, or further places.
#[derive(Debug, Default)]
struct Place {
    kind: &'static str,
    many: bool,
    within: BTreeMap<&'static str, Place>,
}

/// What can be read at the root and, of those places that are no things themselves, within them.
fn roots() -> BTreeMap<&'static str, Place> {
    let mut root = Place::default();
    for route in TABLES.iter().copied().flatten() {
        let parts = route.parts();
        let plain = parts.iter().all(|part| part.chars().all(|c| c.is_ascii_alphanumeric()));
        if route.verb != Verb::Get || !plain || route.kind.is_empty() {
            continue;
        }
        let many = TABLES.iter().copied().flatten().any(|other| is_one_of(&other.parts(), &parts));
        let mut place = &mut root;
        for part in parts {
            place = place.within.entry(part).or_default();
        }
        (place.kind, place.many) = (route.kind, many);
    }
    root.within
}

/// Whether a path is that of one thing of a set, or of a function on it.
fn is_one_of(parts: &[&str], set: &[&str]) -> bool {
    parts.len() == set.len() + 1 && parts.starts_with(set) && parts.last().is_some_and(|last| last.starts_with('{') || last.ends_with("()"))
}

/// The root, and a type for each place that is no thing itself.
fn write_container(text: &mut String) {
    let roots = roots();
    for (name, place) in &roots {
        write_place(text, name, place);
    }
    text.push_str("<EntityContainer Name=\"GraphService\">\n");
    for (name, place) in &roots {
        let line = match (place.kind, place.many) {
            ("", _) => format!("<Singleton Name=\"{name}\" Type=\"microsoft.graph.{name}\"/>\n"),
            (kind, true) => format!("<EntitySet Name=\"{name}\" EntityType=\"microsoft.graph.{kind}\"/>\n"),
            (kind, false) => format!("<Singleton Name=\"{name}\" Type=\"microsoft.graph.{kind}\"/>\n"),
        };
        text.push_str(&line);
    }
    text.push_str("</EntityContainer>\n");
}

fn write_place(text: &mut String, name: &str, place: &Place) {
    if !place.kind.is_empty() {
        return;
    }
    text.push_str(&format!("<EntityType Name=\"{name}\" BaseType=\"microsoft.graph.entity\">\n"));
    for (inner, within) in &place.within {
        let of = match within.kind {
            "" => type_of(name, inner),
            kind => reference(kind, within.many),
        };
        text.push_str(&format!(
            "<NavigationProperty Name=\"{inner}\" Type=\"{of}\" ContainsTarget=\"true\"/>\n"
        ));
    }
    text.push_str("</EntityType>\n");
    for (inner, within) in &place.within {
        let own = type_of(name, inner);
        write_place(text, own.trim_start_matches("microsoft.graph."), within);
    }
}

/// The type of a place within another; two of one name stand in different places.
fn type_of(outer: &str, inner: &str) -> String {
    let mut letters = inner.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("microsoft.graph.{outer}{first}{}", letters.as_str())
}

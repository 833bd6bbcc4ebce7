//! The table of routes: for each method and path who answers, what it takes, and the type of what comes back. Nothing is answered that is not
//! in it, so no address is without its row of access.

use std::future::Future;
use std::pin::Pin;

use axum::http::Method;

use super::address::Segment;
use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use crate::web::endpoints::Access;

/// What a route does with a call.
pub type Run = for<'a> fn(&'a Call) -> Pin<Box<dyn Future<Output = Result<Reply, Fault>> + Send + 'a>>;

/// A method of HTTP that the API knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Creates, or does something.
    Post,
    /// Changes what it names.
    Patch,
    /// Replaces.
    Put,
    /// Deletes.
    Delete,
}

impl Verb {
    /// The verb of a method; a HEAD is read like a GET.
    pub fn of(method: &Method) -> Option<Self> {
        match *method {
            Method::GET | Method::HEAD => Some(Self::Get),
            Method::POST => Some(Self::Post),
            Method::PATCH => Some(Self::Patch),
            Method::PUT => Some(Self::Put),
            Method::DELETE => Some(Self::Delete),
            _ => None,
        }
    }

    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One row of the table.
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path behind the version: `{name}` stands for a key, `name()` for a function, `EM` for entitlement management.
    pub path: &'static str,
    /// The type of the entity, or of the rows of the collection, that is answered; empty where none is.
    pub kind: &'static str,
    /// What it takes.
    pub access: Access,
    /// Who answers.
    pub run: Run,
}

/// Makes rows of the table: `Get "EM/catalogs" "accessPackageCatalog", ACCESS => list;`.
macro_rules! graph_routes {
    ($($verb:ident $path:literal $kind:literal, $access:expr => $run:path;)+) => {
        &[$($crate::web::graph::route::Route {
            verb: $crate::web::graph::route::Verb::$verb,
            path: $path,
            kind: $kind,
            access: $access,
            run: |call| Box::pin($run(call)),
        }),+]
    };
}
pub(super) use graph_routes;

/// What stands for `EM`.
const ENTITLEMENT_MANAGEMENT: [&str; 2] = ["identityGovernance", "entitlementManagement"];

impl Route {
    /// The parts of its path.
    pub fn parts(&self) -> Vec<&'static str> {
        match self.path.strip_prefix("EM") {
            Some(rest) => ENTITLEMENT_MANAGEMENT
                .into_iter()
                .chain(rest.split('/').filter(|part| !part.is_empty()))
                .collect(),
            None => self.path.split('/').filter(|part| !part.is_empty()).collect(),
        }
    }

    /// The keys and arguments of a path that is this one.
    fn matches(&self, segments: &[Segment]) -> Option<Matched> {
        let parts = self.parts();
        if parts.len() != segments.len() {
            return None;
        }
        let mut matched = Matched::default();
        for (part, segment) in parts.into_iter().zip(segments) {
            match (&segment.arguments, part.strip_suffix("()")) {
                (Some(arguments), Some(function)) if segment.text.eq_ignore_ascii_case(function) => {
                    matched.arguments.extend(arguments.iter().cloned());
                }
                (None, None) if part.starts_with('{') => matched.keys.push(segment.text.clone()),
                (None, None) if segment.text.eq_ignore_ascii_case(part) => {}
                _ => return None,
            }
        }
        Some(matched)
    }
}

/// What a path says beside which route it is.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The keys, in order.
    pub keys: Vec<String>,
    /// The arguments of functions, by names in lower case.
    pub arguments: Vec<(String, String)>,
}

/// What is found in the table for a call.
pub enum Found {
    /// This row.
    Route(&'static Route, Matched),
    /// The address is there, with other methods.
    Methods(Vec<&'static str>),
    /// No such address.
    Nothing,
}

/// The row of the table for a method and a path; of several the one that is written out most.
pub fn find(tables: &'static [&'static [Route]], verb: Option<Verb>, segments: &[Segment]) -> Found {
    let routes = tables.iter().copied().flatten();
    let mut matches: Vec<(&'static Route, Matched)> = routes.filter_map(|route| Some((route, route.matches(segments)?))).collect();
    let methods = matches.iter().map(|(route, _)| route.verb.as_str()).collect();
    matches.retain(|(route, _)| Some(route.verb) == verb);
    let written_out = matches.into_iter().min_by_key(|(_, matched)| matched.keys.len());
    match written_out {
        Some((route, matched)) => Found::Route(route, matched),
        None => {
            let methods: Vec<&'static str> = methods;
            if methods.is_empty() {
                Found::Nothing
            } else {
                Found::Methods(methods)
            }
        }
    }
}

/// The set that a path names, as a context has it: `catalogs('ID')/resources`.
pub fn set_of(segments: &[Segment]) -> String {
    let mut set = String::new();
    for segment in segments {
        let is_key = segment.text.len() >= 32 && segment.text.starts_with(|c: char| c.is_ascii_hexdigit());
        match segment.text.as_str() {
            "$ref" | "$count" => {}
            key if is_key => set.push_str(&format!("('{key}')")),
            name => {
                if !set.is_empty() {
                    set.push('/');
                }
                set.push_str(name);
            }
        }
    }
    set
}

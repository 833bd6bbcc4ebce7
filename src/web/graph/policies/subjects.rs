//! Subject sets, both ways: whom a policy means, by name or by relation.

use serde_json::{Map, Value, json};

use crate::domain::message;
use crate::domain::object::Subject;
use crate::domain::rule;
use crate::domain::subject::SubjectSet;
use crate::domain::validate::Code;

use super::super::body::{Node, Reading};

/// What a set is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// May request.
    Requestor,
    /// May request for others.
    OnBehalf,
    /// Decides, or is asked as well.
    Approver,
    /// Stands in where nobody of them is there.
    Fallback,
    /// Reviews.
    Reviewer,
}

impl Place {
    /// Why a set would have no effect here, if so.
    fn refuses(self, set: &SubjectSet) -> Option<&'static str> {
        use SubjectSet::{AttributeRule, ConnectedOrganization, GroupMembers, RequestorManager, User};
        match (self, set) {
            (_, User(_) | GroupMembers(_)) | (Self::Requestor, ConnectedOrganization(_)) => None,
            (_, ConnectedOrganization(_)) => {
                Some("Members of connected organizations can only be named as requestors. Use internalSponsors or externalSponsors here.")
            }
            (Self::Requestor, AttributeRule(_)) => {
                Some("Assignment by a rule is not available yet. Name a group with groupMembers; its membership can follow a rule.")
            }
            (Self::Requestor, _) => Some("Only singleUser, groupMembers and connectedOrganizationMembers can be named here."),
            (Self::Fallback, _) => Some("Whoever stands in is named: use singleUser or groupMembers."),
            (Self::OnBehalf, RequestorManager(_)) | (Self::Approver | Self::Reviewer, _) => None,
            (Self::OnBehalf, _) => Some("Only singleUser, groupMembers and requestorManager can be named here."),
        }
    }
}

/// Reads a list of sets. One that would have no effect in its place is refused, unless the policy names it there already (`kept`). `None`
/// where the property is not sent.
pub fn read(read: &mut Reading, node: &Node<'_>, name: &str, place: Place, kept: &[SubjectSet]) -> Option<Vec<SubjectSet>> {
    let nodes = read.list(node, name)?;
    let mut sets = Vec::with_capacity(nodes.len());
    for node in &nodes {
        let Some(set) = one(read, node) else { continue };
        match place.refuses(&set).filter(|_| !kept.contains(&set)) {
            Some(message) => read.fault(node.path(""), message),
            None => sets.push(set),
        }
    }
    Some(sets)
}

fn one(read: &mut Reading, node: &Node<'_>) -> Option<SubjectSet> {
    let kind = kind(node)?;
    let named = |own: &'static str| if node.has(own) { own } else { "id" };
    match kind.to_ascii_lowercase().as_str() {
        "singleuser" => required(read, node, named("userId")).map(SubjectSet::User),
        "groupmembers" => required(read, node, named("groupId")).map(SubjectSet::GroupMembers),
        "connectedorganizationmembers" => required(read, node, named("connectedOrganizationId")).map(SubjectSet::ConnectedOrganization),
        "requestormanager" | "targetmanager" => manager(read, node),
        "internalsponsors" => Some(SubjectSet::InternalSponsors),
        "externalsponsors" => Some(SubjectSet::ExternalSponsors),
        "targetusersponsors" => Some(SubjectSet::TargetUserSponsors),
        "attributerulemembers" => rule_of(read, node),
        "singleserviceprincipal" | "targetapplicationowners" => {
            read.fault(
                node.path("@odata.type"),
                "Access packages are for people here: name users or groups.",
            );
            None
        }
        _ => {
            read.fault(
                node.path("@odata.type"),
                "Send one of these, with #microsoft.graph. before it: singleUser, groupMembers, requestorManager, internalSponsors, \
                 externalSponsors, targetUserSponsors.",
            );
            None
        }
    }
}

/// The kind of a set, by its type or by what it holds.
fn kind<'a>(node: &Node<'a>) -> Option<&'a str> {
    let by_property = [
        ("userId", "singleUser"),
        ("groupId", "groupMembers"),
        ("connectedOrganizationId", "connectedOrganizationMembers"),
        ("membershipRule", "attributeRuleMembers"),
        ("managerLevel", "requestorManager"),
        ("servicePrincipalId", "singleServicePrincipal"),
    ];
    let found = || by_property.iter().find(|(name, _)| node.has(name)).map(|(_, kind)| *kind);
    Some(node.kind().or_else(found).unwrap_or_default())
}

fn required<I: From<uuid::Uuid>>(read: &mut Reading, node: &Node<'_>, name: &str) -> Option<I> {
    if !node.says(name) {
        read.fault(node.path(name), "Send the id of whom you mean.");
        return None;
    }
    read.id(node, name)
}

/// The manager of the person who is to have access, who in a request for oneself is the requestor's.
fn manager(read: &mut Reading, node: &Node<'_>) -> Option<SubjectSet> {
    let level = match node.has("managerLevel") {
        true => read.number(node, "managerLevel").unwrap_or(1),
        false => 1,
    };
    match level {
        1 => Some(SubjectSet::RequestorManager(1)),
        2 => Some(SubjectSet::RequestorManager(2)),
        _ => {
            read.fault(node.path("managerLevel"), "Send 1 for the manager or 2 for the manager's manager.");
            None
        }
    }
}

fn rule_of(read: &mut Reading, node: &Node<'_>) -> Option<SubjectSet> {
    let text = read.text(node, "membershipRule").unwrap_or_default();
    match rule::parse(&text) {
        Ok(_) => Some(SubjectSet::AttributeRule(text)),
        Err(error) => {
            let message = message::text(&Code::Rule(error.fault, error.at), "membershipRule");
            read.fault(node.path("membershipRule"), message);
            None
        }
    }
}

/// The names of whom a policy means.
pub type Names<'a> = dyn Fn(Subject) -> Option<String> + 'a;

/// A list of sets, each with the name of whom it means as its description.
pub fn write(sets: &[SubjectSet], names: &Names<'_>) -> Value {
    sets.iter().map(|set| set_json(set, names)).collect()
}

fn set_json(set: &SubjectSet, names: &Names<'_>) -> Value {
    let (kind, property) = match set {
        SubjectSet::User(id) => ("singleUser", Some(("userId", json!(id)))),
        SubjectSet::GroupMembers(id) => ("groupMembers", Some(("groupId", json!(id)))),
        SubjectSet::ConnectedOrganization(id) => ("connectedOrganizationMembers", Some(("connectedOrganizationId", json!(id)))),
        SubjectSet::RequestorManager(level) => ("requestorManager", Some(("managerLevel", json!(level)))),
        SubjectSet::InternalSponsors => ("internalSponsors", None),
        SubjectSet::ExternalSponsors => ("externalSponsors", None),
        SubjectSet::TargetUserSponsors => ("targetUserSponsors", None),
        SubjectSet::AttributeRule(rule) => ("attributeRuleMembers", Some(("membershipRule", json!(rule)))),
    };
    let mut object = Map::new();
    object.insert("@odata.type".into(), format!("#microsoft.graph.{kind}").into());
    if let Some((name, value)) = property {
        object.insert(name.into(), value);
    }
    if let Some(subject) = set.named() {
        object.insert("description".into(), json!(names(subject)));
    }
    Value::Object(object)
}

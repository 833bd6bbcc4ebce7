//! A package in sentences: what its administrator signs on Review + create, and what its Overview begins with. Plain functions over what
//! is handed in; the words for instants come from the caller.

use crate::domain::draft::{DraftView, PackageDraft, Step};
use crate::domain::expiration::Expiration;
use crate::domain::object::{ObjectItem, SubjectItem};
use crate::domain::package::{PackageRoleItem, PriorMembership};
use crate::domain::policy::{Audience, PolicyItem, Scope};
use crate::domain::validate::Checker;

/// Names as a sentence has them: `A`, `A and B`, `A, B and 3 others`.
pub(super) fn joined(names: &[&str]) -> String {
    match names {
        [] => "nobody".into(),
        [one] => (*one).into(),
        [first @ .., last] if names.len() <= 4 => [&first.join(", "), " and ", last].concat(),
        [a, b, c, others @ ..] => format!("{a}, {b}, {c} and {} others", others.len()),
        _ => names.join(", "),
    }
}

/// Who can request, by scope and the names of a specific one.
pub(super) fn who(scope: Scope, names: &[&str]) -> String {
    match scope {
        Scope::Specific if names.is_empty() => "Nobody has been chosen who can request this.".into(),
        Scope::Specific => [&joined(names), " can request this without approval."].concat(),
        Scope::AllMembers => "All members of your directory, but no guests, can request this without approval.".into(),
        Scope::AllUsers => "All users of your directory, guests included, can request this without approval.".into(),
        Scope::Nobody => "Nobody can request this, and it can't be assigned directly yet.".into(),
    }
}

/// The names of those who are there, and of those who have been deleted.
fn present_and_deleted<'a>(subjects: impl Iterator<Item = &'a SubjectItem>) -> (Vec<&'a str>, Vec<&'a str>) {
    let (deleted, present): (Vec<_>, Vec<_>) = subjects.partition(|item| item.deleted);
    let names = |items: Vec<&'a SubjectItem>| items.into_iter().map(|item| item.name.as_str()).collect();
    (names(present), names(deleted))
}

/// What is said of those who were chosen and have been deleted.
fn gone(present: &[&str], deleted: &[&str]) -> Option<String> {
    let has = if deleted.len() == 1 { "has" } else { "have" };
    match (present, deleted) {
        (_, []) => None,
        ([], _) => Some(format!("{} {has} been deleted. Choose who can request this.", joined(deleted))),
        _ => Some(format!("{} {has} been deleted and can't request it.", joined(deleted))),
    }
}

/// When access ends; `lasts` words how long.
pub(super) fn ends(expiration: Expiration, lasts: impl Fn(Expiration) -> String) -> String {
    match expiration {
        Expiration::Never => "Access does not end by itself.".into(),
        _ => ["Access ends ", &lasts(expiration), "."].concat(),
    }
}

/// What is given: one sentence a role.
pub(super) fn gives(role: &str, object: &ObjectItem) -> String {
    let kind = if object.sub_kind.is_empty() {
        String::new()
    } else {
        [" (", &object.sub_kind, ")"].concat()
    };
    format!("Gives {role} of {}{kind}.", object.name)
}

/// What becomes of roles that people had before.
pub(super) fn prior(choice: PriorMembership) -> &'static str {
    match choice {
        PriorMembership::Keep => "People who had one of these roles before keep it when access ends.",
        PriorMembership::Remove => "People who had one of these roles before lose it when access ends.",
    }
}

/// Whether requests are taken.
fn enabled(enabled: bool) -> &'static str {
    if enabled {
        "Enable requests: Yes. It can be requested as soon as it is created."
    } else {
        "Enable requests: No. New requests are not taken."
    }
}

/// The draft, tab by tab (F022).
pub(super) fn draft(draft: &PackageDraft, known: &DraftView, lasts: impl Fn(Expiration) -> String) -> Vec<(Step, Vec<String>)> {
    vec![
        (Step::Basics, basics(draft, known)),
        (Step::ResourceRoles, roles(draft, known)),
        (Step::Requests, requests(draft, known)),
        (Step::Lifecycle, lifecycle(draft, known, lasts)),
    ]
}

fn basics(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    let said = |text: &str, missing: &str| {
        if text.trim().is_empty() {
            missing.to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    let catalog = known.catalogs.iter().find(|catalog| Some(catalog.id) == draft.basics.catalog);
    let name = said(&draft.basics.name, "The package has no name yet.");
    let named = !draft.basics.name.trim().is_empty();
    vec![
        match catalog {
            Some(catalog) if named => format!("{name}, in the catalog {}.", catalog.name),
            _ => name,
        },
        said(&draft.basics.description, "It has no description yet."),
    ]
}

fn roles(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    if draft.roles.is_empty() {
        return vec!["Gives nothing yet; resource roles can be added later.".into()];
    }
    let sentence = |row: &crate::domain::draft::DraftRole| {
        let Some(object) = known.objects.iter().find(|object| object.id == row.object) else {
            return "A resource that is no longer there.".to_owned();
        };
        match object.roles.iter().find(|role| Some(role.id) == row.role) {
            Some(role) => gives(&role.name, object),
            None => ["No role has been selected for ", &object.name, "."].concat(),
        }
    };
    let mut lines: Vec<String> = draft.roles.iter().map(sentence).collect();
    lines.push(prior(draft.prior_membership).into());
    lines
}

fn requests(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    let subjects = &draft.requests.subjects;
    let (names, deleted) = present_and_deleted(known.subjects.iter().filter(|item| subjects.contains(&item.subject)));
    let first = match (draft.requests.audience, draft.requests.scope) {
        (Some(Audience::InDirectory), Some(scope)) => who(scope, &names),
        (Some(Audience::Nobody), _) => return vec![who(Scope::Nobody, &[])],
        _ => "Who can request this has not been chosen yet.".into(),
    };
    let gone = gone(&names, &deleted);
    [first]
        .into_iter()
        .chain(gone)
        .chain([enabled(draft.requests.enabled).to_owned()])
        .collect()
}

fn lifecycle(draft: &PackageDraft, known: &DraftView, lasts: impl Fn(Expiration) -> String) -> Vec<String> {
    let mut check = Checker::default();
    let expiration = draft.lifecycle.check(&mut check, "", known.now);
    if check.into_errors().is_empty() {
        vec![ends(expiration, lasts)]
    } else {
        vec!["When access ends has not been said yet.".into()]
    }
}

/// A policy in sentences: who, how long, and whether requests are taken.
pub(super) fn policy(policy: &PolicyItem, lasts: impl Fn(Expiration) -> String) -> Vec<String> {
    let (present, deleted) = present_and_deleted(policy.subjects.iter());
    let mut lines = vec![who(policy.scope, &present)];
    lines.extend(gone(&present, &deleted));
    lines.push(ends(policy.expiration, lasts));
    if !policy.enabled {
        lines.push("New requests are not taken.".into());
    }
    lines
}

/// How many have a package.
pub(super) fn holders(count: i64) -> String {
    match count {
        0 => "Nobody has it now.".into(),
        1 => "1 person has it now.".into(),
        count => format!("{count} people have it now."),
    }
}

/// How many requests for a package are on their way.
pub(super) fn waiting(requests: i64) -> String {
    match requests {
        0 => "No request is waiting.".into(),
        1 => "1 request is on its way.".into(),
        count => format!("{count} requests are on their way."),
    }
}

/// What a package gives, one sentence a role.
pub(super) fn given(roles: &[PackageRoleItem]) -> Vec<String> {
    if roles.is_empty() {
        return vec!["Gives nothing: it has no resource roles.".into()];
    }
    roles.iter().map(|role| gives(&role.role_name, &role.object)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::DraftRole;
    use crate::domain::id::{CatalogId, Named};
    use crate::domain::object::{ObjectKind, RoleItem, Subject};
    use crate::domain::when::{ViewerTime, lasts};
    use chrono::DateTime;
    use uuid::Uuid;

    fn tutorial() -> (PackageDraft, DraftView) {
        let (catalog, user) = (CatalogId(Uuid::from_u128(1)), Subject::User(Uuid::from_u128(4).into()));
        let object = ObjectItem {
            id: Uuid::from_u128(2).into(),
            name: "Marketing resources".into(),
            kind: ObjectKind::Group,
            sub_kind: "Security".into(),
            dynamic: false,
            in_catalog: false,
            deleted: false,
            roles: vec![RoleItem {
                id: Uuid::from_u128(3).into(),
                name: "Member".into(),
            }],
        };
        let mut draft = PackageDraft::default();
        draft.basics.name = "Marketing Campaign".into();
        draft.basics.description = "Access to resources for the campaign".into();
        draft.basics.catalog = Some(catalog);
        draft.roles = vec![DraftRole {
            object: object.id,
            role: Some(object.roles[0].id),
        }];
        draft.requests.audience = Some(Audience::InDirectory);
        draft.requests.scope = Some(Scope::Specific);
        draft.requests.subjects = vec![user];
        draft.lifecycle.days = "30".into();
        let known = DraftView {
            id: Uuid::from_u128(9).into(),
            version: 1,
            draft: draft.clone(),
            objects: vec![object],
            subjects: vec![SubjectItem {
                subject: user,
                name: "Requestor1".into(),
                detail: String::new(),
                deleted: false,
            }],
            catalogs: vec![Named::new(catalog, "General")],
            errors: Vec::new(),
            now: DateTime::UNIX_EPOCH,
        };
        (draft, known)
    }

    fn say(expiration: Expiration) -> String {
        lasts(expiration, ViewerTime { offset: 0 })
    }

    #[test]
    fn f022_the_tutorial_s_package_reads_as_a_manager_would_sign_it() {
        let (package, known) = tutorial();
        let lines: Vec<String> = draft(&package, &known, say).into_iter().flat_map(|(_, lines)| lines).collect();
        assert_eq!(
            lines,
            [
                "Marketing Campaign, in the catalog General.",
                "Access to resources for the campaign",
                "Gives Member of Marketing resources (Security).",
                "People who had one of these roles before keep it when access ends.",
                "Requestor1 can request this without approval.",
                "Enable requests: Yes. It can be requested as soon as it is created.",
                "Access ends 30 days after it is delivered.",
            ]
        );
    }

    /// A8.
    #[test]
    fn f043_a_deleted_group_is_not_said_to_be_able_to_request() {
        let item = |name: &str, deleted| SubjectItem {
            subject: Subject::Group(Uuid::from_u128(5).into()),
            name: name.into(),
            detail: String::new(),
            deleted,
        };
        let mut policy = PolicyItem {
            id: Uuid::from_u128(6).into(),
            name: "Initial Policy".into(),
            scope: Scope::Specific,
            subjects: vec![item("Marketing", true), item("Sales", false)],
            enabled: true,
            expiration: Expiration::Never,
            assignments: 0,
            version: 1,
        };
        assert_eq!(
            super::policy(&policy, say)[..2],
            [
                "Sales can request this without approval.",
                "Marketing has been deleted and can't request it."
            ]
        );
        policy.subjects.truncate(1);
        assert_eq!(
            super::policy(&policy, say)[..2],
            [
                "Nobody has been chosen who can request this.",
                "Marketing has been deleted. Choose who can request this."
            ]
        );
    }

    #[test]
    fn f017_a_package_for_nobody_is_not_said_to_be_requestable() {
        let (mut package, known) = tutorial();
        package.requests.audience = Some(Audience::Nobody);
        assert_eq!(
            requests(&package, &known),
            ["Nobody can request this, and it can't be assigned directly yet."]
        );
    }

    #[test]
    fn f022_what_is_missing_is_said_too() {
        let (_, known) = tutorial();
        let mut package = PackageDraft::default();
        package.lifecycle.days = "0".into();
        let lines: Vec<String> = draft(&package, &known, say).into_iter().flat_map(|(_, lines)| lines).collect();
        assert!(lines.contains(&"The package has no name yet.".to_owned()), "{lines:?}");
        assert!(lines.contains(&"Gives nothing yet; resource roles can be added later.".to_owned()));
        assert!(lines.contains(&"Who can request this has not been chosen yet.".to_owned()));
        assert!(lines.contains(&"When access ends has not been said yet.".to_owned()));
    }

    #[test]
    fn names_are_joined_as_one_says_them() {
        assert_eq!(joined(&["A"]), "A");
        assert_eq!(joined(&["A", "B"]), "A and B");
        assert_eq!(joined(&["A", "B", "C", "D"]), "A, B, C and D");
        assert_eq!(joined(&["A", "B", "C", "D", "E"]), "A, B, C and 2 others");
    }

    #[test]
    fn f021_every_way_to_end_is_a_sentence() {
        assert_eq!(ends(Expiration::Never, say), "Access does not end by itself.");
        assert_eq!(ends(Expiration::Hours(1), say), "Access ends 1 hour after it is delivered.");
        let date = Expiration::OnDate("2026-12-23T23:59:59Z".parse().expect("an instant"));
        assert_eq!(ends(date, say), "Access ends on 23 December 2026, 23:59 (UTC).");
        assert_eq!(holders(2), "2 people have it now.");
    }
}

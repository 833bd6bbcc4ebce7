//! A package and its policies in sentences, as its Overview begins with them. Plain functions over what is handed in; the words for
//! instants come from the caller.

use crate::admin::person::said;
use crate::domain::expiration::Expiration;
use crate::domain::object::{ObjectItem, SubjectItem};
use crate::domain::package::{PackageRoleItem, PriorMembership};
use crate::domain::policy::{PolicyItem, Scope};

/// Names as a sentence has them: `A`, `A and B`, `A, B and 3 others`.
pub fn joined(names: &[String]) -> String {
    match names {
        [] => "nobody".into(),
        [one] => one.clone(),
        [first @ .., last] if names.len() <= 4 => format!("{} and {last}", first.join(", ")),
        [a, b, c, others @ ..] => format!("{a}, {b}, {c} and {} others", others.len()),
        _ => names.join(", "),
    }
}

/// The names of these, each told from another of the same name.
pub fn names<'a>(items: impl Iterator<Item = &'a SubjectItem> + Clone) -> Vec<String> {
    let shared = |item: &SubjectItem| items.clone().filter(|other| other.name == item.name).count() > 1;
    let name = |item: &SubjectItem| {
        if shared(item) {
            said(&item.name, &item.detail)
        } else {
            item.name.clone()
        }
    };
    items.clone().map(name).collect()
}

/// Who can request, by scope and the names of a specific one, and how many stages decide.
pub fn who(scope: Scope, names: &[String], stages: i64) -> String {
    let who = match scope {
        scope if scope.names_subjects() && names.is_empty() => return "Nobody has been chosen who can request this.".into(),
        Scope::Specific => joined(names),
        Scope::SpecificOrganizations => format!("Users of {}", joined(names)),
        Scope::ConfiguredOrganizations => "Users of all configured connected organizations".into(),
        Scope::AllExternal => "All users from outside of your organization".into(),
        Scope::AllMembers => "All members of your directory, but no guests,".into(),
        Scope::AllUsers => "All users of your directory, guests included,".into(),
        Scope::Nobody => return "Nobody can request this; administrators assign it.".into(),
    };
    match stages {
        0 => format!("{who} can request this without approval."),
        1 => format!("{who} can request this, and somebody approves it first."),
        stages => format!("{who} can request this, and it is approved in {stages} stages first."),
    }
}

/// The names of those who are there, and of those who have been deleted.
pub fn present_and_deleted<'a>(subjects: impl Iterator<Item = &'a SubjectItem> + Clone) -> (Vec<String>, Vec<String>) {
    let deleted = names(subjects.clone().filter(|item| item.deleted));
    (names(subjects.filter(|item| !item.deleted)), deleted)
}

/// What is said of those who were chosen and have been deleted.
pub fn gone(present: &[String], deleted: &[String]) -> Option<String> {
    let has = if deleted.len() == 1 { "has" } else { "have" };
    match (present, deleted) {
        (_, []) => None,
        ([], _) => Some(format!("{} {has} been deleted. Choose who can request this.", joined(deleted))),
        _ => Some(format!("{} {has} been deleted and can't request it.", joined(deleted))),
    }
}

/// When access ends; `lasts` words how long.
pub fn ends(expiration: Expiration, lasts: impl Fn(Expiration) -> String) -> String {
    match expiration {
        Expiration::Never => "Access does not end by itself.".into(),
        _ => format!("Access ends {}.", lasts(expiration)),
    }
}

/// What is given: one sentence a role.
pub fn gives(role: &str, object: &ObjectItem) -> String {
    let kind = if object.sub_kind.is_empty() {
        String::new()
    } else {
        format!(" ({})", object.sub_kind)
    };
    format!("Gives {role} of {}{kind}.", object.name)
}

/// What becomes of roles that people had before.
pub fn prior(choice: PriorMembership) -> &'static str {
    match choice {
        PriorMembership::Keep => "People who had one of these roles before keep it when access ends.",
        PriorMembership::Remove => "People who had one of these roles before lose it when access ends.",
    }
}

/// A policy in sentences: who, how long, and whether requests are taken.
pub fn policy(policy: &PolicyItem, lasts: impl Fn(Expiration) -> String) -> Vec<String> {
    let (present, deleted) = present_and_deleted(policy.subjects.iter());
    let mut lines = vec![who(policy.scope, &present, policy.stages)];
    lines.extend(gone(&present, &deleted));
    lines.push(ends(policy.expiration, lasts));
    if !policy.enabled {
        lines.push("New requests are not taken.".into());
    }
    lines
}

/// How many have a package.
pub fn holders(count: i64) -> String {
    match count {
        0 => "Nobody has it now.".into(),
        1 => "1 person has it now.".into(),
        count => format!("{count} people have it now."),
    }
}

/// How many requests for a package are on their way.
pub fn waiting(requests: i64) -> String {
    match requests {
        0 => "No request is waiting.".into(),
        1 => "1 request is on its way.".into(),
        count => format!("{count} requests are on their way."),
    }
}

/// What a package gives, one sentence a role.
pub fn given(roles: &[PackageRoleItem]) -> Vec<String> {
    if roles.is_empty() {
        return vec!["Gives nothing: it has no resource roles.".into()];
    }
    roles.iter().map(|role| gives(&role.role_name, &role.object)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::object::Subject;
    use crate::domain::when::{ViewerTime, lasts};

    fn say(expiration: Expiration) -> String {
        lasts(expiration, ViewerTime { offset: 0 })
    }

    #[test]
    fn names_are_joined_as_one_says_them() {
        let joined = |names: &[&str]| joined(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(joined(&["A"]), "A");
        assert_eq!(joined(&["A", "B"]), "A and B");
        assert_eq!(joined(&["A", "B", "C", "D"]), "A, B, C and D");
        assert_eq!(joined(&["A", "B", "C", "D", "E"]), "A, B, C and 2 others");
    }

    /// A8.
    #[test]
    fn f043_a_deleted_group_is_not_said_to_be_able_to_request() {
        let item = |name: &str, deleted| SubjectItem {
            subject: Subject::Group(uuid::Uuid::from_u128(5).into()),
            name: name.into(),
            detail: String::new(),
            deleted,
        };
        let mut policy = PolicyItem {
            id: uuid::Uuid::from_u128(6).into(),
            name: "Initial Policy".into(),
            scope: Scope::Specific,
            subjects: vec![item("Marketing", true), item("Sales", false)],
            enabled: true,
            expiration: Expiration::Never,
            stages: 0,
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

    // A9: two people of one display name.
    #[test]
    fn people_of_one_name_are_told_apart_in_a_sentence() {
        let item = |number: u128, name: &str, detail: &str| SubjectItem {
            subject: Subject::User(uuid::Uuid::from_u128(number).into()),
            name: name.into(),
            detail: detail.into(),
            deleted: false,
        };
        let items = [item(1, "Kim", "kim.one"), item(2, "Kim", "kim.two"), item(3, "Lee", "lee")];
        assert_eq!(names(items.iter()), ["Kim (kim.one)", "Kim (kim.two)", "Lee"]);
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

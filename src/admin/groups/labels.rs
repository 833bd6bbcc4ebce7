//! The words for what a group is and where a membership came from. Pure.

use crate::admin::person::said;
use crate::domain::group::MemberItem;
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::refusal::Permission;

/// Security or Microsoft 365.
pub fn kind_label(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Security => "Security",
        GroupKind::Microsoft365 => "Microsoft 365",
    }
}

/// Assigned or Dynamic.
pub fn membership_label(membership: MembershipType) -> &'static str {
    match membership {
        MembershipType::Assigned => "Assigned",
        MembershipType::Dynamic => "Dynamic",
    }
}

/// Why a membership can't be taken back by hand, if so: only what was given by hand can.
pub fn keeps(member: &MemberItem, may_edit: &Permission) -> Option<String> {
    if let Some(reason) = may_edit.reason() {
        return Some(reason);
    }
    if member.direct {
        return None;
    }
    Some(match member.packages.as_slice() {
        [] => "The group's rule decides this. Change the rule or the user's properties.".into(),
        [package] => format!("Given by the package {}. Remove the user's access there.", package.name),
        _ => "Given by several packages. Remove the user's access there.".into(),
    })
}

/// What taking back a direct membership leaves, as a sentence; a package may still give it.
pub fn after_removal(member: &MemberItem, group: &str) -> String {
    let who = said(&member.user.name, &member.user_name);
    match member.packages.as_slice() {
        [] => format!("{who} loses what {group} gives."),
        packages => {
            let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
            format!("{who} stays in {group}, since {} gives it too.", names.join(" and "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{Named, PackageId, UserId};
    use crate::domain::refusal::Refusal;
    use crate::domain::user::AccountState;
    use uuid::Uuid;

    fn member(direct: bool, packages: &[&str]) -> MemberItem {
        MemberItem {
            user: Named::new(UserId(Uuid::nil()), "Requestor1"),
            user_name: "requestor1".into(),
            state: AccountState::Active,
            direct,
            by_rule: !direct && packages.is_empty(),
            packages: packages.iter().map(|name| Named::new(PackageId(Uuid::nil()), *name)).collect(),
            since: chrono::DateTime::UNIX_EPOCH,
            until: None,
        }
    }

    #[test]
    fn f036_only_what_was_given_by_hand_is_taken_back_by_hand() {
        assert_eq!(keeps(&member(true, &[]), &Permission::Allowed), None);
        assert_eq!(keeps(&member(true, &["Marketing Campaign"]), &Permission::Allowed), None);
        let package = keeps(&member(false, &["Marketing Campaign"]), &Permission::Allowed).expect("a reason");
        assert!(package.contains("Marketing Campaign"));
        assert!(keeps(&member(false, &[]), &Permission::Allowed).is_some_and(|why| why.contains("rule")));
        let refusal = Permission::Denied(Refusal::new("dynamic", "A rule decides."));
        assert_eq!(keeps(&member(true, &[]), &refusal).as_deref(), Some("A rule decides."));
    }

    #[test]
    fn what_a_removal_leaves_is_told() {
        assert_eq!(
            after_removal(&member(true, &[]), "Sales"),
            "Requestor1 (requestor1) loses what Sales gives."
        );
        assert_eq!(
            after_removal(&member(true, &["Marketing Campaign"]), "Sales"),
            "Requestor1 (requestor1) stays in Sales, since Marketing Campaign gives it too."
        );
    }
}

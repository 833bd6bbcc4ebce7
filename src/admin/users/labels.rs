//! The words for what a user is, and why a role can't be given. Pure.

use crate::domain::refusal::Permission;
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserKind, may_manage_role};
use crate::ui::Tone;

/// Member or guest.
pub fn kind_label(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Member => "Member",
        UserKind::Guest => "Guest",
    }
}

/// Whether a user can sign in, as a dot and its word.
pub fn status_label(enabled: bool) -> (Tone, &'static str) {
    if enabled {
        (Tone::Success, "Enabled")
    } else {
        (Tone::Danger, "Blocked")
    }
}

/// The same of somebody who may have no password yet.
pub fn sign_in_label(enabled: bool, has_password: bool) -> (Tone, &'static str) {
    match (enabled, has_password) {
        (true, false) => (Tone::Warning, "No password yet"),
        _ => status_label(enabled),
    }
}

/// The roles that someone with the role `own` can't give, and the reason. `locked` says why no role but the one held can be given.
pub fn roles_refused(own: DirectoryRole, held: DirectoryRole, locked: &Permission) -> (Vec<String>, Option<String>) {
    let mut reason = None;
    let refused = DirectoryRole::ALL.iter().filter(|&&role| {
        let permission = if role == held {
            Permission::Allowed
        } else {
            locked.clone().and(may_manage_role(own, role))
        };
        if let Permission::Denied(refusal) = permission {
            reason = Some(refusal.reason);
            true
        } else {
            false
        }
    });
    let words = refused.map(|role| role.as_str().to_owned()).collect();
    (words, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Refusal;

    #[test]
    fn nobody_gives_a_role_above_their_own() {
        let (words, why) = roles_refused(DirectoryRole::UserAdministrator, DirectoryRole::User, &Permission::Allowed);
        assert_eq!(words, ["identity_governance_administrator", "global_administrator"]);
        assert!(why.is_some_and(|why| why.contains("Global administrator")));
        let (words, why) = roles_refused(DirectoryRole::GlobalAdministrator, DirectoryRole::User, &Permission::Allowed);
        assert!(words.is_empty() && why.is_none());
    }

    #[test]
    fn a_locked_role_stays_and_says_why() {
        let locked = Permission::Denied(Refusal::new("last", "Give another user that role first."));
        let (words, why) = roles_refused(DirectoryRole::GlobalAdministrator, DirectoryRole::GlobalAdministrator, &locked);
        assert_eq!(words.len(), 4);
        assert_eq!(why.as_deref(), Some("Give another user that role first."));
    }
}

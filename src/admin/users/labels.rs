//! The words for what a user is, and why a role can't be given. Pure.

use crate::domain::access::{Ability, Actor, ManageUser};
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::ui::Tone;

/// A directory role as people call it.
pub fn role_label(role: DirectoryRole) -> &'static str {
    match role {
        DirectoryRole::User => "User",
        DirectoryRole::UserAdministrator => "User administrator",
        DirectoryRole::GlobalAdministrator => "Global administrator",
    }
}

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

/// The directory roles, as they stand in the drop-down list.
pub fn role_options() -> Vec<(String, String)> {
    DirectoryRole::ALL
        .iter()
        .map(|&role| (role.as_str().to_owned(), role_label(role).to_owned()))
        .collect()
}

/// The roles that the actor can't give, and the reason. `locked` says why no role but the one held can be given.
pub fn roles_refused(actor: &Actor, held: DirectoryRole, locked: &Ability) -> (Vec<String>, Option<String>) {
    let mut reason = None;
    let refused = DirectoryRole::ALL.iter().filter(|&&role| {
        let refusal = if role == held {
            None
        } else {
            locked.clone().or_else(|| actor.ability(ManageUser { role }))
        };
        if let Some(refusal) = refusal {
            reason = Some(refusal.reason);
            true
        } else {
            false
        }
    });
    let words = refused.map(|role| role.as_str().to_owned()).collect();
    (words, reason)
}

/// The user types to choose from.
pub fn kind_options() -> Vec<(String, String)> {
    UserKind::ALL
        .iter()
        .map(|&kind| (kind.as_str().to_owned(), kind_label(kind).to_owned()))
        .collect()
}

/// Why a control is disabled, if it is.
pub fn reason(ability: &Ability) -> Option<String> {
    ability.as_ref().map(|refusal| refusal.reason.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Refusal;
    use crate::domain::id::UserId;

    fn actor(role: DirectoryRole) -> Actor {
        Actor {
            id: UserId(uuid::Uuid::nil()),
            name: "UserAdmin1".into(),
            user_name: "useradmin1".into(),
            kind: UserKind::Member,
            role,
            must_change_password: false,
        }
    }

    #[test]
    fn nobody_gives_a_role_above_their_own() {
        let (words, why) = roles_refused(&actor(DirectoryRole::UserAdministrator), DirectoryRole::User, &None);
        assert_eq!(words, ["global_administrator"]);
        assert!(why.is_some_and(|why| why.contains("Global administrator")));
        let (words, why) = roles_refused(&actor(DirectoryRole::GlobalAdministrator), DirectoryRole::User, &None);
        assert!(words.is_empty() && why.is_none());
    }

    #[test]
    fn a_locked_role_stays_and_says_why() {
        let locked = Some(Refusal::new("last", "Give another user that role first."));
        let (words, why) = roles_refused(
            &actor(DirectoryRole::GlobalAdministrator),
            DirectoryRole::GlobalAdministrator,
            &locked,
        );
        assert_eq!(words, ["user", "user_administrator"]);
        assert_eq!(why.as_deref(), Some("Give another user that role first."));
    }
}

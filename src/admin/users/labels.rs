//! The words for what a user is, and why a role can't be given. Pure.

use crate::domain::access::{Ability, Actor, ManageUser};
use crate::domain::text::Word;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::ui::{Choice, Tone};

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

/// The directory roles to choose from. One that the actor may not give states why; `locked` locks all but the one held.
pub fn role_choices(actor: &Actor, held: DirectoryRole, locked: &Ability) -> Vec<Choice> {
    DirectoryRole::ALL
        .iter()
        .map(|&role| {
            let choice = Choice::new(role.word(), role_label(role));
            let refusal = if role == held {
                None
            } else {
                locked.clone().or_else(|| actor.ability(ManageUser { role }))
            };
            match refusal {
                Some(refusal) => choice.disabled(refusal.reason),
                None => choice.hint(role_hint(role)),
            }
        })
        .collect()
}

fn role_hint(role: DirectoryRole) -> &'static str {
    match role {
        DirectoryRole::User => "Requests access in My Access, nothing more.",
        DirectoryRole::UserAdministrator => "Manages users, groups, catalogs and access packages.",
        DirectoryRole::GlobalAdministrator => "Manages everything, other administrators included.",
    }
}

/// The user types to choose from.
pub fn kind_options() -> Vec<(String, String)> {
    UserKind::ALL
        .iter()
        .map(|&kind| (kind.word().to_owned(), kind_label(kind).to_owned()))
        .collect()
}

/// Why a control is disabled, if it is.
pub fn reason(ability: &Ability) -> Option<String> {
    ability.as_ref().map(|refusal| refusal.reason.clone())
}

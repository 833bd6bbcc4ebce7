//! What a change would do to whom, said before it is made: numbers, the first names, and what stays because something else gives it. The
//! facts are loaded elsewhere; here they are put into words.

use serde::{Deserialize, Serialize};

use super::access::Role;
use super::id::{CatalogId, PackageRoleId, RoleAssignmentId};
use super::object::Subject;
use super::policy::PolicyForm;
use super::text::string_enum;

/// Names that an effect tells at once.
pub const NAMED: u16 = 10;
/// Names that each further page tells.
pub const NAMED_MORE: u16 = 100;
/// No effect is counted further.
pub const COUNTED_MAX: i64 = 1_000;

string_enum! {
    /// What kind of effect it is.
    EffectKind {
        /// Something that keeps the change from being made.
        Blocks = "blocks",
        /// Something is lost.
        Loses = "loses",
        /// Something is gained.
        Gains = "gains",
        /// Something stays that might have been thought lost.
        Stays = "stays",
    }
}

/// Somebody or something that a change concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// Its name.
    pub name: String,
    /// User name, or what else tells it from another of the same name; may be empty.
    pub detail: String,
}

/// One effect of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// By which its further names are asked for.
    pub key: String,
    /// Loss, gain, or what stays.
    pub kind: EffectKind,
    /// What follows the number 1: `person loses Member of Finance`.
    pub one: String,
    /// What follows any other number: `people lose Member of Finance`.
    pub many: String,
    /// How many, counted no further than one beyond `COUNTED_MAX`.
    pub count: i64,
    /// The first of them by name, or those of the page that was asked for.
    pub names: Vec<Affected>,
    /// The key of the names that follow, if there are more.
    pub next: Option<String>,
}

impl Effect {
    /// The effect in one line: `12 people lose Member of Finance`.
    pub fn title(&self) -> String {
        match self.count {
            1 => format!("1 {}", self.one),
            count if count > COUNTED_MAX => format!("More than {COUNTED_MAX} {}", self.many),
            count => format!("{count} {}", self.many),
        }
    }
}

/// What a change would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Its effects, without those that concern nobody.
    pub effects: Vec<Effect>,
    /// What else there is to say, a sentence each.
    pub notes: Vec<String>,
}

impl Impact {
    /// Whether nobody loses or gains anything, and nothing stands in the way.
    pub fn is_nothing(&self) -> bool {
        self.effects.iter().all(|effect| effect.kind == EffectKind::Stays)
    }

    /// The effect with this key.
    pub fn effect(&self, key: &str) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.key == key)
    }
}

/// Further names of one effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreNames {
    /// Which effect.
    pub key: String,
    /// Behind this key; none: from the first on.
    pub after: Option<String>,
}

/// A change of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackageChange {
    /// It no longer gives this resource role.
    RemoveRole(PackageRoleId),
    /// It is deleted, once nobody has it.
    Delete,
    /// All assignments end, open requests are canceled, and it is deleted.
    EndAndDelete,
    /// It moves to another catalog.
    Move(CatalogId),
}

/// A change of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyChange {
    /// It takes new requests from now on, or no more.
    Enable(bool),
    /// It gets these terms.
    Edit(Box<PolicyForm>),
    /// It is deleted.
    Delete,
}

/// A change of who holds a role of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleChange {
    /// It is taken back.
    Take(RoleAssignmentId),
    /// It is given to users and to the members of groups.
    Give(Role, Vec<Subject>),
}

string_enum! {
    /// A change of a user's account.
    UserChange {
        /// Sign-in is blocked.
        Block = "block",
        /// The account is deleted.
        Delete = "delete",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(kind: EffectKind, count: i64) -> Effect {
        Effect {
            key: "role".into(),
            kind,
            one: "person loses Member of Finance".into(),
            many: "people lose Member of Finance".into(),
            count,
            names: Vec::new(),
            next: None,
        }
    }

    #[test]
    fn an_effect_says_its_number_as_far_as_it_was_counted() {
        assert_eq!(effect(EffectKind::Loses, 1).title(), "1 person loses Member of Finance");
        assert_eq!(effect(EffectKind::Loses, 12).title(), "12 people lose Member of Finance");
        assert_eq!(
            effect(EffectKind::Loses, COUNTED_MAX + 1).title(),
            "More than 1000 people lose Member of Finance"
        );
    }

    #[test]
    fn what_only_stays_is_no_loss() {
        let impact = |kind| Impact {
            effects: vec![effect(kind, 2)],
            notes: Vec::new(),
        };
        assert!(impact(EffectKind::Stays).is_nothing());
        assert!(!impact(EffectKind::Gains).is_nothing());
        assert!(impact(EffectKind::Loses).effect("role").is_some());
        assert!(impact(EffectKind::Loses).effect("other").is_none());
    }
}

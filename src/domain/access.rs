//! Who may do what. Asking gives a value, not a yes or no: `Authorized<A>` can only be made here, and what changes something takes one,
//! so code that has not asked cannot call it. A `Refusal` says which rule refused and what would help; pages show the same words
//! beside a disabled control.

use serde::{Deserialize, Serialize};

use super::id::UserId;
use super::user::{DirectoryRole, UserKind};

/// A signed-in user, as loaded for this very call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account.
    pub id: UserId,
    /// Its display name, as audit rows keep it.
    pub name: String,
    /// Its user name.
    pub user_name: String,
    /// Member or guest.
    pub kind: UserKind,
    /// Its directory role.
    pub role: DirectoryRole,
    /// The initial password still has to be changed.
    pub must_change_password: bool,
}

/// Why something may not be done, in words that help. `rule` names the rule for tests and the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule, such as `needs-administrator`.
    pub rule: String,
    /// One or two sentences: what is refused, and what would help.
    pub reason: String,
}

impl Refusal {
    /// A refusal by a rule, with its sentence.
    pub fn new(rule: &str, reason: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            reason: reason.into(),
        }
    }
}

/// `None` where something is allowed, else why not: what a page needs to offer or disable a control.
pub type Ability = Option<Refusal>;

/// Something a user may ask to do.
pub trait Action: Sized {
    /// Whether this actor may.
    fn check(&self, actor: &Actor) -> Result<(), Refusal>;
}

/// Proof that an actor was allowed an action. Only `Actor::may` makes one.
#[derive(Debug)]
pub struct Authorized<A> {
    actor: Actor,
    action: A,
}

impl<A> Authorized<A> {
    /// Who was allowed.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What was allowed.
    pub fn action(&self) -> &A {
        &self.action
    }
}

impl Actor {
    /// Asks; every use case begins so.
    pub fn may<A: Action>(&self, action: A) -> Result<Authorized<A>, Refusal> {
        if self.must_change_password {
            return Err(Refusal::new("password-change-due", "Choose your own password first."));
        }
        action.check(self)?;
        Ok(Authorized {
            actor: self.clone(),
            action,
        })
    }

    /// The same question for a page: why not, if not.
    pub fn ability<A: Action>(&self, action: A) -> Ability {
        self.may(action).err()
    }

    fn needs_administrator(&self) -> Result<(), Refusal> {
        match self.role {
            DirectoryRole::GlobalAdministrator | DirectoryRole::UserAdministrator => Ok(()),
            DirectoryRole::User => Err(Refusal::new(
                "needs-administrator",
                "Only a Global administrator or User administrator can do this. Ask one of them for access.",
            )),
        }
    }
}

macro_rules! administrators_may {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Action for $name {
            fn check(&self, actor: &Actor) -> Result<(), Refusal> {
                actor.needs_administrator()
            }
        }
    )+};
}

administrators_may! {
    /// See users, groups, applications and sites.
    ReadDirectory,
    /// Create users who hold no directory role, and create, change and delete groups.
    ManageGroups,
    /// See catalogs, packages, policies, requests and assignments.
    ReadGovernance,
    /// Create, change and delete packages and their policies and resource roles.
    ManagePackages,
    /// End or make assignments directly.
    ManageAssignments,
}

/// Create, change, block or delete a user who holds (or will hold) this directory role.
#[derive(Clone, Copy, Debug)]
pub struct ManageUser {
    /// The highest role involved: held now, or to be given.
    pub role: DirectoryRole,
}

impl Action for ManageUser {
    fn check(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.needs_administrator()?;
        if self.role > actor.role {
            return Err(Refusal::new(
                "above-own-role",
                "Only a Global administrator can create or change a Global administrator. Ask one of them.",
            ));
        }
        Ok(())
    }
}

/// Ask for packages and see one's own requests and assignments.
#[derive(Clone, Copy, Debug)]
pub struct UseMyAccess;

impl Action for UseMyAccess {
    fn check(&self, _actor: &Actor) -> Result<(), Refusal> {
        Ok(())
    }
}

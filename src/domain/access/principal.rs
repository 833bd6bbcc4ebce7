//! Who asks, with every role that they hold, as loaded for this very call.

use uuid::Uuid;

use super::ceiling::Ceiling;
use super::role::{HeldRole, Role};
use crate::domain::client::ApiPermission;
use crate::domain::id::{ClientId, Named, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::text::string_enum;
use crate::domain::user::{DirectoryRole, UserKind};

string_enum! {
    /// What kind of caller asks.
    PrincipalKind {
        /// A signed-in person.
        User = "user",
        /// A program with credentials of its own.
        Client = "client",
        /// The product itself.
        System = "system",
        /// Someone at the server's command line.
        Operator = "operator",
    }
}

/// The product's name in the audit trail.
pub const SYSTEM_NAME: &str = "Woodgate";

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// What kind of caller.
    pub kind: PrincipalKind,
    /// The account or the client; nil for the product itself and for operators.
    pub id: Uuid,
    /// Its name, as the audit trail keeps it.
    pub name: String,
    /// Its user name; blank for what is no user.
    pub user_name: String,
    /// Member or guest; members are also whatever is no user.
    pub user_kind: UserKind,
    /// The roles that it holds, directly or through groups.
    pub roles: Vec<HeldRole>,
    /// The tenant has chosen that User administrator gives no rights in governance.
    pub strict_roles: bool,
    /// The initial password still has to be changed.
    pub must_change_password: bool,
    /// What the call may do at the most, if it came with a token; a session has no such bound.
    pub ceiling: Option<Ceiling>,
    /// The client through which a person calls, if they do through one.
    pub through: Option<Named<ClientId>>,
    /// The network address that the call came from; blank where it came from none.
    pub address: String,
}

/// A principal that is a user: what is done for oneself needs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// Member or guest.
    pub kind: UserKind,
}

impl Principal {
    /// A user without any role.
    pub fn user(id: UserId, name: impl Into<String>, user_name: impl Into<String>, kind: UserKind) -> Self {
        Self {
            kind: PrincipalKind::User,
            id: id.0,
            name: name.into(),
            user_name: user_name.into(),
            user_kind: kind,
            roles: Vec::new(),
            strict_roles: false,
            must_change_password: false,
            ceiling: None,
            through: None,
            address: String::new(),
        }
    }

    /// A client that acts for itself, with the roles that its permissions stand for.
    pub fn client(id: Uuid, name: impl Into<String>, ceiling: Ceiling) -> Self {
        let roles = ceiling.client_roles().into_iter();
        Self {
            kind: PrincipalKind::Client,
            roles: roles.map(|role| HeldRole { role, catalog: None }).collect(),
            ceiling: Some(ceiling),
            ..Self::user(UserId(id), name, "", UserKind::Member)
        }
    }

    /// The same person, whose call came with a token.
    pub fn below(mut self, ceiling: Ceiling) -> Self {
        self.ceiling = Some(ceiling);
        self
    }

    /// The same person, who calls through a client.
    pub fn through(mut self, client: ClientId, name: impl Into<String>) -> Self {
        self.through = Some(Named::new(client, name));
        self
    }

    /// The product itself.
    pub fn system() -> Self {
        Self::nameless(PrincipalKind::System, SYSTEM_NAME)
    }

    /// Someone at the command line, by the name of their account on the server.
    pub fn operator(name: &str) -> Self {
        Self::nameless(PrincipalKind::Operator, name)
    }

    fn nameless(kind: PrincipalKind, name: &str) -> Self {
        Self {
            kind,
            ..Self::user(UserId(Uuid::nil()), name, "", UserKind::Member)
        }
    }

    /// The same, holding this directory role too.
    pub fn with_directory_role(mut self, role: DirectoryRole) -> Self {
        self.roles.extend(role.role().map(|role| HeldRole { role, catalog: None }));
        self
    }

    /// The user that asks, if it is one.
    pub fn user_id(&self) -> Option<UserId> {
        (self.kind == PrincipalKind::User).then_some(UserId(self.id))
    }

    /// The user that asks; whatever else asks has nothing of its own.
    pub fn person(&self) -> Result<Person, Refusal> {
        let refused = || Refusal::new("needs-user", "Only a signed-in user can do this.");
        Ok(Person {
            id: self.user_id().ok_or_else(refused)?,
            kind: self.user_kind,
        })
    }

    /// The user that asks from a page: refused to whatever came with a token, which opens nothing that is a session's.
    pub fn in_session(&self) -> Result<Person, Refusal> {
        if self.ceiling.is_some() {
            return Err(Refusal::new(
                "needs-session",
                "This can be done only in the pages, not through the API.",
            ));
        }
        self.person()
    }

    /// Whether this is the user who asks.
    pub fn is(&self, user: UserId) -> bool {
        self.user_id() == Some(user)
    }

    /// The highest directory role that is held. Whoever works on the server itself stands as high as any; whoever comes with a token that
    /// does not let them manage roles, no higher than a user.
    pub fn directory_role(&self) -> DirectoryRole {
        if self.require_permission(&[ApiPermission::RoleManagementReadWrite]).is_err() {
            return DirectoryRole::User;
        }
        match self.kind {
            PrincipalKind::System | PrincipalKind::Operator => DirectoryRole::GlobalAdministrator,
            PrincipalKind::User | PrincipalKind::Client => self
                .tenant_roles()
                .filter_map(DirectoryRole::of)
                .max()
                .unwrap_or(DirectoryRole::User),
        }
    }

    /// The roles held in the whole tenant.
    pub fn tenant_roles(&self) -> impl Iterator<Item = Role> {
        self.roles.iter().filter(|held| held.catalog.is_none()).map(|held| held.role)
    }
}

//! The audit trail: one row for every change, written in the same transaction, so that each can be explained a year later.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::PrincipalKind;
use super::id::{ClientId, Named};
use super::page::PageQuery;
use super::text::{StringEnum, string_enum};

string_enum! {
    /// What was done (feature map, section 6).
    Activity {
        /// The database was set up.
        SetUp = "set_up",
        /// Signed in.
        SignIn = "sign_in",
        /// Tried to sign in, with a wrong password or with an account that may not.
        SignInFailed = "sign_in_failed",
        /// Signed out.
        SignOut = "sign_out",
        /// User created.
        CreateUser = "create_user",
        /// User changed.
        UpdateUser = "update_user",
        /// Sign-in blocked.
        BlockUser = "block_user",
        /// Sign-in allowed again.
        UnblockUser = "unblock_user",
        /// Password reset by an administrator.
        ResetPassword = "reset_password",
        /// Password changed by its owner.
        ChangePassword = "change_password",
        /// User deleted.
        DeleteUser = "delete_user",
        /// A guest is ended by the product once no access is left, or no longer.
        GovernGuest = "govern_guest",
        /// User restored.
        RestoreUser = "restore_user",
        /// Erased but for the name, 30 days after deletion.
        EraseUser = "erase_user",
        /// Custom attribute of users defined.
        CreateAttribute = "create_attribute",
        /// What a custom attribute is called or for changed.
        UpdateAttribute = "update_attribute",
        /// Custom attribute deleted, with all its values.
        DeleteAttribute = "delete_attribute",
        /// A person was sent a link by which they choose a password.
        SendSignInLink = "send_sign_in_link",
        /// Role given to a user or a group.
        GiveRole = "give_role",
        /// Role taken back.
        TakeRole = "take_role",
        /// A command run at the server.
        RunCommand = "run_command",
        /// A list taken as a file.
        ExportList = "export_list",
        /// Rows of a file are carried out from now on.
        StartImport = "start_import",
        /// All rows of a file were carried out, or the rest was given up.
        FinishImport = "finish_import",
        /// Tried what one's roles do not give.
        Refuse = "refuse",
        /// Group created.
        CreateGroup = "create_group",
        /// Group changed.
        UpdateGroup = "update_group",
        /// Group deleted.
        DeleteGroup = "delete_group",
        /// Added to a group, by hand or by a change of its rule.
        AddMember = "add_member",
        /// Removed from a group, by hand or by a change of its rule.
        RemoveMember = "remove_member",
        /// Connected organization created.
        CreateOrganization = "create_organization",
        /// Connected organization proposed, because somebody from there asked for access.
        ProposeOrganization = "propose_organization",
        /// Connected organization changed.
        UpdateOrganization = "update_organization",
        /// Connected organization deleted.
        DeleteOrganization = "delete_organization",
        /// Somebody vouches for a connected organization.
        AddSponsor = "add_sponsor",
        /// And no longer.
        RemoveSponsor = "remove_sponsor",
        /// Catalog created.
        CreateCatalog = "create_catalog",
        /// Catalog changed.
        UpdateCatalog = "update_catalog",
        /// Catalog deleted, with the roles held in it.
        DeleteCatalog = "delete_catalog",
        /// Resource placed in a catalog.
        AddResource = "add_resource",
        /// Resource taken out of a catalog.
        RemoveResource = "remove_resource",
        /// What a resource asks of its requestors changed.
        RequireAttributes = "require_attributes",
        /// Package created.
        CreatePackage = "create_package",
        /// Package changed.
        UpdatePackage = "update_package",
        /// Package moved to another catalog.
        MovePackage = "move_package",
        /// All assignments of a package are ended, before it is deleted.
        EndAllAssignments = "end_all_assignments",
        /// Package deleted.
        DeletePackage = "delete_package",
        /// Resource role added to a package.
        AddResourceRole = "add_resource_role",
        /// Resource role removed from a package.
        RemoveResourceRole = "remove_resource_role",
        /// Policy created.
        CreatePolicy = "create_policy",
        /// Policy changed: a new version of its terms.
        UpdatePolicy = "update_policy",
        /// Policy deleted.
        DeletePolicy = "delete_policy",
        /// A package or group made incompatible with a package.
        AddIncompatibility = "add_incompatibility",
        /// And no longer.
        RemoveIncompatibility = "remove_incompatibility",
        /// One person may have a package in spite of that.
        GrantException = "grant_exception",
        /// And no longer.
        EndException = "end_exception",
        /// Request made by a user.
        RequestAssignment = "request_assignment",
        /// More time asked for by a user.
        RequestExtension = "request_extension",
        /// The end of access moved.
        ExtendAssignment = "extend_assignment",
        /// The end of access changed by an administrator.
        UpdateAssignment = "update_assignment",
        /// Package given by an administrator.
        AssignDirectly = "assign_directly",
        /// Request needs no approval.
        AutoApprove = "auto_approve",
        /// A stage began: somebody is asked to decide.
        StartApproval = "start_approval",
        /// Who is asked changed.
        ChangeApprovers = "change_approvers",
        /// Alternates are asked as well.
        ForwardRequest = "forward_request",
        /// Approvers reminded.
        RemindApprovers = "remind_approvers",
        /// An approver said yes.
        ApproveRequest = "approve_request",
        /// An approver said no.
        DenyRequest = "deny_request",
        /// Nobody decided in time.
        ExpireRequest = "expire_request",
        /// Access ended by who had approved it.
        RevokeApproval = "revoke_approval",
        /// Approvals delegated.
        CreateDelegation = "create_delegation",
        /// Delegation changed or ended.
        UpdateDelegation = "update_delegation",
        /// Request came to nothing.
        CancelRequest = "cancel_request",
        /// Request waits, because its person is blocked.
        HoldRequest = "hold_request",
        /// It waits no longer.
        ReleaseRequest = "release_request",
        /// A request that is over taken out of the lists.
        RemoveRequest = "remove_request",
        /// Failed delivery tried again by an administrator.
        RetryRequest = "retry_request",
        /// What an assignment gives was given anew by an administrator.
        ReprocessAssignment = "reprocess_assignment",
        /// Work of the engine given up after too many failures.
        GiveUpJob = "give_up_job",
        /// Resource role given.
        GrantRole = "grant_role",
        /// Resource role could not be given.
        GrantFailed = "grant_failed",
        /// Request delivered.
        FulfillRequest = "fulfill_request",
        /// Removal asked for.
        RemoveAssignment = "remove_assignment",
        /// Resource role taken back.
        RevokeRole = "revoke_role",
        /// Assignment ended.
        EndAssignment = "end_assignment",
        /// Client of the API registered.
        CreateClient = "create_client",
        /// Client changed.
        UpdateClient = "update_client",
        /// Client may call no more.
        DisableClient = "disable_client",
        /// And again.
        EnableClient = "enable_client",
        /// Client deleted, with all that it could sign in with.
        DeleteClient = "delete_client",
        /// Secret added to a client.
        AddClientSecret = "add_client_secret",
        /// Secret taken from a client.
        RemoveClientSecret = "remove_client_secret",
        /// Public key added to a client.
        AddClientKey = "add_client_key",
        /// Public key taken from a client.
        RemoveClientKey = "remove_client_key",
        /// Client may do more.
        GiveClientPermission = "give_client_permission",
        /// Client may do less.
        TakeClientPermission = "take_client_permission",
        /// A person let a client act in their name.
        ConsentToClient = "consent_to_client",
        /// And no longer: all sign-ins of one or all persons through a client ended.
        RevokeClientConsent = "revoke_client_consent",
        /// A sign-in through a client ended, because something of it was used twice.
        EndClientSignIn = "end_client_sign_in",
        /// A new key signs tokens.
        RotateSigningKey = "rotate_signing_key",
        /// The tenant's settings changed.
        UpdateSettings = "update_settings",
        /// Mail sent once more.
        ResendMail = "resend_mail",
        /// Mails go to an address again.
        RemoveSuppression = "remove_suppression",
    }
}

string_enum! {
    /// How it came out.
    Outcome {
        /// Done.
        Success = "success",
        /// Tried, and not done.
        Failure = "failure",
    }
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// user, group, package and so on.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Its name at the time.
    pub name: String,
}

impl Target {
    /// A target of a kind.
    pub fn new(kind: &str, id: impl Into<Uuid>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            id: id.into(),
            name: name.into(),
        }
    }
}

/// One property that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which property.
    pub property: String,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
}

impl Change {
    /// The change of a property, or nothing where both are the same.
    pub fn between(property: &str, old: impl Into<String>, new: impl Into<String>) -> Option<Self> {
        let (old, new) = (old.into(), new.into());
        (old != new).then(|| Self {
            property: property.to_owned(),
            old,
            new,
        })
    }
}

impl Activity {
    /// Its name on pages: the word, as a person writes it.
    pub fn label(self) -> String {
        sentence(self.as_str())
    }
}

impl Outcome {
    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
        }
    }
}

/// A stored word as a person writes it: `prior_membership` is `Prior membership`.
pub fn sentence(word: &str) -> String {
    let mut text = word.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Which rows of the trail to list, newest first (F167). What is left out narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// The beginning of a name of who acted, or of what it was done to.
    pub search: String,
    /// What was done.
    pub activity: Option<Activity>,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// By this account or client.
    pub actor: Option<Uuid>,
    /// To this.
    pub target: Option<Uuid>,
    /// In this chain, such as a request's (F168).
    pub correlation: Option<Uuid>,
    /// This one alone.
    pub row: Option<Uuid>,
    /// From this instant on.
    #[serde(with = "super::when::maybe_instant")]
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    #[serde(with = "super::when::maybe_instant")]
    pub until: Option<DateTime<Utc>>,
    /// Which page.
    pub page: PageQuery,
}

/// A row of the trail as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditItem {
    /// Which one.
    pub id: Uuid,
    /// Its number in the order of commits, once it is sealed.
    pub seq: Option<i64>,
    /// When.
    #[serde(with = "super::when::instant")]
    pub at: DateTime<Utc>,
    /// What kind of caller acted.
    pub actor_kind: PrincipalKind,
    /// The account or client, if it was one.
    pub actor: Option<Uuid>,
    /// Who, by name.
    pub actor_name: String,
    /// From which network address; blank if from none.
    pub address: String,
    /// The client through which a person acted, if they did through one.
    pub client: Option<Named<ClientId>>,
    /// What was done.
    pub activity: Activity,
    /// How it came out.
    pub outcome: Outcome,
    /// To what; the first is what it is about.
    pub targets: Vec<Target>,
    /// What was changed.
    pub changes: Vec<Change>,
    /// Anything worth knowing.
    pub detail: String,
    /// Ties rows of one chain together.
    pub correlation: Uuid,
}

impl AuditItem {
    /// The name of the client through which a person acted, or empty.
    pub fn client_name(&self) -> String {
        self.client.as_ref().map(|client| client.name.clone()).unwrap_or_default()
    }

    /// To what, in a line.
    pub fn target_names(&self) -> String {
        let name = |target: &Target| match target.name.as_str() {
            "" => sentence(&target.kind),
            name => name.to_owned(),
        };
        self.targets.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}

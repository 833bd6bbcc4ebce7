//! Settings of the tenant: what administrators choose for everybody. A key that is missing has its default.

use super::text::string_enum;

string_enum! {
    /// Who sees what a package gives before they have it (F150).
    ResourceVisibility {
        /// Everybody who can request it.
        Everyone = "everyone",
        /// Members, not guests.
        Members = "members",
        /// Nobody.
        Nobody = "nobody",
    }
}

/// Everything that administrators set for the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantSettings {
    /// Requestors see who decides, where a policy leaves that to the tenant (F102).
    pub approver_details: bool,
    /// Who sees what a package gives (F150).
    pub resource_visibility: ResourceVisibility,
}

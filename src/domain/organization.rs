//! Connected organizations: whose people may be let in from outside, told apart by the domain of their address, and who vouches for them
//! (F158, F159).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::OrganizationId;
use super::object::SubjectItem;
use super::page::PageQuery;
use super::refusal::{Permission, Refusal};
use super::text::{DESCRIPTION_MAX, string_enum};
use super::user::UserKind;
use super::validate::{Checker, Code, FieldErrors, Name};

/// Domains of one organization at the most.
pub const DOMAINS_MAX: usize = 50;
/// Sponsors of one organization on one side at the most.
pub const SPONSORS_MAX: usize = 100;
/// The longest domain, in characters (RFC 1035).
const DOMAIN_MAX: usize = 253;
/// The longest part of one.
const LABEL_MAX: usize = 63;

string_enum! {
    /// How far an organization is trusted.
    OrganizationState {
        /// An administrator has set it up: policies for all configured organizations are for its people.
        Configured = "configured",
        /// A request of somebody unknown has named it: only policies that name it, or let anybody in, are for its people.
        Proposed = "proposed",
    }
}

impl OrganizationState {
    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Configured => "Configured",
            Self::Proposed => "Proposed",
        }
    }
}

string_enum! {
    /// For which side somebody vouches.
    SponsorSide {
        /// Of one's own people, for the organization.
        Internal = "internal",
        /// Of the organization's people.
        External = "external",
    }
}

impl SponsorSide {
    /// What those of it are called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Internal => "Internal sponsors",
            Self::External => "External sponsors",
        }
    }
}

/// A connected organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Which.
    pub id: OrganizationId,
    /// Its name; no two share one.
    pub name: String,
    /// What it is to us, or empty.
    pub description: String,
    /// How far it is trusted.
    pub state: OrganizationState,
    /// The domains of its people's addresses, as they are compared.
    pub domains: Vec<String>,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "super::when::instant")]
    pub updated_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
}

/// One organization with those who vouch for it, and what the viewer may do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationDetail {
    /// As in the list.
    pub item: Organization,
    /// Those of one's own people who vouch for it.
    pub internal_sponsors: Vec<SubjectItem>,
    /// Those of its people who vouch for others of it.
    pub external_sponsors: Vec<SubjectItem>,
    /// May it be changed?
    pub edit: Permission,
    /// May it be deleted? Names the packages whose policies name it if not.
    pub delete: Permission,
}

/// Which organizations to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OrganizationQuery {
    /// The beginnings of words of a name or domain.
    #[serde(default)]
    pub search: String,
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<OrganizationState>,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// An organization, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationForm {
    /// Name.
    pub name: String,
    /// What it is to us, or empty.
    pub description: String,
    /// How far it is trusted.
    pub state: OrganizationState,
    /// Its domains, one a line.
    pub domains: String,
}

impl Default for OrganizationForm {
    /// What an administrator makes is configured.
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            state: OrganizationState::Configured,
            domains: String::new(),
        }
    }
}

impl From<&Organization> for OrganizationForm {
    fn from(organization: &Organization) -> Self {
        Self {
            name: organization.name.clone(),
            description: organization.description.clone(),
            state: organization.state,
            domains: organization.domains.join("\n"),
        }
    }
}

/// A checked organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationEdit {
    /// Its name; no two share one.
    pub name: Name,
    /// What it is to us, or empty.
    pub description: String,
    /// How far it is trusted.
    pub state: OrganizationState,
    /// Its domains, each once; at least one.
    pub domains: Vec<String>,
}

impl OrganizationForm {
    /// The organization that this form asks for.
    pub fn check(&self) -> Result<OrganizationEdit, FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name);
        let description = check.paragraph("description", &self.description, DESCRIPTION_MAX);
        let domains = check_domains(&mut check, &self.domains);
        check.finish(OrganizationEdit {
            name,
            description,
            state: self.state,
            domains,
        })
    }
}

fn check_domains(check: &mut Checker, typed: &str) -> Vec<String> {
    let mut domains: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match domain(line) {
            None => check.fail_once("domains", Code::NotADomain(line.chars().take(80).collect())),
            Some(domain) if domains.contains(&domain) => check.fail_once("domains", Code::Repeated),
            Some(domain) => domains.push(domain),
        }
    }
    if domains.len() > DOMAINS_MAX {
        check.fail_once("domains", Code::TooMany(DOMAINS_MAX));
    }
    if domains.is_empty() {
        check.fail_once("domains", Code::Required);
    }
    domains
}

/// A domain as it is compared with those of addresses: of letters, digits and hyphens between dots, in lower case. Names of other scripts
/// are typed in the form in which the domain name system has them (`xn--`).
pub fn domain(typed: &str) -> Option<String> {
    let domain = typed.trim().trim_start_matches('@').trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        let edge = label.starts_with('-') || label.ends_with('-');
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=LABEL_MAX).contains(&label.len()) && letters && !edge
    };
    let fits = domain.len() <= DOMAIN_MAX && domain.contains('.') && domain.split('.').all(label);
    fits.then_some(domain)
}

/// Whether an organization can be deleted: not while policies name it. `packages` are a few of those that have such a policy, `count` is all.
pub fn may_delete(organization: &str, packages: &[String], count: i64) -> Result<(), Refusal> {
    if count == 0 {
        return Ok(());
    }
    let others = count - packages.len() as i64;
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    let reason = format!(
        "{organization} can't be deleted while policies name it: {}{more}. Take it out of their policies first.",
        packages.join(", ")
    );
    Err(Refusal::new("organization-in-use", reason))
}

/// Whether a person can vouch on a side: one's own people for the organization, guests for those of it.
pub fn may_sponsor(side: SponsorSide, name: &str, kind: UserKind) -> Result<(), Refusal> {
    let reason = match (side, kind) {
        (SponsorSide::Internal, UserKind::Member) | (SponsorSide::External, UserKind::Guest) => return Ok(()),
        (SponsorSide::Internal, UserKind::Guest) => {
            format!("{name} is a guest. Internal sponsors are members of your own organization; add {name} as an external sponsor.")
        }
        (SponsorSide::External, UserKind::Member) => {
            format!("{name} is a member of your own organization. External sponsors are guests; add {name} as an internal sponsor.")
        }
    };
    Err(Refusal::new("sponsor-side", reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(domains: &str) -> Vec<Code> {
        let form = OrganizationForm {
            name: "Partner".into(),
            domains: domains.into(),
            ..OrganizationForm::default()
        };
        form.check()
            .map(|_| Vec::new())
            .unwrap_or_else(|faults| faults.into_iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn f158_an_organization_has_a_name_and_domains_that_can_be_compared() {
        let form = OrganizationForm {
            name: " Partner ".into(),
            domains: " Partner.Example.\n\n@mail.partner.example ".into(),
            ..OrganizationForm::default()
        };
        let edit = form.check().expect("an organization");
        assert_eq!(edit.domains, ["partner.example", "mail.partner.example"]);
        assert_eq!((edit.name.text.as_str(), edit.state), ("Partner", OrganizationState::Configured));
        assert_eq!(faults(""), [Code::Required]);
        assert_eq!(faults("a.example\nA.EXAMPLE"), [Code::Repeated]);
        let many: Vec<String> = (0..=DOMAINS_MAX).map(|at| format!("d{at}.example")).collect();
        assert_eq!(faults(&many.join("\n")), [Code::TooMany(DOMAINS_MAX)]);
        let long = format!("{}.example", "x".repeat(64));
        for bad in [
            "partner",
            "a..b",
            "-a.example",
            "a-.example",
            "a b.example",
            "a@b.example",
            "ü.example",
            "https://a.example",
            "%.example",
            &long,
        ] {
            assert!(faults(bad).contains(&Code::NotADomain(bad.into())), "{bad}");
        }
    }

    #[test]
    fn f158_the_refusal_to_delete_names_the_packages() {
        assert!(may_delete("Partner", &[], 0).is_ok());
        let refusal = may_delete("Partner", &["Campaign".to_owned()], 3).expect_err("in use");
        assert_eq!(
            refusal.reason,
            "Partner can't be deleted while policies name it: Campaign and 2 more. Take it out of their policies first."
        );
    }

    #[test]
    fn f158_each_side_has_sponsors_of_its_own() {
        assert!(may_sponsor(SponsorSide::Internal, "Ada", UserKind::Member).is_ok());
        assert!(may_sponsor(SponsorSide::External, "Eve", UserKind::Guest).is_ok());
        assert!(may_sponsor(SponsorSide::Internal, "Eve", UserKind::Guest).is_err());
        assert!(may_sponsor(SponsorSide::External, "Ada", UserKind::Member).is_err());
    }
}

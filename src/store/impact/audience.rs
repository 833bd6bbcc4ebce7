//! Who can request a package, by the terms of its policies: those in force, and those that a change would put into force.

use chrono::{DateTime, Utc};

use crate::domain::id::{ObjectId, OrganizationId, PackageId, PolicyId, UserId};
use crate::domain::object::Subject;
use crate::domain::policy::{PolicyTerms, Scope};
use crate::domain::subject::SubjectSet;
use crate::{args, row};

use super::super::tx::{Arg, StoreError, Tx};
use super::{Names, by_name, people};

/// Whom one policy lets request.
#[derive(Clone, Debug)]
pub struct Audience {
    scope: Scope,
    users: Vec<UserId>,
    groups: Vec<ObjectId>,
    organizations: Vec<OrganizationId>,
}

impl Audience {
    /// Whom these terms let request at `now`; none where they take no requests.
    pub fn of(terms: &PolicyTerms, now: DateTime<Utc>) -> Option<Self> {
        let open = terms.requestor.enabled && terms.requestor.self_add && !terms.lifecycle.expires.is_over(now);
        let named = || terms.subjects.iter().filter_map(SubjectSet::named);
        open.then(|| {
            let mut audience = Self {
                scope: terms.scope,
                users: Vec::new(),
                groups: Vec::new(),
                organizations: Vec::new(),
            };
            for subject in named() {
                match subject {
                    Subject::User(id) => audience.users.push(id),
                    Subject::Group(id) => audience.groups.push(id),
                    Subject::Organization(id) => audience.organizations.push(id),
                }
            }
            audience
        })
    }

    fn covers(&self, now: DateTime<Utc>, values: &mut Vec<Arg>) -> String {
        let marks = |count: usize| vec!["?"; count].join(", ");
        match self.scope {
            Scope::Nobody => "1 = 0".into(),
            Scope::AllUsers => "1 = 1".into(),
            Scope::AllMembers => "u.kind = 'member'".into(),
            Scope::AllExternal => "u.kind = 'guest'".into(),
            Scope::ConfiguredOrganizations => "(u.kind = 'guest' AND u.mail_domain IN (SELECT d.domain FROM organization_domains d
                    JOIN connected_organizations g ON g.id = d.organization_id WHERE g.state = 'configured'))"
                .into(),
            Scope::SpecificOrganizations if self.organizations.is_empty() => "1 = 0".into(),
            Scope::SpecificOrganizations => {
                values.extend(self.organizations.iter().copied().map(Arg::from));
                format!(
                    "(u.kind = 'guest' AND u.mail_domain IN (SELECT d.domain FROM organization_domains d WHERE d.organization_id IN ({})))",
                    marks(self.organizations.len())
                )
            }
            Scope::Specific => {
                let mut ways = Vec::new();
                if !self.users.is_empty() {
                    ways.push(format!("u.id IN ({})", marks(self.users.len())));
                    values.extend(self.users.iter().copied().map(Arg::from));
                }
                if !self.groups.is_empty() {
                    ways.push(format!(
                        "u.id IN (SELECT m.user_id FROM objects o JOIN roles r ON r.object_id = o.id AND r.name = 'Member'
                            JOIN memberships m ON m.role_id = r.id
                         WHERE o.id IN ({}) AND o.kind = 'group' AND o.deleted_at IS NULL AND m.until > ?)",
                        marks(self.groups.len())
                    ));
                    values.extend(self.groups.iter().copied().map(Arg::from));
                    values.push(now.into());
                }
                if ways.is_empty() {
                    "1 = 0".into()
                } else {
                    format!("({})", ways.join(" OR "))
                }
            }
        }
    }
}

/// Who can request a package: whom one of its policies lets, guests only where its catalog is open to them; nobody where that is closed.
#[derive(Clone, Debug, Default)]
pub struct Requestable {
    /// Of its policies.
    pub audiences: Vec<Audience>,
    /// The catalog is open to guests.
    pub external: bool,
}

impl Requestable {
    fn covers(&self, now: DateTime<Utc>, values: &mut Vec<Arg>) -> String {
        let each: Vec<String> = self.audiences.iter().map(|audience| audience.covers(now, values)).collect();
        match (each.is_empty(), self.external) {
            (true, _) => "1 = 0".into(),
            (false, true) => format!("({})", each.join(" OR ")),
            (false, false) => format!("(u.kind = 'member' AND ({}))", each.join(" OR ")),
        }
    }
}

/// Who can sign in and request the one at `now`, and not the other.
pub fn able_to_request(one: &Requestable, but_not: &Requestable, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter("u.enabled", Vec::new());
    let mut values = Vec::new();
    let (one, other) = (one.covers(now, &mut values), but_not.covers(now, &mut values));
    list.filter_built(&format!("{one} AND NOT {other}"), values);
    by_name(list)
}

struct TermsRow {
    id: PolicyId,
    terms: PolicyTerms,
    scope: Scope,
    enabled: bool,
}
row!(TermsRow {
    id: id,
    terms: json,
    scope: word,
    enabled
});

/// The policies of a package with the terms in force.
pub async fn terms_of(tx: &mut Tx, package: PackageId) -> Result<Vec<(PolicyId, PolicyTerms)>, StoreError> {
    let rows: Vec<TermsRow> = tx
        .all(
            "SELECT po.id, v.body AS terms, po.scope, po.enabled FROM policies po JOIN policy_versions v ON v.id = po.version_id
             WHERE po.package_id = $1 AND po.deleted_at IS NULL ORDER BY po.position, po.id",
            args![package],
        )
        .await?;
    let in_force = |row: TermsRow| {
        let mut terms = row.terms;
        (terms.scope, terms.requestor.enabled) = (row.scope, row.enabled);
        (row.id, terms)
    };
    Ok(rows.into_iter().map(in_force).collect())
}

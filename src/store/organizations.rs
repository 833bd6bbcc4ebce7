//! Connected organizations: what each is, its domains, and who vouches for it. A person from outside belongs to one by the domain of their
//! address.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{OrganizationId, UserId};
use crate::domain::object::{Subject, SubjectKind};
use crate::domain::organization::{Organization, OrganizationEdit, OrganizationQuery, OrganizationState, SponsorSide};
use crate::domain::page::{Direction, Page};
use crate::domain::text::fold;
use crate::{args, row};

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx, word};
use super::{batch, subjects};

/// The columns of an organization, but for its domains.
pub(super) const COLUMNS: &str = "c.id, c.name, c.description, c.state, c.created_at, c.updated_at, c.version";

/// An organization before its domains are read.
pub struct Plain {
    /// Which.
    pub id: OrganizationId,
    name: String,
    description: String,
    state: OrganizationState,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    version: i64,
}
row!(Plain {
    id: id,
    name,
    description,
    state: word,
    created_at,
    updated_at,
    version
});

struct DomainRow {
    organization_id: OrganizationId,
    domain: String,
}
row!(DomainRow {
    organization_id: id,
    domain
});

/// These organizations with their domains, which are read by one query for all.
pub async fn with_domains(tx: &mut Tx, rows: Vec<Plain>) -> Result<Vec<Organization>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("d.organization_id, d.domain", "organization_domains d");
    list.in_list("d.organization_id", rows.iter().map(|row| row.id.into()).collect());
    let mut domains: HashMap<OrganizationId, Vec<String>> = HashMap::new();
    for row in list.all::<DomainRow>(tx, "ORDER BY d.organization_id, d.position").await? {
        domains.entry(row.organization_id).or_default().push(row.domain);
    }
    let organization = |row: Plain| Organization {
        domains: domains.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        description: row.description,
        state: row.state,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    };
    Ok(rows.into_iter().map(organization).collect())
}

/// A page of organizations by name.
pub async fn page(tx: &mut Tx, query: &OrganizationQuery) -> Result<Page<Organization>, StoreError> {
    let mut list = List::new(COLUMNS, "connected_organizations c");
    if let Some(state) = query.state {
        list.filter("c.state = ?", args![word(state)]);
    }
    search::narrow(
        &mut list,
        "c.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::Organization,
        &query.search,
    );
    let order = Order {
        column: "c.name_folded",
        id: "c.id",
        time: false,
        direction: Direction::Up,
    };
    let page = list
        .page(tx, order, &query.page, |row: &Plain| (row.id.0, Key::Text(fold(&row.name))))
        .await?;
    let items = with_domains(tx, page.items).await?;
    Ok(Page {
        items,
        previous: page.previous,
        next: page.next,
        total: page.total,
        restarted: page.restarted,
    })
}

const ONE: &str = "SELECT c.id, c.name, c.description, c.state, c.created_at, c.updated_at, c.version FROM connected_organizations c
    WHERE c.id = $1";

async fn one(tx: &mut Tx, row: Option<Plain>) -> Result<Option<Organization>, StoreError> {
    Ok(with_domains(tx, row.into_iter().collect()).await?.pop())
}

/// One organization.
pub async fn get(tx: &mut Tx, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    let row = tx.opt(ONE, args![id]).await?;
    one(tx, row).await
}

/// These organizations.
pub async fn by_ids(tx: &mut Tx, ids: &[OrganizationId]) -> Result<Vec<Organization>, StoreError> {
    let mut list = List::new(COLUMNS, "connected_organizations c");
    list.in_list("c.id", ids.iter().copied().map(Arg::from).collect());
    let rows = list.all(tx, "ORDER BY c.name_folded, c.id").await?;
    with_domains(tx, rows).await
}

/// The same, held until the transaction ends: no policy comes to name it meanwhile.
pub async fn lock(tx: &mut Tx, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    let row = tx.opt(tx.for_update(ONE, "FOR UPDATE"), args![id]).await?;
    one(tx, row).await
}

/// Keeps a new organization. A taken name is a conflict on `connected_organizations`, a domain of another one on `organization_domains`.
pub async fn insert(tx: &mut Tx, id: OrganizationId, organization: &OrganizationEdit, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO connected_organizations (id, name, name_folded, description, state, created_at, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $6, 1)",
        args![
            id,
            organization.name.text.as_str(),
            organization.name.folded.as_str(),
            organization.description.as_str(),
            word(organization.state),
            now
        ],
    )
    .await?;
    set_domains(tx, id, organization).await
}

/// Changes an organization that still has this version; says whether it had. Conflicts are those of `insert`.
pub async fn update(
    tx: &mut Tx,
    (id, version): (OrganizationId, i64),
    organization: &OrganizationEdit,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE connected_organizations SET name = $3, name_folded = $4, description = $5, state = $6, updated_at = $7,
                version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                id,
                version,
                organization.name.text.as_str(),
                organization.name.folded.as_str(),
                organization.description.as_str(),
                word(organization.state),
                now
            ],
        )
        .await?;
    if changed == 1 {
        tx.exec("DELETE FROM organization_domains WHERE organization_id = $1", args![id])
            .await?;
        set_domains(tx, id, organization).await?;
    }
    Ok(changed == 1)
}

async fn set_domains(tx: &mut Tx, id: OrganizationId, organization: &OrganizationEdit) -> Result<(), StoreError> {
    let rows = organization.domains.iter().zip(0_i64..);
    let values: Vec<Arg> = rows.flat_map(|(domain, at)| args![domain.as_str(), id, at]).collect();
    batch::insert(tx, "organization_domains (domain, organization_id, position)", 3, values, "").await?;
    let mut texts = vec![organization.name.text.as_str()];
    texts.extend(organization.domains.iter().map(String::as_str));
    search::index(tx, Kind::Organization, id, &texts).await
}

/// Deletes an organization that still has this version, with its domains and sponsors; says whether it had.
pub async fn delete(tx: &mut Tx, id: OrganizationId, version: i64) -> Result<bool, StoreError> {
    let sql = "DELETE FROM connected_organizations WHERE id = $1 AND version = $2";
    let deleted = tx.exec(sql, args![id, version]).await?;
    if deleted == 1 {
        search::forget(tx, id).await?;
    }
    Ok(deleted == 1)
}

/// Marks an organization as changed, because who vouches for it has.
pub async fn touch(tx: &mut Tx, id: OrganizationId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "UPDATE connected_organizations SET updated_at = $2, version = version + 1 WHERE id = $1";
    tx.exec(sql, args![id, now]).await?;
    Ok(())
}

struct Owner {
    id: OrganizationId,
    name: String,
}
row!(Owner { id: id, name });

/// The organization of a domain, by id and name.
pub async fn of_domain(tx: &mut Tx, domain: &str) -> Result<Option<(OrganizationId, String)>, StoreError> {
    let row: Option<Owner> = tx
        .opt(
            "SELECT c.id, c.name FROM organization_domains d JOIN connected_organizations c ON c.id = d.organization_id WHERE d.domain = $1",
            args![domain],
        )
        .await?;
    Ok(row.map(|row| (row.id, row.name)))
}

/// The domain of a guest's address where it is of no organization yet.
pub async fn unknown_domain(tx: &mut Tx, guest: UserId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx
        .opt(
            "SELECT u.mail_domain FROM users u WHERE u.id = $1 AND u.kind = 'guest' AND u.mail_domain <> ''
                AND NOT EXISTS (SELECT 1 FROM organization_domains d WHERE d.domain = u.mail_domain)",
            args![guest],
        )
        .await?;
    Ok(row.map(|(domain,)| domain))
}

/// Three packages by name whose policies name an organization, and how many there are.
pub async fn packages_naming(tx: &mut Tx, id: OrganizationId) -> Result<(Vec<String>, i64), StoreError> {
    let naming = || {
        let mut list = List::new("p.name", "packages p");
        list.filter(
            "p.deleted_at IS NULL AND p.id IN (SELECT po.package_id FROM policy_subjects s JOIN policies po ON po.id = s.policy_id
                WHERE s.subject_id = ? AND s.subject_kind = ? AND po.deleted_at IS NULL)",
            args![id, word(SubjectKind::Organization)],
        );
        list
    };
    let few: Vec<(String,)> = naming().all(tx, "ORDER BY p.name_folded, p.id LIMIT 3").await?;
    let count = naming().count(tx, i64::MAX).await?;
    Ok((few.into_iter().map(|(name,)| name).collect(), count))
}

/// Somebody who vouches for an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sponsor {
    /// For which.
    pub organization: OrganizationId,
    /// On which side.
    pub side: SponsorSide,
    /// Who.
    pub subject: Subject,
}

struct SponsorRow {
    organization_id: OrganizationId,
    side: SponsorSide,
    subject_kind: SubjectKind,
    subject_id: Uuid,
}
row!(SponsorRow {
    organization_id: id,
    side: word,
    subject_kind: word,
    subject_id
});

/// Those who vouch for these organizations.
pub async fn sponsors(tx: &mut Tx, ids: &[OrganizationId]) -> Result<Vec<Sponsor>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("s.organization_id, s.side, s.subject_kind, s.subject_id", "organization_sponsors s");
    list.in_list("s.organization_id", ids.iter().copied().map(Arg::from).collect());
    let rows: Vec<SponsorRow> = list
        .all(tx, "ORDER BY s.organization_id, s.side, s.subject_kind, s.subject_id")
        .await?;
    let sponsor = |row: SponsorRow| Sponsor {
        organization: row.organization_id,
        side: row.side,
        subject: subjects::subject(row.subject_kind, row.subject_id),
    };
    Ok(rows.into_iter().map(sponsor).collect())
}

/// Those who vouch on a side for the organization of a guest, by the domain of the guest's address.
pub async fn sponsors_of_guest(tx: &mut Tx, guest: UserId, side: SponsorSide) -> Result<Vec<Subject>, StoreError> {
    let rows: Vec<SponsorRow> = tx
        .all(
            "SELECT s.organization_id, s.side, s.subject_kind, s.subject_id
             FROM users u JOIN organization_domains d ON d.domain = u.mail_domain
                JOIN organization_sponsors s ON s.organization_id = d.organization_id
             WHERE u.id = $1 AND u.kind = 'guest' AND s.side = $2 ORDER BY s.subject_kind, s.subject_id",
            args![guest, word(side)],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| subjects::subject(row.subject_kind, row.subject_id))
        .collect())
}

/// Lets somebody vouch for an organization; says whether they did not before.
pub async fn add_sponsor(tx: &mut Tx, sponsor: Sponsor) -> Result<bool, StoreError> {
    let (kind, id) = subjects::halves(sponsor.subject);
    let added = tx
        .exec(
            "INSERT INTO organization_sponsors (organization_id, side, subject_kind, subject_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            args![sponsor.organization, word(sponsor.side), word(kind), id],
        )
        .await?;
    Ok(added == 1)
}

/// Lets somebody vouch no more; says whether they did.
pub async fn remove_sponsor(tx: &mut Tx, sponsor: Sponsor) -> Result<bool, StoreError> {
    let (kind, id) = subjects::halves(sponsor.subject);
    let removed = tx
        .exec(
            "DELETE FROM organization_sponsors WHERE organization_id = $1 AND side = $2 AND subject_kind = $3 AND subject_id = $4",
            args![sponsor.organization, word(sponsor.side), word(kind), id],
        )
        .await?;
    Ok(removed == 1)
}

//! People as subjects of access, as the API lists them.

use crate::domain::access::Visible;
use crate::domain::id::UserId;
use crate::domain::odata::ListQuery;
use crate::domain::user::SubjectRecord;
use crate::{args, row};

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(SubjectRecord {
    person: columns,
    organization_id: opt_id
});

const LIFECYCLE: &str = "CASE WHEN u.kind = 'member' THEN 'none' WHEN u.governed THEN 'governed' ELSE 'ungoverned' END";

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "u.name_folded", Kind::Folded).sorting(),
        Property::new("id", "u.id", Kind::Id),
        Property::new("objectId", "u.id", Kind::Id),
        Property::new("principalName", "u.user_name_folded", Kind::Folded).sorting(),
        Property::new("email", "u.mail", Kind::Text),
        Property::new(
            "subjectLifecycle",
            LIFECYCLE,
            Kind::Words(&[("notDefined", "none"), ("notGoverned", "ungoverned"), ("governed", "governed")]),
        ),
        Property::new("connectedOrganizationId", "d.organization_id", Kind::Id).optional(),
        Property::new("connectedOrganization/id", "d.organization_id", Kind::Id).optional(),
    ],
    pairs: &[],
    id: "u.id",
};

fn records(visible: &Visible) -> List {
    let mut list = List::new(
        "u.id, u.name, u.user_name, u.mail, u.kind, u.governed, d.organization_id",
        "users u LEFT JOIN organization_domains d ON d.domain = u.mail_domain AND u.kind = 'guest'",
    );
    list.filter("u.deleted_at IS NULL", Vec::new());
    match visible {
        Visible::All => {}
        Visible::Catalogs(ids) if ids.is_empty() => list.filter("1 = 0", Vec::new()),
        Visible::Catalogs(ids) => {
            let marks = vec!["?"; ids.len()].join(", ");
            let condition = format!(
                "EXISTS (SELECT 1 FROM assignments a JOIN packages p ON p.id = a.package_id WHERE a.target_id = u.id AND p.catalog_id IN ({marks}))"
            );
            list.filter_built(&condition, ids.iter().copied().map(Arg::from).collect());
        }
    }
    list
}

/// A page of the people that the caller sees: all, or those who have or had access to packages of these catalogs.
pub async fn list(tx: &mut Tx, query: &ListQuery, visible: &Visible) -> Result<Found<SubjectRecord>, ListFault> {
    page(tx, records(visible), &PROPERTIES, query, |subject: &SubjectRecord| {
        subject.person.id.0
    })
    .await
}

/// One of them.
pub async fn get(tx: &mut Tx, id: UserId, visible: &Visible) -> Result<Option<SubjectRecord>, StoreError> {
    let mut list = records(visible);
    list.filter("u.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

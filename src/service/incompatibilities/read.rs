//! What administrators read: the rules of a package, who has what they name together with it, and who is in conflict in the whole tenant.

use crate::domain::access::{Action, ManageIncompatibilities, Principal, ReadAssignments, ReadCatalogs};
use crate::domain::id::{AssignmentId, Named, PackageId};
use crate::domain::incompatibility::{
    ConflictFilter, ConflictItem, ConflictPreview, ConflictQuery, Counterpart, IncompatibilityItem, IncompatibilityQuery,
    IncompatibilitySummary, IncompatibleWithItem, IncompatibleWithQuery, PeopleItem, PeopleQuery, UNSEEN_PACKAGE, may_except,
};
use crate::domain::page::{Page, PageQuery};
use crate::store::incompatibilities::{self, InConflict, Met, People, RuleRow};
use crate::store::{Tx, packages};

use super::super::{App, Error, access};
use super::rules::find;

/// What stands above the tabs of a package.
pub async fn summary(app: &App, actor: &Principal, package: PackageId) -> Result<IncompatibilitySummary, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let of = packages::get(&mut tx, package).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ReadCatalogs, of.catalog_id)?;
    let seen = access::seen(actor);
    let rules = incompatibilities::of_package(&mut tx, package).await?.into_iter();
    let first = IncompatibleWithQuery {
        package,
        page: PageQuery::default(),
    };
    let (_, unseen) = incompatibilities::naming_package(&mut tx, &first, &seen).await?;
    let named = rules.map(|rule| {
        let shown = rule.catalog_id.is_none_or(|catalog| seen.includes(catalog));
        Named::new(rule.id, if shown { rule.name } else { UNSEEN_PACKAGE.to_owned() })
    });
    Ok(IncompatibilitySummary {
        rules: named.collect(),
        manage: actor.permission(Action::ManageIncompatibilities, granted.scope()),
        people: actor.permission(Action::ReadAssignments, granted.scope()),
        package: Named::new(package, of.name),
        unseen,
    })
}

/// A page of a package's rules that name packages, or groups (F128, F129), each with the number of people who have both (F132).
pub async fn list(app: &App, actor: &Principal, query: &IncompatibilityQuery) -> Result<Page<IncompatibilityItem>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let of = packages::get(&mut tx, query.package).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ReadCatalogs, of.catalog_id)?;
    let manage = actor.permission(Action::ManageIncompatibilities, granted.scope());
    let seen = access::seen(actor);
    let page = incompatibilities::page(&mut tx, query, app.clock.now()).await?;
    Ok(page.map(|row: RuleRow| {
        let shown = row.rule.catalog_id.is_none_or(|catalog| seen.includes(catalog));
        let catalog = row.rule.catalog_id.zip(row.rule.catalog_name.clone()).filter(|_| shown);
        IncompatibilityItem {
            id: row.rule.id,
            counterpart: row.rule.counterpart().filter(|_| shown),
            catalog: catalog.map(|(id, name)| Named::new(id, name)),
            name: if shown { row.rule.name } else { UNSEEN_PACKAGE.to_owned() },
            additional: row.additional,
            exceptions: row.exceptions,
            added_at: row.rule.added_at,
            added_by: row.rule.added_by,
            remove: manage.clone(),
        }
    }))
}

/// A page of the packages that name a package as incompatible (F131), of those that the actor sees.
pub async fn with(app: &App, actor: &Principal, query: &IncompatibleWithQuery) -> Result<Page<IncompatibleWithItem>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let of = packages::get(&mut tx, query.package).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ReadCatalogs, of.catalog_id)?;
    let (page, _) = incompatibilities::naming_package(&mut tx, query, &access::seen(actor)).await?;
    Ok(page)
}

/// A page of the people who have a package and what a rule of it names, or would name (F132).
pub async fn people(app: &App, actor: &Principal, query: &PeopleQuery) -> Result<Page<PeopleItem>, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    packages::get(&mut tx, query.package).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ReadAssignments, query.package).await?;
    let manage = actor.permission(Action::ManageIncompatibilities, granted.scope());
    let who = whose(&mut tx, actor, query).await?;
    let page = incompatibilities::people(&mut tx, who, &query.search, &query.page, app.clock.now()).await?;
    Ok(page.map(|mut item| {
        let may = may_except(actor.is(item.user.id), &item.user.name, item.excepted_until.is_some());
        item.except = query.rule.map(|_| manage.clone().and(may));
        item
    }))
}

/// Whose people are asked for. What a rule names may be out of sight; what is only to be named may not.
async fn whose(tx: &mut Tx, actor: &Principal, query: &PeopleQuery) -> Result<People, Error> {
    let counterpart = match (query.rule, query.counterpart) {
        (Some(id), _) => {
            let rule = incompatibilities::find(tx, id).await?;
            let rule = rule.filter(|rule| rule.package_id == query.package);
            rule.and_then(|rule| rule.counterpart())
        }
        (None, Some(counterpart)) => find(tx, actor, counterpart).await?.map(|_| counterpart),
        (None, None) => None,
    };
    Ok(People {
        package: query.package,
        counterpart: counterpart.ok_or(Error::NotFound)?,
        rule: query.rule,
    })
}

/// Who would be in conflict at once if a rule were added.
pub async fn preview(app: &App, actor: &Principal, package: PackageId, counterpart: Counterpart) -> Result<ConflictPreview, Error> {
    actor.authorize_somewhere(Action::ManageIncompatibilities)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    packages::get(&mut tx, package).await?.ok_or(Error::NotFound)?;
    access::on_package(&mut tx, actor, ManageIncompatibilities, package).await?;
    let found = find(&mut tx, actor, counterpart).await?.ok_or(Error::NotFound)?;
    let who = People {
        package,
        counterpart,
        rule: None,
    };
    Ok(ConflictPreview {
        name: found.name,
        count: incompatibilities::count_people(&mut tx, who, now).await?,
        people: incompatibilities::names_of_people(&mut tx, who, now).await?,
    })
}

/// Who has incompatible things now, by which rule, with an exception or without. A page is of so many assignments; one that several rules
/// are about has a row for each.
pub async fn conflicts(app: &App, actor: &Principal, query: &ConflictQuery) -> Result<Page<ConflictItem>, Error> {
    let visible = actor.visible(Action::ReadReports)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let page = incompatibilities::of_tenant(&mut tx, query, &visible, now).await?;
    let ids: Vec<AssignmentId> = page.items.iter().map(|found| found.id).collect();
    let met = incompatibilities::rules_of(&mut tx, &ids, now).await?;
    let passes = |met: &&Met| match query.filter {
        ConflictFilter::All => true,
        ConflictFilter::Open => met.excepted_until.is_none(),
        ConflictFilter::Excepted => met.excepted_until.is_some(),
    };
    let seen = access::seen(actor);
    let rows = |found: &InConflict| -> Vec<ConflictItem> {
        let of_row = met.iter().filter(|met| met.assignment == found.id).filter(passes);
        of_row
            .map(|met| {
                let shown = met.catalog_id.is_none_or(|catalog| seen.includes(catalog));
                item(found, met, shown)
            })
            .collect()
    };
    Ok(Page {
        items: page.items.iter().flat_map(rows).collect(),
        previous: page.previous,
        next: page.next,
        total: None,
        restarted: page.restarted,
    })
}

fn item(found: &InConflict, met: &Met, shown: bool) -> ConflictItem {
    ConflictItem {
        assignment: found.id,
        user: Named::new(found.user_id, found.name.as_str()),
        user_name: found.user_name.clone(),
        package: Named::new(found.package_id, found.package_name.as_str()),
        catalog: Named::new(found.catalog_id, found.catalog_name.as_str()),
        rule: met.rule,
        counterpart: met.counterpart().filter(|_| shown),
        name: if shown { met.name.clone() } else { UNSEEN_PACKAGE.to_owned() },
        request: found.request_id,
        starts_at: found.starts_at,
        excepted_until: met.excepted_until,
        reason: met.reason.clone().unwrap_or_default(),
    }
}

//! Reports. Each shows of the catalogs in which its reader may see reports, and nothing of the others.

mod dashboard;
#[cfg(test)]
mod tests;

use chrono::Duration;

use crate::domain::access::{Action, Principal, Visible};
use crate::domain::id::{Named, PackageId, UserId};
use crate::domain::offer::OfferTab;
use crate::domain::page::Page;
use crate::domain::report::{
    AccessItem, AccessQuery, HeldItem, HeldQuery, ReportSubject, RequestableItem, RequestableQuery, UsageItem, UsageQuery,
};
use crate::store::{offers, packages, reports, users};

use super::{App, Error};

pub use dashboard::dashboard;

/// The person whom a report is about; deleted ones too.
pub async fn user(app: &App, actor: &Principal, id: UserId) -> Result<ReportSubject, Error> {
    actor.visible(Action::ReadReports)?;
    let mut tx = app.store.read().await?;
    let user = users::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    Ok(ReportSubject {
        user: Named::new(id, user.name),
        user_name: user.user_name,
    })
}

/// Who has or had which package, of a person, of a package, on a day (F169).
pub async fn access(app: &App, actor: &Principal, query: &AccessQuery) -> Result<Page<AccessItem>, Error> {
    let visible = actor.visible(Action::ReadReports)?;
    let mut tx = app.store.read().await?;
    Ok(reports::access(&mut tx, query, &visible, app.clock.now()).await?)
}

/// Which resource roles a person holds, by every way that gives them, and what would be left if one ended (F170).
pub async fn held(app: &App, actor: &Principal, query: &HeldQuery) -> Result<Page<HeldItem>, Error> {
    let visible = actor.visible(Action::ReadReports)?;
    let mut tx = app.store.read().await?;
    let items = reports::held(&mut tx, query, &visible, app.clock.now()).await?;
    Ok(Page {
        total: Some(items.len() as i64),
        items,
        previous: None,
        next: None,
        restarted: false,
    })
}

/// Which packages a person could ask for (F169).
pub async fn requestable(app: &App, actor: &Principal, query: &RequestableQuery) -> Result<Page<RequestableItem>, Error> {
    let visible = actor.visible(Action::ReadReports)?;
    let mut tx = app.store.read().await?;
    let user = users::find(&mut tx, query.user).await?.ok_or(Error::NotFound)?;
    let mut page = offers::list(
        &mut tx,
        OfferTab::Available,
        (query.user, user.kind),
        &query.search,
        &query.page,
        app.clock.now(),
    )
    .await?;
    if visible != Visible::All {
        let ids: Vec<PackageId> = page.items.iter().map(|offer| offer.id).collect();
        let catalogs = packages::catalogs_of(&mut tx, &ids).await?;
        let seen = |id: PackageId| catalogs.iter().any(|(of, catalog)| *of == id && visible.includes(*catalog));
        page.items.retain(|offer| seen(offer.id));
    }
    Ok(page.map(|offer| RequestableItem {
        package: Named::new(offer.id, offer.name),
        description: offer.description,
        asked: offer.request_id.is_some(),
    }))
}

/// How packages were used over a time; or only those that nobody uses.
pub async fn usage(app: &App, actor: &Principal, query: &UsageQuery) -> Result<Page<UsageItem>, Error> {
    let visible = actor.visible(Action::ReadReports)?;
    let now = app.clock.now();
    let span = (now - Duration::days(query.span.days()), now);
    let mut tx = app.store.read().await?;
    Ok(if query.unused {
        reports::unused(&mut tx, &query.search, &query.page, &visible, span).await?
    } else {
        reports::usage(&mut tx, &query.search, &query.page, &visible, span).await?
    })
}

//! Find anything: one search over people, groups, packages, catalogs, applications, sites, requests by number, and the pages and actions of
//! the admin area. Each kind is looked for only where its own list would show it to the reader.

use crate::domain::access::{Action, Principal, Scope};
use crate::domain::find::{Hit, HitKind, TEXT_MAX, number_range};
use crate::domain::id::{CatalogId, ObjectId, PackageId, RequestId, UserId};
use crate::domain::object::ObjectKind;
use crate::domain::text::search_words;
use crate::paths::{self, CatalogPage, PackagePage};
use crate::store::find::{self, Found};

use super::{App, Error};

/// A page or an action: what it is called, other words for it, its address, and what it takes to be shown there.
struct Place {
    kind: HitKind,
    name: &'static str,
    words: &'static str,
    href: &'static str,
    needs: Action,
}

const fn place(kind: HitKind, name: &'static str, words: &'static str, href: &'static str, needs: Action) -> Place {
    Place {
        kind,
        name,
        words,
        href,
        needs,
    }
}

const PLACES: &[Place] = &[
    place(HitKind::Page, "Home", "start", paths::ADMIN, Action::UseAdminArea),
    place(HitKind::Page, "Users", "people accounts", paths::USERS, Action::ReadDirectory),
    place(
        HitKind::Page,
        "Deleted users",
        "restore",
        paths::USERS_DELETED,
        Action::ReadDirectory,
    ),
    place(HitKind::Page, "Groups", "teams", paths::GROUPS, Action::ReadDirectory),
    place(HitKind::Page, "Applications", "apps", paths::APPLICATIONS, Action::ReadDirectory),
    place(HitKind::Page, "Sites", "", paths::SITES, Action::ReadDirectory),
    place(
        HitKind::Page,
        "Roles",
        "administrators directory",
        paths::ROLES,
        Action::ReadDirectory,
    ),
    place(
        HitKind::Page,
        "Identity Governance",
        "dashboard overview",
        paths::GOVERNANCE,
        Action::UseAdminArea,
    ),
    place(
        HitKind::Page,
        "Access packages",
        "entitlements",
        paths::PACKAGES,
        Action::ReadCatalogs,
    ),
    place(HitKind::Page, "Catalogs", "", paths::CATALOGS, Action::ReadCatalogs),
    place(
        HitKind::Page,
        "Connected organizations",
        "partners external domains sponsors",
        paths::ORGANIZATIONS,
        Action::ReadConnectedOrganizations,
    ),
    place(
        HitKind::Action,
        "Add connected organization",
        "new partner external domain",
        paths::ORGANIZATION_NEW,
        Action::ManageConnectedOrganizations,
    ),
    place(
        HitKind::Page,
        "API clients",
        "applications programs secrets tokens",
        paths::CLIENTS,
        Action::ManageClients,
    ),
    place(
        HitKind::Action,
        "New API client",
        "register application program",
        paths::CLIENT_NEW,
        Action::ManageClients,
    ),
    place(HitKind::Page, "Settings", "configuration", paths::SETTINGS, Action::ManageSettings),
    place(HitKind::Page, "Sent mails", "email outbox", paths::MAILS, Action::ManageSettings),
    place(
        HitKind::Page,
        "Mail templates",
        "email",
        paths::MAIL_TEMPLATES,
        Action::ManageSettings,
    ),
    place(
        HitKind::Page,
        "Suppressed addresses",
        "mail bounced",
        paths::SUPPRESSED_ADDRESSES,
        Action::ManageSettings,
    ),
    place(HitKind::Page, "Reports", "", paths::REPORTS, Action::ReadReports),
    place(
        HitKind::Page,
        "Who had access on a day",
        "report history",
        paths::REPORT_DAY,
        Action::ReadReports,
    ),
    place(
        HitKind::Page,
        "Package activity",
        "report usage",
        paths::REPORT_ACTIVITY,
        Action::ReadReports,
    ),
    place(
        HitKind::Page,
        "Unused packages",
        "report",
        paths::REPORT_UNUSED,
        Action::ReadReports,
    ),
    place(HitKind::Page, "Audit logs", "trail history", paths::AUDIT, Action::ReadReports),
    place(
        HitKind::Action,
        "New access package",
        "create add",
        paths::PACKAGE_NEW,
        Action::ManagePackages,
    ),
    place(
        HitKind::Action,
        "New user",
        "create add person account",
        paths::USER_NEW,
        Action::ManageUsers,
    ),
    place(
        HitKind::Action,
        "New group",
        "create add team",
        paths::GROUP_NEW,
        Action::ManageGroups,
    ),
    place(
        HitKind::Action,
        "Change password",
        "own account",
        paths::PASSWORD,
        Action::UseAdminArea,
    ),
    place(
        HitKind::Action,
        "My Access",
        "request approve portal",
        paths::MY_ACCESS,
        Action::UseAdminArea,
    ),
];

/// What a text finds that the actor may see, a few of each kind; without a word the pages and actions.
pub async fn anything(app: &App, actor: &Principal, text: &str) -> Result<Vec<Hit>, Error> {
    actor.authorize_somewhere(Action::UseAdminArea)?;
    let text: String = text.chars().take(TEXT_MAX).collect();
    let asked = search_words(&text);
    if asked.is_empty() {
        // A lone sign is no word: it finds nothing.
        return Ok(if text.trim().is_empty() { places(actor, &[]) } else { Vec::new() });
    }
    let mut hits = Vec::new();
    let mut tx = app.store.read().await?;
    if actor.permission(Action::ReadDirectory, Scope::Tenant).is_allowed() {
        add(&mut hits, HitKind::Person, find::users(&mut tx, &text).await?, |id| {
            paths::user(UserId(id))
        });
        for (kind, hit) in [
            (ObjectKind::Group, HitKind::Group),
            (ObjectKind::Application, HitKind::Application),
            (ObjectKind::Site, HitKind::Site),
        ] {
            let found = find::objects(&mut tx, kind, &text).await?;
            add(&mut hits, hit, found, |id| paths::object(kind, ObjectId(id)));
        }
    }
    if let Ok(visible) = actor.visible(Action::ReadCatalogs) {
        let to = |id| paths::package(PackageId(id), PackagePage::Overview);
        add(&mut hits, HitKind::Package, find::packages(&mut tx, &visible, &text).await?, to);
        let to = |id| paths::catalog(CatalogId(id), CatalogPage::Overview);
        add(&mut hits, HitKind::Catalog, find::catalogs(&mut tx, &visible, &text).await?, to);
    }
    if let (Some(range), Ok(visible)) = (number_range(&text), actor.visible(Action::ReadRequests)) {
        for request in find::requests(&mut tx, &visible, range).await? {
            hits.push(Hit {
                kind: HitKind::Request,
                name: format!("{} for {}", request.package, request.person),
                detail: request.id.to_string(),
                href: paths::package_request(PackageId(request.package_id), RequestId(request.id)),
            });
        }
    }
    hits.extend(places(actor, &asked));
    hits.sort_by_key(|hit| hit.kind);
    Ok(hits)
}

fn add(hits: &mut Vec<Hit>, kind: HitKind, found: Vec<Found>, to: impl Fn(uuid::Uuid) -> String) {
    hits.extend(found.into_iter().map(|found| Hit {
        kind,
        href: to(found.id),
        name: found.name,
        detail: found.detail,
    }));
}

/// The pages and actions that have every word asked for and that the actor may open.
fn places(actor: &Principal, asked: &[String]) -> Vec<Hit> {
    let has = |place: &Place| {
        let words = search_words(&format!("{} {}", place.name, place.words));
        asked.iter().all(|asked| words.iter().any(|word| word.starts_with(asked.as_str())))
    };
    PLACES
        .iter()
        .filter(|place| actor.authorize_somewhere(place.needs).is_ok() && has(place))
        .map(|place| Hit {
            kind: place.kind,
            name: place.name.to_owned(),
            detail: String::new(),
            href: place.href.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests;

//! Wizard drafts: begun, saved tab by tab, resumed by their owner alone. `review` says what is wrong with one; `create` makes the
//! package of it.

mod create;
mod review;

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, ManagePackages, Principal, Refusal, Visible};
use crate::domain::draft::{DraftView, PackageDraft};
use crate::domain::id::{CatalogId, DraftId, Named, PackageId, UserId};
use crate::domain::package::BasicsForm;
use crate::domain::text::NAME_MAX;
use crate::store::drafts::Draft;
use crate::store::{self, Tx};

use super::{App, Error, access, attributes, catalogs};

pub use create::create;

/// Drafts that one owner keeps at the most.
const DRAFTS_MAX: i64 = 20;
/// Drafts that are offered to be resumed.
const OFFERED_MAX: usize = 5;

/// Begins a draft in this catalog, or in General (F011).
pub async fn start(app: &App, actor: &Principal, catalog: Option<CatalogId>) -> Result<DraftId, Error> {
    let owner = owner(actor)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let catalog = match catalog {
        Some(id) => {
            access::in_catalog(actor, ManagePackages, id)?;
            store::catalogs::name(&mut tx, id).await?.ok_or(Error::NotFound)?;
            id
        }
        None => first_choice(app, &mut tx, actor).await?,
    };
    let draft = PackageDraft {
        basics: BasicsForm {
            catalog: Some(catalog),
            ..BasicsForm::default()
        },
        ..PackageDraft::default()
    };
    let id = DraftId(app.ids.id(now));
    store::drafts::trim(&mut tx, owner, DRAFTS_MAX - 1).await?;
    store::drafts::insert(&mut tx, id, owner, &draft, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Whose drafts: those of a user who may make packages somewhere.
fn owner(actor: &Principal) -> Result<UserId, Refusal> {
    actor.authorize_somewhere(Action::ManagePackages)?;
    Ok(actor.person()?.id)
}

/// The catalog that a draft begins in: General, or for whoever may not make packages there, the first where they may.
async fn first_choice(app: &App, tx: &mut Tx, actor: &Principal) -> Result<CatalogId, Error> {
    let general = catalogs::ensure_general(app, tx).await?;
    let visible = actor.visible(Action::ManagePackages)?;
    if visible.includes(general) {
        return Ok(general);
    }
    let first = store::catalogs::choices(tx, &visible).await?.into_iter().next();
    Ok(first.ok_or(Error::NotFound)?.id)
}

/// The actor's own unfinished drafts in which something was typed or chosen, newest first.
pub async fn open(app: &App, actor: &Principal) -> Result<Vec<Named<DraftId>>, Error> {
    let owner = owner(actor)?;
    let mut tx = app.store.read().await?;
    let drafts = store::drafts::of_owner(&mut tx, owner).await?;
    Ok(drafts
        .into_iter()
        .filter(|kept| !kept.draft.is_blank())
        .take(OFFERED_MAX)
        .map(|kept| Named::new(kept.id, shown_name(&kept.draft)))
        .collect())
}

fn shown_name(draft: &PackageDraft) -> String {
    match draft.basics.name.trim() {
        "" => "Untitled draft".into(),
        name => name.chars().take(NAME_MAX).collect(),
    }
}

/// One of the actor's own drafts, with everything that its pages show.
pub async fn get(app: &App, actor: &Principal, id: DraftId) -> Result<DraftView, Error> {
    let owner = owner(actor)?;
    let mut tx = app.store.read().await?;
    let kept = store::drafts::get(&mut tx, id, owner).await?.ok_or(Error::NotFound)?;
    view(app, &mut tx, actor, kept).await
}

/// Keeps what has been typed, faults and all; gives the draft back as it now stands.
pub async fn save(app: &App, actor: &Principal, id: DraftId, version: i64, draft: PackageDraft) -> Result<DraftView, Error> {
    let owner = owner(actor)?;
    let draft = draft.kept()?;
    let mut tx = app.store.write().await?;
    if !store::drafts::update(&mut tx, id, owner, version, &draft, app.clock.now()).await? {
        return Err(moved_on(&mut tx, actor, id).await);
    }
    tx.commit().await?;
    let mut tx = app.store.read().await?;
    let version = version + 1;
    view(app, &mut tx, actor, Draft { id, draft, version }).await
}

/// Throws a draft away.
pub async fn discard(app: &App, actor: &Principal, id: DraftId) -> Result<(), Error> {
    let owner = owner(actor)?;
    let mut tx = app.store.write().await?;
    if !store::drafts::delete(&mut tx, id, owner).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(())
}

/// Why a draft of the version asked for was not found.
async fn moved_on(tx: &mut Tx, actor: &Principal, id: DraftId) -> Error {
    let found = match owner(actor) {
        Ok(owner) => store::drafts::get(tx, id, owner).await,
        Err(refusal) => return refusal.into(),
    };
    match found {
        Ok(Some(_)) => Error::Conflict("You changed this draft in another window. Reload to see what you typed there, then go on.".into()),
        Ok(None) => become_package(tx, actor, id).await,
        Err(error) => error.into(),
    }
}

/// Why a draft is gone: it was created in another window, or thrown away.
async fn become_package(tx: &mut Tx, actor: &Principal, id: DraftId) -> Error {
    match store::packages::get(tx, PackageId(id.0)).await {
        Ok(Some(package)) if access::seen(actor).includes(package.catalog_id) => {
            let reason = format!(
                "{} was created from this draft in another window. What you typed here since is not part of it: copy what you need, then open the package to change it.",
                package.name
            );
            Refusal::new("draft-created", reason).into()
        }
        Ok(_) => Error::NotFound,
        Err(error) => error.into(),
    }
}

async fn view(app: &App, tx: &mut Tx, actor: &Principal, kept: Draft) -> Result<DraftView, Error> {
    let now = app.clock.now();
    let visible: Visible = actor.visible(Action::ManagePackages)?;
    let review = review::review(tx, &kept.draft, &visible, now).await?;
    let attributes = attributes::required_in(tx, kept.draft.basics.catalog, &kept.draft.objects()).await?;
    Ok(DraftView {
        attributes,
        id: kept.id,
        version: kept.version,
        draft: kept.draft,
        objects: review.objects,
        subjects: review.subjects,
        catalogs: store::catalogs::choices(tx, &visible).await?,
        errors: review.package.err().unwrap_or_default(),
        now,
    })
}

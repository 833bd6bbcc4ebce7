//! Imports: a file of users, groups, memberships or assignments is read, each of its rows is tried and taken back so that its owner sees
//! what would become of it, and on their word carried out in the background, some rows in one transaction. `file` reads, `run` works
//! through the rows, `row` carries one out by the use case of the single change, which asks for the same rights and rules.

mod file;
mod row;
mod run;

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, Authorized, ManageAssignments, ManageGroups, ManageUsers, Principal, Refusal, Scope, Visible};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{ImportId, UserId};
use crate::domain::import::{ImportDetail, ImportItem, ImportKind, ImportRow, ImportRowQuery, ImportState, RowCounts, RowOutcome};
use crate::domain::job::JobKind;
use crate::domain::page::{Page, PageQuery};
use crate::domain::text::StringEnum;
use crate::store::imports::{self, FiledRow, Import};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx};

use super::audit::{Entry, changed};
use super::{App, Error};

pub use file::read;
pub(super) use run::{give_up, run};

/// The kinds of files that someone may import; refused for whoever may import none.
pub fn kinds(actor: &Principal) -> Result<Vec<ImportKind>, Refusal> {
    let may = |kind: &ImportKind| actor.authorize_somewhere(kind.action()).is_ok();
    let kinds: Vec<ImportKind> = ImportKind::ALL.iter().copied().filter(may).collect();
    if kinds.is_empty() {
        actor.authorize_somewhere(Action::ManageAssignments)?;
    }
    Ok(kinds)
}

/// Whose imports: those of a user who may import such files.
fn owner(actor: &Principal, kind: ImportKind) -> Result<UserId, Refusal> {
    actor.authorize_somewhere(kind.action())?;
    Ok(actor.in_session()?.id)
}

/// The actor's own imports, newest first.
pub async fn list(app: &App, actor: &Principal, query: &PageQuery) -> Result<Page<ImportItem>, Error> {
    kinds(actor)?;
    let owner = actor.in_session()?.id;
    let mut tx = app.store.read().await?;
    Ok(imports::list(&mut tx, owner, query).await?)
}

/// One of the actor's own imports, with how many of its rows stand where.
pub async fn get(app: &App, actor: &Principal, id: ImportId) -> Result<ImportDetail, Error> {
    let mut tx = app.store.read().await?;
    let import = own(&mut tx, actor, id).await?;
    let counts = imports::counts(&mut tx, id, import.state).await?;
    Ok(ImportDetail {
        item: item(import),
        counts,
    })
}

/// A page of the rows of one of the actor's own imports.
pub async fn rows(app: &App, actor: &Principal, query: &ImportRowQuery) -> Result<Page<ImportRow>, Error> {
    let mut tx = app.store.read().await?;
    own(&mut tx, actor, query.import).await?;
    Ok(imports::rows(&mut tx, query).await?)
}

/// The same with the cells of the file, and the words of its columns.
pub async fn filed(app: &App, actor: &Principal, query: &ImportRowQuery) -> Result<(Vec<String>, Page<FiledRow>), Error> {
    let mut tx = app.store.read().await?;
    let import = own(&mut tx, actor, query.import).await?;
    Ok((import.columns, imports::filed(&mut tx, query).await?))
}

async fn own(tx: &mut Tx, actor: &Principal, id: ImportId) -> Result<Import, Error> {
    let user = actor.in_session()?.id;
    let import = imports::get(tx, id, user).await?.ok_or(Error::NotFound)?;
    actor.authorize_somewhere(import.kind.action())?;
    Ok(import)
}

fn item(import: Import) -> ImportItem {
    ImportItem {
        id: import.id,
        kind: import.kind,
        state: import.state,
        file_name: import.file_name,
        note: import.note,
        created_at: import.created_at,
        finished_at: import.finished_at,
        version: import.version,
    }
}

/// Begins to carry out the rows of an import that was checked, or goes on with one that was stopped. With `links` each account that is made
/// from then on is sent a sign-in link.
pub async fn start(app: &App, actor: &Principal, id: ImportId, version: i64, links: bool) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let import = opened(&mut tx, actor, id, version).await?;
    let counts = imports::counts(&mut tx, id, import.state).await?;
    let next = may_start(&import, &counts)?;
    if import.state == ImportState::Ready {
        told(app, &mut tx, actor, &import, Activity::StartImport, &counts)?;
    }
    if links && import.kind == ImportKind::Users {
        imports::send_links(&mut tx, id).await?;
    }
    imports::set_state(&mut tx, id, next, "", now).await?;
    enqueue(app, &mut tx, id);
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// What an import goes on with.
fn may_start(import: &Import, counts: &RowCounts) -> Result<ImportState, Refusal> {
    match import.state {
        ImportState::Ready if counts.create + counts.change == 0 => Err(Refusal::new(
            "nothing-to-import",
            "No row of this file would change anything. Choose another file.",
        )),
        ImportState::Ready => Ok(ImportState::Importing),
        ImportState::Stopped if counts.of(RowOutcome::Unknown) > 0 => Ok(ImportState::Checking),
        ImportState::Stopped => Ok(ImportState::Importing),
        _ => Err(Refusal::new(
            "import-under-way",
            "This import is under way or over. Open it again to see how far it has come.",
        )),
    }
}

/// Drops an import with its rows. What it has carried out stays as it is.
pub async fn discard(app: &App, actor: &Principal, id: ImportId, version: i64) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    let import = opened(&mut tx, actor, id, version).await?;
    if import.state == ImportState::Importing {
        return Err(Refusal::new("import-under-way", "This import is under way. Wait until it is over.").into());
    }
    imports::delete(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

async fn opened(tx: &mut Tx, actor: &Principal, id: ImportId, version: i64) -> Result<Import, Error> {
    own(tx, actor, id).await?;
    let import = imports::lock(tx, id).await?.ok_or(Error::NotFound)?;
    if import.version == version {
        Ok(import)
    } else {
        Err(changed(tx, id, "This import").await)
    }
}

/// Makes sure that the next rows are worked on.
fn enqueue(app: &App, tx: &mut Tx, id: ImportId) {
    let now = app.clock.now();
    let job = NewJob {
        kind: JobKind::Import,
        key: format!("import:{id}"),
        subject: Some(id.into()),
        run_at: now,
    };
    jobs::enqueue(tx, app.ids.id(now), now, job);
}

/// Writes the beginning or the end of an import into the trail.
fn told(app: &App, tx: &mut Tx, actor: &Principal, import: &Import, activity: Activity, counts: &RowCounts) -> Result<(), Error> {
    let number = |name, count: i64| Change::between(name, "", count.to_string());
    let changes = [
        number("Rows to create", counts.create),
        number("Rows to change", counts.change),
        number("Rows unchanged", counts.unchanged),
        number("Rows refused", counts.refused),
    ];
    // What was asked for the kind of the file; each row asks again where it is.
    match import.kind {
        ImportKind::Users => write(app, tx, &actor.authorize(ManageUsers, Scope::Tenant)?, import, activity, changes),
        ImportKind::Groups | ImportKind::Memberships => {
            write(app, tx, &actor.authorize(ManageGroups, Scope::Tenant)?, import, activity, changes)
        }
        ImportKind::Assignments => write(app, tx, &somewhere(actor)?, import, activity, changes),
    }
}

fn write<A>(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<A>,
    import: &Import,
    activity: Activity,
    changes: [Option<Change>; 4],
) -> Result<(), Error> {
    Entry::by_principal(granted, activity, Target::new("import", import.id, import.file_name.as_str()))
        .changes(changes)
        .detail(import.kind.label())
        .write(app, tx)?;
    Ok(())
}

/// Allowed to assign in the tenant or in the first catalog where it is allowed.
fn somewhere(actor: &Principal) -> Result<Authorized<ManageAssignments>, Refusal> {
    match actor.visible(Action::ManageAssignments)? {
        Visible::All => actor.authorize(ManageAssignments, Scope::Tenant),
        Visible::Catalogs(ids) => {
            let first = ids.first().copied();
            actor.authorize(ManageAssignments, first.map_or(Scope::Tenant, Scope::Catalog))
        }
    }
}

/// An error of the store by itself, or an inconsistency.
fn store_error(error: Error) -> StoreError {
    match error {
        Error::Store(error) => error,
        other => StoreError::Inconsistent(other.to_string()),
    }
}

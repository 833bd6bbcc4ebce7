//! Exceptions: whoever manages a package's rules lets one person get it in spite of one rule, for a reason and until a date. Nobody does so
//! for themselves.

use crate::domain::access::{Action, ManageIncompatibilities, Principal, ReadAssignments};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{ExceptionId, Named, PackageId};
use crate::domain::incompatibility::{
    ExceptionForm, ExceptionItem, ExceptionQuery, ExceptionState, UNSEEN_PACKAGE, exception_state, may_end_exception, may_except,
};
use crate::domain::page::Page;
use crate::domain::validate::Code;
use crate::store::incompatibilities::{self, Exception, NewExceptionRow};
use crate::store::{packages, users};

use super::super::audit::Entry;
use super::super::{App, Error, access};

/// A page of the exceptions from a package's rules, newest first.
pub async fn exceptions(app: &App, actor: &Principal, query: &ExceptionQuery) -> Result<Page<ExceptionItem>, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    packages::get(&mut tx, query.package).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ReadAssignments, query.package).await?;
    let manage = actor.permission(Action::ManageIncompatibilities, granted.scope());
    let seen = access::seen(actor);
    let page = incompatibilities::exceptions(&mut tx, query).await?;
    Ok(page.map(|row: Exception| {
        let state = exception_state(row.ends_at, row.ended_at, now);
        let shown = row.catalog_id.is_none_or(|catalog| seen.includes(catalog));
        ExceptionItem {
            id: row.id,
            user: Named::new(row.user_id, row.person),
            user_name: row.user_name,
            name: if shown { row.name } else { UNSEEN_PACKAGE.to_owned() },
            reason: row.reason,
            state,
            granted_by: row.granted_by,
            granted_at: row.granted_at,
            ends_at: row.ended_at.map_or(row.ends_at, |ended| ended.min(row.ends_at)),
            end: manage.clone().and(may_end_exception(state)),
        }
    }))
}

/// Lets a person get a package in spite of a rule.
pub async fn grant_exception(app: &App, actor: &Principal, form: &ExceptionForm) -> Result<ExceptionId, Error> {
    actor.authorize_somewhere(Action::ManageIncompatibilities)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let package = packages::lock(&mut tx, form.package).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManageIncompatibilities, package.catalog_id)?;
    let new = form.check(now)?;
    let rule = incompatibilities::find(&mut tx, new.rule)
        .await?
        .filter(|rule| rule.package_id == package.id)
        .ok_or_else(|| Error::field("rule", Code::Gone))?;
    let user = users::find(&mut tx, new.user)
        .await?
        .filter(|user| user.deleted_at.is_none())
        .ok_or_else(|| Error::field("user", Code::Gone))?;
    let before = incompatibilities::live_exception(&mut tx, rule.id, new.user).await?;
    let holds = before
        .as_ref()
        .is_some_and(|before| exception_state(before.ends_at, None, now) == ExceptionState::Active);
    may_except(actor.is(new.user), &user.name, holds)?;
    if let Some(over) = before {
        incompatibilities::end_exception(&mut tx, over.id, over.ends_at).await?;
    }
    let id = ExceptionId(app.ids.id(now));
    let row = NewExceptionRow {
        id,
        rule: rule.id,
        package: package.id,
        user: new.user,
        reason: &new.reason,
        by: actor.user_id(),
        ends_at: new.ends_at,
    };
    incompatibilities::insert_exception(&mut tx, row, now).await?;
    Entry::by_principal(
        &granted,
        Activity::GrantException,
        Target::new("package", package.id, package.name.as_str()),
    )
    .and(Target::new("user", new.user, user.name.as_str()))
    .and(Target::new("incompatibility", rule.id, ""))
    .changes([Change::between("ends_at", "", new.ends_at.to_rfc3339())])
    .detail(new.reason)
    .correlation(rule.id)
    .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(id)
}

/// Ends an exception before its date. Who has got the package meanwhile keeps it.
pub async fn end_exception(app: &App, actor: &Principal, package: PackageId, id: ExceptionId) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageIncompatibilities)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let of = packages::lock(&mut tx, package).await?.ok_or(Error::NotFound)?;
    let granted = access::in_catalog(actor, ManageIncompatibilities, of.catalog_id)?;
    let exception = incompatibilities::exception(&mut tx, id)
        .await?
        .filter(|exception| exception.package_id == package)
        .ok_or(Error::NotFound)?;
    may_end_exception(exception_state(exception.ends_at, exception.ended_at, now))?;
    if !incompatibilities::end_exception(&mut tx, id, now).await? {
        return Err(Error::changed("This exception"));
    }
    Entry::by_principal(&granted, Activity::EndException, Target::new("package", package, of.name.as_str()))
        .and(Target::new("user", exception.user_id, exception.person.as_str()))
        .and(Target::new("incompatibility", exception.rule, ""))
        .changes([Change::between("ends_at", exception.ends_at.to_rfc3339(), now.to_rfc3339())])
        .correlation(exception.rule)
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(())
}

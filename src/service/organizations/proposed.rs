//! Organizations that requests bring: where a policy lets anybody in, and somebody of a domain asks that is of no organization yet, it is
//! proposed, for an administrator to configure (F159).

use chrono::{DateTime, Utc};

use crate::domain::audit::Activity;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::limit::Limit;
use crate::domain::organization::{OrganizationForm, OrganizationState, domain};
use crate::domain::policy::Scope;
use crate::store::tx::AROUND_ROW;
use crate::store::{self, StoreError, Tx, organizations};

use super::super::App;
use super::super::audit::Entry;
use super::target;

/// Proposes the organization of a guest who asks under a policy of this scope, unless it is known. What cannot be proposed, because its
/// domain is none or there are as many organizations as may be, is left: the request is not lost by it.
pub async fn propose(app: &App, tx: &mut Tx, scope: Scope, guest: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    if scope != Scope::AllExternal {
        return Ok(());
    }
    let Some(domain) = organizations::unknown_domain(tx, guest).await?.as_deref().and_then(domain) else {
        return Ok(());
    };
    let there = usize::try_from(store::limits::organizations(tx).await?).unwrap_or(usize::MAX);
    if there >= store::limits::value(tx, Limit::Organizations).await? {
        return Ok(());
    }
    let form = OrganizationForm {
        name: domain.clone(),
        description: "Proposed by a request for access.".into(),
        state: OrganizationState::Proposed,
        domains: domain,
    };
    let Ok(edit) = form.check() else { return Ok(()) };
    let id = OrganizationId(app.ids.id(now));
    let savepoint = tx.savepoint(AROUND_ROW).await?;
    match organizations::insert(tx, id, &edit, now).await {
        Ok(()) => tx.release(savepoint).await?,
        // An organization of another domain is called so, or another request has proposed this one at the same moment.
        Err(error) if error.is_conflict_on("connected_organizations") || error.is_conflict_on("organization_domains") => {
            return tx.rollback_to(savepoint).await;
        }
        Err(error) => return Err(error),
    }
    Entry::by_system(Activity::ProposeOrganization, target(id, &edit.name.text))
        .detail(format!("Domain {}", edit.domains.join(", ")))
        .write(app, tx)
}

//! A policy that is switched, edited or deleted: who can request by it, and who no more.

use crate::domain::access::{Action, ManagePolicies, Principal};
use crate::domain::id::PolicyId;
use crate::domain::impact::{EffectKind, Impact, MoreNames, PolicyChange};
use crate::domain::policy::PolicyTerms;
use crate::store::impact::{Audience, having_under, terms_of, waiting_under};
use crate::store::{self, packages, policies};

use super::super::{App, Error, access};
use super::{Plan, requestable, tell_requestors};

/// What a change of a policy would do (F066, F067, F072).
pub async fn of_policy(
    app: &App,
    actor: &Principal,
    id: PolicyId,
    change: &PolicyChange,
    more: Option<MoreNames>,
) -> Result<Impact, Error> {
    actor.authorize_somewhere(Action::ManagePolicies)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let policy = policies::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let package = packages::get(&mut tx, policy.package_id).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ManagePolicies, package.catalog_id)?;
    let catalog = store::catalogs::find(&mut tx, package.catalog_id).await?.ok_or(Error::NotFound)?;
    let all = terms_of(&mut tx, package.id).await?;
    let changed = match change {
        PolicyChange::Enable(enabled) => {
            let mut terms = policy.terms.clone();
            terms.requestor.enabled = *enabled;
            Some(terms)
        }
        PolicyChange::Edit(form) => Some(form.check(&policy.terms, now)?.1),
        PolicyChange::Delete => None,
    };
    let audience = |terms: &PolicyTerms| Audience::of(terms, now);
    let before = all.iter().filter_map(|(_, terms)| audience(terms)).collect();
    let others = all
        .iter()
        .filter(|(other, _)| *other != id)
        .filter_map(|(_, terms)| audience(terms));
    let after = others.chain(changed.as_ref().and_then(audience)).collect();
    let mut plan = Plan::default();
    tell_requestors(
        &mut plan,
        "",
        &package.name,
        &requestable(&catalog, before),
        &requestable(&catalog, after),
        now,
    );
    match change {
        PolicyChange::Delete => {
            let text = "access under it, so it can't be deleted yet";
            plan.people("has", EffectKind::Blocks, ("has", "have"), text, having_under(id, now));
            let text = "for a request under it, so it can't be deleted yet";
            plan.people("waits", EffectKind::Blocks, ("waits", "wait"), text, waiting_under(id));
        }
        PolicyChange::Enable(_) | PolicyChange::Edit(_) => {
            let text = "access under it, which stays as it was given, with its end date";
            plan.people("has", EffectKind::Stays, ("has", "have"), text, having_under(id, now));
            let text = "a request under it, which goes on by the terms that it was made under";
            plan.people("waits", EffectKind::Stays, ("has", "have"), text, waiting_under(id));
        }
    }
    if !catalog.enabled {
        plan.note(format!(
            "The catalog {} is not enabled, so nobody can request the package now.",
            catalog.name
        ));
    }
    Ok(plan.tell(&mut tx, more).await?)
}

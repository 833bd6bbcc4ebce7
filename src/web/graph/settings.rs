//! What holds for the whole tenant about people from outside: `EM/settings`, and `EM/subjects`, who they are.

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::related;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{GovernGuests, ManageSettings, ReadAssignments, ReadSettings};
use crate::domain::external_user::ExternalUserAction;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::{duration, write_duration};
use crate::domain::setting::TenantSettings;
use crate::domain::user::SubjectRecord;
use crate::service::{Error, organizations, settings, users};
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::{Listed, Tenant};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/settings" "entitlementManagementSettings", Needs(ReadSettings, Tenant) => get;
    Patch "EM/settings" "", Needs(ManageSettings, Tenant) => update;
    Get "EM/subjects" "accessPackageSubject", Needs(ReadAssignments, Listed) => subjects;
    Get "EM/subjects/{subject}" "accessPackageSubject", Needs(ReadAssignments, Listed) => subject;
    Get "EM/subjects()" "accessPackageSubject", Needs(ReadAssignments, Listed) => subject;
    Patch "EM/subjects/{subject}" "", Needs(GovernGuests, Listed) => govern;
    Patch "EM/subjects()" "", Needs(GovernGuests, Listed) => govern;
];

/// The words for what becomes of a guest without access.
const ACTIONS: &[(&str, ExternalUserAction)] = &[
    ("none", ExternalUserAction::Nothing),
    ("blockSignIn", ExternalUserAction::Block),
    ("blockSignInAndDelete", ExternalUserAction::BlockAndDelete),
];

/// The words for whether a guest is governed.
const LIFECYCLES: &[(&str, bool)] = &[("governed", true), ("notGoverned", false)];

fn shape(settings: &TenantSettings) -> Value {
    let action = ACTIONS.iter().find(|(_, action)| *action == settings.external_user_action);
    json!({
        "id": "",
        "externalUserLifecycleAction": action.map(|(word, _)| *word),
        "durationUntilExternalUserDeletedAfterBlocked": write_duration(chrono::Duration::days(settings.external_user_days)),
    })
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let settings = settings::get(&call.app, &call.actor).await?;
    Ok(Reply::entity(shape(&settings), Some(settings.version)))
}

/// The days that a body names: as a duration or, in the beta's way, as their number.
fn days(call: &Call) -> Result<Option<i64>, Fault> {
    const DURATION: &str = "durationUntilExternalUserDeletedAfterBlocked";
    const NUMBER: &str = "daysUntilExternalUserDeletedAfterBlocked";
    if let Some(number) = call.body.field(NUMBER).filter(|number| !number.is_null()) {
        let fault = || Fault::at(NUMBER, "Send a whole number of days.");
        return number.as_i64().map(Some).ok_or_else(fault);
    }
    match call.body.text(DURATION)?.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let read = duration(&text).filter(|read| *read == chrono::Duration::days(read.num_days()));
            let fault = || Fault::at(DURATION, "Send whole days as a duration, such as P30D.");
            read.map(|read| Some(read.num_days())).ok_or_else(fault)
        }
    }
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    let mut form = settings::get(&call.app, &call.actor).await?;
    form.version = call.version_of(form.version)?;
    if let Some(action) = call.body.choice("externalUserLifecycleAction", ACTIONS)? {
        form.external_user_action = action;
    }
    if let Some(days) = days(call)? {
        form.external_user_days = days;
    }
    let named = |error: Error| Fault::renamed(error, &[("external_user_days", "durationUntilExternalUserDeletedAfterBlocked")]);
    settings::update(&call.app, &call.actor, &form).await.map_err(named)?;
    Ok(Reply::done())
}

/// People with their organizations, where those are asked for.
async fn with_related(call: &Call, found: &[SubjectRecord], options: &QueryOptions) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(|subject| related::subject(&subject.person)).collect();
    if options.expanded("connectedOrganization").is_some() {
        let mut ids: Vec<OrganizationId> = found.iter().filter_map(|subject| subject.organization_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let all = organizations::records(&call.app, &call.actor, &ids).await?;
        for (value, subject) in shown.iter_mut().zip(found) {
            let own = all.iter().find(|organization| Some(organization.id) == subject.organization_id);
            value["connectedOrganization"] = own.map(super::organizations::shape).unwrap_or_default();
        }
    }
    Ok(shown)
}

async fn subjects(call: &Call) -> Result<Reply, Fault> {
    let found = users::query_subjects(&call.app, &call.actor, &call.options.list).await?;
    let shown = with_related(call, &found.rows, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

/// Whom an address names: by the key, or by the argument `objectId`.
fn named(call: &Call) -> Result<UserId, Fault> {
    let by_argument = call.argument("objectId").unwrap_or_default();
    let text = if call.key(0).is_empty() { by_argument } else { call.key(0) };
    text.parse().map_err(|_| Fault::not_found())
}

async fn subject(call: &Call) -> Result<Reply, Fault> {
    let found = users::subject_record(&call.app, &call.actor, named(call)?).await?;
    let shown = with_related(call, &[found], &call.options).await?.pop();
    Ok(Reply::entity(shown.unwrap_or_default(), None))
}

/// The organization of a person follows from the domain of their address: naming another is refused, the same is passed over.
async fn check_organization(call: &Call, id: UserId) -> Result<(), Fault> {
    let Some(asked) = call.body.text("connectedOrganizationId")?.filter(|asked| !asked.is_empty()) else {
        return Ok(());
    };
    let found = users::subject_record(&call.app, &call.actor, id).await?;
    if asked.parse().ok() == found.organization_id {
        return Ok(());
    }
    let message = "The organization of a person is the one that has the domain of their address. Add the domain to that organization, or change \
                   the address.";
    Err(Fault::at("connectedOrganizationId", message))
}

async fn govern(call: &Call) -> Result<Reply, Fault> {
    let id = named(call)?;
    check_organization(call, id).await?;
    if let Some(governed) = call.body.choice("subjectLifecycle", LIFECYCLES)? {
        users::govern(&call.app, &call.actor, id, governed).await?;
    }
    Ok(Reply::done())
}

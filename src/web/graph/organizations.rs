//! Connected organizations and who vouches for them: `EM/connectedOrganizations`.

use serde_json::{Value, json};
use uuid::Uuid;

use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{ManageConnectedOrganizations, ReadConnectedOrganizations};
use crate::domain::id::OrganizationId;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::{reference, write_instant};
use crate::domain::organization::{Organization, OrganizationForm, OrganizationState, SponsorSide};
use crate::domain::text::StringEnum;
use crate::service::{Error, organizations};
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::{Listed, Tenant};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/connectedOrganizations" "connectedOrganization", Needs(ReadConnectedOrganizations, Listed) => list;
    Post "EM/connectedOrganizations" "connectedOrganization", Needs(ManageConnectedOrganizations, Tenant) => create;
    Get "EM/connectedOrganizations/{organization}" "connectedOrganization", Needs(ReadConnectedOrganizations, Listed) => get;
    Patch "EM/connectedOrganizations/{organization}" "", Needs(ManageConnectedOrganizations, Tenant) => update;
    Delete "EM/connectedOrganizations/{organization}" "", Needs(ManageConnectedOrganizations, Tenant) => delete;
    Get "EM/connectedOrganizations/{organization}/internalSponsors" "directoryObject", Needs(ReadConnectedOrganizations, Listed) => internal;
    Get "EM/connectedOrganizations/{organization}/externalSponsors" "directoryObject", Needs(ReadConnectedOrganizations, Listed) => external;
    Post "EM/connectedOrganizations/{organization}/internalSponsors/$ref" "", Needs(ManageConnectedOrganizations, Tenant) => add_internal;
    Post "EM/connectedOrganizations/{organization}/externalSponsors/$ref" "", Needs(ManageConnectedOrganizations, Tenant) => add_external;
    Delete "EM/connectedOrganizations/{organization}/internalSponsors/{object}/$ref" "", Needs(ManageConnectedOrganizations, Tenant) => remove_internal;
    Delete "EM/connectedOrganizations/{organization}/internalSponsors/$ref" "", Needs(ManageConnectedOrganizations, Tenant) => remove_internal;
    Delete "EM/connectedOrganizations/{organization}/externalSponsors/{object}/$ref" "", Needs(ManageConnectedOrganizations, Tenant) => remove_external;
    Delete "EM/connectedOrganizations/{organization}/externalSponsors/$ref" "", Needs(ManageConnectedOrganizations, Tenant) => remove_external;
];

/// The words for how far an organization is trusted.
const STATES: &[(&str, OrganizationState)] = &[
    ("configured", OrganizationState::Configured),
    ("proposed", OrganizationState::Proposed),
];

/// The names under which sponsors are expanded.
const SPONSORS: [(&str, SponsorSide); 2] = [
    ("internalSponsors", SponsorSide::Internal),
    ("externalSponsors", SponsorSide::External),
];

/// An organization in the API's shape.
pub fn shape(organization: &Organization) -> Value {
    let source = |domain: &String| {
        json!({
            "@odata.type": "#microsoft.graph.domainIdentitySource",
            "displayName": domain,
            "domainName": domain,
        })
    };
    json!({
        "id": organization.id,
        "displayName": organization.name,
        "description": organization.description,
        "state": organization.state.as_str(),
        "identitySources": organization.domains.iter().map(source).collect::<Vec<_>>(),
        "createdDateTime": write_instant(organization.created_at),
        "modifiedDateTime": write_instant(organization.updated_at),
    })
}

fn sponsor_shape(item: &SubjectItem) -> Value {
    match item.subject {
        Subject::User(id) => json!({
            "@odata.type": "#microsoft.graph.user",
            "id": id,
            "displayName": item.name,
            "userPrincipalName": item.detail,
        }),
        other => json!({
            "@odata.type": "#microsoft.graph.group",
            "id": other.id(),
            "displayName": item.name,
        }),
    }
}

/// Organizations with what is asked of them: one query for the sponsors of all.
async fn with_related(call: &Call, found: &[Organization], options: &QueryOptions) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(shape).collect();
    if SPONSORS.iter().any(|(name, _)| options.expanded(name).is_some()) {
        let ids: Vec<OrganizationId> = found.iter().map(|organization| organization.id).collect();
        let all = organizations::sponsors_of(&call.app, &call.actor, &ids).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            for (name, side) in SPONSORS.iter().filter(|(name, _)| options.expanded(name).is_some()) {
                let own = all.get(id).and_then(|sides| sides.get(side));
                value[*name] = own.into_iter().flatten().map(sponsor_shape).collect();
            }
        }
    }
    Ok(shown)
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = organizations::query(&call.app, &call.actor, &call.options.list).await?;
    let shown = with_related(call, &found.rows, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn one(call: &Call, id: OrganizationId, reply: fn(Value, Option<i64>) -> Reply) -> Result<Reply, Fault> {
    let organization = organizations::record(&call.app, &call.actor, id).await?;
    let version = organization.version;
    let shown = with_related(call, &[organization], &call.options).await?.pop();
    Ok(reply(shown.unwrap_or_default(), Some(version)))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    one(call, call.id(0)?, Reply::entity).await
}

/// The domains of the identity sources that a body names, one a line.
fn domains(body: &Body) -> Result<Option<String>, Fault> {
    let Some(sources) = body.objects("identitySources")? else {
        return Ok(None);
    };
    let mut domains = Vec::with_capacity(sources.len());
    for source in &sources {
        let kind = source.text("@odata.type")?.unwrap_or_default();
        let kind = kind.trim_start_matches('#').trim_start_matches("microsoft.graph.");
        if !(kind.is_empty() || kind.eq_ignore_ascii_case("domainIdentitySource")) {
            let message =
                "People are told apart by the domain of their address: send #microsoft.graph.domainIdentitySource with domainName.";
            return Err(Fault::at("identitySources", message));
        }
        domains.push(source.text("domainName")?.unwrap_or_default());
    }
    Ok(Some(domains.join("\n")))
}

/// What a body changes of a form; what it does not name stays.
fn change(body: &Body, form: &mut OrganizationForm) -> Result<(), Fault> {
    if let Some(name) = body.text("displayName")? {
        form.name = name;
    }
    if let Some(description) = body.text("description")? {
        form.description = description;
    }
    if let Some(state) = body.choice("state", STATES)? {
        form.state = state;
    }
    if let Some(domains) = domains(body)? {
        form.domains = domains;
    }
    Ok(())
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let mut form = OrganizationForm::default();
    change(&call.body, &mut form)?;
    let id = organizations::create(&call.app, &call.actor, &form).await.map_err(named)?;
    one(call, id, Reply::created).await
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    let before = organizations::record(&call.app, &call.actor, call.id(0)?).await?;
    let mut form = OrganizationForm::from(&before);
    change(&call.body, &mut form)?;
    let version = call.version_of(before.version)?;
    organizations::update(&call.app, &call.actor, before.id, version, &form)
        .await
        .map_err(named)?;
    Ok(Reply::done())
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let before = organizations::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = call.version_of(before.version)?;
    organizations::delete(&call.app, &call.actor, before.id, version).await?;
    Ok(Reply::done())
}

async fn sponsors(call: &Call, side: SponsorSide) -> Result<Reply, Fault> {
    let organization = organizations::record(&call.app, &call.actor, call.id(0)?).await?;
    let all = organizations::sponsors_of(&call.app, &call.actor, &[organization.id]).await?;
    let own = all.get(&organization.id).and_then(|sides| sides.get(&side));
    Ok(Reply::all(own.into_iter().flatten().map(sponsor_shape).collect()))
}

async fn internal(call: &Call) -> Result<Reply, Fault> {
    sponsors(call, SponsorSide::Internal).await
}

async fn external(call: &Call) -> Result<Reply, Fault> {
    sponsors(call, SponsorSide::External).await
}

/// Who vouches already is refused, as Graph does.
async fn add(call: &Call, side: SponsorSide) -> Result<Reply, Fault> {
    let id: OrganizationId = call.id(0)?;
    let sponsor = named_object(&call.body.reference()?, "@odata.id")?;
    let added = organizations::add_sponsor(&call.app, &call.actor, id, side, sponsor)
        .await
        .map_err(named)?;
    if !added {
        return Err(Fault::at("@odata.id", "This user or group is such a sponsor already."));
    }
    Ok(Reply::done())
}

async fn add_internal(call: &Call) -> Result<Reply, Fault> {
    add(call, SponsorSide::Internal).await
}

async fn add_external(call: &Call) -> Result<Reply, Fault> {
    add(call, SponsorSide::External).await
}

fn named_object(id: &str, path: &str) -> Result<Uuid, Fault> {
    id.parse()
        .map_err(|_| Fault::at(path, format!("{path} has to end with the id of a user or a group.")))
}

async fn remove(call: &Call, side: SponsorSide) -> Result<Reply, Fault> {
    let sponsor = match call.key(1) {
        "" => named_object(call.parameter("@id").and_then(reference).unwrap_or_default(), "@id")?,
        _ => call.id(1)?,
    };
    organizations::remove_sponsor(&call.app, &call.actor, call.id(0)?, side, sponsor).await?;
    Ok(Reply::done())
}

async fn remove_internal(call: &Call) -> Result<Reply, Fault> {
    remove(call, SponsorSide::Internal).await
}

async fn remove_external(call: &Call) -> Result<Reply, Fault> {
    remove(call, SponsorSide::External).await
}

/// Faults by the names that the client used.
fn named(error: Error) -> Fault {
    Fault::renamed(
        error,
        &[("name", "displayName"), ("domains", "identitySources"), ("sponsors", "@odata.id")],
    )
}

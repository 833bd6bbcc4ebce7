//! What requests and assignments are related to, shown within them where that was asked for: packages, people, policies and access.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::{packages as package_shapes, policies as policy_shapes};
use crate::domain::external_user::UserLifecycle;
use crate::domain::id::{PackageId, PolicyId, UserId};
use crate::domain::odata::QueryOptions;
use crate::domain::user::PersonRecord;
use crate::service::{policies, requests};

/// Each of these once, in order.
pub fn once<T: Ord>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = ids.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// These packages by their ids, those of them that the caller sees or has a part in, with what is asked of them.
pub async fn packages(call: &Call, ids: &[PackageId], options: &QueryOptions) -> Result<HashMap<PackageId, Value>, Fault> {
    let found = requests::packages_named(&call.app, &call.actor, &once(ids.iter().copied())).await?;
    let values = Box::pin(package_shapes::with_related(call, &found, options)).await?;
    Ok(found.iter().map(|package| package.id).zip(values).collect())
}

/// Somebody as the subject of access.
pub fn subject(person: &PersonRecord) -> Value {
    let lifecycle = match UserLifecycle::of(person.kind, person.governed) {
        None => "notDefined",
        Some(UserLifecycle::Governed) => "governed",
        Some(UserLifecycle::Ungoverned) => "notGoverned",
    };
    json!({
        "id": person.id,
        "objectId": person.id,
        "displayName": person.name,
        "principalName": person.user_name,
        "email": (!person.mail.is_empty()).then_some(&person.mail),
        "onPremisesSecurityIdentifier": null,
        "subjectType": "user",
        "subjectLifecycle": lifecycle,
    })
}

/// Which thing is related to what: by the name of the relation, the id of each in their order.
pub struct Relations<'a> {
    /// What is to be shown of them.
    pub options: &'a QueryOptions,
    /// The package of each.
    pub packages: Vec<PackageId>,
    /// The policy of each.
    pub policies: Vec<PolicyId>,
    /// By this name a person of each, if there is one.
    pub people: (&'static str, Vec<Option<UserId>>),
}

/// Puts what is related into things that are shown, one query for each kind of it.
pub async fn add(call: &Call, relations: Relations<'_>, shown: &mut [Value]) -> Result<(), Fault> {
    let Relations {
        options,
        packages: of_packages,
        policies: of_policies,
        people: (name, of_people),
    } = relations;
    if let Some(inner) = options.expanded("accessPackage") {
        let all = packages(call, &of_packages, inner).await?;
        for (value, id) in shown.iter_mut().zip(&of_packages) {
            value["accessPackage"] = all.get(id).cloned().unwrap_or_default();
        }
    }
    if let Some(inner) = options.expanded("assignmentPolicy") {
        let ids = once(of_policies.iter().copied());
        let (all, subjects) = policies::records(&call.app, &call.actor, &ids).await?;
        let values = policy_shapes::with_related(call, &all, &subjects, inner).await?;
        let by_id: HashMap<PolicyId, &Value> = all.iter().map(|policy| policy.id).zip(&values).collect();
        for (value, id) in shown.iter_mut().zip(&of_policies) {
            value["assignmentPolicy"] = by_id.get(id).map_or(Value::Null, |value| (*value).clone());
        }
    }
    if options.expanded(name).is_some() {
        let ids = once(of_people.iter().copied().flatten());
        let all = requests::people_named(&call.app, &call.actor, &ids).await?;
        for (value, id) in shown.iter_mut().zip(&of_people) {
            let own = all.iter().find(|person| Some(person.id) == *id);
            value[name] = own.map(subject).unwrap_or_default();
        }
    }
    Ok(())
}

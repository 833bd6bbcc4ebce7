//! What a person meets before a request: what the policies of a package ask of them, and which packages are suggested to them.

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::policies::{asked_json, schedule_json};
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::offer::{OfferItem, OfferQuery, OfferTab};
use crate::domain::page::PageQuery;
use crate::domain::policy::PolicyTerms;
use crate::domain::request::AskTerms;
use crate::service::{my_access, requests};
use crate::web::endpoints::Access::Own;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Post "EM/accessPackages/{package}/getApplicablePolicyRequirements" "accessPackageAssignmentRequestRequirements", Own => requirements;
    Get "EM/accessPackageSuggestions/filterByCurrentUser()" "accessPackageSuggestion", Own => suggestions;
];

/// What each policy that applies to the caller asks.
async fn requirements(call: &Call) -> Result<Reply, Fault> {
    let met = requests::policies_met(&call.app, &call.actor, call.id(0)?, &call.language).await?;
    Ok(Reply::all(met.iter().map(|(ask, terms)| requirement(ask, terms)).collect()))
}

fn requirement(ask: &AskTerms, terms: &PolicyTerms) -> Value {
    json!({
        "policyId": ask.policy.id,
        "policyDisplayName": ask.policy.name,
        "policyDescription": terms.description,
        "isApprovalRequiredForAdd": terms.approval.required_for_add,
        "isApprovalRequiredForUpdate": terms.approval.required_for_update,
        "isRequestorJustificationRequired": ask.justification_required,
        "allowCustomAssignmentSchedule": ask.custom_schedule,
        "schedule": schedule_json(None, None),
        "questions": (1..).zip(&ask.questions).map(|(at, question)| asked_json(question, at)).collect::<Vec<_>>(),
    })
}

/// The packages that are suggested to the caller (F148).
async fn suggestions(call: &Call) -> Result<Reply, Fault> {
    let query = OfferQuery {
        tab: OfferTab::Suggested,
        search: call.options.list.search.clone().unwrap_or_default(),
        page: PageQuery {
            after: call.options.list.after.as_deref().and_then(from_hex),
            ..PageQuery::default()
        },
    };
    let page = my_access::offers(&call.app, &call.actor, &query).await?;
    let expands = call.expanded("availableAccessPackage").is_some();
    let values = page.items.iter().map(|offer| suggestion(offer, expands)).collect();
    Ok(Reply::Collection(super::reply::Collection {
        values,
        next: page.next.map(|key| key.bytes().map(|byte| format!("{byte:02x}")).collect()),
        count: page.total,
    }))
}

fn suggestion(offer: &OfferItem, expands: bool) -> Value {
    let mut value = json!({"id": offer.id, "reasons": []});
    if expands {
        value["availableAccessPackage"] = json!({
            "id": offer.id,
            "displayName": offer.name,
            "description": offer.description,
        });
    }
    value
}

/// The key of a page, which no client and no proxy changes while it is written in hexadecimal digits.
fn from_hex(text: &str) -> Option<String> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes?).ok()
}

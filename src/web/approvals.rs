//! The forms of Approvals as they are posted without scripting: decides, revokes and delegates, then leads on; or shows the page again
//! with what was typed and why it was not done.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use chrono::{DateTime, Offset, Utc};
use chrono_tz::Tz;

use super::forms::{Fields, Outcome, Posted, answer, value};
use super::state::AppState;
use super::zone;
use crate::domain::approval::{ApprovalTab, Decision, DecisionForm, DelegationForm};
use crate::domain::id::{DelegationId, RequestId};
use crate::domain::text::StringEnum;
use crate::domain::typed_time::bounds_of_day;
use crate::domain::validate::Code;
use crate::paths;
use crate::service::{App, Error, approvals};

/// A decision on one request, from its pane: approve, deny, or revoke what was approved.
pub async fn decide(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let posted = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let done = decide_one(&state.app, &posted, &id).await;
    answer(&state, &posted.parts, posted.fields, done.map(Outcome::Next)).await
}

async fn decide_one(app: &App, posted: &Posted, id: &str) -> Result<String, Error> {
    let Posted { actor, fields, .. } = posted;
    let id: RequestId = id.parse().map_err(|_| Error::NotFound)?;
    if value(fields, "decision") == "revoke" {
        approvals::revoke(app, actor, id, value(fields, "reason")).await?;
        return Ok(paths::my_approval(id));
    }
    approvals::decide(app, actor, id, decision(fields)?, value(fields, "reason")).await?;
    Ok(paths::MY_APPROVALS.to_owned())
}

/// Decisions on the requests that are ticked in the list.
pub async fn decide_many(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let posted = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let done = decide_ticked(&state.app, &posted).await;
    answer(&state, &posted.parts, posted.fields, done.map(Outcome::Next)).await
}

async fn decide_ticked(app: &App, posted: &Posted) -> Result<String, Error> {
    let fields = &posted.fields;
    let form = DecisionForm {
        requests: fields
            .iter()
            .filter(|(name, _)| name == "request")
            .filter_map(|(_, id)| id.parse().ok())
            .collect(),
        decision: decision(fields)?,
        reason: value(fields, "reason").to_owned(),
    };
    let outcomes = approvals::decide_many(app, &posted.actor, &form).await?;
    match outcomes.iter().find_map(|outcome| outcome.refused.clone()) {
        Some(refused) => Err(Error::Conflict(refused)),
        None => Ok(paths::with_query(paths::MY_APPROVALS, &[("tab", ApprovalTab::History.as_str())])),
    }
}

/// A delegation: made, changed or ended.
pub async fn delegate(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let posted = match Posted::read(&state, request).await {
        Ok(posted) => posted,
        Err(answer) => return *answer,
    };
    let done = save_delegation(&state.app, &posted).await;
    answer(&state, &posted.parts, posted.fields, done.map(Outcome::Next)).await
}

async fn save_delegation(app: &App, posted: &Posted) -> Result<String, Error> {
    let Posted { actor, fields, .. } = posted;
    let id = value(fields, "delegation").parse::<DelegationId>().ok();
    let changed = id.zip(value(fields, "version").parse::<i64>().ok());
    match (value(fields, "action"), changed) {
        ("end", Some((id, version))) => approvals::end_delegation(app, actor, id, version).await?,
        _ => {
            let form = delegation(fields, zone::of(&posted.parts.headers))?;
            approvals::save_delegation(app, actor, changed, &form).await?;
        }
    }
    Ok(paths::MY_DELEGATIONS.to_owned())
}

fn decision(fields: &Fields) -> Result<Decision, Error> {
    value(fields, "decision")
        .parse()
        .map_err(|_| Error::field("decision", Code::Required))
}

/// A delegation as typed, its days those of the reader's calendar.
fn delegation(fields: &Fields, zone: Tz) -> Result<DelegationForm, Error> {
    let offset = |at: DateTime<Utc>| at.with_timezone(&zone).offset().fix().local_minus_utc();
    let day = |name: &str| match value(fields, name) {
        "" => Ok(None),
        text => bounds_of_day(text, offset)
            .map(Some)
            .ok_or_else(|| Error::field(name, Code::NotADate)),
    };
    Ok(DelegationForm {
        delegate: value(fields, "delegate").to_owned(),
        package: value(fields, "package").parse().ok(),
        starts_at: day("starts_at")?.map(|(begins, _)| begins),
        ends_at: day("ends_at")?.map(|(_, ends)| ends),
        waiting: value(fields, "waiting") == "true",
    })
}

//! Whether the service runs, whether it can serve, and how much work waits or has failed. Failed work does not make a copy unready: it
//! serves pages all the same, and another copy would do no better.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::state::AppState;
use crate::store::workload::{self, Workload};
use crate::store::{Schema, StoreError};

/// A due job waits no longer than this, in seconds, while a worker is well.
const WORKER_LATE: i64 = 60;

/// The process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The database answers, its schema is this version's, and the service is not stopping. Says besides which work has failed or waits.
pub async fn ready(State(state): State<Arc<AppState>>) -> (StatusCode, String) {
    let unready = |why: &str| (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n"));
    if state.stop.is_cancelled() {
        return unready("stopping");
    }
    let found = async {
        Ok::<_, StoreError>(match state.app.store.schema().await? {
            Schema::Current => Some(load(&state).await?),
            _ => None,
        })
    };
    match found.await {
        Ok(Some(load)) => (StatusCode::OK, readiness(&load, state.app.clock.now())),
        Ok(None) => unready("the database has another version's schema"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the database does not answer");
            unready("the database does not answer")
        }
    }
}

async fn load(state: &AppState) -> Result<Workload, StoreError> {
    let now = state.app.clock.now();
    let mut tx = state.app.store.read().await?;
    workload::workload(&mut tx, now, now - state.idle()).await
}

/// How long the oldest due job has waited, in seconds.
fn late(load: &Workload, now: DateTime<Utc>) -> i64 {
    load.oldest_due.map_or(0, |at| (now - at).num_seconds())
}

fn readiness(load: &Workload, now: DateTime<Utc>) -> String {
    let mut text = "ready\n".to_owned();
    if load.jobs_failed > 0 {
        text.push_str(&format!(
            "{} jobs have failed for good; woodgate check names them\n",
            load.jobs_failed
        ));
    }
    let late = late(load, now);
    if late > WORKER_LATE {
        text.push_str(&format!(
            "a job is {late} seconds late: no worker is running, or it is overloaded\n"
        ));
    }
    text
}

/// The same and more as numbers, in the text format of Prometheus.
pub async fn metrics(State(state): State<Arc<AppState>>) -> Response {
    match load(&state).await {
        Ok(load) => {
            let text = exposition(&state, &load);
            ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "metrics could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn exposition(state: &AppState, load: &Workload) -> String {
    let mut text = format!(
        "# HELP woodgate_build_info The version that runs.\n# TYPE woodgate_build_info gauge\nwoodgate_build_info{{version=\"{}\"}} 1\n",
        env!("CARGO_PKG_VERSION")
    );
    let now = state.app.clock.now();
    let streams = i64::try_from(state.events.count()).unwrap_or(i64::MAX);
    let statements = i64::try_from(state.app.store.statements()).unwrap_or(i64::MAX);
    for (name, kind, help, value) in [
        (
            "jobs_waiting",
            "gauge",
            "Jobs in the queue, those that wait for their time too.",
            load.jobs_waiting,
        ),
        (
            "jobs_failed",
            "gauge",
            "Jobs that were given up after too many failures.",
            load.jobs_failed,
        ),
        (
            "oldest_due_job_seconds",
            "gauge",
            "How long the oldest job that is due has waited.",
            late(load, now),
        ),
        ("open_requests", "gauge", "Requests that wait for something.", load.open_requests),
        ("sessions", "gauge", "Sessions that are not over.", load.sessions),
        ("event_streams", "gauge", "Open event streams of this copy.", streams),
        (
            "database_statements_total",
            "counter",
            "Statements that this copy has sent to the database.",
            statements,
        ),
    ] {
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "# HELP woodgate_{name} {help}\n# TYPE woodgate_{name} {kind}\nwoodgate_{name} {value}"
        );
    }
    text
}

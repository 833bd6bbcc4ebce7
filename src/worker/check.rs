//! Looks whether the books agree: memberships with grants, grants with assignments, requests with both, every request with its trail.
//! What operators run after a crash or a restore, and what the kill test asks.

use serde::Serialize;

use crate::args;
use crate::service::App;
use crate::store::{StoreError, jobs};

/// What was counted. Each fault is a sentence with a number.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Requests in all.
    pub requests: i64,
    /// Requests that wait for something.
    pub open_requests: i64,
    /// Delivered requests of users and administrators for access.
    pub delivered: i64,
    /// Assignments that are not over.
    pub live_assignments: i64,
    /// Grants in force.
    pub live_grants: i64,
    /// Memberships that packages give.
    pub granted_memberships: i64,
    /// Jobs that wait.
    pub jobs: i64,
    /// Jobs that were given up.
    pub failed_jobs: i64,
    /// What does not agree; none is how it should be.
    pub faults: Vec<String>,
}

const COUNTS: [&str; 8] = [
    "SELECT count(*) FROM requests",
    "SELECT count(*) FROM requests WHERE state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')",
    "SELECT count(*) FROM requests WHERE state = 'delivered' AND kind IN ('user_add', 'admin_add')",
    "SELECT count(*) FROM assignments WHERE state <> 'expired'",
    "SELECT count(*) FROM grants WHERE state = 'granted'",
    "SELECT count(*) FROM memberships WHERE grants > 0",
    "SELECT count(*) FROM jobs WHERE failed_at IS NULL",
    "SELECT count(*) FROM jobs WHERE failed_at IS NOT NULL",
];

const FAULTS: [(&str, &str); 8] = [
    (
        "memberships whose count differs from their grants in force",
        "SELECT count(*) FROM memberships m WHERE m.grants <>
            (SELECT count(*) FROM grants g WHERE g.role_id = m.role_id AND g.user_id = m.user_id AND g.state = 'granted')",
    ),
    (
        "grants in force without a membership",
        "SELECT count(*) FROM grants g WHERE g.state = 'granted'
            AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.role_id = g.role_id AND m.user_id = g.user_id)",
    ),
    (
        "grants in force of assignments that are over",
        "SELECT count(*) FROM grants g JOIN assignments a ON a.id = g.assignment_id WHERE g.state = 'granted' AND a.state = 'expired'",
    ),
    (
        "delivered assignments that lack a role of their package",
        "SELECT count(*) FROM assignments a JOIN package_roles pr ON pr.package_id = a.package_id WHERE a.state = 'delivered'
            AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'add_role' AND j.subject_id = pr.id)
            AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.assignment_id = a.id AND g.role_id = pr.role_id AND g.state = 'granted')",
    ),
    (
        "assignments whose end no job will carry out",
        "SELECT count(*) FROM assignments a WHERE a.state <> 'expired' AND a.ends_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'end' AND j.subject_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.assignment_id = a.id AND r.kind = 'admin_remove' AND r.state = 'submitted')",
    ),
    (
        "delivered requests for access without their assignment",
        "SELECT count(*) FROM requests r WHERE r.state = 'delivered' AND r.kind IN ('user_add', 'admin_add')
            AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.request_id = r.id AND a.id = r.assignment_id)",
    ),
    (
        "open requests that no job will carry on",
        "SELECT count(*) FROM requests r WHERE r.state IN ('submitted', 'delivering') AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.subject_id = r.id AND j.failed_at IS NULL)",
    ),
    (
        "delivered requests whose trail does not tell it exactly once",
        "SELECT count(*) FROM requests r WHERE r.state = 'delivered' AND r.kind IN ('user_add', 'admin_remove')
            AND ((SELECT count(*) FROM audit t WHERE t.correlation_id = r.id AND t.activity = 'fulfill_request') <> 1
            OR (SELECT count(*) FROM audit t WHERE t.correlation_id = r.id AND t.activity IN ('request_assignment', 'remove_assignment')) <> 1)",
    ),
];

/// Jobs that were given up and are told one by one; the rest is in the count.
const GIVEN_UP_TOLD: i64 = 20;

/// Counts and compares, on one reader.
pub async fn check(app: &App) -> Result<Report, StoreError> {
    let mut tx = app.store.read().await?;
    let mut counts = [0_i64; COUNTS.len()];
    for (count, sql) in counts.iter_mut().zip(COUNTS) {
        *count = tx.value(sql, args![]).await?;
    }
    let mut faults = Vec::new();
    for (what, sql) in FAULTS {
        let count: i64 = tx.value(sql, args![]).await?;
        if count > 0 {
            faults.push(format!("{count} {what}"));
        }
    }
    for (key, error) in jobs::given_up(&mut tx, GIVEN_UP_TOLD).await? {
        faults.push(format!("job {key} was given up: {}", error.unwrap_or_default()));
    }
    let [
        requests,
        open_requests,
        delivered,
        live_assignments,
        live_grants,
        granted_memberships,
        jobs,
        failed_jobs,
    ] = counts;
    Ok(Report {
        requests,
        open_requests,
        delivered,
        live_assignments,
        live_grants,
        granted_memberships,
        jobs,
        failed_jobs,
        faults,
    })
}

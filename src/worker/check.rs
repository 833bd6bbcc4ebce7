//! Looks whether what is stored agrees: memberships with grants, grants with assignments, assignments with their ends, requests with all of
//! them and with the trail. What operators run after a crash or a restore, and what the kill test asks. Every statement goes through a table
//! once and finds the rest by an index, so that it answers on a large database too.

use serde::Serialize;

use crate::args;
use crate::service::App;
use crate::store::memberships::forever;
use crate::store::{StoreError, jobs};

/// What was counted. Each fault is a sentence with a number.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Requests in all.
    pub requests: i64,
    /// Requests that wait for something.
    pub open_requests: i64,
    /// Delivered requests for access.
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
    "SELECT count(*) FROM requests WHERE state = 'delivered' AND kind IN ('user_add', 'admin_add', 'system_add', 'on_behalf_add')",
    "SELECT count(*) FROM assignments WHERE state <> 'expired'",
    "SELECT count(*) FROM grants WHERE state = 'granted'",
    "SELECT count(*) FROM memberships WHERE grants > 0",
    "SELECT count(*) FROM jobs WHERE failed_at IS NULL",
    "SELECT count(*) FROM jobs WHERE failed_at IS NOT NULL",
];

/// The instant that a statement takes as $1.
#[derive(Clone, Copy)]
enum At {
    None,
    Now,
    Forever,
}

/// What may not be: in words after its number, the statement that counts it, and the instant that it takes.
pub(super) const FAULTS: [Fault; 12] = [
    Fault {
        what: "memberships whose count differs from their grants in force",
        at: At::None,
        sql: "SELECT count(*) FROM memberships m
            LEFT JOIN (SELECT role_id, user_id, count(*) AS number FROM grants WHERE state = 'granted' GROUP BY role_id, user_id) g
                ON g.role_id = m.role_id AND g.user_id = m.user_id
            WHERE m.grants <> coalesce(g.number, 0)",
    },
    Fault {
        what: "memberships that last longer or shorter than what gives them",
        at: At::Forever,
        sql: "SELECT count(*) FROM memberships m
            JOIN (SELECT g.role_id, g.user_id, max(coalesce(a.ends_at, $1)) AS last FROM grants g JOIN assignments a ON a.id = g.assignment_id
                WHERE g.state = 'granted' GROUP BY g.role_id, g.user_id) l ON l.role_id = m.role_id AND l.user_id = m.user_id
            WHERE NOT m.direct AND NOT m.by_rule AND m.until <> l.last",
    },
    Fault {
        what: "grants in force without a membership",
        at: At::None,
        sql: "SELECT count(*) FROM grants g LEFT JOIN memberships m ON m.role_id = g.role_id AND m.user_id = g.user_id
            WHERE g.state = 'granted' AND m.role_id IS NULL",
    },
    Fault {
        what: "grants in force of assignments that are over",
        at: At::None,
        sql: "SELECT count(*) FROM grants g JOIN assignments a ON a.id = g.assignment_id WHERE g.state = 'granted' AND a.state = 'expired'",
    },
    Fault {
        what: "grants in force that their package no longer gives, with no job to take them back",
        at: At::Now,
        sql: "SELECT count(*) FROM grants g JOIN assignments a ON a.id = g.assignment_id
            LEFT JOIN package_roles pr ON pr.package_id = a.package_id AND pr.role_id = g.role_id
            LEFT JOIN (SELECT DISTINCT subject_id FROM jobs WHERE kind = 'remove_role' AND failed_at IS NULL) j ON j.subject_id = a.package_id
            WHERE g.state = 'granted' AND (a.ends_at IS NULL OR a.ends_at > $1) AND pr.id IS NULL AND j.subject_id IS NULL",
    },
    Fault {
        what: "delivered assignments that lack a role of their package",
        at: At::Now,
        sql: "SELECT count(*) FROM assignments a JOIN package_roles pr ON pr.package_id = a.package_id
            LEFT JOIN grants g ON g.assignment_id = a.id AND g.role_id = pr.role_id AND g.state = 'granted'
            LEFT JOIN (SELECT DISTINCT subject_id FROM jobs WHERE kind = 'add_role' AND failed_at IS NULL) j ON j.subject_id = pr.id
            WHERE a.state = 'delivered' AND (a.ends_at IS NULL OR a.ends_at > $1) AND g.role_id IS NULL AND j.subject_id IS NULL",
    },
    Fault {
        what: "assignments whose state is not what their grants say",
        at: At::None,
        sql: "SELECT count(*) FROM assignments a
            LEFT JOIN (SELECT assignment_id, sum(CASE WHEN state = 'granted' THEN 1 ELSE 0 END) AS granted,
                    sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed, sum(CASE WHEN state = 'pending' THEN 1 ELSE 0 END) AS pending
                FROM grants GROUP BY assignment_id) g ON g.assignment_id = a.id
            WHERE a.state <> CASE WHEN a.closed_at IS NOT NULL THEN 'expired' WHEN coalesce(g.pending, 0) > 0 THEN 'delivering'
                WHEN coalesce(g.failed, 0) = 0 THEN 'delivered' WHEN coalesce(g.granted, 0) = 0 THEN 'delivery_failed'
                ELSE 'partially_delivered' END",
    },
    Fault {
        what: "assignments whose end no job will carry out",
        at: At::None,
        sql: "SELECT count(*) FROM assignments a
            LEFT JOIN (SELECT DISTINCT subject_id FROM jobs WHERE kind = 'end' AND failed_at IS NULL) j ON j.subject_id = a.id
            LEFT JOIN (SELECT DISTINCT assignment_id FROM requests WHERE assignment_id IS NOT NULL
                AND kind IN ('user_remove', 'admin_remove', 'system_remove') AND state IN ('submitted', 'scheduled', 'delivering')) r
                ON r.assignment_id = a.id
            WHERE a.state <> 'expired' AND a.ends_at IS NOT NULL AND j.subject_id IS NULL AND r.assignment_id IS NULL",
    },
    Fault {
        what: "delivered requests for access without their assignment",
        at: At::None,
        sql: "SELECT count(*) FROM requests r LEFT JOIN assignments a ON a.id = r.assignment_id AND a.request_id = r.id
            WHERE r.state = 'delivered' AND r.kind IN ('user_add', 'admin_add', 'system_add', 'on_behalf_add') AND a.id IS NULL",
    },
    Fault {
        what: "open requests that no job will carry on",
        at: At::None,
        sql: "SELECT count(*) FROM requests r JOIN users u ON u.id = r.target_id
            LEFT JOIN (SELECT DISTINCT subject_id FROM jobs WHERE kind = 'deliver' AND failed_at IS NULL) j ON j.subject_id = r.id
            WHERE r.state IN ('submitted', 'scheduled', 'delivering') AND j.subject_id IS NULL
                AND (u.enabled OR r.kind IN ('user_remove', 'admin_remove', 'system_remove'))",
    },
    Fault {
        what: "delivered requests whose trail does not tell it exactly once",
        at: At::None,
        sql: "SELECT count(*) FROM requests r WHERE r.state = 'delivered' AND r.kind IN ('user_add', 'admin_add', 'admin_remove')
            AND ((SELECT count(*) FROM audit t WHERE t.correlation_id = r.id AND t.activity = 'fulfill_request' AND t.detail = 'Delivered') <> 1
            OR (SELECT count(*) FROM audit t WHERE t.correlation_id = r.id AND t.activity IN ('request_assignment', 'assign_directly',
                'remove_assignment')) <> 1)",
    },
    Fault {
        what: "policies without their version in force",
        at: At::None,
        sql: "SELECT count(*) FROM policies p LEFT JOIN policy_versions v ON v.id = p.version_id AND v.policy_id = p.id WHERE v.id IS NULL",
    },
];

pub(super) struct Fault {
    what: &'static str,
    at: At,
    pub(super) sql: &'static str,
}

/// Jobs that were given up and are told one by one; the rest is in the count.
const GIVEN_UP_TOLD: i64 = 20;

/// Counts and compares, on one reader.
pub async fn check(app: &App) -> Result<Report, StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let mut counts = [0_i64; COUNTS.len()];
    for (count, sql) in counts.iter_mut().zip(COUNTS) {
        *count = tx.value(sql, args![]).await?;
    }
    let mut faults = Vec::new();
    for fault in &FAULTS {
        let args = match fault.at {
            At::None => args![],
            At::Now => args![now],
            At::Forever => args![forever()],
        };
        let count: i64 = tx.value(fault.sql, args).await?;
        if count > 0 {
            faults.push(format!("{count} {}", fault.what));
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

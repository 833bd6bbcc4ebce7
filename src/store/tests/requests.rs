//! What the database itself keeps about requests: one open one that gains and one that ends, for a person and package.

use crate::both_databases;
use crate::domain::expiration::Expiration;
use crate::domain::id::{PackageId, UserId};
use crate::domain::policy::Scope;
use crate::domain::request::{RequestKind, RequestState};
use crate::domain::text::StringEnum;
use crate::testing::{TestApp, policy, terms, unknown};
use crate::{args, store::StoreError};

both_databases!(f142_one_open_request_that_gains_and_one_that_ends);

async fn f142_one_open_request_that_gains_and_one_that_ends(bench: TestApp) {
    let (app, now) = (&bench.app, bench.app.clock.now());
    let (catalog, package, user) = (unknown(), PackageId(unknown()), UserId(unknown()));
    let mut tx = app.store.write().await.expect("tx");
    let person = "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department,
            department_folded, company, office, phone, enabled, created_at, version)
         VALUES ($1, 'U', 'u', 'u', 'u', 'member', '', '', '', '', '', '', '', TRUE, $2, 1)";
    tx.exec(person, args![user, now]).await.expect("a user");
    let insert = "INSERT INTO catalogs (id, name, name_folded, description, enabled, external, built_in, created_at, version)
         VALUES ($1, 'C', 'c', '', TRUE, TRUE, FALSE, $2, 1)";
    tx.exec(insert, args![catalog, now]).await.expect("a catalog");
    let insert =
        "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
         VALUES ($1, $2, 'P', 'p', '', FALSE, 'keep', $3, $3, 1)";
    tx.exec(insert, args![package, catalog, now]).await.expect("a package");
    let (policy, version) = policy(app, &mut tx, package, &terms(Scope::AllUsers, Expiration::Never)).await;
    tx.commit().await.expect("commit");

    let refused = async |first: RequestKind, state: RequestState, second: RequestKind| {
        let mut tx = app.store.write().await.expect("tx");
        let mut done = Ok(());
        for (kind, state) in [(first, state), (second, RequestState::Submitted)] {
            let insert =
                "INSERT INTO requests (id, package_id, policy_id, policy_version_id, target_id, kind, state, status, justification,
                    answers, expiration, submitted_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', $8, 'never', $9, 1)";
            let values = args![
                unknown(),
                package,
                policy,
                version,
                user,
                kind.as_str(),
                state.as_str(),
                serde_json::json!([]),
                now
            ];
            done = tx.exec(insert, values).await.map(|_| ());
        }
        match done {
            Ok(()) => false,
            Err(error) => {
                assert!(
                    matches!(error, StoreError::Conflict(_)) && error.is_conflict_on("requests"),
                    "{error}"
                );
                true
            }
        }
    };
    for first in RequestKind::ALL.iter().copied() {
        for second in RequestKind::ALL.iter().copied() {
            let alike = first.is_gain() == second.is_gain();
            assert_eq!(
                refused(first, RequestState::Delivering, second).await,
                alike,
                "{first:?} and {second:?}"
            );
        }
    }
    for state in RequestState::ALL.iter().copied() {
        assert_eq!(
            refused(RequestKind::UserAdd, state, RequestKind::UserExtend).await,
            state.is_open(),
            "{state:?}"
        );
    }
}

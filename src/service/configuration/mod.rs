//! Configuration as code: governance written to a file, a file compared with what there is, and carried out in one transaction through the
//! same use cases as every other change. A plan has a fingerprint of what it was made from; whoever applies it names that, and is refused
//! when anything has changed since.

mod carry_out;
mod compare;
mod effects;
mod packages;
mod state;
mod step;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::access::{ManageSettings, Principal, Scope};
use crate::domain::configuration::Configuration;
use crate::store::configuration as store;
use crate::store::{StoreError, Tx};

use super::{App, Error};
use compare::Comparison;
use state::{Mentions, State};

pub use step::{Kind, Line, Step};

/// What would be done, and from what it was made.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// Of the file and of all that it was compared with: SHA-256 in hexadecimal digits.
    pub fingerprint: String,
    /// In the order in which they are carried out.
    pub steps: Vec<Step>,
}

/// Why a file was not compared or carried out.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// What is the matter with the file, a sentence each.
    #[error("{}", .0.join("\n"))]
    Faults(Vec<String>),
    /// Something has changed since the plan was made.
    #[error("what the plan was made from has changed since; make a new plan and look at it")]
    Stale,
    /// A step was refused, and so none was carried out.
    #[error("{0}: {1}")]
    Step(String, #[source] Error),
    /// It did not come to comparing.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// The file that says what there is.
pub async fn export(app: &App, actor: &Principal) -> Result<Configuration, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let state = state::read(&mut tx, &Mentions::default()).await?;
    state.file().map_err(Error::Internal)
}

/// What would be done for this to be as the file says, and to whom.
pub async fn plan(app: &App, actor: &Principal, file: &Configuration) -> Result<Plan, Refused> {
    actor.authorize(ManageSettings, Scope::Tenant).map_err(Error::from)?;
    let mut tx = app.store.read().await?;
    let mut plan = compared(app, &mut tx, file).await?;
    drop(tx);
    for step in &mut plan.steps {
        step.effects = effects::of(app, actor, &step.change).await?;
    }
    Ok(plan)
}

/// Makes all as the file says, or nothing. With a fingerprint only what the plan of that fingerprint showed.
pub async fn apply(app: &App, actor: &Principal, file: &Configuration, fingerprint: Option<&str>) -> Result<Plan, Refused> {
    actor.authorize(ManageSettings, Scope::Tenant).map_err(Error::from)?;
    let mut tx = app.store.write().await?;
    let plan = compared(app, &mut tx, file).await?;
    if fingerprint.is_some_and(|seen| seen != plan.fingerprint) {
        return Err(Refused::Stale);
    }
    for step in &plan.steps {
        carry_out::step(app, &mut tx, actor, step.change.clone())
            .await
            .map_err(|error| Refused::Step(step.what.clone(), error))?;
    }
    tx.commit().await?;
    app.wake.wake();
    Ok(plan)
}

async fn compared(app: &App, tx: &mut Tx, file: &Configuration) -> Result<Plan, Refused> {
    let state = state::read(tx, &Mentions::of(file)).await?;
    let gone: HashSet<Uuid> = store::gone(tx, ids(file)).await?.into_iter().collect();
    let fingerprint = fingerprint(&state, file)?;
    let steps = Comparison::new(app, &state, gone).all(file).map_err(Refused::Faults)?;
    Ok(Plan { fingerprint, steps })
}

/// All ids that the file gives.
fn ids(file: &Configuration) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for catalog in &file.catalogs {
        ids.extend(catalog.id.map(|id| id.0));
        for package in catalog.packages.iter().flatten() {
            ids.extend(package.id.map(|id| id.0));
            ids.extend(package.policies.iter().flatten().filter_map(|policy| policy.id).map(|id| id.0));
        }
    }
    ids
}

fn fingerprint(state: &State, file: &Configuration) -> Result<String, Error> {
    let now = state.file().map_err(Error::Internal)?;
    let both = serde_json::to_vec(&(now, file)).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Sha256::digest(both).iter().map(|byte| format!("{byte:02x}")).collect())
}

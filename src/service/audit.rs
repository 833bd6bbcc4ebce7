//! Writes the audit trail: one row for each change, in the transaction that makes it.

use uuid::Uuid;

use crate::args;
use crate::domain::access::{Authorized, Principal, SYSTEM_NAME};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::text::StringEnum;
use crate::store::{StoreError, Tx, audit};

use super::{App, Error};

/// One row of the trail before it is written.
pub struct Entry<'a> {
    /// Who; `None` is the product itself.
    actor: Option<&'a Principal>,
    activity: Activity,
    /// To what; the first is what it is about.
    targets: Vec<Target>,
    changes: Vec<Change>,
    /// Anything worth knowing, in words.
    detail: String,
    /// Ties rows of one story together; the first target's id unless given.
    correlation: Option<Uuid>,
}

impl<'a> Entry<'a> {
    /// What someone did who was allowed to. There is no other way to write down a change that a person made to anything but their account.
    pub fn by_principal<A>(granted: &'a Authorized<A>, activity: Activity, target: Target) -> Self {
        Self::new(Some(granted.principal()), activity, target)
    }

    /// What someone did with their own account, for which nobody is asked: signing in and out, choosing a password.
    pub fn by_self(actor: &'a Principal, activity: Activity) -> Self {
        Self::new(Some(actor), activity, Target::new("user", actor.id, actor.name.as_str()))
    }

    /// What the product did by itself.
    pub fn by_system(activity: Activity, target: Target) -> Self {
        Self::new(None, activity, target)
    }

    fn new(actor: Option<&'a Principal>, activity: Activity, target: Target) -> Self {
        Self {
            actor,
            activity,
            targets: vec![target],
            changes: Vec::new(),
            detail: String::new(),
            correlation: None,
        }
    }

    /// With one more target.
    pub fn and(mut self, target: Target) -> Self {
        self.targets.push(target);
        self
    }

    /// With the changed properties; those that stayed the same are `None`.
    pub fn changes(mut self, changes: impl IntoIterator<Item = Option<Change>>) -> Self {
        self.changes.extend(changes.into_iter().flatten());
        self
    }

    /// With a sentence.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// As part of a story, such as a request's.
    pub fn correlation(mut self, id: impl Into<Uuid>) -> Self {
        self.correlation = Some(id.into());
        self
    }

    /// Writes the row, with those of the same transaction, when that commits.
    pub fn write(self, app: &App, tx: &mut Tx) -> Result<(), StoreError> {
        let now = app.clock.now();
        let id = app.ids.id(now);
        let correlation = self
            .correlation
            .or_else(|| self.targets.first().map(|target| target.id))
            .unwrap_or(id);
        let json = |value: serde_json::Result<serde_json::Value>| value.map_err(|error| StoreError::Inconsistent(error.to_string()));
        tx.insert_on_commit(
            "audit (id, at, actor_id, actor_name, activity, targets, changes, detail, correlation_id)",
            "",
            args![
                id,
                now,
                self.actor.filter(|actor| !actor.id.is_nil()).map(|actor| actor.id),
                self.actor.map_or(SYSTEM_NAME, |actor| actor.name.as_str()),
                self.activity.as_str(),
                json(serde_json::to_value(&self.targets))?,
                json(serde_json::to_value(&self.changes))?,
                self.detail,
                correlation
            ],
        );
        Ok(())
    }
}

/// Someone else changed `what` since the actor opened it: who, and what it says now.
pub async fn changed(tx: &mut Tx, id: impl Into<Uuid>, what: &str) -> Error {
    match audit::latest_change(tx, id).await {
        Ok(Some(row)) => Error::changed_by(what, &row.actor_name, &row.changes),
        Ok(None) => Error::changed(what),
        Err(error) => error.into(),
    }
}

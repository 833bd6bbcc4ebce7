//! Writes the audit trail: one row for each change, in the transaction that makes it. `seal` numbers the rows and chains them, `chain` finds
//! what does not stand as it was sealed, `export` hands all of it on.

mod chain;
mod export;
mod list;
mod notes;
mod seal;

pub use chain::{Fault, Head};
pub use export::Export;
pub use list::list;
pub use notes::{note_command, note_export, note_failed_sign_in, note_refusal, sum_up_refusals};
pub use seal::{Verdict, head, seal, verify};

use uuid::Uuid;

use crate::domain::access::{Authorized, Principal, PrincipalKind, SYSTEM_NAME};
use crate::domain::audit::{Activity, Change, Outcome, Target};
use crate::domain::text::StringEnum;
use crate::store::audit::{self, NewRow};
use crate::store::{StoreError, Tx};

use super::{App, Error};

/// The name of whoever works at the server's command line; the operating system's log knows who that was.
pub const OPERATOR: &str = "Command line";

/// One row of the trail before it is written.
pub struct Entry<'a> {
    /// Who; `None` is the product itself.
    actor: Option<&'a Principal>,
    activity: Activity,
    outcome: Outcome,
    /// To what; the first is what it is about.
    targets: Vec<Target>,
    changes: Vec<Change>,
    /// Anything worth knowing, in words.
    detail: String,
    /// Ties rows of one chain together; the first target's id unless given.
    correlation: Option<Uuid>,
}

impl<'a> Entry<'a> {
    /// What someone did who was allowed to. There is no other way to write down a change that a person made to anything but their account.
    pub fn by_principal<A>(granted: &'a Authorized<A>, activity: Activity, target: Target) -> Self {
        Self::new(Some(granted.principal()), activity, vec![target])
    }

    /// What someone did with their own account, for which nobody is asked: signing in and out, choosing a password.
    pub fn by_self(actor: &'a Principal, activity: Activity) -> Self {
        let kind = if actor.kind == PrincipalKind::Client { "client" } else { "user" };
        Self::new(Some(actor), activity, vec![Target::new(kind, actor.id, actor.name.as_str())])
    }

    /// What the product did by itself.
    pub fn by_system(activity: Activity, target: Target) -> Self {
        Self::new(None, activity, vec![target])
    }

    /// What someone tried who has not shown who they are: `caller` has an address and nothing else.
    pub(super) fn failed(caller: &'a Principal, activity: Activity, target: Option<Target>) -> Self {
        Self {
            outcome: Outcome::Failure,
            ..Self::new(Some(caller), activity, target.into_iter().collect())
        }
    }

    /// What the product or someone at the server's command line did.
    pub(super) fn by_operator(operator: &'a Principal, activity: Activity, target: Option<Target>) -> Self {
        Self::new(Some(operator), activity, target.into_iter().collect())
    }

    fn new(actor: Option<&'a Principal>, activity: Activity, targets: Vec<Target>) -> Self {
        Self {
            actor,
            activity,
            outcome: Outcome::Success,
            targets,
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

    /// As part of a chain, such as a request's.
    pub fn correlation(mut self, id: impl Into<Uuid>) -> Self {
        self.correlation = Some(id.into());
        self
    }

    /// Writes the row, with those of the same transaction, when that commits.
    pub fn write(self, app: &App, tx: &mut Tx) -> Result<(), StoreError> {
        let now = app.clock.now();
        let id = app.ids.id(now);
        let kind = self.actor.map_or(PrincipalKind::System, |actor| actor.kind);
        let row = NewRow {
            id,
            at: now,
            actor_kind: kind.as_str(),
            actor_id: self.actor.map(|actor| actor.id).filter(|id| !id.is_nil()),
            actor_name: self.actor.map_or(SYSTEM_NAME, |actor| actor.name.as_str()).to_owned(),
            address: self.actor.map_or("", |actor| actor.address.as_str()).to_owned(),
            client: self.actor.and_then(|actor| actor.through.clone()),
            activity: self.activity,
            outcome: self.outcome,
            correlation_id: self
                .correlation
                .or_else(|| self.targets.first().map(|target| target.id))
                .unwrap_or(id),
            targets: self.targets,
            changes: self.changes,
            detail: self.detail,
        };
        audit::insert_on_commit(tx, row)
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

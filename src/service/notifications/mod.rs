//! Telling people: one notification for each person and event, written in the transaction of the change that it tells of.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::id::{AssignmentId, PackageId, RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::text::StringEnum;
use crate::store::Tx;
use crate::store::notifications::{self, NewNotification};

use super::App;

/// What has happened, for all who are told of it.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What is told.
    pub kind: NotificationKind,
    /// About which package.
    pub package: Option<PackageId>,
    /// About which request.
    pub request: Option<RequestId>,
    /// About which assignment.
    pub assignment: Option<AssignmentId>,
    /// Tells apart events of one kind about one object, such as a stage's number or the day of a reminder; empty where there is one only.
    pub occasion: String,
    /// What else the text needs: a JSON object, such as a reason, a deadline (`due_at`) or an end date (`ends_at`).
    pub facts: Value,
}

impl Notice {
    /// Something about a request.
    pub fn about_request(kind: NotificationKind, package: PackageId, request: RequestId) -> Self {
        Self {
            kind,
            package: Some(package),
            request: Some(request),
            assignment: None,
            occasion: String::new(),
            facts: Value::Object(serde_json::Map::new()),
        }
    }

    /// Something about an assignment.
    pub fn about_assignment(kind: NotificationKind, package: PackageId, assignment: AssignmentId) -> Self {
        Self {
            kind,
            package: Some(package),
            request: None,
            assignment: Some(assignment),
            occasion: String::new(),
            facts: Value::Object(serde_json::Map::new()),
        }
    }

    /// One of several events of this kind.
    #[must_use]
    pub fn occasion(self, occasion: impl ToString) -> Self {
        Self {
            occasion: occasion.to_string(),
            ..self
        }
    }

    /// With one more fact for the text.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(facts) = &mut self.facts {
            facts.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The event's name, the same whenever the work is done again.
    fn event(&self) -> String {
        let about = self.request.map(|id| id.to_string()).or(self.assignment.map(|id| id.to_string()));
        format!("{} {} {}", self.kind.as_str(), about.unwrap_or_default(), self.occasion)
    }
}

/// Tells each of these people once, when the transaction commits.
pub fn tell(app: &App, tx: &mut Tx, notice: &Notice, recipients: &[UserId], now: DateTime<Utc>) {
    for user in recipients {
        let new = NewNotification {
            id: app.ids.id(now).into(),
            user: *user,
            kind: notice.kind,
            key: notice.event(),
            package: notice.package,
            request: notice.request,
            assignment: notice.assignment,
            facts: notice.facts.clone(),
        };
        notifications::enqueue(tx, new, now);
    }
}

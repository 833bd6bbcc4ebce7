//! Telling people: one notification for each person and event, written in the transaction of the change that it tells of.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::id::{AssignmentId, NotificationId, PackageId, RequestId, UserId};
use crate::domain::mail::{self, MailFacts, Waiting};
use crate::domain::notification::{Facts, NotificationItem, NotificationKind};
use crate::domain::outbox::OutboxKind;
use crate::domain::page::{Page, PageQuery};
use crate::domain::request::RequestKind;
use crate::domain::text::StringEnum;
use crate::paths;
use crate::store::notifications::{self, NewNotification, Notification};
use crate::store::outbox::{self, NewMessage};
use crate::store::{StoreError, Tx, policies, users};

use super::{App, Error};

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
    /// What else the text needs, by the names of `domain::notification::Facts`: a reason, a deadline (`due_at`), an end date (`ends_at`).
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

    /// Something about neither, told apart by its occasion.
    pub fn about_occasion(kind: NotificationKind, package: Option<PackageId>, occasion: impl ToString) -> Self {
        Self {
            kind,
            package,
            request: None,
            assignment: None,
            occasion: occasion.to_string(),
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

/// Tells each of these people once, when the transaction commits: in the bell, and by mail unless that is switched off.
pub fn tell(app: &App, tx: &mut Tx, notice: &Notice, recipients: &[UserId], now: DateTime<Utc>) {
    for user in recipients {
        let event = notice.event();
        let mail = NewMessage {
            kind: OutboxKind::Mail,
            key: format!("mail {user} {event}"),
            recipient: Some(*user),
            about: notice.kind.as_str(),
            payload: json!({ "event": event, "kind": notice.kind.as_str() }),
            run_at: now,
        };
        outbox::enqueue(tx, app.ids.id(now), now, mail);
        let new = NewNotification {
            id: app.ids.id(now).into(),
            user: *user,
            kind: notice.kind,
            key: event,
            package: notice.package,
            request: notice.request,
            assignment: notice.assignment,
            facts: notice.facts.clone(),
        };
        notifications::enqueue(tx, new, now);
    }
}

/// What the texts about a notification are made of, but for who reads it where.
pub(super) async fn mail_facts(tx: &mut Tx, told: &Notification) -> Result<MailFacts, StoreError> {
    let mut about = known(told);
    let facts = &mut about.facts;
    if told.kind.is_for_approvers()
        && facts.stages == 0
        && let Some(version) = told.policy_version_id
        && let Some((_, terms)) = policies::version(tx, version).await?
    {
        facts.stages = i64::try_from(terms.approval.stages.len()).unwrap_or_default();
        facts.forwards |= terms.approval.stage(facts.stage).is_some_and(|stage| stage.forwarding.is_some());
    }
    let other = match told.kind {
        NotificationKind::DelegateDecided => facts.delegate_id,
        _ => facts.delegator_id,
    };
    let name = match other {
        Some(user) => users::recipient(tx, user).await?.map(|user| user.name).unwrap_or_default(),
        None => String::new(),
    };
    if matches!(told.kind, NotificationKind::DelegateAssigned | NotificationKind::DelegateDecided) {
        about.facts.by = name;
    } else {
        about.in_place_of = name;
    }
    Ok(about)
}

/// What the notification itself says, with the names beside it.
fn known(told: &Notification) -> MailFacts {
    let facts: Facts = serde_json::from_value(told.facts.clone()).unwrap_or_default();
    let other = told.target_name != told.requestor_name && !told.requestor_name.is_empty();
    MailFacts {
        package: told.package_name.clone(),
        requestor: if told.requestor_name.is_empty() {
            told.target_name.clone()
        } else {
            told.requestor_name.clone()
        },
        organization: told.requestor_company.clone(),
        target: if other { told.target_name.clone() } else { String::new() },
        justification: told.justification.clone(),
        extends: told.request_kind == RequestKind::UserExtend.as_str(),
        asked_from: told.asked_from,
        asked_until: told.asked_until,
        submitted_at: told.submitted_at,
        facts,
        ..MailFacts::default()
    }
}

/// The page that a notification leads to: one of My Access, or of the admin area for what was done there.
pub(super) fn href(told: &Notification) -> String {
    if told.kind.is_for_administrators() {
        let facts: Facts = serde_json::from_value(told.facts.clone()).unwrap_or_default();
        return match (facts.import, facts.package) {
            (Some(import), _) => paths::import(import),
            (None, Some(package)) => paths::audit_of(package.0),
            (None, None) => paths::ADMIN.to_owned(),
        };
    }
    match told.request_id {
        _ if told.kind == NotificationKind::DelegateAssigned => paths::MY_APPROVALS.to_owned(),
        Some(request) if told.kind.is_for_approvers() => paths::my_approval(request),
        Some(request) => paths::my_request(request),
        None => paths::MY_ACCESS.to_owned(),
    }
}

/// What waits for somebody's decision: what they were asked, while its stage lasts.
pub(super) async fn waiting_for(tx: &mut Tx, user: UserId) -> Result<Vec<Waiting>, StoreError> {
    let mut seen = Vec::new();
    let mut waiting = Vec::new();
    for told in notifications::undecided(tx, user).await? {
        let facts = known(&told);
        let stage = facts.facts.stage;
        if seen.contains(&told.request_id) || (stage > 0 && told.stage.is_some_and(|at| at != stage)) {
            continue;
        }
        seen.push(told.request_id);
        waiting.push(Waiting {
            requestor: facts.requestor,
            package: facts.package,
            due_at: told.due_at,
        });
    }
    Ok(waiting)
}

async fn item(tx: &mut Tx, told: &Notification) -> Result<NotificationItem, StoreError> {
    let facts = mail_facts(tx, told).await?;
    Ok(NotificationItem {
        id: told.id,
        text: mail::sentence(told.kind, &facts),
        href: href(told),
        at: told.created_at,
        unread: told.read_at.is_none(),
    })
}

/// Who looks at their own bell.
fn own(actor: &Principal) -> Result<UserId, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    Ok(actor.person()?.id)
}

/// A page of what a person was told, newest first.
pub async fn list(app: &App, actor: &Principal, page: &PageQuery) -> Result<Page<NotificationItem>, Error> {
    let user = own(actor)?;
    let mut tx = app.store.read().await?;
    let page = notifications::list(&mut tx, user, page).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for told in &page.items {
        items.push(item(&mut tx, told).await?);
    }
    let empty = page.map(|_| ());
    Ok(Page {
        items,
        previous: empty.previous,
        next: empty.next,
        total: empty.total,
        restarted: empty.restarted,
    })
}

/// How many notifications a person has not read.
pub async fn unread(app: &App, actor: &Principal) -> Result<i64, Error> {
    let user = own(actor)?;
    let mut tx = app.store.read().await?;
    Ok(notifications::unread(&mut tx, &[user])
        .await?
        .first()
        .map_or(0, |unread| unread.number))
}

/// A person has opened one of their notifications; another's is passed over.
pub async fn read(app: &App, actor: &Principal, id: NotificationId) -> Result<(), Error> {
    let user = own(actor)?;
    let mut tx = app.store.write().await?;
    notifications::read(&mut tx, user, id, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// A person has read all there is.
pub async fn read_all(app: &App, actor: &Principal) -> Result<(), Error> {
    let user = own(actor)?;
    let mut tx = app.store.write().await?;
    notifications::read_all(&mut tx, user, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

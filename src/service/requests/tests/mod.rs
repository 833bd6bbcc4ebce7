//! Requests on both databases, from the requestor's side: what is chosen, asked and answered, when access begins and ends, and what becomes
//! of a request while the world changes.

mod attributes;
mod held;
mod made;
mod mails;
mod meanwhile;
mod sequences;

use chrono::{DateTime, Duration, SecondsFormat, Utc};

use crate::args;
use crate::domain::access::Principal;
use crate::domain::id::{AssignmentId, QuestionId, RequestId};
use crate::domain::question::{Choice, LocalizedText, Question, QuestionKind};
use crate::domain::request::{RequestState, SubmitForm};
use crate::service::approvals::tests::world::World;
use crate::service::{Error, my_access};
use crate::testing::id_of;

/// An instant as a form has it.
fn typed(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn question(number: u128, text: &str, kind: QuestionKind) -> Question {
    Question {
        id: QuestionId(uuid::Uuid::from_u128(number)),
        text: text.into(),
        kind,
        required: true,
        ..Question::default()
    }
}

/// Two questions: where one works, with Spanish beside it, and a region.
fn questions() -> Vec<Question> {
    let spanish = |text: &str| {
        vec![LocalizedText {
            language: "es".into(),
            text: text.into(),
        }]
    };
    let choice = |value: &str, text: &str| Choice {
        value: value.into(),
        label: String::new(),
        localized: spanish(text),
    };
    vec![
        Question {
            localized: spanish("Centro de coste"),
            pattern: "[0-9]{4}".into(),
            ..question(1, "Cost centre", QuestionKind::ShortText)
        },
        Question {
            choices: vec![choice("North", "Norte"), choice("South", "Sur")],
            ..question(2, "Region", QuestionKind::MultipleChoice)
        },
    ]
}

impl World {
    fn form(&self) -> SubmitForm {
        SubmitForm::new(self.package, "For the campaign")
    }

    async fn submit(&self, who: &Principal, form: &SubmitForm) -> Result<RequestId, Error> {
        my_access::submit(&self.fixture.app, who, form).await
    }

    fn now(&self) -> DateTime<Utc> {
        self.fixture.app.clock.now()
    }

    /// Asks and is given; the assignment.
    async fn given(&self, who: &Principal) -> AssignmentId {
        self.submit(who, &self.form()).await.expect("submitted");
        self.work().await;
        self.assignment(who).await.expect("an assignment").0
    }

    /// A person's latest assignment of the package, and when it ends.
    async fn assignment(&self, who: &Principal) -> Option<(AssignmentId, DateTime<Utc>, Option<DateTime<Utc>>)> {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let sql = "SELECT id, starts_at, ends_at FROM assignments WHERE target_id = $1 ORDER BY starts_at DESC, id DESC LIMIT 1";
        let found: Option<(uuid::Uuid, DateTime<Utc>, Option<DateTime<Utc>>)> = tx.opt(sql, args![id_of(who)]).await.expect("read");
        found.map(|(id, from, until)| (AssignmentId(id), from, until))
    }

    /// Whether a person is in the package's group now.
    async fn holds(&self, who: &Principal) -> bool {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let sql = "SELECT count(*) FROM memberships WHERE role_id = $1 AND user_id = $2 AND until > $3";
        let count: i64 = tx
            .value(sql, args![self.group.roles[0], id_of(who), self.now()])
            .await
            .expect("count");
        count == 1
    }

    async fn stands(&self, id: RequestId) -> RequestState {
        self.state(id).await.0
    }

    async fn hours(&self, hours: i64) {
        self.fixture.bench.clock.advance(Duration::hours(hours));
        self.work().await;
    }

    /// A second policy of the package, for everyone.
    async fn another_policy(&self, name: &str, scope: &'static str) {
        let app = &self.fixture.app;
        let now = self.now();
        let (id, version) = (app.ids.id(now), app.ids.id(now));
        self.fixture
            .exec(
                "INSERT INTO policies (id, package_id, name, name_folded, position, scope, enabled, expiration, expiration_value, version_id,
                    created_at, updated_at, version)
                 SELECT $1, package_id, $3, lower($3), 1, $4, enabled, expiration, expiration_value, $2, created_at, updated_at, 1
                 FROM policies WHERE package_id = $5",
                args![id, version, name, scope, self.package],
            )
            .await;
        self.fixture
            .exec(
                "INSERT INTO policy_versions (id, policy_id, number, body, created_at)
                 SELECT $2, $1, 1, v.body, v.created_at FROM policies po JOIN policy_versions v ON v.id = po.version_id
                 WHERE po.package_id = $3 AND po.id <> $1",
                args![id, version, self.package],
            )
            .await;
        self.fixture
            .exec(
                "INSERT INTO policy_subjects (policy_id, purpose, stage, subject_kind, subject_id)
                 SELECT $1, s.purpose, s.stage, s.subject_kind, s.subject_id FROM policy_subjects s JOIN policies po ON po.id = s.policy_id
                 WHERE po.package_id = $2 AND po.id <> $1",
                args![id, self.package],
            )
            .await;
    }
}

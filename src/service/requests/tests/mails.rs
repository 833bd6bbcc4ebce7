//! The mails about requests (feature map 5.7), each brought about by what people do and by time: who gets it, and with which subject.

use super::*;
use crate::both_databases;
use crate::domain::approval::{Decision, DelegationForm, ForwardingTerms, StageTerms};
use crate::domain::policy::Scope;
use crate::domain::subject::SubjectSet;
use crate::service::approvals;
use crate::service::approvals::tests::world::stage;
use crate::testing::{TestApp, give_addresses, sent_mails, sent_subjects};

both_databases!(
    f164_one_stage_sends_mails_2_3_7_and_18,
    f164_two_stages_that_forward_send_mails_1_4_5_8_and_13_to_16,
    f164_stages_that_nobody_decides_on_send_mails_6_10_11_12_and_17,
    f164_a_denial_sends_mail_9_and_tells_the_other_approvers,
    f164_delegation_and_reminding_send_their_mails,
);

/// People who decide and one who asks, all with an address.
struct Cast {
    w: World,
    people: Vec<Principal>,
}

const NAMES: [&str; 6] = ["Ada", "Bob", "Cleo", "Dan", "Eve", "Finn"];

impl Cast {
    async fn new(bench: TestApp) -> Self {
        let w = World::new(bench).await;
        let mut people = Vec::new();
        for name in NAMES {
            people.push(w.person(name).await);
        }
        w.terms(|terms| {
            terms.scope = Scope::AllMembers;
            terms.subjects.clear();
        })
        .await;
        give_addresses(&w.fixture.app).await;
        Self { w, people }
    }

    /// Ten days to decide, by these.
    fn stage(&self, people: &[usize]) -> StageTerms {
        let people: Vec<&Principal> = people.iter().map(|at| &self.people[*at]).collect();
        StageTerms {
            days_to_decide: 10,
            ..stage(&people)
        }
    }

    /// The same, and one more after seven days.
    fn forwarding(&self, people: &[usize], alternate: usize) -> StageTerms {
        StageTerms {
            forwarding: Some(ForwardingTerms {
                after_days: 7,
                alternates: vec![SubjectSet::User(id_of(&self.people[alternate]))],
                fallbacks: Vec::new(),
            }),
            ..self.stage(people)
        }
    }

    async fn asks(&self) -> RequestId {
        self.w.submit(&self.w.fixture.user, &self.w.form()).await.expect("submitted")
    }

    /// All mails since the last look: to these in the order of their names.
    async fn got(&self, expected: &[(&str, &str)]) {
        let sent = sent_subjects(&self.w.fixture.app).await;
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, subject)| (name.as_str(), subject.as_str())).collect();
        assert_eq!(sent, expected);
    }
}

const APPROVED: &str = "Request approved for Requestor1 to Marketing Campaign";
const GIVEN: (&str, &str) = ("Requestor1", "You now have access to Marketing Campaign");

async fn f164_one_stage_sends_mails_2_3_7_and_18(bench: TestApp) {
    let cast = Cast::new(bench).await;
    let w = &cast.w;
    w.stages(&[cast.stage(&[0, 1])]).await;
    let id = cast.asks().await;
    let asked = "Action required: Approve or deny request by 3 December 2026";
    cast.got(&[("Ada", asked), ("Bob", asked)]).await;
    w.after(5).await;
    let reminded = "Reminder: Approve or deny the request by 3 December 2026 for Requestor1";
    cast.got(&[("Ada", reminded), ("Bob", reminded)]).await;
    w.approve(&cast.people[0], id).await;
    w.work().await;
    let mails = sent_mails(&w.fixture.app).await;
    let subjects: Vec<_> = mails.iter().map(|mail| (mail.name.as_str(), mail.mail.subject.as_str())).collect();
    assert_eq!(subjects, [("Bob", APPROVED), GIVEN]);
    let text = &mails[0].mail.text;
    assert!(text.contains("was approved by Ada.") && text.contains("Reason: Because"), "{text}");
    w.after(3).await;
    cast.got(&[]).await;
}

async fn f164_two_stages_that_forward_send_mails_1_4_5_8_and_13_to_16(bench: TestApp) {
    let cast = Cast::new(bench).await;
    let w = &cast.w;
    w.stages(&[cast.forwarding(&[0, 1], 2), cast.forwarding(&[3, 4], 5)]).await;
    let id = cast.asks().await;
    let asked = "Approve or deny the request by 10:00 UTC on 3 December 2026";
    cast.got(&[("Ada", asked), ("Bob", asked)]).await;
    w.after(5).await;
    let reminded = "Action required reminder: Approve or deny the request by 3 December 2026 for Requestor1";
    cast.got(&[("Ada", reminded), ("Bob", reminded)]).await;
    w.after(2).await;
    let forwarded = "Action required: Approve or deny forwarded request by 3 December 2026";
    cast.got(&[("Cleo", forwarded)]).await;
    w.approve(&cast.people[2], id).await;
    let second = "Action required: Approve or deny the request by 10 December 2026 for Requestor1";
    cast.got(&[("Ada", APPROVED), ("Bob", APPROVED), ("Dan", second), ("Eve", second)])
        .await;
    w.after(5).await;
    let reminded = "Action required reminder: Approve or deny the request by 10 December 2026 for Requestor1";
    cast.got(&[("Dan", reminded), ("Eve", reminded)]).await;
    w.after(2).await;
    let forwarded = "Action required: Approve or deny forwarded request by 10 December 2026";
    cast.got(&[("Finn", forwarded)]).await;
    w.approve(&cast.people[3], id).await;
    w.work().await;
    cast.got(&[("Eve", APPROVED), ("Finn", APPROVED), GIVEN]).await;
}

async fn f164_stages_that_nobody_decides_on_send_mails_6_10_11_12_and_17(bench: TestApp) {
    let cast = Cast::new(bench).await;
    let w = &cast.w;
    let expired = ("Requestor1", "Your request has expired for Marketing Campaign");
    w.stages(&[cast.stage(&[0, 1]), cast.stage(&[3, 4])]).await;
    cast.asks().await;
    sent_mails(&w.fixture.app).await;
    // Down until after the deadline: what is over is over, and nobody is reminded of it.
    w.after(10).await;
    let first = "Request has expired for Marketing Campaign";
    cast.got(&[("Ada", first), ("Bob", first), expired]).await;

    let id = cast.asks().await;
    sent_mails(&w.fixture.app).await;
    w.approve(&cast.people[1], id).await;
    let asked = "Action required: Approve or deny request by 13 December 2026";
    cast.got(&[("Ada", APPROVED), ("Dan", asked), ("Eve", asked)]).await;
    w.after(5).await;
    let reminded = "Action required reminder: Approve or deny the request by 13 December 2026 for Requestor1";
    cast.got(&[("Dan", reminded), ("Eve", reminded)]).await;
    w.after(5).await;
    let second = "A request has expired for Marketing Campaign";
    cast.got(&[("Dan", second), ("Eve", second), expired]).await;
    w.after(20).await;
    cast.got(&[]).await;
}

async fn f164_a_denial_sends_mail_9_and_tells_the_other_approvers(bench: TestApp) {
    let cast = Cast::new(bench).await;
    let w = &cast.w;
    w.stages(&[cast.stage(&[0, 1, 2])]).await;
    let id = cast.asks().await;
    sent_mails(&w.fixture.app).await;
    approvals::decide(&w.fixture.app, &cast.people[1], id, Decision::Deny, "The budget is spent")
        .await
        .expect("denied");
    let mails = sent_mails(&w.fixture.app).await;
    let subjects: Vec<_> = mails.iter().map(|mail| (mail.name.as_str(), mail.mail.subject.as_str())).collect();
    let denied = "Request denied for Requestor1 to Marketing Campaign";
    assert_eq!(
        subjects,
        [
            ("Ada", denied),
            ("Cleo", denied),
            ("Requestor1", "Request denied to Marketing Campaign")
        ]
    );
    for mail in &mails {
        assert!(mail.mail.text.contains("Reason: The budget is spent"), "{}", mail.mail.text);
    }
    assert!(mails[0].mail.text.contains("was denied by Bob."), "{}", mails[0].mail.text);
    // The bell says the same.
    assert_eq!(
        (
            w.told(&cast.people[0]).await["approval_denied"],
            w.told(&w.fixture.user).await["request_denied"]
        ),
        (1, 1)
    );
    assert_eq!(w.told(&cast.people[1]).await.get("approval_denied"), None);
}

async fn f164_delegation_and_reminding_send_their_mails(bench: TestApp) {
    let cast = Cast::new(bench).await;
    let w = &cast.w;
    let app = &w.fixture.app;
    w.stages(&[cast.stage(&[0])]).await;
    let form = DelegationForm {
        delegate: cast.people[1].user_name.clone(),
        package: None,
        starts_at: None,
        ends_at: None,
        waiting: false,
    };
    approvals::save_delegation(app, &cast.people[0], None, &form)
        .await
        .expect("delegated");
    cast.got(&[("Bob", "Ada delegated approvals to you")]).await;
    let id = cast.asks().await;
    let asked = "Action required: Approve or deny request by 3 December 2026";
    cast.got(&[("Ada", asked), ("Bob", asked)]).await;
    approvals::remind(app, &w.fixture.user, id).await.expect("reminded");
    let reminded = "Reminder: Approve or deny the request by 3 December 2026 for Requestor1";
    cast.got(&[("Ada", reminded), ("Bob", reminded)]).await;
    w.approve(&cast.people[1], id).await;
    w.work().await;
    let decided = ("Requestor1", "A delegate decided on your request for Marketing Campaign");
    cast.got(&[("Ada", APPROVED), decided, GIVEN]).await;
}

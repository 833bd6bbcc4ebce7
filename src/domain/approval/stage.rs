//! One stage of one request: whom it asks, what votes do to it, and when it reminds, forwards and expires. Pure: it is told the time.

use chrono::{DateTime, Duration, Utc};

use super::super::id::UserId;
use super::super::refusal::Refusal;
use super::super::text::string_enum;
use super::{DecisionMode, StageTerms};

/// People whom one stage asks at the most: of a larger group the first by id.
pub const APPROVERS_MAX: usize = 1_000;
/// The longest reason of a decision, in characters.
pub const REASON_MAX: usize = 2_000;
/// A requestor reminds the approvers at most once in so many hours.
pub const REMIND_HOURS: i64 = 24;

string_enum! {
    /// Where a stage of a request stands.
    StageState {
        /// Waits for decisions.
        Waiting = "waiting",
        /// Enough said yes.
        Approved = "approved",
        /// Somebody said no.
        Denied = "denied",
        /// Nobody decided in time.
        Expired = "expired",
        /// Its conditions did not hold.
        Skipped = "skipped",
        /// The request was taken back or came to nothing.
        Canceled = "canceled",
    }
}

impl StageState {
    /// The state's name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Pending",
            Self::Approved => "Approved",
            Self::Denied => "Denied",
            Self::Expired => "Expired",
            Self::Skipped => "Not needed",
            Self::Canceled => "Canceled",
        }
    }
}

string_enum! {
    /// As what somebody is asked.
    ApproverRole {
        /// Named by the stage.
        Primary = "primary",
        /// Stands in because too few others are there.
        Fallback = "fallback",
        /// Asked as well after some days.
        Alternate = "alternate",
        /// Stands in for one of the others, who delegated it.
        Delegate = "delegate",
    }
}

string_enum! {
    /// Whether somebody who was asked still is.
    ApproverState {
        /// May decide.
        Open = "open",
        /// Is no longer asked: deleted, blocked, gone from the group, or the delegation is over.
        Left = "left",
        /// The stage has been settled.
        Settled = "settled",
    }
}

string_enum! {
    /// What an approver says.
    Decision {
        /// Yes.
        Approve = "approve",
        /// No.
        Deny = "deny",
    }
}

/// Whose yes is needed of so many who are asked. A stage that asks nobody still needs one.
pub fn votes_needed(mode: DecisionMode, asked: usize) -> i64 {
    match mode {
        DecisionMode::AnyOne => 1,
        DecisionMode::AllOf => i64::try_from(asked).unwrap_or(i64::MAX).max(1),
        DecisionMode::AtLeast(number) => number.max(1),
    }
}

/// Whether so many people could never settle a stage: the request could only wait until it expires.
pub fn is_deadlocked(mode: DecisionMode, able: usize) -> bool {
    votes_needed(mode, able) > i64::try_from(able).unwrap_or(i64::MAX)
}

/// What the votes of a stage come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// More are needed.
    Waiting,
    /// Enough said yes.
    Approved,
    /// Somebody said no.
    Denied,
}

/// What these votes come to: any no ends it, and so many times yes approve it (F087, F089).
pub fn verdict(needed: i64, votes: impl IntoIterator<Item = Decision>) -> Verdict {
    let mut yes = 0;
    for vote in votes {
        match vote {
            Decision::Deny => return Verdict::Denied,
            Decision::Approve => yes += 1,
        }
    }
    if yes >= needed { Verdict::Approved } else { Verdict::Waiting }
}

/// Who is asked: the primaries or, where they could never settle the stage, the fallbacks as well. Nobody twice, and nobody of `excluded`:
/// neither requestor nor target decides (F090, F097).
pub fn who_decides(mode: DecisionMode, primaries: &[UserId], fallbacks: &[UserId], excluded: &[UserId]) -> Vec<(UserId, ApproverRole)> {
    let mut asked: Vec<(UserId, ApproverRole)> = Vec::new();
    let add = |people: &[UserId], role, asked: &mut Vec<(UserId, ApproverRole)>| {
        for user in people.iter().filter(|user| !excluded.contains(user)) {
            if asked.len() < APPROVERS_MAX && asked.iter().all(|(other, _)| other != user) {
                asked.push((*user, role));
            }
        }
    };
    add(primaries, ApproverRole::Primary, &mut asked);
    if is_deadlocked(mode, asked.len()) {
        add(fallbacks, ApproverRole::Fallback, &mut asked);
    }
    asked
}

/// What comes due while a stage waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageEvent {
    /// Half of the time has passed.
    Remind,
    /// Alternates join.
    Forward,
    /// Nobody has decided in time.
    Expire,
}

/// The instants of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTimes {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Until when it can be decided, this instant not included.
    pub due_at: DateTime<Utc>,
    /// When alternates join, if they do.
    pub forward_at: Option<DateTime<Utc>>,
    /// When they did.
    pub forwarded_at: Option<DateTime<Utc>>,
    /// When approvers were reminded.
    pub reminded_at: Option<DateTime<Utc>>,
}

impl StageTimes {
    /// Of a stage that begins now (F098, F099).
    pub fn begin(terms: &StageTerms, now: DateTime<Utc>) -> Self {
        Self {
            started_at: now,
            due_at: now + Duration::days(terms.days_to_decide.max(1)),
            forward_at: terms.forwarding.as_ref().map(|terms| now + Duration::days(terms.after_days.max(1))),
            forwarded_at: None,
            reminded_at: None,
        }
    }

    /// Half way to the deadline.
    pub fn remind_at(&self) -> DateTime<Utc> {
        self.started_at + (self.due_at - self.started_at) / 2
    }

    /// Whether the time to decide is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.due_at <= now
    }

    /// What has come due and was not done yet. After a long silence an end is an end: nobody is reminded of it any more.
    pub fn due(&self, now: DateTime<Utc>) -> Vec<StageEvent> {
        if self.is_over(now) {
            return vec![StageEvent::Expire];
        }
        let forward = self.forwarded_at.is_none() && self.forward_at.is_some_and(|at| at <= now);
        let remind = self.reminded_at.is_none() && self.remind_at() <= now;
        let events = [(forward, StageEvent::Forward), (remind, StageEvent::Remind)];
        events.into_iter().filter(|(due, _)| *due).map(|(_, event)| event).collect()
    }

    /// When to look again.
    pub fn next_due(&self) -> DateTime<Utc> {
        let forward = self.forward_at.filter(|_| self.forwarded_at.is_none());
        let remind = Some(self.remind_at()).filter(|_| self.reminded_at.is_none());
        forward.into_iter().chain(remind).fold(self.due_at, DateTime::min)
    }
}

/// What is asked before a decision is taken.
#[derive(Clone, Copy, Debug)]
pub struct DecisionFacts {
    /// Whoever decides made the request, or is to have the access.
    pub own: bool,
    /// Until when the stage can be decided.
    pub due_at: DateTime<Utc>,
    /// When the access that was asked for would end, if it has an end.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Whether somebody may decide so, besides being asked (F097, F098).
pub fn may_decide(facts: &DecisionFacts, decision: Decision, now: DateTime<Utc>) -> Result<(), Refusal> {
    if facts.own {
        return Err(own_request());
    }
    if facts.due_at <= now {
        return Err(Refusal::new(
            "decision-deadline-over",
            "The time to decide on this request is over, so it has expired. The requestor can submit it again.",
        ));
    }
    if decision == Decision::Approve && facts.ends_at.is_some_and(|end| end <= now) {
        return Err(Refusal::new(
            "asked-period-over",
            "The period for which access was asked is over, so there is nothing left to approve. Deny the request, or let the requestor \
             submit it again with other dates.",
        ));
    }
    Ok(())
}

/// Nobody decides on a request of their own.
pub fn own_request() -> Refusal {
    Refusal::new(
        "own-request",
        "You can't decide on a request that you made or that is about your own access. Another approver has to.",
    )
}

/// Whether the requestor may remind the approvers now: once a day.
pub fn may_remind(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if last.is_some_and(|last| last + Duration::hours(REMIND_HOURS) > now) {
        return Err(Refusal::new(
            "reminded-already",
            "The approvers were reminded in the last 24 hours. Try again tomorrow.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::ForwardingTerms;
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::hours(hours)
    }

    fn people(numbers: &[u8]) -> Vec<UserId> {
        numbers.iter().map(|number| UserId(Uuid::from_u128(u128::from(*number)))).collect()
    }

    #[test]
    fn f087_f089_one_no_ends_it_and_enough_yes_approve_it() {
        use Decision::*;
        assert_eq!(verdict(1, [Approve]), Verdict::Approved);
        assert_eq!(verdict(2, [Approve]), Verdict::Waiting);
        assert_eq!(verdict(2, [Approve, Approve]), Verdict::Approved);
        assert_eq!(verdict(1, [Approve, Deny]), Verdict::Denied);
        assert_eq!(verdict(1, []), Verdict::Waiting);
    }

    #[test]
    fn f090_f094_fallbacks_stand_in_where_primaries_could_not_settle_it() {
        use ApproverRole::*;
        let roles = |mode, primaries: &[u8], excluded: &[u8]| -> Vec<ApproverRole> {
            let found = who_decides(mode, &people(primaries), &people(&[8, 9]), &people(excluded));
            found.into_iter().map(|(_, role)| role).collect()
        };
        assert_eq!(roles(DecisionMode::AnyOne, &[1], &[]), [Primary]);
        assert_eq!(roles(DecisionMode::AnyOne, &[], &[]), [Fallback, Fallback]);
        assert_eq!(roles(DecisionMode::AnyOne, &[1], &[1, 9]), [Fallback]);
        assert_eq!(roles(DecisionMode::AllOf, &[1, 2, 2], &[]), [Primary, Primary]);
        assert_eq!(roles(DecisionMode::AtLeast(2), &[1, 8], &[]), [Primary, Primary]);
        assert_eq!(roles(DecisionMode::AtLeast(2), &[1], &[]), [Primary, Fallback, Fallback]);
    }

    #[test]
    fn a_stage_that_could_only_time_out_is_recognised() {
        assert!(is_deadlocked(DecisionMode::AnyOne, 0) && !is_deadlocked(DecisionMode::AnyOne, 1));
        assert!(is_deadlocked(DecisionMode::AllOf, 0) && !is_deadlocked(DecisionMode::AllOf, 3));
        assert!(is_deadlocked(DecisionMode::AtLeast(3), 2) && !is_deadlocked(DecisionMode::AtLeast(3), 3));
    }

    #[test]
    fn f098_f099_a_stage_reminds_half_way_forwards_on_its_day_and_expires() {
        let terms = StageTerms {
            days_to_decide: 10,
            forwarding: Some(ForwardingTerms {
                after_days: 7,
                ..ForwardingTerms::default()
            }),
            ..StageTerms::default()
        };
        let mut times = StageTimes::begin(&terms, at(0));
        assert_eq!(times.next_due(), at(5 * 24));
        assert_eq!(times.due(at(5 * 24 - 1)), []);
        assert_eq!(times.due(at(5 * 24)), [StageEvent::Remind]);
        // After downtime both at once, and after the deadline neither.
        assert_eq!(times.due(at(8 * 24)), [StageEvent::Forward, StageEvent::Remind]);
        assert_eq!(times.due(at(10 * 24)), [StageEvent::Expire]);
        times.reminded_at = Some(at(5 * 24));
        assert_eq!(times.next_due(), at(7 * 24));
        times.forwarded_at = Some(at(7 * 24));
        assert_eq!((times.next_due(), times.due(at(9 * 24))), (at(10 * 24), vec![]));
    }

    #[test]
    fn f097_f098_who_may_decide_and_until_when() {
        let facts = DecisionFacts {
            own: false,
            due_at: at(10),
            ends_at: Some(at(5)),
        };
        let rule = |facts: &DecisionFacts, decision, now| may_decide(facts, decision, at(now)).err().map(|refusal| refusal.rule);
        assert_eq!(rule(&facts, Decision::Approve, 4), None);
        assert_eq!(rule(&facts, Decision::Approve, 5).as_deref(), Some("asked-period-over"));
        assert_eq!(rule(&facts, Decision::Deny, 5), None);
        assert_eq!(rule(&facts, Decision::Deny, 10).as_deref(), Some("decision-deadline-over"));
        let own = DecisionFacts { own: true, ..facts };
        assert_eq!(rule(&own, Decision::Deny, 1).as_deref(), Some("own-request"));
        assert!(may_remind(None, at(0)).is_ok() && may_remind(Some(at(0)), at(24)).is_ok());
        assert_eq!(may_remind(Some(at(0)), at(23)).expect_err("refused").rule, "reminded-already");
    }

    proptest! {
        /// Nobody of the excluded is ever asked, nobody twice, and fallbacks only where they are needed.
        #[test]
        fn f097_nobody_decides_on_their_own_request(
            primaries in proptest::collection::vec(0u8..12, 0..8),
            fallbacks in proptest::collection::vec(0u8..12, 0..8),
            excluded in proptest::collection::vec(0u8..12, 0..3),
            number in 0i64..5,
        ) {
            let mode = match number { 0 => DecisionMode::AnyOne, 4 => DecisionMode::AllOf, number => DecisionMode::AtLeast(number) };
            let excluded = people(&excluded);
            let asked = who_decides(mode, &people(&primaries), &people(&fallbacks), &excluded);
            for (at, (user, _)) in asked.iter().enumerate() {
                prop_assert!(!excluded.contains(user));
                prop_assert!(asked[..at].iter().all(|(other, _)| other != user));
            }
            let of_primaries = asked.iter().filter(|(_, role)| *role == ApproverRole::Primary).count();
            prop_assert!(asked.len() == of_primaries || is_deadlocked(mode, of_primaries));
        }

        /// Whatever the order of votes, a no wins, and a yes more never takes an approval back.
        #[test]
        fn f087_votes_come_to_one_verdict(votes in proptest::collection::vec(any::<bool>(), 0..8), needed in 1i64..5) {
            let votes: Vec<Decision> = votes.iter().map(|yes| if *yes { Decision::Approve } else { Decision::Deny }).collect();
            let mut turned = votes.clone();
            turned.reverse();
            prop_assert_eq!(verdict(needed, votes.iter().copied()), verdict(needed, turned));
            if verdict(needed, votes.iter().copied()) == Verdict::Approved {
                prop_assert_eq!(verdict(needed, votes.into_iter().chain([Decision::Approve])), Verdict::Approved);
            }
        }
    }
}

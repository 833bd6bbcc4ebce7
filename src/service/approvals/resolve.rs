//! Which people a stage asks, as the directory stands at this moment, and whether a set-up could only time out.

use chrono::{DateTime, Utc};

use crate::domain::approval::{
    APPROVERS_MAX, ApprovalTerms, ApproverRole, ForwardingTerms, RequestFacts, StagePreview, StageTerms, is_deadlocked, who_decides,
};
use crate::domain::id::{Named, PackageId, UserId};
use crate::domain::object::Subject;
use crate::domain::organization::SponsorSide;
use crate::domain::question::Answer;
use crate::domain::subject::SubjectSet;
use crate::domain::user::UserKind;
use crate::store::approvals::people::{self, Hold};
use crate::store::approvals::{NewApprover, delegations};
use crate::store::{StoreError, Tx, organizations, users};

use super::super::rules;

/// Whom a decision is about.
#[derive(Clone, Debug)]
pub struct About {
    /// Whose access it is.
    pub target: UserId,
    /// Who made the request; `None` is the product itself.
    pub requestor: Option<UserId>,
}

impl About {
    /// Neither of them decides.
    fn excluded(&self) -> Vec<UserId> {
        self.requestor.into_iter().chain([self.target]).collect()
    }
}

/// The people of some subject sets who are there and may sign in. Relations are those of the person who is to have access.
async fn people_of(tx: &mut Tx, sets: &[SubjectSet], target: UserId, hold: Hold, now: DateTime<Utc>) -> Result<Vec<UserId>, StoreError> {
    let (mut found, mut groups) = (Vec::new(), Vec::new());
    for set in sets {
        match set {
            SubjectSet::User(id) => found.push(*id),
            SubjectSet::GroupMembers(id) => groups.push(*id),
            SubjectSet::RequestorManager(level) => {
                let [first, second] = people::managers(tx, target).await?;
                found.extend(if *level <= 1 { first } else { second });
            }
            SubjectSet::TargetUserSponsors => found.extend(people::sponsors(tx, target).await?),
            SubjectSet::AttributeRule(rule) => {
                if let Some(rule) = rules::parsed(rule) {
                    let meeting = rules::evaluate(tx, None, &rule).await?.joined;
                    found.extend(meeting.into_iter().map(|user| user.id));
                }
            }
            SubjectSet::InternalSponsors | SubjectSet::ExternalSponsors => {
                let internal = *set == SubjectSet::InternalSponsors;
                let side = if internal { SponsorSide::Internal } else { SponsorSide::External };
                for sponsor in organizations::sponsors_of_guest(tx, target, side).await? {
                    match sponsor {
                        Subject::User(id) => found.push(id),
                        Subject::Group(id) => groups.push(id),
                        Subject::Organization(_) => {}
                    }
                }
            }
            // Organizations are named as requestors only.
            SubjectSet::ConnectedOrganization(_) => {}
        }
    }
    found.extend(people::members(tx, &groups, hold, now).await?);
    found.sort_unstable();
    found.dedup();
    people::able(tx, &found, hold).await
}

/// Whom a stage asks at first. `voted` have decided already and count as there, whatever has become of them.
pub(super) async fn first_asked(
    tx: &mut Tx,
    terms: &StageTerms,
    about: &About,
    voted: &[UserId],
    hold: Hold,
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, ApproverRole)>, StoreError> {
    let excluded = about.excluded();
    let mut primaries = people_of(tx, &terms.approvers, about.target, hold, now).await?;
    primaries.extend(voted);
    let asked = who_decides(terms.mode, &primaries, &[], &excluded);
    if !is_deadlocked(terms.mode, asked.len()) {
        return Ok(asked);
    }
    let fallbacks = people_of(tx, &terms.fallbacks, about.target, hold, now).await?;
    Ok(who_decides(terms.mode, &primaries, &fallbacks, &excluded))
}

/// Whom a stage asks as well when it forwards.
pub(super) async fn alternates(
    tx: &mut Tx,
    terms: &ForwardingTerms,
    about: &About,
    hold: Hold,
    now: DateTime<Utc>,
) -> Result<Vec<UserId>, StoreError> {
    let excluded = about.excluded();
    for sets in [&terms.alternates, &terms.fallbacks] {
        let mut found = people_of(tx, sets, about.target, hold, now).await?;
        found.retain(|user| !excluded.contains(user));
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Everyone to be asked, with those who stand in for one of them by a delegation; `since` is when the stage began. A delegate is nobody who
/// is asked already, and neither requestor nor target; what was delegated is not delegated further (F147).
pub(super) async fn with_delegates(
    tx: &mut Tx,
    asked: &[(UserId, ApproverRole)],
    about: &About,
    package: PackageId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<NewApprover>, StoreError> {
    let mut all: Vec<NewApprover> = asked
        .iter()
        .map(|(user, role)| NewApprover {
            user: *user,
            role: *role,
            via: None,
        })
        .collect();
    let delegators: Vec<UserId> = asked.iter().map(|(user, _)| *user).collect();
    let mut taken = about.excluded();
    taken.extend(&delegators);
    for delegation in delegations::active(tx, &delegators, package, now).await? {
        let covers = delegation.waiting || since >= delegation.starts_at;
        if covers && !taken.contains(&delegation.delegate_id) {
            taken.push(delegation.delegate_id);
            all.push(NewApprover {
                user: delegation.delegate_id,
                role: ApproverRole::Delegate,
                via: Some((delegation.delegator_id, delegation.id)),
            });
        }
    }
    Ok(all)
}

/// The next stage that counts, by its number. The person's properties are read only where a condition asks for them.
pub(super) async fn next_stage<'a>(
    tx: &mut Tx,
    terms: &'a ApprovalTerms,
    after: i64,
    target: UserId,
    ends: (DateTime<Utc>, Option<DateTime<Utc>>),
    answers: &[Answer],
) -> Result<Option<(i64, &'a StageTerms)>, StoreError> {
    let conditional = |stage: &StageTerms| !stage.condition.trim().is_empty() || !stage.conditions.is_empty();
    let person = if terms.stages.iter().any(conditional) {
        match users::find(tx, target).await? {
            Some(account) => Some(rules::candidate_of(tx, account).await?),
            None => None,
        }
    } else {
        None
    };
    let property = |name: &str| person.as_ref().map(|person| rules::property_of(person, name)).unwrap_or_default();
    let (from, until) = ends;
    let facts = RequestFacts {
        guest: person.as_ref().is_some_and(|person| person.kind == UserKind::Guest),
        length: until.map(|until| until - from),
        answers,
        property: &property,
    };
    Ok(terms.next_stage(after, &facts))
}

/// A request that has not been made, as far as its approval depends on it.
#[derive(Clone, Debug)]
pub struct Prospect<'a> {
    /// Whose access it would be, and who would ask.
    pub about: About,
    /// From when access would last.
    pub from: DateTime<Utc>,
    /// Until when; `None` is without end.
    pub until: Option<DateTime<Utc>>,
    /// The answers given so far.
    pub answers: &'a [Answer],
}

/// Who would decide on a request, stage by stage: the same functions as when it is made.
pub async fn preview(
    tx: &mut Tx,
    terms: &ApprovalTerms,
    prospect: &Prospect<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<StagePreview>, StoreError> {
    let mut stages = Vec::new();
    let mut after = 0;
    let ends = (prospect.from, prospect.until);
    while let Some((number, stage)) = next_stage(tx, terms, after, prospect.about.target, ends, prospect.answers).await? {
        after = number;
        let asked = first_asked(tx, stage, &prospect.about, &[], Hold::No, now).await?;
        let ids: Vec<UserId> = asked.into_iter().map(|(user, _)| user).collect();
        let mut named: Vec<Named<UserId>> = users::by_ids(tx, &ids)
            .await?
            .into_iter()
            .map(|user| Named::new(user.id, user.name))
            .collect();
        named.sort_by(|a, b| a.name.cmp(&b.name));
        stages.push(StagePreview {
            stage: number,
            days_to_decide: stage.days_to_decide,
            mode: stage.mode,
            deadlocked: is_deadlocked(stage.mode, named.len()),
            approvers: named,
        });
    }
    Ok(stages)
}

/// Stages, by number, that would not do what their policy says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faulty {
    /// Too few people are there whom the terms name, so a request could only time out.
    pub deadlocked: Vec<i64>,
    /// More people are there than a stage asks.
    pub crowded: Vec<i64>,
}

/// Looks at each stage as far as it is known without a person. Relations such as the manager count as nobody, for a person may have none.
pub async fn faulty(tx: &mut Tx, terms: &ApprovalTerms, now: DateTime<Utc>) -> Result<Faulty, StoreError> {
    let nobody = About {
        target: UserId(uuid::Uuid::nil()),
        requestor: None,
    };
    let mut faulty = Faulty::default();
    for (number, stage) in (1_i64..).zip(&terms.stages) {
        let asked = first_asked(tx, stage, &nobody, &[], Hold::No, now).await?;
        if is_deadlocked(stage.mode, asked.len()) {
            faulty.deadlocked.push(number);
        }
        let alternates = stage.forwarding.iter().flat_map(|terms| [&terms.alternates, &terms.fallbacks]);
        for sets in [&stage.approvers, &stage.fallbacks].into_iter().chain(alternates) {
            if people_of(tx, sets, nobody.target, Hold::No, now).await?.len() > APPROVERS_MAX {
                faulty.crowded.push(number);
                break;
            }
        }
    }
    Ok(faulty)
}

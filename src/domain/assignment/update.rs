//! Another end for access that somebody has: what an administrator may choose.

use chrono::{DateTime, Duration, Utc};

use crate::domain::assignment::AssignmentState;
use crate::domain::expiration::{DAYS_MAX, Expiration};
use crate::domain::id::AssignmentId;
use crate::domain::refusal::Refusal;
use crate::domain::request::justification;
use crate::domain::typed_time::instant;
use crate::domain::validate::{Checker, Code, FieldErrors};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateForm {
    /// Of which access.
    pub assignment: AssignmentId,
    /// Why, or empty.
    pub justification: String,
    /// RFC 3339 instant until which; empty: as long as the policy gives it from now on.
    pub asked_until: String,
}

/// Whether the end of access that stands so can be moved.
pub fn may_update(state: AssignmentState) -> Result<(), Refusal> {
    match state {
        AssignmentState::Delivered | AssignmentState::PartiallyDelivered => Ok(()),
        AssignmentState::Delivering => Err(Refusal::new("on-its-way", "It is being delivered. Wait a moment, then try again.")),
        AssignmentState::DeliveryFailed => Err(Refusal::new(
            "nothing-given",
            "Nothing could be delivered. Reprocess the assignment first.",
        )),
        AssignmentState::Expired => Err(Refusal::new(
            "already-over",
            "This assignment is over already. Assign the package again instead.",
        )),
    }
}

impl UpdateForm {
    /// The justification and the end that is asked for, checked against what the policy gives from `now` on.
    pub fn check(&self, expires: Expiration, now: DateTime<Utc>) -> Result<(String, Option<DateTime<Utc>>), FieldErrors> {
        let mut check = Checker::default();
        let justification = justification(&mut check, &self.justification, false);
        let text = self.asked_until.trim();
        if text.is_empty() {
            return check.finish((justification, None));
        }
        let latest = expires.end(now).unwrap_or(now + Duration::days(DAYS_MAX));
        let asked = instant(text);
        match asked {
            None => check.fail("asked_until", Code::NotADate),
            Some(at) if at <= now => check.fail("asked_until", Code::InThePast),
            Some(at) if at > latest => check.fail("asked_until", Code::PastPolicy),
            Some(_) => {}
        }
        check.finish((justification, asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f174_an_end_lies_ahead_and_within_what_the_policy_gives() {
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().expect("an instant");
        let code = |until: &str| {
            let form = UpdateForm {
                assignment: AssignmentId(uuid::Uuid::nil()),
                justification: String::new(),
                asked_until: until.into(),
            };
            form.check(Expiration::Days(30), now).map_err(|mut faults| faults.remove(0).code)
        };
        assert_eq!(code(""), Ok((String::new(), None)));
        assert!(code("2026-12-01T00:00:00Z").is_ok());
        assert_eq!(code("2026-11-23T10:00:00Z"), Err(Code::InThePast));
        assert_eq!(code("2027-01-01T00:00:00Z"), Err(Code::PastPolicy));
        assert_eq!(code("soon"), Err(Code::NotADate));
        assert!(may_update(AssignmentState::Delivered).is_ok() && may_update(AssignmentState::Expired).is_err());
    }
}

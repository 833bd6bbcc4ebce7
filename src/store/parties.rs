//! Whom and what a request or an assignment is about: the person, the package and the policy, as lists of either show and narrow them. In
//! their statements the table of requests or assignments is called `t`.

use crate::domain::id::{Named, PackageId, PolicyId, UserId};
use crate::domain::user::AccountState;
use crate::{args, row};

use super::list::List;
use super::search::{self, Kind};

/// The person, the package and the policy.
#[derive(Clone, Debug)]
pub struct Parties {
    target_id: UserId,
    target_name: String,
    /// The person's sign-in name.
    pub target_user_name: String,
    /// Whether they can sign in.
    pub target_state: AccountState,
    package_id: PackageId,
    package_name: String,
    policy_id: PolicyId,
    policy_name: String,
}
row!(Parties {
    target_id: id,
    target_name,
    target_user_name,
    target_state: word,
    package_id: id,
    package_name,
    policy_id: id,
    policy_name
});

impl Parties {
    /// Whose access it is.
    pub fn target(&self) -> Named<UserId> {
        Named::new(self.target_id, self.target_name.as_str())
    }

    /// To which package.
    pub fn package(&self) -> Named<PackageId> {
        Named::new(self.package_id, self.package_name.as_str())
    }

    /// Under which policy.
    pub fn policy(&self) -> Named<PolicyId> {
        Named::new(self.policy_id, self.policy_name.as_str())
    }
}

/// The columns of `Parties`, and behind them those of the caller.
macro_rules! with_parties {
    ($columns:literal) => {
        concat!(
            "u.id AS target_id, u.name AS target_name, u.user_name AS target_user_name,
                CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN u.enabled THEN 'active' ELSE 'blocked' END AS target_state,
                p.id AS package_id, p.name AS package_name, po.id AS policy_id, po.name AS policy_name, ",
            $columns
        )
    };
}

/// A table `t` of requests or assignments with what `Parties` reads.
macro_rules! joined_parties {
    ($table:literal) => {
        concat!(
            $table,
            " t JOIN users u ON u.id = t.target_id JOIN packages p ON p.id = t.package_id JOIN policies po ON po.id = t.policy_id"
        )
    };
}

pub(super) use {joined_parties, with_parties};

/// Only rows of a package, of people whose name has these words, and under one policy if it is named.
pub(super) fn narrow(list: &mut List, package: PackageId, policy: Option<PolicyId>, search: &str) {
    list.filter("t.package_id = ?", args![package]);
    if let Some(policy) = policy {
        list.filter("t.policy_id = ?", args![policy]);
    }
    search::narrow(
        list,
        "t.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        search,
    );
}

//! How a group is deleted, and what that means for those who are in it.

use crate::admin::deletion::Deletion;
use crate::domain::id::ObjectId;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::groups::{delete_group, get_group};

/// A group, which does not come back.
pub const GROUP: Deletion = Deletion {
    dialog: "delete-group-dialog",
    list: paths::GROUPS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    tell: |toasts, name| {
        toasts.success("Group deleted", name, None);
    },
};

/// What is said before in a list, which does not know how many members there are.
pub const CONSEQUENCE: &str = "Whoever is in it loses what it gives. This can't be undone.";

async fn delete(id: ObjectId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_group(id).await?.version,
    };
    delete_group(id, version).await
}

/// What is said before, with so many members.
pub fn consequence(members: i64) -> String {
    match members {
        0 => "Nobody is in it. This can't be undone.".into(),
        1 => "1 person loses what it gives. This can't be undone.".into(),
        count => [&count.to_string(), " people lose what it gives. This can't be undone."].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::consequence;

    #[test]
    fn the_question_says_how_many_it_touches() {
        assert_eq!(consequence(0), "Nobody is in it. This can't be undone.");
        assert_eq!(consequence(2), "2 people lose what it gives. This can't be undone.");
    }
}

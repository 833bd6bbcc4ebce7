//! How a group is deleted, and what that means for those who are in it.

use crate::admin::deletion::Deletion;
use crate::domain::group::{GroupDetail, policies_losing};
use crate::domain::id::ObjectId;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::groups::{delete_group, get_group};

/// A group, which does not come back.
pub const GROUP: Deletion = Deletion {
    dialog: "delete-group-dialog",
    list: paths::GROUPS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    warning: Some(|id| Box::pin(warning(id.into()))),
    tell: |toasts, name| {
        toasts.success("Group deleted", name, None);
    },
};

/// What is said in a list until it is known how many members there are and which policies name the group.
pub const CONSEQUENCE: &str = "Whoever is in it loses what it gives. This can't be undone.";

async fn delete(id: ObjectId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_group(id).await?.version,
    };
    delete_group(id, version).await
}

async fn warning(id: ObjectId) -> Result<String, AppError> {
    let group = get_group(id).await?;
    Ok(consequence(&group))
}

/// What is said before: how many members lose what it gives, and which policies name it.
pub fn consequence(group: &GroupDetail) -> String {
    sentences(group.members, policies_losing(&group.policies, group.unseen_policies))
}

fn sentences(members: i64, policies: Vec<String>) -> String {
    let mut sentences = vec![match members {
        0 => "Nobody is in it.".to_owned(),
        1 => "1 person loses what it gives.".to_owned(),
        count => format!("{count} people lose what it gives."),
    }];
    sentences.extend(policies);
    sentences.push("This can't be undone.".to_owned());
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn the_question_says_how_many_it_touches() {
        assert_eq!(sentences(0, Vec::new()), "Nobody is in it. This can't be undone.");
        assert_eq!(sentences(2, Vec::new()), "2 people lose what it gives. This can't be undone.");
    }
}

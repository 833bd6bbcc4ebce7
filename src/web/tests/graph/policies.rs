//! Assignment policies through the API: listed, made, replaced, changed and deleted, by whoever may.

use serde_json::{Value, json};

use super::story::Story;
use crate::both_databases;
use crate::testing::{TestApp, unknown};

both_databases!(
    f173_policies_are_made_replaced_changed_and_deleted,
    f173_a_policy_that_cannot_be_is_told_property_by_property,
    f173_policies_are_filtered_expanded_and_paged,
    f173_policies_are_seen_and_changed_by_whoever_may,
);

/// The body of the API's own tutorial, step 8.
fn tutorial(story: &Story) -> Value {
    json!({
        "displayName": "Specific users", "description": "", "allowedTargetScope": "specificDirectoryUsers",
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "userId": story.user_id}],
        "expiration": {"type": "afterDuration", "duration": "P30D"},
        "requestorSettings": {"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfRemoveAccess": true},
        "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false, "stages": []},
        "accessPackage": {"id": story.package}
    })
}

async fn f173_policies_are_made_replaced_changed_and_deleted(bench: TestApp) {
    const TRAIL: &str = "SELECT count(*) FROM audit WHERE activity IN ('create_policy', 'update_policy', 'delete_policy')";
    let story = Story::new(bench).await;
    let before = story.server.count(TRAIL).await;
    let made = story.admin.post("EM/assignmentPolicies", tutorial(&story)).await.is(201);
    let path = format!("EM/assignmentPolicies/{}", made.at("/id"));
    assert_eq!(made.at("/specificAllowedTargets/0/@odata.type"), "#microsoft.graph.singleUser");
    assert_eq!(made.at("/specificAllowedTargets/0/description"), "Requestor1");
    assert!(made.header("location").ends_with(made.at("/id")) && made.header("etag") == "W/\"1\"");

    let part = json!({"displayName": "Only these", "requestorSettings": {"allowCustomAssignmentSchedule": true}});
    let changed = story.admin.patch(&path, part).await.is(200);
    assert_eq!(
        (changed.at("/displayName"), changed.at("/expiration/duration")),
        ("Only these", "P30D")
    );
    assert_eq!(changed.json["requestorSettings"]["allowCustomAssignmentSchedule"], true);
    assert_eq!(changed.json["requestorSettings"]["enableTargetsToSelfAddAccess"], true);

    // What is read can be sent back, and a whole body says all.
    let mut whole = changed.json.clone();
    whole["questions"] =
        json!([{"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "text": "Why?", "isSingleLineQuestion": true}]);
    whole["expiration"] = json!({"type": "noExpiration"});
    let replaced = story.admin.put(&path, whole.clone()).await.is(200);
    let question = replaced.at("/questions/0/id").to_owned();
    assert_eq!(
        (replaced.at("/expiration/type"), replaced.at("/displayName")),
        ("noExpiration", "Only these")
    );
    let again = story.admin.put(&path, replaced.json.clone()).await.is(200);
    assert_eq!(again.at("/questions/0/id"), question);
    let bare = story.admin.put(&path, json!({"displayName": "P2"})).await.is(200);
    assert_eq!(
        (bare.at("/allowedTargetScope"), &bare.json["questions"]),
        ("notSpecified", &json!([]))
    );

    story.admin.delete(&path).await.is(204);
    story.admin.get(&path).await.is(404);
    assert_eq!(story.server.count(TRAIL).await - before, 6, "each change once");
}

async fn f173_a_policy_that_cannot_be_is_told_property_by_property(bench: TestApp) {
    let story = Story::new(bench).await;
    let mut wrong = tutorial(&story);
    wrong["displayName"] = json!("Initial Policy");
    let taken = story.admin.post("EM/assignmentPolicies", wrong.clone()).await.is(400);
    assert_eq!(taken.at("/error/details/0/target"), "displayName");
    wrong["displayName"] = json!("");
    wrong["specificAllowedTargets"][0]["userId"] = json!(unknown());
    wrong["requestApprovalSettings"] = json!({"isApprovalRequiredForAdd": true, "stages": [{"durationBeforeAutomaticDenial": "P90D",
        "primaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager"}]}]});
    let faults = story.admin.post("EM/assignmentPolicies", wrong.clone()).await.is(400);
    let details = faults.json["error"]["details"].as_array().expect("details");
    let targets: Vec<&str> = details.iter().filter_map(|detail| detail["target"].as_str()).collect();
    assert_eq!(
        targets,
        [
            "displayName",
            "requestApprovalSettings.stages[0].fallbackPrimaryApprovers",
            "requestApprovalSettings.stages[0].durationBeforeAutomaticDenial",
            "specificAllowedTargets"
        ]
    );
    wrong["notificationSettings"] = json!({"isAssignmentNotificationDisabled": true});
    let refused = story.admin.post("EM/assignmentPolicies", wrong).await.is(400);
    assert_eq!(refused.at("/error/target"), "notificationSettings.isAssignmentNotificationDisabled");
    let mut elsewhere = tutorial(&story);
    elsewhere["accessPackage"] = json!({"id": story.second});
    let policy = format!("EM/assignmentPolicies/{}", story.policy_of(&story.package).await);
    assert_eq!(
        story.admin.put(&policy, elsewhere).await.is(400).at("/error/target"),
        "accessPackage.id"
    );
    story.admin.delete("EM/assignmentPolicies/not-an-id").await.is(404);
}

async fn f173_policies_are_filtered_expanded_and_paged(bench: TestApp) {
    let story = Story::new(bench).await;
    for name in ["A", "B", "C"] {
        let mut body = tutorial(&story);
        body["displayName"] = json!(name);
        story.admin.post("EM/assignmentPolicies", body).await.is(201);
    }
    let all = story
        .admin
        .pages("EM/assignmentPolicies?$orderby=displayName&$top=2", "displayName")
        .await;
    assert_eq!(all.concat(), ["A", "B", "C", "Initial Policy", "Initial Policy"]);
    let filter = format!("accessPackage/id eq '{}' and displayName eq 'b'", story.package);
    let found = story
        .admin
        .get(&format!(
            "EM/assignmentPolicies?$filter={filter}&$expand=accessPackage,catalog,questions,customExtensionStageSettings"
        ))
        .await
        .is(200);
    assert_eq!(found.each("displayName"), ["B"]);
    assert_eq!(found.at("/value/0/accessPackage/displayName"), "Marketing Campaign");
    assert_eq!(found.at("/value/0/catalog/displayName"), "General");
    let nobody = story
        .admin
        .get("EM/assignmentPolicies?$filter=allowedTargetScope eq 'allMemberUsers'&$count=true")
        .await
        .is(200);
    assert_eq!(
        (nobody.each("displayName"), &nobody.json["@odata.count"]),
        (vec!["Initial Policy"], &json!(1))
    );
    let of_package = story
        .admin
        .get(&format!("EM/accessPackages/{}/assignmentPolicies", story.second))
        .await
        .is(200);
    assert_eq!(of_package.each("displayName"), ["Initial Policy"]);
    assert_eq!(
        story
            .admin
            .get("EM/assignmentPolicies?$filter=secret eq 1")
            .await
            .is(400)
            .at("/error/target"),
        "$filter"
    );
}

async fn f173_policies_are_seen_and_changed_by_whoever_may(bench: TestApp) {
    let story = Story::new(bench).await;
    let (first, second) = (story.policy_of(&story.package).await, story.policy_of(&story.second).await);
    story.user.get("EM/assignmentPolicies").await.is(403);
    story.user.post("EM/assignmentPolicies", tutorial(&story)).await.is(403);
    let seen = story.manager.get("EM/assignmentPolicies").await.is(200);
    assert_eq!(seen.each("id"), [second.as_str()]);
    let (first, second) = (format!("EM/assignmentPolicies/{first}"), format!("EM/assignmentPolicies/{second}"));
    story.manager.get(&first).await.is(404);
    story.manager.patch(&first, json!({"description": "x"})).await.is(404);
    story.manager.post("EM/assignmentPolicies", tutorial(&story)).await.is(404);
    let changed = story.manager.patch(&second, json!({"description": "x"})).await.is(200);
    assert_eq!(changed.at("/description"), "x");
}

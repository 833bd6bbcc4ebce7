//! Approvals through the API: found by whoever is asked, decided once, in the stage that waits.

use serde_json::json;

use super::story::Story;
use crate::both_databases;
use crate::testing::{TestApp, unknown};

both_databases!(
    f173_an_approver_finds_a_request_and_decides_on_it,
    f173_a_request_that_is_denied_comes_to_nothing,
);

const APPROVALS: &str = "EM/accessPackageAssignmentApprovals";

/// A request that waits for Approver1; its id.
async fn waiting(story: &Story) -> String {
    let policy = story.policy_of(&story.package).await;
    let approval = json!({"requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [{"durationBeforeAutomaticDenial": "P14D",
        "isApproverJustificationRequired": true, "primaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": story.approver_id}]}]}});
    story
        .admin
        .patch(&format!("EM/assignmentPolicies/{policy}"), approval)
        .await
        .is(200);
    let id = story.asked().await;
    story.deliver().await;
    id
}

async fn f173_an_approver_finds_a_request_and_decides_on_it(bench: TestApp) {
    let story = Story::new(bench).await;
    let request = waiting(&story).await;
    let found = story
        .approver
        .get(&format!("{APPROVALS}/filterByCurrentUser(on='approver')?$expand=stages"))
        .await
        .is(200);
    assert_eq!(found.each("id"), [request.as_str()]);
    assert_eq!(found.at("/value/0/@odata.type"), "#microsoft.graph.approval");
    let stage = found.at("/value/0/stages/0/id").to_owned();
    assert_eq!(found.json["value"][0]["stages"][0]["assignedToMe"], true);
    let asked = story
        .approver
        .get("EM/assignmentRequests/filterByCurrentUser(on='approver')?$expand=requestor,accessPackage")
        .await
        .is(200);
    assert_eq!(asked.at("/value/0/requestor/displayName"), "Requestor1");
    for nobody in [&story.stranger, &story.admin, &story.user] {
        let none = nobody.get(&format!("{APPROVALS}/filterByCurrentUser(on='approver')")).await.is(200);
        assert!(none.each("id").is_empty());
    }

    let path = format!("{APPROVALS}/{request}/stages/{stage}");
    let one = story.approver.get(&path).await.is(200);
    assert_eq!((one.at("/status"), one.at("/reviewResult")), ("InProgress", "NotReviewed"));
    story.admin.get(&format!("{APPROVALS}/{request}?$expand=stages")).await.is(200);
    story.stranger.get(&format!("{APPROVALS}/{request}/stages")).await.is(403);
    story.manager.get(&format!("{APPROVALS}/{request}/stages")).await.is(404);
    story.approver.get(&format!("{APPROVALS}/{}/stages", unknown())).await.is(404);

    let approve = json!({"reviewResult": "Approve", "justification": "OK"});
    for nobody in [&story.stranger, &story.admin, &story.user] {
        nobody.patch(&path, approve.clone()).await.is(403);
    }
    let wrong = story.approver.patch(&path, json!({"reviewResult": "Maybe"})).await.is(400);
    assert_eq!(wrong.at("/error/target"), "reviewResult");
    let why = story.approver.patch(&path, json!({"reviewResult": "Approve"})).await.is(400);
    assert_eq!(why.at("/error/target"), "justification");
    story
        .approver
        .patch(&format!("{APPROVALS}/{request}/stages/{}", unknown()), approve.clone())
        .await
        .is(404);
    story.approver.patch(&path, approve.clone()).await.is(204);
    let late = story.approver.patch(&path, approve).await.is(409);
    assert!(late.at("/error/message").starts_with("Approver1 approved this request on"));
    story.deliver().await;
    let settled = story.approver.get(&path).await.is(200);
    assert_eq!((settled.at("/status"), settled.at("/reviewResult")), ("Completed", "Approved"));
    assert_eq!(
        (settled.at("/reviewedBy/displayName"), settled.at("/justification")),
        ("Approver1", "OK")
    );
    assert_eq!(story.access().await["state"], "delivered");
}

async fn f173_a_request_that_is_denied_comes_to_nothing(bench: TestApp) {
    let story = Story::new(bench).await;
    let request = waiting(&story).await;
    let stages = story.approver.get(&format!("{APPROVALS}/{request}/steps")).await.is(200);
    let path = format!("{APPROVALS}/{request}/stages/{}", stages.at("/value/0/id"));
    story
        .approver
        .patch(&path, json!({"reviewResult": "deny", "justification": "Not now"}))
        .await
        .is(204);
    let read = story.user.get(&format!("EM/assignmentRequests/{request}")).await.is(200);
    assert_eq!((read.at("/state"), read.at("/status")), ("denied", "Denied"));
    assert_eq!(
        story
            .admin
            .get("EM/assignmentRequests?$filter=state eq 'denied'")
            .await
            .is(200)
            .each("id"),
        [request.as_str()]
    );
}

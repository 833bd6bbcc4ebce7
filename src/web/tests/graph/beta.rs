//! The beta's shapes over the same handlers: what the azuread provider and published texts send, and what they read back.

use serde_json::json;

use super::story::Story;
use crate::both_databases;
use crate::testing::TestApp;

both_databases!(
    f173_a_policy_is_made_and_read_in_the_betas_shape,
    f174_a_request_is_made_and_followed_in_the_betas_shape,
);

const BETA: &str = "/beta/identityGovernance/entitlementManagement";

async fn f173_a_policy_is_made_and_read_in_the_betas_shape(bench: TestApp) {
    let story = Story::new(bench).await;
    let body = json!({
        "accessPackageId": story.package, "displayName": "By Terraform", "description": "D", "canExtend": true, "durationInDays": 90,
        "expirationDateTime": null,
        "requestorSettings": {"scopeType": "SpecificDirectorySubjects", "acceptRequests": true, "allowedRequestors": [
            {"@odata.type": "#microsoft.graph.singleUser", "id": story.user_id, "isBackup": false}]},
        "requestApprovalSettings": {"isApprovalRequired": true, "isApprovalRequiredForExtension": false, "isRequestorJustificationRequired": true,
            "approvalMode": "SingleStage", "approvalStages": [{"approvalStageTimeOutInDays": 14, "isApproverJustificationRequired": true,
                "isEscalationEnabled": false, "escalationTimeInMinutes": 0, "escalationApprovers": [], "primaryApprovers": [
                    {"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1, "isBackup": false},
                    {"@odata.type": "#microsoft.graph.singleUser", "id": story.approver_id, "isBackup": true}]}]},
        "questions": [{"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "isRequired": true, "sequence": 1,
            "isSingleLineQuestion": true, "text": {"defaultText": "Why?", "localizedTexts": [{"languageCode": "es", "text": "¿Por qué?"}]}}]
    });
    let made = story
        .admin
        .post(&format!("{BETA}/accessPackageAssignmentPolicies"), body)
        .await
        .is(201);
    let path = format!("{BETA}/accessPackageAssignmentPolicies/{}", made.at("/id"));
    let read = story.admin.get(&format!("{path}?$expand=accessPackage")).await.is(200);
    assert_eq!(
        (read.at("/accessPackageId"), read.at("/accessPackage/catalogId").is_empty()),
        (story.package.as_str(), false)
    );
    assert_eq!((&read.json["durationInDays"], &read.json["canExtend"]), (&json!(90), &json!(true)));
    assert_eq!(read.at("/requestorSettings/scopeType"), "SpecificDirectorySubjects");
    assert_eq!(read.at("/requestorSettings/allowedRequestors/0/id"), story.user_id);
    assert_eq!(read.at("/requestApprovalSettings/approvalMode"), "SingleStage");
    let stage = &read.json["requestApprovalSettings"]["approvalStages"][0];
    assert_eq!(
        (&stage["primaryApprovers"][1]["isBackup"], &stage["approvalStageTimeOutInDays"]),
        (&json!(true), &json!(14))
    );
    assert_eq!(read.at("/questions/0/text/localizedTexts/0/text"), "¿Por qué?");

    // What was read is sent back whole, and stays what it was.
    let same = story.admin.put(&path, read.json.clone()).await.is(200);
    assert_eq!(same.json["requestApprovalSettings"], read.json["requestApprovalSettings"]);
    assert_eq!(same.json["questions"], read.json["questions"]);
    let v1 = story.admin.get(&format!("EM/assignmentPolicies/{}", made.at("/id"))).await.is(200);
    assert_eq!(
        (v1.at("/allowedTargetScope"), v1.at("/expiration/duration")),
        ("specificDirectoryUsers", "P90D")
    );
    assert!(v1.json.get("@beta.accessPackageId").is_none() && v1.json.get("accessPackageId").is_none());
    let found = story
        .admin
        .get(&format!(
            "{BETA}/accessPackageAssignmentPolicies?$filter=accessPackageId eq '{}' and displayName eq 'by terraform'",
            story.package
        ))
        .await
        .is(200);
    assert_eq!(found.each("id"), [made.at("/id")]);
    story.admin.delete(&path).await.is(204);
}

async fn f174_a_request_is_made_and_followed_in_the_betas_shape(bench: TestApp) {
    let story = Story::new(bench).await;
    let policy = story.policy_of(&story.package).await;
    let body = json!({"requestType": "UserAdd", "accessPackageAssignment": {
        "targetId": story.user_id, "assignmentPolicyId": policy, "accessPackageId": story.package}});
    // The published text sends this shape to v1.0 too.
    let twice = story.user.post("EM/assignmentRequests", body.clone()).await.is(201);
    story
        .user
        .post(&format!("EM/assignmentRequests/{}/cancel", twice.at("/id")), json!(null))
        .await
        .is(204);
    let made = story
        .user
        .post(&format!("{BETA}/accessPackageAssignmentRequests"), body)
        .await
        .is(201);
    assert_eq!(
        (made.at("/requestType"), made.at("/requestState"), made.at("/requestStatus")),
        ("UserAdd", "Submitted", "Accepted")
    );
    story.deliver().await;
    let read = story
        .user
        .get(&format!(
            "{BETA}/accessPackageAssignmentRequests/{}?$expand=accessPackageAssignment($expand=target)",
            made.at("/id")
        ))
        .await
        .is(200);
    assert_eq!(
        (read.at("/requestState"), read.at("/accessPackageAssignment/targetId")),
        ("Delivered", story.user_id.as_str())
    );
    let filter = format!("accessPackageId eq '{}' and assignmentState eq 'Delivered'", story.package);
    let held = story
        .admin
        .get(&format!(
            "{BETA}/accessPackageAssignments?$filter={filter}&$expand=target,accessPackage"
        ))
        .await
        .is(200);
    assert_eq!(
        (held.at("/value/0/assignmentPolicyId"), held.at("/value/0/assignmentState")),
        (policy.as_str(), "Delivered")
    );
    assert_eq!(held.at("/value/0/target/type"), "User");
    let end = json!({"requestType": "AdminRemove", "accessPackageAssignment": {"id": held.at("/value/0/id")}});
    story
        .admin
        .post(&format!("{BETA}/accessPackageAssignmentRequests"), end)
        .await
        .is(201);
    assert_eq!(story.access().await["state"], "expired");
    let mine = story
        .user
        .get(&format!(
            "{BETA}/accessPackageAssignmentRequests/filterByCurrentUser(on='target')?$count=true"
        ))
        .await
        .is(200);
    assert_eq!(mine.json["@odata.count"], 3);
}

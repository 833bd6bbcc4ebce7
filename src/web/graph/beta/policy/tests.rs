//! Policies as clients of the beta send and read them.

use super::*;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

fn read(value: Value) -> Value {
    let mut policy = object(value);
    incoming(&mut policy);
    Value::Object(policy)
}

/// What the azuread provider for Terraform sends for a policy with everything.
fn azuread() -> Value {
    json!({
        "accessPackageId": "pkg", "displayName": "P", "description": "D", "canExtend": true, "durationInDays": 90, "expirationDateTime": null,
        "requestorSettings": {"scopeType": "SpecificDirectorySubjects", "acceptRequests": true, "allowedRequestors": [
            {"@odata.type": "#microsoft.graph.groupMembers", "id": "g1", "isBackup": false, "description": "x"}]},
        "requestApprovalSettings": {"isApprovalRequired": true, "isApprovalRequiredForExtension": true, "isRequestorJustificationRequired": true,
            "approvalMode": "SingleStage", "approvalStages": [{"approvalStageTimeOutInDays": 14, "isApproverJustificationRequired": true,
                "isEscalationEnabled": true, "escalationTimeInMinutes": 10080,
                "primaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1, "isBackup": false},
                    {"@odata.type": "#microsoft.graph.singleUser", "id": "u1", "isBackup": true}],
                "escalationApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "id": "u2", "isBackup": false}]}]},
        "accessReviewSettings": {"isEnabled": true, "recurrenceType": "quarterly", "reviewerType": "Reviewers", "durationInDays": 14,
            "startDateTime": "2026-12-01T00:00:00Z", "reviewers": [{"@odata.type": "#microsoft.graph.singleUser", "id": "u3", "isBackup": false}],
            "isAccessRecommendationEnabled": true, "isApprovalJustificationRequired": true, "accessReviewTimeoutBehavior": "keepAccess"},
        "questions": [{"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "isRequired": true, "sequence": 1,
            "text": {"defaultText": "Which?", "localizedTexts": [{"languageCode": "es", "text": "¿Cuál?"}]},
            "choices": [{"actualValue": "a", "displayValue": {"defaultText": "A", "localizedTexts": []}}]}]
    })
}

#[test]
fn f173_a_policy_of_the_beta_becomes_one_of_v1() {
    let policy = read(azuread());
    assert_eq!(policy["allowedTargetScope"], "specificDirectoryUsers");
    assert_eq!(policy["specificAllowedTargets"][0]["id"], "g1");
    assert_eq!(policy["requestorSettings"]["enableTargetsToSelfAddAccess"], true);
    assert_eq!(policy["requestorSettings"]["enableTargetsToSelfUpdateAccess"], true);
    assert_eq!(policy["expiration"], json!({"type": "afterDuration", "duration": "P90D"}));
    let stage = &policy["requestApprovalSettings"]["stages"][0];
    assert_eq!(
        (&stage["durationBeforeAutomaticDenial"], &stage["durationBeforeEscalation"]),
        (&json!("P14D"), &json!("PT10080M"))
    );
    assert_eq!(stage["fallbackPrimaryApprovers"][0]["id"], "u1");
    assert_eq!(stage["primaryApprovers"].as_array().map(Vec::len), Some(1));
    assert_eq!(policy["requestApprovalSettings"]["isApprovalRequiredForUpdate"], true);
    let review = &policy["reviewSettings"];
    assert_eq!(
        (&review["isSelfReview"], &review["schedule"]["recurrence"]["pattern"]["interval"]),
        (&json!(false), &json!(3))
    );
    assert_eq!(review["primaryReviewers"][0]["id"], "u3");
    assert_eq!(
        (&policy["questions"][0]["text"], &policy["questions"][0]["choices"][0]["text"]),
        (&json!("Which?"), &json!("A"))
    );
}

#[test]
fn f173_what_is_written_as_in_v1_stays_so() {
    let sent = json!({"accessPackageId": "pkg", "displayName": "P", "expiration": {"type": "afterDuration", "duration": "P90D"},
        "requestorSettings": {"scopeType": "AllExistingDirectoryMemberUsers"}, "reviewSettings": {"isEnabled": false}});
    let policy = read(sent.clone());
    assert_eq!(
        (&policy["expiration"], &policy["reviewSettings"]),
        (&sent["expiration"], &sent["reviewSettings"])
    );
    assert_eq!(policy["allowedTargetScope"], "allMemberUsers");
    let plain = json!({"displayName": "P", "allowedTargetScope": "allMemberUsers", "requestorSettings": {"enableTargetsToSelfAddAccess": true},
        "questions": [{"text": "Why?"}]});
    assert_eq!(read(plain.clone()), plain);
    assert_eq!(
        read(json!({"expirationDateTime": null, "durationInDays": 0}))["expiration"]["type"],
        "noExpiration"
    );
    assert_eq!(
        read(json!({"requestorSettings": 7})),
        json!({"requestorSettings": 7}),
        "what is no object is refused by the reader"
    );
}

#[test]
fn f173_what_the_beta_is_told_can_be_sent_back() {
    let mut policy = object(read(azuread()));
    let before = policy.clone();
    outgoing(&mut policy);
    let told = Value::Object(policy.clone());
    assert_eq!(told["requestorSettings"]["scopeType"], "SpecificDirectorySubjects");
    assert_eq!((&told["durationInDays"], &told["canExtend"]), (&json!(90), &json!(true)));
    assert_eq!(told["requestApprovalSettings"]["approvalMode"], "SingleStage");
    assert_eq!(
        told["requestApprovalSettings"]["approvalStages"][0]["primaryApprovers"][1]["isBackup"],
        true
    );
    assert_eq!(told["accessReviewSettings"]["recurrenceType"], "quarterly");
    assert_eq!(told["questions"][0]["text"]["defaultText"], "Which?");
    incoming(&mut policy);
    assert_eq!(policy["allowedTargetScope"], before["allowedTargetScope"]);
    assert_eq!(policy["expiration"], before["expiration"]);
    assert_eq!(
        policy["reviewSettings"]["schedule"]["recurrence"],
        before["reviewSettings"]["schedule"]["recurrence"]
    );
    let (stage, was) = (
        &policy["requestApprovalSettings"]["stages"][0],
        &before["requestApprovalSettings"]["stages"][0],
    );
    assert_eq!(stage["fallbackPrimaryApprovers"][0]["id"], was["fallbackPrimaryApprovers"][0]["id"]);
    assert_eq!(stage["durationBeforeAutomaticDenial"], was["durationBeforeAutomaticDenial"]);
}

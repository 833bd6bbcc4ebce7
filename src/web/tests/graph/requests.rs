//! Requests and assignments through the API: access changes by requests alone, with the same checks and the same trail as in My Access.

use chrono::Duration;
use serde_json::{Value, json};

use super::story::Story;
use crate::both_databases;
use crate::testing::{TestApp, unknown};

both_databases!(
    f174_a_person_requests_extends_and_gives_back,
    f174_an_administrator_gives_changes_and_ends_access,
    f174_an_assignment_is_not_made_changed_or_deleted_directly,
    f174_a_request_that_cannot_be_made_says_why,
    f175_people_find_their_own_and_nobody_elses,
    f173_requests_are_canceled_tried_again_and_taken_out_of_the_lists,
    f173_requests_and_assignments_are_filtered_expanded_and_paged,
    f173_who_holds_what_is_incompatible_is_found,
    f173_a_person_learns_what_policies_ask_of_them,
);

const REQUESTS: &str = "EM/assignmentRequests";

async fn f174_a_person_requests_extends_and_gives_back(bench: TestApp) {
    let story = Story::new(bench).await;
    let policy = story.policy_of(&story.package).await;
    let extends = json!({"requestorSettings": {"enableTargetsToSelfUpdateAccess": true}});
    story.admin.patch(&format!("EM/assignmentPolicies/{policy}"), extends).await.is(200);
    let body = json!({"requestType": "userAdd", "justification": "For the new campaign",
        "assignment": {"targetId": story.user_id, "assignmentPolicyId": policy, "accessPackageId": story.package}});
    let made = story.user.post(REQUESTS, body.clone()).await.is(201);
    assert_eq!(
        (made.at("/state"), made.at("/status"), made.at("/requestType")),
        ("submitted", "Accepted", "userAdd")
    );
    let twice = story.user.post(REQUESTS, body).await.is(400);
    assert!(twice.at("/error/message").contains("already requested"));
    story.deliver().await;
    let request = format!(
        "{REQUESTS}/{}?$expand=accessPackage,requestor,assignment($expand=target)",
        made.at("/id")
    );
    let read = story.user.get(&request).await.is(200);
    assert_eq!(
        (read.at("/state"), read.at("/justification")),
        ("delivered", "For the new campaign")
    );
    assert_eq!(read.at("/accessPackage/displayName"), "Marketing Campaign");
    assert_eq!(
        (read.at("/requestor/objectId"), read.at("/requestor/displayName")),
        (story.user_id.as_str(), "Requestor1")
    );
    assert_eq!(read.at("/assignment/target/objectId"), story.user_id);

    story.server.bench.clock.advance(Duration::days(5));
    let more = json!({"requestType": "userUpdate", "assignment": {"targetId": story.user_id, "accessPackageId": story.package}});
    let more = story.user.post(REQUESTS, more).await.is(201);
    assert_eq!(more.at("/requestType"), "userUpdate");
    story.deliver().await;
    let access = story.access().await;
    assert_eq!(access["schedule"]["expiration"]["endDateTime"], "2026-12-28T10:00:00Z");

    let back = json!({"requestType": "userRemove", "assignment": {"id": access["id"]}});
    story.user.post(REQUESTS, back).await.is(201);
    assert_eq!(story.access().await["state"], "expired", "from this moment");
    story.deliver().await;
    let all = story
        .user
        .get(&format!("{REQUESTS}/filterByCurrentUser(on='target')?$orderby=createdDateTime"))
        .await
        .is(200);
    assert_eq!(all.each("requestType"), ["userAdd", "userUpdate", "userRemove"]);
    assert_eq!(all.each("state"), ["delivered", "delivered", "delivered"]);
}

async fn f174_an_administrator_gives_changes_and_ends_access(bench: TestApp) {
    let story = Story::new(bench).await;
    let policy = story.policy_of(&story.package).await;
    let give = json!({"requestType": "AdminAdd", "justification": "She asked",
        "assignment": {"target": {"objectId": story.user_id}, "assignmentPolicy": {"id": policy}, "accessPackage": {"id": story.package}}});
    story.user.post(REQUESTS, give.clone()).await.is(403);
    let given = story.admin.post(REQUESTS, give.clone()).await.is(201);
    assert_eq!(given.at("/requestType"), "adminAdd");
    story.deliver().await;
    let access = story.access().await;
    assert_eq!((&access["state"], &access["status"]), (&json!("delivered"), &json!("Delivered")));
    let again = story.admin.post(REQUESTS, give).await.is(400);
    assert!(again.at("/error/message").contains("has this package already"));

    let until = |until: &str| {
        json!({"requestType": "adminUpdate", "assignment": {"id": access["id"]},
            "schedule": {"expiration": {"type": "afterDateTime", "endDateTime": until}}})
    };
    let late = story.admin.post(REQUESTS, until("2027-12-01T00:00:00Z")).await.is(400);
    assert_eq!(late.at("/error/target"), "schedule.expiration");
    story.user.post(REQUESTS, until("2026-12-01T00:00:00Z")).await.is(403);
    story.admin.post(REQUESTS, until("2026-12-01T00:00:00+00:00")).await.is(201);
    story.deliver().await;
    assert_eq!(
        story.access().await["schedule"]["expiration"]["endDateTime"],
        "2026-12-01T00:00:00Z"
    );
    let trail = story
        .server
        .count("SELECT count(*) FROM audit WHERE activity IN ('update_assignment', 'extend_assignment')")
        .await;
    assert_eq!(trail, 2);

    let end = json!({"requestType": "adminRemove", "assignment": {"id": access["id"]}});
    story.user.post(REQUESTS, end.clone()).await.is(403);
    let ended = story.admin.post(REQUESTS, end).await.is(201);
    story.deliver().await;
    let read = story.admin.get(&format!("{REQUESTS}/{}", ended.at("/id"))).await.is(200);
    assert_eq!(read.at("/state"), "delivered");
    let over = story.access().await;
    assert_eq!(
        (&over["state"], &over["expiredDateTime"]),
        (&json!("expired"), &json!("2026-11-23T10:00:00Z"))
    );
    let members = story.server.count("SELECT count(*) FROM memberships").await;
    assert_eq!(members, 0, "and the group is empty");
}

async fn f174_an_assignment_is_not_made_changed_or_deleted_directly(bench: TestApp) {
    let story = Story::new(bench).await;
    story.asked().await;
    story.deliver().await;
    let access = story.access().await;
    let path = format!("EM/assignments/{}", access["id"].as_str().expect("an id"));
    for refused in [
        story.admin.post("EM/assignments", json!({"targetId": story.user_id})).await,
        story.admin.patch(&path, json!({"state": "expired"})).await,
        story.admin.delete(&path).await,
    ] {
        assert_eq!(refused.is(405).at("/error/code"), "MethodNotAllowed");
    }
    assert_eq!(story.access().await, access);
    story.admin.post(&format!("{path}/reprocess"), Value::Null).await.is(202);
    story.user.post(&format!("{path}/reprocess"), Value::Null).await.is(403);
    story.manager.post(&format!("{path}/reprocess"), Value::Null).await.is(404);
}

async fn f174_a_request_that_cannot_be_made_says_why(bench: TestApp) {
    let story = Story::new(bench).await;
    let target = |reply: super::Reply| reply.is(400).at("/error/target").to_owned();
    let post = async |body: Value| story.user.post(REQUESTS, body).await;
    assert_eq!(target(post(json!({})).await), "requestType");
    assert_eq!(target(post(json!({"requestType": "userAdd"})).await), "assignment.accessPackageId");
    assert_eq!(target(post(json!({"requestType": "userRemove"})).await), "assignment.id");
    let soon = json!({"requestType": "userAdd", "assignment": {"accessPackageId": story.package},
        "schedule": {"startDateTime": "2026-12-01T00:00:00Z", "expiration": {"type": "afterDuration", "duration": "P90D"}}});
    assert_eq!(target(post(soon).await), "schedule.expiration");
    let gone = json!({"requestType": "userAdd", "assignment": {"accessPackageId": unknown()}});
    post(gone).await.is(404);
    let stranger = json!({"requestType": "userAdd", "assignment": {"accessPackageId": story.package}});
    let out_of_scope = story.stranger.post(REQUESTS, stranger).await.is(400);
    assert!(out_of_scope.at("/error/message").contains("policy doesn't include you"));
    let mail =
        json!({"requestType": "adminAdd", "assignment": {"target": {"email": "nobody@example.com"}, "accessPackageId": story.package}});
    assert_eq!(target(story.admin.post(REQUESTS, mail).await), "assignment.target.email");
    let no_policy = json!({"requestType": "adminAdd", "assignment": {"targetId": story.user_id, "accessPackageId": story.package}});
    assert_eq!(target(story.admin.post(REQUESTS, no_policy).await), "assignment.assignmentPolicyId");
}

async fn f175_people_find_their_own_and_nobody_elses(bench: TestApp) {
    let story = Story::new(bench).await;
    let request = story.asked().await;
    story.deliver().await;
    let access = story.access().await;
    for (path, own) in [
        ("EM/assignmentRequests/filterByCurrentUser(on='target')", request.as_str()),
        (
            "EM/assignmentRequests/filterByCurrentUser(on='createdBy')?$expand=requestor,accessPackage",
            request.as_str(),
        ),
        (
            "EM/assignments/filterByCurrentUser(on='target')?$expand=target,accessPackage",
            access["id"].as_str().expect("an id"),
        ),
        (
            "EM/assignments/filterByCurrentUser(on='createdBy')",
            access["id"].as_str().expect("an id"),
        ),
    ] {
        assert_eq!(story.user.get(path).await.is(200).each("id"), [own], "{path}");
        assert!(story.stranger.get(path).await.is(200).each("id").is_empty(), "{path}");
        assert!(story.admin.get(path).await.is(200).each("id").is_empty(), "{path}");
    }
    let request = format!("EM/assignmentRequests/{request}");
    story.user.get(&request).await.is(200);
    story.stranger.get(&request).await.is(404);
    story.manager.get(&request).await.is(404);
    story.user.get("EM/assignmentRequests").await.is(403);
    story.user.get("EM/assignments").await.is(403);
    let wrong = story.user.get("EM/assignments/filterByCurrentUser(on='everybody')").await.is(400);
    assert_eq!(wrong.at("/error/target"), "on");
    // A policy is not shown to whoever does not see its catalog, be it of their own access.
    let own = story
        .user
        .get("EM/assignments/filterByCurrentUser(on='target')?$expand=assignmentPolicy")
        .await
        .is(200);
    assert_eq!(own.json["value"][0]["assignmentPolicy"], Value::Null);
}

async fn f173_requests_are_canceled_tried_again_and_taken_out_of_the_lists(bench: TestApp) {
    let story = Story::new(bench).await;
    let request = format!("EM/assignmentRequests/{}", story.asked().await);
    story.stranger.post(&format!("{request}/cancel"), Value::Null).await.is(404);
    let open = story.admin.delete(&request).await.is(400);
    assert!(open.at("/error/message").contains("still open"));
    story.user.post(&format!("{request}/cancel"), Value::Null).await.is(204);
    assert_eq!(story.user.get(&request).await.is(200).at("/state"), "canceled");
    let again = story.user.post(&format!("{request}/cancel"), Value::Null).await.is(400);
    assert!(again.at("/error/message").contains("come to its end"));
    let retry = story.admin.post(&format!("{request}/reprocess"), Value::Null).await.is(400);
    assert!(retry.at("/error/message").contains("delivery that failed"));
    story.user.post(&format!("{request}/reprocess"), Value::Null).await.is(403);
    let resume =
        json!({"source": "Contoso.SodCheckProcess", "type": "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated"});
    let resume = story.admin.post(&format!("{request}/resume"), resume).await.is(400);
    assert!(resume.at("/error/message").contains("callback"));
    story.user.delete(&request).await.is(403);
    story.admin.delete(&request).await.is(204);
    story.admin.get(&request).await.is(404);

    // An administrator calls off what another asked for.
    let second = format!("EM/assignmentRequests/{}", story.asked().await);
    story.manager.post(&format!("{second}/cancel"), Value::Null).await.is(404);
    story.admin.post(&format!("{second}/cancel"), Value::Null).await.is(204);
    assert_eq!(story.user.get(&second).await.is(200).at("/state"), "canceled");
}

async fn f173_requests_and_assignments_are_filtered_expanded_and_paged(bench: TestApp) {
    let story = Story::new(bench).await;
    let first = story.asked().await;
    story.deliver().await;
    for client in [&story.user, &story.stranger, &story.approver] {
        let body = json!({"requestType": "userAdd", "assignment": {"accessPackageId": story.second}});
        client.post("EM/assignmentRequests", body).await.is(201);
        story.server.bench.clock.advance(Duration::minutes(1));
    }
    story.deliver().await;
    let pages = story
        .admin
        .pages("EM/assignmentRequests?$top=3&$orderby=createdDateTime desc", "id")
        .await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(pages[1], [first]);
    let filter = format!(
        "accessPackage/id eq '{}' and state eq 'Delivered' and createdDateTime ge 2026-11-23T10:01:00Z",
        story.second
    );
    let found = story
        .admin
        .get(&format!("EM/assignmentRequests?$filter={filter}&$count=true"))
        .await
        .is(200);
    assert_eq!(found.json["@odata.count"], 2);
    let policy = story.policy_of(&story.second).await;
    let filter = format!("assignmentPolicy/id eq '{policy}' and state eq 'delivered'");
    let held = story
        .admin
        .pages(
            &format!("EM/assignments?$filter={filter}&$expand=target,accessPackage,assignmentPolicy&$top=1"),
            "id",
        )
        .await;
    assert_eq!(held.len(), 3);
    let named = story
        .admin
        .get(&format!(
            "EM/assignments?$filter=target/objectid eq '{}'&$expand=target,accessPackage,assignmentPolicy",
            story.stranger_id
        ))
        .await
        .is(200);
    assert_eq!(named.at("/value/0/target/displayName"), "Stranger1");
    assert_eq!(named.at("/value/0/accessPackage/displayName"), "Sales tools");
    assert_eq!(named.at("/value/0/assignmentPolicy/id"), policy);
    // Whoever holds a role in one catalog sees what is of there.
    let seen = story.manager.get("EM/assignments?$expand=accessPackage").await.is(200);
    assert_eq!(seen.json["value"].as_array().map(Vec::len), Some(3));
    let requests = story
        .manager
        .get("EM/assignmentRequests?$filter=requestType eq 'userAdd'&$count=true&$top=0")
        .await
        .is(200);
    assert_eq!(requests.json["@odata.count"], 3);
    story.server.bench.clock.advance(Duration::days(31));
    let over = story
        .admin
        .get("EM/assignments?$filter=state eq 'expired'&$count=true")
        .await
        .is(200);
    assert_eq!(over.json["@odata.count"], 4, "however late the worker is");
    assert!(over.json["value"][0]["expiredDateTime"].is_string());
}

async fn f173_who_holds_what_is_incompatible_is_found(bench: TestApp) {
    let story = Story::new(bench).await;
    story.asked().await;
    let body = json!({"requestType": "userAdd", "assignment": {"accessPackageId": story.second}});
    story.user.post("EM/assignmentRequests", body.clone()).await.is(201);
    story.stranger.post("EM/assignmentRequests", body).await.is(201);
    story.deliver().await;
    // Both spellings: the Python SDK drops the comma.
    for between in [",", ""] {
        let path = format!(
            "EM/assignments/additionalAccess(accessPackageId='{}'{between}incompatibleAccessPackageId='{}')?$expand=target",
            story.second, story.package
        );
        let found = story.admin.get(&path).await.is(200);
        assert_eq!(found.each("state"), ["delivered"]);
        assert_eq!(found.at("/value/0/target/objectId"), story.user_id);
        story.user.get(&path).await.is(403);
        story.manager.get(&path).await.is(404);
    }
    assert!(
        story
            .admin
            .get("EM/assignments/additionalAccess()")
            .await
            .is(200)
            .each("id")
            .is_empty()
    );
    let half = format!("EM/assignments/additionalAccess(accessPackageId='{}')", story.package);
    story.admin.get(&half).await.is(400);
}

async fn f173_a_person_learns_what_policies_ask_of_them(bench: TestApp) {
    let story = Story::new(bench).await;
    let policy = story.policy_of(&story.package).await;
    let questions = json!({"questions": [{"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "text": "Which?",
        "isRequired": true, "choices": [{"actualValue": "AZ", "text": "Arizona"}]}]});
    story
        .admin
        .patch(&format!("EM/assignmentPolicies/{policy}"), questions)
        .await
        .is(200);
    let path = format!("EM/accessPackages/{}/getApplicablePolicyRequirements", story.package);
    let asked = story.user.post(&path, Value::Null).await.is(200);
    assert_eq!(asked.each("policyId"), [policy.as_str()]);
    assert_eq!(asked.at("/value/0/questions/0/choices/0/text"), "Arizona");
    assert!(story.stranger.post(&path, Value::Null).await.is(200).each("policyId").is_empty());
    let nowhere = format!("EM/accessPackages/{}/getApplicablePolicyRequirements", unknown());
    story.user.post(&nowhere, Value::Null).await.is(404);

    let question = asked.at("/value/0/questions/0/id").to_owned();
    let with = |value: &str| {
        json!({"requestType": "userAdd", "assignment": {"accessPackageId": story.package},
            "answers": [{"@odata.type": "#microsoft.graph.accessPackageAnswerString", "answeredQuestion": {"id": question}, "value": value}]})
    };
    assert_eq!(
        story
            .user
            .post("EM/assignmentRequests", with("TX"))
            .await
            .is(400)
            .at("/error/target"),
        "answers[0]"
    );
    let made = story.user.post("EM/assignmentRequests", with("AZ")).await.is(201);
    assert_eq!(
        (made.at("/answers/0/value"), made.at("/answers/0/answeredQuestion/text")),
        ("AZ", "Which?")
    );
    let suggested = story
        .user
        .get("EM/accessPackageSuggestions/filterByCurrentUser(on='assignmentHistory')?$expand=availableAccessPackage")
        .await;
    assert!(suggested.is(200).json["value"].is_array());
}

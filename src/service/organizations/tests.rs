//! Connected organizations on both databases.

use super::{add_sponsor, add_sponsors, create, delete, get, list, remove_sponsor, update};
use crate::args;
use crate::both_databases;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::approval::{ApprovalQuery, ApprovalTab};
use crate::domain::id::{OrganizationId, PackageId};
use crate::domain::object::{Subject, SubjectItem, SubjectQuery};
use crate::domain::offer::{OfferQuery, OfferTab};
use crate::domain::organization::{OrganizationForm, OrganizationQuery, OrganizationState, SponsorSide};
use crate::domain::page::PageQuery;
use crate::domain::policy::{ApproverKind, ApproversForm, Audience, Scope, StageForm};
use crate::domain::request::SubmitForm;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::domain::validate::Code;
use crate::service::packages::tests::world::{Fixture, faults, rule};
use crate::service::{Error, approvals, drafts, my_access, objects, requests};
use crate::testing::{TestApp, id_of, unknown};

both_databases!(
    f158_an_organization_is_made_changed_and_deleted_and_shares_nothing,
    f158_who_may_see_and_who_may_change_them,
    f158_sponsors_stand_on_their_side,
    f158_policies_let_in_the_guests_of_their_organizations,
    f158_an_organization_that_a_policy_names_stays,
    f159_a_request_of_somebody_unknown_proposes_their_organization,
    f092_f158_sponsors_of_the_organization_decide,
);

fn form(name: &str, domains: &str) -> OrganizationForm {
    OrganizationForm {
        name: name.into(),
        domains: domains.into(),
        ..OrganizationForm::default()
    }
}

async fn organization(w: &Fixture, name: &str, domains: &str) -> OrganizationId {
    create(&w.app, &w.admin, &form(name, domains)).await.expect("an organization")
}

async fn guest(w: &Fixture, name: &str, mail: &str) -> Principal {
    let person = w.person(name, DirectoryRole::User).await;
    let id = id_of(&person);
    w.exec("UPDATE users SET kind = 'guest', mail = $2 WHERE id = $1", args![id, mail])
        .await;
    Principal::user(id, name, name.to_lowercase(), UserKind::Guest)
}

async fn package(w: &Fixture, name: &str, scope: Scope, organizations: &[OrganizationId]) -> PackageId {
    let mut draft = w.draft(name, &[]);
    draft.requests.audience = Some(Audience::NotInDirectory);
    draft.requests.scope = Some(scope);
    draft.requests.subjects = organizations.iter().map(|id| Subject::Organization(*id)).collect();
    w.create(draft).await
}

async fn ask(w: &Fixture, person: &Principal, package: PackageId) -> Result<(), Error> {
    requests::submit(&w.app, person, &SubmitForm::new(package, "For the project"))
        .await
        .map(drop)
}

async fn offered(w: &Fixture, person: &Principal) -> Vec<String> {
    let query = OfferQuery {
        tab: OfferTab::Available,
        search: String::new(),
        page: PageQuery::default(),
    };
    let page = my_access::offers(&w.app, person, &query).await.expect("offers");
    page.items.into_iter().map(|item| item.name).collect()
}

async fn f158_an_organization_is_made_changed_and_deleted_and_shares_nothing(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = organization(&w, "Partner", "partner.example\nmail.partner.example").await;
    let found = get(&w.app, &w.admin, id).await.expect("it");
    assert_eq!(found.item.domains, ["partner.example", "mail.partner.example"]);
    assert_eq!((found.item.state, found.item.version), (OrganizationState::Configured, 1));
    assert!(found.edit.is_allowed() && found.delete.is_allowed());
    let taken = create(&w.app, &w.admin, &form("PARTNER", "other.example")).await;
    assert_eq!(faults(taken), [("name".to_owned(), Code::Taken)]);
    let taken = create(&w.app, &w.admin, &form("Other", "Partner.Example")).await;
    assert_eq!(rule(taken), "domain-taken");
    let other = organization(&w, "Other", "other.example").await;
    let edit = OrganizationForm {
        description: "Builds the bridge".into(),
        state: OrganizationState::Proposed,
        ..form("Partners", "partner.example")
    };
    assert_eq!(update(&w.app, &w.admin, id, 1, &edit).await.expect("changed"), 2);
    assert!(matches!(update(&w.app, &w.admin, id, 1, &edit).await, Err(Error::Conflict(_))));
    assert_eq!(
        rule(update(&w.app, &w.admin, other, 1, &form("Other", "partner.example")).await),
        "domain-taken"
    );
    let search = |text: &str, state| OrganizationQuery {
        search: text.into(),
        state,
        ..OrganizationQuery::default()
    };
    for (query, names) in [
        (search("", None), vec!["Other", "Partners"]),
        (search("partner", None), vec!["Partners"]),
        (search("other.exa", None), vec!["Other"]),
        (search("", Some(OrganizationState::Proposed)), vec!["Partners"]),
        (search("mail", None), vec![]),
    ] {
        let page = list(&w.app, &w.admin, &query).await.expect("a page");
        let found: Vec<&str> = page.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(found, names, "{query:?}");
    }
    delete(&w.app, &w.admin, id, 2).await.expect("deleted");
    assert!(matches!(get(&w.app, &w.admin, id).await, Err(Error::NotFound)));
    let trail = w.trail().await;
    let of = |activity: &str| trail.iter().filter(|row| *row == activity).count();
    assert_eq!(
        (of("create_organization"), of("update_organization"), of("delete_organization")),
        (2, 1, 1)
    );
}

async fn f158_who_may_see_and_who_may_change_them(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = organization(&w, "Partner", "partner.example").await;
    let mut owner = w.person("Owner1", DirectoryRole::User).await;
    owner.roles.push(HeldRole {
        role: Role::CatalogOwner,
        catalog: Some(w.general),
    });
    let seen = get(&w.app, &owner, id).await.expect("seen");
    assert!(!seen.edit.is_allowed() && !seen.delete.is_allowed());
    let query = SubjectQuery {
        organizations: true,
        ..SubjectQuery::default()
    };
    let chosen = objects::find_subjects(&w.app, &owner, &query).await.expect("a picker");
    assert_eq!(chosen.items[0].subject, Subject::Organization(id));
    for person in [&owner, &w.user] {
        assert_eq!(rule(create(&w.app, person, &form("Mine", "mine.example")).await), "needs-role");
        assert_eq!(
            rule(update(&w.app, person, id, 1, &form("Mine", "mine.example")).await),
            "needs-role"
        );
        assert_eq!(rule(delete(&w.app, person, id, 1).await), "needs-role");
        let sponsor = id_of(&w.user).0;
        assert_eq!(
            rule(add_sponsor(&w.app, person, id, SponsorSide::Internal, sponsor).await),
            "needs-role"
        );
        assert_eq!(
            rule(remove_sponsor(&w.app, person, id, SponsorSide::Internal, sponsor).await),
            "needs-role"
        );
    }
    assert_eq!(rule(get(&w.app, &w.user, id).await), "needs-role");
    assert_eq!(rule(list(&w.app, &w.user, &OrganizationQuery::default()).await), "needs-role");
}

async fn f158_sponsors_stand_on_their_side(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = organization(&w, "Partner", "partner.example").await;
    let member = w.person("Ada", DirectoryRole::User).await;
    let outside = guest(&w, "Eve", "eve@partner.example").await;
    let team = w.group("Team", false).await;
    let internal = [Subject::User(id_of(&member)), Subject::Group(team.id)];
    assert_eq!(
        add_sponsors(&w.app, &w.admin, id, SponsorSide::Internal, &internal)
            .await
            .expect("added"),
        2
    );
    assert!(
        add_sponsor(&w.app, &w.admin, id, SponsorSide::External, id_of(&outside).0)
            .await
            .expect("added")
    );
    assert!(
        !add_sponsor(&w.app, &w.admin, id, SponsorSide::Internal, team.id.0)
            .await
            .expect("there already")
    );
    let wrong = add_sponsor(&w.app, &w.admin, id, SponsorSide::Internal, id_of(&outside).0).await;
    assert_eq!(rule(wrong), "sponsor-side");
    let gone = add_sponsor(&w.app, &w.admin, id, SponsorSide::Internal, unknown()).await;
    assert_eq!(faults(gone), [("sponsors".to_owned(), Code::Gone)]);
    let itself = add_sponsors(&w.app, &w.admin, id, SponsorSide::Internal, &[Subject::Organization(id)]).await;
    assert_eq!(faults(itself), [("sponsors".to_owned(), Code::Gone)]);
    let found = get(&w.app, &w.admin, id).await.expect("it");
    let names = |items: &[SubjectItem]| items.iter().map(|item| item.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found.internal_sponsors), ["Ada", "Team"]);
    assert_eq!(names(&found.external_sponsors), ["Eve"]);
    remove_sponsor(&w.app, &w.admin, id, SponsorSide::Internal, team.id.0)
        .await
        .expect("removed");
    let again = remove_sponsor(&w.app, &w.admin, id, SponsorSide::Internal, team.id.0).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let found = get(&w.app, &w.admin, id).await.expect("it");
    assert_eq!((names(&found.internal_sponsors), found.item.version), (vec!["Ada".to_owned()], 4));
}

async fn f158_policies_let_in_the_guests_of_their_organizations(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let partner = organization(&w, "Partner", "partner.example").await;
    let proposed = OrganizationForm {
        state: OrganizationState::Proposed,
        ..form("Proposed", "proposed.example")
    };
    let proposed = create(&w.app, &w.admin, &proposed).await.expect("proposed");
    let named = package(&w, "Named", Scope::SpecificOrganizations, &[partner, proposed]).await;
    let configured = package(&w, "Configured", Scope::ConfiguredOrganizations, &[]).await;
    let anybody = package(&w, "Anybody", Scope::AllExternal, &[]).await;
    let of_partner = guest(&w, "Pia", "pia@Partner.Example").await;
    let of_proposed = guest(&w, "Pro", "pro@proposed.example").await;
    let of_subdomain = guest(&w, "Sub", "sub@mail.partner.example").await;
    let of_nowhere = guest(&w, "Noa", "").await;
    let member = w.person("Max", DirectoryRole::User).await;
    w.exec("UPDATE users SET mail = 'max@partner.example' WHERE id = $1", args![id_of(&member)])
        .await;
    for (person, names) in [
        (&of_partner, vec!["Anybody", "Configured", "Named"]),
        (&of_proposed, vec!["Anybody", "Named"]),
        (&of_subdomain, vec!["Anybody"]),
        (&of_nowhere, vec!["Anybody"]),
        (&member, vec![]),
    ] {
        assert_eq!(offered(&w, person).await, names, "{}", person.name);
        for (package, name) in [(named, "Named"), (configured, "Configured"), (anybody, "Anybody")] {
            let asked = ask(&w, person, package).await;
            assert_eq!(asked.is_ok(), names.contains(&name), "{} asks for {name}: {asked:?}", person.name);
        }
    }
}

async fn f158_an_organization_that_a_policy_names_stays(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = organization(&w, "Partner", "partner.example").await;
    package(&w, "Campaign", Scope::SpecificOrganizations, &[id]).await;
    let found = get(&w.app, &w.admin, id).await.expect("it");
    assert!(!found.delete.is_allowed() && found.edit.is_allowed());
    assert_eq!(rule(delete(&w.app, &w.admin, id, 1).await), "organization-in-use");
    let mut draft = w.draft("Other", &[]);
    draft.requests.audience = Some(Audience::NotInDirectory);
    draft.requests.scope = Some(Scope::SpecificOrganizations);
    draft.requests.subjects = vec![Subject::Organization(unknown().into())];
    let started = drafts::start(&w.app, &w.admin, None).await.expect("a draft");
    let view = drafts::save(&w.app, &w.admin, started, 1, draft).await.expect("saved");
    assert_eq!(view.errors[0].code, Code::Gone);
    w.exec("UPDATE policies SET deleted_at = created_at", args![]).await;
    delete(&w.app, &w.admin, id, 1).await.expect("deleted");
}

async fn f159_a_request_of_somebody_unknown_proposes_their_organization(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let first = package(&w, "First", Scope::AllExternal, &[]).await;
    let second = package(&w, "Second", Scope::AllExternal, &[]).await;
    let stranger = guest(&w, "Sam", "sam@new.example").await;
    let colleague = guest(&w, "Sue", "sue@new.example").await;
    let nameless = guest(&w, "Noa", "").await;
    for (person, package) in [(&stranger, first), (&stranger, second), (&colleague, first), (&nameless, first)] {
        ask(&w, person, package).await.expect("asked");
    }
    let all = list(&w.app, &w.admin, &OrganizationQuery::default()).await.expect("a page").items;
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].name.as_str(), all[0].state, all[0].domains.as_slice()),
        ("new.example", OrganizationState::Proposed, &["new.example".to_owned()][..])
    );
    let proposals = w.trail().await.into_iter().filter(|row| row == "propose_organization").count();
    assert_eq!(proposals, 1);
    // Another is called like the domain of the next: the request counts all the same.
    organization(&w, "else.example", "other.example").await;
    let other = guest(&w, "Eli", "eli@else.example").await;
    ask(&w, &other, first).await.expect("asked");
    let all = list(&w.app, &w.admin, &OrganizationQuery::default()).await.expect("a page").items;
    assert_eq!(all.len(), 2);
}

async fn f092_f158_sponsors_of_the_organization_decide(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = organization(&w, "Partner", "partner.example").await;
    let (sponsor, fallback) = (
        w.person("Ada", DirectoryRole::User).await,
        w.person("Bob", DirectoryRole::User).await,
    );
    add_sponsor(&w.app, &w.admin, id, SponsorSide::Internal, id_of(&sponsor).0)
        .await
        .expect("added");
    let mut draft = w.draft("Campaign", &[]);
    draft.requests.audience = Some(Audience::NotInDirectory);
    draft.requests.scope = Some(Scope::AllExternal);
    draft.requests.subjects.clear();
    draft.requests.approval = true;
    draft.requests.stages = vec![StageForm {
        asked: ApproversForm {
            kind: Some(ApproverKind::InternalSponsors),
            fallbacks: vec![Subject::User(id_of(&fallback))],
            ..ApproversForm::default()
        },
        ..StageForm::default()
    }];
    let package = w.create(draft).await;
    let (known, unknown) = (
        guest(&w, "Pia", "pia@partner.example").await,
        guest(&w, "Sam", "sam@new.example").await,
    );
    ask(&w, &known, package).await.expect("asked");
    ask(&w, &unknown, package).await.expect("asked");
    for (approver, asked_by) in [(&sponsor, "Pia"), (&fallback, "Sam")] {
        let query = ApprovalQuery {
            tab: ApprovalTab::Pending,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = approvals::list(&w.app, approver, &query).await.expect("a page");
        let people: Vec<&str> = page.items.iter().map(|item| item.target.name.as_str()).collect();
        assert_eq!(people, [asked_by]);
    }
}

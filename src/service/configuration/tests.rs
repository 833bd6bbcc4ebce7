//! Files that are written, compared and carried out, on both databases.

use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::*;
use crate::both_databases;
use crate::domain::configuration::{CatalogBlock, Holder, Incompatible, PackageBlock, PolicyBlock, ResourceBlock, ResourceRole, RoleBlock};
use crate::domain::impact::EffectKind;
use crate::domain::object::ObjectKind;
use crate::domain::package::PriorMembership;
use crate::domain::text::StringEnum;
use crate::domain::user::DirectoryRole;
use crate::service::audit::OPERATOR;
use crate::service::packages::tests::world::Fixture;
use crate::testing::{TestApp, id_of};

both_databases!(
    f173_what_is_exported_makes_the_same_governance_elsewhere,
    f173_a_plan_says_what_changes_and_who_gains_or_loses_and_apply_does_just_that,
    f173_an_apply_is_refused_as_a_whole_or_when_its_plan_is_stale,
    f173_what_is_the_matter_with_a_file_is_named,
    f173_any_file_that_was_applied_leaves_nothing_to_do,
    f173_a_catalog_goes_only_where_the_file_says_so,
    f054_custom_attributes_stand_in_the_file_by_name,
);

const FILE: &str = r#"
woodgate: 1
settings: { digest_hour: "7", suggestions: "on" }
limits: { catalogs: 40 }
catalog_creators: [{ group: Sales }]
catalogs:
  - name: Finance
    description: What the finance department uses
    external: true
    roles: [{ role: catalog_owner, holder: { user: ada } }, { role: catalog_reader, holder: { group: Sales } }]
    resources:
      - { kind: group, name: Sales, attributes: [{ attribute: department, text: Which department?, editable: true, write: true }] }
      - { kind: application, name: Ledger }
    packages:
      - name: Ledger access
        description: Read the ledger
        hidden: true
        prior_membership: remove
        resource_roles: [{ kind: application, resource: Ledger, role: Reader }]
        policies:
          - name: Members
            terms:
              scope: all_members
              approval:
                required_for_add: true
                stages:
                  - approvers: [requestor_manager: 1]
                    fallbacks: [user: ada]
                    mode: any_one
                    days_to_decide: 7
              requestor: { justification_required: true }
              questions: [{ text: Why?, kind: long_text, required: true, localized: [{ language: es, text: "¿Por qué?" }] }]
              lifecycle: { expires: { days: 90 } }
          - name: Sales people
            terms: { scope: specific, subjects: [group_members: Sales], lifecycle: { expires: never } }
        incompatible: [{ package: { catalog: Finance, name: Payments } }]
      - name: Payments
        description: Pay what is due
        resource_roles: [{ kind: group, resource: Sales, role: Member }]
        policies: []
        incompatible: [{ group: Auditors }]
"#;

/// The directory that files name: two people and four things.
async fn directory(bench: TestApp) -> Fixture {
    let fixture = Fixture::new(bench).await;
    fixture.person("Ada", DirectoryRole::User).await;
    fixture.group("Sales", false).await;
    fixture.group("Auditors", false).await;
    fixture
        .object(ObjectKind::Application, "Ledger", &["Reader", "Writer"], false)
        .await;
    fixture
}

fn operator() -> Principal {
    Principal::operator(OPERATOR)
}

fn read(text: &str) -> Configuration {
    serde_saphyr::from_str(text).expect("a file")
}

async fn written(fixture: &Fixture) -> String {
    let file = export(&fixture.app, &operator()).await.expect("an export");
    serde_saphyr::to_string(&file).expect("text")
}

async fn make(fixture: &Fixture, file: &Configuration) -> Plan {
    match apply(&fixture.app, &operator(), file, None).await {
        Ok(plan) => plan,
        Err(error) => panic!("not applied: {error}"),
    }
}

async fn what_of(fixture: &Fixture, file: &Configuration) -> Vec<String> {
    let plan = plan(&fixture.app, &operator(), file).await.expect("a plan");
    plan.steps
        .iter()
        .map(|step| format!("{} {}", step.kind.as_str(), step.what))
        .collect()
}

async fn f173_what_is_exported_makes_the_same_governance_elsewhere(bench: TestApp) {
    let here = directory(bench).await;
    make(&here, &read(FILE)).await;
    let text = written(&here).await;
    for said in [
        "Which department?",
        "¿Por qué?",
        "user: ada",
        "group_members: Sales",
        "digest_hour: '7'",
    ] {
        let quoted = said.replace('\'', "\"");
        assert!(text.contains(said) || text.contains(&quoted), "{said} is missing in\n{text}");
    }
    assert_eq!(what_of(&here, &read(&text)).await, [] as [&str; 0], "the export says what there is");

    let elsewhere = directory(TestApp::sqlite().await).await;
    make(&elsewhere, &read(&text)).await;
    assert_eq!(written(&elsewhere).await, text);
    assert_eq!(written(&here).await, text, "an export changes nothing");
}

/// The file with one package changed.
fn changed(text: &str, how: impl Fn(&mut Vec<PackageBlock>)) -> Configuration {
    let mut file = read(text);
    for catalog in &mut file.catalogs {
        if let Some(packages) = catalog.packages.as_mut().filter(|_| catalog.name == "Finance") {
            how(packages);
        }
    }
    file
}

async fn f173_a_plan_says_what_changes_and_who_gains_or_loses_and_apply_does_just_that(bench: TestApp) {
    let here = directory(bench).await;
    make(&here, &read(FILE)).await;
    let id = export(&here.app, &operator()).await.expect("an export").catalogs[0]
        .packages
        .as_ref()
        .expect("packages")[1]
        .id;
    let payments = id.expect("an id");
    here.exec(
        "INSERT INTO policies (id, package_id, name, name_folded, scope, enabled, expiration, position, version_id, created_at, updated_at, version)
         SELECT $1, $2, name, name_folded, scope, enabled, expiration, position, version_id, created_at, updated_at, version FROM policies
         WHERE name = 'Sales people'",
        crate::args![here.app.ids.id(here.app.clock.now()), payments],
    )
    .await;
    here.assign(payments, id_of(&here.user), "delivered", None).await;
    let text = written(&here).await;
    let file = changed(&text, |packages| {
        packages[1].description = "Pay what is due, and no more".into();
        packages[1].resource_roles = Some(vec![ResourceRole {
            kind: ObjectKind::Application,
            resource: "Ledger".into(),
            role: "Writer".into(),
        }]);
        packages[0].incompatible = Some(Vec::new());
        packages[0].policies.as_mut().expect("policies").reverse();
    });
    let plan = plan(&here.app, &operator(), &file).await.expect("a plan");
    let said: Vec<String> = plan
        .steps
        .iter()
        .map(|step| format!("{} {}", step.kind.as_str(), step.what))
        .collect();
    assert_eq!(
        said,
        [
            "change package Payments in Finance",
            "delete package Ledger access in Finance is incompatible with package Payments in Finance",
            "delete Member of group Sales for package Payments in Finance",
            "create Writer of application Ledger for package Payments in Finance",
            "change order of the policies of package Ledger access in Finance",
        ]
    );
    assert_eq!(plan.steps[0].lines[0].new, "Pay what is due, and no more");
    let gained = &plan.steps[3].effects[0];
    assert_eq!((gained.kind, gained.count), (EffectKind::Gains, 1));

    let mut nobody = read(&text);
    nobody.catalogs[0].roles = Some(Vec::new());
    let taken = super::plan(&here.app, &operator(), &nobody).await.expect("a plan");
    let owner = taken.steps.iter().find(|step| step.what.starts_with("Catalog owner"));
    let lost = &owner.expect("the owner's role").effects[0];
    assert_eq!(
        (lost.kind, lost.title().as_str()),
        (EffectKind::Loses, "1 person is no longer Catalog owner in Finance")
    );

    let before = here.trail().await.len();
    let done = apply(&here.app, &operator(), &file, Some(&plan.fingerprint))
        .await
        .expect("applied");
    assert_eq!(done.steps.len(), 5);
    let trail = here.trail().await;
    assert_eq!(trail.len() - before, 5, "{:?}", &trail[before..]);
    assert_eq!(what_of(&here, &file).await, [] as [&str; 0]);
    let due = here.jobs().await.into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>();
    assert!(
        due.contains(&"add_role".to_owned()) && due.contains(&"remove_role".to_owned()),
        "{due:?}"
    );
}

async fn f054_custom_attributes_stand_in_the_file_by_name(bench: TestApp) {
    let here = directory(bench).await;
    let unknown = FILE.replace("attribute: department", "attribute: extension_badge");
    let refused = plan(&here.app, &operator(), &read(&unknown)).await;
    assert!(
        matches!(&refused, Err(Refused::Faults(faults)) if faults[0].contains("requires the custom attribute badge")),
        "{refused:?}"
    );
    let defined = format!("{unknown}\ncustom_attributes: [{{ name: badge, label: Badge, kind: number }}]");
    make(&here, &read(&defined)).await;
    let text = written(&here).await;
    assert!(text.contains("extension_badge") && text.contains("name: badge"), "{text}");
    assert_eq!(what_of(&here, &read(&text)).await, [] as [&str; 0]);
    let one = |rest: &str| read(&format!("woodgate: 1\ncustom_attributes: [{{ name: badge, {rest} }}]"));
    let other = plan(&here.app, &operator(), &one("label: Badge, kind: date")).await;
    assert!(
        matches!(&other, Err(Refused::Faults(faults)) if faults[0].contains("is of the type number")),
        "{other:?}"
    );
    assert_eq!(
        what_of(&here, &one("label: Badge number, kind: number")).await,
        ["change custom attribute badge"]
    );
    // One that is not listed is left alone.
    make(&here, &one("label: Badge number, kind: number")).await;
    assert_eq!(what_of(&here, &read("woodgate: 1\ncustom_attributes: []")).await, [] as [&str; 0]);
}

async fn f173_a_catalog_goes_only_where_the_file_says_so(bench: TestApp) {
    let here = directory(bench).await;
    make(&here, &read(FILE)).await;
    let text = written(&here).await;
    // One that is not listed stays.
    let mut file = read(&text);
    file.catalogs.retain(|catalog| catalog.name != "Finance");
    assert_eq!(what_of(&here, &file).await, [] as [&str; 0]);
    // One that is marked goes, but not with packages in it, nor the built-in one, nor beside what it is to hold.
    let marked = |name: &str| read(&format!("woodgate: 1\ncatalogs: [{{ name: {name}, delete: true }}]"));
    let fault = async |file: &Configuration| match plan(&here.app, &operator(), file).await {
        Err(Refused::Faults(faults)) => faults.join("; "),
        other => panic!("no fault: {other:?}"),
    };
    assert!(fault(&marked("Finance")).await.contains("has access packages: "));
    assert!(fault(&marked("General")).await.contains("is built in"));
    let mut both = marked("Finance");
    both.catalogs[0].packages = Some(Vec::new());
    assert!(fault(&both).await.contains("marked to be deleted"));

    let empty = read("woodgate: 1\ncatalogs: [{ name: Harbour, roles: [{ role: catalog_reader, holder: { user: ada } }] }]");
    let gaining = plan(&here.app, &operator(), &empty).await.expect("a plan");
    let role = gaining
        .steps
        .iter()
        .find(|step| step.what.starts_with("Catalog reader"))
        .expect("the role");
    assert_eq!(
        (role.effects[0].kind, role.effects[0].title().as_str()),
        (EffectKind::Gains, "1 person becomes Catalog reader")
    );
    make(&here, &empty).await;
    let plan = plan(&here.app, &operator(), &marked("Harbour")).await.expect("a plan");
    assert_eq!((plan.steps[0].kind, plan.steps[0].what.as_str()), (Kind::Delete, "catalog Harbour"));
    assert_eq!(
        plan.steps[0].effects[0].title(),
        "1 person loses the role that they hold in Harbour"
    );
    make(&here, &marked("Harbour")).await;
    assert!(!written(&here).await.contains("Harbour"));
    // Gone already is as the file says.
    assert_eq!(what_of(&here, &marked("Harbour")).await, [] as [&str; 0]);
}

async fn f173_an_apply_is_refused_as_a_whole_or_when_its_plan_is_stale(bench: TestApp) {
    let here = directory(bench).await;
    make(&here, &read(FILE)).await;
    let text = written(&here).await;
    let file = changed(&text, |packages| {
        packages[0].description = "Read all of the ledger".into();
        packages.pop();
    });
    // Another package still names the one that would go; then somebody has it.
    let seen = plan(&here.app, &operator(), &file).await;
    assert!(matches!(&seen, Err(Refused::Faults(faults)) if faults.len() == 1), "{seen:?}");
    let file = changed(&text, |packages| {
        packages[0].description = "Read all of the ledger".into();
        packages[0].incompatible = Some(Vec::new());
        packages.pop();
    });
    let seen = plan(&here.app, &operator(), &file).await.expect("a plan");
    let other = changed(&text, |packages| packages[0].hidden = false);
    make(&here, &other).await;
    let now = written(&here).await;
    let stale = apply(&here.app, &operator(), &file, Some(&seen.fingerprint)).await;
    assert!(matches!(stale, Err(Refused::Stale)));
    assert_eq!(written(&here).await, now);

    // The last step is refused, so the first has not happened.
    let payments = seen.steps.iter().find_map(|step| match step.change {
        step::Change::DeletePackage(id, _) => Some(id),
        _ => None,
    });
    here.exec(
        "INSERT INTO requests (id, package_id, policy_id, policy_version_id, target_id, requestor_id, kind, state, status, justification,
            answers, expiration, submitted_at, version)
         SELECT $1, $2, po.id, po.version_id, $3, $3, 'user_add', 'submitted', '', '', $4, 'never', $5, 1 FROM policies po LIMIT 1",
        crate::args![
            here.app.ids.id(here.app.clock.now()),
            payments.expect("the package"),
            id_of(&here.user),
            json!([]),
            here.app.clock.now()
        ],
    )
    .await;
    let refused = apply(&here.app, &operator(), &file, None).await;
    assert!(
        matches!(&refused, Err(Refused::Step(what, _)) if what == "package Payments in Finance"),
        "{refused:?}"
    );
    assert_eq!(written(&here).await, now);
    // Whoever is nobody in particular may not even look.
    assert!(matches!(export(&here.app, &here.user).await, Err(Error::Refused(_))));
    assert!(matches!(
        plan(&here.app, &here.user, &file).await,
        Err(Refused::Failed(Error::Refused(_)))
    ));
    assert!(matches!(
        apply(&here.app, &here.user, &file, None).await,
        Err(Refused::Failed(Error::Refused(_)))
    ));
}

async fn f173_what_is_the_matter_with_a_file_is_named(bench: TestApp) {
    let here = directory(bench).await;
    let text = FILE
        .replace("digest_hour: \"7\"", "digest_hour: \"25\", colour: red")
        .replace("catalogs: 40", "catalogs: 0, cats: 1")
        .replace("user: ada } }", "user: eve } }")
        .replace("resource: Ledger, role: Reader", "resource: Ledger, role: Owner")
        .replace("days_to_decide: 7", "days_to_decide: 99")
        .replace("lifecycle: { expires: never }", "lifecycles: {}")
        .replace("group: Auditors", "group: Editors");
    let refused = plan(&here.app, &operator(), &read(&text)).await;
    let Err(Refused::Faults(faults)) = refused else {
        panic!("not refused: {refused:?}")
    };
    for said in [
        "settings: “colour” is not known",
        "digest_hour",
        "“cats” is not known",
        "Catalog owner for eve in catalog Finance: there is no such user or group",
        "Owner of application Ledger for package Ledger access in Finance: there is no such resource",
        "policy Members of package Ledger access in Finance: requests.stages.0.days",
        "“lifecycles” is not known",
        "is incompatible with group Editors: there is no such package or group",
    ] {
        assert!(faults.iter().any(|fault| fault.contains(said)), "{said} is missing in {faults:#?}");
    }
    assert_eq!(here.count("SELECT count(*) FROM catalogs").await, 1);
    let strange = serde_saphyr::from_str::<Configuration>("woodgate: 1\ncatalogues: []");
    assert!(strange.is_err());
    let newer = plan(&here.app, &operator(), &read("woodgate: 2")).await;
    assert!(matches!(newer, Err(Refused::Faults(_))));
}

/// A catalog of some packages, by a few random numbers.
fn catalog(number: usize, packages: &[(u8, u8, bool)]) -> CatalogBlock {
    let holder = if packages.len().is_multiple_of(2) {
        Holder::User("ada".into())
    } else {
        Holder::Group("Sales".into())
    };
    CatalogBlock {
        id: None,
        name: format!("Catalog {number}"),
        description: format!("With {} packages", packages.len()),
        enabled: number != 1,
        delete: false,
        external: number == 2,
        roles: Some(vec![RoleBlock {
            role: crate::domain::access::Role::CatalogReader,
            holder,
        }]),
        resources: Some(vec![
            ResourceBlock {
                kind: ObjectKind::Group,
                name: "Sales".into(),
                attributes: Vec::new(),
            },
            ResourceBlock {
                kind: ObjectKind::Application,
                name: "Ledger".into(),
                attributes: Vec::new(),
            },
        ]),
        packages: Some(packages.iter().enumerate().map(|(at, of)| package(at, *of)).collect()),
    }
}

fn package(at: usize, (gives, policies, hidden): (u8, u8, bool)) -> PackageBlock {
    let roles = [
        (ObjectKind::Group, "Sales", "Member"),
        (ObjectKind::Application, "Ledger", "Reader"),
        (ObjectKind::Application, "Ledger", "Writer"),
    ];
    let given = roles.iter().enumerate().filter(|(bit, _)| gives & (1 << bit) != 0);
    let policy = |number: u8| PolicyBlock {
        id: None,
        name: format!("Policy {number}"),
        terms: match number % 3 {
            0 => json!({ "scope": "all_members", "lifecycle": { "expires": { "days": number + 1 } } }),
            1 => json!({ "scope": "specific", "subjects": [{ "user": "ada" }, { "group_members": "Sales" }] }),
            _ => json!({ "scope": "none", "description": "Given by hand" }),
        },
    };
    PackageBlock {
        id: None,
        name: format!("Package {at}"),
        description: format!("Gives {gives}"),
        hidden,
        prior_membership: if hidden { PriorMembership::Remove } else { PriorMembership::Keep },
        resource_roles: Some(
            given
                .map(|(_, (kind, resource, role))| ResourceRole {
                    kind: *kind,
                    resource: (*resource).into(),
                    role: (*role).into(),
                })
                .collect(),
        ),
        policies: Some((0..policies).map(policy).collect()),
        incompatible: Some(if gives & 1 == 0 {
            vec![Incompatible::Group("Auditors".into())]
        } else {
            Vec::new()
        }),
    }
}

async fn f173_any_file_that_was_applied_leaves_nothing_to_do(bench: TestApp) {
    let here = directory(bench).await;
    let mut runner = TestRunner::deterministic();
    let files = vec(vec((0_u8..8, 0_u8..4, proptest::bool::ANY), 0..4), 1..4);
    for _ in 0..8 {
        let drawn = files.new_tree(&mut runner).expect("a file").current();
        let file = Configuration {
            woodgate: 1,
            custom_attributes: None,
            catalogs: drawn
                .iter()
                .enumerate()
                .map(|(number, packages)| catalog(number, packages))
                .collect(),
            ..Configuration::default()
        };
        make(&here, &file).await;
        assert_eq!(what_of(&here, &file).await, [] as [&str; 0]);
        let text = written(&here).await;
        assert_eq!(what_of(&here, &read(&text)).await, [] as [&str; 0]);
        let elsewhere = directory(TestApp::sqlite().await).await;
        make(&elsewhere, &read(&text)).await;
        assert_eq!(written(&elsewhere).await, text);
    }
}

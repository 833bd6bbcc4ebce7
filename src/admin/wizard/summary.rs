//! A draft in sentences, tab by tab: what its administrator signs on Review + create. Plain functions over what is handed in; the words
//! for instants come from the caller.

use crate::admin::sentences::{ends, gives, gone, present_and_deleted, prior, who};
use crate::domain::draft::{DraftView, PackageDraft, Step};
use crate::domain::expiration::Expiration;
use crate::domain::object::Subject;
use crate::domain::policy::{Audience, PolicyTerms, Scope, check_policy, describe, name_among, warnings};
use crate::domain::validate::Checker;

/// Whether requests are taken.
fn enabled(enabled: bool) -> &'static str {
    if enabled {
        "Enable requests: Yes. It can be requested as soon as it is created."
    } else {
        "Enable requests: No. New requests are not taken."
    }
}

/// The draft, tab by tab (F022).
pub fn draft(draft: &PackageDraft, known: &DraftView, lasts: impl Fn(Expiration) -> String) -> Vec<(Step, Vec<String>)> {
    vec![
        (Step::Basics, basics(draft, known)),
        (Step::ResourceRoles, roles(draft, known)),
        (Step::Requests, requests(draft, known)),
        (Step::Lifecycle, lifecycle(draft, known, lasts)),
    ]
}

fn basics(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    let said = |text: &str, missing: &str| {
        if text.trim().is_empty() {
            missing.to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    let catalog = known.catalogs.iter().find(|catalog| Some(catalog.id) == draft.basics.catalog);
    let name = said(&draft.basics.name, "The package has no name yet.");
    let named = !draft.basics.name.trim().is_empty();
    vec![
        match catalog {
            Some(catalog) if named => format!("{name}, in the catalog {}.", catalog.name),
            _ => name,
        },
        said(&draft.basics.description, "It has no description yet."),
    ]
}

fn roles(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    if draft.roles.is_empty() {
        return vec!["Gives nothing yet; resource roles can be added later.".into()];
    }
    let sentence = |row: &crate::domain::draft::DraftRole| {
        let Some(object) = known.objects.iter().find(|object| object.id == row.object) else {
            return "A resource that is no longer there.".to_owned();
        };
        match object.roles.iter().find(|role| Some(role.id) == row.role) {
            Some(role) => gives(&role.name, object),
            None => format!("No role has been selected for {}.", object.name),
        }
    };
    let mut lines: Vec<String> = draft.roles.iter().map(sentence).collect();
    lines.push(prior(draft.prior_membership).into());
    lines
}

fn requests(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    let subjects = draft.requests.subjects_in_force();
    let (names, deleted) = present_and_deleted(known.subjects.iter().filter(|item| subjects.contains(&item.subject)));
    let stages = if draft.requests.approval {
        draft.requests.stages.len() as i64
    } else {
        0
    };
    let first = match (draft.requests.audience, draft.requests.scope) {
        (Some(Audience::InDirectory | Audience::NotInDirectory), Some(scope)) => who(scope, &names, stages),
        (Some(Audience::Nobody), _) => return vec![who(Scope::Nobody, &[], 0)],
        _ => "Who can request this has not been chosen yet.".into(),
    };
    let gone = gone(&names, &deleted);
    [first]
        .into_iter()
        .chain(gone)
        .chain([enabled(draft.requests.enabled).to_owned()])
        .chain(more(draft, known))
        .collect()
}

/// What the form says beyond that: the stages, the questions, and what would be the matter with requests.
fn more(draft: &PackageDraft, known: &DraftView) -> Vec<String> {
    let mut check = Checker::default();
    let terms = check_policy(&mut check, &PolicyTerms::default(), &draft.requests, &draft.lifecycle, known.now);
    let name = |subject| name_among(&known.subjects, subject);
    let lines = describe(&terms, &name, &|at| at.to_rfc3339());
    let wanted = |label: &str| label.starts_with("Stage ") || label.starts_with("Question ");
    let said = lines
        .into_iter()
        .filter(|line| wanted(&line.label))
        .map(|line| format!("{}: {}", line.label, line.value));
    let stuck = warnings(&terms)
        .into_iter()
        .map(|warning| warning.text(&name(Subject::User(warning.requestor))));
    said.chain(stuck).collect()
}

fn lifecycle(draft: &PackageDraft, known: &DraftView, lasts: impl Fn(Expiration) -> String) -> Vec<String> {
    let mut check = Checker::default();
    let expiration = draft.lifecycle.check(&mut check, "", known.now);
    if check.into_errors().is_empty() {
        vec![ends(expiration, lasts)]
    } else {
        vec!["When access ends has not been said yet.".into()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::DraftRole;
    use crate::domain::id::{CatalogId, Named};
    use crate::domain::object::{ObjectItem, ObjectKind, RoleItem, SubjectItem};
    use crate::domain::when::{ViewerTime, lasts};
    use chrono::DateTime;
    use uuid::Uuid;

    fn tutorial() -> (PackageDraft, DraftView) {
        let (catalog, user) = (CatalogId(Uuid::from_u128(1)), Subject::User(Uuid::from_u128(4).into()));
        let object = ObjectItem {
            id: Uuid::from_u128(2).into(),
            name: "Marketing resources".into(),
            kind: ObjectKind::Group,
            sub_kind: "Security".into(),
            dynamic: false,
            in_catalog: false,
            deleted: false,
            closed: None,
            roles: vec![RoleItem {
                id: Uuid::from_u128(3).into(),
                name: "Member".into(),
            }],
        };
        let mut draft = PackageDraft::default();
        draft.basics.name = "Marketing Campaign".into();
        draft.basics.description = "Access to resources for the campaign".into();
        draft.basics.catalog = Some(catalog);
        draft.roles = vec![DraftRole {
            object: object.id,
            role: Some(object.roles[0].id),
        }];
        draft.requests.audience = Some(Audience::InDirectory);
        draft.requests.scope = Some(Scope::Specific);
        draft.requests.subjects = vec![user];
        draft.lifecycle.days = "30".into();
        let known = DraftView {
            id: Uuid::from_u128(9).into(),
            version: 1,
            draft: draft.clone(),
            objects: vec![object],
            subjects: vec![SubjectItem {
                subject: user,
                name: "Requestor1".into(),
                detail: String::new(),
                deleted: false,
            }],
            attributes: Vec::new(),
            catalogs: vec![Named::new(catalog, "General")],
            errors: Vec::new(),
            now: DateTime::UNIX_EPOCH,
        };
        (draft, known)
    }

    fn say(expiration: Expiration) -> String {
        lasts(expiration, ViewerTime { offset: 0 })
    }

    #[test]
    fn f022_the_tutorial_s_package_reads_as_a_manager_would_sign_it() {
        let (package, known) = tutorial();
        let lines: Vec<String> = draft(&package, &known, say).into_iter().flat_map(|(_, lines)| lines).collect();
        assert_eq!(
            lines,
            [
                "Marketing Campaign, in the catalog General.",
                "Access to resources for the campaign",
                "Gives Member of Marketing resources (Security).",
                "People who had one of these roles before keep it when access ends.",
                "Requestor1 can request this without approval.",
                "Enable requests: Yes. It can be requested as soon as it is created.",
                "Access ends 30 days after it is delivered.",
            ]
        );
    }

    #[test]
    fn f017_a_package_for_nobody_is_not_said_to_be_requestable() {
        let (mut package, known) = tutorial();
        package.requests.audience = Some(Audience::Nobody);
        assert_eq!(requests(&package, &known), ["Nobody can request this; administrators assign it."]);
    }

    #[test]
    fn f022_what_is_missing_is_said_too() {
        let (_, known) = tutorial();
        let mut package = PackageDraft::default();
        package.lifecycle.days = "0".into();
        let lines: Vec<String> = draft(&package, &known, say).into_iter().flat_map(|(_, lines)| lines).collect();
        assert!(lines.contains(&"The package has no name yet.".to_owned()), "{lines:?}");
        assert!(lines.contains(&"Gives nothing yet; resource roles can be added later.".to_owned()));
        assert!(lines.contains(&"Who can request this has not been chosen yet.".to_owned()));
        assert!(lines.contains(&"When access ends has not been said yet.".to_owned()));
    }
}

//! What is wrong with a draft, tab by tab, and when that is shown: a tab that has been left shows its faults, one that is still being
//! filled in does not. Pure.

use crate::admin::policies::labels;
use crate::domain::draft::{DraftView, PackageDraft, Step};
use crate::domain::message;
use crate::domain::text::StringEnum;
use crate::domain::validate::{Code, FieldError};

/// All faults of what stands in the controls now: those of the check that runs here, and those that only the server could find, as
/// long as their tab is as the server saw it. In the order of the tabs.
pub(super) fn faults(draft: &PackageDraft, known: &DraftView) -> Vec<FieldError> {
    let mut all = draft.check(known.now).err().unwrap_or_default();
    for error in &known.errors {
        let is_new = !all.iter().any(|other| other.path == error.path);
        if is_new && same_tab(Step::of_path(&error.path), draft, &known.draft) {
            all.push(error.clone());
        }
    }
    let of = |step: &Step| {
        all.iter()
            .filter(|error| Step::of_path(&error.path) == *step)
            .cloned()
            .collect::<Vec<_>>()
    };
    Step::ALL.iter().flat_map(of).collect()
}

fn same_tab(step: Step, one: &PackageDraft, other: &PackageDraft) -> bool {
    match step {
        Step::Basics => one.basics == other.basics,
        Step::ResourceRoles => one.roles == other.roles,
        Step::Requests => one.requests == other.requests,
        Step::Lifecycle => one.lifecycle == other.lifecycle,
        Step::Review => one == other,
    }
}

/// Whether any fault is on a tab.
pub(super) fn on_tab(faults: &[FieldError], step: Step) -> bool {
    faults.iter().any(|error| Step::of_path(&error.path) == step)
}

/// The tabs whose faults are shown once `to` has been opened, coming from `from`: those before it, and the one that was left.
pub(super) fn visited(visited: &[Step], from: Option<Step>, to: Step) -> Vec<Step> {
    Step::ALL
        .iter()
        .copied()
        .filter(|step| *step != Step::Review)
        .filter(|step| visited.contains(step) || *step < to || from == Some(*step))
        .collect()
}

/// The tab after this one.
pub(super) fn next(step: Step) -> Option<Step> {
    Step::ALL.iter().copied().find(|other| *other > step)
}

/// The tab before this one.
pub(super) fn previous(step: Step) -> Option<Step> {
    Step::ALL.iter().copied().rfind(|other| *other < step)
}

/// The row of the Resource roles tab that a path is about.
pub(super) fn row_of(path: &str) -> Option<usize> {
    path.strip_prefix(Step::ResourceRoles.prefix())?.split('.').next()?.parse().ok()
}

/// A fault in words.
pub(super) fn text(error: &FieldError, known: &DraftView, draft: &PackageDraft) -> String {
    match label(error, known, draft) {
        Some(label) => message::text(&error.code, &label),
        None => labels::text(error, &known.subjects),
    }
}

/// A fault in words away from its field: with its tab, and with the resource, stage or question that it is about.
pub(super) fn message(error: &FieldError, known: &DraftView, draft: &PackageDraft) -> String {
    let mut words = [Step::of_path(&error.path).label(), ": "].concat();
    if error.code != Code::Gone
        && let Some(row) = row_of(&error.path).and_then(|row| draft.roles.get(row))
    {
        words.push_str(&object_name(row.object, known));
        words.push_str(": ");
    }
    if let Some(place) = labels::place(&error.path) {
        words.push_str(&place);
        words.push_str(": ");
    }
    words.push_str(&text(error, known, draft));
    words
}

/// What a fault of the first two tabs is about, as its sentence begins; the others are the policy's.
fn label(error: &FieldError, known: &DraftView, draft: &PackageDraft) -> Option<String> {
    let label = match error.path.as_str() {
        "basics.name" => "Name",
        "basics.description" => "Description",
        "basics.catalog" => "Catalog",
        path => {
            let row = row_of(path).and_then(|row| draft.roles.get(row))?;
            if error.code == Code::Gone {
                return Some(object_name(row.object, known));
            }
            "Role"
        }
    };
    Some(label.to_owned())
}

fn object_name(id: crate::domain::id::ObjectId, known: &DraftView) -> String {
    let object = known.objects.iter().find(|object| object.id == id);
    object.map_or_else(|| "A resource".to_owned(), |object| object.name.clone())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::draft::DraftRole;
    use crate::domain::id::{CatalogId, Named};
    use crate::domain::object::{ObjectItem, ObjectKind};
    use crate::domain::policy::Audience;
    use chrono::DateTime;
    use uuid::Uuid;

    /// A draft with a name and a catalog, as the server knows it.
    pub fn known() -> DraftView {
        let catalog = CatalogId(Uuid::from_u128(1));
        let mut draft = PackageDraft::default();
        draft.basics.name = "Marketing Campaign".into();
        draft.basics.description = "Access to resources for the campaign".into();
        draft.basics.catalog = Some(catalog);
        draft.requests.audience = Some(Audience::Nobody);
        DraftView {
            id: Uuid::from_u128(2).into(),
            version: 1,
            draft,
            objects: vec![ObjectItem {
                id: Uuid::from_u128(3).into(),
                name: "Marketing resources".into(),
                kind: ObjectKind::Group,
                sub_kind: "Security".into(),
                dynamic: false,
                in_catalog: true,
                deleted: false,
                closed: None,
                roles: Vec::new(),
            }],
            subjects: Vec::new(),
            attributes: Vec::new(),
            catalogs: vec![Named::new(catalog, "General")],
            errors: Vec::new(),
            now: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn f010_a_taken_name_is_a_fault_until_the_tab_is_changed() {
        let mut known = known();
        known.errors = vec![FieldError::new("basics.name", Code::Taken)];
        let mut draft = known.draft.clone();
        assert_eq!(faults(&draft, &known), known.errors);
        draft.basics.name = "Another".into();
        assert!(faults(&draft, &known).is_empty());
    }

    #[test]
    fn a_fault_that_both_find_is_told_once_and_in_the_order_of_the_tabs() {
        let mut known = known();
        known.draft.lifecycle.days = "0".into();
        known.errors = vec![
            FieldError::new("lifecycle.days", Code::OutOfRange(1, 3_660)),
            FieldError::new("basics.name", Code::Taken),
        ];
        let paths: Vec<_> = faults(&known.draft, &known).into_iter().map(|error| error.path).collect();
        assert_eq!(paths, ["basics.name", "lifecycle.days"]);
    }

    #[test]
    fn f009_a_tab_shows_its_faults_once_it_was_left_or_passed() {
        assert_eq!(visited(&[], None, Step::Basics), []);
        assert_eq!(visited(&[], Some(Step::Basics), Step::ResourceRoles), [Step::Basics]);
        assert_eq!(visited(&[], Some(Step::Lifecycle), Step::Basics), [Step::Lifecycle]);
        assert_eq!(visited(&[], None, Step::Review).len(), 4);
        assert_eq!(visited(&[Step::Requests], Some(Step::Review), Step::Basics), [Step::Requests]);
    }

    #[test]
    fn f009_the_tabs_follow_one_another() {
        assert_eq!(next(Step::Basics), Some(Step::ResourceRoles));
        assert_eq!(next(Step::Review), None);
        assert_eq!(previous(Step::Review), Some(Step::Lifecycle));
        assert_eq!(previous(Step::Basics), None);
    }

    #[test]
    fn faults_name_what_they_are_about() {
        let mut known = known();
        known.draft.roles = vec![DraftRole {
            object: known.objects[0].id,
            role: None,
        }];
        let say = |path: &str, code: Code| text(&FieldError::new(path, code), &known, &known.draft);
        assert_eq!(say("roles.0.role", Code::Required), "Role is required.");
        assert!(say("roles.0.object", Code::Gone).starts_with("Marketing resources is no longer there."));
        assert_eq!(say("requests.subjects", Code::Required), "At least one user or group is required.");
        assert_eq!(
            say("lifecycle.date", Code::OutOfRange(1, 3_660)),
            "Choose a date within the next 3660 days."
        );
        assert_eq!(say("basics.name", Code::Required), "Name is required.");
        assert_eq!(
            message(&FieldError::new("roles.0.role", Code::Required), &known, &known.draft),
            "Resource roles: Marketing resources: Role is required."
        );
    }
}

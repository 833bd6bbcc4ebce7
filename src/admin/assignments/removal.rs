//! Remove access: the question with "Tell the person", the call, and the rows that then stay in sight as Expired.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::admin::bulk;
use crate::admin::confirm::{Doing, Question};
use crate::admin::listing::Address;
use crate::admin::person::said;
use crate::domain::assignment::{AssignmentItem, AssignmentState, EndReason, Removal, may_remove, may_reprocess};
use crate::domain::bulk::ItemResult;
use crate::domain::id::AssignmentId;
use crate::rpc::assignments::remove_assignments;
use crate::rpc::{AppError, viewer_time};
use crate::ui::*;

/// The rows that ended while their list was open; another list begins without any.
pub(super) fn ended_here(address: Memo<Address>) -> RwSignal<Vec<AssignmentItem>> {
    let ended = RwSignal::new(Vec::new());
    Effect::new(move |before: Option<Address>| {
        let now = address.get();
        if before.is_some_and(|before| before != now) {
            ended.set(Vec::new());
        }
        now
    });
    ended
}

/// The list with the rows that ended while it was open: where the list still has one, its own row counts unless it lags behind.
pub(super) fn with_ended(items: &[AssignmentItem], ended: &[AssignmentItem]) -> Vec<AssignmentItem> {
    let newest = |item: &AssignmentItem| ended.iter().find(|other| other.id == item.id).unwrap_or(item).clone();
    let mut all: Vec<AssignmentItem> = items.iter().map(newest).collect();
    for item in ended {
        if !all.iter().any(|other| other.id == item.id) {
            let at = all.iter().position(|other| other.starts_at < item.starts_at).unwrap_or(all.len());
            all.insert(at, item.clone());
        }
    }
    all
}

/// The question before access is removed, of one person or of several; `done` hears that it has worked.
pub(super) fn removal(chosen: RwSignal<Option<Vec<AssignmentItem>>>, ended: RwSignal<Vec<AssignmentItem>>, done: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let tell = RwSignal::new(true);
    let came = StoredValue::new(Vec::<ItemResult<AssignmentId>>::new());
    Question::new(
        "remove-access",
        |_: &Vec<AssignmentItem>| "Remove access".to_owned(),
        |rows| question(rows),
        move |rows: Vec<AssignmentItem>| -> Doing {
            let items = rows
                .iter()
                .map(|row| Removal {
                    id: row.id,
                    version: row.version,
                })
                .collect();
            let removal = remove_assignments(items, tell.get_untracked());
            Box::pin(async move {
                let results = removal.await?;
                if let [
                    ItemResult {
                        refused: Some(refusal), ..
                    },
                ] = results.as_slice()
                {
                    return Err(AppError::Refused(refusal.clone()));
                }
                let _ = came.try_set_value(results);
                Ok(())
            })
        },
        move |rows: Vec<AssignmentItem>| {
            let results = came.get_value();
            let name = |id: &AssignmentId| rows.iter().find(|row| row.id == *id).map(|row| row.target.name.clone());
            let one = rows.first().map(|row| row.target.name.clone()).unwrap_or_default();
            bulk::tell(toasts, &results, |count| removed(count, &one), |id| name(id).unwrap_or_default());
            let gone = |row: &AssignmentItem| results.iter().any(|result| result.id == row.id && result.refused.is_none());
            let now = viewer_time::now();
            ended.update(|ended| ended.extend(rows.iter().filter(|row| gone(row)).map(|row| as_ended(row, now))));
            tell.set(true);
            done.run(());
        },
    )
    .gone(|_| "The access had been removed already".to_owned(), move |_| done.run(()))
    .also(move || {
        view! {
            <Checkbox
                name="tell-person"
                label="Tell the person"
                checked=tell
                hint="They get a notification that their access has ended."
            />
        }
        .into_any()
    })
    .view(chosen)
}

fn question(rows: &[AssignmentItem]) -> String {
    let who = match rows {
        [row] => said(&row.target.name, &row.target_user_name),
        rows => format!("{} people", rows.len()),
    };
    let package = rows.first().map_or("the package", |row| row.package.name.as_str());
    format!("Remove {package} from {who}? Everything that the package gave is taken back at once, unless something else gives it too.")
}

fn removed(count: usize, one: &str) -> String {
    match count {
        1 => format!("Access of {one} is being removed"),
        count => format!("Access of {count} people is being removed"),
    }
}

/// A row as it stands once it was removed: over from that moment on.
fn as_ended(row: &AssignmentItem, now: DateTime<Utc>) -> AssignmentItem {
    AssignmentItem {
        state: AssignmentState::Expired,
        ends_at: Some(row.ends_at.map_or(now, |end| end.min(now))),
        end_reason: Some(EndReason::Removed),
        remove: may_remove(AssignmentState::Expired).into(),
        reprocess: may_reprocess(AssignmentState::Expired).into(),
        ..row.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Named;
    use crate::domain::refusal::Permission;
    use crate::domain::user::AccountState;
    use chrono::Duration;
    use uuid::Uuid;

    fn item(number: u128, state: AssignmentState) -> AssignmentItem {
        AssignmentItem {
            id: Uuid::from_u128(number).into(),
            target: Named::new(Uuid::from_u128(number).into(), "Requestor1"),
            target_user_name: "requestor1".into(),
            target_state: AccountState::Active,
            package: Named::new(Uuid::nil().into(), "Marketing Campaign"),
            policy: Named::new(Uuid::nil().into(), "Initial Policy"),
            state,
            starts_at: DateTime::UNIX_EPOCH + Duration::days(number as i64),
            ends_at: None,
            end_reason: None,
            request: Uuid::nil().into(),
            version: 1,
            remove: Permission::Allowed,
            reprocess: Permission::Allowed,
            lifecycle: None,
            govern: Permission::Allowed,
        }
    }

    #[test]
    fn f038_a_removed_row_stays_where_it_was_as_expired() {
        use AssignmentState::{Delivered, Expired};
        let shown = |items: &[AssignmentItem], ended: &[AssignmentItem]| {
            let all = with_ended(items, ended);
            all.into_iter().map(|item| (item.id.0.as_u128(), item.state)).collect::<Vec<_>>()
        };
        let list = [item(3, Delivered), item(2, Delivered), item(1, Delivered)];
        let gone = [item(2, Expired)];
        let wanted = [(3, Delivered), (2, Expired), (1, Delivered)];
        assert_eq!(shown(&list, &gone), wanted);
        assert_eq!(shown(&[list[0].clone(), list[2].clone()], &gone), wanted);
        assert_eq!(shown(&[], &gone), [(2, Expired)]);
    }

    #[test]
    fn f038_the_question_names_the_person_and_the_package() {
        let rows = [item(1, AssignmentState::Delivered), item(2, AssignmentState::Delivered)];
        assert!(question(&rows[..1]).starts_with("Remove Marketing Campaign from Requestor1 (requestor1)?"));
        assert!(question(&rows).starts_with("Remove Marketing Campaign from 2 people?"));
    }

    #[test]
    fn f123_a_removed_row_is_over_and_can_t_be_removed_again() {
        let now = DateTime::UNIX_EPOCH + Duration::days(30);
        let ended = as_ended(&item(1, AssignmentState::Delivered), now);
        assert_eq!((ended.state, ended.ends_at), (AssignmentState::Expired, Some(now)));
        assert!(!ended.remove.is_allowed() && !ended.reprocess.is_allowed());
        assert_eq!(removed(2, "Requestor1"), "Access of 2 people is being removed");
    }
}

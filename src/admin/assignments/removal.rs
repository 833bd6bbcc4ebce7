//! Remove access: the question, the call, and the row that is followed until it has ended and then stays in sight.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::admin::confirm::Question;
use crate::admin::listing::Address;
use crate::admin::person::said;
use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery, AssignmentState};
use crate::domain::page::PageQuery;
use crate::rpc::assignments::{list_assignments, remove_assignment};
use crate::ui::*;

/// How long to wait before asking again whether an assignment has ended.
const AGAIN: Duration = Duration::from_millis(700);
/// How often to ask.
const TRIES: u8 = 12;

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

/// The question before access is removed. Afterwards the row is followed to its end.
pub(super) fn removal(chosen: RwSignal<Option<AssignmentItem>>, ended: RwSignal<Vec<AssignmentItem>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "remove-access",
        |_: &AssignmentItem| "Remove access".to_owned(),
        question,
        |item: AssignmentItem| {
            let removal = remove_assignment(item.id, item.version);
            Box::pin(async move { removal.await.map(drop) })
        },
        move |item: AssignmentItem| {
            toasts.success(format!("Access of {} is being removed", item.target.name), "", None);
            follow(item, ended, reload, TRIES);
        },
    )
    .gone(
        |item| format!("Access of {} had been removed already", item.target.name),
        move |_| reload.run(()),
    )
    .view(chosen)
}

fn question(item: &AssignmentItem) -> String {
    format!(
        "Remove {} from {}? Everything that the package gave is taken back at once, unless something else gives it too.",
        item.package.name,
        said(&item.target.name, &item.target_user_name)
    )
}

/// Asks for an assignment until it has ended, and keeps the row as it then is.
fn follow(item: AssignmentItem, ended: RwSignal<Vec<AssignmentItem>>, reload: Callback<()>, tries: u8) {
    spawn_local(async move {
        let query = AssignmentQuery {
            package: item.package.id,
            filter: AssignmentFilter::All,
            search: item.target_user_name.clone(),
            page: PageQuery::default(),
        };
        let found = list_assignments(query).await;
        let now = found.ok().and_then(|page| page.items.into_iter().find(|other| other.id == item.id));
        match now {
            Some(now) if now.state == AssignmentState::Expired => {
                ended.update(|ended| {
                    ended.retain(|other| other.id != now.id);
                    ended.push(now);
                });
                let _ = reload.try_run(());
            }
            _ if tries > 0 => set_timeout(move || follow(item, ended, reload, tries - 1), AGAIN),
            _ => {
                let _ = reload.try_run(());
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Named;
    use crate::domain::refusal::Permission;
    use crate::domain::user::AccountState;
    use chrono::{DateTime, Duration};
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
        assert!(question(&item(1, AssignmentState::Delivered)).starts_with("Remove Marketing Campaign from Requestor1 (requestor1)?"));
    }
}

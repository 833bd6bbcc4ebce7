//! One assignment in its pane: whose, under which policy, what it gives, and the requests that made, changed and ended it.

use leptos::prelude::*;

use super::labels::tone;
use crate::admin::details::{Details, use_details};
use crate::admin::requests;
use crate::admin::timestamp::day_and_distance;
use crate::domain::assignment::{AssignmentDetail, AssignmentItem};
use crate::domain::request::RequestItem;
use crate::paths;
use crate::rpc::assignments::get_assignment;
use crate::rpc::viewer_time;
use crate::ui::*;

/// The pane of the assignment that the URL names; `close` is the list without it. `chosen` asks about its removal, `again` reprocesses it,
/// and `moved` counts what was done, so that it shows here too.
#[component]
pub(super) fn AssignmentPane(
    assignment: Memo<Option<String>>,
    close: Signal<String>,
    chosen: RwSignal<Option<Vec<AssignmentItem>>>,
    again: Callback<Vec<AssignmentItem>>,
    moved: ReadSignal<u32>,
) -> AnyView {
    let detail = use_details(assignment, get_assignment);
    Effect::new(move |before: Option<u32>| {
        let now = moved.get();
        if before.is_some_and(|before| before != now) {
            detail.refetch();
        }
        now
    });
    let pane = Details {
        name: "assignment",
        title: "Assignment details",
        missing: "This assignment is not here. The link may be incomplete.",
        close,
    };
    pane.view(assignment, detail, move |detail| details(&detail, chosen, again))
}

fn details(detail: &AssignmentDetail, chosen: RwSignal<Option<Vec<AssignmentItem>>>, again: Callback<Vec<AssignmentItem>>) -> AnyView {
    let item = &detail.item;
    let (asked, row) = (item.clone(), item.clone());
    let history = detail.requests.iter().map(step).collect::<Vec<_>>();
    view! {
        <div class="row">
            <Button
                id="reprocess-assignment"
                icon=Icon::Refresh
                disabled_reason=item.reprocess.reason()
                on_click=move || again.run(vec![row.clone()])
            >
                "Reprocess"
            </Button>
            <Button
                id="remove-assignment"
                icon=Icon::Delete
                disabled_reason=item.remove.reason()
                on_click=move || chosen.set(Some(vec![asked.clone()]))
            >
                "Remove access"
            </Button>
        </div>
        {requests::failures(&detail.grants).map(|title| view! { <MessageBar tone=Tone::Warning title=title/> })}
        {facts(detail)}
        <section class="stack-8">
            <SectionTitle title="Resource roles"/>
            {detail.grants.is_empty().then(|| view! { <p class="muted">"The package gives nothing yet."</p> })}
            {requests::grants(&detail.grants)}
        </section>
        <section class="stack-8">
            <SectionTitle title="Requests"/>
            <Timeline label="Requests" steps=history/>
            <a href=paths::package_request(item.package.id, item.request)>"See the request that made it"</a>
        </section>
    }
    .into_any()
}

fn facts(detail: &AssignmentDetail) -> AnyView {
    let item = detail.item.clone();
    let mark = item.target_state.mark();
    let version = version(detail.policy_version, detail.policy_changed);
    view! {
        <PropertyList>
            <Property label="Name">
                <a href=paths::user(item.target.id)>{item.target.name}</a>
                {mark.map(|mark| view! { " "<Chip tone=Tone::Warning text=mark/> })}
            </Property>
            <Property label="User name">{item.target_user_name}</Property>
            <Property label="Policy">{item.policy.name}</Property>
            <Property label="Policy version">{version}</Property>
            <Property label="Status"><StatusDot tone=tone(item.state) text=item.state.label()/></Property>
            {item.end_reason.map(|reason| view! { <Property label="Ended because">{reason.label()}</Property> })}
            <Property label="Start date">{day_and_distance(item.starts_at)}</Property>
            <Property label="End date">{item.ends_at.map_or_else(|| "Never".into_any(), day_and_distance)}</Property>
        </PropertyList>
    }
    .into_any()
}

/// Which version of the policy holds for it; a later one changes nothing of it.
fn version(number: i64, changed: bool) -> String {
    if changed {
        format!("{number} (the policy has been changed since; this assignment keeps its end date)")
    } else {
        number.to_string()
    }
}

fn step(request: &RequestItem) -> TimelineStep {
    TimelineStep {
        tone: requests::tone(request.state),
        title: request.kind.label().to_owned(),
        text: request.state.label().to_owned(),
        time: viewer_time::exact(request.submitted_at),
        datetime: crate::admin::timestamp::iso(request.submitted_at),
        pending: request.state.is_open(),
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn an_assignment_names_the_version_that_holds_for_it() {
        assert_eq!(version(2, false), "2");
        assert!(version(2, true).starts_with("2 (the policy has been changed since"));
    }
}

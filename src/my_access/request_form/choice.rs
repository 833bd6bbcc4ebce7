//! The first step of a request, where there is something to choose: for whom, and under which of several policies.

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::super::route::in_place;
use super::{Asked, FORM};
use crate::domain::offer::RequestPane;
use crate::domain::request::PaneQuery;
use crate::paths;
use crate::ui::*;

const MYSELF: &str = "me";

/// The form; it leads to the same address with what was chosen.
pub fn form(pane: &RequestPane, asked: &Asked) -> AnyView {
    let target = RwSignal::new(asked.query.target.map_or_else(|| MYSELF.to_owned(), |id| id.to_string()));
    let policy = RwSignal::new(asked.query.policy.map(|id| id.to_string()).unwrap_or_default());
    let missing = RwSignal::new(false);
    let has_policies = !pane.policies.is_empty();
    let navigate = use_navigate();
    let (query, source) = (asked.query.clone(), asked.source.clone());
    let kept = asked.source.pairs().into_iter().filter(|(_, value)| !value.is_empty());
    let mut kept: Vec<(&'static str, String)> = kept.map(|(name, value)| (name, value.to_owned())).collect();
    kept.extend(asked.query.again.map(|id| ("again", id.to_string())));
    let go_on = move |ev: SubmitEvent| {
        ev.prevent_default();
        missing.set(has_policies && policy.with_untracked(String::is_empty));
        if missing.get_untracked() {
            return;
        }
        let chosen = PaneQuery {
            target: target.with_untracked(|id| id.parse().ok()),
            policy: policy.with_untracked(|id| id.parse().ok()),
            chosen: true,
            ..query.clone()
        };
        navigate(&source.ask_href(&chosen), in_place(true));
    };
    let people = (!pane.reports.is_empty()).then(|| {
        let others = pane.reports.iter().map(|person| (person.id.to_string(), person.name.clone()));
        let options: Vec<(String, String)> = std::iter::once((MYSELF.to_owned(), "Myself".to_owned())).chain(others).collect();
        view! { <SelectField name="for" label="Requesting for" value=target options=options hint="Yourself, or someone who reports to you."/> }
    });
    let keeps_target = pane.reports.is_empty() || asked.query.chosen;
    let keep = asked.query.target.filter(|_| pane.reports.is_empty() && keeps_target);
    let policies = has_policies.then(|| {
        let options = pane
            .policies
            .iter()
            .map(|policy| Choice::new(policy.id.to_string(), policy.name.as_str()))
            .collect();
        let error = Signal::derive(move || missing.get().then(|| "Choose a policy.".to_owned()));
        view! {
            <RadioGroup
                name="policy"
                legend="Policy"
                value=policy
                options=options
                required=true
                error=error
                hint="Several policies include you. They may differ in who decides and for how long you get access."
            />
        }
    });
    view! {
        <form id=FORM class="form" method="get" action=paths::my_package_request(asked.query.package) on:submit=go_on>
            {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_any()}
            {keep.map(|id| view! { <input type="hidden" name="for" value=id.to_string()/> })}
            {people}
            {policies}
        </form>
    }
    .into_any()
}

//! Policy simulator: choose a person, and read whether they see the package, whether they can request it, under which policy and why, who
//! would decide by when, and until when they would have it. The same decision as for a real request; nothing is asked for.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::admin::error_view::{loaded, loaded_below};
use crate::admin::packages::use_package;
use crate::admin::pickers::UserPicker;
use crate::domain::approval::DecisionMode;
use crate::domain::id::{Named, PackageId, PolicyId, UserId};
use crate::domain::package::PackageDetail;
use crate::domain::refusal::Permission;
use crate::domain::request::{Assessment, PolicyFit, PolicyVerdict, StageForecast};
use crate::paths::{self, PackagePage};
use crate::rpc::policies::simulate_request;
use crate::rpc::{Loading, viewer_time};
use crate::ui::*;

/// The queries that name the person, and the policy that they would choose.
const PERSON: &str = "person";
const UNDER: &str = "under";

/// The policy simulator of a package.
#[component]
pub fn SimulatorPage() -> AnyView {
    loaded_below(use_package(), simulator)
}

fn href(package: PackageId, person: UserId, under: Option<PolicyId>) -> String {
    let under = under.map(|id| id.to_string()).unwrap_or_default();
    let path = paths::package(package, PackagePage::Simulator);
    paths::with_query(&path, &[(PERSON, &person.to_string()), (UNDER, &under)])
}

fn simulator(package: PackageDetail) -> AnyView {
    let id = package.item.id;
    let map = use_query_map();
    let named = Memo::new(move |_| {
        let person: Option<UserId> = map.with(|map| map.get(PERSON)).and_then(|id| id.parse().ok());
        let under: Option<PolicyId> = map.with(|map| map.get(UNDER)).and_then(|id| id.parse().ok());
        person.map(|person| (person, under))
    });
    let choosing = RwSignal::new(false);
    let navigate = use_navigate();
    let choose = move |chosen: Vec<Named<UserId>>| {
        choosing.set(false);
        if let Some(person) = chosen.first() {
            navigate(&href(id, person.id, None), NavigateOptions::default());
        }
    };
    let nobody = || {
        view! {
            <EmptyState
                icon=Icon::Person
                title="No person chosen"
                text="Choose a person to see what would become of their request for this package. Nothing is requested."
            />
        }
        .into_any()
    };
    let outcome = move || {
        let result = Loading::named(named, move |(person, under)| simulate_request(id, person, under));
        loaded(result, move |found| assessment(id, found))
    };
    view! {
        <div class="stack-24">
            <SectionTitle
                title="Policy simulator"
                text="What would become of a request, decided as for a real one. Nothing is requested and nobody is told."
            />
            <CommandBar>
                <Button kind=ButtonKind::Primary icon=Icon::Person on_click=move || choosing.set(true)>"Choose a person"</Button>
            </CommandBar>
            {either(move || named.with(Option::is_some), outcome, nobody)}
        </div>
        <UserPicker name="simulate-person" title="Select a person" open=choosing single=true on_select=choose/>
    }
    .into_any()
}

fn assessment(package: PackageId, found: Assessment) -> AnyView {
    let person = found.person.clone();
    let (listed, request, until) = (answer(&found.listed), answer(&found.request), until(&found));
    let (policy, stages, verdicts) = (policy(package, &found), stages(&found), verdicts(&found.policies));
    view! {
        <PropertyList>
            <Property label="Person"><a href=paths::user(person.id)>{person.name}</a></Property>
            <Property label="Finds it under Available">{listed}</Property>
            <Property label="Can request it">{request}</Property>
            <Property label="Policy that applies">{policy}</Property>
            <Property label="Who would decide">{stages}</Property>
            <Property label="Access">{until}</Property>
        </PropertyList>
        {verdicts}
    }
    .into_any()
}

/// Yes, or No with the rule that says so.
fn answer(permission: &Permission) -> String {
    match permission.reason() {
        None => "Yes".into(),
        Some(reason) => format!("No. {reason}"),
    }
}

/// The policy that applies, or those among which the person would choose, each a link to try it.
fn policy(package: PackageId, found: &Assessment) -> AnyView {
    let person = found.person.id;
    let applies = found.policy.as_ref().map(|policy| policy.name.clone());
    let others: Vec<Named<PolicyId>> = match found.candidates.len() {
        0 | 1 => Vec::new(),
        _ => found.candidates.clone(),
    };
    let choice = !others.is_empty();
    let links = others
        .into_iter()
        .map(|policy| view! { <li><a href=href(package, person, Some(policy.id))>{policy.name}</a></li> })
        .collect_any();
    let said = match (applies, choice) {
        (Some(name), _) => name,
        (None, true) => "The person chooses.".into(),
        (None, false) => "None.".into(),
    };
    view! {
        <span>{said}</span>
        {choice.then(|| view! {
            <p class="muted">"Several policies count the same here, so the person chooses among them:"</p>
            <ul class="stack-8">{links}</ul>
        })}
    }
    .into_any()
}

/// A stage in words.
fn stage(stage: &StageForecast, by: &str) -> String {
    let people = stage
        .approvers
        .iter()
        .flatten()
        .map(|person| person.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let who = match (people.as_str(), stage.mode) {
        ("", _) => "nobody".to_owned(),
        (people, DecisionMode::AnyOne) => people.to_owned(),
        (people, DecisionMode::AllOf) => format!("all of {people}"),
        (people, DecisionMode::AtLeast(count)) => format!("at least {count} of {people}"),
    };
    let number = stage.number;
    if stage.deadlocked {
        return format!("Stage {number}: {who}. Too few are there who could decide, so the request would come to nothing.");
    }
    format!("Stage {number}: {who}, by {by} at the latest.")
}

fn stages(found: &Assessment) -> AnyView {
    if found.policy.is_none() {
        return "Nobody, as nothing would be requested.".into_any();
    }
    if found.stages.is_empty() {
        return "Nobody: it would be granted at once.".into_any();
    }
    let lines = found
        .stages
        .iter()
        .map(|forecast| view! { <li>{stage(forecast, &viewer_time::exact(forecast.decided_by))}</li> })
        .collect_any();
    view! { <ul class="stack-8">{lines}</ul> }.into_any()
}

fn until(found: &Assessment) -> String {
    match (found.starts_at, found.ends_at) {
        (None, _) => "None.".into(),
        (Some(_), None) => "From the delivery on, without an end.".into(),
        (Some(_), Some(end)) if found.stages.is_empty() => format!("Requested now, until {}.", viewer_time::exact_in_zone(end)),
        (Some(_), Some(end)) => format!("Approved at once, until {}.", viewer_time::exact_in_zone(end)),
    }
}

/// How each policy meets the person.
fn verdicts(policies: &[PolicyVerdict]) -> AnyView {
    let row = |verdict: &PolicyVerdict| {
        let tone = match verdict.fit {
            PolicyFit::Applies => Tone::Success,
            _ => Tone::Neutral,
        };
        let named = if verdict.named { "Yes" } else { "No" };
        view! {
            <tr>
                <td>{verdict.policy.name.clone()}</td>
                <td data-label="Who can request">{verdict.scope.label()}</td>
                <td data-label="Names the person or a group of theirs">{named}</td>
                <td data-label="Result"><StatusDot tone=tone text=verdict.fit.label()/></td>
            </tr>
        }
    };
    let rows = policies.iter().map(row).collect_any();
    view! {
        <Table
            caption="Policies and this person"
            cards=true
            head=|| {
                view! {
                    <HeadCell label="Policy"/>
                    <HeadCell label="Who can request"/>
                    <HeadCell label="Names the person or a group of theirs"/>
                    <HeadCell label="Result"/>
                }
            }
        >
            {rows}
        </Table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::approval::DecisionMode;
    use crate::domain::refusal::Refusal;
    use chrono::DateTime;
    use uuid::Uuid;

    #[test]
    fn f085_a_stage_without_anybody_is_said_to_come_to_nothing() {
        let forecast = |approvers: Option<Vec<Named<UserId>>>| StageForecast {
            number: 2,
            mode: DecisionMode::AnyOne,
            deadlocked: matches!(&approvers, Some(people) if people.is_empty()),
            approvers,
            decided_by: DateTime::UNIX_EPOCH,
        };
        assert!(stage(&forecast(Some(Vec::new())), "Friday").contains("Stage 2: nobody. Too few are there"));
        let one = vec![Named::new(UserId(Uuid::from_u128(1)), "Admin1")];
        assert_eq!(stage(&forecast(Some(one)), "Friday"), "Stage 2: Admin1, by Friday at the latest.");
    }

    #[test]
    fn an_answer_that_is_no_says_which_rule() {
        assert_eq!(answer(&Permission::Allowed), "Yes");
        assert_eq!(answer(&Permission::Denied(Refusal::new("x", "Not in scope."))), "No. Not in scope.");
    }
}

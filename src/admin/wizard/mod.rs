//! New access package: five tabs over one draft that is kept on the server. This file is the frame: steps, foot, and the way from one
//! tab to the next; what a tab asks for is in its own file, what is wrong with it in `faults`, how it is kept in `saving`.

mod basics;
mod faults;
mod fields;
mod local_copy;
mod new;
mod review;
mod roles;
mod saving;
mod summary;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

pub use self::basics::fetch as fetch_basics;
use self::new::NewPackagePage;
pub use self::review::fetch as fetch_review;
pub use self::roles::fetch as fetch_roles;
use self::saving::{Outcome, Saving, Wizard};
use crate::admin::error_view::loaded;
use crate::admin::form::enter_first_fault;
use crate::admin::page_title::PageTitle;
use crate::admin::policies::{LifecycleForm, People, WhoForm, fetch_form, fetch_lifecycle, required_attributes};
use crate::domain::draft::{DraftView, Step};
use crate::domain::id::{DraftId, Named, PackageId};
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::policy::Audience;
use crate::domain::text::StringEnum;
use crate::paths::{self, PackagePage};
use crate::rpc::drafts::{create_package, get_draft};
use crate::rpc::{AppError, Loading};
use crate::ui::{
    Breadcrumb, Button, ButtonKind, Crumb, Icon, MessageBar, MissingPart, PageHead, Step as StepItem, StepState, Tone, WizardFoot,
    WizardSteps, use_toasts,
};

const TITLE: &str = "New access package";

crate::ui::part! {
    /// Where New access package leads.
    pub enum BeginPackage in new_package {
        Page => NewPackagePage,
    }
}

crate::ui::part! {
    /// The way to a new access package.
    pub enum NewPackage in wizard {
        Draft => WizardPage,
    }
}

/// Brings the parts of all tabs. One that does not come is told by the tab itself.
async fn fetch_tabs() -> Result<(), MissingPart> {
    basics::fetch().await?;
    roles::fetch().await?;
    fetch_form().await?;
    fetch_lifecycle().await?;
    review::fetch().await
}

/// One draft in the wizard (F009 to F023).
#[component]
pub fn WizardPage() -> AnyView {
    let map = use_params_map();
    let id = Memo::new(move |_| map.with(|map| map.get_str("draft").and_then(|id| id.parse::<DraftId>().ok())));
    let step = Memo::new(move |_| map.with(|map| map.get_str("step").and_then(|word| word.parse().ok()).unwrap_or(Step::Basics)));
    let draft = Loading::named(id, get_draft);
    // The other tabs are there by the time they are opened.
    Effect::new(|_| {
        leptos::task::spawn_local(async {
            let _ = fetch_tabs().await;
        });
    });
    view! {
        {head()}
        {loaded(draft, move |view| view! { <Tabs view=view step=step/> }.into_any())}
    }
    .into_any()
}

/// What stands at the top, also while there is no draft yet.
pub fn head() -> AnyView {
    view! {
        <PageTitle text=TITLE/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::link("Access packages", paths::PACKAGES),
            Crumb::here(TITLE),
        ]/>
        <PageHead title=TITLE icon=Icon::Package/>
    }
    .into_any()
}

/// The tabs over one draft.
#[component]
fn Tabs(view: DraftView, step: Memo<Step>) -> AnyView {
    let id = view.id;
    let wizard = Wizard::new(view);
    wizard.watch();
    let navigate = use_navigate();
    let go = Callback::new(move |to: Step| navigate(&paths::draft(id, to), NavigateOptions::default()));
    // Leaving a tab, by whatever way, lets it show its faults from then on.
    Effect::new(move |from: Option<Step>| {
        let to = step.get();
        let visited = wizard.fields.visited.with_untracked(|visited| faults::visited(visited, from, to));
        if wizard.fields.visited.with_untracked(|old| *old != visited) {
            wizard.fields.visited.set(visited);
        }
        to
    });
    let failed = RwSignal::new(None::<String>);
    view! {
        <WizardSteps label=TITLE items=Signal::derive(move || steps(wizard, step.get()))/>
        <Notices wizard=wizard failed=failed/>
        {move || match step.get() {
            Step::Basics => view! { <basics::BasicsTab wizard=wizard/> }.into_any(),
            Step::ResourceRoles => view! { <roles::RolesTab wizard=wizard/> }.into_any(),
            Step::Requests => requests(wizard),
            Step::Lifecycle => lifecycle(wizard),
            Step::Review => view! { <review::ReviewTab wizard=wizard/> }.into_any(),
        }}
        <Foot wizard=wizard step=step go=go failed=failed/>
    }
    .into_any()
}

/// The Requests tab (F017 to F020).
fn requests(wizard: Wizard) -> AnyView {
    let known = move |subject: Subject| {
        let found = wizard
            .known
            .with(|known| known.subjects.iter().find(|item| item.subject == subject).cloned());
        found.unwrap_or_else(|| unknown(subject, wizard.is_settled()))
    };
    let chosen = move |chosen: Vec<SubjectItem>| {
        wizard.known.update(|known| {
            known
                .subjects
                .retain(|item| !chosen.iter().any(|other| other.subject == item.subject));
            known.subjects.extend(chosen);
        });
    };
    let people = People::new(known, chosen);
    let attributes = move || {
        let required = Memo::new(move |_| wizard.known.with(|known| known.attributes.clone()));
        move || required_attributes(required.get())
    };
    view! { <WhoForm fields=wizard.fields.policy errors=wizard.errors(Step::Requests) people=people attributes=attributes/> }.into_any()
}

/// A subject that the server has not named yet, or does not know any more.
fn unknown(subject: Subject, settled: bool) -> SubjectItem {
    SubjectItem {
        subject,
        name: if settled { "Deleted user or group" } else { "..." }.into(),
        detail: String::new(),
        deleted: settled,
    }
}

/// The Lifecycle tab (F021).
fn lifecycle(wizard: Wizard) -> AnyView {
    let now = Signal::derive(move || wizard.known.with(|known| known.now));
    view! { <LifecycleForm fields=wizard.fields.policy errors=wizard.errors(Step::Lifecycle) now=now/> }.into_any()
}

/// The tabs with their state.
fn steps(wizard: Wizard, current: Step) -> Vec<StepItem> {
    let id = wizard.known.with(|known| known.id);
    let visited = wizard.fields.visited.get();
    wizard.faults.with(|found| {
        let item = |step: &Step| {
            let state = state(visited.contains(step), faults::on_tab(found, *step), *step == current);
            StepItem::new(step.label(), Some(paths::draft(id, *step)), state).current(*step == current)
        };
        Step::ALL.iter().map(item).collect()
    })
}

fn state(visited: bool, faulty: bool, current: bool) -> StepState {
    match (visited, faulty) {
        (true, true) => StepState::Error,
        _ if current => StepState::Current,
        (true, false) => StepState::Done,
        (false, _) => StepState::Todo,
    }
}

/// What stands above the tab when the draft could not be saved or created.
#[component]
fn Notices(wizard: Wizard, failed: RwSignal<Option<String>>) -> AnyView {
    let again = move || wizard.save(None);
    let bar = move || {
        match wizard.saving.get() {
        Saving::Offline => Some(
            view! {
                <MessageBar tone=Tone::Warning title="Connection lost. What you type stays here and is saved as soon as the server answers."/>
            }
            .into_any(),
        ),
        Saving::Conflict => Some(
            view! {
                <MessageBar
                    tone=Tone::Warning
                    title="This draft was changed in another window"
                    action=move || {
                        view! {
                            <div class="row">
                                <Button on_click=move || wizard.resolve(false)>"Load the other version"</Button>
                                <Button on_click=move || wizard.resolve(true)>"Keep mine"</Button>
                            </div>
                        }
                    }
                >
                    <p>"What stands here is not saved. Load what the other window saved, or keep yours and replace it."</p>
                </MessageBar>
            }
            .into_any(),
        ),
        Saving::Failed(text) => Some(
            view! {
                <MessageBar tone=Tone::Danger title="The draft was not saved" action=move || view! { <Button on_click=again>"Try again"</Button> }>
                    <p>{text}</p>
                </MessageBar>
            }
            .into_any(),
        ),
        Saving::Saved | Saving::Typing | Saving::Underway => None,
    }
    };
    view! {
        <div class="wizard-notices" aria-live="polite">
            {bar}
            {move || failed.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
        </div>
    }
    .into_any()
}

/// Review + create, Previous, Next; on the last tab Create.
#[component]
fn Foot(wizard: Wizard, step: Memo<Step>, go: Callback<Step>, failed: RwSignal<Option<String>>) -> AnyView {
    let busy = RwSignal::new(false);
    let create = creation(wizard, busy, failed);
    let buttons = move || match step.get() {
        Step::Review => view! {
            <Button
                id="create"
                kind=ButtonKind::Primary
                busy=busy
                disabled_reason=Signal::derive(move || why_not(wizard.faults.with(Vec::len)))
                on_click=move || create.run(())
            >
                "Create"
            </Button>
            <Button on_click=move || go.run(Step::Lifecycle)>"Previous"</Button>
        }
        .into_any(),
        current => view! {
            <Button on_click=move || go.run(Step::Review)>"Review + create"</Button>
            {faults::previous(current).map(|to| view! { <Button on_click=move || go.run(to)>"Previous"</Button> })}
            {faults::next(current).map(|to| {
                view! {
                    <Button kind=ButtonKind::Primary busy=busy on_click=move || forward(wizard, current, to, go, busy)>
                        {format!("Next: {}", to.label())}
                    </Button>
                }
            })}
        }
        .into_any(),
    };
    view! { <WizardFoot aside=move || view! { {move || wizard.saving.with(Saving::text)} }>{buttons}</WizardFoot> }.into_any()
}

/// Why Create waits, with the number of faults.
fn why_not(faults: usize) -> Option<String> {
    match faults {
        0 => None,
        1 => Some("One thing needs another look first; it is listed above.".into()),
        count => Some(format!("{count} things need another look first; they are listed above.")),
    }
}

/// Next: goes on once this tab has no fault, the server's own included; else shows what is wrong. Without a connection it goes on with
/// what can be checked here.
fn forward(wizard: Wizard, from: Step, to: Step, go: Callback<Step>, busy: RwSignal<bool>) {
    let refuse = move || {
        wizard
            .fields
            .visited
            .update(|visited| *visited = faults::visited(visited, Some(from), from));
        enter_first_fault();
    };
    if wizard.faults.with_untracked(|found| faults::on_tab(found, from)) {
        refuse();
        return;
    }
    busy.set(true);
    wizard.save(Some(Callback::new(move |_: Outcome| {
        busy.set(false);
        if wizard.faults.with_untracked(|found| faults::on_tab(found, from)) {
            refuse();
        } else {
            go.run(to);
        }
    })));
}

/// What Create does: saves what is not saved, creates, tells, and opens the package (F023).
fn creation(wizard: Wizard, busy: RwSignal<bool>, failed: RwSignal<Option<String>>) -> Callback<()> {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let created = Callback::new(move |package: Named<PackageId>| {
        wizard.end();
        let text = if wizard
            .fields
            .policy
            .audience
            .with_untracked(|word| word == Audience::Nobody.as_str())
        {
            "Nobody can request it; administrators assign it."
        } else if wizard.fields.policy.enabled.get_untracked() {
            "It can be requested in My Access now."
        } else {
            "Requests for it are not enabled."
        };
        toasts.success(format!("{} was created", package.name), text, None);
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&paths::package(package.id, PackagePage::Overview), options);
    });
    let refused = Callback::new(move |error: AppError| {
        busy.set(false);
        if !error.fields().is_empty() {
            wizard.known.update(|known| known.errors = error.fields().to_vec());
        }
        failed.set(Some(error.text()));
    });
    let saved = Callback::new(move |outcome: Outcome| match outcome {
        Err(error) => refused.run(error),
        Ok(()) => {
            let (id, version) = wizard.known.with_untracked(|known| (known.id, known.version));
            leptos::task::spawn_local(async move {
                match create_package(id, version).await {
                    Ok(package) => drop(created.try_run(package)),
                    Err(error) => drop(refused.try_run(error)),
                }
            });
        }
    });
    Callback::new(move |()| {
        if !busy.get_untracked() {
            busy.set(true);
            failed.set(None);
            wizard.save(Some(saved));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f022_create_says_what_it_waits_for() {
        assert_eq!(why_not(0), None);
        assert!(why_not(1).is_some_and(|reason| reason.starts_with("One thing")));
        assert!(why_not(3).is_some_and(|reason| reason.starts_with("3 things")));
    }

    #[test]
    fn f009_a_step_shows_faults_only_once_it_was_left() {
        assert!(state(false, true, true) == StepState::Current);
        assert!(state(true, true, true) == StepState::Error);
        assert!(state(true, false, false) == StepState::Done);
        assert!(state(false, true, false) == StepState::Todo);
    }
}

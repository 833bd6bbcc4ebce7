//! The Requests tab: who can request the package, whether someone approves, and whether requests are taken.

use leptos::prelude::*;

use super::super::pick::SelectSubjects;
use super::super::show;
use super::saving::Wizard;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::policy::{Audience, Scope};
use crate::domain::text::StringEnum;
use crate::ui::*;

/// Users who can request access, Approval, Enable requests (F017 to F020).
#[component]
pub(super) fn RequestsTab(wizard: Wizard) -> AnyView {
    let fields = wizard.fields;
    let in_directory = move || fields.chosen_audience() == Some(Audience::InDirectory);
    let nobody = move || fields.chosen_audience() == Some(Audience::Nobody);
    let specific = move || in_directory() && fields.chosen_scope() == Some(Scope::Specific);
    view! {
        <div class="stack-24">
            <section class="form">
                <SectionTitle title="Users who can request access"/>
                <RadioGroup
                    name="audience"
                    legend="Users who can request access"
                    legend_hidden=true
                    value=fields.audience
                    error=wizard.error_at("requests.audience")
                    options=vec![
                        Choice::new(Audience::InDirectory.as_str(), "For users in your directory")
                            .hint("Some or all of the people in your directory can request this package."),
                        Choice::new(Audience::NotInDirectory.as_str(), "For users not in your directory")
                            .disabled("Not available yet: it needs connected organizations."),
                        Choice::new(Audience::Nobody.as_str(), "None (administrator direct assignments only)")
                            .hint("Nobody can request this package."),
                    ]
                />
                {shown(in_directory, move || view! { <ScopeChoice wizard=wizard/> }.into_any())}
                {shown(specific, move || view! { <Subjects wizard=wizard/> }.into_any())}
            </section>
            {shown(move || !nobody(), move || approval(wizard))}
            <section class="form titled">
                <SectionTitle title="Enable requests"/>
                <YesNo
                    name="enable"
                    legend="Enable requests"
                    value=fields.enabled
                    hint="With Yes, the package can be requested as soon as it is created; with No, by nobody."
                />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn ScopeChoice(wizard: Wizard) -> AnyView {
    view! {
        <RadioGroup
            name="scope"
            legend="Which users in your directory"
            value=wizard.fields.scope
            error=wizard.error_at("requests.scope")
            options=vec![
                Choice::new(Scope::Specific.as_str(), "Specific users and groups"),
                Choice::new(Scope::AllMembers.as_str(), "All members (excluding guests)"),
                Choice::new(Scope::AllUsers.as_str(), "All users (including guests)"),
            ]
        />
    }
    .into_any()
}

fn approval(wizard: Wizard) -> AnyView {
    view! {
        <section class="form">
            <SectionTitle title="Approval"/>
            <YesNo
                name="approval"
                legend="Require approval"
                value=wizard.fields.approval
                error=wizard.error_at("requests.approval")
                disabled_reason="Requests are granted at once. Approval by a person is not available yet."
            />
        </section>
    }
    .into_any()
}

/// The users and groups of a specific scope.
#[component]
fn Subjects(wizard: Wizard) -> AnyView {
    let open = RwSignal::new(false);
    let subjects = wizard.fields.subjects;
    let add = move |chosen: Vec<SubjectItem>| {
        let new: Vec<Subject> = chosen.iter().map(|item| item.subject).collect();
        wizard.known.update(|known| {
            known.subjects.retain(|item| !new.contains(&item.subject));
            known.subjects.extend(chosen);
        });
        subjects.update(|subjects| {
            subjects.retain(|subject| !new.contains(subject));
            subjects.extend(new);
        });
    };
    let error = move || wizard.error_where(|error| error.path.starts_with("requests.subjects"));
    view! {
        <div
            class="stack-8"
            class:field-bad=move || error().is_some()
            role="group"
            aria-label="Users and groups who can request access"
            aria-describedby="subjects-error"
        >
            <ul class="panel-list">
                {keyed(
                    move || subjects.get(),
                    |subject| subject.id().to_string(),
                    move |subject| view! { <SubjectRow wizard=wizard subject=subject/> }.into_any(),
                )}
            </ul>
            <div class="row">
                <Button icon=Icon::Add on_click=move || open.set(true)>"Add users and groups"</Button>
            </div>
            <div class="field-error" id="subjects-error" aria-live="polite">
                {move || error().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
            </div>
        </div>
        <SelectSubjects open=open listed=subjects on_select=add/>
    }
    .into_any()
}

#[component]
fn SubjectRow(wizard: Wizard, subject: Subject) -> AnyView {
    let item = Memo::new(move |_| {
        let found = wizard
            .known
            .with(|known| known.subjects.iter().find(|item| item.subject == subject).cloned());
        found.unwrap_or_else(|| unknown(subject, wizard.is_settled()))
    });
    let remove = move || wizard.fields.subjects.update(|subjects| subjects.retain(|other| *other != subject));
    let row = move || {
        let item = item.get();
        let label = ["Remove ", &item.name].concat();
        view! {
            <li>
                <Avatar name=item.name.clone() square=matches!(subject, Subject::Group(_))/>
                <span class="two-line grow">
                    <span class="break">{item.name}</span>
                    <small>{item.detail}</small>
                </span>
                {item.deleted.then(show::deleted)}
                <IconButton icon=Icon::Dismiss label=label on_click=remove/>
            </li>
        }
    };
    row.into_any()
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

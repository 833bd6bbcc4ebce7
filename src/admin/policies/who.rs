//! The first half of a policy's form: who can request the package, whether someone approves, and whether requests are taken.

use leptos::prelude::*;

use super::PolicyFields;
use crate::admin::form::Errors;
use crate::admin::objects;
use crate::admin::pickers::SelectSubjects;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::policy::{Audience, Scope};
use crate::domain::text::StringEnum;
use crate::ui::*;

/// Users who can request access, Approval, Enable requests (F017 to F020).
///
/// `known` names a chosen user or group; `on_choose` hears of those that were just selected, with their names.
#[component]
pub fn WhoForm(
    fields: PolicyFields,
    errors: Errors,
    known: Callback<Subject, SubjectItem>,
    on_choose: Callback<Vec<SubjectItem>>,
) -> AnyView {
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
                    error=errors.at("audience")
                    options=vec![
                        Choice::new(Audience::InDirectory.as_str(), "For users in your directory")
                            .hint("Some or all of the people in your directory can request this package."),
                        Choice::new(Audience::NotInDirectory.as_str(), "For users not in your directory")
                            .disabled("Not available yet: it needs connected organizations."),
                        Choice::new(Audience::Nobody.as_str(), "None (administrator direct assignments only)")
                            .hint("Nobody can request this package."),
                    ]
                />
                {shown(in_directory, move || scope(fields, errors))}
                {shown(specific, move || view! { <Subjects fields=fields errors=errors known=known on_choose=on_choose/> }.into_any())}
            </section>
            {shown(move || !nobody(), move || approval(fields, errors))}
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

fn scope(fields: PolicyFields, errors: Errors) -> AnyView {
    view! {
        <RadioGroup
            name="scope"
            legend="Which users in your directory"
            value=fields.scope
            error=errors.at("scope")
            options=vec![
                Choice::new(Scope::Specific.as_str(), "Specific users and groups"),
                Choice::new(Scope::AllMembers.as_str(), "All members (excluding guests)"),
                Choice::new(Scope::AllUsers.as_str(), "All users (including guests)"),
            ]
        />
    }
    .into_any()
}

fn approval(fields: PolicyFields, errors: Errors) -> AnyView {
    view! {
        <section class="form">
            <SectionTitle title="Approval"/>
            <YesNo
                name="approval"
                legend="Require approval"
                value=fields.approval
                error=errors.at("approval")
                disabled_reason="Requests are granted at once. Approval by a person is not available yet."
            />
        </section>
    }
    .into_any()
}

/// The users and groups of a specific scope.
#[component]
fn Subjects(fields: PolicyFields, errors: Errors, known: Callback<Subject, SubjectItem>, on_choose: Callback<Vec<SubjectItem>>) -> AnyView {
    let open = RwSignal::new(false);
    let subjects = fields.subjects;
    let add = move |chosen: Vec<SubjectItem>| {
        let new: Vec<Subject> = chosen.iter().map(|item| item.subject).collect();
        on_choose.run(chosen);
        subjects.update(|subjects| {
            subjects.retain(|subject| !new.contains(subject));
            subjects.extend(new);
        });
    };
    let error = errors.at("subjects");
    view! {
        <div
            class="stack-8"
            class:field-bad=move || error.with(Option::is_some)
            role="group"
            aria-label="Users and groups who can request access"
            aria-describedby="subjects-error"
        >
            <ul class="panel-list">
                {keyed(
                    move || subjects.get(),
                    |subject| subject.id().to_string(),
                    move |subject| view! { <SubjectRow subjects=subjects subject=subject known=known/> }.into_any(),
                )}
            </ul>
            <div class="row">
                <Button icon=Icon::Add on_click=move || open.set(true)>"Add users and groups"</Button>
            </div>
            <div class="field-error" id="subjects-error" aria-live="polite">
                {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
            </div>
        </div>
        <SelectSubjects open=open listed=subjects on_select=add/>
    }
    .into_any()
}

#[component]
fn SubjectRow(subjects: RwSignal<Vec<Subject>>, subject: Subject, known: Callback<Subject, SubjectItem>) -> AnyView {
    let item = Memo::new(move |_| known.run(subject));
    let remove = move || subjects.update(|subjects| subjects.retain(|other| *other != subject));
    let row = move || {
        let item = item.get();
        let label = format!("Remove {}", item.name);
        view! {
            <li>
                <Avatar name=item.name.clone() square=matches!(subject, Subject::Group(_))/>
                <span class="two-line grow">
                    <span class="break">{item.name}</span>
                    <small>{item.detail}</small>
                </span>
                {item.deleted.then(objects::deleted)}
                <IconButton icon=Icon::Dismiss label=label on_click=remove/>
            </li>
        }
    };
    row.into_any()
}

//! The first half of a policy's form, the Requests tab: who can request the package, approval, whether requests are taken, and what is
//! asked of the requestor.

use leptos::prelude::*;

use super::approval::approval;
use super::questions::questions;
use super::{People, PolicyFields};
use crate::admin::form::Errors;
use crate::domain::policy::{Audience, Scope};
use crate::domain::text::StringEnum;
use crate::ui::*;

/// Users who can request access, Approval, Enable requests, Requestor information (F017 to F020, F086 to F108).
pub(super) fn who(fields: PolicyFields, errors: Errors, people: People, attributes: ViewFn) -> AnyView {
    let nobody = move || fields.chosen_audience() == Some(Audience::Nobody);
    view! {
        <div class="stack-24">
            {audience(fields, errors, people)}
            {shown(move || !nobody(), move || approval(fields, errors, people))}
            <section class="form titled">
                <SectionTitle title="Enable requests"/>
                <YesNo
                    name="enable"
                    legend="Enable requests"
                    value=fields.enabled
                    hint="With Yes, the package can be requested as soon as it is created; with No, by nobody."
                />
                {shown(move || fields.enabled.get() && !nobody(), move || {
                    view! {
                        <YesNo
                            name="on-behalf"
                            legend="Allow managers to request on behalf of their employees"
                            value=fields.on_behalf
                            error=errors.at("on_behalf")
                            hint="With Yes, a manager can request the package for the people who report to them."
                        />
                    }
                    .into_any()
                })}
            </section>
            {questions(fields, errors)}
            {attributes.run()}
        </div>
        {people.pane()}
    }
    .into_any()
}

fn audience(fields: PolicyFields, errors: Errors, people: People) -> AnyView {
    let in_directory = move || fields.chosen_audience() == Some(Audience::InDirectory);
    let outside = move || fields.chosen_audience() == Some(Audience::NotInDirectory);
    let specific = move || in_directory() && fields.chosen_scope() == Some(Scope::Specific);
    let organizations = move || outside() && fields.chosen_scope() == Some(Scope::SpecificOrganizations);
    let subjects = move || {
        let label = "Users and groups who can request access";
        people.list(
            "subjects".into(),
            label,
            "Add users and groups",
            fields.subjects,
            errors.at("subjects"),
        )
    };
    let directories = move || {
        let label = "Connected organizations whose users can request access";
        people.list_of(
            true,
            ("organizations".into(), label.into()),
            "Add directories",
            fields.subjects,
            errors.at("subjects"),
        )
    };
    view! {
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
                        .hint("Guests from connected organizations, or from anywhere, can request this package."),
                    Choice::new(Audience::Nobody.as_str(), "None (administrator direct assignments only)")
                        .hint("Nobody can request this package."),
                ]
            />
            {shown(in_directory, move || scope(fields, errors, "Which users in your directory", Scope::IN_DIRECTORY))}
            {shown(specific, subjects)}
            {shown(outside, move || scope(fields, errors, "Which users not in your directory", Scope::NOT_IN_DIRECTORY))}
            {shown(organizations, directories)}
        </section>
    }
    .into_any()
}

fn scope(fields: PolicyFields, errors: Errors, legend: &'static str, choices: [Scope; 3]) -> AnyView {
    view! {
        <RadioGroup
            name="scope"
            legend=legend
            value=fields.scope
            error=errors.at("scope")
            options=choices.map(|scope| Choice::new(scope.as_str(), scope.label())).to_vec()
        />
    }
    .into_any()
}

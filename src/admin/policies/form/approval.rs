//! The Approval section: whether somebody decides, how many stages, and what is shown of who decides.

use leptos::prelude::*;

use super::fields::{APPROVE_ALL, APPROVE_EXTENSIONS};
use super::stage::StageCard;
use super::{People, PolicyFields};
use crate::admin::form::Errors;
use crate::domain::approval::{ApproverDetails, STAGES_MAX};
use crate::domain::policy::StageForm;
use crate::domain::text::StringEnum;
use crate::ui::*;

/// Require approval, and all that it reveals (F019, F086).
pub(super) fn approval(fields: PolicyFields, errors: Errors, people: People) -> AnyView {
    // No hides the stages and clears them.
    Effect::new(move |was: Option<bool>| {
        let is = fields.approval.get();
        if was == Some(true) && !is {
            fields.stages.set(vec![fields.stage(&StageForm::default())]);
            fields.justification.set(true);
            fields.approval_for.set(APPROVE_ALL.to_owned());
        }
        is
    });
    view! {
        <section class="form">
            <SectionTitle title="Approval"/>
            <YesNo
                name="approval"
                legend="Require approval"
                value=fields.approval
                hint="With No, requests are granted at once. With Yes, somebody decides first."
            />
            {shown(move || fields.approval.get(), move || stages(fields, errors, people))}
        </section>
    }
    .into_any()
}

fn stages(fields: PolicyFields, errors: Errors, people: People) -> AnyView {
    view! {
        <YesNo
            name="justification"
            legend="Require requestor justification"
            value=fields.justification
            hint="With Yes, the business justification must be filled in. Approvers read it."
        />
        {stage_count(fields, errors)}
        {keyed(
            move || fields.stages.get(),
            |stage| stage.key.to_string(),
            move |stage| view! { <StageCard fields=fields stage=stage errors=errors people=people/> }.into_any(),
        )}
        <Checkbox name="advanced" label="Show advanced request settings" checked=fields.advanced/>
        {shown(
            move || fields.advanced.get(),
            move || view! { {approval_for(fields, errors)} {approver_details(fields)} }.into_any(),
        )}
    }
    .into_any()
}

/// How many stages (F088). More are added at the end; fewer take the last away.
fn stage_count(fields: PolicyFields, errors: Errors) -> AnyView {
    let count = RwSignal::new(String::new());
    Effect::new(move |_| count.set(fields.stages.with(Vec::len).to_string()));
    count.set(fields.stages.with_untracked(Vec::len).to_string());
    let change = move |count: String| {
        let Ok(wanted) = count.parse::<usize>() else { return };
        let more: Vec<_> = (fields.stages.with_untracked(Vec::len)..wanted)
            .map(|_| fields.stage(&StageForm::default()))
            .collect();
        fields.stages.update(|stages| {
            stages.truncate(wanted);
            stages.extend(more);
        });
    };
    let options: Vec<(String, String)> = (1..=STAGES_MAX).map(|number| (number.to_string(), number.to_string())).collect();
    view! {
        <SelectField
            name="stage-count"
            label="How many stages"
            value=count
            options=options
            error=errors.at("stage_count")
            hint="One after another: each begins when the one before it has approved."
            on_change=change
        />
    }
    .into_any()
}

/// Whether new access needs approval too, or extensions alone (F083).
fn approval_for(fields: PolicyFields, errors: Errors) -> AnyView {
    view! {
        <RadioGroup
            name="approval-for"
            legend="What needs approval"
            value=fields.approval_for
            error=errors.at("extensions_only")
            hint="Whether extensions need it is chosen under Expiration."
            options=vec![
                Choice::new(APPROVE_ALL, "New access, and extensions where that is chosen"),
                Choice::new(APPROVE_EXTENSIONS, "Extensions only; new access is granted at once"),
            ]
        />
    }
    .into_any()
}

/// Show approver details (F102).
fn approver_details(fields: PolicyFields) -> AnyView {
    view! {
        <RadioGroup
            name="approver-details"
            legend="Show approver details on pending access package requests"
            value=fields.approver_details
            inline=true
            hint="Whether requestors see the names of those who decide. Default follows the settings of the tenant."
            options=vec![
                Choice::new(ApproverDetails::Shown.as_str(), "Yes"),
                Choice::new(ApproverDetails::Hidden.as_str(), "No"),
                Choice::new(ApproverDetails::Tenant.as_str(), "Default"),
            ]
        />
    }
    .into_any()
}

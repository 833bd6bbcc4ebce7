//! What an approval stage shows among the advanced settings: whose yes it takes, whom to ask when nobody acts, and where the stage counts.
//! A part of the bundle of its own, which comes when the settings are opened.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::stage::{Stage, Words, asked};
use super::stage_fields::QuestionFields;
use crate::domain::approval::DAYS_TO_FORWARD_MIN;
use crate::domain::policy::ModeKind;
use crate::domain::text::StringEnum;
use crate::ui::*;

/// The settings of a stage, once their part is there.
pub(super) fn advanced(this: Stage) -> AnyView {
    part_on_opening("policy_stage_advanced", RwSignal::new(true), move || Box::pin(settings_view(this)))
}

#[wasm_split(policy_stage_advanced, wasm_split_path = ::leptos::wasm_split, fallible)]
fn settings_view(this: Stage) -> Result<AnyView, MissingPart> {
    Ok(settings(this))
}

/// Whose yes it takes, forwarding, and where the stage counts.
fn settings(this: Stage) -> AnyView {
    let stage = this.stage;
    let number = move || stage.chosen_mode() == ModeKind::AtLeast;
    view! {
        <RadioGroup
            name=this.id("mode")
            legend="Who must approve"
            value=stage.mode
            options=vec![
                Choice::new(ModeKind::AnyOne.as_str(), "Any one of them"),
                Choice::new(ModeKind::AllOf.as_str(), "All of them"),
                Choice::new(ModeKind::AtLeast.as_str(), "A number of them"),
            ]
        />
        {shown(number, move || {
            view! {
                <NumberField
                    name=this.id("mode-number")
                    label="How many of them"
                    suffix="approvers"
                    required=true
                    value=stage.mode_number
                    error=this.error("mode")
                />
            }
            .into_any()
        })}
        {forwarding(this)}
        {conditions(this)}
    }
    .into_any()
}

/// Where the stage counts: all that is said here must hold, or it is passed over.
fn conditions(this: Stage) -> AnyView {
    let stage = this.stage;
    let questions = move || {
        let asked = this.fields.questions.get().into_iter();
        let option = |question: QuestionFields| (question.id.to_string(), question.text.get());
        asked.map(option).filter(|(_, text)| !text.trim().is_empty()).collect::<Vec<_>>()
    };
    let questions = Memo::new(move |_| questions());
    let answered = move || stage.answered.with(|id| !id.is_empty());
    view! {
        <p class="field-label">"Only in some cases"</p>
        <p class="field-hint">"All that is filled in here must hold for the stage to count; otherwise it is passed over."</p>
        <Checkbox name=this.id("guests") label="Only for guests" checked=stage.guests/>
        <NumberField
            name=this.id("longer-than")
            label="Only where access is asked for longer than"
            suffix="days"
            value=stage.longer_than
            error=this.error("longer_than")
            hint="Leave it empty for any time."
        />
        <SelectField
            name=this.id("answered")
            label="Only where this question has a certain answer"
            value=stage.answered
            options=Signal::derive(move || questions.get())
            placeholder="Whatever is answered"
            error=this.error("answered")
        />
        {shown(answered, move || {
            view! {
                <TextField
                    name=this.id("answer")
                    label="The answer"
                    required=true
                    value=stage.answer
                    error=this.error("answer")
                    autocomplete="off"
                    hint="As it is typed or chosen, without regard to case."
                />
            }
            .into_any()
        })}
        <TextField
            name=this.id("condition")
            label="Only for people for whom this rule holds"
            value=stage.condition
            error=this.error("condition")
            autocomplete="off"
            hint="Leave it empty for everybody. Example: user.department -eq \"Sales\"."
        />
    }
    .into_any()
}

/// If no action taken, forward to alternate approvers (F099 to F101).
fn forwarding(this: Stage) -> AnyView {
    let stage = this.stage;
    view! {
        <YesNo
            name=this.id("forward")
            legend="If no action taken, forward to alternate approvers?"
            value=stage.forward
            hint=format!("It needs at least {DAYS_TO_FORWARD_MIN} days to decide.")
        />
        {shown(move || stage.forward.get(), move || {
            view! {
                {asked(this, stage.alternates, Words::ALTERNATES)}
                <NumberField
                    name=this.id("forward-days")
                    label="Forward to alternate approver(s) after how many days?"
                    suffix="days"
                    required=true
                    value=stage.forward_days
                    error=this.error("forward_days")
                    hint="At least 1, and less than the days in which a decision must be made."
                />
            }
            .into_any()
        })}
    }
    .into_any()
}

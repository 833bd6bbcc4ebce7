//! One approval stage of the form: who approves and who stands in, in how many days, and among the advanced settings whose yes it takes,
//! whom to ask when nobody acts, and where the stage counts.

use leptos::prelude::*;

use super::stage_fields::{ApproversFields, QuestionFields, StageFields};
use super::{People, PolicyFields};
use crate::admin::form::Errors;
use crate::domain::approval::{DAYS_TO_DECIDE_MAX, DAYS_TO_FORWARD_MIN};
use crate::domain::policy::{ApproverKind, ModeKind, subject_set};
use crate::domain::subject::SubjectSet;
use crate::domain::text::StringEnum;
use crate::ui::*;

/// First, Second and so on.
const ORDINALS: [&str; 10] = [
    "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
];

/// A stage, with the errors at its place among the others.
#[derive(Clone, Copy)]
struct Stage {
    fields: PolicyFields,
    stage: StageFields,
    errors: Errors,
    people: People,
}

impl Stage {
    /// Its place, from 0 on; follows what comes and goes before it.
    fn at(self) -> usize {
        let key = self.stage.key;
        self.fields
            .stages
            .with(|stages| stages.iter().position(|stage| stage.key == key).unwrap_or_default())
    }

    fn error(self, field: &'static str) -> Signal<Option<String>> {
        self.errors.found(move || format!("stages.{}.{field}", self.at()))
    }

    fn id(self, field: &str) -> String {
        format!("stage-{}-{field}", self.stage.key)
    }

    /// The kinds that another stage has, of those that can decide in one stage only (F091).
    fn taken(self) -> Vec<ApproverKind> {
        let key = self.stage.key;
        let others = self.fields.stages.get();
        let others = others.into_iter().filter(|stage| stage.key != key);
        others.flat_map(|stage| stage.asked.form().relations_in_force().to_vec()).collect()
    }
}

/// The controls of a stage (F087 to F095, F099 to F101).
#[component]
pub(super) fn StageCard(fields: PolicyFields, stage: StageFields, errors: Errors, people: People) -> AnyView {
    let this = Stage {
        fields,
        stage,
        errors,
        people,
    };
    let title = move || format!("{} approver", ORDINALS.get(this.at()).unwrap_or(&"Next"));
    let remove = move || fields.stages.update(|stages| stages.retain(|other| other.key != stage.key));
    let removable = move || fields.stages.with(|stages| stages.len() > 1);
    view! {
        <section class="card form" role="group" aria-label=title>
            <div class="card-head">
                <h3 class="card-title">{title}</h3>
                <div class="card-actions">
                    {shown(removable, move || {
                        view! {
                            {move || view! { <IconButton icon=Icon::Delete label=format!("Remove {}", title().to_lowercase()) on_click=remove/> }}
                        }
                        .into_any()
                    })}
                </div>
            </div>
            {asked(this, stage.asked, Words::APPROVERS)}
            <NumberField
                name=this.id("days")
                label="Decision must be made in how many days?"
                suffix="days"
                required=true
                value=stage.days
                error=this.error("days")
                hint=format!("1 to {DAYS_TO_DECIDE_MAX} days. Without a decision by then, the request expires.")
            />
            <YesNo
                name=this.id("justification")
                legend="Require approver justification"
                value=stage.justification
                hint="With Yes, approvers say why. The requestor and the other approvers read it."
            />
            {shown(move || fields.advanced.get(), move || advanced(this))}
        </section>
    }
    .into_any()
}

/// What the choice of approvers is called, for a stage and for its alternates.
#[derive(Clone, Copy)]
struct Words {
    field: &'static str,
    fallback_field: &'static str,
    legend: &'static str,
    people: &'static str,
    add: &'static str,
    fallbacks: &'static str,
    add_fallback: &'static str,
    alternate: bool,
}

impl Words {
    const APPROVERS: Self = Self {
        field: "approvers",
        fallback_field: "fallbacks",
        legend: "Who approves",
        people: "Approvers",
        add: "Add approvers",
        fallbacks: "Fallback approvers",
        add_fallback: "Add fallback",
        alternate: false,
    };
    const ALTERNATES: Self = Self {
        field: "alternates",
        fallback_field: "alternate_fallbacks",
        legend: "Alternate approvers",
        people: "Alternate approvers by name",
        add: "Add alternate approvers",
        fallbacks: "Fallback alternate approvers",
        add_fallback: "Add fallback for alternates",
        alternate: true,
    };
}

/// Who is asked, and who stands in (F090 to F094).
fn asked(this: Stage, asked: ApproversFields, words: Words) -> AnyView {
    let named = move || asked.chosen().is_some_and(ApproverKind::names_people);
    let chosen = move || asked.chosen().is_some();
    let several = move || asked.chosen() == Some(ApproverKind::Several);
    let required = Memo::new(move |_| !asked.form().relations_in_force().is_empty());
    let list_error = this.error(words.field);
    // Until a kind is chosen the fault stands there, afterwards at the list.
    let kind_error = Signal::derive(move || list_error.get().filter(|_| !named()));
    let taken = Memo::new(move |_| if words.alternate { Vec::new() } else { this.taken() });
    let kinds = move || {
        let taken = taken.get();
        view! {
            <RadioGroup
                name=this.id(words.field)
                legend=words.legend
                required=true
                value=asked.kind
                error=kind_error
                options=options(&taken, words.alternate)
            />
        }
    };
    let people = move || {
        let error = Signal::derive(move || list_error.get().filter(|_| named()));
        this.people.list(
            this.id(&format!("{}-people", words.field)),
            words.people,
            words.add,
            asked.people,
            error,
        )
    };
    let fallbacks = move || {
        let hint = if required.get() {
            "Required: whoever decides where the requestor has no manager or sponsor."
        } else {
            "Whoever decides where none of these can, for instance on a request of their own."
        };
        view! {
            <div class="field">
                <p class="field-label">
                    {words.fallbacks}
                    {move || required.get().then(|| view! { <span class="field-required" aria-hidden="true">" *"</span> })}
                </p>
                <p class="field-hint">{hint}</p>
                {this.people.list(
                    this.id(words.fallback_field),
                    words.fallbacks,
                    words.add_fallback,
                    asked.fallbacks,
                    this.error(words.fallback_field),
                )}
            </div>
        }
        .into_any()
    };
    view! {
        {kinds}
        {shown(several, move || relations(this, asked, words))}
        {shown(named, people)}
        {shown(chosen, fallbacks)}
    }
    .into_any()
}

/// Of several kinds: which relations are among them, and what no control can choose, with a button that takes it away.
fn relations(this: Stage, asked: ApproversFields, words: Words) -> AnyView {
    let boxes = asked.relations.map(|(kind, on)| {
        let label = match kind {
            ApproverKind::Manager => "Manager",
            ApproverKind::SecondLevelManager => "Second level manager",
            _ => "Sponsors",
        };
        view! { <Checkbox name=this.id(&format!("{}-{}", words.field, kind.as_str())) label=label checked=on/> }.into_any()
    });
    let row = move |set: SubjectSet| {
        // Users and groups have a list of their own.
        let text = subject_set(&set, &|_| String::new());
        let label = format!("Remove {text}");
        let remove = move || asked.also.update(|also| also.retain(|other| *other != set));
        view! { <li><span class="grow break">{text}</span><IconButton icon=Icon::Dismiss label=label on_click=remove/></li> }
    };
    let also = move || asked.also.get().into_iter().map(row).collect_view();
    view! {
        <div class="stack-8" role="group" aria-label="By relation to the requestor">{boxes.into_iter().collect_any()}</div>
        {shown(
            move || asked.also.with(|also| !also.is_empty()),
            move || view! { <ul class="panel-list">{also}</ul> }.into_any(),
        )}
    }
    .into_any()
}

/// What can be chosen: a manager or the sponsors only where no other stage asks them.
fn options(taken: &[ApproverKind], alternate: bool) -> Vec<Choice> {
    let choice = |kind: &ApproverKind| {
        let label = match (kind, alternate) {
            (ApproverKind::Manager, true) => "Manager as alternate approver",
            (ApproverKind::SecondLevelManager, true) => "Second level manager as alternate approver",
            (ApproverKind::Sponsors, true) => "Sponsors as alternate approvers",
            (ApproverKind::Specific, true) => "Choose specific alternate approvers",
            (ApproverKind::Several, true) => "Several of these as alternates",
            (kind, false) => kind.label(),
        };
        let choice = Choice::new(kind.as_str(), label);
        match taken.contains(kind) {
            true => choice.disabled("Chosen in another stage; it can be chosen once."),
            false => choice,
        }
    };
    ApproverKind::ALL.iter().map(choice).collect()
}

/// Whose yes it takes, forwarding, and where the stage counts.
fn advanced(this: Stage) -> AnyView {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::approval::STAGES_MAX;

    #[test]
    fn f088_every_stage_has_its_ordinal() {
        assert!(ORDINALS.len() >= STAGES_MAX);
    }
}

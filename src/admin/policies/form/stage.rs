//! One approval stage of the form: who approves and who stands in, and in how many days.

use leptos::prelude::*;

use super::stage_advanced::advanced;
use super::stage_fields::{ApproversFields, StageFields};
use super::{People, PolicyFields};
use crate::admin::form::Errors;
use crate::domain::approval::DAYS_TO_DECIDE_MAX;
use crate::domain::policy::{ApproverKind, Audience, subject_set};
use crate::domain::subject::SubjectSet;
use crate::domain::text::StringEnum;
use crate::ui::*;

/// First, Second and so on.
const ORDINALS: [&str; 10] = [
    "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
];

/// A stage, with the errors at its place among the others.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    pub fields: PolicyFields,
    pub stage: StageFields,
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

    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        self.errors.found(move || format!("stages.{}.{field}", self.at()))
    }

    pub fn id(self, field: &str) -> String {
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
                            {move || view! { <IconButton icon=Icon::Delete label=format!("Remove {}", title().to_ascii_lowercase()) on_click=remove/> }}
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
pub(super) struct Words {
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
    pub const ALTERNATES: Self = Self {
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
pub(super) fn asked(this: Stage, asked: ApproversFields, words: Words) -> AnyView {
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
        let outside =
            this.fields.chosen_audience() == Some(Audience::NotInDirectory) || asked.chosen().is_some_and(|kind| !offered(kind, false));
        view! {
            <RadioGroup
                name=this.id(words.field)
                legend=words.legend
                required=true
                value=asked.kind
                error=kind_error
                options=options(&taken, words.alternate, outside)
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
    let outside = this.fields.chosen_audience() == Some(Audience::NotInDirectory);
    let offered = asked
        .relations
        .into_iter()
        .filter(|(kind, on)| offered(*kind, outside) || on.get_untracked());
    let boxes = offered.map(|(kind, on)| {
        let label = match kind {
            ApproverKind::Manager => "Manager",
            ApproverKind::SecondLevelManager => "Second level manager",
            ApproverKind::InternalSponsors => "Internal sponsors",
            ApproverKind::ExternalSponsors => "External sponsors",
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
        <div class="stack-8" role="group" aria-label="By relation to the requestor">{boxes.collect_any()}</div>
        {shown(
            move || asked.also.with(|also| !also.is_empty()),
            move || view! { <ul class="panel-list">{also}</ul> }.into_any(),
        )}
    }
    .into_any()
}

/// Whether a kind can be chosen: the sponsors of a connected organization only where requestors are from outside.
fn offered(kind: ApproverKind, outside: bool) -> bool {
    outside || !matches!(kind, ApproverKind::InternalSponsors | ApproverKind::ExternalSponsors)
}

/// What can be chosen: a manager or the sponsors only where no other stage asks them.
fn options(taken: &[ApproverKind], alternate: bool, outside: bool) -> Vec<Choice> {
    let choice = |kind: &ApproverKind| {
        let label = match (kind, alternate) {
            (ApproverKind::Manager, true) => "Manager as alternate approver",
            (ApproverKind::SecondLevelManager, true) => "Second level manager as alternate approver",
            (ApproverKind::Sponsors, true) => "Sponsors as alternate approvers",
            (ApproverKind::InternalSponsors, true) => "Internal sponsor as alternate approver",
            (ApproverKind::ExternalSponsors, true) => "External sponsor as alternate approver",
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
    let all = ApproverKind::ALL.iter().filter(|kind| offered(**kind, outside));
    all.map(choice).collect()
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

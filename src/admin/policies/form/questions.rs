//! Requestor information: the questions that are asked with a request, in their order, with translations.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::PolicyFields;
use super::stage_fields::{LocalizedFields, QuestionFields};
use crate::admin::form::Errors;
use crate::domain::question::{QUESTIONS_MAX, QuestionKind};
use crate::domain::text::StringEnum;
use crate::ui::*;

/// The section with its questions (F105 to F108).
pub(super) fn questions(fields: PolicyFields, errors: Errors) -> AnyView {
    let add = move || {
        let question = fields.new_question();
        fields.questions.update(|questions| questions.push(question));
    };
    let full = move || {
        fields
            .questions
            .with(|questions| questions.len() >= QUESTIONS_MAX)
            .then(|| format!("A policy asks at most {QUESTIONS_MAX} questions."))
    };
    view! {
        <section class="form titled">
            <SectionTitle
                title="Requestor information"
                text="Questions that are asked with each request, in this order. Approvers read the answers."
            />
            {keyed(
                move || fields.questions.get(),
                |question| question.key.to_string(),
                move |question| view! { <QuestionCard fields=fields question=question errors=errors/> }.into_any(),
            )}
            <div class="row">
                <Button id="add-question" icon=Icon::Add disabled_reason=Signal::derive(full) on_click=add>"Add question"</Button>
            </div>
        </section>
    }
    .into_any()
}

/// A question at its place among the others.
#[derive(Clone, Copy)]
struct Asked {
    fields: PolicyFields,
    question: QuestionFields,
    errors: Errors,
}

impl Asked {
    fn at(self) -> usize {
        let key = self.question.key;
        let place = |questions: &Vec<QuestionFields>| questions.iter().position(|question| question.key == key);
        self.fields.questions.with(place).unwrap_or_default()
    }

    fn error(self, field: &'static str) -> Signal<Option<String>> {
        self.errors.found(move || format!("questions.{}.{field}", self.at()))
    }

    fn id(self, field: &str) -> String {
        format!("question-{}-{field}", self.question.key)
    }

    fn is_choice(self) -> bool {
        self.question.chosen_kind() == QuestionKind::MultipleChoice
    }

    /// Moves it by one place.
    fn swap(self, with: usize) {
        let at = untrack(|| self.at());
        self.fields.questions.update(|questions| {
            if with < questions.len() {
                questions.swap(at, with);
            }
        });
    }

    fn remove(self) {
        let key = self.question.key;
        self.fields
            .questions
            .update(|questions| questions.retain(|question| question.key != key));
    }
}

/// One question, a part of the bundle of its own: most policies ask none.
#[component]
fn QuestionCard(fields: PolicyFields, question: QuestionFields, errors: Errors) -> AnyView {
    part_on_opening("policy_question", RwSignal::new(true), move || {
        Box::pin(card_view(fields, question, errors))
    })
}

#[wasm_split(policy_question, wasm_split_path = ::leptos::wasm_split, fallible)]
fn card_view(fields: PolicyFields, question: QuestionFields, errors: Errors) -> Result<AnyView, MissingPart> {
    Ok(card(fields, question, errors))
}

fn card(fields: PolicyFields, question: QuestionFields, errors: Errors) -> AnyView {
    let this = Asked { fields, question, errors };
    let title = move || format!("Question {}", this.at() + 1);
    let is_first = move || this.at() == 0;
    let is_last = move || this.at() + 1 == fields.questions.with(Vec::len);
    let button = move |icon: Icon, verb: &'static str, press: Callback<()>| {
        view! { {move || view! { <IconButton icon=icon label=format!("{verb} question {}", this.at() + 1) on_click=press/> }} }.into_any()
    };
    let up = Callback::new(move |()| this.swap(untrack(|| this.at()).saturating_sub(1)));
    let down = Callback::new(move |()| this.swap(untrack(|| this.at()) + 1));
    view! {
        <section class="card form" role="group" aria-label=title>
            <div class="card-head">
                <h3 class="card-title">{title}</h3>
                <div class="card-actions">
                    {shown(move || !is_first(), move || button(Icon::ChevronUp, "Move up", up))}
                    {shown(move || !is_last(), move || button(Icon::ChevronDown, "Move down", down))}
                    {button(Icon::Delete, "Remove", Callback::new(move |()| this.remove()))}
                </div>
            </div>
            <TextField
                name=this.id("text")
                label="Question text"
                required=true
                value=question.text
                error=this.error("text")
                autocomplete="off"
            />
            {format_and_values(this)}
            <Checkbox name=this.id("required") label="Required" checked=question.required/>
            {keyed(
                move || question.localized.get(),
                |text| text.key.to_string(),
                move |text| localization(this, text),
            )}
            <div class="row">
                <Button
                    icon=Icon::Add
                    on_click=move || {
                        let language = fields.language();
                        question.localized.update(|texts| texts.push(language));
                    }
                >
                    "Add localization"
                </Button>
            </div>
        </section>
    }
    .into_any()
}

/// Answer format, and what goes with it: the values of a multiple choice, or what a text must match.
fn format_and_values(this: Asked) -> AnyView {
    let question = this.question;
    let formats = [
        (QuestionKind::ShortText, "Short text"),
        (QuestionKind::LongText, "Long text"),
        (QuestionKind::MultipleChoice, "Multiple choice"),
    ];
    let options: Vec<(String, String)> = formats.map(|(kind, label)| (kind.as_str().to_owned(), label.to_owned())).to_vec();
    view! {
        <SelectField name=this.id("kind") label="Answer format" value=question.kind options=options/>
        {either(
            move || this.is_choice(),
            move || {
                view! {
                    <TextArea
                        name=this.id("choices")
                        label="Answer values"
                        required=true
                        value=question.choices
                        error=this.error("choices")
                        hint="One a line."
                    />
                }
                .into_any()
            },
            move || {
                view! {
                    <TextField
                        name=this.id("pattern")
                        label="Regular expression"
                        value=question.pattern
                        error=this.error("pattern")
                        autocomplete="off"
                        hint="What the whole answer must match, such as [0-9]{4}. Leave it empty to take any text."
                    />
                }
                .into_any()
            },
        )}
    }
    .into_any()
}

/// The question in one more language (F107).
fn localization(this: Asked, text: LocalizedFields) -> AnyView {
    let localized = this.question.localized;
    let at = move || localized.with(|texts| texts.iter().position(|other| other.key == text.key).unwrap_or_default());
    let error = move |field: &'static str| {
        this.errors
            .found(move || format!("questions.{}.localized.{}.{field}", this.at(), at()))
    };
    let id = move |field: &str| this.id(&format!("{}-{field}", text.key));
    let remove = move || localized.update(|texts| texts.retain(|other| other.key != text.key));
    let label = move || match text.language.get().trim() {
        "" => "Remove localization".to_owned(),
        language => format!("Remove localization {language}"),
    };
    view! {
        <div class="form" role="group" aria-label="Localization">
            <div class="row">
                <TextField
                    name=id("language")
                    label="Language code"
                    required=true
                    value=text.language
                    error=error("language")
                    autocomplete="off"
                    short=true
                    hint="Such as es or pt-BR."
                />
                {move || view! { <IconButton icon=Icon::Delete label=label() on_click=remove/> }}
            </div>
            <TextField
                name=id("text")
                label="Localized question text"
                required=true
                value=text.text
                error=error("text")
                autocomplete="off"
            />
            {shown(move || this.is_choice(), move || {
                view! {
                    <TextArea
                        name=id("choices")
                        label="Localized answer values"
                        value=text.choices
                        error=error("choices")
                        hint="One a line, in the order of the answer values. Leave it empty to show those as they are."
                    />
                }
                .into_any()
            })}
        </div>
    }
    .into_any()
}

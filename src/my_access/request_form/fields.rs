//! The second step of a request: questions in their order, the Business justification, the dates, and what would become of it.

use leptos::{ev::SubmitEvent, html::Div, prelude::*};
use leptos::{wasm_bindgen::JsCast, web_sys};

use super::draft::Draft;
use super::{Asked, FORM, outlook};
use crate::domain::expiration::Expiration;
use crate::domain::offer::RequestPane;
use crate::domain::question::{AskedQuestion, QuestionKind};
use crate::domain::request::{AskTerms, GivenAnswer};
use crate::domain::text::JUSTIFICATION_MAX;
use crate::domain::when;
use crate::paths;
use crate::rpc::{AppError, viewer_time};
use crate::ui::*;

const JUSTIFICATION: &str = "Business justification";
/// So many values of a multiple choice are radio buttons; more are a list.
const RADIOS: usize = 6;

/// The form of a policy that applies.
pub fn form(pane: RequestPane, asked: Asked, draft: Draft) -> AnyView {
    let RequestPane {
        offer,
        target,
        asks,
        language,
        former,
        ..
    } = pane;
    let Some(asks) = asks else { return ().into_any() };
    let former = former.unwrap_or_default();
    if !draft.was_posted() && draft.text.with_untracked(String::is_empty) {
        draft.text.set(former.justification);
    }
    let questions = questions(&asks.questions, &former.answers, draft);
    let action = asked.source.ask_href(&asked.query);
    let (checked, sent) = (asks.clone(), asks.clone());
    let (query, for_check) = (asked.query.clone(), asked.query.clone());
    let (shown, spoken) = (language.clone(), language.clone());
    let (name, done) = (offer.name, asked.done);
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if asks_only(&ev) {
            draft.check(&for_check, &checked, &spoken);
        } else {
            draft.send(&query, &sent, (name.clone(), &spoken), done);
        }
    };
    let required = asks.justification_required;
    let hint = if required {
        "Say what you need the access for; it is kept with the request."
    } else {
        "Optional. Say what you need the access for; it is kept with the request."
    };
    view! {
        <form id=FORM class="form" method="post" action=action on:submit=submit>
            <input type="hidden" name="policy" value=asks.policy.id.to_string()/>
            <input type="hidden" name="language" value=shown/>
            {target.map(|person| view! {
                <input type="hidden" name="for" value=person.id.to_string()/>
                <p>"For "<strong>{person.name}</strong></p>
            })}
            {questions}
            <TextArea
                name="justification"
                label=JUSTIFICATION
                hint=hint
                rows=4
                required=required
                limit=JUSTIFICATION_MAX
                value=draft.text
                error=draft.fault("justification", JUSTIFICATION)
            />
            {asks.custom_schedule.then(|| period(&asks, draft))}
            <div class="stack-8">
                <span>
                    <Button submit=true name="do" value="check" busy=draft.checking>"Would this work?"</Button>
                </span>
                <div aria-live="polite">{move || draft.outlook.get().map(|outlook| outlook::view(&outlook))}</div>
            </div>
            {failures(draft)}
        </form>
    }
    .into_any()
}

/// Whether the button of "Would this work?" was pressed.
fn asks_only(ev: &SubmitEvent) -> bool {
    ev.submitter()
        .is_some_and(|button| button.get_attribute("value").as_deref() == Some("check"))
}

fn questions(asked: &[AskedQuestion], former: &[GivenAnswer], draft: Draft) -> AnyView {
    let answers: Vec<_> = asked
        .iter()
        .map(|question| (question.id, draft.answer_to(question, former)))
        .collect();
    draft
        .begun
        .set_value(answers.iter().map(|(_, value)| value.get_untracked()).collect());
    let fields: Vec<AnyView> = asked
        .iter()
        .zip(&answers)
        .enumerate()
        .map(|(at, (question, (_, value)))| field(at, question, *value, draft))
        .collect();
    draft.answers.set(answers);
    fields.into_any()
}

fn field(at: usize, question: &AskedQuestion, value: RwSignal<String>, draft: Draft) -> AnyView {
    let name = format!("answer-{}", question.id);
    let label = question.text.clone();
    let error = draft.answer_fault(at, question.id);
    let left = question.clone();
    let leave = Callback::new(move |()| draft.match_patterns(std::slice::from_ref(&left)));
    let leave = (!question.pattern.is_empty()).then_some(leave);
    let required = question.required;
    if question.attribute.as_ref().is_some_and(|attribute| attribute.fixed) {
        let hint = "From your profile; it can't be changed here.";
        return view! { <TextField name=name label=label value=value readonly=true hint=hint/> }.into_any();
    }
    match question.kind {
        QuestionKind::ShortText => {
            view! { <TextField name=name label=label value=value error=error required=required nostrip:on_blur=leave/> }.into_any()
        }
        QuestionKind::LongText => {
            view! { <TextArea name=name label=label value=value error=error required=required rows=3 nostrip:on_blur=leave/> }.into_any()
        }
        QuestionKind::MultipleChoice if question.choices.len() <= RADIOS => {
            let choices = question
                .choices
                .iter()
                .map(|(value, text)| Choice::new(value.as_str(), text.as_str()))
                .collect();
            view! { <RadioGroup name=name legend=label value=value options=choices error=error required=required/> }.into_any()
        }
        QuestionKind::MultipleChoice => {
            let options = question.choices.clone();
            view! {
                <SelectField name=name label=label value=value options=options error=error required=required placeholder="Choose an answer"/>
            }
            .into_any()
        }
    }
}

/// Request for specific period? Its dates show by style where Yes is chosen, so that they do without scripting too.
fn period(asks: &AskTerms, draft: Draft) -> AnyView {
    let now = viewer_time::now();
    let least = when::typed(now, viewer_time::reading(now));
    let most = match asks.expires {
        Expiration::OnDate(date) => Some(when::typed(date, viewer_time::reading(date))),
        _ => None,
    };
    let longest = match asks.expires {
        Expiration::Never => "The policy sets no end.".to_owned(),
        Expiration::OnDate(date) => format!("At the latest {}.", viewer_time::exact_in_zone(date)),
        Expiration::Days(days) => format!("At most {days} days after the start."),
        Expiration::Hours(hours) => format!("At most {hours} hours after the start."),
    };
    view! {
        <div class="request-period">
            <YesNo name="period" legend="Request for specific period?" value=draft.period/>
            <div class="request-dates form">
                <DateField
                    name="asked_from"
                    label="Start date"
                    value=draft.from
                    time=true
                    min=least.clone()
                    max=most.clone().unwrap_or_default()
                    hint="Empty: as soon as the request is approved."
                    error=draft.fault("asked_from", "Start date")
                />
                <DateField
                    name="asked_until"
                    label="End date"
                    value=draft.until
                    time=true
                    min=least
                    max=most.unwrap_or_default()
                    hint=longest
                    error=draft.fault("asked_until", "End date")
                />
            </div>
        </div>
    }
    .into_any()
}

/// What is wrong with no field of the form; and the focus goes to the first field that has a fault.
fn failures(draft: Draft) -> AnyView {
    let message = NodeRef::<Div>::new();
    Effect::new(move |_| match draft.failure.get() {
        Some(failure) if !at_no_field(&failure) => request_animation_frame(focus_fault),
        // Once it stands there: a long package may have pushed it out of sight.
        Some(_) => request_animation_frame(move || message.get_untracked().into_iter().for_each(|bar| bar.scroll_into_view())),
        None => {}
    });
    view! { <div node_ref=message>{move || draft.failure.get().filter(at_no_field).map(failed)}</div> }.into_any()
}

/// Whether it is told beside the fields rather than at one of them.
fn at_no_field(error: &AppError) -> bool {
    let shown = |path: &str| matches!(path, "justification" | "asked_from" | "asked_until") || path.starts_with("answers.");
    !error.fields().iter().any(|fault| shown(&fault.path))
}

fn focus_fault() {
    let field = document()
        .query_selector("#request-form [aria-invalid=true], #request-form .field-bad input")
        .ok()
        .flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only when the field is gone.
        drop(field.focus());
    }
}

/// Any other failure. Signing in again happens in a new tab, so that what was typed stays.
fn failed(error: AppError) -> AnyView {
    let sign_in = error == AppError::SignedOut;
    let link = move || {
        sign_in.then(|| {
            view! { <a class="button" href=paths::sign_in(paths::MY_ACCESS) target="_blank" rel="external">"Sign in in a new tab"</a> }
        })
    };
    view! { <MessageBar tone=Tone::Danger title=error.text() action=link/> }.into_any()
}

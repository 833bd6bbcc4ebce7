//! A policy's questions as fields of a form: one line, several lines, or one of some values.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::admin::form::Form;
use crate::domain::id::QuestionId;
use crate::domain::question::{ANSWER_TEXT_MAX, AskedQuestion, QuestionKind, patterned};
use crate::domain::request::GivenAnswer;
use crate::domain::validate::{Code, FieldError, FieldErrors};
use crate::rpc::my_access::unmatched_answers;
use crate::ui::*;

/// What was answered, by question; kept while another policy is looked at.
#[derive(Clone, Copy, Default)]
pub(super) struct Answers(RwSignal<Vec<(AskedQuestion, RwSignal<String>)>>);

impl Answers {
    /// The answers to these questions.
    pub(super) fn given(self, questions: &[AskedQuestion]) -> Vec<GivenAnswer> {
        let given = |question: &AskedQuestion| {
            let value = self
                .0
                .with(|all| all.iter().find(|(other, _)| other.id == question.id).map(|(_, value)| *value));
            value.map(|value| GivenAnswer {
                question: question.id,
                value: value.get(),
            })
        };
        questions.iter().filter_map(given).collect()
    }

    fn of(self, question: &AskedQuestion) -> RwSignal<String> {
        let known = self
            .0
            .with_untracked(|all| all.iter().find(|(other, _)| other.id == question.id).map(|(_, value)| *value));
        known.unwrap_or_else(|| {
            let value = RwSignal::default();
            self.0.update_untracked(|all| all.push((question.clone(), value)));
            value
        })
    }
}

/// Asks the server whether the answers to these questions match their patterns, and puts those that do not to their fields; each question
/// stands at its place in the form.
pub(super) fn match_patterns(questions: &[(usize, AskedQuestion)], answers: Answers, form: Form) {
    let value_of = |id: QuestionId| {
        let value = answers
            .0
            .with_untracked(|all| all.iter().find(|(other, _)| other.id == id).map(|(_, value)| *value));
        value.map(|value| value.get_untracked()).unwrap_or_default()
    };
    let asked: Vec<AskedQuestion> = questions.iter().map(|(_, question)| question.clone()).collect();
    let to_match = patterned(&asked, value_of);
    if to_match.is_empty() {
        return;
    }
    let places: Vec<(usize, QuestionId)> = questions.iter().map(|(at, question)| (*at, question.id)).collect();
    spawn_local(async move {
        // Without an answer the server says so when the form is sent.
        let Ok(unmatched) = unmatched_answers(to_match).await else { return };
        for (at, _) in places.iter().filter(|(_, id)| unmatched.contains(id)) {
            let path = format!("answers.{at}");
            form.submission
                .recheck(&path, Err::<(), _>(vec![FieldError::new(path.as_str(), Code::Pattern)]));
        }
    });
}

/// A field for each question, in order.
pub(super) fn question_fields(questions: Vec<AskedQuestion>, answers: Answers, form: Form) -> AnyView {
    let field = |(at, question): (usize, AskedQuestion)| {
        let value = answers.of(&question);
        let leave = leaving(at, question.clone(), answers, form);
        field(at, question, value, form, leave)
    };
    let fields = questions.into_iter().enumerate().map(field).collect_any();
    (!fields.is_empty())
        .then(|| {
            view! {
                <SectionTitle title="Questions" text="What the policy asks of requestors; the answers are kept with the request."/>
                {fields}
            }
        })
        .into_any()
}

/// What is looked at when the field of a question is left, where it has a pattern.
fn leaving(at: usize, question: AskedQuestion, answers: Answers, form: Form) -> Option<Callback<()>> {
    (!question.pattern.is_empty()).then(|| {
        Callback::new(move |()| {
            form.submission.recheck(&format!("answers.{at}"), Ok::<(), FieldErrors>(()));
            match_patterns(&[(at, question.clone())], answers, form);
        })
    })
}

fn field(at: usize, question: AskedQuestion, value: RwSignal<String>, form: Form, leave: Option<Callback<()>>) -> AnyView {
    let path = format!("answers.{at}");
    let (sought, label) = (path.clone(), question.text.clone());
    let error = Signal::derive(move || form.submission.text_at(&sought, &label));
    let (required, text) = (question.required, question.text);
    match question.kind {
        QuestionKind::ShortText if question.attribute.is_some() => {
            let hint = "Empty: what is known of the user.";
            view! { <TextField name=path label=text value=value required=required error=error hint=hint/> }.into_any()
        }
        QuestionKind::ShortText => {
            view! { <TextField name=path label=text value=value required=required error=error nostrip:on_blur=leave/> }.into_any()
        }
        QuestionKind::LongText => view! {
            <TextArea name=path label=text value=value required=required error=error limit=ANSWER_TEXT_MAX nostrip:on_blur=leave/>
        }
        .into_any(),
        QuestionKind::MultipleChoice => {
            let mut options = vec![(String::new(), "Choose".to_owned())];
            options.extend(question.choices);
            view! { <SelectField name=path label=text value=value required=required error=error options=options/> }.into_any()
        }
    }
}

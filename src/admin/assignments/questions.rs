//! A policy's questions as fields of a form: one line, several lines, or one of some values.

use leptos::prelude::*;

use crate::admin::form::Form;
use crate::domain::question::{ANSWER_TEXT_MAX, AskedQuestion, QuestionKind};
use crate::domain::request::GivenAnswer;
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

/// A field for each question, in order.
pub(super) fn question_fields(questions: Vec<AskedQuestion>, answers: Answers, form: Form) -> AnyView {
    let field = |(at, question): (usize, AskedQuestion)| {
        let value = answers.of(&question);
        field(at, question, value, form)
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

fn field(at: usize, question: AskedQuestion, value: RwSignal<String>, form: Form) -> AnyView {
    let path = format!("answers.{at}");
    let (sought, label) = (path.clone(), question.text.clone());
    let error = Signal::derive(move || form.submission.text_at(&sought, &label));
    let (required, text) = (question.required, question.text);
    match question.kind {
        QuestionKind::ShortText if question.attribute.is_some() => {
            let hint = "Empty: what is known of the user.";
            view! { <TextField name=path label=text value=value required=required error=error hint=hint/> }.into_any()
        }
        QuestionKind::ShortText => view! { <TextField name=path label=text value=value required=required error=error/> }.into_any(),
        QuestionKind::LongText => {
            view! { <TextArea name=path label=text value=value required=required error=error limit=ANSWER_TEXT_MAX/> }.into_any()
        }
        QuestionKind::MultipleChoice => {
            let mut options = vec![(String::new(), "Choose".to_owned())];
            options.extend(question.choices);
            view! { <SelectField name=path label=text value=value required=required error=error options=options/> }.into_any()
        }
    }
}

//! What has been typed into the Request access form, and what came of it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Submitted;
use crate::domain::id::QuestionId;
use crate::domain::message;
use crate::domain::question::{AskedQuestion, patterned};
use crate::domain::request::{AskTerms, Assessment, GivenAnswer, PaneQuery, SubmitForm};
use crate::domain::typed_time::instant_of;
use crate::domain::validate::Code;
use crate::rpc::AppError;
use crate::rpc::loading::{Answer, Packing};
use crate::rpc::my_access::{submit_request, unmatched_answers, would_it_work};
use crate::rpc::viewer_time;

/// The fields and how they are doing.
#[derive(Clone, Copy)]
pub struct Draft {
    pub text: RwSignal<String>,
    pub period: RwSignal<bool>,
    pub from: RwSignal<String>,
    pub until: RwSignal<String>,
    pub answers: RwSignal<Vec<(QuestionId, RwSignal<String>)>>,
    pub failure: RwSignal<Option<AppError>>,
    /// Questions whose answers do not match their pattern, as far as the server was asked.
    unmatched: RwSignal<Vec<QuestionId>>,
    pub outlook: RwSignal<Option<Assessment>>,
    pub checking: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    pub open: RwSignal<bool>,
    /// What the answers were at first.
    pub begun: StoredValue<Vec<String>>,
    /// As posted without scripting.
    posted: StoredValue<Vec<(String, String)>>,
}

type Parts = (Vec<(String, String)>, Option<AppError>, Option<Assessment>);

/// What a form that was posted without scripting came back with.
pub fn returned() -> Parts {
    let returned = SharedValue::<Answer, Packing>::new_with_encoding(|| {
        #[cfg(feature = "ssr")]
        if let Some(returned) = use_context::<crate::rpc::my_access::Returned>() {
            return Answer::new(Ok((returned.fields, returned.error, returned.outlook)));
        }
        Answer::new::<Parts>(Ok((Vec::new(), None, None)))
    });
    returned.into_inner().read().unwrap_or_default()
}

impl Draft {
    /// With what was posted, if anything was.
    pub fn begin() -> Self {
        let (fields, failure, outlook) = returned();
        let value = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            RwSignal::new(found.map(|(_, value)| value.clone()).unwrap_or_default())
        };
        Self {
            text: value("justification"),
            period: RwSignal::new(fields.iter().any(|(name, value)| name == "period" && value == "true")),
            from: value("asked_from"),
            until: value("asked_until"),
            answers: RwSignal::new(Vec::new()),
            failure: RwSignal::new(failure),
            unmatched: RwSignal::default(),
            outlook: RwSignal::new(outlook),
            checking: RwSignal::new(false),
            busy: RwSignal::new(false),
            open: RwSignal::new(true),
            begun: StoredValue::new(Vec::new()),
            posted: StoredValue::new(fields),
        }
    }

    /// Whether closing would lose something.
    pub fn is_dirty(self) -> Signal<bool> {
        let typed = |text: RwSignal<String>| text.with(|text| !text.trim().is_empty());
        let changed = move |answers: &Vec<(QuestionId, RwSignal<String>)>| {
            let values: Vec<String> = answers.iter().map(|(_, answer)| answer.get()).collect();
            self.begun.with_value(|begun| *begun != values)
        };
        Signal::derive(move || typed(self.text) || self.answers.with(changed))
    }

    /// The answer to a question: as posted, as a former request had it, or what is known of the person.
    pub fn answer_to(self, question: &AskedQuestion, former: &[GivenAnswer]) -> RwSignal<String> {
        let known = question.attribute.as_ref().map(|attribute| attribute.known.clone());
        let question = question.id;
        let name = format!("answer-{question}");
        let posted = self
            .posted
            .with_value(|fields| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
        let before = || {
            former
                .iter()
                .find(|answer| answer.question == question)
                .map(|answer| answer.value.clone())
        };
        RwSignal::new(posted.or_else(before).or(known).unwrap_or_default())
    }

    /// Whether the form came back from a post.
    pub fn was_posted(self) -> bool {
        self.posted.with_value(|fields| !fields.is_empty())
    }

    fn form(self, query: &PaneQuery, asks: &AskTerms, language: &str) -> SubmitForm {
        let period = asks.custom_schedule && self.period.get_untracked();
        let at = |typed: RwSignal<String>| {
            let offset = |at| viewer_time::reading(at).offset;
            if period {
                typed.with_untracked(|typed| instant_of(typed, offset))
            } else {
                String::new()
            }
        };
        SubmitForm {
            package: query.package,
            policy: Some(asks.policy.id),
            target: query.target,
            answers: self.answers.with_untracked(|answers| {
                let given = |(question, value): &(QuestionId, RwSignal<String>)| GivenAnswer {
                    question: *question,
                    value: value.get_untracked(),
                };
                answers.iter().map(given).collect()
            }),
            justification: self.text.get_untracked(),
            asked_from: at(self.from),
            asked_until: at(self.until),
            language: language.to_owned(),
        }
    }

    /// The form if it fits; its faults are shown.
    fn checked(self, query: &PaneQuery, asks: &AskTerms, language: &str) -> Option<SubmitForm> {
        let form = self.form(query, asks, language);
        let faults = form.check(asks, viewer_time::now()).err();
        let fits = faults.is_none();
        self.unmatched.set(Vec::new());
        self.failure.set(faults.map(AppError::Invalid));
        if !fits {
            // What only the server can find is to stand beside what was found here.
            self.match_patterns(&asks.questions);
        }
        fits.then_some(form)
    }

    /// Asks the server whether the answers to these questions match their patterns, and shows at their fields those that do not.
    pub fn match_patterns(self, questions: &[AskedQuestion]) {
        let value_of = |id: QuestionId| {
            let value = self
                .answers
                .with_untracked(|answers| answers.iter().find(|(question, _)| *question == id).map(|(_, value)| *value));
            value.map(|value| value.get_untracked()).unwrap_or_default()
        };
        let about: Vec<QuestionId> = questions.iter().map(|question| question.id).collect();
        let answers = patterned(questions, value_of);
        let forget = move |all: &mut Vec<QuestionId>| all.retain(|id| !about.contains(id));
        if answers.is_empty() {
            self.unmatched.update(forget);
            return;
        }
        spawn_local(async move {
            // Without an answer the server says so when the form is sent.
            let Ok(found) = unmatched_answers(answers).await else { return };
            let _ = self.unmatched.try_update(|all| {
                forget(all);
                all.extend(found);
            });
        });
    }

    /// The sentence for the fault of an answer.
    pub fn answer_fault(self, at: usize, question: QuestionId) -> Signal<Option<String>> {
        let label = "An answer";
        let fault = self.fault(format!("answers.{at}"), label);
        let misses = move || self.unmatched.with(|all| all.contains(&question));
        Signal::derive(move || fault.get().or_else(|| misses().then(|| message::text(&Code::Pattern, label))))
    }

    /// Asks whether it would work.
    pub fn check(self, query: &PaneQuery, asks: &AskTerms, language: &str) {
        if self.checking.get_untracked() {
            return;
        }
        let Some(form) = self.checked(query, asks, language) else { return };
        self.checking.set(true);
        spawn_local(async move {
            match would_it_work(form).await {
                Ok(outlook) => self.outlook.set(Some(outlook)),
                Err(error) => self.failure.set(Some(error)),
            }
            self.checking.set(false);
        });
    }

    /// Sends the request, once at a time.
    pub fn send(self, query: &PaneQuery, asks: &AskTerms, (package, language): (String, &str), done: Callback<Submitted>) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(form) = self.checked(query, asks, language) else { return };
        self.busy.set(true);
        spawn_local(async move {
            match submit_request(form).await {
                Ok(request) => {
                    // First closed, so that the focus goes back to where it came from. It stays busy: nothing of it may be pressed again.
                    self.open.set(false);
                    done.run(Submitted { request, package });
                }
                Err(error) => {
                    self.failure.set(Some(error));
                    self.busy.set(false);
                }
            }
        });
    }

    /// The sentence for the fault of one field.
    pub fn fault(self, path: impl Into<String>, label: impl Into<String>) -> Signal<Option<String>> {
        let (path, label) = (path.into(), label.into());
        Signal::derive(move || {
            self.failure
                .with(|failure| failure.as_ref().and_then(|failure| fault(failure, &path, &label)))
        })
    }
}

/// The sentence for a field's own fault.
pub fn fault(error: &AppError, path: &str, label: &str) -> Option<String> {
    let fault = error.fields().iter().find(|fault| fault.path == path)?;
    Some(message::text(&fault.code, label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::FieldError;

    #[test]
    fn f031_a_fault_of_the_justification_stands_at_its_field() {
        let long = AppError::Invalid(vec![FieldError::new("justification", Code::TooLong(2_000))]);
        let label = "Business justification";
        assert_eq!(
            fault(&long, "justification", label).as_deref(),
            Some("Use at most 2000 characters.")
        );
        assert_eq!(fault(&long, "answers.0", label), None);
        assert_eq!(fault(&AppError::Offline, "justification", label), None);
    }
}

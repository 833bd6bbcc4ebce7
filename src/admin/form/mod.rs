//! What a form keeps beside its fields: the faults found, the error that came back, and whether it is on its way. Nothing that was
//! typed is touched here, so nothing typed is ever lost.

mod fields;

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

pub use fields::{Foot, Form, PaneForm};

use super::error_view::here;
use crate::domain::message;
use crate::domain::validate::{FieldError, FieldErrors};
use crate::paths;
use crate::rpc::AppError;
use crate::ui::*;

/// What is wrong with the fields of a form, by their paths: how a part of a form is told by whoever holds the whole.
#[derive(Clone, Copy)]
pub struct Errors(Callback<String, Option<String>>);

impl Errors {
    /// Found by this.
    pub fn new(find: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Callback::new(move |path: String| find(&path)))
    }

    /// The sentence under the field at `path`.
    pub fn at(self, path: &'static str) -> Signal<Option<String>> {
        self.found(move || path.to_owned())
    }

    /// The same for a field whose path follows what comes and goes before it.
    pub fn found(self, path: impl Fn() -> String + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || self.0.run(path()))
    }
}

/// One submission of a form or a dialog's Yes. Copy it into callbacks.
#[derive(Clone, Copy)]
pub struct Submission {
    faults: RwSignal<FieldErrors>,
    problem: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
}

impl Submission {
    /// Nothing submitted yet.
    pub fn new() -> Self {
        Self {
            faults: RwSignal::default(),
            problem: RwSignal::default(),
            busy: RwSignal::new(false),
        }
    }

    /// On its way: its button spins and ignores presses.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// The sentence under the field at `path`, which is called `label`.
    pub fn at(self, path: &'static str, label: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.faults.with(|faults| fault_text(faults, path, label)))
    }

    /// The sentence now under a field whose path and name are only known as the form is shown.
    pub fn text_at(self, path: &str, label: &str) -> Option<String> {
        self.faults.with(|faults| fault_text(faults, path, label))
    }

    /// The whole error as a sentence, for a dialog.
    pub fn text(self) -> Signal<Option<String>> {
        Signal::derive(move || self.problem.with(|problem| problem.as_ref().map(AppError::text)))
    }

    /// Forgets what went wrong: before a dialog opens again.
    pub fn clear(self) {
        self.faults.set(Vec::new());
        self.problem.set(None);
    }

    /// After leaving the field at `path`: what a check of the whole form says about that field alone.
    pub fn recheck<T>(self, path: &str, checked: Result<T, FieldErrors>) {
        let found = checked.err().unwrap_or_default();
        self.faults.update(|faults| replace_at(faults, path, found));
    }

    /// Faults that were found before anything was sent.
    pub fn refuse(self, faults: FieldErrors) {
        self.fail(AppError::Invalid(faults));
    }

    /// Sends; a second press meanwhile does nothing. `done` gets what came back.
    pub fn send<T: 'static>(self, call: impl Future<Output = Result<T, AppError>> + 'static, done: impl FnOnce(T) + 'static) {
        self.start(call, move |value| {
            self.busy.set(false);
            done(value);
        });
    }

    /// Sends, for a form whose page is left when it has worked: it stays busy until then, so it can't be sent twice.
    pub fn send_and_leave<T: 'static>(self, call: impl Future<Output = Result<T, AppError>> + 'static, done: impl FnOnce(T) + 'static) {
        self.start(call, done);
    }

    fn start<T: 'static>(self, call: impl Future<Output = Result<T, AppError>> + 'static, done: impl FnOnce(T) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.clear();
        self.busy.set(true);
        spawn_local(async move {
            match call.await {
                Ok(value) => done(value),
                Err(error) => {
                    self.busy.set(false);
                    self.fail(error);
                }
            }
        });
    }

    fn fail(self, error: AppError) {
        let faults = error.fields().to_vec();
        if let Some(first) = faults.first() {
            enter_field(&first.path);
        }
        self.faults.set(faults);
        self.problem.set(Some(error));
    }
}

/// The cursor into the field that has to be looked at first.
fn enter_field(path: &str) {
    let field = document()
        .get_element_by_id(path)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        drop(field.focus());
    }
}

/// Puts the cursor into the first control that is at fault, once it is shown so.
pub fn enter_first_fault() {
    request_animation_frame(|| {
        let control = ".field-bad input, .field-bad select, .field-bad textarea, .field-bad button";
        let found = document().query_selector(control).ok().flatten();
        if let Some(control) = found.and_then(|control| control.dyn_into::<HtmlElement>().ok()) {
            drop(control.focus());
        }
    });
}

/// The words for the first fault at `path`.
fn fault_text(faults: &[FieldError], path: &str, label: &str) -> Option<String> {
    faults
        .iter()
        .find(|fault| fault.path == path)
        .map(|fault| message::text(&fault.code, label))
}

/// Puts what was found at `path` in place of what stood there; other fields keep theirs.
fn replace_at(faults: &mut FieldErrors, path: &str, found: FieldErrors) {
    faults.retain(|fault| fault.path != path);
    faults.extend(found.into_iter().filter(|fault| fault.path == path));
}

/// The message above a form's fields: what went wrong as a whole. `reload` fetches what others have changed meanwhile.
#[component]
pub fn FormProblem(submission: Submission, #[prop(optional, into)] reload: Option<Callback<()>>) -> AnyView {
    let bar = NodeRef::<leptos::html::Div>::new();
    // The button that was pressed stands at the foot of the page, the message at the head.
    Effect::new(move |_| {
        if submission.problem.with(Option::is_some) {
            request_animation_frame(move || bar.get_untracked().into_iter().for_each(|bar| bar.scroll_into_view()));
        }
    });
    let reload = reload.map(|reload| {
        Callback::new(move |()| {
            submission.clear();
            reload.run(());
        })
    });
    view! { <div aria-live="assertive" node_ref=bar>{move || submission.problem.get().map(|error| form_problem(&error, reload))}</div> }
        .into_any()
}

/// An error above the fields that stay as they were typed, with the next step. `reload` replaces them with what others have saved.
pub fn form_problem(error: &AppError, reload: Option<Callback<()>>) -> AnyView {
    let text = error.text();
    match (error, reload) {
        (AppError::Conflict(_), Some(reload)) => view! {
            <MessageBar
                tone=Tone::Warning
                title="Changed since you opened it"
                action=move || view! { <Button icon=Icon::Refresh on_click=reload>"Reload"</Button> }
            >
                <p>{text}" Reload replaces what you typed here."</p>
            </MessageBar>
        }
        .into_any(),
        (AppError::SignedOut, _) => {
            let to = paths::sign_in(&here());
            view! {
                <MessageBar tone=Tone::Warning title="Your session is over">
                    <p>
                        <a href=to target="_blank" rel="external">"Sign in in a new tab"</a>
                        ", then come back here and try again. What you typed stays here."
                    </p>
                </MessageBar>
            }
            .into_any()
        }
        _ => view! { <MessageBar tone=Tone::Danger title=text/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::Code;

    #[test]
    fn a_field_shows_its_own_fault_in_its_own_name() {
        let faults = vec![FieldError::new("name", Code::Required), FieldError::new("mail", Code::NotAnAddress)];
        assert_eq!(
            fault_text(&faults, "name", "Group name").as_deref(),
            Some("Group name is required.")
        );
        assert_eq!(fault_text(&faults, "rule", "Rule"), None);
    }

    #[test]
    fn leaving_a_field_judges_that_field_alone() {
        let mut faults = vec![FieldError::new("name", Code::Taken), FieldError::new("mail", Code::NotAnAddress)];
        replace_at(&mut faults, "mail", vec![FieldError::new("user_name", Code::Required)]);
        assert_eq!(faults, [FieldError::new("name", Code::Taken)]);
        replace_at(&mut faults, "name", vec![FieldError::new("name", Code::TooLong(256))]);
        assert_eq!(faults, [FieldError::new("name", Code::TooLong(256))]);
    }
}

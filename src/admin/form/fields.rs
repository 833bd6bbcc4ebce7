//! A form as a list of fields that are bound to one check of the domain: leaving a field rechecks it, faults stand at their fields, the
//! first one gets the cursor, and nothing is sent before the check finds nothing. What becomes of what was typed is the page's.

use std::future::Future;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{FormProblem, Submission};
use crate::domain::validate::FieldErrors;
use crate::rpc::AppError;
use crate::ui::*;

/// A form. Copy it into callbacks.
#[derive(Clone, Copy)]
pub struct Form {
    /// What came of it so far.
    pub submission: Submission,
    check: Callback<(), FieldErrors>,
}

/// What a press on the button of a form that is a page of its own leads to.
#[derive(Clone, Copy)]
pub struct Foot {
    /// The button: Create, Save.
    pub verb: &'static str,
    /// Where Cancel leads.
    pub cancel: Signal<String>,
}

/// A form that is a pane over what it changes.
pub struct PaneForm {
    /// Makes the pane's ids.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Whether it is open.
    pub open: RwSignal<bool>,
    /// Something differs from what is kept.
    pub dirty: Signal<bool>,
    /// Sends it.
    pub save: Callback<()>,
    /// Puts what is kept in place of what was typed.
    pub forget: Callback<()>,
    /// Fetches what others have saved, in place of what was typed.
    pub reload: Callback<()>,
}

impl Form {
    /// A form whose fields are checked so: as they stand when it is called.
    pub fn new<T>(check: impl Fn() -> Result<T, FieldErrors> + Send + Sync + 'static) -> Self {
        Self {
            submission: Submission::new(),
            check: Callback::new(move |()| untrack(&check).err().unwrap_or_default()),
        }
    }

    /// The field at `path`, which is called `label`.
    pub fn field(self, path: &'static str, label: &'static str, value: RwSignal<String>) -> Control {
        Control {
            form: self,
            path,
            id: path,
            label,
            value,
            required: false,
            hint: None,
        }
    }

    /// The sentence under a field that brings its own control.
    pub fn error(self, path: &'static str, label: &'static str) -> Signal<Option<String>> {
        self.submission.at(path, label)
    }

    /// Whether the check finds nothing; what it finds is shown.
    pub fn is_good(self) -> bool {
        let faults = self.check.run(());
        let good = faults.is_empty();
        if !good {
            self.submission.refuse(faults);
        }
        good
    }

    /// Checks and sends; `done` gets what came back.
    pub fn send<T: 'static>(self, call: impl Future<Output = Result<T, AppError>> + 'static, done: impl FnOnce(T) + 'static) {
        if self.is_good() {
            self.submission.send(call, done);
        }
    }

    /// Checks and sends, for a form whose page is left when it has worked: it stays busy until then, so it can't be sent twice.
    pub fn send_and_leave<T: 'static>(self, call: impl Future<Output = Result<T, AppError>> + 'static, done: impl FnOnce(T) + 'static) {
        if self.is_good() {
            self.submission.send_and_leave(call, done);
        }
    }

    /// The form on a page of its own. `reload`, where there is something to reload, fetches what others have saved.
    pub fn page(self, submit: Callback<()>, reload: Option<Callback<()>>, foot: Foot, fields: AnyView) -> AnyView {
        let busy = self.submission.busy();
        let foot = view! {
            <WizardFoot>
                <Button kind=ButtonKind::Primary submit=true busy=busy>{foot.verb}</Button>
                <LinkButton href=foot.cancel>"Cancel"</LinkButton>
            </WizardFoot>
        };
        self.view(
            submit,
            reload,
            view! {
                {fields}
                {foot}
            }
            .into_any(),
        )
    }

    /// The form in a pane.
    pub fn pane(self, pane: PaneForm, fields: AnyView) -> AnyView {
        self.pane_to("Save", pane, fields)
    }

    /// The form in a pane whose button says what it does: Create, Move.
    pub fn pane_to(self, verb: &'static str, pane: PaneForm, fields: AnyView) -> AnyView {
        let PaneForm { open, save, .. } = pane;
        let busy = self.submission.busy();
        let forget = Callback::new(move |()| {
            self.submission.clear();
            pane.forget.run(());
        });
        let cancel = move || {
            open.set(false);
            forget.run(());
        };
        let foot = move || {
            view! {
                <Button kind=ButtonKind::Primary busy=busy on_click=move || save.run(())>{verb}</Button>
                <Button on_click=cancel>"Cancel"</Button>
            }
        };
        view! {
            <Pane name=pane.name title=pane.title open=open dirty=pane.dirty on_close=forget foot=foot>
                {self.view(save, Some(pane.reload), fields)}
            </Pane>
        }
        .into_any()
    }

    fn view(self, submit: Callback<()>, reload: Option<Callback<()>>, inside: AnyView) -> AnyView {
        let send = move |ev: SubmitEvent| {
            ev.prevent_default();
            submit.run(());
        };
        view! {
            <form class="form" method="dialog" novalidate on:submit=send>
                <FormProblem submission=self.submission nostrip:reload=reload/>
                {inside}
            </form>
        }
        .into_any()
    }
}

/// One field of a form, before it is known what control it gets.
#[derive(Clone, Copy)]
pub struct Control {
    form: Form,
    path: &'static str,
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    required: bool,
    hint: Option<&'static str>,
}

impl Control {
    /// It must be filled in.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With this id instead of its path: for a pane over a page that has a field of the same path.
    pub fn id(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    /// With a line that helps.
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    fn error(self) -> Signal<Option<String>> {
        self.form.error(self.path, self.label)
    }

    fn help(self) -> Option<String> {
        self.hint.map(str::to_owned)
    }

    fn leave(self) -> impl Fn() + Copy + Send + Sync + 'static {
        move || {
            let form = self.form;
            form.submission.recheck(self.path, Err::<(), _>(form.check.run(())));
        }
    }

    /// A line of text.
    pub fn line(self) -> AnyView {
        view! {
            <TextField
                name=self.id
                label=self.label
                value=self.value
                error=self.error()
                required=self.required
                nostrip:hint=self.help()
                autocomplete="off"
                on_blur=self.leave()
            />
        }
        .into_any()
    }

    /// A new password.
    pub fn password(self, hint: String) -> AnyView {
        view! {
            <PasswordField
                name=self.id
                label=self.label
                value=self.value
                error=self.error()
                required=self.required
                hint=hint
                autocomplete="new-password"
                on_blur=self.leave()
            />
        }
        .into_any()
    }

    /// Several lines, with how much room is left where there is a `limit`.
    pub fn area(self, limit: Option<usize>) -> AnyView {
        view! {
            <TextArea
                name=self.id
                label=self.label
                value=self.value
                error=self.error()
                required=self.required
                nostrip:hint=self.help()
                nostrip:limit=limit
                on_blur=self.leave()
            />
        }
        .into_any()
    }

    /// One of these words; some may be `refused`, with the reason as a hint.
    pub fn select(self, options: Vec<(String, String)>, refused: Vec<String>, why: Option<String>) -> AnyView {
        let hint = why.or(self.help());
        view! {
            <SelectField
                name=self.id
                label=self.label
                value=self.value
                error=self.error()
                required=self.required
                options=options
                disabled=refused
                nostrip:hint=hint
            />
        }
        .into_any()
    }
}

//! Grant exception: the pane with the rule, the person, the reason and the end.

use leptos::prelude::*;

use crate::admin::error_view::loaded_quietly;
use crate::admin::form::{Form, PaneForm};
use crate::admin::pickers::UserPicker;
use crate::domain::id::{IncompatibilityId, Named, UserId};
use crate::domain::incompatibility::{ExceptionForm, IncompatibilitySummary};
use crate::domain::text::DESCRIPTION_MAX;
use crate::domain::typed_time::local_instant;
use crate::rpc::incompatibilities::grant_exception;
use crate::rpc::{Loading, viewer_time};
use crate::ui::*;

/// What stands in the pane.
#[derive(Clone, Copy)]
pub(super) struct Granting {
    open: RwSignal<bool>,
    rule: RwSignal<String>,
    user: RwSignal<Option<Named<UserId>>>,
    reason: RwSignal<String>,
    until: RwSignal<String>,
}

impl Granting {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            rule: RwSignal::default(),
            user: RwSignal::new(None),
            reason: RwSignal::default(),
            until: RwSignal::default(),
        }
    }

    /// Opens the pane, for a rule and a person where these are known.
    pub(super) fn open_for(self, rule: Option<IncompatibilityId>, user: Option<Named<UserId>>) {
        self.forget();
        self.rule.set(rule.map(|rule| rule.to_string()).unwrap_or_default());
        self.user.set(user);
        self.open.set(true);
    }

    fn forget(self) {
        self.rule.set(String::new());
        self.user.set(None);
        self.reason.set(String::new());
        self.until.set(String::new());
    }

    fn form(self, summary: &IncompatibilitySummary) -> ExceptionForm {
        ExceptionForm {
            package: summary.package.id,
            rule: self.rule.with(|rule| rule.parse().ok()),
            user: self.user.with(|user| user.as_ref().map(|user| user.id)),
            reason: self.reason.get(),
            ends_at: local_instant(&self.until.get(), |at| viewer_time::reading(at).offset),
        }
    }

    fn is_dirty(self) -> bool {
        self.open.get() && (self.reason.with(|text| !text.is_empty()) || self.until.with(|text| !text.is_empty()))
    }
}

/// The pane.
#[component]
pub(super) fn GrantPane(summary: Loading<IncompatibilitySummary>, granting: Granting, reload: Callback<()>) -> AnyView {
    let choosing = RwSignal::new(false);
    let take = move |users: Vec<Named<UserId>>| {
        granting.user.set(users.into_iter().next());
        choosing.set(false);
    };
    view! {
        {loaded_quietly(summary, move |summary| pane(summary, granting, choosing, reload))}
        <UserPicker name="exception-user" title="Select a person" open=choosing single=true on_select=take/>
    }
    .into_any()
}

fn pane(summary: IncompatibilitySummary, granting: Granting, choosing: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let rules: Vec<(String, String)> = summary.rules.iter().map(|rule| (rule.id.to_string(), rule.name.clone())).collect();
    let options = std::iter::once((String::new(), "Select what they have".to_owned()))
        .chain(rules)
        .collect();
    let summary = StoredValue::new(summary);
    let filled = move || summary.with_value(|summary| granting.form(summary));
    let form = Form::new(move || filled().check(viewer_time::now()));
    let save = move |()| {
        let name = granting.user.with_untracked(|user| user.as_ref().map(|user| user.name.clone()));
        form.send(grant_exception(untrack(filled)), move |_| {
            granting.open.set(false);
            granting.forget();
            toasts.success("The exception was granted", name.unwrap_or_default(), None);
            let _ = reload.try_run(());
        });
    };
    let pane = PaneForm {
        name: "grant-exception-pane",
        title: "Grant exception",
        open: granting.open,
        dirty: Signal::derive(move || granting.is_dirty()),
        save: Callback::new(save),
        forget: Callback::new(move |()| granting.forget()),
        reload: Callback::new(move |()| form.submission.clear()),
    };
    let inside = view! {
        <p>"The person can get this package although they have what is selected here. They still have to request it or be assigned to it."</p>
        {form.field("rule", "In spite of", granting.rule).required().select(options, Vec::new(), None)}
        {person(granting, choosing, form.error("user", "Person"))}
        {form.field("reason", "Reason", granting.reason).required().area(Some(DESCRIPTION_MAX))}
        <DateField
            name="ends_at"
            label="Until"
            value=granting.until
            time=true
            required=true
            error=form.error("ends_at", "Until")
            hint="At most 366 days from now. It ends by itself then."
        />
    };
    form.pane_to("Grant", pane, inside.into_any())
}

/// Who is chosen, and the button that opens the Select pane.
fn person(granting: Granting, choosing: RwSignal<bool>, error: Signal<Option<String>>) -> AnyView {
    let label = move || {
        let name = granting.user.with(|user| user.as_ref().map(|user| user.name.clone()));
        name.unwrap_or_else(|| "Select a person".to_owned())
    };
    view! {
        <div class="field" role="group" aria-labelledby="exception-person">
            <span class="field-label" id="exception-person">"Person"<span class="field-required" aria-hidden="true">" *"</span></span>
            <div class="row">
                <Button id="user" icon=Icon::Person on_click=move || choosing.set(true)>{label}</Button>
            </div>
            <div class="field-error" aria-live="polite">
                {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
            </div>
        </div>
    }
    .into_any()
}

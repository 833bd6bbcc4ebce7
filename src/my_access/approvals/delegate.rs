//! The Delegate approvals pane (F147): who decides in one's place, and a form for another.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::posted::{Returned, at_field, failed, returned, typed};
use crate::domain::approval::{DelegateCandidate, DelegationForm, DelegationItem, DelegationState, DelegationView};
use crate::domain::id::DelegationId;
use crate::domain::typed_time::bounds_of_day;
use crate::domain::when::day_field;
use crate::my_access::route::approvals::edit_href;
use crate::my_access::{arriving, error_view};
use crate::paths;
use crate::rpc::approvals::{end_delegation, find_delegates, list_delegations, save_delegation};
use crate::rpc::{AppError, Loading, viewer_time};
use crate::ui::*;

const FIELDS: [&str; 4] = ["delegate", "package", "starts_at", "ends_at"];

/// The pane, over the list at `back`; `edited` is the delegation whose facts the form begins with.
pub fn pane(edited: Option<DelegationId>, back: String, inline: bool, changed: Callback<()>) -> AnyView {
    let open = RwSignal::new(true);
    let view = Loading::once(list_delegations);
    let returned = returned();
    let close = back.clone();
    let done = Callback::new(move |()| {
        view.refetch();
        changed.run(());
    });
    view! {
        <Pane
            name="delegate"
            title="Delegate approvals"
            subtitle=Some("Somebody else may decide in your place for a time. You can still decide yourself.".to_owned())
            open=open
            inline_open=inline
            close_href=back
            foot=move || view! { <a class="button" data-noscroll="" href=close on:click=move |_| open.set(false)>"Close"</a> }
        >
            {arriving(3, move || view.get().map(|view| match view {
                Ok(view) => {
                    let before = view.items.iter().find(|item| item.own && Some(item.id) == edited).cloned();
                    view! {
                        {list(&view, done)}
                        {form(before, &view, returned.clone(), done)}
                    }
                    .into_any()
                }
                Err(error) => error_view::bar(&error),
            }))}
        </Pane>
    }
    .into_any()
}

fn list(view: &DelegationView, done: Callback<()>) -> AnyView {
    if view.items.is_empty() {
        return view! { <p class="muted">"Nobody decides in your place, and nobody has asked you to."</p> }.into_any();
    }
    let items = view.items.iter().map(|item| entry(item, done)).collect_any();
    view! { <ul class="panel-list">{items}</ul> }.into_any()
}

fn entry(item: &DelegationItem, done: Callback<()>) -> AnyView {
    let own = item.own;
    let who = if own {
        item.delegate.name.clone()
    } else {
        format!("You, in place of {}", item.delegator.name)
    };
    let what = item
        .package
        .as_ref()
        .map_or("All packages".to_owned(), |package| package.name.clone());
    let until = item
        .ends_at
        .map_or("until it is ended".to_owned(), |at| format!("until {}", viewer_time::exact(at)));
    let line = format!("{what}, from {}, {until}", viewer_time::exact(item.starts_at));
    let tone = if item.state == DelegationState::Active {
        Tone::Success
    } else {
        Tone::Neutral
    };
    let open = own && item.state != DelegationState::Ended;
    let (id, version) = (item.id, item.version);
    let name = item.delegate.name.clone();
    let edited = format!(" delegation to {name}");
    view! {
        <li class="stack-8">
            <div class="row"><span class="strong">{who}</span><StatusDot tone=tone text=item.state.label()/></div>
            <span class="muted small">{line}</span>
            {open.then(|| view! {
                <div class="row">
                    <LinkButton pane=true href=edit_href(id)>"Edit"<span class="sr-only">{edited}</span></LinkButton>
                    {end_form(id, version, name, done)}
                </div>
            })}
        </li>
    }
    .into_any()
}

/// Ends a delegation at once.
fn end_form(id: DelegationId, version: i64, name: String, done: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        spawn_local(async move {
            if let Err(error) = end_delegation(id, version).await {
                toasts.error("The delegation was not removed", error.text(), None);
            }
            done.run(());
        });
    };
    view! {
        <form method="post" action=paths::MY_DELEGATIONS on:submit=submit>
            <input type="hidden" name="delegation" value=id.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <Button submit=true name="action" value="end">"Remove"<span class="sr-only">{format!(" delegation to {name}")}</span></Button>
        </form>
    }
    .into_any()
}

/// The form's fields as typed.
#[derive(Clone, Copy)]
struct Fields {
    delegate: RwSignal<String>,
    package: RwSignal<String>,
    starts_at: RwSignal<String>,
    ends_at: RwSignal<String>,
    waiting: RwSignal<bool>,
}

impl Fields {
    /// Of a posted form, else of a delegation that is edited, else empty.
    fn begin(before: Option<&DelegationItem>, posted: &[(String, String)]) -> Self {
        let day = |at| day_field(at, viewer_time::reading(at));
        let of_item = |name: &str| match (before, name) {
            (Some(item), "delegate") => item.delegate_user_name.clone(),
            (Some(item), "package") => item.package.as_ref().map(|package| package.id.to_string()).unwrap_or_default(),
            (Some(item), "starts_at") => day(item.starts_at),
            // The last day, which the instant of its end no longer belongs to.
            (Some(item), "ends_at") => item.ends_at.map(|at| day(at - chrono::Duration::seconds(1))).unwrap_or_default(),
            _ => String::new(),
        };
        let begin = |name: &str| RwSignal::new(if posted.is_empty() { of_item(name) } else { typed(posted, name) });
        let waiting = if posted.is_empty() {
            before.is_none_or(|item| item.waiting)
        } else {
            typed(posted, "waiting") == "true"
        };
        Self {
            delegate: begin("delegate"),
            package: begin("package"),
            starts_at: begin("starts_at"),
            ends_at: begin("ends_at"),
            waiting: RwSignal::new(waiting),
        }
    }

    /// As the server takes it; a day that is none is a fault at its field.
    fn form(self) -> Result<DelegationForm, AppError> {
        use crate::domain::validate::{Code, FieldError};
        let day = |name: &str, field: RwSignal<String>| match field.get_untracked().as_str() {
            "" => Ok(None),
            text => bounds_of_day(text, |at| viewer_time::reading(at).offset)
                .map(Some)
                .ok_or_else(|| AppError::Invalid(vec![FieldError::new(name, Code::NotADate)])),
        };
        Ok(DelegationForm {
            delegate: self.delegate.get_untracked(),
            package: self.package.get_untracked().parse().ok(),
            starts_at: day("starts_at", self.starts_at)?.map(|(begins, _)| begins),
            ends_at: day("ends_at", self.ends_at)?.map(|(_, ends)| ends),
            waiting: self.waiting.get_untracked(),
        })
    }
}

fn form(before: Option<DelegationItem>, view: &DelegationView, (posted, error): Returned, done: Callback<()>) -> AnyView {
    let fields = Fields::begin(before.as_ref(), &posted);
    let failure = RwSignal::new(error);
    let busy = RwSignal::new(false);
    let changed = before.as_ref().map(|item| (item.id, item.version));
    let toasts = use_toasts();
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let saved = match fields.form() {
                Ok(form) => save_delegation(changed, form).await,
                Err(error) => Err(error),
            };
            busy.set(false);
            if saved.is_ok() {
                toasts.success("Delegation saved", "", None);
                done.run(());
            }
            failure.set(saved.err());
        });
    };
    let fault = move |name: &'static str, label: &'static str| {
        Signal::derive(move || failure.with(|failure| failure.as_ref().and_then(|failure| at_field(failure, name, label))))
    };
    let title = if before.is_some() { "Edit delegation" } else { "New delegation" };
    let options: Vec<(String, String)> = std::iter::once((String::new(), "All packages".to_owned()))
        .chain(view.packages.iter().map(|package| (package.id.to_string(), package.name.clone())))
        .collect();
    view! {
        <h3 class="request-name">{title}</h3>
        <form class="form" method="post" action=paths::MY_DELEGATIONS on:submit=submit>
            {changed.map(|(id, version)| view! {
                <input type="hidden" name="delegation" value=id.to_string()/>
                <input type="hidden" name="version" value=version.to_string()/>
            })}
            {delegate_field(fields.delegate, fault("delegate", "Delegate"))}
            <SelectField name="package" label="Packages" value=fields.package options=options error=fault("package", "Package")/>
            <DateField name="starts_at" label="From" value=fields.starts_at hint="Leave it empty to begin at once." error=fault("starts_at", "From")/>
            <DateField name="ends_at" label="Until" value=fields.ends_at hint="The last day. Leave it empty for no end." error=fault("ends_at", "Until")/>
            <Checkbox name="waiting" label="Also what waits already" checked=fields.waiting/>
            {move || failure.with(|failure| failure.as_ref().and_then(|failure| failed(failure, &FIELDS)))}
            <div class="row"><Button kind=ButtonKind::Primary submit=true name="action" value="save" busy=busy>"Save"</Button></div>
        </form>
    }
    .into_any()
}

/// A box for a user name, which completes what is typed by name.
fn delegate_field(value: RwSignal<String>, error: Signal<Option<String>>) -> AnyView {
    let found = RwSignal::new(Vec::<DelegateCandidate>::new());
    Effect::new(move |_| {
        let text = value.get();
        spawn_local(async move {
            if let Ok(candidates) = find_delegates(text.clone()).await
                && value.try_get_untracked() == Some(text)
            {
                found.set(candidates);
            }
        });
    });
    let options = move || {
        let option = |candidate: DelegateCandidate| view! { <option value=candidate.user_name>{candidate.name}</option> };
        found.get().into_iter().map(option).collect_any()
    };
    let describe = described_by("delegate", true, error);
    view! {
        <Field id="delegate" label="Delegate" required=true error=error hint="Type a name and choose, or the whole user name.">
            <div class="input">
                <input
                    class="input-control"
                    type="text"
                    id="delegate"
                    name="delegate"
                    list="delegate-people"
                    autocomplete="off"
                    value=value.get_untracked()
                    prop:value=move || value.get()
                    aria-required="true"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=describe
                    on:input:target=move |ev| value.set(ev.target().value())
                />
            </div>
        </Field>
        <datalist id="delegate-people">{options}</datalist>
    }
    .into_any()
}

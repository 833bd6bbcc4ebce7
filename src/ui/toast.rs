//! Short messages that come and go in a corner; the bell remembers those of this visit. Work that takes a while shows as progress and ends
//! as one of the others.

use std::time::Duration;

use leptos::{html::Div, leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{
    button::IconButton,
    dom,
    dynamic::keyed,
    icon::{Glyph, Icon},
    status::{Spinner, Tone},
};

/// How long a notification stays when nobody points at it.
const STAY: Duration = Duration::from_secs(8);
/// How many the bell remembers.
const KEPT: usize = 30;

/// A link at the end of a notification.
#[derive(Clone, PartialEq, Eq)]
pub struct ToastLink {
    pub href: String,
    pub label: String,
}

impl ToastLink {
    /// A link with its text.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// Names one notification, to finish a progress.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ToastId(u32);

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Toast {
    id: ToastId,
    /// `None` while the work runs.
    tone: Option<Tone>,
    title: String,
    text: String,
    link: Option<ToastLink>,
    at: String,
}

impl Toast {
    /// Whether it goes by itself; work under way and failures stay.
    fn passes(&self) -> bool {
        !matches!(self.tone, None | Some(Tone::Danger))
    }
}

/// The handle through which a page notifies. Copy it into callbacks.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    pub(super) past: RwSignal<Vec<Toast>>,
    pub(super) unread: RwSignal<u64>,
    next: StoredValue<u32>,
    timers: StoredValue<Vec<(ToastId, TimeoutHandle)>>,
}

impl Toasts {
    fn new() -> Self {
        Self {
            shown: RwSignal::default(),
            past: RwSignal::default(),
            unread: RwSignal::default(),
            next: StoredValue::new(0),
            timers: StoredValue::new(Vec::new()),
        }
    }

    /// Something was done.
    pub fn success(self, title: impl Into<String>, text: impl Into<String>, link: Option<ToastLink>) -> ToastId {
        self.add(Some(Tone::Success), title.into(), text.into(), link)
    }

    /// Something is worth knowing.
    pub fn info(self, title: impl Into<String>, text: impl Into<String>, link: Option<ToastLink>) -> ToastId {
        self.add(Some(Tone::Info), title.into(), text.into(), link)
    }

    /// Something failed; stays until dismissed.
    pub fn error(self, title: impl Into<String>, text: impl Into<String>, link: Option<ToastLink>) -> ToastId {
        self.add(Some(Tone::Danger), title.into(), text.into(), link)
    }

    /// Something runs; stays until `finish` is called with its id.
    pub fn progress(self, title: impl Into<String>, text: impl Into<String>) -> ToastId {
        self.add(None, title.into(), text.into(), None)
    }

    /// Turns a progress into its outcome, in place.
    pub fn finish(self, id: ToastId, tone: Tone, title: impl Into<String>, text: impl Into<String>, link: Option<ToastLink>) {
        self.dismiss(id);
        self.past.update(|past| past.retain(|toast| toast.id != id));
        // The outcome takes the place of its progress, unread or not.
        self.unread.update(|unread| *unread = unread.saturating_sub(1));
        self.add(Some(tone), title.into(), text.into(), link);
    }

    /// Takes it off the screen; the bell still has it.
    pub fn dismiss(self, id: ToastId) {
        self.stop_timer(id);
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// The bell is open: all are read, and those that would go by themselves make room for the list.
    pub(super) fn read_all(self) {
        self.unread.set(0);
        self.shown.update(|shown| shown.retain(|toast| !toast.passes()));
    }

    fn add(self, tone: Option<Tone>, title: String, text: String, link: Option<ToastLink>) -> ToastId {
        let id = ToastId(self.next.get_value());
        self.next.set_value(id.0.wrapping_add(1));
        let toast = Toast {
            id,
            tone,
            title,
            text,
            link,
            at: dom::time_of_day(),
        };
        self.past.update(|past| {
            past.insert(0, toast.clone());
            past.truncate(KEPT);
        });
        self.unread.update(|unread| *unread += 1);
        let passes = toast.passes();
        self.shown.update(|shown| shown.push(toast));
        if passes {
            self.start_timer(id);
        }
        id
    }

    fn start_timer(self, id: ToastId) {
        if !dom::IN_BROWSER {
            return;
        }
        self.stop_timer(id);
        if let Ok(handle) = set_timeout_with_handle(move || self.dismiss(id), STAY) {
            self.timers.update_value(|timers| timers.push((id, handle)));
        }
    }

    fn stop_timer(self, id: ToastId) {
        self.timers.update_value(|timers| {
            timers.retain(|(owner, handle)| {
                if *owner == id {
                    handle.clear();
                }
                *owner != id
            });
        });
    }
}

/// The notifications of the site around the caller.
///
/// Outside of a `ToastProvider` they go nowhere, so that a part rendered alone still works.
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(Toasts::new)
}

/// Holds the notifications of one site and shows them; everything that notifies is inside.
#[component]
pub fn ToastProvider(children: Children) -> AnyView {
    let toasts = Toasts::new();
    provide_context(toasts);
    let node = NodeRef::<Div>::new();
    dom::keep_on_top(node, move || toasts.shown.track());
    view! {
        {children()}
        <div class="toasts" popover="manual" node_ref=node role="region" aria-label="Notifications" aria-live="polite" aria-relevant="additions text">
            {keyed(
                move || toasts.shown.get(),
                |toast| toast.id.0.to_string(),
                move |toast| view! { <ToastCard toast=toast toasts=toasts/> }.into_any(),
            )}
        </div>
    }
    .into_any()
}

#[component]
fn ToastCard(toast: Toast, toasts: Toasts) -> AnyView {
    let id = toast.id;
    let class = ["toast ", toast.tone.unwrap_or_default().class()].concat();
    let passing = toast.passes();
    let resume = move || {
        if passing {
            toasts.start_timer(id);
        }
    };
    view! {
        <div
            class=class
            on:mouseenter=move |_| toasts.stop_timer(id)
            on:mouseleave=move |_| resume()
            on:focusin=move |_| toasts.stop_timer(id)
            on:focusout=move |_| resume()
        >
            <ToastText toast=toast/>
            <IconButton icon=Icon::Dismiss label="Dismiss" on_click=move || toasts.dismiss(id)/>
        </div>
    }
    .into_any()
}

#[component]
fn ToastText(toast: Toast) -> AnyView {
    view! {
        {match toast.tone {
            Some(tone) => view! { <Glyph icon=tone.icon()/> }.into_any(),
            None => view! { <Spinner label="In progress" label_hidden=true/> }.into_any(),
        }}
        <div class="toast-text">
            <p class="toast-title">{toast.title}</p>
            {(!toast.text.is_empty()).then(|| view! { <p class="toast-more">{toast.text}</p> })}
            {toast.link.map(|link| view! { <a class="toast-link" href=link.href>{link.label}</a> })}
        </div>
    }
    .into_any()
}

/// What came and went in this visit, newest first.
pub(super) fn past_toasts(toasts: Toasts) -> AnyView {
    let rows = keyed(move || toasts.past.get(), |toast| toast.id.0.to_string(), past_toast);
    view! { <ul class="bell-list">{rows}</ul> }.into_any()
}

fn past_toast(toast: Toast) -> AnyView {
    view! {
        <li class=["bell-item ", toast.tone.unwrap_or_default().class()].concat()>
            <ToastText toast=toast.clone()/>
            <span class="bell-time">{toast.at}</span>
        </li>
    }
    .into_any()
}

//! The bell of the top bar: how much is unread, what the site's owner was told (kept by the server, handed in by the site), and what came
//! and went in this visit. It knows neither who is told nor what a notification is about.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    button::Button,
    dynamic::keyed,
    icon::{Glyph, Icon},
    menu::Menu,
    toast::{past_toasts, use_toasts},
    when::Instant,
};

/// One notification that is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct BellItem {
    /// Tells it apart.
    pub id: String,
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Which leaves this site.
    pub external: bool,
    /// When it was told, in words.
    pub time: String,
    /// The same exactly.
    pub exact: String,
    /// The same for machines.
    pub datetime: String,
    /// Nobody has opened it yet.
    pub unread: bool,
}

/// What the site does for its bell.
#[derive(Clone, Copy)]
pub struct BellActions {
    /// The bell is opened: `items` are to be loaded.
    pub open: Callback<()>,
    /// The next older ones are wanted.
    pub more: Callback<()>,
    /// This one was opened.
    pub read: Callback<String>,
    /// All have been read.
    pub read_all: Callback<()>,
}

/// The bell with its list.
#[component]
pub fn NotificationBell(
    #[prop(into)] unread: Signal<i64>,
    #[prop(into)] items: Signal<Vec<BellItem>>,
    /// There are older ones.
    #[prop(into)]
    more: Signal<bool>,
    actions: BellActions,
) -> AnyView {
    let toasts = use_toasts();
    let count = move || unread.get() + i64::try_from(toasts.unread.get()).unwrap_or_default();
    let shown = move |count: i64| if count > 99 { "99+".to_owned() } else { count.to_string() };
    let told = Memo::new(move |_| items.with(|items| !items.is_empty()));
    let came = Memo::new(move |_| toasts.past.with(|past| !past.is_empty()));
    let none = move || !told.get() && !came.get();
    let key = |item: &BellItem| format!("{}{}", item.id, item.unread);
    let row = move |item| view! { <BellRow item=item actions=actions/> }.into_any();
    view! {
        <Menu
            id="notifications"
            label="Notifications"
            panel=true
            on_open=move || {
                toasts.read_all();
                actions.open.run(());
            }
            trigger=move || {
                view! {
                    <Glyph icon=Icon::Bell/>
                    {move || {
                        let count = count();
                        (count > 0).then(|| view! { <span class="bell-count">{shown(count)}<span class="sr-only">" unread"</span></span> })
                    }}
                }
            }
        >
            <div class="bell-head">
                <h2 class="bell-title">"Notifications"</h2>
                {move || (unread.get() > 0).then(|| view! { <Button on_click=move || actions.read_all.run(())>"Mark all as read"</Button> })}
            </div>
            {move || none().then(|| view! { <p class="bell-none">"No notifications yet. What you start here reports back in this list."</p> })}
            {move || came.get().then(|| past_toasts(toasts))}
            {move || told.get().then(|| view! { <ul class="bell-list">{keyed(move || items.get(), key, row)}</ul> })}
            {move || more.get().then(|| view! { <div class="bell-more"><Button on_click=move || actions.more.run(())>"Show older"</Button></div> })}
        </Menu>
    }
    .into_any()
}

#[component]
fn BellRow(item: BellItem, actions: BellActions) -> AnyView {
    let BellItem {
        id,
        text,
        href,
        external,
        time,
        exact,
        datetime,
        unread,
    } = item;
    let open = move |ev: MouseEvent| {
        super::dom::leave_menu(&ev);
        actions.read.run(id.clone());
    };
    view! {
        <li class="bell-item" class:bell-unread=unread>
            <div class="toast-text">
                <a class="bell-link" href=href rel=external.then_some("external") on:click=open>
                    {unread.then(|| view! { <span class="sr-only">"Unread: "</span> })}
                    {text}
                </a>
            </div>
            <span class="bell-time"><Instant text=time exact=exact datetime=datetime/></span>
        </li>
    }
    .into_any()
}

/// Whether the reader sees the page: one in a tab behind others needs no news until it is looked at.
pub fn page_is_visible() -> Signal<bool> {
    let visible = RwSignal::new(true);
    #[cfg(feature = "hydrate")]
    {
        let handle = window_event_listener_untyped("visibilitychange", move |_| visible.set(!document().hidden()));
        on_cleanup(move || handle.remove());
    }
    visible.into()
}

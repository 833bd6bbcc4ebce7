//! The bell of this site: what the signed-in user was told, live while the page is looked at. Most of its links lead to My Access.

use leptos::prelude::*;

use super::timestamp::iso;
use crate::domain::notification::NotificationItem;
use crate::paths;
use crate::rpc::bell::BellFeed;
use crate::rpc::viewer_time;
use crate::ui::*;

/// The bell.
#[component]
pub(super) fn Bell() -> AnyView {
    let feed = BellFeed::default();
    let visible = page_is_visible();
    let url = Memo::new(move |_| visible.get().then(|| paths::NOTIFICATION_EVENTS.to_owned()));
    follow(url, Callback::new(move |()| feed.refresh()));
    let actions = BellActions {
        open: Callback::new(move |()| feed.open()),
        more: Callback::new(move |()| feed.more()),
        read: Callback::new(move |id: String| {
            if let Ok(id) = id.parse() {
                feed.read(id);
            }
        }),
        read_all: Callback::new(move |()| feed.read_all()),
    };
    let items = Signal::derive(move || feed.items.get().into_iter().map(item).collect::<Vec<_>>());
    let more = Signal::derive(move || feed.next.with(Option::is_some));
    view! { <NotificationBell unread=feed.unread items=items more=more actions=actions/> }.into_any()
}

fn item(told: NotificationItem) -> BellItem {
    BellItem {
        id: told.id.to_string(),
        text: told.text,
        external: !told.href.starts_with(paths::ADMIN),
        href: told.href,
        time: viewer_time::relative(told.at),
        exact: viewer_time::exact_in_zone(told.at),
        datetime: iso(told.at),
        unread: told.unread,
    }
}

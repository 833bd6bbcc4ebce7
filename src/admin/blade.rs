//! The frame of one thing's pages: its menu beside them, its head above, and the page itself as a child route.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use super::error_view::{loaded, loaded_quietly};
use crate::rpc::Loading;
use crate::rpc::loading::Loadable;
use crate::ui::*;

/// A page of the menu: its drawing, its name and its address.
pub type Entry = (Icon, &'static str, String);

/// The frame; `menu` tells the thing's name and its pages.
pub fn blade<T: Loadable>(
    thing: Loading<T>,
    menu: fn(&T) -> (String, Vec<Entry>),
    head: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let path = use_location().pathname;
    let side = move || {
        loaded_quietly(thing, move |thing| {
            let (name, entries) = menu(&thing);
            let items = Signal::derive(move || path.with(|path| marked(&entries, path)));
            view! { <SubMenu label=name items=items/> }.into_any()
        })
    };
    view! {
        <Blade menu=side>
            {loaded(thing, head)}
            <Outlet/>
        </Blade>
    }
    .into_any()
}

/// Which page stands at an address: the last one whose own address begins it.
pub fn current(entries: &[Entry], here: &str) -> Option<usize> {
    let begins = |href: &str| here.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    entries.iter().rposition(|(_, _, href)| begins(href))
}

fn marked(entries: &[Entry], here: &str) -> Vec<NavItem> {
    let current = current(entries, here);
    let item = |(at, (icon, label, href)): (usize, &Entry)| NavItem::new(*icon, *label, href.clone()).current(Some(at) == current);
    entries.iter().enumerate().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_marks_the_page_that_is_shown_and_what_lies_over_it() {
        let entries: Vec<Entry> = ["/x/1", "/x/1/members", "/x/1/requests"]
            .map(|href| (Icon::Home, "Page", href.to_owned()))
            .into();
        let marked = |here: &str| marked(&entries, here).iter().position(|item| item.current);
        assert_eq!(marked("/x/1"), Some(0));
        assert_eq!(marked("/x/1/"), Some(0));
        assert_eq!(marked("/x/1/members"), Some(1));
        assert_eq!(marked("/x/1/requests/7"), Some(2));
        assert_eq!(marked("/x/2"), None);
    }
}

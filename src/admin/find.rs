//! Find anything: the button in the head, Ctrl-K, and the search that they open. The search is a part of the bundle of its own, fetched when
//! it is opened for the first time.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::wasm_split;

use crate::domain::find::{Hit, HitKind};
use crate::paths;
use crate::rpc::find::find_anything;
use crate::ui::*;

/// The button in the head.
#[component]
pub fn Find() -> AnyView {
    let (open, opened) = (RwSignal::new(false), RwSignal::new(false));
    let press = move || {
        opened.set(true);
        open.set(true);
    };
    view! {
        <FinderButton label="Search" on_press=press/>
        {move || opened.get().then(|| arriving_part("find", Box::pin(find_view(open)), 0))}
    }
    .into_any()
}

#[wasm_split(find, wasm_split_path = ::leptos::wasm_split, fallible)]
fn find_view(open: RwSignal<bool>) -> Result<AnyView, MissingPart> {
    Ok(dialog(open))
}

fn dialog(open: RwSignal<bool>) -> AnyView {
    let state = RwSignal::new(FinderState::Loading);
    let asked = StoredValue::new(String::new());
    let ask = move |text: String| {
        asked.set_value(text.clone());
        spawn_local(async move {
            let found = find_anything(text.clone()).await;
            // A later text was asked for meanwhile, or the page was left.
            if asked.try_with_value(|asked| *asked != text).unwrap_or(true) {
                return;
            }
            let _ = state.try_set(match found {
                Ok(hits) => FinderState::Found(hits.into_iter().map(item).collect()),
                Err(error) => FinderState::Failed(error.text()),
            });
        });
    };
    view! {
        <Finder
            open=open
            label="Search everything"
            state=Signal::from(state)
            on_text=ask
            nothing="Nothing matches. Type the beginning of a name, or the number of a request."
        />
    }
    .into_any()
}

fn item(hit: Hit) -> FinderItem {
    let external = hit.kind == HitKind::Action && [paths::PASSWORD, paths::MY_ACCESS].contains(&hit.href.as_str());
    FinderItem {
        group: hit.kind.heading(),
        label: hit.name,
        detail: hit.detail,
        href: hit.href,
        external,
    }
}

//! Where "New access package" leads: to an unfinished draft if its owner wants to go on with it, else straight into a new one. The
//! wizard itself is elsewhere.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::admin::error_view::loaded;
use crate::domain::draft::Step;
use crate::domain::id::{DraftId, Named};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::drafts::{discard_draft, open_drafts, start_draft};
use crate::ui::*;

/// New access package: goes on with a draft, or begins one.
#[component]
pub fn NewPackagePage() -> AnyView {
    let drafts = Loading::once(open_drafts);
    // The draft's own page comes next.
    Effect::new(|_| {
        spawn_local(async {
            let _ = super::NewPackage::fetch().await;
        });
    });
    let failed = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let navigate = use_navigate();
    let start = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            match start_draft(None).await {
                Ok(id) => {
                    let options = NavigateOptions {
                        replace: true,
                        ..NavigateOptions::default()
                    };
                    navigate(&paths::draft(id, Step::Basics), options);
                }
                Err(error) => {
                    busy.set(false);
                    failed.set(Some(error.text()));
                }
            }
        });
    });
    // With nothing to go on with there is nothing to ask.
    Effect::new(move |_| {
        if matches!(drafts.get(), Some(Ok(open)) if open.is_empty()) {
            start.run(());
        }
    });
    let discard = Callback::new(move |id: DraftId| {
        spawn_local(async move {
            match discard_draft(id).await {
                Ok(()) => drafts.refetch(),
                Err(error) => failed.set(Some(error.text())),
            }
        });
    });
    let again = move || view! { <Button on_click=move || start.run(())>"Try again"</Button> };
    view! {
        {super::head()}
        {move || failed.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text action=again/> })}
        {loaded(drafts, move |drafts| offer(drafts, start, discard, busy, failed))}
        <noscript><p>"Creating an access package needs JavaScript."</p></noscript>
    }
    .into_any()
}

/// The unfinished drafts, each with the way back into it.
fn offer(
    drafts: Vec<Named<DraftId>>,
    start: Callback<()>,
    discard: Callback<DraftId>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
) -> AnyView {
    if drafts.is_empty() {
        let waiting = move || failed.with(Option::is_none);
        return shown(waiting, || view! { <Spinner label="Preparing the form"/> }.into_any()).into_any();
    }
    let rows = drafts.into_iter().map(|draft| unfinished(draft, discard)).collect_any();
    view! {
        <div class="form">
            <p>"You began this before and have not finished it. What you typed is still there."</p>
            <ul class="panel-list">{rows}</ul>
            <div class="row">
                <Button kind=ButtonKind::Primary icon=Icon::Add busy=busy on_click=move || start.run(())>"Start new"</Button>
                <LinkButton href=paths::PACKAGES>"Cancel"</LinkButton>
            </div>
        </div>
    }
    .into_any()
}

fn unfinished(draft: Named<DraftId>, discard: Callback<DraftId>) -> AnyView {
    let id = draft.id;
    let (name, throw_away) = ([" ", &draft.name].concat(), ["Discard ", &draft.name].concat());
    view! {
        <li>
            <Glyph icon=Icon::Document/>
            <span class="grow break">{draft.name}</span>
            <LinkButton href=paths::draft(id, Step::Basics)>"Continue"<span class="sr-only">{name}</span></LinkButton>
            <IconButton icon=Icon::Delete label=throw_away on_click=move || discard.run(id)/>
        </li>
    }
    .into_any()
}

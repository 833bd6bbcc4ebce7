//! A Yes/No question with the call behind Yes: busy while it runs, open with its reason when it is refused. It does not know what it
//! asks about.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::rpc::AppError;
use crate::ui::*;

/// A call on its way.
pub(super) type Doing<T = ()> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

/// Asks `title` while `open`; `on_yes` begins the call, and `on_done` hears that it has worked.
#[component]
pub(super) fn Confirm(
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    open: RwSignal<bool>,
    /// Why it was refused, or why it would be.
    error: RwSignal<Option<String>>,
    #[prop(into)] on_yes: Callback<(), Doing>,
    #[prop(into)] on_done: Callback<()>,
) -> AnyView {
    let busy = RwSignal::new(false);
    let yes = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let doing = on_yes.run(());
        spawn_local(async move {
            let outcome = doing.await;
            busy.set(false);
            match outcome {
                Ok(()) => {
                    open.set(false);
                    let _ = on_done.try_run(());
                }
                Err(refusal) => error.set(Some(refusal.text())),
            }
        });
    };
    view! {
        <YesNoDialog name=name title=title open=open on_yes=yes busy=busy error=error danger=true>
            <p>{move || text.get()}</p>
        </YesNoDialog>
    }
    .into_any()
}

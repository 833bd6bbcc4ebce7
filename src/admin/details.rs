//! The details of one row in a pane with an address of its own, over the list that stays where it is.

use std::future::Future;
use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::error_view::loaded;
use crate::rpc::loading::Loadable;
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// A details pane before its content.
pub struct Details {
    /// Makes its ids, and names the part of the address that says what is open.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What is said where the address names nothing that is there.
    pub missing: &'static str,
    /// The list without it.
    pub close: Signal<String>,
}

/// What the part `name` of the address names, if it stands there.
pub fn use_named(name: &'static str) -> Memo<Option<String>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name).filter(|id| !id.is_empty())))
}

/// The details of what is named; nothing where that is no id, or of nothing that is there.
pub fn use_details<I, T, F>(named: Memo<Option<String>>, call: impl Fn(I) -> F + Clone + Send + Sync + 'static) -> Loading<Option<T>>
where
    I: FromStr + Send + 'static,
    T: Loadable,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    Loading::new(named, move |named: Option<String>| {
        let call = named.and_then(|id| id.parse::<I>().ok()).map(&call);
        async move {
            match call {
                None => Ok(None),
                Some(call) => match call.await {
                    Err(AppError::NotFound) => Ok(None),
                    found => found.map(Some),
                },
            }
        }
    })
}

impl Details {
    /// The pane; it is open while something is named.
    pub fn view<T: Loadable>(
        self,
        named: Memo<Option<String>>,
        details: Loading<Option<T>>,
        show: impl Fn(T) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        let is_open = move || named.with(Option::is_some);
        let open = RwSignal::new(untrack(is_open));
        Effect::new(move |_| open.set(is_open()));
        let Self {
            name,
            title,
            missing,
            close,
        } = self;
        let nothing = move || {
            let open = untrack(is_open);
            open.then(|| view! { <MessageBar tone=Tone::Warning title=missing/> }).into_any()
        };
        view! {
            <Pane name=name title=title open=open inline_open=untrack(is_open) close_href=close>
                {loaded(details, move |details| details.map_or_else(nothing, &show))}
            </Pane>
        }
        .into_any()
    }
}

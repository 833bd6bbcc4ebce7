//! Pages that the browser fetches part by part. A part is a piece of a site's bundle with a name: what only its pages need lies in a file
//! of its own, and comes when the first of them is asked for. Which address needs which parts is the site's own table; here is how a part
//! is declared, waited for, and done without when it cannot be had. On the server every part is there.

use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use leptos::wasm_split::SplitLoaderError;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_url;
use leptos_router::{ChooseView, PossibleRouteMatch};

use super::{dom, status::SkeletonRows};

/// Which parts an address needs beside the main one: how it begins, `*` standing for any one step, and the parts' names.
pub type PartTable = &'static [(&'static str, &'static [&'static str])];

/// A part that could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingPart;

impl From<SplitLoaderError> for MissingPart {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// What a part shows, once it is there.
pub type PartView = Pin<Box<dyn Future<Output = Result<AnyView, MissingPart>>>>;

/// The parts that a path needs: those of the longest row that fits, and of equally long ones the last.
pub fn parts_of(table: PartTable, path: &str) -> &'static [&'static str] {
    let steps = |path: &'static str| path.split('/').filter(|step| !step.is_empty());
    let fits = |start: &'static str| {
        let mut here = path.split('/').filter(|step| !step.is_empty());
        steps(start).all(|step| here.next().is_some_and(|found| step == "*" || step == found))
    };
    let rows = table.iter().filter(|(start, _)| fits(start));
    rows.max_by_key(|(start, _)| steps(start).count()).map_or(&[], |(_, parts)| parts)
}

/// Declares the pages of one part for the route table: an enum with a variant a page, which stands in a route as `view=Users::List`, and
/// `fetch`, which brings the part. The name of the part is its file's.
///
/// `part! { pub enum Users in users { List => UsersPage, New => NewUserPage } }`
#[cfg(feature = "site-admin")]
macro_rules! part {
    ($(#[$meta:meta])* pub enum $pages:ident in $part:ident { $($page:ident => $view:path),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum $pages { $($page),+ }

        const _: () = {
            use leptos::prelude::{AnyView, IntoAny};
            use $crate::ui::{MissingPart, arrive};

            #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
            fn $part(page: $pages) -> Result<AnyView, MissingPart> {
                Ok(match page { $($pages::$page => $view().into_any()),+ })
            }

            impl $pages {
                /// Brings the part, if it is not there yet.
                pub async fn fetch() -> Result<(), MissingPart> {
                    Ok(fetch().await?)
                }
            }

            impl leptos_router::ChooseView for $pages {
                async fn choose(self) -> AnyView {
                    arrive(stringify!($part), Box::pin($part(self))).await
                }

                async fn preload(&self) {
                    $crate::ui::fetch_beside(Box::pin(fetch()));
                }
            }
        };
    };
}
#[cfg(feature = "site-admin")]
pub(crate) use part;

/// Begins to fetch, and does not wait: the parts of a page come side by side, and the router shows the page before until then.
pub fn fetch_beside(fetch: Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>) {
    if dom::IN_BROWSER {
        // A part that does not come is told to whoever waits for its view.
        leptos::task::spawn_local(async move { drop(fetch.await) });
    }
}

/// Brings all parts that the page at a path and its query needs.
pub type BringPage = fn(String, String) -> Pin<Box<dyn Future<Output = Result<(), MissingPart>>>>;

static BRING_PAGE: OnceLock<BringPage> = OnceLock::new();

/// Tells, once, how the parts of a page are brought; without it each view waits for its own part alone.
pub fn bring_pages_by(bring: BringPage) {
    BRING_PAGE.get_or_init(|| bring);
}

/// Waits for all that the page needs, so that none of it shows before the rest: until then the page before stays.
async fn page_is_here() -> Result<(), MissingPart> {
    let Some(bring) = BRING_PAGE.get() else { return Ok(()) };
    let (path, query) = use_url().with_untracked(|url| (url.path().to_owned(), url.search().to_owned()));
    bring(path, query).await
}

/// A path of whatever shape as one type, so that the routes of a site are one type too: `path=at(path!("users/:id"))`. Each type of route
/// brings code of its own for matching and listing.
pub fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> Arc<dyn PossibleRouteMatch + Send + Sync> {
    Arc::new(path)
}

/// The view of a route that only holds others: `view=Pages`.
#[derive(Clone, Copy, Debug)]
pub struct Pages;

impl ChooseView for Pages {
    async fn choose(self) -> AnyView {
        arrive("", Box::pin(async { Ok(Outlet().into_any()) })).await
    }

    async fn preload(&self) {}
}

/// Waits for the view of the part of this name. Where the part cannot be had, as after an upgrade, the browser loads the page whole.
pub async fn arrive(part: &'static str, view: PartView) -> AnyView {
    #[cfg(test)]
    shown::note(part);
    let mut view: PartView = Box::pin(async move {
        page_is_here().await?;
        view.await
    });
    let at_once = poll_fn(|context| Poll::Ready(view.as_mut().poll(context))).await;
    let (arrived, _mark) = match at_once {
        Poll::Ready(arrived) => (arrived, None),
        Poll::Pending => {
            let mark = OnItsWay::begin(part);
            (view.await, Some(mark))
        }
    };
    match arrived {
        Ok(view) => view,
        Err(MissingPart) => {
            load_whole();
            pending().await
        }
    }
}

/// The view of a part within a page: at once where the part is there, else so many grey rows until it comes.
pub fn arriving_part(part: &'static str, view: PartView, rows: usize) -> AnyView {
    let mut view: Pin<Box<dyn Future<Output = AnyView>>> = Box::pin(arrive(part, view));
    if let Poll::Ready(view) = view.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return view;
    }
    let (is_here, arrived) = (RwSignal::new(false), StoredValue::new_local(None));
    spawn_local_scoped_with_cancellation(async move {
        arrived.set_value(Some(view.await));
        is_here.set(true);
    });
    (move || {
        if is_here.get() {
            arrived.try_update_value(Option::take).flatten()
        } else {
            (rows > 0).then(|| view! { <SkeletonRows rows=rows/> }.into_any())
        }
    })
    .into_any()
}

/// A pane or dialog that most visits do without: nothing until `open` is true for the first time, then the view that `bring` gives.
pub fn part_on_opening(part: &'static str, open: RwSignal<bool>, bring: impl FnOnce() -> PartView + Send + 'static) -> AnyView {
    // On the server one thread makes it and another lets go of it.
    let bring = StoredValue::new(Mutex::new(Some(bring)));
    let opened = RwSignal::new(false);
    Effect::new(move |_| {
        if open.get() && !opened.get_untracked() {
            opened.set(true);
        }
    });
    (move || {
        let bring = if opened.get() {
            bring.try_with_value(|bring| bring.lock().ok()?.take()).flatten()
        } else {
            None
        };
        bring.map(|bring| arriving_part(part, bring(), 0))
    })
    .into_any()
}

/// While it lives, the document says that something is on its way, and the style sheet shows it.
struct OnItsWay;

static ON_THEIR_WAY: AtomicUsize = AtomicUsize::new(0);

impl OnItsWay {
    fn begin(part: &str) -> Self {
        ON_THEIR_WAY.fetch_add(1, Ordering::Relaxed);
        dom::mark_document("data-arriving", Some(part));
        Self
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        if ON_THEIR_WAY.fetch_sub(1, Ordering::Relaxed) == 1 {
            dom::mark_document("data-arriving", None);
        }
    }
}

/// Leaves for the address that the router was to show.
fn load_whole() {
    let url = use_url().with_untracked(|url| {
        let mark = if url.search().is_empty() { "" } else { "?" };
        [url.path(), mark, url.search(), url.hash()].concat()
    });
    // Fails only where the address is none.
    drop(window().location().assign(&url));
}

/// Which parts have been shown on this thread, for the tests of the tables.
#[cfg(test)]
pub mod shown {
    use std::cell::RefCell;

    thread_local! {
        static PARTS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    /// A part is shown.
    pub fn note(part: &'static str) {
        if !part.is_empty() {
            PARTS.with_borrow_mut(|parts| parts.push(part));
        }
    }

    /// What `render` showed, each part once, in order of name.
    pub fn by(render: impl FnOnce()) -> Vec<&'static str> {
        PARTS.take();
        render();
        let mut parts = PARTS.take();
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: PartTable = &[
        ("/admin/packages", &["packages"]),
        ("/admin/packages/new", &["wizard"]),
        ("/admin/packages/*/policies", &["packages", "policies"]),
    ];

    #[test]
    fn the_longest_row_that_fits_names_the_parts() {
        assert_eq!(parts_of(TABLE, "/admin/packages"), ["packages"]);
        assert_eq!(parts_of(TABLE, "/admin/packages/"), ["packages"]);
        assert_eq!(parts_of(TABLE, "/admin/packages/7/requests"), ["packages"]);
        assert_eq!(parts_of(TABLE, "/admin/packages/7/policies"), ["packages", "policies"]);
        assert_eq!(parts_of(TABLE, "/admin/packages/new/7/basics"), ["wizard"]);
        assert_eq!(parts_of(TABLE, "/admin/packages/newer"), ["packages"]);
        for elsewhere in ["/admin", "/", "/admin/packagesx", "/x/admin/packages"] {
            assert!(parts_of(TABLE, elsewhere).is_empty(), "{elsewhere}");
        }
    }
}

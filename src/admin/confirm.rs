//! A Yes/No question about one thing, with the call behind Yes: busy while it runs, open with its reason when it is refused, closed when
//! it has worked, and closed too when somebody else was quicker. What it asks about is the caller's.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::impact::{AskImpact, impact};
use crate::rpc::AppError;
use crate::ui::*;

/// A call on its way.
pub type Doing<T = ()> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

type Words<T> = Arc<dyn Fn(&T) -> String + Send + Sync>;
type Heard<T> = Arc<dyn Fn(T) + Send + Sync>;
type AskOf<T> = Arc<dyn Fn(&T) -> AskImpact + Send + Sync>;
type Opening<T> = Arc<dyn Fn(T, RwSignal<Option<String>>) + Send + Sync>;

/// A question about a `T`.
pub struct Question<T: 'static> {
    name: &'static str,
    title: Words<T>,
    text: Words<T>,
    yes: Arc<dyn Fn(T) -> Doing + Send + Sync>,
    done: Heard<T>,
    gone: Option<(Words<T>, Heard<T>)>,
    opening: Option<Opening<T>>,
    also: Option<ViewFn>,
    impact: Option<AskOf<T>>,
    danger: bool,
}

impl<T: Clone + Send + Sync + 'static> Question<T> {
    /// The dialog `name`, which asks `title`; `text` says what will happen, `yes` begins the call, and `done` hears that it has worked.
    pub fn new(
        name: &'static str,
        title: impl Fn(&T) -> String + Send + Sync + 'static,
        text: impl Fn(&T) -> String + Send + Sync + 'static,
        yes: impl Fn(T) -> Doing + Send + Sync + 'static,
        done: impl Fn(T) + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            title: Arc::new(title),
            text: Arc::new(text),
            yes: Arc::new(yes),
            done: Arc::new(done),
            gone: None,
            opening: None,
            also: None,
            impact: None,
            danger: true,
        }
    }

    /// Yes destroys nothing.
    pub fn harmless(mut self, harmless: bool) -> Self {
        self.danger = !harmless;
        self
    }

    /// Where it is not there any more, the dialog closes, `words` are said, and `then` hears of it.
    pub fn gone(mut self, words: impl Fn(&T) -> String + Send + Sync + 'static, then: impl Fn(T) + Send + Sync + 'static) -> Self {
        self.gone = Some((Arc::new(words), Arc::new(then)));
        self
    }

    /// With a choice below its text, which the caller reads when Yes is pressed.
    pub fn also(mut self, choice: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        self.also = Some(ViewFn::from(choice));
        self
    }

    /// With what Yes would do to whom, below its text; asked for as it opens, and again when what `ask` reads changes.
    pub fn impact(mut self, ask: impl Fn(&T) -> AskImpact + Send + Sync + 'static) -> Self {
        self.impact = Some(Arc::new(ask));
        self
    }

    /// Called as it opens, with the place for why Yes would be refused.
    pub fn opening(mut self, opening: impl Fn(T, RwSignal<Option<String>>) + Send + Sync + 'static) -> Self {
        self.opening = Some(Arc::new(opening));
        self
    }

    /// The dialog; it is open while something is `chosen`.
    pub fn view(self, chosen: RwSignal<Option<T>>) -> AnyView {
        let toasts = use_toasts();
        let dialog = Dialog {
            open: RwSignal::new(false),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        };
        follow(chosen, dialog, self.opening);
        let said = move |words: Words<T>| {
            Signal::derive(move || chosen.with(|chosen| chosen.as_ref().map(|item| words(item)).unwrap_or_default()))
        };
        let (yes, done, gone) = (self.yes, self.done, self.gone);
        let press = Callback::new(move |()| {
            let Some(item) = chosen.get_untracked() else { return };
            let (doing, done, gone) = (yes(item.clone()), done.clone(), gone.clone());
            dialog.run(doing, move |outcome| match (outcome, gone) {
                (Ok(()), _) => {
                    dialog.open.set(false);
                    done(item);
                }
                (Err(AppError::NotFound), Some((words, then))) => {
                    dialog.open.set(false);
                    toasts.info(words(&item), "", None);
                    then(item);
                }
                (Err(error), _) => dialog.error.set(Some(error.text())),
            });
        });
        let impact = self
            .impact
            .map(|ask| ViewFn::from(move || chosen.with(|chosen| chosen.as_ref().map(|item| ask(item))).map(impact).into_any()));
        let below = move || {
            view! {
                {self.also.map(|also| also.run())}
                {impact.map(|impact| move || impact.run())}
            }
            .into_any()
        };
        dialog.view(self.name, self.danger, (said(self.title), said(self.text)), below(), press)
    }
}

/// Opens the dialog when something is chosen; a closed one forgets what was, so that the same thing can be asked about again.
fn follow<T: Clone + Send + Sync + 'static>(chosen: RwSignal<Option<T>>, dialog: Dialog, opening: Option<Opening<T>>) {
    Effect::new(move |_| {
        let Some(item) = chosen.get() else { return };
        dialog.error.set(None);
        dialog.open.set(true);
        if let Some(opening) = &opening {
            opening(item, dialog.error);
        }
    });
    Effect::new(move |was: Option<bool>| {
        let is = dialog.open.get();
        if was == Some(true) && !is {
            chosen.set(None);
        }
        is
    });
}

/// The dialog without what it asks about.
#[derive(Clone, Copy)]
struct Dialog {
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

impl Dialog {
    /// Runs a call, once at a time.
    fn run(self, doing: Doing, then: impl FnOnce(Result<(), AppError>) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let outcome = doing.await;
            // The page may have been left meanwhile.
            if self.busy.try_set(false).is_none() {
                then(outcome);
            }
        });
    }

    fn view(
        self,
        name: &'static str,
        danger: bool,
        (title, text): (Signal<String>, Signal<String>),
        below: AnyView,
        yes: Callback<()>,
    ) -> AnyView {
        view! {
            <YesNoDialog name=name title=title open=self.open on_yes=yes busy=self.busy error=self.error danger=danger>
                <p class="break">{move || text.get()}</p>
                {below}
            </YesNoDialog>
        }
        .into_any()
    }
}

//! Keeping the draft: on the server after each pause in typing, one save at a time, and in the browser's session while the server has
//! not got it yet. Two windows on one draft are told of each other; neither overwrites the other unasked.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::faults;
use super::fields::Fields;
use super::local_copy;
use crate::admin::form::Errors;
use crate::domain::draft::{DraftView, PackageDraft, Step};
use crate::domain::id::DraftId;
use crate::domain::validate::FieldError;
use crate::rpc::AppError;
use crate::rpc::drafts::{get_draft, save_draft};

/// How long typing pauses before it is saved.
const PAUSE: Duration = Duration::from_millis(600);
/// How long to wait before the server is tried again.
const RETRY: Duration = Duration::from_secs(4);

/// Where the last change is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Saving {
    /// On the server.
    Saved,
    /// Waiting for a pause in typing.
    Typing,
    /// On its way.
    Underway,
    /// Only here; the server can't be reached.
    Offline,
    /// Only here; another window has changed the draft.
    Conflict,
    /// Only here, for this reason.
    Failed(String),
}

impl Saving {
    /// The quiet word in the foot.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Saved => "Draft saved",
            Self::Typing | Self::Underway => "Saving...",
            Self::Offline | Self::Conflict | Self::Failed(_) => "Not saved yet",
        }
    }
}

/// What came of a save.
pub(super) type Outcome = Result<(), AppError>;

/// One draft in the wizard: its controls, what the server knows of it, and the saving between the two.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    /// The controls.
    pub fields: Fields,
    /// What the server said last.
    pub known: RwSignal<DraftView>,
    /// Where the last change is.
    pub saving: RwSignal<Saving>,
    /// What is wrong with what stands in the controls.
    pub faults: Memo<Vec<FieldError>>,
    underway: StoredValue<bool>,
    ended: StoredValue<bool>,
    /// Sent from here without an answer; the server may have kept any of them.
    unanswered: StoredValue<Vec<PackageDraft>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    then: StoredValue<Option<Callback<Outcome>>>,
}

impl Wizard {
    /// Opens a draft.
    pub fn new(view: DraftView) -> Self {
        let fields = Fields::new(&view);
        let known = RwSignal::new(view);
        Self {
            fields,
            known,
            saving: RwSignal::new(Saving::Saved),
            faults: Memo::new(move |_| known.with(|known| faults::faults(&fields.draft(), known))),
            underway: StoredValue::new(false),
            ended: StoredValue::new(false),
            unanswered: StoredValue::new(Vec::new()),
            timer: StoredValue::new(None),
            then: StoredValue::new(None),
        }
    }

    /// Begins to follow the controls; what an earlier visit could not save is taken up first.
    pub fn watch(self) {
        let draft = Memo::new(move |_| self.fields.draft());
        Effect::new(move |begun: Option<()>| {
            if begun.is_none() {
                self.take_up();
            }
            let draft = draft.get();
            let (id, version, same) = self.known.with_untracked(|known| (known.id, known.version, known.draft == draft));
            if !same {
                local_copy::keep(id, version, &draft);
                self.changed();
            }
        });
        let online = window_event_listener_if_browser(move || {
            if self.saving.get_untracked() == Saving::Offline {
                self.save(None);
            }
        });
        on_cleanup(move || {
            drop(online);
            self.leave();
        });
    }

    /// Whether the server has what stands in the controls, so that what it does not name is gone.
    pub fn is_settled(self) -> bool {
        self.saving.with(|saving| *saving == Saving::Saved)
    }

    /// The words of the faults on a tab, by the path below it.
    pub fn errors(self, step: Step) -> Errors {
        Errors::new(move |path| self.error_where(|error: &FieldError| error.path.strip_prefix(step.prefix()) == Some(path)))
    }

    /// The words of the first fault that fits, once its tab shows faults.
    pub fn error_where(self, fits: impl Fn(&FieldError) -> bool) -> Option<String> {
        self.faults.with(|faults| {
            let error = faults.iter().find(|error| fits(error))?;
            let step = Step::of_path(&error.path);
            let shown = self.fields.visited.with(|visited| visited.contains(&step));
            shown.then(|| self.words(error))
        })
    }

    fn words(self, error: &FieldError) -> String {
        let draft = self.fields.draft();
        self.known.with(|known| faults::text(error, known, &draft))
    }

    /// Saves what stands in the controls, if the server has not got it; `then` hears what came of it.
    pub fn save(self, then: Option<Callback<Outcome>>) {
        if then.is_some() {
            self.then.set_value(then);
        }
        self.stop_timer();
        if self.underway.get_value() || self.ended.get_value() {
            return;
        }
        self.underway.set_value(true);
        spawn_local(async move {
            let outcome = self.send().await;
            self.settle(outcome);
        });
    }

    /// The draft has become a package: there is nothing left to save.
    pub fn end(self) {
        self.ended.set_value(true);
        self.stop_timer();
        local_copy::forget(self.known.with_untracked(|known| known.id));
    }

    /// After a conflict: what the other window saved, or what stands here.
    pub fn resolve(self, mine: bool) {
        let id = self.known.with_untracked(|known| known.id);
        spawn_local(async move {
            match get_draft(id).await {
                Ok(view) => {
                    if !mine {
                        self.fields.load(&view.draft, &view.catalogs);
                    }
                    self.known.set(view);
                    self.save(None);
                }
                Err(error) => self.settle(Err(error)),
            }
        });
    }

    /// Sends until the server has what stands in the controls.
    async fn send(self) -> Outcome {
        loop {
            // Gone when the page has been left meanwhile.
            let Some((id, version, stored)) = self
                .known
                .try_with_untracked(|known| (known.id, known.version, known.draft.clone()))
            else {
                return Ok(());
            };
            let draft = untrack(|| self.fields.draft());
            if draft == stored {
                return Ok(());
            }
            self.saving.set(Saving::Underway);
            self.note_unanswered(&draft);
            let view = match save_draft(id, version, draft.clone()).await {
                Ok(view) => {
                    self.unanswered.try_update_value(Vec::clear);
                    DraftView { draft, ..view }
                }
                Err(AppError::Conflict(text)) => self.kept_for_us(id).await?.ok_or(AppError::Conflict(text))?,
                Err(error) => return Err(error),
            };
            if let Some(view) = self.known.try_set(view) {
                local_copy::follow(id, view.version, &view.draft);
                return Ok(());
            }
        }
    }

    /// The draft as the server has it, if that came from here: an answer that got lost, or a page that was loaded again while saving, is no
    /// other window.
    async fn kept_for_us(self, id: DraftId) -> Result<Option<DraftView>, AppError> {
        let view = get_draft(id).await?;
        let ours = self.unanswered.try_with_value(|sent| sent.contains(&view.draft));
        Ok(ours.unwrap_or_default().then_some(view))
    }

    fn note_unanswered(self, draft: &PackageDraft) {
        self.unanswered.try_update_value(|sent| {
            if !sent.contains(draft) {
                sent.push(draft.clone());
            }
        });
    }

    fn settle(self, outcome: Outcome) {
        let Some(id) = self.known.try_with_untracked(|known| known.id) else {
            return;
        };
        self.underway.set_value(false);
        self.saving.set(match &outcome {
            Ok(()) => Saving::Saved,
            Err(AppError::Offline) => Saving::Offline,
            Err(AppError::Conflict(_)) => Saving::Conflict,
            Err(error) => Saving::Failed(error.text()),
        });
        match &outcome {
            Ok(()) => local_copy::forget(id),
            Err(AppError::Offline) => self.start_timer(RETRY),
            Err(_) => {}
        }
        if let Some(then) = self.then.try_update_value(Option::take).flatten() {
            then.run(outcome);
        }
    }

    /// Something was typed or chosen.
    fn changed(self) {
        if self.saving.get_untracked() == Saving::Conflict {
            return;
        }
        if !self.underway.get_value() {
            self.saving.set(Saving::Typing);
            self.start_timer(PAUSE);
        }
    }

    /// What an earlier visit of this browser typed and could not save.
    fn take_up(self) {
        let (id, version) = self.known.with_untracked(|known| (known.id, known.version));
        let Some((kept_version, kept)) = local_copy::kept(id) else { return };
        if self.known.with_untracked(|known| known.draft == kept) {
            local_copy::forget(id);
            return;
        }
        self.note_unanswered(&kept);
        let catalogs = self.known.with_untracked(|known| known.catalogs.clone());
        self.fields.load(&kept, &catalogs);
        if kept_version != version {
            self.saving.set(Saving::Conflict);
        }
    }

    /// The page is being left: what is not saved yet is sent on its way.
    fn leave(self) {
        self.stop_timer();
        let unsaved = self.saving.get_untracked() == Saving::Typing && !self.ended.get_value();
        if cfg!(target_family = "wasm") && unsaved {
            let (id, version) = self.known.with_untracked(|known| (known.id, known.version));
            let draft = untrack(|| self.fields.draft());
            spawn_local(async move {
                if save_draft(id, version, draft).await.is_ok() {
                    local_copy::forget(id);
                }
            });
        }
    }

    fn start_timer(self, after: Duration) {
        self.stop_timer();
        if let Ok(handle) = set_timeout_with_handle(move || self.save(None), after) {
            self.timer.set_value(Some(handle));
        }
    }

    fn stop_timer(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}

/// Runs `then` whenever the browser is back on the network, until the result is dropped.
fn window_event_listener_if_browser(then: impl Fn() + 'static) -> Option<Listening> {
    cfg!(target_family = "wasm").then(|| Listening(Some(window_event_listener(leptos::ev::online, move |_| then()))))
}

/// Ends its listener when it is dropped.
struct Listening(Option<WindowListenerHandle>);

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.remove();
        }
    }
}

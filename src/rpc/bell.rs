//! What a bell shows: how much is unread, and the newest notifications once it was opened. Kept here for the bells of both sites; how it
//! looks is theirs.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::notifications::{list_notifications, read_all_notifications, read_notification, unread_notifications};
use crate::domain::id::NotificationId;
use crate::domain::notification::NotificationItem;
use crate::domain::page::PageQuery;

/// Notifications that are loaded at once.
const PAGE: u16 = 15;

/// The notifications of the signed-in user. Copy it into callbacks. What cannot be loaded stays as it was.
#[derive(Clone, Copy)]
pub struct BellFeed {
    /// How many are unread.
    pub unread: RwSignal<i64>,
    /// Those that were loaded, newest first.
    pub items: RwSignal<Vec<NotificationItem>>,
    /// The key of what follows them, if anything does.
    pub next: RwSignal<Option<String>>,
    opened: RwSignal<bool>,
}

impl Default for BellFeed {
    fn default() -> Self {
        Self {
            unread: RwSignal::new(0),
            items: RwSignal::default(),
            next: RwSignal::default(),
            opened: RwSignal::new(false),
        }
    }
}

impl BellFeed {
    /// Something was told, or read: the number anew, and the list if it has been asked for.
    pub fn refresh(self) {
        spawn_local(async move {
            if let Ok(unread) = unread_notifications().await {
                let _ = self.unread.try_set(unread);
            }
        });
        if self.opened.get_untracked() {
            self.load(None);
        }
    }

    /// The bell is opened: its list is needed from now on.
    pub fn open(self) {
        self.opened.set(true);
        self.load(None);
    }

    /// The ones that follow.
    pub fn more(self) {
        if let Some(next) = self.next.get_untracked() {
            self.load(Some(next));
        }
    }

    /// One was opened.
    pub fn read(self, id: NotificationId) {
        spawn_local(async move {
            let _ = read_notification(id).await;
        });
        let mut was_unread = false;
        self.items.update(|items| {
            for item in items.iter_mut().filter(|item| item.id == id) {
                was_unread = std::mem::replace(&mut item.unread, false);
            }
        });
        if was_unread {
            self.unread.update(|unread| *unread = (*unread - 1).max(0));
        }
    }

    /// All have been read.
    pub fn read_all(self) {
        spawn_local(async move {
            if read_all_notifications().await.is_ok() {
                let _ = self.unread.try_set(0);
                let _ = self.items.try_update(|items| items.iter_mut().for_each(|item| item.unread = false));
            }
        });
    }

    fn load(self, after: Option<String>) {
        spawn_local(async move {
            let first = after.is_none();
            let query = PageQuery {
                after,
                before: None,
                size: PAGE,
            };
            let Ok(page) = list_notifications(query).await else { return };
            let _ = self.next.try_set(page.next);
            let _ = self.items.try_update(|items| {
                if first {
                    *items = page.items;
                } else {
                    items.extend(page.items);
                }
            });
        });
    }
}

//! Which sessions' uses are being noted just now. Must not know how.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Sessions whose use is being noted, so that each waits for the database once.
#[derive(Debug, Default)]
pub struct NotedUses(Mutex<HashSet<String>>);

impl NotedUses {
    /// Begins; false if one is on its way already.
    pub fn begin(&self, key: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned())
    }

    /// It is done, well or not.
    pub fn end(&self, key: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// Whether none is on its way.
    #[cfg(test)]
    pub fn is_idle(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

//! Counts the calls of one caller of the API: of a person through one client, or of a client itself. It goes along with a call, for there can be
//! more calls within it.

use std::sync::Arc;

use uuid::Uuid;

use super::state::AppState;
use crate::domain::id::ClientId;

/// The count of one caller.
#[derive(Clone)]
pub struct Meter {
    state: Arc<AppState>,
    caller: (Uuid, ClientId),
}

impl Meter {
    /// Of a person or a client who calls through a client.
    pub fn new(state: &Arc<AppState>, caller: Uuid, client: ClientId) -> Self {
        Self {
            state: state.clone(),
            caller: (caller, client),
        }
    }

    /// Counts a call, or gives the seconds to wait.
    pub fn count(&self) -> Result<(), u64> {
        let now = self.state.app.clock.now();
        self.state.api_calls.check(&self.caller, now)?;
        self.state.api_calls.count(self.caller, now);
        Ok(())
    }
}

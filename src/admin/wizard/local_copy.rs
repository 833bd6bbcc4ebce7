//! What was typed and the server has not got yet, kept in the browser's session for this window, so that a reload in that moment or a
//! lost connection loses nothing. On the server there is nothing to keep.

use crate::domain::draft::PackageDraft;
use crate::domain::id::DraftId;

pub(super) use session::{forget, keep, kept};

#[cfg(feature = "hydrate")]
mod session {
    use leptos::prelude::{FromEncodedStr, IntoEncodedString, window};

    use crate::domain::draft::PackageDraft;
    use crate::domain::id::DraftId;
    use crate::rpc::packed::{PACKED, pack, unpack};

    fn storage() -> Option<leptos::web_sys::Storage> {
        window().session_storage().ok().flatten()
    }

    fn name(id: DraftId) -> String {
        [PACKED, "-draft-", &id.to_string()].concat()
    }

    pub(in super::super) fn keep(id: DraftId, version: i64, draft: &PackageDraft) {
        if let Some(storage) = storage() {
            let text = pack(&Ok((version, draft))).into_encoded_string();
            // A full or closed storage only takes this net away; the server still gets the draft.
            drop(storage.set_item(&name(id), &text));
        }
    }

    pub(in super::super) fn kept(id: DraftId) -> Option<(i64, PackageDraft)> {
        let text = storage()?.get_item(&name(id)).ok().flatten()?;
        unpack(&<[u8]>::from_encoded_str(&text).ok()?).ok()
    }

    pub(in super::super) fn forget(id: DraftId) {
        if let Some(storage) = storage() {
            drop(storage.remove_item(&name(id)));
        }
    }
}

/// A save has come through after its page was left: what was typed meanwhile stands on top of it.
pub(super) fn follow(id: DraftId, version: i64, saved: &PackageDraft) {
    match kept(id) {
        Some((_, kept)) if kept != *saved => keep(id, version, &kept),
        _ => forget(id),
    }
}

#[cfg(not(feature = "hydrate"))]
mod session {
    use crate::domain::draft::PackageDraft;
    use crate::domain::id::DraftId;

    pub(in super::super) fn keep(_: DraftId, _: i64, _: &PackageDraft) {}

    pub(in super::super) fn kept(_: DraftId) -> Option<(i64, PackageDraft)> {
        None
    }

    pub(in super::super) fn forget(_: DraftId) {}
}

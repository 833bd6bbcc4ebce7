//! Whether the server was upgraded under an open page: known from the first answer that only a page of another build could read.

use leptos::prelude::*;

#[cfg(not(feature = "ssr"))]
static UPGRADED: std::sync::LazyLock<ArcRwSignal<bool>> = std::sync::LazyLock::new(|| ArcRwSignal::new(false));

/// Whether the page is older than the server.
pub fn is_upgraded() -> Signal<bool> {
    #[cfg(feature = "ssr")]
    return Signal::stored(false);
    #[cfg(not(feature = "ssr"))]
    (*UPGRADED).clone().into()
}

/// An answer has come that the page cannot read.
pub(super) fn note_upgrade() {
    #[cfg(not(feature = "ssr"))]
    UPGRADED.set(true);
}

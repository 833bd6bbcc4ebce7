//! The title of the document: the page, then the product.

use leptos::prelude::*;

use crate::ui::*;

/// The product's name.
pub const PRODUCT: &str = "Woodgate";

/// The title of the document. It is read once more while its page goes, when its signal may be gone.
#[component]
pub fn PageTitle(#[prop(into)] text: Signal<String>) -> AnyView {
    let title = Signal::derive(move || text.try_with(|text| format!("{text} - {PRODUCT}")).unwrap_or_default());
    view! { <DocumentTitle text=title/> }.into_any()
}

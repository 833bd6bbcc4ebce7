//! The document that each site stands in, and the browser's way in. The server renders the document; the browser hydrates only the
//! body, with the same root, so both must stay one call.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;

/// The admin area, as both sides render it.
#[cfg(feature = "site-admin")]
pub fn admin() -> AnyView {
    provide_meta_context();
    view! { <crate::admin::AdminSite/> }.into_any()
}

/// My Access, as both sides render it.
#[cfg(feature = "site-my-access")]
pub fn my_access() -> AnyView {
    provide_meta_context();
    view! { <crate::my_access::MyAccessSite/> }.into_any()
}

#[cfg(feature = "ssr")]
pub use document::{Bundle, Bundles, Document, document};

#[cfg(feature = "ssr")]
mod document {
    use leptos::nonce::use_nonce;
    use leptos::prelude::*;
    use leptos_meta::MetaTags;
    use serde::Deserialize;

    use crate::ui::script_string;

    /// The built files of one site, by their hashed names.
    #[derive(Clone, Debug, Deserialize)]
    pub struct Bundle {
        /// The script that loads the module.
        pub js: String,
        /// The module.
        pub wasm: String,
        /// The style sheet.
        pub css: String,
    }

    /// What `manifest.json` of the built site says.
    #[derive(Clone, Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub struct Bundles {
        /// The admin area.
        pub admin: Bundle,
        /// My Access.
        pub my_access: Bundle,
    }

    /// What a document is made of, apart from its body.
    #[derive(Clone, Debug)]
    pub struct Document {
        /// The reader's zone, such as `Europe/Berlin`.
        pub zone: String,
        /// The site's files.
        pub bundle: Bundle,
    }

    /// The whole document of a site.
    pub fn document(document: Document, body: AnyView) -> impl IntoView {
        let Bundle { js, wasm, css } = document.bundle;
        let (script, module) = (script_string(&js), script_string(&wasm));
        let start = format!("import init,{{hydrate}} from {script};init({{module_or_path:{module}}}).then(hydrate)");
        view! {
            <!DOCTYPE html>
            <html lang="en" data-zone=document.zone>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <link rel="stylesheet" href=css/>
                    <link rel="modulepreload" href=js/>
                    <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                    <script src="/boot.js" defer></script>
                    <script type="module" nonce=use_nonce()>{start}</script>
                    <MetaTags/>
                </head>
                <body>{body}</body>
            </html>
        }
    }
}

/// The browser's way in: takes over what the server has rendered.
#[cfg(all(feature = "hydrate", any(feature = "site-admin", feature = "site-my-access")))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    #[cfg(feature = "site-admin")]
    leptos::mount::hydrate_body(admin);
    #[cfg(all(feature = "site-my-access", not(feature = "site-admin")))]
    leptos::mount::hydrate_body(my_access);
    // Tells style sheets and tests that the page is alive.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "true");
    }
}

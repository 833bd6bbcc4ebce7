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
    use std::collections::BTreeMap;

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
        /// The modules of each part, by its name.
        pub parts: BTreeMap<String, Vec<String>>,
        /// What is fetched once the browser is idle, since most parts need it.
        pub idle: Vec<String>,
    }

    impl Bundle {
        /// The modules of these parts, each once.
        pub fn modules(&self, parts: &[&str]) -> Vec<String> {
            let mut modules = Vec::new();
            for module in parts.iter().filter_map(|part| self.parts.get(*part)).flatten() {
                if !modules.contains(module) {
                    modules.push(module.clone());
                }
            }
            modules
        }
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
        /// The parts that the page needs.
        pub parts: &'static [&'static str],
    }

    /// The whole document of a site.
    pub fn document(document: Document, body: AnyView) -> impl IntoView {
        let modules = document.bundle.modules(document.parts);
        let start = start(&document.bundle, &modules);
        let Bundle { js, wasm, css, .. } = document.bundle;
        let preload = |module: String| {
            view! { <link rel="preload" href=module r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/> }
        };
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
                    {preload(wasm)}
                    {modules.into_iter().map(preload).collect_view()}
                    <script src="/boot.js" defer></script>
                    <script type="module" nonce=use_nonce()>{start}</script>
                    <MetaTags/>
                </head>
                <body>{body}</body>
            </html>
        }
    }

    /// The script that brings the page alive, and fetches ahead what most pages need when there is nothing else to do.
    fn start(bundle: &Bundle, modules: &[String]) -> String {
        let (script, module) = (script_string(&bundle.js), script_string(&bundle.wasm));
        let ahead = bundle.idle.iter().filter(|file| !modules.contains(file));
        let ahead: String = ahead
            .map(|file| format!("fetch({},{{priority:\"low\"}}).catch(()=>{{}});", script_string(file)))
            .collect();
        let idle = if ahead.is_empty() {
            String::new()
        } else {
            format!(".then(()=>(self.requestIdleCallback??setTimeout)(()=>{{{ahead}}}))")
        };
        format!("import init,{{hydrate}} from {script};init({{module_or_path:{module}}}).then(hydrate){idle}")
    }
}

/// The browser's way in: fetches the parts that the page needs, then takes over what the server has rendered. A page whose parts do not come
/// stays as it is, which works like a page without scripting.
#[cfg(all(feature = "hydrate", any(feature = "site-admin", feature = "site-my-access")))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    wasm_bindgen_futures::spawn_local(async {
        let location = leptos::prelude::window().location();
        let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        if bring_page(path, query).await.is_ok() {
            crate::ui::bring_pages_by(|path, query| Box::pin(bring_page(path, query)));
            #[cfg(feature = "site-admin")]
            leptos::mount::hydrate_body(admin);
            #[cfg(all(feature = "site-my-access", not(feature = "site-admin")))]
            leptos::mount::hydrate_body(my_access);
            // Tells style sheets and tests that the page is alive.
            if let Some(root) = leptos::prelude::document().document_element() {
                let _ = root.set_attribute("data-hydrated", "true");
            }
        }
    });
}

/// Brings the parts of the page at an address.
#[cfg(all(feature = "hydrate", feature = "site-admin"))]
async fn bring_page(path: String, _: String) -> Result<(), crate::ui::MissingPart> {
    for part in crate::admin::code_splitting::of(&path) {
        crate::admin::code_splitting::fetch(part).await?;
    }
    Ok(())
}

/// Brings the parts of the page at an address.
#[cfg(all(feature = "hydrate", feature = "site-my-access", not(feature = "site-admin")))]
async fn bring_page(path: String, query: String) -> Result<(), crate::ui::MissingPart> {
    for part in crate::my_access::code_splitting::of(&path, &query) {
        crate::my_access::code_splitting::fetch(part).await?;
    }
    Ok(())
}

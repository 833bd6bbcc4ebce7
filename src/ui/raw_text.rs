//! The one door for text that reaches an element which HTML reads by rules of its own: `title` and `textarea` (RCDATA: no tags, but
//! character references count) and `script` (raw text: nothing counts but its end tag). The framework writes text into these as it is,
//! so a name could close the element and go on as markup. A guard refuses these elements anywhere else.

use std::fmt::Write;

use leptos::prelude::*;
use leptos_meta::Title;

/// The title of the document, in both sites. Its signal is read once more while its page goes, when it may be gone already.
#[component]
pub fn DocumentTitle(#[prop(into)] text: Signal<String>) -> AnyView {
    view! { <Title text=move || in_title(text.try_get().unwrap_or_default())/> }.into_any()
}

/// The title element of a page that is rendered once and has no scripting of ours.
pub fn title_element(text: String) -> AnyView {
    view! { <title>{text}</title> }.into_any()
}

/// A document of ours in a frame that may do nothing; `src` is its address.
#[component]
pub fn SandboxedFrame(title: &'static str, src: String) -> AnyView {
    view! { <iframe class="sandboxed-frame" title=title src=src sandbox=""></iframe> }.into_any()
}

/// A string literal for a script in the page.
pub fn script_string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' | '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(literal, "\\u{:04x}", c as u32);
            }
            c if c.is_control() => {
                let _ = write!(literal, "\\u{:04x}", c as u32);
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// A document's title: markup on the server, plain text in the browser, which sets it as a property.
fn in_title(text: String) -> String {
    if cfg!(feature = "ssr") { escaped(&text) } else { text }
}

/// The content of a text area: markup on the server, plain text in the browser, which makes a text node of it.
pub(super) fn in_text_area(text: String) -> String {
    if cfg!(feature = "ssr") { text_area_markup(&text) } else { text }
}

/// The parser drops a line end right after the opening tag, so a text that begins with one gets a second.
fn text_area_markup(text: &str) -> String {
    let mut markup = escaped(text);
    if markup.starts_with('\n') {
        markup.insert(0, '\n');
    }
    markup
}

/// As RCDATA: no character begins a tag or a character reference.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A1, A2, A3.
    #[test]
    fn a_text_stays_a_text_in_a_title_and_a_text_area() {
        assert_eq!(in_title("</title><h1>x".into()), "&lt;/title&gt;&lt;h1&gt;x");
        assert_eq!(in_text_area("?a=1&section=2&region=eu".into()), "?a=1&amp;section=2&amp;region=eu");
        assert_eq!(in_text_area("\nsecond line".into()), "\n\nsecond line");
    }

    #[test]
    fn a_script_s_literal_cannot_end_the_script_or_itself() {
        assert_eq!(script_string("/pkg/a.js"), "\"/pkg/a.js\"");
        assert_eq!(script_string("\"</script>\\"), r#""\u0022\u003c/script\u003e\u005c""#);
    }
}

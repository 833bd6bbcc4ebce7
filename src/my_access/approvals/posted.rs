//! What came of a form: of one that was posted without scripting, which the page is shown again with, and of one that a living page sent.

use leptos::prelude::*;

use crate::domain::message;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::loading::{Answer, Packing};
use crate::ui::*;

/// The fields of a posted form by their names, and why it was not taken.
pub type Returned = (Vec<(String, String)>, Option<AppError>);

/// What a form that was posted without scripting came back with.
pub fn returned() -> Returned {
    let returned = SharedValue::<Answer, Packing>::new_with_encoding(|| {
        #[cfg(feature = "ssr")]
        if let Some(posted) = use_context::<crate::rpc::my_access::Returned>() {
            return Answer::new(Ok((posted.fields, posted.error)));
        }
        Answer::new(Ok((Vec::<(String, String)>::new(), None::<AppError>)))
    });
    returned.into_inner().read().unwrap_or_default()
}

/// A field as it was typed.
pub fn typed(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The sentence for a field's own fault.
pub fn at_field(error: &AppError, path: &str, label: &str) -> Option<String> {
    let fault = error.fields().iter().find(|fault| fault.path == path)?;
    Some(message::text(&fault.code, label))
}

/// A failure that belongs to none of these fields. Signing in again happens in a new tab, so that what was typed stays.
pub fn failed(error: &AppError, fields: &[&str]) -> Option<AnyView> {
    if error.fields().iter().any(|fault| fields.contains(&fault.path.as_str())) {
        return None;
    }
    let sign_in = *error == AppError::SignedOut;
    let link = move || {
        sign_in.then(|| {
            view! { <a class="button" href=paths::sign_in(paths::MY_APPROVALS) target="_blank" rel="external">"Sign in in a new tab"</a> }
        })
    };
    let ticked = error.fields().iter().any(|fault| fault.path == "requests");
    let text = if ticked {
        "Tick the requests that you want to decide first.".to_owned()
    } else {
        error.text()
    };
    Some(view! { <MessageBar tone=Tone::Danger title=text action=link/> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::{Code, FieldError};

    #[test]
    fn f095_a_missing_reason_stands_at_its_field() {
        let missing = AppError::Invalid(vec![FieldError::new("reason", Code::Required)]);
        assert_eq!(at_field(&missing, "reason", "Reason").as_deref(), Some("Reason is required."));
        assert_eq!(at_field(&AppError::Offline, "reason", "Reason"), None);
        let fields = [("reason".to_owned(), "x".to_owned())];
        assert_eq!((typed(&fields, "reason"), typed(&fields, "until")), ("x".to_owned(), String::new()));
    }
}

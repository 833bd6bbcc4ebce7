//! The way from a person in a list of a group's, application's or site's people to why they are in it.

use leptos::prelude::*;

use crate::domain::id::{ObjectId, UserId};
use crate::paths::{self, UserReport};
use crate::ui::*;

/// The item of the person's menu: every way that gives them a role of this object, and what would be left if one ended.
pub fn why(user: UserId, object: ObjectId) -> AnyView {
    let object = object.to_string();
    let href = paths::with_query(&paths::report_user(user, UserReport::Resources), &[("object", &object)]);
    view! { <MenuLink icon=Icon::Key href=href>"Why this access?"</MenuLink> }.into_any()
}

//! Select groups, Select applications, Select SharePoint sites: one pane over three kinds of directory objects, with See all.

use leptos::prelude::*;

use super::pane::{Line, Sending, Source};
use super::select::SelectPane;
use crate::admin::objects::kind_icon;
use crate::domain::id::{CatalogId, ObjectId};
use crate::domain::object::{ObjectItem, ObjectKind, ObjectQuery};
use crate::domain::page::{Page, PageQuery};
use crate::rpc::objects::find_objects;
use crate::ui::*;

/// The plural of a kind, in the words of its pane.
fn plural(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Group => "groups",
        ObjectKind::Application => "applications",
        ObjectKind::Site => "SharePoint sites",
    }
}

/// Why an object can't be chosen again, given how many of its roles are in the list already.
fn closed(object: &ObjectItem, listed: &[ObjectId]) -> Option<String> {
    let there = listed.iter().filter(|id| **id == object.id).count();
    if let Some(closed) = &object.closed {
        Some(closed.clone())
    } else if object.roles.is_empty() {
        Some("It has no role that an access package can give.".into())
    } else if there >= object.roles.len() {
        Some("In the list already.".into())
    } else {
        None
    }
}

/// The line of an object; `listed` are the objects that the page's list holds, once for each of their rows.
fn line(object: &ObjectItem, listed: &[ObjectId]) -> Line {
    let mut detail = object.sub_kind.clone();
    if object.dynamic {
        detail.push_str(", dynamic: only Owner can be given");
    }
    if !object.in_catalog {
        detail.push_str(". It will be added to the catalog.");
    }
    Line {
        key: object.id.to_string(),
        name: object.name.clone(),
        detail,
        icon: kind_icon(object.kind),
        closed: closed(object, listed),
    }
}

/// The pane over objects of `kind` (F012, F013); `on_select` is given the chosen ones with their roles.
#[component]
pub fn SelectObjects(
    kind: RwSignal<ObjectKind>,
    open: RwSignal<bool>,
    #[prop(into)] catalog: Signal<Option<CatalogId>>,
    /// The objects in the page's list, once for each of their rows.
    #[prop(into)]
    listed: Signal<Vec<ObjectId>>,
    #[prop(into)] on_select: Callback<Vec<ObjectItem>>,
) -> AnyView {
    let see_all = RwSignal::new(false);
    let find = move |search: String, page: PageQuery| {
        let query = catalog.get_untracked().map(|catalog| ObjectQuery {
            kind: kind.get_untracked(),
            catalog,
            see_all: see_all.get_untracked(),
            search,
            page,
        });
        async move {
            match query {
                Some(query) => find_objects(query).await,
                None => Ok(Page::empty()),
            }
        }
    };
    let source = Source::new(find, move |object| {
        Some(line(object, &listed.try_get_untracked().unwrap_or_default()))
    });
    let empty = move || {
        let what = plural(kind.get());
        if see_all.get() {
            let text = "Check the spelling, or create what you need first.";
            (format!("No {what} found"), text.to_owned())
        } else {
            let text = "Tick See all to choose from the whole directory; what you select is added to the catalog.";
            (format!("No {what} found in this catalog"), text.to_owned())
        }
    };
    let take = move |keys: Vec<String>| on_select.run(source.of(&keys));
    view! {
        <SelectPane
            name="select-objects"
            title=Signal::derive(move || format!("Select {}", plural(kind.get())))
            search_label=Signal::derive(move || format!("Search {}", plural(kind.get())))
            open=open
            look=source.look()
            scope=Signal::derive(move || u8::from(see_all.get()))
            empty=Signal::derive(empty)
            on_select=take
            tools=move || view! { <Checkbox name="see-all" label="See all" checked=see_all/> }
        />
    }
    .into_any()
}

/// The line of an object in the pane of what can be added to a catalog: what can't be added says why (F055).
fn new_line(object: &ObjectItem) -> Line {
    let mut detail = object.sub_kind.clone();
    if object.dynamic {
        detail.push_str(", dynamic: only Owner can be given");
    }
    Line {
        key: object.id.to_string(),
        name: object.name.clone(),
        detail,
        icon: kind_icon(object.kind),
        closed: if object.in_catalog {
            Some("In the catalog already.".to_owned())
        } else {
            object.closed.clone()
        },
    }
}

/// The pane over all of the directory, to add to a catalog (F050). It stays open after Select until the caller closes it, and shows the
/// caller's `error` meanwhile.
#[component]
pub fn SelectNewResources(
    kind: RwSignal<ObjectKind>,
    open: RwSignal<bool>,
    #[prop(into)] catalog: Signal<Option<CatalogId>>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] on_select: Callback<Vec<ObjectItem>>,
) -> AnyView {
    let find = move |search: String, page: PageQuery| {
        let query = catalog.get_untracked().map(|catalog| ObjectQuery {
            kind: kind.get_untracked(),
            catalog,
            see_all: true,
            search,
            page,
        });
        async move {
            match query {
                Some(query) => find_objects(query).await,
                None => Ok(Page::empty()),
            }
        }
    };
    let source = Source::new(find, |object| Some(new_line(object)));
    let empty = move || {
        let text = "Check the spelling, or create what you need first.";
        (format!("No {} found", plural(kind.get())), text.to_owned())
    };
    let take = move |keys: Vec<String>| on_select.run(source.of(&keys));
    view! {
        <SelectPane
            name="add-resources"
            title=Signal::derive(move || format!("Add {}", plural(kind.get())))
            search_label=Signal::derive(move || format!("Search {}", plural(kind.get())))
            open=open
            look=source.look()
            scope=Signal::stored(0)
            empty=Signal::derive(empty)
            sending=Sending {
                busy,
                error,
                stays: true,
            }
            on_select=take
            tools=|| {
                view! { <p class="muted">"Whoever manages the packages of this catalog decides from then on who gets these resources."</p> }
            }
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::object::RoleItem;
    use uuid::Uuid;

    fn group(roles: usize) -> ObjectItem {
        ObjectItem {
            id: Uuid::from_u128(1).into(),
            name: "Marketing resources".into(),
            kind: ObjectKind::Group,
            sub_kind: "Security".into(),
            dynamic: false,
            in_catalog: true,
            deleted: false,
            closed: None,
            roles: (0..roles)
                .map(|role| RoleItem {
                    id: Uuid::from_u128(role as u128).into(),
                    name: role.to_string(),
                })
                .collect(),
        }
    }

    #[test]
    fn f012_an_object_can_be_chosen_until_all_of_its_roles_are_listed() {
        let group = group(2);
        assert_eq!(closed(&group, &[]), None);
        assert_eq!(closed(&group, &[group.id]), None);
        assert!(closed(&group, &[group.id, group.id]).is_some());
    }

    #[test]
    fn f055_what_cannot_be_added_is_closed_with_the_reason() {
        let mut group = group(1);
        assert_eq!(new_line(&group).closed.as_deref(), Some("In the catalog already."));
        group.in_catalog = false;
        assert_eq!(new_line(&group).closed, None);
        group.closed = Some("You can add it only if you own it.".into());
        assert_eq!(new_line(&group).closed, group.closed);
        assert_eq!(closed(&group, &[]), group.closed);
    }

    #[test]
    fn f013_a_line_says_that_it_will_be_added_to_the_catalog() {
        let mut group = group(1);
        assert_eq!(line(&group, &[]).detail, "Security");
        group.in_catalog = false;
        assert!(line(&group, &[]).detail.contains("added to the catalog"));
        group.dynamic = true;
        assert!(line(&group, &[]).detail.contains("only Owner"));
    }
}

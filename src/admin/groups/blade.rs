//! One group: its head, its commands and the menu of its pages, which stand below it as child routes.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use super::delete::{GROUP, consequence};
use super::edit::EditPane;
use super::labels::{kind_label, membership_label};
use crate::admin::deletion;
use crate::admin::error_view::{loaded, loaded_quietly, use_id};
use crate::admin::frame::PageTitle;
use crate::domain::group::GroupDetail;
use crate::domain::id::{Named, ObjectId};
use crate::paths::{self, GroupPage};
use crate::rpc::Loading;
use crate::rpc::groups::get_group;
use crate::ui::*;

/// The group of the blade around the caller.
pub fn use_group() -> Loading<GroupDetail> {
    expect_context::<Loading<GroupDetail>>()
}

/// The blade of one group.
#[component]
pub fn GroupBlade() -> AnyView {
    let id = use_id::<ObjectId>();
    let group = Loading::named(id, get_group);
    provide_context(group);
    let path = use_location().pathname;
    let menu = move || {
        loaded_quietly(group, move |group| {
            let id = group.item.id;
            view! { <SubMenu label=group.item.name items=Signal::derive(move || path.with(|path| pages(id, path)))/> }.into_any()
        })
    };
    view! {
        <Blade menu=menu>
            {loaded(group, move |detail| head(detail, Callback::new(move |()| group.refetch())))}
            <Outlet/>
        </Blade>
    }
    .into_any()
}

fn head(group: GroupDetail, reload: Callback<()>) -> AnyView {
    let item = group.item.clone();
    let editing = RwSignal::new(false);
    let deleting = RwSignal::new(false);
    let (edit, delete) = (group.edit.reason(), group.delete.reason());
    let kind = [kind_label(item.kind), " group"].concat();
    let warning = consequence(&group);
    view! {
        <PageTitle text=item.name.clone()/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Groups", paths::GROUPS),
            Crumb::here(item.name.clone()),
        ]/>
        <PageHead
            title=item.name
            subtitle=kind
            icon=Icon::Group
            chip=move || view! { <Chip tone=Tone::Info text=membership_label(item.membership)/> }
            commands=move || {
                view! {
                    <Button id="edit-group" icon=Icon::Edit kind=ButtonKind::Subtle disabled_reason=edit on_click=move || editing.set(true)>
                        "Edit"
                    </Button>
                    <Button
                        id="delete-group"
                        icon=Icon::Delete
                        kind=ButtonKind::Subtle
                        disabled_reason=delete
                        on_click=move || deleting.set(true)
                    >
                        "Delete"
                    </Button>
                }
            }
        />
        <EditPane group=group.clone() open=editing reload=reload/>
        {deletion::on_page(GROUP, Named::new(group.item.id.0, group.item.name), group.version, warning, deleting)}
    }
    .into_any()
}

fn pages(id: ObjectId, here: &str) -> Vec<NavItem> {
    let item = |icon, label, page| {
        let href = paths::group(id, page);
        let current = href == here.trim_end_matches('/');
        NavItem::new(icon, label, href).current(current)
    };
    vec![
        item(Icon::Home, "Overview", GroupPage::Overview),
        item(Icon::People, "Members", GroupPage::Members),
        item(Icon::Person, "Owners", GroupPage::Owners),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_menu_marks_the_page_that_is_shown() {
        let id = ObjectId(Uuid::nil());
        let marked = |here: &str| -> Vec<String> { pages(id, here).into_iter().filter(|i| i.current).map(|i| i.label).collect() };
        assert_eq!(marked(&paths::group(id, GroupPage::Overview)), ["Overview"]);
        assert_eq!(marked(&paths::group(id, GroupPage::Members)), ["Members"]);
    }
}

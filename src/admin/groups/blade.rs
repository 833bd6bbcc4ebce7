//! One group: its head, its commands and the menu of its pages, which stand below it as child routes.

use leptos::prelude::*;

use super::delete::{CONSEQUENCE, GROUP};
use super::edit::EditPane;
use super::labels::{kind_label, membership_label};
use crate::admin::blade::{Entry, blade};
use crate::admin::deletion::{self, ToDelete};
use crate::admin::error_view::use_id;
use crate::admin::page_title::PageTitle;
use crate::domain::group::GroupDetail;
use crate::domain::id::ObjectId;
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
    blade(group, pages, move |detail| head(detail, Callback::new(move |()| group.refetch())))
}

fn pages(group: &GroupDetail) -> (String, Vec<Entry>) {
    let to = |page| paths::group(group.item.id, page);
    let entries = vec![
        (Icon::Home, "Overview", to(GroupPage::Overview)),
        (Icon::People, "Members", to(GroupPage::Members)),
        (Icon::Person, "Owners", to(GroupPage::Owners)),
        (Icon::Document, "History", to(GroupPage::History)),
    ];
    (group.item.name.clone(), entries)
}

fn head(group: GroupDetail, reload: Callback<()>) -> AnyView {
    let item = group.item.clone();
    let editing = RwSignal::new(false);
    let deleting = RwSignal::new(None::<ToDelete>);
    let ask = ToDelete {
        id: item.id.0,
        name: item.name.clone(),
        version: Some(group.version),
        text: CONSEQUENCE.to_owned(),
    };
    let (edit, delete) = (group.edit.reason(), group.delete.reason());
    let kind = format!("{} group", kind_label(item.kind));
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
                        on_click=move || deleting.set(Some(ask.clone()))
                    >
                        "Delete"
                    </Button>
                }
            }
        />
        <EditPane group=group.clone() open=editing reload=reload/>
        {deletion::question(GROUP, deleting, deletion::to_list(GROUP))}
    }
    .into_any()
}

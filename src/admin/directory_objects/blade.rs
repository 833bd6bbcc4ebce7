//! One application or site: its head and the menu of its pages, which stand below it as child routes.

use leptos::prelude::*;

use crate::admin::blade::{Entry, blade};
use crate::admin::error_view::use_id;
use crate::admin::objects::kind_icon;
use crate::admin::page_title::PageTitle;
use crate::domain::directory_object::{DirectoryObjectDetail, DirectoryObjectItem};
use crate::domain::id::ObjectId;
use crate::domain::object::ObjectKind;
use crate::paths::{self, ObjectPage};
use crate::rpc::Loading;
use crate::rpc::directory_objects::get_directory_object;
use crate::ui::*;

/// The application or site of the blade around the caller.
pub fn use_object() -> Loading<DirectoryObjectDetail> {
    expect_context::<Loading<DirectoryObjectDetail>>()
}

/// One page of an application or site.
pub fn page_of(item: &DirectoryObjectItem, page: ObjectPage) -> String {
    match item.kind {
        ObjectKind::Site => paths::site(item.id, page),
        ObjectKind::Application | ObjectKind::Group => paths::application(item.id, page),
    }
}

/// The blade of one application or site.
#[component]
pub fn DirectoryObjectBlade() -> AnyView {
    let id = use_id::<ObjectId>();
    let object = Loading::named(id, get_directory_object);
    provide_context(object);
    blade(object, pages, head)
}

fn pages(object: &DirectoryObjectDetail) -> (String, Vec<Entry>) {
    let entries = vec![
        (Icon::Home, "Overview", page_of(&object.item, ObjectPage::Overview)),
        (Icon::People, "Who has access", page_of(&object.item, ObjectPage::Holders)),
        (Icon::History, "History", page_of(&object.item, ObjectPage::History)),
    ];
    (object.item.name.clone(), entries)
}

fn head(object: DirectoryObjectDetail) -> AnyView {
    let item = object.item;
    let (kind, list, path) = match item.kind {
        ObjectKind::Site => ("Site", "Sites", paths::SITES),
        ObjectKind::Application | ObjectKind::Group => ("Application", "Applications", paths::APPLICATIONS),
    };
    view! {
        <PageTitle text=item.name.clone()/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link(list, path), Crumb::here(item.name.clone())]/>
        <PageHead title=item.name subtitle=kind.to_owned() icon=kind_icon(item.kind)/>
    }
    .into_any()
}

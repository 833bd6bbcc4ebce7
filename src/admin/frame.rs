//! The frame around every page of the admin area: top bar, left menu, notifications, and who is signed in, loaded once and given to
//! all pages. It knows where the pages are, not what they show.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use leptos_router::hooks::use_location;

use super::bell::Bell;
use super::error_view::loaded_quietly;
use super::find::Find;
use super::page_title::PRODUCT;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::upgrade::is_upgraded;
use crate::rpc::viewer::{Viewer, get_viewer};
use crate::ui::*;

type ViewerResource = Loading<Viewer>;

/// The signed-in user, from the context of the frame.
pub fn use_viewer() -> ViewerResource {
    expect_context::<ViewerResource>()
}

/// The frame; the children are the pages.
#[component]
pub fn Frame(children: Children) -> AnyView {
    let viewer: ViewerResource = Loading::once(get_viewer);
    provide_context(viewer);
    let path = use_location().pathname;
    let area = Memo::new(move |_| path.with(|path| Area::of(path)));
    enter_content_after_navigation(path);
    view! {
        <ToastProvider>
            <AdminFrame
                product=PRODUCT
                tenant=move || tenant(viewer)
                home=paths::ADMIN
                upgraded=is_upgraded()
                menu=move || loaded_quietly(viewer, move |viewer| side_menu(area, &viewer))
                search=move || view! { <Find/> }
                tools=move || {
                    view! {
                        <Bell/>
                        {account(viewer)}
                    }
                }
            >
                {children()}
            </AdminFrame>
        </ToastProvider>
    }
    .into_any()
}

/// After a step to another page the keyboard goes on from the content, not from a link that may be gone.
fn enter_content_after_navigation(path: Memo<String>) {
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now && !is_pane_over(&before, &now)) {
            let content = document().get_element_by_id("content");
            if let Some(content) = content.and_then(|content| content.dyn_into::<HtmlElement>().ok()) {
                drop(content.focus());
            }
        }
        now
    });
}

/// A request's or an assignment's details open over their list and close again; the dialog itself sees to the keyboard then.
fn is_pane_over(before: &str, now: &str) -> bool {
    let over = |list: &str, pane: &str| {
        let rest = pane.strip_prefix(list).and_then(|rest| rest.strip_prefix('/'));
        let opens = list.ends_with("/requests")
            || list.ends_with("/assignments")
            || [paths::MAILS, paths::MAIL_TEMPLATES, paths::AUDIT].contains(&list);
        opens && rest.is_some_and(|rest| rest != "new")
    };
    over(before, now) || over(now, before)
}

fn side_menu(area: Memo<Area>, viewer: &Viewer) -> AnyView {
    let open = OpenPages::of(viewer);
    view! { <SideMenu label="Main menu" sections=Signal::derive(move || menu(area.get(), open))/> }.into_any()
}

fn tenant(viewer: ViewerResource) -> AnyView {
    loaded_quietly(viewer, |viewer| viewer.tenant.into_any())
}

fn account(viewer: ViewerResource) -> AnyView {
    loaded_quietly(viewer, |viewer| view! { <AccountMenu viewer=viewer/> }.into_any())
}

#[component]
fn AccountMenu(viewer: Viewer) -> AnyView {
    let name = viewer.user.name.clone();
    view! {
        <Menu id="account" label=format!("Account of {name}") trigger=move || view! { <Avatar name=name/> }>
            <div class="account-head">
                <span class="strong break">{viewer.user.name}</span>
                <span class="muted break">{viewer.user_name}</span>
                <span class="muted">{viewer.role.label()}</span>
            </div>
            <MenuLink href=paths::MY_ACCESS icon=Icon::Package external=true>"My Access"</MenuLink>
            <MenuLink href=paths::PASSWORD icon=Icon::Key external=true>"Change password"</MenuLink>
            <form method="post" action=paths::SIGN_OUT>
                <MenuItem icon=Icon::SignOut submit=true>"Sign out"</MenuItem>
            </form>
        </Menu>
    }
    .into_any()
}

/// The parts of the admin area that the left menu tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Area {
    Home,
    Users,
    Groups,
    Applications,
    Sites,
    Roles,
    Governance,
    Packages,
    Catalogs,
    Organizations,
    Clients,
    Settings,
    Reports,
    Audit,
    Elsewhere,
}

impl Area {
    fn of(path: &str) -> Self {
        let parts = [
            (paths::USERS, Self::Users),
            (paths::GROUPS, Self::Groups),
            (paths::APPLICATIONS, Self::Applications),
            (paths::SITES, Self::Sites),
            (paths::ROLES, Self::Roles),
            (paths::GOVERNANCE, Self::Governance),
            (paths::PACKAGES, Self::Packages),
            (paths::CATALOGS, Self::Catalogs),
            (paths::ORGANIZATIONS, Self::Organizations),
            (paths::CLIENTS, Self::Clients),
            (paths::SETTINGS, Self::Settings),
            (paths::REPORTS, Self::Reports),
            (paths::AUDIT, Self::Audit),
        ];
        if path.trim_end_matches('/') == paths::ADMIN {
            return Self::Home;
        }
        parts
            .into_iter()
            .find(|(start, _)| {
                path.strip_prefix(start)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .map_or(Self::Elsewhere, |(_, area)| area)
    }
}

/// Which pages the viewer may open, by what they ask for.
#[derive(Clone, Copy)]
struct OpenPages {
    directory: bool,
    packages: bool,
    catalogs: bool,
    organizations: bool,
    clients: bool,
    settings: bool,
    reports: bool,
}

impl OpenPages {
    fn of(viewer: &Viewer) -> Self {
        Self {
            directory: viewer.directory.is_allowed(),
            packages: viewer.package_list.is_allowed(),
            catalogs: viewer.catalog_list.is_allowed(),
            organizations: viewer.organization_list.is_allowed(),
            clients: viewer.clients.is_allowed(),
            settings: viewer.settings.is_allowed(),
            reports: viewer.reports.is_allowed(),
        }
    }
}

/// The left menu: each page stands in it for those who may open it.
fn menu(here: Area, open: OpenPages) -> Vec<NavSection> {
    let item = |may: bool, icon, label, href, area| may.then(|| NavItem::new(icon, label, href).current(area == here));
    let directory = [
        item(open.directory, Icon::Person, "Users", paths::USERS, Area::Users),
        item(open.directory, Icon::Group, "Groups", paths::GROUPS, Area::Groups),
        item(open.directory, Icon::App, "Applications", paths::APPLICATIONS, Area::Applications),
        item(open.directory, Icon::Site, "Sites", paths::SITES, Area::Sites),
        item(open.directory, Icon::Shield, "Roles", paths::ROLES, Area::Roles),
    ];
    let governance = [
        item(open.packages, Icon::Package, "Access packages", paths::PACKAGES, Area::Packages),
        item(open.catalogs, Icon::Catalog, "Catalogs", paths::CATALOGS, Area::Catalogs),
        item(
            open.organizations,
            Icon::People,
            "Connected organizations",
            paths::ORGANIZATIONS,
            Area::Organizations,
        ),
        item(open.clients, Icon::Key, "API clients", paths::CLIENTS, Area::Clients),
        item(open.settings, Icon::Settings, "Settings", paths::SETTINGS, Area::Settings),
        item(open.reports, Icon::Document, "Reports", paths::REPORTS, Area::Reports),
        item(open.reports, Icon::History, "Audit logs", paths::AUDIT, Area::Audit),
    ];
    let governance = NavSection::new("Identity Governance", governance.into_iter().flatten().collect());
    let home = NavItem::new(Icon::Home, "Home", paths::ADMIN).current(here == Area::Home);
    let mut sections = vec![NavSection::new("", vec![home])];
    if open.directory {
        sections.push(NavSection::new("Directory", directory.into_iter().flatten().collect()));
    }
    sections.push(governance.link(paths::GOVERNANCE, here == Area::Governance));
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_marks_the_area_of_a_page_and_of_what_lies_below_it() {
        assert_eq!(Area::of("/admin"), Area::Home);
        assert_eq!(Area::of("/admin/"), Area::Home);
        assert_eq!(Area::of("/admin/users/new"), Area::Users);
        assert_eq!(Area::of("/admin/userspace"), Area::Elsewhere);
        let open = OpenPages {
            directory: true,
            packages: true,
            catalogs: true,
            organizations: true,
            clients: true,
            settings: true,
            reports: true,
        };
        let marked: Vec<_> = menu(Area::Packages, open)
            .into_iter()
            .flat_map(|s| s.items)
            .filter(|i| i.current)
            .map(|i| i.label)
            .collect();
        assert_eq!(marked, ["Access packages"]);
    }
}

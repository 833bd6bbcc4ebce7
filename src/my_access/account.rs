//! The account menu at the end of the bar: who is signed in, the way to the admin area for those who may, sign out.

use leptos::prelude::*;

use super::bell;
use crate::paths;
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// The menu of the signed-in user, and the bell, which runs `told` whenever there is news. Signing out is a plain form, so it ends the session with scripting off too.
pub fn menu(viewer: Viewer, told: Callback<()>) -> AnyView {
    let Viewer {
        user, user_name, admin, ..
    } = viewer;
    let name = user.name.clone();
    view! {
        {bell::bell(told)}
        <Menu id="account" label=["Account of ", &name].concat() trigger=move || view! { <Avatar name=name/> }>
            <div class="menu-words two-line" role="none">
                <span class="strong">{user.name}</span>
                <small>{user_name}</small>
            </div>
            {admin
                .is_allowed()
                .then(|| view! { <MenuLink href=paths::ADMIN icon=Icon::Shield external=true>"Admin area"</MenuLink> })}
            <MenuLink href=paths::MY_APPS icon=Icon::App>"Apps with access"</MenuLink>
            <MenuLink href=paths::PASSWORD icon=Icon::Key external=true>"Change password"</MenuLink>
            <form method="post" action=paths::SIGN_OUT role="none">
                <MenuItem icon=Icon::SignOut submit=true>"Sign out"</MenuItem>
            </form>
        </Menu>
    }
    .into_any()
}

//! Clients as administrators manage them: who may, what is told once, and what goes with a client.

use super::*;
use crate::domain::access::Ceiling;
use crate::domain::client::{ApiPermission, GrantKind, KeyForm, SecretForm};
use crate::domain::user::DirectoryRole;
use crate::testing::{TestApp, actor};
use crate::{args, both_databases};

both_databases!(
    only_a_global_administrator_manages_clients,
    a_client_is_registered_changed_and_deleted,
    a_secret_is_told_once_and_kept_as_a_hash,
);

fn form(name: &str) -> ClientForm {
    ClientForm {
        name: name.into(),
        description: "Keeps the catalogs in step".into(),
        redirects: "http://localhost/cb".into(),
        public_client: false,
    }
}

fn read() -> GivenPermission {
    GivenPermission {
        kind: GrantKind::Application,
        permission: ApiPermission::EntitlementManagementRead,
    }
}

async fn only_a_global_administrator_manages_clients(bench: TestApp) {
    let app = &bench.app;
    let admin = actor(DirectoryRole::GlobalAdministrator);
    let id = create(app, &admin, &form("Sync")).await.expect("a client");
    for role in [
        DirectoryRole::User,
        DirectoryRole::UserAdministrator,
        DirectoryRole::IdentityGovernanceAdministrator,
    ] {
        let other = actor(role);
        assert!(matches!(create(app, &other, &form("Mine")).await, Err(Error::Refused(_))));
        assert!(matches!(get(app, &other, id).await, Err(Error::Refused(_))));
        assert!(matches!(list(app, &other, &ClientQuery::default()).await, Err(Error::Refused(_))));
        assert!(matches!(give_permission(app, &other, id, read()).await, Err(Error::Refused(_))));
        assert!(matches!(set_enabled(app, &other, id, 1, false).await, Err(Error::Refused(_))));
        assert!(matches!(delete(app, &other, id, 1).await, Err(Error::Refused(_))));
        let secret = SecretForm {
            name: "Mine".into(),
            days: "1".into(),
        };
        assert!(matches!(add_secret(app, &other, id, &secret).await, Err(Error::Refused(_))));
    }
    // Nor does one who comes with a token, whatever it holds.
    let every = ApiPermission::ALL.iter().copied();
    let tokened = admin.below(Ceiling::new(GrantKind::Delegated, every));
    assert!(matches!(create(app, &tokened, &form("Mine")).await, Err(Error::Refused(_))));
}

async fn a_client_is_registered_changed_and_deleted(bench: TestApp) {
    let app = &bench.app;
    let admin = actor(DirectoryRole::GlobalAdministrator);
    let id = create(app, &admin, &form("Sync")).await.expect("a client");
    assert!(matches!(create(app, &admin, &form("SYNC")).await, Err(Error::Invalid(_))));
    let other = create(app, &admin, &form("Terraform")).await.expect("a client");
    let page = list(app, &admin, &ClientQuery::default()).await.expect("a page");
    let names: Vec<&str> = page.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!((names, page.total), (vec!["Sync", "Terraform"], Some(2)));
    let found = ClientQuery {
        search: "terra".into(),
        ..ClientQuery::default()
    };
    assert_eq!(list(app, &admin, &found).await.expect("a page").items[0].id, other);
    let mut changed = form("Sync 2");
    changed.redirects = String::new();
    update(app, &admin, id, 1, &changed).await.expect("changed");
    assert!(matches!(update(app, &admin, id, 1, &changed).await, Err(Error::Conflict(_))));
    give_permission(app, &admin, id, read()).await.expect("given");
    give_permission(app, &admin, id, read()).await.expect("given already");
    let own = GivenPermission {
        permission: ApiPermission::UserRead,
        ..read()
    };
    assert!(matches!(give_permission(app, &admin, id, own).await, Err(Error::Refused(_))));
    let detail = get(app, &admin, id).await.expect("a client");
    assert_eq!((detail.permissions, detail.redirects), (vec![read()], Vec::new()));
    assert_eq!(
        detail.token_address,
        format!("http://127.0.0.1:3000/{}/oauth2/v2.0/token", detail.tenant_id)
    );
    assert_eq!(detail.version, 3);
    delete(app, &admin, id, 3).await.expect("deleted");
    assert!(matches!(get(app, &admin, id).await, Err(Error::NotFound)));
    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT activity FROM audit ORDER BY id";
    let rows: Vec<String> = tx.column(sql, args![]).await.expect("rows");
    let expected = [
        "create_client",
        "create_client",
        "update_client",
        "give_client_permission",
        "delete_client",
    ];
    assert_eq!(rows, expected);
}

async fn a_secret_is_told_once_and_kept_as_a_hash(bench: TestApp) {
    let app = &bench.app;
    let admin = actor(DirectoryRole::GlobalAdministrator);
    let id = create(app, &admin, &form("Sync")).await.expect("a client");
    let secret = SecretForm {
        name: "CI".into(),
        days: "10".into(),
    };
    let told = add_secret(app, &admin, id, &secret).await.expect("a secret");
    assert_eq!(told.len(), 43);
    let detail = get(app, &admin, id).await.expect("a client");
    assert!(told.ends_with(&detail.secrets[0].hint));
    assert!(!serde_json::to_string(&detail).expect("json").contains(&told));
    let mut tx = app.store.read().await.expect("tx");
    let kept: String = tx.value("SELECT hash FROM client_secrets", args![]).await.expect("a row");
    assert_eq!(kept, tokens::jws::hash(&told));
    drop(tx);
    for _ in 1..10 {
        add_secret(app, &admin, id, &secret).await.expect("a secret");
    }
    assert!(matches!(add_secret(app, &admin, id, &secret).await, Err(Error::Invalid(_))));
    let item = &get(app, &admin, id).await.expect("a client").secrets[0];
    remove_secret(app, &admin, id, item.id).await.expect("taken");
    assert!(matches!(remove_secret(app, &admin, id, item.id).await, Err(Error::NotFound)));
    let key = KeyForm {
        name: "Signer".into(),
        key: "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----".into(),
    };
    assert!(matches!(add_key(app, &admin, id, &key).await, Err(Error::Invalid(_))));
}

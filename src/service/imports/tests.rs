//! Files from their bytes to what they change, on both databases: what is shown before, what is refused, and what an interruption leaves.

use futures::stream;

use super::*;
use crate::both_databases;
use crate::domain::id::{PackageId, RoleAssignmentId};
use crate::domain::import::{FILE_MAX, RowOutcome};
use crate::domain::policy::{PolicyTerms, Scope as PolicyScope};
use crate::domain::user::{DirectoryRole, UserForm, UserKind};
use crate::service::jobs as service;
use crate::store::users::NewAccount;
use crate::store::{jobs, users};
use crate::testing::{TestApp, id_of, policy};
use crate::{args, worker};

/// A user who is in the database.
async fn person(app: &App, user_name: &str, role: DirectoryRole) -> Principal {
    let now = app.clock.now();
    let form = UserForm {
        name: user_name.into(),
        user_name: user_name.into(),
        role: role.as_str().into(),
        ..UserForm::default()
    };
    let account = NewAccount {
        id: app.ids.id(now).into(),
        profile: &form.profile().expect("a profile"),
        password_hash: None,
        must_change_password: false,
        role_assignment: RoleAssignmentId(app.ids.id(now)),
        by: None,
    };
    let mut tx = app.store.write().await.expect("tx");
    users::insert(&mut tx, &account, now).await.expect("a user");
    tx.commit().await.expect("commit");
    Principal::user(account.id, user_name, user_name, UserKind::Member).with_directory_role(role)
}

async fn read_file(app: &App, actor: &Principal, kind: ImportKind, text: &[u8]) -> Result<ImportId, Error> {
    let pieces: Vec<Result<Vec<u8>, Error>> = text.chunks(16 * 1024).map(|piece| Ok(piece.to_vec())).collect();
    read(app, actor, kind, "people.csv", stream::iter(pieces)).await
}

async fn drained(app: &App) {
    while worker::drain(app).await.expect("drained") > 0 {}
}

/// Reads and checks a file.
async fn checked(app: &App, actor: &Principal, kind: ImportKind, text: &str) -> ImportDetail {
    let id = read_file(app, actor, kind, text.as_bytes()).await.expect("a file");
    drained(app).await;
    get(app, actor, id).await.expect("an import")
}

/// Reads, checks and carries out a file.
async fn imported(app: &App, actor: &Principal, kind: ImportKind, text: &str) -> ImportDetail {
    let ready = checked(app, actor, kind, text).await;
    assert_eq!(ready.item.state, ImportState::Ready, "{}", ready.item.note);
    start(app, actor, ready.item.id, ready.item.version, false).await.expect("begun");
    drained(app).await;
    let done = get(app, actor, ready.item.id).await.expect("an import");
    assert_eq!(done.item.state, ImportState::Finished);
    done
}

fn outcomes(counts: &RowCounts) -> [i64; 4] {
    [counts.create, counts.change, counts.unchanged, counts.refused]
}

async fn details(app: &App, actor: &Principal, id: ImportId) -> Vec<(RowOutcome, String)> {
    let query = ImportRowQuery {
        import: id,
        outcome: None,
        page: PageQuery::default(),
    };
    let page = rows(app, actor, &query).await.expect("rows");
    page.items.into_iter().map(|row| (row.outcome, row.detail)).collect()
}

async fn count(app: &App, sql: &'static str) -> i64 {
    let mut tx = app.store.read().await.expect("tx");
    tx.value(sql, args![]).await.expect("a count")
}

/// So many people, in whose file each one's manager stands further down.
fn many(number: usize) -> String {
    let mut text = String::from("User name,Name,Department,Manager\r\n");
    for n in 0..number {
        let manager = if n + 1 < number {
            format!("worker{:05}", n + 1)
        } else {
            String::new()
        };
        text.push_str(&format!("worker{n:05},Worker {n},Sales,{manager}\r\n"));
    }
    text
}

async fn an_import_is_shown_before_it_changes_anything_and_the_same_file_twice_changes_nothing(bench: TestApp) {
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    person(app, "ada", DirectoryRole::User).await;
    let text = "User name,Name,Job title,Type,Manager\nADA,Ada Lovelace,Engineer,,admin\nbob,Bob,,Guest,ada\ncid,,,,\ndora,Dora,,Robot,\n\
                bob,Bob again,,,\nerik,Erik,,,nobody\n";
    let ready = checked(app, &admin, ImportKind::Users, text).await;
    assert_eq!((ready.item.state, outcomes(&ready.counts)), (ImportState::Ready, [1, 1, 0, 4]));
    assert_eq!(count(app, "SELECT count(*) FROM users").await, 2);
    assert_eq!(count(app, "SELECT count(*) FROM audit WHERE activity LIKE '%user'").await, 0);
    let rows = details(app, &admin, ready.item.id).await;
    assert_eq!(rows[0].0, RowOutcome::Change);
    assert_eq!(
        rows[0].1,
        "Name: ada \u{2192} Ada Lovelace; Job title: none \u{2192} Engineer; Manager: none \u{2192} admin"
    );
    assert_eq!(rows[2], (RowOutcome::Refused, "Name is required.".to_owned()));
    assert!(rows[3].1.starts_with("Type can't be \u{201c}Robot\u{201d}."), "{}", rows[3].1);
    assert_eq!(rows[4].1, "Row 3 is about the same. Remove one of the two.");
    assert!(rows[5].1.starts_with("There is no user nobody"), "{}", rows[5].1);

    let done = imported(app, &admin, ImportKind::Users, text).await;
    assert_eq!(outcomes(&done.counts), [1, 1, 0, 4]);
    assert_eq!(count(app, "SELECT count(*) FROM audit WHERE activity = 'create_user'").await, 1);
    assert_eq!(count(app, "SELECT count(*) FROM audit WHERE activity = 'update_user'").await, 1);
    let finished = count(
        app,
        "SELECT count(*) FROM audit WHERE activity IN ('start_import', 'finish_import')",
    )
    .await;
    assert_eq!(finished, 2);
    let audited = count(app, "SELECT count(*) FROM audit").await;
    let again = checked(app, &admin, ImportKind::Users, text).await;
    assert_eq!(outcomes(&again.counts), [0, 0, 2, 4]);
    let refused = start(app, &admin, again.item.id, again.item.version, false)
        .await
        .expect_err("refused");
    assert!(matches!(refused, Error::Refused(refusal) if refusal.rule == "nothing-to-import"));
    assert_eq!(count(app, "SELECT count(*) FROM audit").await, audited);
    assert_eq!(count(app, "SELECT count(*) FROM credentials").await, 0);
}

async fn an_import_of_many_goes_on_after_it_was_killed_and_sets_managers_that_come_later(bench: TestApp) {
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    let ready = checked(app, &admin, ImportKind::Users, &many(250)).await;
    assert_eq!(outcomes(&ready.counts), [250, 0, 0, 0]);
    start(app, &admin, ready.item.id, ready.item.version, false).await.expect("begun");
    // Killed in the middle of each of the first batches: the transaction never ends.
    for _ in 0..3 {
        let mut tx = app.store.write().await.expect("tx");
        let taken = jobs::take(&mut tx, app.clock.now(), 64).await.expect("jobs");
        assert_eq!(taken.len(), 1);
        service::run(app, &mut tx, &taken, app.clock.now()).await.expect("run");
        drop(tx);
        // The job is free again as soon as the database has taken notice.
        let begun = std::time::Instant::now();
        while worker::drain(app).await.expect("one batch") == 0 {
            assert!(begun.elapsed().as_secs() < 60, "the job does not come back");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    let under_way = get(app, &admin, ready.item.id).await.expect("an import");
    assert_eq!(under_way.item.state, ImportState::Importing);
    drained(app).await;
    let done = get(app, &admin, ready.item.id).await.expect("an import");
    assert_eq!((done.item.state, outcomes(&done.counts)), (ImportState::Finished, [250, 0, 0, 0]));
    assert_eq!(count(app, "SELECT count(*) FROM users").await, 251);
    assert_eq!(count(app, "SELECT count(*) FROM users WHERE manager_id IS NOT NULL").await, 249);
    assert_eq!(count(app, "SELECT count(*) FROM audit WHERE activity = 'create_user'").await, 250);
    let again = checked(app, &admin, ImportKind::Users, &many(250)).await;
    assert_eq!(outcomes(&again.counts), [0, 0, 250, 0]);
}

async fn groups_and_memberships_are_imported_by_the_rules_of_the_single_change(bench: TestApp) {
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    person(app, "ada", DirectoryRole::User).await;
    let text = "Name;Description;Type;Membership type;Rule\nSales;Who sells;Microsoft 365;;\n\
                Engineers;;;Dynamic;user.department -eq \"R\"\nBroken;;;Dynamic;user.x\n";
    let done = imported(app, &admin, ImportKind::Groups, text).await;
    assert_eq!(outcomes(&done.counts), [2, 0, 0, 1]);
    let changed = "Name,Description\nsales,Who sells much\n";
    assert_eq!(
        outcomes(&imported(app, &admin, ImportKind::Groups, changed).await.counts),
        [0, 1, 0, 0]
    );
    let members = "Group,User name,Role\nSales,ada,\nSales,ada,Owner\nEngineers,ada,\nNowhere,ada,\nSales,nobody,\n";
    let done = imported(app, &admin, ImportKind::Memberships, members).await;
    assert_eq!(outcomes(&done.counts), [2, 0, 0, 3]);
    let rows = details(app, &admin, done.item.id).await;
    assert!(
        rows[2].1.starts_with("A rule decides who is a member of Engineers."),
        "{}",
        rows[2].1
    );
    assert_eq!(count(app, "SELECT count(*) FROM memberships WHERE direct").await, 2);
    let again = checked(app, &admin, ImportKind::Memberships, members).await;
    assert_eq!(outcomes(&again.counts), [0, 0, 2, 3]);
}

async fn a_row_is_refused_where_the_single_change_would_be(bench: TestApp) {
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    let helper = person(app, "helper", DirectoryRole::UserAdministrator).await;
    let text = "User name,Name,Directory role\nadmin,Renamed,\nnew,New,Global administrator\nplain,Plain,User\n";
    let ready = checked(app, &helper, ImportKind::Users, text).await;
    assert_eq!(outcomes(&ready.counts), [1, 0, 0, 2]);
    // What is found out first is asked again when it is carried out: the right may be gone by then.
    start(app, &helper, ready.item.id, ready.item.version, false).await.expect("begun");
    let mut tx = app.store.write().await.expect("tx");
    tx.exec("DELETE FROM role_assignments WHERE user_id = $1", args![id_of(&helper)])
        .await
        .expect("no role");
    tx.commit().await.expect("commit");
    drained(app).await;
    assert_eq!(count(app, "SELECT count(*) FROM users").await, 2);
    let nobody = Principal {
        roles: Vec::new(),
        ..helper.clone()
    };
    assert!(matches!(
        read_file(app, &nobody, ImportKind::Users, text.as_bytes()).await,
        Err(Error::Refused(_))
    ));
    assert!(matches!(get(app, &admin, ready.item.id).await, Err(Error::NotFound)));

    // The last administrator keeps the role.
    let text = "User name,Directory role\nadmin,User\n";
    let ready = checked(app, &admin, ImportKind::Users, text).await;
    assert_eq!(outcomes(&ready.counts), [0, 0, 0, 1]);
    // Whoever can't sign in any more has nothing carried out.
    let text = "User name,Name\nlate,Late\n";
    let ready = checked(app, &admin, ImportKind::Users, text).await;
    start(app, &admin, ready.item.id, ready.item.version, false).await.expect("begun");
    let mut tx = app.store.write().await.expect("tx");
    tx.exec("UPDATE users SET enabled = FALSE WHERE id = $1", args![id_of(&admin)])
        .await
        .expect("blocked");
    tx.commit().await.expect("commit");
    drained(app).await;
    assert_eq!(
        get(app, &admin, ready.item.id).await.expect("an import").item.state,
        ImportState::Stopped
    );
    assert_eq!(count(app, "SELECT count(*) FROM users WHERE user_name = 'late'").await, 0);
}

async fn packages_are_assigned_by_a_file_under_their_policies(bench: TestApp) {
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    for name in ["ada", "bob"] {
        person(app, name, DirectoryRole::User).await;
    }
    let now = app.clock.now();
    let package = PackageId(app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    let general = crate::service::catalogs::ensure_general(app, &mut tx).await.expect("General");
    let sql =
        "INSERT INTO packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)
        VALUES ($1, $2, 'Sales kit', 'sales kit', '', FALSE, 'keep', $3, $3, 1)";
    tx.exec(sql, args![package, general, now]).await.expect("a package");
    let terms = PolicyTerms {
        scope: PolicyScope::Nobody,
        ..PolicyTerms::default()
    };
    policy(app, &mut tx, package, &terms).await;
    tx.commit().await.expect("commit");
    let text = "Access package,User name,End date\nSales kit,ada,\nsales KIT,bob,2020-01-01\nOther,ada,\n";
    let done = imported(app, &admin, ImportKind::Assignments, text).await;
    assert_eq!(outcomes(&done.counts), [1, 0, 0, 2]);
    assert_eq!(count(app, "SELECT count(*) FROM assignments").await, 1);
    let rows = details(app, &admin, done.item.id).await;
    assert_eq!(rows[1].1, "Asked until: Choose a date in the future.");
    let again = checked(app, &admin, ImportKind::Assignments, text).await;
    assert_eq!(outcomes(&again.counts), [0, 0, 1, 2]);
}

async fn a_hostile_file_is_refused_with_the_way_out(bench: TestApp) {
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    let note = async |text: &[u8]| {
        let id = read_file(app, &admin, ImportKind::Users, text).await.expect("an import");
        let import = get(app, &admin, id).await.expect("an import");
        assert_eq!(import.item.state, ImportState::Refused);
        import.item.note
    };
    assert!(note(b"").await.contains("empty"));
    assert!(note(b"User name,Name\n").await.contains("no row below its heads"));
    assert!(note(b"\xff\xfeU\0s\0").await.contains("UTF-8"));
    assert!(
        note(b"User name,Password\nx,secret-secret\n")
            .await
            .contains("Passwords aren't imported")
    );
    let wide = "y".repeat(60_000);
    let large: String = (0..FILE_MAX / 60_000 + 1).map(|n| format!("x{n},{wide}\n")).collect();
    assert!(
        note(format!("User name,Name\n{large}").as_bytes())
            .await
            .contains("larger than 20 MB")
    );
    let mut tx = app.store.write().await.expect("tx");
    crate::store::accounts::keep_setting(&mut tx, "limit.import_rows", "2")
        .await
        .expect("a limit");
    tx.commit().await.expect("commit");
    let limited = note(b"User name,Name\na,A\nb,B\nc,C\n").await;
    assert!(limited.contains("at most 2 rows (limit"), "{limited}");
    let mut tx = app.store.write().await.expect("tx");
    crate::store::accounts::keep_setting(&mut tx, "limit.import_rows", "100")
        .await
        .expect("a limit");
    tx.commit().await.expect("commit");
    let long = "x".repeat(1024 * 1024);
    let text = format!("\u{feff}User name,Name\n=cmd,Formula\nlong,{long}\nnul,a\0b\nok,'=1+1\nopen,\"never\nclosed,x\n");
    let ready = checked(app, &admin, ImportKind::Users, &text).await;
    assert_eq!(outcomes(&ready.counts), [1, 0, 0, 4]);
    let rows = details(app, &admin, ready.item.id).await;
    assert_eq!(rows[3], (RowOutcome::Create, "=1+1".to_owned()));
    let broken = stream::iter([Ok(b"User name,Name\nada,Ada\n".to_vec()), Err(Error::Conflict("gone".into()))]);
    let before = count(app, "SELECT count(*) FROM imports").await;
    assert!(read(app, &admin, ImportKind::Users, "x.csv", broken).await.is_err());
    assert_eq!(count(app, "SELECT count(*) FROM imports").await, before);
}

async fn f054_custom_attributes_are_imported_by_their_names(bench: TestApp) {
    use crate::domain::custom_attribute::CustomAttributeForm;
    use crate::service::custom_attributes;
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    let ada = person(app, "ada", DirectoryRole::User).await;
    let refused = checked(app, &admin, ImportKind::Users, "User name,Extension_Badge\nada,7\n").await;
    assert_eq!(refused.item.state, ImportState::Refused);
    assert!(
        refused.item.note.starts_with("There is no custom attribute badge"),
        "{}",
        refused.item.note
    );
    let form = CustomAttributeForm {
        label: "Badge".into(),
        name: "badge".into(),
        kind: "number".into(),
        description: String::new(),
    };
    custom_attributes::create(app, &admin, &form).await.expect("an attribute");
    let text = "User name,Name,extension_badge\nada,,7\nbob,Bob,x\ncid,Cid,\n";
    let ready = checked(app, &admin, ImportKind::Users, text).await;
    assert_eq!(outcomes(&ready.counts), [1, 1, 0, 1]);
    let rows = details(app, &admin, ready.item.id).await;
    assert_eq!(rows[0].1, "Badge: none \u{2192} 7");
    assert!(rows[1].1.starts_with("extension_badge: "), "{}", rows[1].1);
    imported(app, &admin, ImportKind::Users, text).await;
    let user = crate::service::users::get(app, &admin, id_of(&ada)).await.expect("a user");
    assert_eq!(user.attributes[0].value, "7");
    // An empty cell takes a value away, and the same file again changes nothing.
    imported(app, &admin, ImportKind::Users, "User name,extension_badge\nada,\n").await;
    let again = checked(app, &admin, ImportKind::Users, "User name,extension_badge\nada,\n").await;
    assert_eq!(outcomes(&again.counts), [0, 0, 1, 0]);
}

async fn f164_whoever_began_an_import_is_told_once_that_it_is_over(bench: TestApp) {
    use crate::service::notifications;
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    let done = imported(app, &admin, ImportKind::Users, "User name,Name\nada,Ada\nbob,Bob\ncid,\n").await;
    for _ in 0..2 {
        drained(app).await;
        let mut tx = app.store.write().await.expect("tx");
        super::run(app, &mut tx, done.item.id, app.clock.now())
            .await
            .expect("nothing to do");
        tx.commit().await.expect("commit");
    }
    let told = notifications::list(app, &admin, &PageQuery::default())
        .await
        .expect("notifications")
        .items;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        told[0].text,
        "The import of people.csv is finished: 2 created, 0 changed, 0 unchanged, 1 refused."
    );
    assert_eq!(told[0].href, crate::paths::import(done.item.id));
    assert_eq!(count(app, "SELECT count(*) FROM outbox WHERE about = 'import_finished'").await, 1);

    // One that is given up says why.
    let ready = checked(app, &admin, ImportKind::Users, "User name,Name\ndora,Dora\n").await;
    start(app, &admin, ready.item.id, ready.item.version, false).await.expect("begun");
    for _ in 0..2 {
        let mut tx = app.store.write().await.expect("tx");
        give_up(app, &mut tx, ready.item.id, "The database was away.", app.clock.now())
            .await
            .expect("given up");
        tx.commit().await.expect("commit");
    }
    let told = notifications::list(app, &admin, &PageQuery::default())
        .await
        .expect("notifications")
        .items;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].text.ends_with("0 refused. The database was away."), "{}", told[0].text);
}

async fn f003_new_accounts_are_sent_sign_in_links_where_that_is_wanted(bench: TestApp) {
    use crate::testing::sent_mails;
    let app = &bench.app;
    let admin = person(app, "admin", DirectoryRole::GlobalAdministrator).await;
    imported(app, &admin, ImportKind::Users, "User name,Name,Mail\neve,Eve,eve@bank.example\n").await;
    assert!(
        sent_mails(app).await.iter().all(|mail| mail.name != "Eve"),
        "nobody asked for a link"
    );
    let text = "User name,Name,Mail\nada,Ada,ada@bank.example\nbob,Bob,\neve,Eve the Second,eve@bank.example\n";
    let ready = checked(app, &admin, ImportKind::Users, text).await;
    assert_eq!(count(app, "SELECT count(*) FROM sign_in_links").await, 0, "only shown so far");
    start(app, &admin, ready.item.id, ready.item.version, true).await.expect("begun");
    drained(app).await;
    let sent: Vec<String> = sent_mails(app).await.into_iter().map(|mail| mail.name).collect();
    assert_eq!(
        sent.iter().filter(|name| *name != "admin").collect::<Vec<_>>(),
        ["Ada"],
        "new, and with an address"
    );
    let rows = details(app, &admin, ready.item.id).await;
    assert_eq!(rows[0].1, "Ada; a sign-in link is sent");
    assert_eq!(rows[1].1, "Bob; no sign-in link, since there is no mail address");
    assert_eq!(
        count(app, "SELECT count(*) FROM audit WHERE activity = 'send_sign_in_link'").await,
        1
    );
}

both_databases!(
    f003_new_accounts_are_sent_sign_in_links_where_that_is_wanted,
    f164_whoever_began_an_import_is_told_once_that_it_is_over,
    f054_custom_attributes_are_imported_by_their_names,
    an_import_is_shown_before_it_changes_anything_and_the_same_file_twice_changes_nothing,
    an_import_of_many_goes_on_after_it_was_killed_and_sets_managers_that_come_later,
    groups_and_memberships_are_imported_by_the_rules_of_the_single_change,
    a_row_is_refused_where_the_single_change_would_be,
    packages_are_assigned_by_a_file_under_their_policies,
    a_hostile_file_is_refused_with_the_way_out,
);

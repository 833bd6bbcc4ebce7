//! What the command line promises: exit codes, rows in the trail, and what is left alone.

use tokio::net::TcpListener;

use super::audit::audit as audit_command;
use super::database::shown;
use super::serve::serve;
use super::*;
use woodgate::service::audit;
use woodgate::store::{Schema, Store};

fn settings(url: &str) -> Config {
    Config::read("", "", |name| (name == "WOODGATE_DATABASE_URL").then(|| url.to_owned())).expect("settings")
}

async fn code(url: &str) -> u8 {
    let config = settings(url);
    match open(&config).await {
        Ok((app, _)) => {
            app.store.close().await;
            0
        }
        Err(failure) => {
            let (code, text) = failure.message();
            assert!(text.contains("sqlite:"), "{text}");
            code
        }
    }
}

#[tokio::test]
async fn each_trouble_with_a_database_has_its_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = |file: &str| format!("sqlite://{}", folder.path().join(file).display());
    assert_eq!(code(&url("new/woodgate.db")).await, 0);
    std::fs::write(folder.path().join("text.db"), "no database at all, but long enough to be looked at").expect("a file");
    assert_eq!(code(&url("text.db")).await, 5);
    assert_eq!(code(&url("text.db/woodgate.db")).await, 5);
    let store = Store::connect(&url("new/woodgate.db")).await.expect("a database");
    let mut tx = store.write().await.expect("tx");
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, x'00', 1)";
    tx.exec(newer, Vec::new()).await.expect("a row");
    tx.commit().await.expect("commit");
    assert_eq!(store.schema().await.expect("an answer"), Schema::Newer(9999));
    store.close().await;
    assert_eq!(code(&url("new/woodgate.db")).await, 6);
}

/// Fault B9.
#[tokio::test]
async fn a_command_that_only_looks_makes_no_database_and_no_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("data/woodgate.db");
    let config = settings(&format!("sqlite://{}", file.display()));
    let refused = async |config: &Config| match open_existing(config).await {
        Ok(_) => panic!("there is nothing to look at"),
        Err(failure) => failure.message(),
    };
    let (code, text) = refused(&config).await;
    assert_eq!((code, text.contains("there is no database")), (5, true), "{text}");
    assert!(!folder.path().join("data").exists());
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    std::fs::write(&file, "").expect("an empty file");
    let (code, text) = refused(&config).await;
    assert_eq!((code, text.contains("holds nothing of Woodgate")), (5, true), "{text}");
    assert_eq!(std::fs::metadata(&file).expect("the file").len(), 0, "nothing was written");
    open(&config)
        .await
        .map_err(Failure::message)
        .expect("a database")
        .0
        .store
        .close()
        .await;
    let app = open_existing(&config).await.map_err(Failure::message).expect("a database").0;
    let mut tx = app.store.write().await.expect("tx");
    tx.exec("DELETE FROM _sqlx_migrations WHERE version > 1", Vec::new())
        .await
        .expect("older");
    tx.exec("UPDATE _sqlx_migrations SET version = 0 WHERE version = 1", Vec::new())
        .await
        .expect("older");
    tx.commit().await.expect("commit");
    app.store.close().await;
    let (code, text) = refused(&config).await;
    assert_eq!((code, text.contains("older version")), (5, true), "{text}");
}

#[tokio::test]
async fn an_address_in_use_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let site = tempfile::tempdir().expect("a folder");
    let bundle = r#"{"js":"","wasm":"","css":"","parts":{},"idle":[]}"#;
    std::fs::write(
        site.path().join("manifest.json"),
        format!(r#"{{"admin":{bundle},"my-access":{bundle}}}"#),
    )
    .expect("a file");
    let addr = listener.local_addr().expect("an address").to_string();
    let mut config = Config::read("", "", |name| (name == "LEPTOS_SITE_ADDR").then(|| addr.clone())).expect("settings");
    config.site_root = site.path().to_owned();
    let (code, text) = serve(config.clone()).await.expect_err("in use").message();
    assert_eq!((code, text.contains("is in use")), (4, true), "{text}");
    config.site_root = site.path().join("missing");
    assert_eq!(serve(config).await.expect_err("no site").message().0, 3);
}

/// Every command leaves a row, and what was cut off is told by its own exit code.
#[tokio::test]
async fn f167_commands_are_in_the_trail_and_a_head_that_was_kept_shows_what_was_cut_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let config = settings(&format!("sqlite://{}", file("woodgate.db")));
    let app = open(&config).await.map_err(Failure::message).expect("a database").0;
    check(&app).await.map_err(Failure::message).expect("it agrees");
    let mut commands = Vec::new();
    for name in ["kept", "now"] {
        audit_command(&app, AuditCommand::Head)
            .await
            .map_err(Failure::message)
            .expect("a head");
        while audit::seal(&app).await.expect("sealed") > 0 {}
        std::fs::write(file(name), format!("{}\n", audit::head(&app).await.expect("a head"))).expect("a file");
    }
    let verify = async |head: Option<String>| audit_command(&app, AuditCommand::Verify { head }).await.map_err(Failure::message);
    verify(Some(file("now"))).await.expect("intact");
    let mut lines = audit::Export::default();
    for line in lines.next(&app).await.expect("lines") {
        let row: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(
            (&row["actor"]["kind"], &row["activity"]),
            (&"operator".into(), &"run_command".into()),
            "{row}"
        );
        commands.push(row["detail"].as_str().unwrap_or_default().to_owned());
    }
    assert_eq!(commands, ["check", "audit head", "audit head", "audit verify: intact, 3 rows"]);
    let kept = std::fs::read_to_string(file("kept")).expect("the head");
    let (seq, hash) = kept.trim().split_once(':').expect("a head");
    let mut tx = app.store.write().await.expect("tx");
    for (sql, args) in [
        ("DELETE FROM audit WHERE seq IS NULL OR seq > 2", Vec::new()),
        ("UPDATE audit_head SET seq = 2, hash = $1", vec![hash.into()]),
    ] {
        tx.exec(sql, args).await.expect("cut off");
    }
    tx.commit().await.expect("commit");
    assert_eq!(seq, "2");
    verify(None).await.expect("what is left is intact");
    verify(Some(kept)).await.expect("and reaches as far as then");
    let (code, text) = verify(Some(file("now"))).await.expect_err("cut off");
    assert_eq!((code, text.contains("the end was cut off")), (8, true), "{text}");
    assert_eq!(verify(Some("7".into())).await.expect_err("no head").0, 1);
}

#[test]
fn a_password_is_not_shown() {
    assert_eq!(
        shown("postgres://woodgate:secret@db.example/woodgate"),
        "postgres://db.example/woodgate"
    );
    assert_eq!(shown("sqlite://data/woodgate.db"), "sqlite://data/woodgate.db");
}

#[test]
fn the_command_line_reads_what_it_documents() {
    use clap::CommandFactory;
    CommandLine::command().debug_assert();
    assert!(CommandLine::try_parse_from(["woodgate", "tick", "--at", "2026-12-23T10:00:00Z", "--dry-run"]).is_ok());
    assert!(CommandLine::try_parse_from(["woodgate", "tick", "--at", "2026-12-23T10:00:00Z", "--apply"]).is_ok());
    assert!(CommandLine::try_parse_from(["woodgate", "tick", "--apply", "--dry-run"]).is_err());
    assert!(CommandLine::try_parse_from(["woodgate", "demo", "--scale"]).is_ok());
    assert!(CommandLine::try_parse_from(["woodgate", "audit", "verify", "--head", "3:abc"]).is_ok());
    assert!(CommandLine::try_parse_from(["woodgate", "audit", "export", "--until", "2026-12-01T00:00:00Z"]).is_ok());
}

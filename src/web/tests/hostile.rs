//! Names and descriptions that try to be markup: every page, rendered with them and read as a browser reads it, must be the page with
//! plain names in their place, element for element (A1, A2, A3). The texts go into the database as they are, past the checks of forms,
//! so that what a check would refuse today is tried too.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use scraper::{ElementRef, Html, Node};
use serde_json::{Value, json};
use uuid::Uuid;

use super::pages::{Samples, of_everybody, of_the_admin_area};
use super::{Browser, TestServer};
use crate::args;
use crate::auth_pages::{ConsentPage, DevicePage, Gate, Notice, PasswordPage, SetUpPage, SignInPage, Visitor};
use crate::domain::draft::{DraftRole, PackageDraft};
use crate::domain::group::GroupForm;
use crate::domain::object::ObjectKind;
use crate::domain::package::BasicsForm;
use crate::domain::policy::{Audience, LifecycleForm, RequestsForm, Scope};
use crate::domain::text;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::service::{App, catalogs};
use crate::store::memberships;
use crate::store::seed::{Seed, SeedObject};
use crate::testing::TestApp;

/// A piece of text that means something to a parser, or that is easily lost.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "</title><meta http-equiv=refresh content=\"0;url=//evil.example\">", "</textarea><h1>y</h1>", "<script>x()</script>",
            "</script><b>", "</noscript>", "</style>", "<!--", "-->", "<!>", "<![CDATA[", "]]>", "<", ">", "&", "&sect", "?a=1&section=2&region=eu",
            "&amp;", "&#60;", "&lt;b&gt;", "\"", "'", "`", "\" onfocus=\"x()", "{{x}}", "${x}", "\\", "\u{200B}", "\u{200D}", "\u{202E}",
            "\u{2066}", "שלום", "مرحبا", "👩\u{200D}🚀", "e\u{301}", "é", "  ", "\t", "%", "_", "\u{2028}", "\u{FEFF}",
        ]).prop_map(str::to_owned),
        1 => "\\PC{1,8}",
    ]
}

/// A text of one line.
fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 1..6).prop_map(|pieces| pieces.concat())
}

/// A text of several lines, which may begin and end with an empty one.
fn lines() -> impl Strategy<Value = String> {
    (0..3_usize, prop::collection::vec(line(), 1..3), 0..2_usize)
        .prop_map(|(before, lines, after)| ["\n".repeat(before), lines.join("\n\n"), "\n".repeat(after)].concat())
}

/// The texts that are put in place of the plain ones: all names have the one, all descriptions the other.
#[derive(Clone, Debug)]
struct Texts {
    name: String,
    text: String,
}

impl Texts {
    fn plain() -> Self {
        Self {
            name: "plain".into(),
            text: "plain\n\nlines".into(),
        }
    }

    /// A name's first and last word stay, for a face shows their letters.
    fn name(&self, of: &str) -> String {
        format!("{of} {} {of}", self.name)
    }

    fn text(&self, of: &str) -> String {
        format!("{}{of}", self.text)
    }

    fn search(&self) -> String {
        format!("zzqy {} zzqy", self.name)
    }
}

const NAMES: [(&str, &str); 7] = [
    ("clients", "Kq"),
    ("connected_organizations", "Nq"),
    ("users", "Uq"),
    ("objects", "Oq"),
    ("catalogs", "Cq"),
    ("packages", "Pq"),
    ("policies", "Lq"),
];

/// A service with one of everything, and the browser of an administrator.
struct Site {
    server: TestServer,
    browser: Browser,
    samples: Samples,
    draft: PackageDraft,
}

async fn call(browser: &mut Browser, door: &str, input: &Value) -> Value {
    let answer = browser.call(door, input).await;
    assert!(answer.status.is_success(), "{door}: {}", answer.text);
    serde_json::from_str(&answer.text).unwrap_or(Value::Null)
}

fn id(value: &Value) -> Uuid {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

impl Site {
    async fn new() -> Self {
        let bench = TestApp::sqlite().await;
        let app = bench.app.clone();
        let mut tx = app.store.write().await.expect("tx");
        let catalog = catalogs::ensure_general(&app, &mut tx).await.expect("General").0;
        tx.commit().await.expect("commit");
        let server = TestServer::new(bench);
        let admin = server.person("admin1", DirectoryRole::GlobalAdministrator).await.0;
        let mut browser = server.signed_in("admin1").await;
        let deleted_user = server.person("leaver", DirectoryRole::User).await.0;
        call(&mut browser, "users/delete", &json!({"id": deleted_user, "version": 1})).await;
        let assigned_group = Self::group(&mut browser, "assigned", "", &[admin]).await;
        let dynamic_group = Self::group(&mut browser, "dynamic", "user.department -eq \"Sales\"", &[]).await;
        let mut tx = app.store.read().await.expect("tx");
        let role: Uuid = tx
            .value(
                "SELECT id FROM roles WHERE object_id = $1 ORDER BY position LIMIT 1",
                args![assigned_group],
            )
            .await
            .expect("a role");
        drop(tx);
        let application = Self::place(&app, ObjectKind::Application, admin).await;
        let site = Self::place(&app, ObjectKind::Site, admin).await;
        let mut draft = PackageDraft {
            basics: BasicsForm {
                name: "Pq".into(),
                description: "Pq".into(),
                catalog: Some(catalog.into()),
            },
            roles: vec![DraftRole {
                object: assigned_group.into(),
                role: Some(role.into()),
            }],
            requests: RequestsForm {
                audience: Some(Audience::InDirectory),
                scope: Some(Scope::AllUsers),
                ..RequestsForm::default()
            },
            lifecycle: LifecycleForm {
                days: "30".into(),
                ..LifecycleForm::default()
            },
            ..PackageDraft::default()
        };
        let package = Self::package(&mut browser, &draft).await;
        draft.basics.name = "Pq offered".into();
        let offered = Self::package(&mut browser, &draft).await;
        let asked = json!({"form": {"package": package, "justification": "Jq"}});
        let request = id(&call(&mut browser, "my-access/request", &asked).await);
        while crate::worker::drain(&app).await.expect("the queue") > 0 {}
        let policies = call(&mut browser, "packages/get", &json!({"id": package})).await;
        let policy = id(&policies["policies"][0]["id"]);
        let mut tx = app.store.read().await.expect("tx");
        let mail: Uuid = tx
            .value("SELECT id FROM outbox ORDER BY id LIMIT 1", args![])
            .await
            .expect("a mail");
        drop(tx);
        let told = call(&mut browser, "my-access/request-details", &json!({"id": request})).await;
        let assignment = id(&told["detail"]["assignment"]);
        let open = id(&call(&mut browser, "drafts/start", &json!({"catalog": null})).await);
        let client = id(&call(&mut browser, "clients/create", &json!({"form": {"name": "Kq"}})).await);
        let form = json!({"form": {"name": "Nq", "domains": "nq.example"}});
        let organization = id(&call(&mut browser, "organizations/create", &form).await);
        let secret = json!({"id": client, "form": {"name": "Sq", "days": "30"}});
        call(&mut browser, "clients/add-secret", &secret).await;
        let samples = Samples {
            client,
            organization,
            assignment,
            user: admin,
            deleted_user,
            assigned_group,
            dynamic_group,
            application,
            site,
            catalog,
            package,
            policy,
            offered,
            draft: open,
            request,
            mail,
        };
        Self {
            server,
            browser,
            samples,
            draft,
        }
    }

    /// An application or site of which somebody holds a role.
    async fn place(app: &App, kind: ObjectKind, holder: Uuid) -> Uuid {
        let now = app.clock.now();
        let (id, role) = (app.ids.id(now), app.ids.id(now));
        let mut seed = Seed::new(now);
        seed.object(&SeedObject {
            id: id.into(),
            kind,
            name: "Oq",
            description: "",
            group: None,
            url: None,
        });
        seed.role(role.into(), id.into(), "Rq", 0);
        let mut tx = app.store.write().await.expect("tx");
        seed.write(&mut tx).await.expect("an application or site");
        memberships::add_direct(&mut tx, role.into(), holder.into(), now)
            .await
            .expect("a holder");
        tx.commit().await.expect("commit");
        id
    }

    async fn group(browser: &mut Browser, membership: &str, rule: &str, people: &[Uuid]) -> Uuid {
        let people = || people.iter().map(|id| (*id).into()).collect();
        let form = GroupForm {
            name: format!("Oq {membership}"),
            kind: "security".into(),
            membership: membership.into(),
            rule: rule.into(),
            owners: people(),
            members: people(),
            ..GroupForm::default()
        };
        id(&call(browser, "groups/create", &json!({ "form": form })).await)
    }

    async fn package(browser: &mut Browser, draft: &PackageDraft) -> Uuid {
        let started = id(&call(browser, "drafts/start", &json!({"catalog": null})).await);
        let view = call(browser, "drafts/save", &json!({"id": started, "version": 1, "draft": draft})).await;
        call(browser, "drafts/create", &json!({"id": started, "version": view["version"]})).await;
        started
    }

    /// Gives everything these names and descriptions.
    async fn rename(&mut self, texts: &Texts) {
        let mut tx = self.server.bench.app.store.write().await.expect("tx");
        for (table, of) in NAMES {
            let name = texts.name(of);
            let sql = sqlx_table("UPDATE {} SET name = $1", table);
            tx.exec(sql, args![name]).await.expect("names");
        }
        for table in ["objects", "catalogs", "packages", "clients", "connected_organizations"] {
            let sql = sqlx_table("UPDATE {} SET description = $1", table);
            tx.exec(sql, args![texts.text("Dq")]).await.expect("descriptions");
        }
        for (sql, text) in [
            ("UPDATE requests SET justification = $1", texts.text("Jq")),
            (
                "UPDATE users SET job_title = $1, department = $1, company = $1, office = $1, phone = $1, mail = $1",
                texts.name("Jt"),
            ),
        ] {
            tx.exec(sql, args![text]).await.expect("texts");
        }
        tx.commit().await.expect("commit");
        let mut draft = self.draft.clone();
        // A draft says what is wrong with its texts, and so is another page where they would be refused.
        let plain = Texts::plain();
        let (name, text) = (texts.name("Pq"), texts.text("Dq"));
        let is_taken = text::line(&name, text::NAME_MAX).is_ok() && text::paragraph(&text, text::DESCRIPTION_MAX).is_ok();
        (draft.basics.name, draft.basics.description) = if is_taken {
            (name, text)
        } else {
            (plain.name("Pq"), plain.text("Dq"))
        };
        let id = self.samples.draft;
        let view = call(&mut self.browser, "drafts/get", &json!({ "id": id })).await;
        let save = json!({"id": id, "version": view["version"], "draft": draft});
        call(&mut self.browser, "drafts/save", &save).await;
    }

    /// Every page as a browser reads it, by its address.
    async fn read(&mut self, texts: &Texts, plain: &Texts) -> BTreeMap<String, Vec<String>> {
        let (samples, search) = (&self.samples, texts.search());
        let pages = [of_the_admin_area(samples, &search), of_everybody(samples, &search)].concat();
        let names = [of_the_admin_area(samples, &plain.search()), of_everybody(samples, &plain.search())].concat();
        let mut read = BTreeMap::new();
        for (page, name) in pages.iter().zip(names) {
            let anonymous = page.starts_with(paths::SIGN_IN) || page.starts_with(paths::SET_UP);
            let mut browser = if anonymous { self.server.browser() } else { self.browser.clone() };
            let answer = browser.get(page).await;
            read.insert(format!("{} {name}", answer.status), elements(&answer.text, texts, plain));
        }
        // What is typed into the form without scripting comes back with the fault.
        let form = paths::my_package_request(samples.offered.into());
        let typed = format!("{}\u{202E}", texts.text("Jq"));
        let answer = self.browser.post(&form, &[("justification", &typed)]).await;
        read.insert(format!("POST {} {form}", answer.status), elements(&answer.text, texts, plain));
        read
    }
}

/// A statement about one of the tables of `NAMES`.
fn sqlx_table(sql: &'static str, table: &'static str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql.replace("{}", table))
}

/// A page as a list of elements with their attributes, and of texts; `texts` are told as the plain ones.
fn elements(html: &str, texts: &Texts, plain: &Texts) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut found = Vec::new();
    walk(page.root_element(), &mut found, &|text| in_plain(text, texts, plain));
    found
}

fn in_plain(text: &str, texts: &Texts, plain: &Texts) -> String {
    let encoded = |text: &str| paths::with_query("", &[("q", text)]).trim_start_matches("?q=").to_owned();
    let mut text = text.to_owned();
    for of in ["Dq", "Jq"] {
        let whole = texts.text(of);
        text = match text.contains(&whole) {
            true => text.replace(&whole, &plain.text(of)),
            false => text.replace(whole.trim(), plain.text(of).trim()),
        };
    }
    for (hostile, plain) in [
        (texts.search(), plain.search()),
        (encoded(&texts.search()), encoded(&plain.search())),
        (encoded(&encoded(&texts.search())), encoded(&encoded(&plain.search()))),
    ] {
        text = text.replace(&hostile, &plain);
    }
    for of in NAMES.iter().map(|(_, of)| *of).chain(["Jt"]) {
        text = text.replace(&texts.name(of), &plain.name(of));
    }
    text
}

fn walk(element: ElementRef, found: &mut Vec<String>, in_plain: &dyn Fn(&str) -> String) {
    let value = element.value();
    // The page's own scripts carry the nonce, and how many there are depends on how its data arrived; a script of a name has none.
    if value.name() == "script" && value.attr("nonce").is_some() {
        return;
    }
    let is_face = value.classes().any(|class| class == "avatar");
    let mut attributes: Vec<String> = value
        .attrs()
        .filter(|(name, _)| !(is_face && *name == "class"))
        .map(|(name, value)| format!(" {name}={}", in_plain(value)))
        .collect();
    attributes.sort();
    found.push(format!("<{}{}>", value.name(), attributes.concat()));
    let mut text = String::new();
    for child in element.children() {
        match child.value() {
            Node::Text(piece) if value.name() != "script" => text.push_str(piece),
            Node::Element(_) => {
                flush(&mut text, found, in_plain);
                ElementRef::wrap(child).into_iter().for_each(|child| walk(child, found, in_plain));
            }
            _ => {}
        }
    }
    flush(&mut text, found, in_plain);
    found.push(format!("</{}>", value.name()));
}

fn flush(text: &mut String, found: &mut Vec<String>, in_plain: &dyn Fn(&str) -> String) {
    if !text.is_empty() {
        found.push(in_plain(text));
        text.clear();
    }
}

/// Where two pages part, with what is around it.
fn difference(found: &[String], wanted: &[String]) -> Option<String> {
    if found == wanted {
        return None;
    }
    let at = found.iter().zip(wanted).take_while(|(found, wanted)| found == wanted).count();
    let around = |lines: &[String]| {
        lines
            .iter()
            .skip(at.saturating_sub(3))
            .take(6)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    };
    Some(format!("--- wanted\n{}\n--- found\n{}", around(wanted), around(found)))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

#[test]
fn every_page_shows_any_name_and_description_as_text() {
    let runtime = runtime();
    let mut site = runtime.block_on(Site::new());
    let plain = Texts::plain();

    let wanted = runtime.block_on(async {
        site.rename(&plain).await;
        site.read(&plain, &plain).await
    });
    let site = std::cell::RefCell::new(site);
    assert!(wanted.len() > 30, "{:?}", wanted.keys());
    let config = Config {
        cases: 16,
        failure_persistence: None,
        ..Config::default()
    };
    let texts = (line(), lines()).prop_map(|(name, text)| Texts { name, text });
    let outcome = TestRunner::new(config).run(&texts, |texts| {
        let mut site = site.borrow_mut();
        let site = &mut *site;
        let found = runtime.block_on(async {
            site.rename(&texts).await;
            site.read(&texts, &plain).await
        });
        for (page, wanted) in &wanted {
            let found = found
                .get(page)
                .ok_or_else(|| TestCaseError::fail(format!("{page} answers differently")))?;
            if let Some(difference) = difference(found, wanted) {
                return Err(TestCaseError::fail(format!("{page}\n{difference}")));
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// The pages before either site, with everything that they are handed.
fn pages_before(texts: &Texts) -> Vec<String> {
    let gate = Gate {
        tenant: texts.name("Tq"),
        zone: "UTC".into(),
        css: "/main.css".into(),
    };
    let some = || Some(texts.name("Eq"));
    let visitor = Visitor {
        name: texts.name("Uq"),
        user_name: texts.name("Jt"),
    };
    let mut pages = vec![
        SignInPage {
            return_to: texts.name("Uq"),
            user_name: texts.name("Uq"),
            error: some(),
            signed_out: true,
        }
        .html(&gate),
        PasswordPage {
            return_to: texts.name("Uq"),
            user_name: texts.name("Uq"),
            due: false,
            errors: Vec::new(),
            error: some(),
        }
        .html(&gate),
        SetUpPage {
            token: texts.name("Uq"),
            name: texts.name("Uq"),
            user_name: texts.name("Uq"),
            errors: Vec::new(),
            error: some(),
        }
        .html(&gate),
    ];
    pages.push(
        ConsentPage {
            client: texts.name("Kq"),
            description: texts.text("Dq"),
            permissions: vec!["see users"],
            offline: true,
            source: texts.name("Uq"),
            user_name: texts.name("Uq"),
            action: paths::AUTHORIZE,
            kept: vec![("state", texts.name("Uq"))],
        }
        .html(&gate),
    );
    pages.push(
        DevicePage {
            code: texts.name("Uq"),
            error: some(),
        }
        .html(&gate),
    );
    for notice in [
        Notice::Denied(visitor),
        Notice::Internal(texts.name("Uq")),
        Notice::BadLink(texts.name("Uq")),
    ] {
        pages.push(notice.html(&gate));
    }
    pages.push(gate.page(&texts.name("Uq"), || {
        use leptos::prelude::*;
        ().into_any()
    }));
    pages
}

proptest! {
    #[test]
    fn the_pages_before_either_site_show_any_text_as_text(name in line()) {
        let (texts, plain) = (Texts { name, text: "none".into() }, Texts::plain());
        for (found, wanted) in pages_before(&texts).iter().zip(pages_before(&plain)) {
            let named = |text: &str, of: &str| text.replace(&texts.name(of), &plain.name(of));
            let read = |html: &str, texts: &Texts| {
                let lines = elements(html, texts, &plain);
                lines.iter().map(|line| named(&named(line, "Tq"), "Eq")).collect::<Vec<_>>()
            };
            let difference = difference(&read(found, &texts), &read(&wanted, &plain));
            prop_assert!(difference.is_none(), "{}", difference.unwrap_or_default());
        }
    }
}

/// A3: a form that is opened and saved with nothing typed stores what was stored.
#[test]
fn what_a_text_area_holds_is_what_was_stored() {
    let runtime = runtime();
    runtime.block_on(async {
        let mut site = Site::new().await;
        let stored = "\nSee https://intranet/?a=1&section=2&region=eu </textarea> \"quoted\"";
        let texts = Texts {
            name: "plain".into(),
            text: stored.into(),
        };
        site.rename(&texts).await;
        for (page, id) in [(
            paths::draft(site.samples.draft.into(), crate::domain::draft::Step::Basics),
            "description",
        )] {
            let answer = site.browser.get(&page).await;
            let html = Html::parse_document(&answer.text);
            let selector = scraper::Selector::parse("textarea").expect("a selector");
            let areas: Vec<String> = html.select(&selector).map(|area| area.text().collect()).collect();
            assert!(areas.contains(&texts.text("Dq")), "{page} #{id}: {areas:?}");
        }
    });
}

//! Mails over a mail server on loopback that behaves as it is told: up, down, silent, refusing for now and for good. It serves what it is
//! sent and stops with the test.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::domain::id::UserId;
use crate::domain::mail::Mail;
use crate::domain::notification::NotificationKind;
use crate::domain::outbox::{OutboxState, lease};
use crate::domain::user::DirectoryRole;
use crate::service::notifications::{Notice, tell};
use crate::service::outbox::send_due;
use crate::store::accounts;
use crate::testing::{TestApp, unknown};
use crate::{args, both_databases};

both_databases!(
    f164_a_mail_is_sent_once_and_seen_as_sent,
    f164_a_server_that_is_down_or_silent_makes_mails_wait,
    f164_a_refusal_for_now_makes_a_mail_wait,
    f164_a_refusal_for_good_gives_a_mail_up_and_leaves_the_address_out,
);

/// What the server answers.
#[derive(Clone, Copy)]
enum Behaviour {
    Takes,
    Says(&'static str, &'static str),
    /// Takes everything, with a pause before each answer.
    Slow,
    Silent,
}

/// A mail server.
struct Sink {
    port: u16,
    received: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sink {
    async fn start(behaviour: Behaviour) -> Self {
        Self::start_with(behaviour, None).await
    }

    /// Protected from the first byte on, where there is somebody who accepts that.
    async fn start_with(behaviour: Behaviour, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::<Mutex<Vec<String>>>::default();
        let kept = received.clone();
        let task = tokio::spawn(async move {
            let mut talks = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, tls) = (kept.clone(), tls.clone());
                talks.spawn(async move {
                    match tls {
                        None => drop(talk(stream, behaviour, &kept).await),
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                drop(talk(stream, behaviour, &kept).await);
                            }
                        }
                    }
                });
            }
        });
        Self { port, received, task }
    }

    fn received(&self) -> Vec<String> {
        self.received.lock().expect("the mails").clone()
    }
}

async fn talk<S>(stream: S, behaviour: Behaviour, received: &Mutex<Vec<String>>) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    if let Behaviour::Silent = behaviour {
        // Says nothing until the other side goes.
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await?;
        return Ok(());
    }
    stream.write_all(b"220 sink\r\n").await?;
    stream.flush().await?;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        let usual = match command.as_str() {
            "EHLO" => "250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "AUTH" => "235 2.7.0 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 2.0.0 fine",
        };
        let answer = match behaviour {
            Behaviour::Says(to, answer) if to == command => answer,
            _ => usual,
        };
        if let Behaviour::Slow = behaviour {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
        if answer.starts_with("354") {
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") && stream.read_line(&mut mail).await? > 0 {}
            received.lock().expect("the mails").push(mail);
            stream.write_all(b"250 2.0.0 taken\r\n").await?;
            stream.flush().await?;
        }
        if command == "QUIT" {
            return Ok(());
        }
    }
}

fn from() -> SenderAddress {
    SenderAddress {
        name: "Woodgrove Bank".into(),
        address: "access@woodgrove.example".into(),
        host: "access.example".into(),
    }
}

fn smtp(port: u16) -> Smtp {
    let server = Server {
        host: "127.0.0.1".into(),
        port,
        security: Security::None,
        credentials: None,
    };
    Smtp::new(server, from()).expect("a sender")
}

fn mail() -> OutgoingMail {
    OutgoingMail {
        id: uuid::Uuid::from_u128(7),
        name: "Zoë Núñez".into(),
        address: "zoe@example.com".into(),
        mail: Mail {
            subject: "You now have access to Café".into(),
            text: "Hello\n".into(),
            html: "<p>Hello</p>\n".into(),
        },
        at: "2026-11-23T10:00:00Z".parse().expect("an instant"),
    }
}

async fn sent_to(behaviour: Behaviour) -> Result<(), SendError> {
    let server = Sink::start(behaviour).await;
    smtp(server.port).send(&mail()).await
}

#[tokio::test]
async fn f164_a_mail_has_both_forms_one_id_and_names_in_any_script() {
    let server = Sink::start(Behaviour::Takes).await;
    let sender = smtp(server.port);
    sender.send(&mail()).await.expect("sent");
    sender.send(&mail()).await.expect("sent again");
    let received = server.received();
    assert_eq!((received.len(), &received[0].len()), (2, &received[1].len()));
    for part in [
        "From: \"Woodgrove Bank\" <access@woodgrove.example>",
        "To: =?utf-8?b?",
        "<zoe@example.com>",
        "Subject: You now have access to =?utf-8?b?",
        "Message-ID: <00000000-0000-0000-0000-000000000007@access.example>",
        "Date: Mon, 23 Nov 2026 10:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ] {
        assert!(received[0].contains(part), "{part} in {}", received[0]);
    }
}

#[tokio::test]
async fn f164_what_a_server_answers_decides_whether_a_mail_is_tried_again() {
    let later = |code: &str| SendError::Later(code.into());
    let never = |reason: &str, bad_address| SendError::Never {
        reason: reason.into(),
        bad_address,
    };
    for (to, answer, error) in [
        ("RCPT", "450 4.2.0 greylisted", later("450 4.2.0 greylisted")),
        ("MAIL", "421 too many", later("421 too many")),
        ("RCPT", "550 5.1.1 no such user", never("550 5.1.1 no such user", true)),
        ("RCPT", "550 nobody here", never("550 nobody here", true)),
        ("RCPT", "550 5.7.1 on a block list", later("550 5.7.1 on a block list")),
        ("MAIL", "550 5.1.8 bad sender", never("550 5.1.8 bad sender", false)),
        ("MAIL", "552 5.3.4 too large", never("552 5.3.4 too large", false)),
        ("MAIL", "503 first HELO", later("503 first HELO")),
        (
            "MAIL",
            "530 5.7.0 sign in first",
            SendError::Unreachable("530 5.7.0 sign in first".into()),
        ),
    ] {
        assert_eq!(sent_to(Behaviour::Says(to, answer)).await, Err(error), "{answer}");
    }
}

#[tokio::test]
async fn f164_a_wrong_password_is_the_server_s_trouble_not_the_mail_s() {
    let server = Sink::start(Behaviour::Says("AUTH", "535 5.7.8 wrong")).await;
    let options = Server {
        host: "127.0.0.1".into(),
        port: server.port,
        security: Security::None,
        credentials: Some(("woodgate".into(), "secret".into())),
    };
    let sent = Smtp::new(options, from()).expect("a sender").send(&mail()).await;
    assert_eq!(sent, Err(SendError::Unreachable("535 5.7.8 wrong".into())));
}

#[tokio::test]
async fn f164_without_tls_nothing_is_sent_where_tls_is_asked_for() {
    let server = Sink::start(Behaviour::Takes).await;
    let options = Server {
        host: "127.0.0.1".into(),
        port: server.port,
        security: Security::StartTls,
        credentials: Some(("woodgate".into(), "secret".into())),
    };
    let sent = Smtp::new(options, from()).expect("a sender").send(&mail()).await;
    assert!(matches!(sent, Err(SendError::Unreachable(_))), "{sent:?}");
    assert!(server.received().is_empty());
}

/// A certificate of this test alone, for the loopback address.
const CERTIFICATE: &[u8] = include_bytes!("test_certificate.pem");
const KEY: &[u8] = include_bytes!("test_key.pem");

fn tls() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a configuration");
    Arc::new(config).into()
}

#[tokio::test]
async fn f164_over_tls_a_mail_goes_to_a_server_that_is_trusted_and_to_no_other() {
    let server = Sink::start_with(Behaviour::Takes, Some(tls())).await;
    let options = || Server {
        host: "127.0.0.1".into(),
        port: server.port,
        security: Security::Tls,
        credentials: Some(("woodgate".into(), "secret".into())),
    };
    let stranger = Smtp::new(options(), from()).expect("a sender").send(&mail()).await;
    assert!(matches!(stranger, Err(SendError::Unreachable(_))), "{stranger:?}");
    assert!(server.received().is_empty());
    let certificate = Certificate::from_pem(CERTIFICATE).expect("a certificate");
    let trusting = Smtp::trusting(options(), from(), Some(certificate)).expect("a sender");
    assert_eq!(trusting.send(&mail()).await, Ok(()));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn f164_a_slow_server_gets_every_mail_once() {
    let server = Sink::start(Behaviour::Slow).await;
    let sender = smtp(server.port);
    let mails: Vec<OutgoingMail> = (1..=10)
        .map(|number| OutgoingMail {
            id: uuid::Uuid::from_u128(number),
            ..mail()
        })
        .collect();
    let sent = futures::future::join_all(mails.iter().map(|mail| sender.send(mail))).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let received = server.received();
    assert_eq!(received.len(), mails.len());
    for mail in &mails {
        assert_eq!(received.iter().filter(|text| text.contains(&format!("<{}@", mail.id))).count(), 1);
    }
}

#[tokio::test]
async fn an_address_that_is_none_never_gets_a_mail() {
    let server = Sink::start(Behaviour::Takes).await;
    let odd = OutgoingMail {
        address: "nobody at all".into(),
        ..mail()
    };
    let sent = smtp(server.port).send(&odd).await;
    assert!(matches!(sent, Err(SendError::Never { bad_address: false, .. })), "{sent:?}");
}

#[tokio::test]
async fn f164_without_a_server_a_mail_is_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let sender = Folder::new(folder.path().join("mail"), from());
    sender.send(&mail()).await.expect("written");
    sender.send(&mail()).await.expect("written again");
    let files: Vec<_> = std::fs::read_dir(folder.path().join("mail")).expect("a folder").collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(folder.path().join("mail/00000000-0000-0000-0000-000000000007.eml")).expect("a file");
    assert!(text.contains("Message-ID: <00000000-0000-0000-0000-000000000007@access.example>"));
}

/// Somebody with an address, who has just been given access.
async fn told(bench: &TestApp) -> UserId {
    let app = &bench.app;
    let now = app.clock.now();
    let id = UserId(app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department, department_folded,
            company, office, phone, enabled, created_at, version)
         VALUES ($1, 'Zoë Núñez', 'zoe nunez', 'zoe', 'zoe', 'member', 'zoe@example.com', '', '', '', '', '', '', TRUE, $2, 1)",
        args![id, now],
    )
    .await
    .expect("a person");
    let notice = Notice {
        kind: NotificationKind::AccessDelivered,
        package: None,
        request: None,
        assignment: None,
        occasion: "once".into(),
        facts: serde_json::json!({}),
    };
    tell(app, &mut tx, &notice, &[id], now);
    tell(app, &mut tx, &notice, &[id], now);
    tx.commit().await.expect("commit");
    id
}

/// State, tries and reason of the only mail.
async fn outbox(bench: &TestApp) -> (OutboxState, i64, String) {
    let mut tx = bench.app.store.read().await.expect("tx");
    let sql = "SELECT state, attempts, coalesce(last_error, '') FROM outbox";
    let (state, attempts, reason): (String, i64, String) = tx.one(sql, args![]).await.expect("one mail");
    (state.parse().expect("a state"), attempts, reason)
}

async fn f164_a_mail_is_sent_once_and_seen_as_sent(bench: TestApp) {
    told(&bench).await;
    let server = Sink::start(Behaviour::Takes).await;
    let sender = smtp(server.port);
    for claimed in [1, 0] {
        let sent = send_due(&bench.app, &sender, unknown()).await.expect("sent");
        assert_eq!((sent.claimed, sent.unreachable), (claimed, false));
    }
    assert_eq!(outbox(&bench).await, (OutboxState::Sent, 0, String::new()));
    assert_eq!(server.received().len(), 1);
}

async fn f164_a_server_that_is_down_or_silent_makes_mails_wait(bench: TestApp) {
    told(&bench).await;
    // A port on which nobody listens any more.
    let gone = Sink::start(Behaviour::Takes).await.port;
    let silent = Sink::start(Behaviour::Silent).await;
    let senders = [smtp(gone), smtp(silent.port).patience(Duration::from_millis(200))];
    for (sender, tries) in senders.iter().zip(1..) {
        let sent = send_due(&bench.app, sender, unknown()).await.expect("tried");
        assert!(sent.unreachable && sent.claimed == 1);
        let (state, attempts, reason) = outbox(&bench).await;
        assert_eq!((state, attempts), (OutboxState::Waiting, tries));
        assert!(!reason.is_empty());
        assert_eq!(send_due(&bench.app, sender, unknown()).await.expect("not due").claimed, 0);
        bench.clock.advance(lease());
    }
    let server = Sink::start(Behaviour::Takes).await;
    send_due(&bench.app, &smtp(server.port), unknown()).await.expect("sent");
    assert_eq!(outbox(&bench).await.0, OutboxState::Sent);
}

async fn f164_a_refusal_for_now_makes_a_mail_wait(bench: TestApp) {
    told(&bench).await;
    let server = Sink::start(Behaviour::Says("RCPT", "451 4.3.0 later")).await;
    let sent = send_due(&bench.app, &smtp(server.port), unknown()).await.expect("tried");
    assert!(!sent.unreachable);
    assert_eq!(outbox(&bench).await, (OutboxState::Waiting, 1, "451 4.3.0 later".into()));
}

async fn f164_a_refusal_for_good_gives_a_mail_up_and_leaves_the_address_out(bench: TestApp) {
    let user = told(&bench).await;
    let app = &bench.app;
    let server = Sink::start(Behaviour::Says("RCPT", "550 5.1.1 no such user")).await;
    send_due(app, &smtp(server.port), unknown()).await.expect("tried");
    assert_eq!(outbox(&bench).await, (OutboxState::Failed, 1, "550 5.1.1 no such user".into()));
    let admin = crate::testing::actor(DirectoryRole::GlobalAdministrator);
    let listed = crate::service::mails::suppressed(app, &admin, &Default::default())
        .await
        .expect("addresses");
    assert_eq!((listed.items.len(), listed.items[0].address.as_str()), (1, "zoe@example.com"));
    let mails = |filter| crate::domain::outbox::MailQuery {
        filter,
        page: Default::default(),
    };
    let failed = crate::service::mails::list(app, &admin, &mails(crate::domain::outbox::MailFilter::Failed)).await;
    let mail = failed.expect("mails").items.remove(0);
    assert_eq!((mail.recipient.id, mail.reason.as_str()), (user, "550 5.1.1 no such user"));
    // Sent again, it is left out while the address is.
    let server = Sink::start(Behaviour::Takes).await;
    crate::service::mails::resend(app, &admin, mail.id).await.expect("again");
    send_due(app, &smtp(server.port), unknown()).await.expect("looked at");
    let (state, _, reason) = outbox(&bench).await;
    assert!(state == OutboxState::Suppressed && reason.contains("no such user"), "{reason}");
    assert!(server.received().is_empty());
    crate::service::mails::remove_suppressed(app, &admin, listed.items[0].id)
        .await
        .expect("removed");
    crate::service::mails::resend(app, &admin, mail.id).await.expect("again");
    send_due(app, &smtp(server.port), unknown()).await.expect("sent");
    assert_eq!((outbox(&bench).await.0, server.received().len()), (OutboxState::Sent, 1));
    let mut tx = app.store.read().await.expect("tx");
    assert!(accounts::setting(&mut tx, "mail_link_key").await.expect("a setting").is_some());
}

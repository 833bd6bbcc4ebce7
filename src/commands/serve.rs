//! `woodgate serve`: both sites and the worker, in one process.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use woodgate::config::{BadSetting, Config, Tls, TlsConfig};
use woodgate::connect::mail;
use woodgate::service::ports::MailSender;
use woodgate::service::set_up;
use woodgate::{paths, web};

use super::{Failure, open, say};

/// Serves until the process is told to stop.
pub async fn serve(config: Config) -> Result<(), Failure> {
    let bundles = web::read_bundles(&config)?;
    let tls = match &config.tls {
        Some(tls) => Some((listen(tls.addr, "WOODGATE_TLS_ADDR").await?, certificate(tls)?)),
        None => None,
    };
    let listeners = web::Listeners {
        tls,
        site: listen(config.site_addr, "LEPTOS_SITE_ADDR").await?,
        metrics: match config.metrics_addr {
            Some(addr) => Some(listen(addr, "WOODGATE_METRICS_ADDR").await?),
            None => None,
        },
    };
    let sender = mail_sender(&config)?;
    let (app, bell) = open(&config).await?;
    let token = set_up::prepare(&app).await?;
    let url = &config.public_url;
    say(format!(
        "Woodgate serves {}\n  Admin area  {url}{}\n  My Access   {url}{}",
        app.site.tenant,
        paths::ADMIN,
        paths::MY_ACCESS
    ))?;
    if let Some(token) = token {
        let link = paths::with_query(paths::SET_UP, &[("token", &token)]);
        say(format!(
            "  There is no account yet. Create the first Global administrator, once, at\n  {url}{link}"
        ))?;
    }
    let state = web::AppState::new(app, config, bundles, CancellationToken::new());
    web::serve(listeners, state, bell, sender)
        .await
        .map_err(|error| Failure::Other(format!("serving failed: {error}")))
}

async fn listen(addr: SocketAddr, setting: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(addr).await.map_err(|error| {
        Failure::Address(match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("{addr} is in use; stop what listens there, or set {setting}"),
            _ => format!("cannot listen on {addr}: {error}"),
        })
    })
}

/// The certificate of the TLS listener, as its files hold it.
fn certificate(tls: &TlsConfig) -> Result<Arc<web::Certificate>, BadSetting> {
    let read = web::Certificate::read(tls).map_err(|error| BadSetting {
        name: "tls-certificate".into(),
        reason: error.to_string(),
    })?;
    Ok(Arc::new(read))
}

/// What sends mails, as the settings say.
fn mail_sender(config: &Config) -> Result<Arc<dyn MailSender>, BadSetting> {
    let host = config.public_url.rsplit_once("//").map_or("localhost", |(_, host)| host);
    let from = mail::SenderAddress {
        name: config.tenant_name.clone(),
        address: config.mail.from.clone(),
        host: host.split(':').next().unwrap_or(host).to_owned(),
    };
    let Some(smtp) = config.mail.smtp.clone() else {
        return Ok(Arc::new(mail::Folder::new(config.mail.folder.clone(), from)));
    };
    let server = mail::Server {
        host: smtp.host,
        port: smtp.port,
        security: match smtp.tls {
            Tls::None => mail::Security::None,
            Tls::StartTls => mail::Security::StartTls,
            Tls::Tls => mail::Security::Tls,
        },
        credentials: smtp.credentials,
    };
    let sender = mail::Smtp::new(server, from).map_err(|reason| BadSetting {
        name: "smtp-tls".into(),
        reason,
    })?;
    Ok(Arc::new(sender))
}

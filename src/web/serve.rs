//! The running service: the web layer on its socket and, unless the settings say otherwise, the worker beside it, until a signal asks both
//! to finish what they have begun.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::listener::{self, ConnectionLimits, Socket};
use super::state::AppState;
use super::tls::Certificate;
use crate::service::ports::MailSender;
use crate::worker::{self, WorkerNotifier};

/// Files that the service opens beside its connections, rounded up.
const OTHER_FILES: usize = 100;
/// Connections of those who read metrics.
const METRICS_CONNECTIONS: usize = 8;

/// The sockets that the service listens on.
pub struct Listeners {
    /// For everybody.
    pub site: TcpListener,
    /// The same with TLS, and the certificate for it.
    pub tls: Option<(TcpListener, Arc<Certificate>)>,
    /// For those who watch over the service.
    pub metrics: Option<TcpListener>,
}

/// Serves until SIGTERM or SIGINT. Running requests and jobs are given the time that the settings allow.
pub async fn serve(listeners: Listeners, state: AppState, bell: Arc<WorkerNotifier>, sender: Arc<dyn MailSender>) -> std::io::Result<()> {
    let app = state.app.clone();
    let stop = state.stop.clone();
    let time_to_stop = Duration::from_secs(state.config.stop_seconds);
    await_signal(stop.clone())?;
    let worker = state.config.worker.then(|| {
        let (app, bell, stop) = (app.clone(), bell.clone(), stop.clone());
        tokio::spawn(kept_running(stop.clone(), move || {
            worker::run(app.clone(), bell.clone(), stop.clone())
        }))
    });
    let mails = state.config.worker.then(|| {
        let (app, stop) = (app.clone(), stop.clone());
        let send = move || worker::mail::run(app.clone(), sender.clone(), bell.clone(), stop.clone());
        tokio::spawn(kept_running(state.stop.clone(), send))
    });
    let limits = ConnectionLimits::new(affordable(state.config.connections_max, max_open_files()));
    let state = Arc::new(state);
    let metrics = listeners.metrics.map(|listener| {
        let limits = ConnectionLimits::new(METRICS_CONNECTIONS);
        tokio::spawn(listener::serve(
            listener,
            super::metrics_router(state.clone()),
            limits,
            stop.clone(),
        ))
    });
    let routes = super::router(state);
    let site = Socket::new(listeners.site, &limits);
    let tls = listeners.tls.map(|(listener, certificate)| {
        tokio::spawn(certificate.clone().watch(stop.clone()));
        let secured = site.beside(listener).secured(certificate);
        tokio::spawn(listener::serve_on(secured, routes.clone(), limits, stop.clone()))
    });
    let finished = async {
        listener::serve_on(site, routes, limits, stop.clone()).await;
        for task in [worker, mails, metrics, tls].into_iter().flatten() {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the service did not end well");
            }
        }
        app.store.close().await;
    };
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(time_to_stop).await;
    };
    tokio::select! {
        () = finished => {}
        () = late => tracing::warn!("stopped with work unfinished; jobs are taken up again at the next start"),
    }
    Ok(())
}

/// As many of these connections as there may be open files: beyond that no connection could be accepted, nor the database be opened.
fn affordable(connections: usize, files: Option<usize>) -> usize {
    match files.map(|files| files.saturating_sub(OTHER_FILES).max(1)) {
        Some(most) if most < connections => {
            tracing::warn!(
                "connections-max is {connections}, but this process may open only {} files, so {most} connections are taken at a time; \
                 LimitNOFILE= of systemd or ulimit -n raises that",
                most + OTHER_FILES
            );
            most
        }
        _ => connections,
    }
}

/// What Linux says of this process, if it does.
fn max_open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Runs a part of the worker, and runs it again should it ever break.
async fn kept_running<F: Future<Output = ()> + Send + 'static>(stop: CancellationToken, part: impl Fn() -> F) {
    while !stop.is_cancelled() {
        if let Err(error) = tokio::spawn(part()).await {
            tracing::error!(%error, "the worker broke; it starts again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

fn await_signal(stop: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: running requests and jobs finish first");
        stop.cancel();
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_connections_are_taken_than_files_can_be_opened() {
        assert_eq!(affordable(2_000, Some(1_024)), 924);
        assert_eq!(affordable(2_000, Some(65_536)), 2_000);
        assert_eq!(affordable(2_000, Some(10)), 1);
        assert_eq!(affordable(2_000, None), 2_000);
    }
}

//! The running service: the edge on its socket and, unless the settings say otherwise, the worker beside it, until a signal asks both to
//! finish what they have begun.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::state::AppState;
use crate::service::App;
use crate::worker::{self, WorkerNotifier};

/// Serves on a listening socket until SIGTERM or SIGINT. Running requests and jobs are given the time that the settings allow.
pub async fn serve(listener: TcpListener, state: AppState, bell: Arc<WorkerNotifier>) -> std::io::Result<()> {
    let app = state.app.clone();
    let stop = state.stop.clone();
    let patience = Duration::from_secs(state.config.stop_seconds);
    await_signal(stop.clone())?;
    let worker = state.config.worker.then(|| tokio::spawn(work(app.clone(), bell, stop.clone())));
    let routes = super::router(Arc::new(state)).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a socket without TCP_NODELAY");
        }
    });
    let answering = axum::serve(listener, routes)
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .into_future();
    let finished = async {
        let answered = answering.await;
        stop.cancel();
        if let Some(worker) = worker
            && let Err(error) = worker.await
        {
            tracing::error!(%error, "the worker did not end well");
        }
        app.store.close().await;
        answered
    };
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        answered = finished => answered,
        () = late => {
            tracing::warn!("stopped with work unfinished; jobs are taken up again at the next start");
            Ok(())
        }
    }
}

/// Runs the worker, and runs it again should it ever break.
async fn work(app: App, bell: Arc<WorkerNotifier>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = tokio::spawn(worker::run(app.clone(), bell.clone(), stop.clone())).await {
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

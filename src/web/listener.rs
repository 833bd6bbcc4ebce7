//! Sockets: takes connections, so many at a time, and bounds what a client may keep waiting: the head of a request, and an answer that
//! nobody reads. Must not know what is served.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::uri::Scheme;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::tls::Certificate;

/// What clients are allowed.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Connections at the same time; who comes after that waits until one is closed.
    pub connections: usize,
    /// For the head of a request, counted from the end of the answer before it: how long a connection may be idle.
    pub header: Duration,
    /// For the client to take in a piece of an answer.
    pub write: Duration,
}

impl ConnectionLimits {
    /// So many connections, with the times that suit a network.
    pub fn new(connections: usize) -> Self {
        Self {
            connections,
            header: Duration::from_secs(20),
            write: Duration::from_secs(60),
        }
    }
}

/// A socket that is listened on.
pub struct Socket {
    listener: TcpListener,
    /// The certificate where it speaks TLS.
    certificate: Option<Arc<Certificate>>,
    /// One for each connection at the same time.
    slots: Arc<Semaphore>,
}

impl Socket {
    /// A plain one, with room for so many connections of its own.
    pub fn new(listener: TcpListener, limits: &ConnectionLimits) -> Self {
        Self {
            listener,
            certificate: None,
            slots: Arc::new(Semaphore::new(limits.connections)),
        }
    }

    /// With this certificate.
    pub fn secured(self, certificate: Arc<Certificate>) -> Self {
        Self {
            certificate: Some(certificate),
            ..self
        }
    }

    /// Another one, whose connections count together with those of this one.
    pub fn beside(&self, listener: TcpListener) -> Self {
        Self {
            listener,
            certificate: None,
            slots: self.slots.clone(),
        }
    }
}

/// Serves on a plain socket.
pub async fn serve(listener: TcpListener, routes: Router, limits: ConnectionLimits, stop: CancellationToken) {
    serve_on(Socket::new(listener, &limits), routes, limits, stop).await;
}

/// Serves until `stop` is cancelled, and then until the last running request has been answered.
pub async fn serve_on(socket: Socket, routes: Router, limits: ConnectionLimits, stop: CancellationToken) {
    let connections = TaskTracker::new();
    while !stop.is_cancelled() {
        let accepted = tokio::select! {
            accepted = accept(&socket.listener, &socket.slots) => accepted,
            () = stop.cancelled() => break,
        };
        let Some((slot, stream, peer)) = accepted else { continue };
        let (routes, stop) = (routes.clone(), stop.clone());
        let tls = socket
            .certificate
            .as_ref()
            .map(|certificate| TlsAcceptor::from(certificate.config()));
        connections.spawn(async move {
            begin(stream, tls, peer, routes, limits, stop).await;
            drop(slot);
        });
    }
    connections.close();
    connections.wait().await;
}

/// Agrees on TLS where the socket speaks it, within the time that the head of a request may take.
async fn begin(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    peer: SocketAddr,
    routes: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a socket without TCP_NODELAY");
    }
    let stream = WriteTimeout::new(stream, limits.write);
    let Some(tls) = tls else {
        return converse(stream, peer, Scheme::HTTP, routes, limits, stop).await;
    };
    let agreed = tokio::select! {
        agreed = tokio::time::timeout(limits.header, tls.accept(stream)) => agreed,
        () = stop.cancelled() => return,
    };
    match agreed {
        Ok(Ok(stream)) => converse(stream, peer, Scheme::HTTPS, routes, limits, stop).await,
        Ok(Err(error)) => tracing::debug!(%error, %peer, "a connection did not come about"),
        Err(_) => tracing::debug!(%peer, "a connection did not come about in time"),
    }
}

type Accepted = (tokio::sync::OwnedSemaphorePermit, TcpStream, SocketAddr);

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((socket, peer)) => Some((slot, socket, peer)),
        Err(error) => {
            let client_gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset].contains(&error.kind());
            if !client_gone {
                // Such as too many open files: waiting is all that helps.
                tracing::error!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            None
        }
    }
}

/// All requests of one connection.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    peer: SocketAddr,
    scheme: Scheme,
    routes: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(scheme.clone());
        routes.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let done = tokio::select! {
        done = connection.as_mut() => done,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
}

/// A socket on which a write that makes no headway fails in the end.
struct WriteTimeout {
    socket: TcpStream,
    limit: Duration,
    /// Running while a write waits for the client.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl WriteTimeout {
    fn new(socket: TcpStream, limit: Duration) -> Self {
        Self {
            socket,
            limit,
            waiting: None,
        }
    }

    fn bounded<T>(&mut self, context: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.waiting = None;
            return done;
        }
        let limit = self.limit;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for WriteTimeout {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for WriteTimeout {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.bounded(context, done)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, pieces: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.socket).poll_write_vectored(context, pieces);
        self.bounded(context, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.socket).poll_flush(context);
        self.bounded(context, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.socket).poll_shutdown(context);
        self.bounded(context, done)
    }
}

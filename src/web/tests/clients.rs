//! Clients that are slow, idle or too many, on real sockets (fault B5). Each wait is bounded by a limit that the test sets, never by how
//! fast the machine is.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;

use super::TestServer;
use crate::testing::TestApp;
use crate::web::listener::{self, ConnectionLimits};

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(60);
/// Longer than anything here takes that is bounded at all.
const GIVE_UP: Duration = Duration::from_secs(20);

const LIMITS: ConnectionLimits = ConnectionLimits {
    connections: 10,
    header: LONG,
    write: LONG,
};

struct Running {
    address: std::net::SocketAddr,
    stop: CancellationToken,
}

async fn run(routes: Router, limits: ConnectionLimits) -> Running {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = socket.local_addr().expect("an address");
    let stop = CancellationToken::new();
    tokio::spawn(listener::serve(socket, routes, limits, stop.clone()));
    Running { address, stop }
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

async fn connect(server: &Running) -> TcpStream {
    TcpStream::connect(server.address).await.expect("a connection")
}

async fn ask(stream: &mut TcpStream) {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").await.expect("a request");
}

/// What the server says until it closes, or `None` where it does not close.
async fn until_closed(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(GIVE_UP, stream.read_to_end(&mut bytes)).await.ok()?;
    read.map(|_| String::from_utf8_lossy(&bytes).into_owned())
        .or_else(|_| Ok::<_, std::io::Error>(String::new()))
        .ok()
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_head_or_sends_none_is_let_go() {
    let server = run(hello(), ConnectionLimits { header: SHORT, ..LIMITS }).await;
    let mut silent = connect(&server).await;
    let mut slow = connect(&server).await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: he").await.expect("half a head");
    let mut idle = connect(&server).await;
    ask(&mut idle).await;
    assert_eq!(until_closed(&mut silent).await.as_deref(), Some(""));
    assert!(until_closed(&mut slow).await.is_some_and(|said| !said.contains("hello")));
    assert!(until_closed(&mut idle).await.is_some_and(|said| said.ends_with("hello")));
}

#[tokio::test]
async fn connections_are_taken_so_many_at_a_time() {
    let limits = ConnectionLimits { connections: 2, ..LIMITS };
    let server = run(hello(), limits).await;
    let mut open = [connect(&server).await, connect(&server).await];
    for stream in &mut open {
        ask(stream).await;
        let mut byte = [0];
        stream.read_exact(&mut byte).await.expect("an answer");
    }
    let mut third = connect(&server).await;
    ask(&mut third).await;
    let mut byte = [0];
    let answered = tokio::time::timeout(SHORT, third.read_exact(&mut byte)).await;
    assert!(answered.is_err(), "a third connection was served beside two");
    drop(open);
    let answered = tokio::time::timeout(GIVE_UP, third.read_exact(&mut byte)).await;
    assert!(answered.is_ok_and(|read| read.is_ok()), "its turn came");
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_let_go() {
    let gone = CancellationToken::new();
    struct Told(CancellationToken);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.cancel();
        }
    }
    let told = std::sync::Arc::new(std::sync::Mutex::new(Some(Told(gone.clone()))));
    let endless = get(async move || {
        let told = told.lock().expect("a lock").take();
        let pieces = futures::stream::repeat_with(move || {
            let _held = &told;
            Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; 65_536]))
        });
        axum::body::Body::from_stream(pieces)
    });
    let limits = ConnectionLimits { write: SHORT, ..LIMITS };
    let server = run(Router::new().route("/", endless), limits).await;
    let mut deaf = connect(&server).await;
    ask(&mut deaf).await;
    assert!(
        tokio::time::timeout(GIVE_UP, gone.cancelled()).await.is_ok(),
        "the answer is still being sent"
    );
}

#[tokio::test]
async fn running_requests_are_answered_before_the_service_stops() {
    let (begun, go_on) = (CancellationToken::new(), CancellationToken::new());
    let (has_begun, may_end) = (begun.clone(), go_on.clone());
    let slow = post(async move || {
        has_begun.cancel();
        may_end.cancelled().await;
        "done"
    });
    let server = run(Router::new().route("/", slow), LIMITS).await;
    let mut stream = connect(&server).await;
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n")
        .await
        .expect("a request");
    begun.cancelled().await;
    server.stop.cancel();
    go_on.cancel();
    assert!(until_closed(&mut stream).await.is_some_and(|said| said.ends_with("done")));
    let late = TcpSocket::new_v4().expect("a socket").connect(server.address).await;
    assert!(late.is_err(), "nobody listens any more");
}

/// The product's own bounds: a body that does not come, in pieces or at all.
#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let house = TestServer::with_timeouts(TestApp::sqlite().await, SHORT, LONG);
    for server in [
        run(house.router.clone(), LIMITS).await,
        run(
            TestServer::with_timeouts(TestApp::sqlite().await, LONG, SHORT).router.clone(),
            LIMITS,
        )
        .await,
    ] {
        let mut stream = connect(&server).await;
        let head = b"POST /sign-in HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: same-origin\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nuser_name=a";
        stream.write_all(head).await.expect("half a request");
        let mut answer = [0; 12];
        let read = tokio::time::timeout(GIVE_UP, stream.read_exact(&mut answer)).await;
        assert!(read.is_ok_and(|read| read.is_ok()), "an answer, though the body is not there");
        let status = String::from_utf8_lossy(&answer).into_owned();
        assert!(status.starts_with("HTTP/1.1 4") || status.starts_with("HTTP/1.1 503"), "{status}");
    }
}

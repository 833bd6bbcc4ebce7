//! Microsoft's unmodified client for JavaScript calls over TLS (`end2end/api/graph_client.mjs`), with a certificate that an authority of the test's
//! own has signed. It needs the packages that `scripts/setup.sh node` brings.

use std::process::{Command, Output};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Fixture;
use super::clients::client_token;
use crate::both_databases;
use crate::config::TlsConfig;
use crate::testing::TestApp;
use crate::web::listener::{self, ConnectionLimits, Socket};
use crate::web::tls::Certificate;

both_databases!(f173_the_javascript_client_calls_over_tls);

/// Writes a certificate for localhost with its key, and beside them that of the authority which signed it.
fn certify(tls: &TlsConfig, authority: &std::path::Path) {
    let mut params = CertificateParams::new(Vec::default()).expect("an authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params.distinguished_name.push(DnType::CommonName, "An authority of the test");
    let key = KeyPair::generate().expect("a key");
    let own = params.self_signed(&key).expect("an authority");
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a certificate");
    // Whose name is its signer's own counts as signed by itself.
    params.distinguished_name.push(DnType::CommonName, "localhost");
    let leaf = params.signed_by(&key, &issuer).expect("a certificate");
    for (path, text) in [
        (authority, own.pem()),
        (&tls.certificate, leaf.pem()),
        (&tls.key, key.serialize_pem()),
    ] {
        std::fs::write(path, text).expect("a file");
    }
}

async fn f173_the_javascript_client_calls_over_tls(bench: TestApp) {
    let at = Fixture::new(bench).await;
    let token = client_token(&at).await;
    let folder = tempfile::tempdir().expect("a folder");
    let tls = TlsConfig {
        addr: "127.0.0.1:0".parse().expect("an address"),
        certificate: folder.path().join("cert.pem"),
        key: folder.path().join("key.pem"),
    };
    let authority = folder.path().join("authority.pem");
    certify(&tls, &authority);
    let certificate = Arc::new(Certificate::read(&tls).expect("a certificate"));
    let listener = TcpListener::bind(tls.addr).await.expect("a port");
    let base = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    let limits = ConnectionLimits::new(10);
    let stop = CancellationToken::new();
    let socket = Socket::new(listener, &limits).secured(certificate);
    let serving = tokio::spawn(listener::serve_on(socket, at.server.router.clone(), limits, stop.clone()));
    let calling = tokio::task::spawn_blocking(move || {
        let script = format!("{}/end2end/api/graph_client.mjs", env!("CARGO_MANIFEST_DIR"));
        let mut node = Command::new("node");
        node.arg("--dns-result-order=ipv4first").arg(script).arg(base).arg(token);
        node.env("NODE_EXTRA_CA_CERTS", authority).output()
    });
    let Output { status, stderr, .. } = calling.await.expect("a thread").expect("node; `scripts/setup.sh node` brings it");
    stop.cancel();
    serving.abort();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
}

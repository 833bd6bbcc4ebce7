//! The certificate and key of the TLS listener: read from files, and again when they have changed, so that a renewed certificate needs no
//! restart. Files that cannot be used leave what holds in place.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_util::sync::CancellationToken;

use crate::config::TlsConfig;

/// How often the files are looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(10);

/// What the files held when they were last read.
#[derive(PartialEq, Eq)]
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

struct Current {
    contents: Contents,
    config: Arc<ServerConfig>,
}

/// A certificate with its key, as the files hold them.
pub struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

impl Certificate {
    /// Reads both files.
    pub fn read(tls: &TlsConfig) -> io::Result<Self> {
        let contents = contents(&tls.certificate, &tls.key)?;
        let config = config(&contents)?;
        Ok(Self {
            certificate: tls.certificate.clone(),
            key: tls.key.clone(),
            current: Mutex::new(Current { contents, config }),
        })
    }

    /// What connections begin with now.
    pub fn config(&self) -> Arc<ServerConfig> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).config.clone()
    }

    /// Reads the files again; says whether they hold something else now, which is used from here on.
    pub fn reload(&self) -> io::Result<bool> {
        let contents = contents(&self.certificate, &self.key)?;
        if self.current.lock().unwrap_or_else(PoisonError::into_inner).contents == contents {
            return Ok(false);
        }
        let config = config(&contents)?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Current { contents, config };
        Ok(true)
    }

    /// Looks at the files again and again, until the service stops.
    pub async fn watch(self: Arc<Self>, stop: CancellationToken) {
        let mut told = String::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOKED_AT_EVERY) => {}
            }
            match self.reload() {
                Ok(true) => tracing::info!("the TLS certificate was read again"),
                Ok(false) => told.clear(),
                // Certificate and key are two files: for a moment they may not belong together. Told once.
                Err(error) if error.to_string() == told => {}
                Err(error) => {
                    told = error.to_string();
                    tracing::error!(%error, "the changed TLS certificate cannot be used; the one before it stays in use");
                }
            }
        }
    }
}

fn contents(certificate: &Path, key: &Path) -> io::Result<Contents> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| bad(format!("{} cannot be read: {error}", path.display())));
    Ok(Contents {
        certificate: read(certificate)?,
        key: read(key)?,
    })
}

fn config(contents: &Contents) -> io::Result<Arc<ServerConfig>> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&contents.certificate).collect();
    let chain = chain.map_err(|error| bad(format!("tls-certificate is no certificate in PEM form: {error}")))?;
    let key = PrivateKeyDer::from_pem_slice(&contents.key);
    let key = key.map_err(|error| bad(format!("tls-key is no private key in PEM form: {error}")))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| bad(format!("tls-certificate and tls-key cannot be used together: {error}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn bad(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::Request;
    use axum::http::uri::Scheme;
    use axum::routing::get;
    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_rustls::TlsConnector;

    use super::*;
    use crate::web::listener::{self, ConnectionLimits, Socket};

    /// A new certificate for localhost, written into the files; gives what a client trusts.
    fn renew(tls: &TlsConfig) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        std::fs::write(&tls.certificate, made.cert.pem()).expect("a file");
        std::fs::write(&tls.key, made.signing_key.serialize_pem()).expect("a file");
        made.cert.der().clone()
    }

    /// What the server answers a client that trusts this certificate alone.
    async fn ask(address: std::net::SocketAddr, trusted: &CertificateDer<'static>) -> io::Result<String> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).expect("a root");
        let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let socket = TcpStream::connect(address).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = TlsConnector::from(Arc::new(client)).connect(name, socket).await?;
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn f173_a_renewed_certificate_is_used_without_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let tls = TlsConfig {
            addr: "127.0.0.1:0".parse().expect("an address"),
            certificate: folder.path().join("cert.pem"),
            key: folder.path().join("key.pem"),
        };
        assert!(Certificate::read(&tls).is_err());
        let first = renew(&tls);
        let certificate = Arc::new(Certificate::read(&tls).expect("a certificate"));
        let listener = TcpListener::bind(tls.addr).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let scheme = async |request: Request| format!("by {:?}", request.extensions().get::<Scheme>());
        let limits = ConnectionLimits::new(10);
        let socket = Socket::new(listener, &limits).secured(certificate.clone());
        let stop = CancellationToken::new();
        tokio::spawn(listener::serve_on(
            socket,
            Router::new().route("/", get(scheme)),
            limits,
            stop.clone(),
        ));
        let answer = ask(address, &first).await.expect("an answer");
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("by Some(\"https\")"),
            "{answer}"
        );
        // Who speaks plain HTTP there is told nothing.
        let mut plain = TcpStream::connect(address).await.expect("a connection");
        plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("a request");
        let mut bytes = Vec::new();
        drop(plain.read_to_end(&mut bytes).await);
        assert!(!String::from_utf8_lossy(&bytes).contains("HTTP"));
        assert!(!certificate.reload().expect("read"));
        std::fs::write(&tls.key, "no key").expect("a file");
        assert!(certificate.reload().is_err());
        assert!(ask(address, &first).await.is_ok());
        let second = renew(&tls);
        assert!(certificate.reload().expect("read"));
        assert!(ask(address, &first).await.is_err());
        assert!(ask(address, &second).await.is_ok());
        stop.cancel();
    }
}

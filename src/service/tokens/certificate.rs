//! Certificates with whose keys clients sign (RFC 5280). They are taken as they are, from the administrator who adds them: nobody is asked who
//! issued them, and no more of them counts than the key, the time that they hold and the thumbprints by which programs name them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::jws::{PublicKey, hex};

/// A certificate that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its key in DER form.
    pub key: Vec<u8>,
    /// SHA-256 of the whole, in hex.
    pub sha256: String,
    /// SHA-1 of the whole, in hex.
    pub sha1: String,
    /// From when until when it holds.
    pub holds: (DateTime<Utc>, DateTime<Utc>),
}

impl Certificate {
    /// From its PEM form; `None` for what is none, and for a key that we do not take.
    pub fn from_pem(text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix("-----BEGIN CERTIFICATE-----")?;
        let body = body.strip_suffix("-----END CERTIFICATE-----")?;
        let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(body).ok()?;
        let (rest, read) = X509Certificate::from_der(&der).ok()?;
        let key = read.public_key().raw.to_vec();
        PublicKey::from_der(&key).filter(|_| rest.is_empty())?;
        let instant = |time: x509_parser::time::ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
        let mut sha1 = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
        sha1.update(&der);
        Some(Self {
            holds: (instant(read.validity().not_before)?, instant(read.validity().not_after)?),
            sha256: hex(&Sha256::digest(&der)),
            sha1: hex(sha1.finish().as_ref()),
            key,
        })
    }
}

//! Signed tokens (RFC 7515, RFC 7519) in the one form that we write, ES256, and in those that clients sign with: ES256, RS256, PS256. The
//! key decides which of them may stand in the header. Must not know what a token says.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::service::Error;

/// The longest token that is read, in bytes.
const TOKEN_MAX: usize = 16 * 1024;
/// What stands before the point of a P-256 key in its DER form (RFC 5480).
const P256_HEAD: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
    0x07, 0x03, 0x42, 0x00,
];
/// The algorithm of an RSA key in its DER form (RFC 3279).
const RSA_ALGORITHM: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// SHA-256 in hex: how everything secret is kept.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 in base64url, as RFC 7636 compares it.
pub fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// A new key for signing: PKCS #8, and the point on the curve.
pub fn new_key() -> Result<(Vec<u8>, Vec<u8>), Error> {
    let failed = |_| Error::Internal("a signing key could not be made".into());
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(failed)?;
    let pair = pair(document.as_ref(), &random)?;
    Ok((document.as_ref().to_vec(), pair.public_key().as_ref().to_vec()))
}

fn pair(private_key: &[u8], random: &SystemRandom) -> Result<EcdsaKeyPair, Error> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private_key, random)
        .map_err(|error| Error::Internal(format!("a signing key cannot be read: {error}")))
}

#[derive(Serialize)]
struct WrittenHeader<'a> {
    typ: &'static str,
    alg: &'static str,
    kid: &'a str,
}

/// A token that says this, signed with a key.
pub fn sign(private_key: &[u8], key_id: &str, claims: &impl Serialize) -> Result<String, Error> {
    let written = |value: Result<Vec<u8>, serde_json::Error>| {
        value
            .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
            .map_err(|error| Error::Internal(format!("a token could not be written: {error}")))
    };
    let header = WrittenHeader {
        typ: "JWT",
        alg: "ES256",
        kid: key_id,
    };
    let signed = format!("{}.{}", written(serde_json::to_vec(&header))?, written(serde_json::to_vec(claims))?);
    let random = SystemRandom::new();
    let signature = pair(private_key, &random)?
        .sign(&random, signed.as_bytes())
        .map_err(|_| Error::Internal("a token could not be signed".into()))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// What the head of a token says.
#[derive(Debug, Deserialize)]
pub struct Header {
    alg: String,
    /// The key's id, if it is named.
    #[serde(default)]
    pub kid: Option<String>,
    /// SHA-1 and SHA-256 of the certificate whose key signed, in base64url, if it is named.
    #[serde(default)]
    x5t: Option<String>,
    #[serde(default, rename = "x5t#S256")]
    x5t_sha256: Option<String>,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

impl Header {
    /// Whether the key of these thumbprints, in hex, is the one that is named; one that names none may be any.
    pub fn may_name(&self, sha256: &str, sha1: &str) -> bool {
        let is = |named: &Option<String>, own: &str| {
            named.as_ref().is_none_or(|named| {
                let bytes = URL_SAFE_NO_PAD.decode(named.trim_end_matches('='));
                bytes.is_ok_and(|bytes| hex(&bytes) == own)
            })
        };
        is(&self.x5t_sha256, sha256) && is(&self.x5t, sha1)
    }
}

/// A token that was read and not yet believed.
#[derive(Debug)]
pub struct Unverified<'a> {
    /// Its head.
    pub header: Header,
    signed: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// The parts of a token; `None` for what is none.
    pub fn read(text: &'a str) -> Option<Self> {
        if text.len() > TOKEN_MAX {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.crit.is_some() {
            return None;
        }
        Some(Self {
            header,
            signed,
            claims: URL_SAFE_NO_PAD.decode(claims).ok()?,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// What it says, if the key has signed it in a way that is the key's.
    pub fn verified<T: DeserializeOwned>(&self, key: &PublicKey) -> Option<T> {
        let algorithm: &dyn VerificationAlgorithm = match (key, self.header.alg.as_str()) {
            (PublicKey::P256(_), "ES256") => &ECDSA_P256_SHA256_FIXED,
            (PublicKey::Rsa(_), "RS256") => &signature::RSA_PKCS1_2048_8192_SHA256,
            (PublicKey::Rsa(_), "PS256") => &signature::RSA_PSS_2048_8192_SHA256,
            _ => return None,
        };
        let (PublicKey::P256(bytes) | PublicKey::Rsa(bytes)) = key;
        UnparsedPublicKey::new(algorithm, bytes)
            .verify(self.signed.as_bytes(), &self.signature)
            .ok()?;
        serde_json::from_slice(&self.claims).ok()
    }
}

/// A key that signatures are checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// The point of a P-256 key.
    P256(Vec<u8>),
    /// An RSA key as PKCS #1.
    Rsa(Vec<u8>),
}

impl PublicKey {
    /// From its DER form (SubjectPublicKeyInfo); `None` for any key that we do not take.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        if let Some(point) = der.strip_prefix(P256_HEAD) {
            return (point.len() == 65 && point[0] == 4).then(|| Self::P256(point.to_vec()));
        }
        let (whole, rest) = element(der, 0x30)?;
        let (bits, end) = element(whole.strip_prefix(RSA_ALGORITHM)?, 0x03)?;
        let key = bits.strip_prefix(&[0])?;
        let (numbers, after) = element(key, 0x30)?;
        let (modulus, exponent) = element(numbers, 0x02)?;
        element(exponent, 0x02).filter(|(_, behind)| behind.is_empty())?;
        let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
        let whole = rest.is_empty() && end.is_empty() && after.is_empty();
        (whole && (256..=1024).contains(&modulus.len())).then(|| Self::Rsa(key.to_vec()))
    }
}

/// The DER form of a key in PEM form.
pub fn der_of_pem(text: &str) -> Option<Vec<u8>> {
    let body = text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?;
    let body = body.strip_suffix("-----END PUBLIC KEY-----")?;
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(body).ok()
}

/// The content of the element of this tag at the beginning, and what stands behind it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), rest.get(2..)?),
        _ => return None,
    };
    (*first == tag && rest.len() >= length).then(|| rest.split_at(length))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn only_the_key_that_signed_a_token_verifies_it() {
        let (private, public) = new_key().expect("a key");
        let token = sign(&private, "k", &json!({ "a": 1 })).expect("a token");
        let read = Unverified::read(&token).expect("a token");
        assert_eq!(read.header.kid.as_deref(), Some("k"));
        assert_eq!(read.verified::<Value>(&PublicKey::P256(public.clone())), Some(json!({ "a": 1 })));
        let (_, other) = new_key().expect("a key");
        assert_eq!(read.verified::<Value>(&PublicKey::P256(other)), None);
        // The signature of another text.
        let (head, rest) = token.split_once('.').expect("a head");
        let (_, signature) = rest.split_once('.').expect("a signature");
        let forged = format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(b"{\"a\":2}"));
        let forged = Unverified::read(&forged).expect("a token");
        assert_eq!(forged.verified::<Value>(&PublicKey::P256(public)), None);
    }

    #[test]
    fn a_token_does_not_choose_how_it_is_checked() {
        let (_, public) = new_key().expect("a key");
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "RS256" }),
            json!({ "alg": "ES256", "crit": ["x"] }),
        ] {
            let text = format!("{}.{}.", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(b"{}"));
            let verified = Unverified::read(&text).and_then(|token| token.verified::<Value>(&PublicKey::P256(public.clone())));
            assert_eq!(verified, None, "{header}");
        }
        for garbage in ["", ".", "..", "a.b.c", &"a".repeat(TOKEN_MAX + 1)] {
            assert!(Unverified::read(garbage).is_none());
        }
    }

    #[test]
    fn keys_are_read_from_pem_and_nothing_else_is_one() {
        let (_, public) = new_key().expect("a key");
        let der = [P256_HEAD, &public].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
        let read = der_of_pem(&pem).expect("a key");
        assert_eq!(PublicKey::from_der(&read), Some(PublicKey::P256(public)));
        let number = |length: usize| {
            let length = u16::try_from(length).expect("a length").to_be_bytes();
            [
                &[0x02, 0x82, length[0], length[1]][..],
                &vec![0x7f; usize::from(u16::from_be_bytes(length))],
            ]
            .concat()
        };
        let sequence = |tag: u8, content: &[u8]| {
            let length = u16::try_from(content.len()).expect("a length").to_be_bytes();
            [&[tag, 0x82, length[0], length[1]][..], content].concat()
        };
        let rsa = |modulus: usize| {
            let key = sequence(0x30, &[number(modulus), vec![0x02, 0x01, 0x03]].concat());
            let bits = sequence(0x03, &[&[0][..], &key].concat());
            sequence(0x30, &[RSA_ALGORITHM, &bits].concat())
        };
        assert!(matches!(PublicKey::from_der(&rsa(256)), Some(PublicKey::Rsa(_))));
        // 1024 bits are too few.
        assert_eq!(PublicKey::from_der(&rsa(128)), None);
        let mut longer = rsa(256);
        longer.push(0);
        assert_eq!(PublicKey::from_der(&longer), None);
        for garbage in [&[][..], &[0x30], &[0x30, 0x82, 0xff], &der[..40]] {
            assert_eq!(PublicKey::from_der(garbage), None);
        }
        assert_eq!(der_of_pem("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"), None);
    }
}

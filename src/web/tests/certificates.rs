//! Clients that sign with the key of a certificate, and name it in the head of their assertions as Microsoft's libraries do.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Duration;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::tokens::{OWN, READ, Stage, text};
use crate::both_databases;
use crate::domain::client::KeyForm;
use crate::domain::validate::Code;
use crate::service::{Error, clients};
use crate::testing::TestApp;

both_databases!(
    f173_a_client_signs_with_the_key_of_a_certificate_that_it_names,
    f173_a_certificate_serves_no_longer_than_it_holds,
);

/// A key of RSA, which `ring` does not make. Nothing else is signed with it.
const RSA_KEY: &str = include_str!("certificate/rsa-key.pem");

/// A certificate for a key that holds from one instant to another, counted from the clock of the test.
fn certificate(stage: &Stage, key: &rcgen::KeyPair, (from, until): (Duration, Duration)) -> rcgen::Certificate {
    let now = stage.server.bench.app.clock.now();
    let at = |after: Duration| time::OffsetDateTime::from_unix_timestamp((now + after).timestamp()).expect("an instant");
    let mut wanted = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).expect("a name");
    (wanted.not_before, wanted.not_after) = (at(from), at(until));
    wanted.self_signed(key).expect("a certificate")
}

fn der(pem: &str) -> Vec<u8> {
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(lines).expect("base64")
}

fn sha1(der: &[u8]) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, der).as_ref().to_vec()
}

/// An assertion of a client.
fn assertion(stage: &Stage, mut head: Value, id: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let own = stage.client.to_string();
    let now = stage.server.bench.app.clock.now().timestamp();
    let claims = json!({
        "iss": own, "sub": own, "aud": "http://127.0.0.1:3000/common/oauth2/v2.0/token", "nbf": now, "exp": now + 300, "jti": id,
    });
    head["typ"] = json!("JWT");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

async fn status(stage: &Stage, assertion: &str) -> StatusCode {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let fields = [("client_assertion_type", kind), ("client_assertion", assertion)];
    stage.ask(&[&OWN[..], &fields].concat()).await.status
}

async fn add(stage: &Stage, name: &str, pem: &str) -> Result<(), Error> {
    let form = KeyForm {
        name: name.into(),
        key: pem.into(),
    };
    clients::add_key(&stage.server.bench.app, &stage.admin, stage.client, &form).await
}

async fn f173_a_client_signs_with_the_key_of_a_certificate_that_it_names(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let key = rcgen::KeyPair::from_pem(RSA_KEY).expect("a key");
    let certificate = certificate(&stage, &key, (-Duration::days(1), Duration::days(365)));
    let pem = certificate.pem();
    add(&stage, "Build server", &pem).await.expect("a certificate");
    let pair = RsaKeyPair::from_pkcs8(&der(RSA_KEY)).expect("a key");
    let sha256 = URL_SAFE_NO_PAD.encode(Sha256::digest(certificate.der()));
    let sha1 = URL_SAFE_NO_PAD.encode(sha1(certificate.der()));
    let pss = |text: &[u8]| {
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), text, &mut signature)
            .expect("signed");
        signature
    };
    let pkcs1 = |text: &[u8]| {
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
            .expect("signed");
        signature
    };
    let today = assertion(&stage, json!({ "alg": "PS256", "x5t#S256": sha256 }), "one", pss);
    assert_eq!(status(&stage, &today).await, StatusCode::OK);
    let older = assertion(&stage, json!({ "alg": "RS256", "x5t": sha1, "x5c": ["passed over"] }), "two", pkcs1);
    assert_eq!(status(&stage, &older).await, StatusCode::OK);
    let unnamed = assertion(&stage, json!({ "alg": "PS256" }), "three", pss);
    assert_eq!(status(&stage, &unnamed).await, StatusCode::OK);
    // One that names another certificate, or none at all, was not signed with this one.
    for (id, head) in [
        ("four", json!({ "alg": "PS256", "x5t#S256": sha1 })),
        ("five", json!({ "alg": "RS256", "x5t": sha256 })),
        ("six", json!({ "alg": "PS256", "x5t": "###" })),
        ("seven", json!({ "alg": "PS256", "x5t#S256": "" })),
    ] {
        let bad = assertion(&stage, head.clone(), id, pss);
        assert_eq!(status(&stage, &bad).await, StatusCode::UNAUTHORIZED, "{head}");
    }
    // It is shown by the thumbprint that programs know it by, and is there once.
    let detail = clients::get(&stage.server.bench.app, &stage.admin, stage.client)
        .await
        .expect("a client");
    let shown = &detail.keys[0];
    assert_eq!(shown.sha1.len(), 40);
    assert!(shown.expires_at.is_some() && shown.last_used_at.is_some());
    let mut browser = stage.server.signed_in("admin1").await;
    let page = browser.get(&crate::paths::client(stage.client)).await;
    assert!(page.text.contains(&shown.sha1.to_ascii_uppercase()), "{}", page.text);
    for (pem, code) in [
        (pem.clone(), Code::Repeated),
        (RSA_KEY.to_owned(), Code::NotAKey),
        (format!("{pem}{pem}"), Code::NotAKey),
        (pem.replacen("MII", "MIJ", 1), Code::NotAKey),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".to_owned(),
            Code::NotAKey,
        ),
    ] {
        match add(&stage, "Another", &pem).await {
            Err(Error::Invalid(faults)) => assert_eq!((faults[0].path.as_str(), &faults[0].code), ("key", &code)),
            other => panic!("{other:?}"),
        }
    }
    let told = stage
        .ask(&[OWN[0], OWN[1], ("client_assertion_type", "x"), ("client_assertion", "x.y.z")])
        .await;
    assert_eq!(text(&told, "error"), "invalid_request", "nobody is named");
}

async fn f173_a_certificate_serves_no_longer_than_it_holds(bench: TestApp) {
    let stage = Stage::set(bench, &[], &[READ]).await;
    let key = rcgen::KeyPair::generate().expect("a key");
    let over = certificate(&stage, &key, (-Duration::days(2), -Duration::days(1)));
    match add(&stage, "Over", &over.pem()).await {
        Err(Error::Invalid(faults)) => assert_eq!(faults[0].code, Code::Ended),
        other => panic!("{other:?}"),
    }
    let certificate = certificate(&stage, &key, (Duration::days(1), Duration::days(3)));
    add(&stage, "Next", &certificate.pem()).await.expect("a certificate");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.serialize_der(), &SystemRandom::new()).expect("a key");
    let sign = |text: &[u8]| pair.sign(&SystemRandom::new(), text).expect("signed").as_ref().to_vec();
    let named = URL_SAFE_NO_PAD.encode(Sha256::digest(certificate.der()));
    let ask = async |id: &str| status(&stage, &assertion(&stage, json!({ "alg": "ES256", "x5t#S256": named }), id, sign)).await;
    assert_eq!(ask("before").await, StatusCode::UNAUTHORIZED);
    stage.server.bench.clock.advance(Duration::days(2));
    assert_eq!(ask("while").await, StatusCode::OK);
    stage.server.bench.clock.advance(Duration::days(1));
    assert_eq!(ask("after").await, StatusCode::UNAUTHORIZED);
}

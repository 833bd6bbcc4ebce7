//! How every server function travels: one POST with JSON both ways. Only the two ends of a call know its types; what lies between is one
//! piece of code for all of them, which keeps the browser bundles small.

use std::future::Future;
use std::pin::Pin;

use http::Method;
use leptos::server_fn::Protocol;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::{FromReq, IntoRes, Json};
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;
use leptos::server_fn::server::Server;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::AppError;

const JSON: &str = "application/json";

/// The protocol of all server functions.
pub struct Call;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, AppError> for Call
where
    Input: FromReq<Json, S::Request, AppError> + Serialize + Send,
    Output: IntoRes<Json, S::Response, AppError> + DeserializeOwned + Send,
    C: Client<AppError>,
    S: Server<AppError>,
{
    const METHOD: Method = Method::POST;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, AppError>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, AppError>> + Send,
    {
        let input = Input::from_req(request).await?;
        server_fn(input).await?.into_res().await
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, AppError> {
        let body = serde_json::to_string(&input).map_err(|_| AppError::not_understood())?;
        read(&post::<C>(path.to_owned(), body).await?)
    }
}

/// Sends a body and gives the answer's, or the error that the server answered with.
fn post<C: Client<AppError>>(path: String, body: String) -> Pin<Box<dyn Future<Output = Result<String, AppError>> + Send>> {
    Box::pin(async move {
        let response = C::send(C::Request::try_new_post(&path, JSON, JSON, body)?).await?;
        let failed = response.status() >= 400;
        let text = response.try_into_string().await?;
        if failed { Err(read(&text)?) } else { Ok(text) }
    })
}

/// Reads what the server wrote.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(|_| AppError::not_understood())
}

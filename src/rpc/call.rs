//! How every server function travels: one POST with JSON, answered in JSON or, for a page of the same build, packed. Only the two ends of a
//! call know its types; what lies between is one piece of code for all of them, which keeps the browser bundles small.

use std::future::Future;
use std::pin::Pin;

use http::Method;
use leptos::server_fn::Protocol;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::{FromReq, IntoRes, Json};
use leptos::server_fn::request::{ClientReq, Req};
use leptos::server_fn::response::{ClientRes, Res, TryRes};
use leptos::server_fn::server::Server;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::AppError;
use super::packed::{PACKED, is_of_another_build, is_packed, pack, unpack};
use super::upgrade::note_upgrade;

const JSON: &str = "application/json";

/// The protocol of all server functions.
pub struct Call;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, AppError> for Call
where
    Input: FromReq<Json, S::Request, AppError> + Serialize + Send,
    Output: IntoRes<Json, S::Response, AppError> + Serialize + DeserializeOwned + Send,
    C: Client<AppError>,
    S: Server<AppError>,
{
    const METHOD: Method = Method::POST;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, AppError>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, AppError>> + Send,
    {
        let accepted = request.accepts().unwrap_or_default().into_owned();
        let packed = accepted == PACKED;
        // Before anything is done: a page that could not read the answer would not know that it was.
        if is_of_another_build(&accepted) {
            return Err(misread());
        }
        let result = match Input::from_req(request).await {
            Ok(input) => server_fn(input).await,
            Err(_) => Err(misread()),
        };
        match (packed, result) {
            (false, result) => result?.into_res().await,
            (true, Ok(value)) => S::Response::try_from_bytes(PACKED, pack(&Ok(value)).into()),
            (true, error) => {
                let mut response = S::Response::error_response("", pack(&error).into());
                response.content_type(PACKED);
                Ok(response)
            }
        }
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, AppError> {
        let body = serde_json::to_string(&input).map_err(|_| AppError::not_understood())?;
        unpack(&post::<C>(path.to_owned(), body).await?)
    }
}

/// A call that the server cannot read, or whose answer the page could not; also sets the answer's status.
fn misread() -> AppError {
    let error = AppError::not_understood();
    #[cfg(feature = "ssr")]
    super::context::answer(&error);
    error
}

/// Sends a body and gives the packed answer. What did not come from a server function is no such answer and tells by its status alone.
fn post<C: Client<AppError>>(path: String, body: String) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, AppError>> + Send>> {
    Box::pin(async move {
        let response = C::send(C::Request::try_new_post(&path, JSON, PACKED, body)?).await?;
        let status = response.status();
        let bytes = response.try_into_bytes().await?;
        if is_packed(&bytes) {
            Ok(bytes.into())
        } else {
            let error = AppError::of_status(status);
            if error == AppError::not_understood() {
                note_upgrade();
            }
            Err(error)
        }
    })
}

//! Find anything: the search over the whole admin area.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::find::Hit;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::find};

/// What a text finds that one may see, a few of each kind.
#[server(endpoint = "find/anything", protocol = Call)]
pub async fn find_anything(text: String) -> Result<Vec<Hit>, AppError> {
    serve(async |app, actor| find::anything(app, actor, &text).await).await
}

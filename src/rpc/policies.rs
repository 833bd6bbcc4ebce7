//! Policies: server functions beyond those of a package's page.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::object::Subject;
use crate::domain::policy::PolicyMention;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::policies};

/// Which policies name a user or a group, and what for: what is said before either is deleted.
#[server(endpoint = "policies/naming", protocol = Call)]
pub async fn policies_naming(subject: Subject) -> Result<Vec<PolicyMention>, AppError> {
    serve(async |app, actor| policies::naming(app, actor, subject).await).await
}

//! What the protocol asks of a server: who it is, which tools there are, and one of them to be run. A tool that does not come about says
//! why in words for the person, so that the agent can mend its call or tell them.

use std::sync::Arc;

use axum::http::request::Parts;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool as Described,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use super::tools::Tool;
use crate::domain::access::Principal;
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::context::{BrokenOff, CurrentPrincipal, TraceId, refused};
use crate::web::api;
use crate::web::graph::Fault;
use crate::web::state::AppState;

const ABOUT: &str = "Finds access packages and asks for them in the name of the signed-in person. To request one: find_packages, then \
                     package_details for what is asked, then would_this_work with the answers, and request_package once the person agrees. \
                     follow_request tells how far it is. Approvers decide elsewhere; no tool does.";

/// One call's server; nothing is kept between two.
#[derive(Clone)]
pub(super) struct Server {
    state: Arc<AppState>,
}

impl Server {
    pub fn new(state: Arc<AppState>) -> Self {
        Self { state }
    }

    async fn run(&self, tool: Tool, actor: &Principal, arguments: &serde_json::Value) -> Result<serde_json::Value, Fault> {
        let run = |broken_off: BrokenOff| async move {
            let result = tool.run(&self.state.app, actor, arguments.clone()).await;
            broken_off.note(result.as_ref().is_err_and(Fault::is_transient));
            result
        };
        api::until_settled(&self.state.app, run).await
    }

    async fn failed(&self, tool: Tool, actor: &Principal, fault: &Fault, trace: &str) -> CallToolResult {
        if let Some(refusal) = &fault.refusal {
            refused(&self.state.app, actor, &format!("{}/{}", paths::MCP, tool.as_str()), refusal).await;
        }
        let mut text = fault.message.to_string();
        if let Some(cause) = &fault.cause {
            tracing::error!(trace_id = trace, error = &**cause as &dyn std::error::Error, "a tool failed");
            text = format!("Something went wrong on the server. Try again; if it stays, tell an administrator this number: {trace}");
        }
        if fault.details.len() > 1 {
            text = "Some arguments cannot be taken.".to_owned();
            for detail in &fault.details {
                text = format!("{text}\n{}: {}", detail.target, detail.message);
            }
        }
        CallToolResult::error(vec![ContentBlock::text(text)])
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let who =
            Implementation::new("woodgate", env!("CARGO_PKG_VERSION")).with_title(format!("Woodgate, {}", self.state.app.site.tenant));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(who)
            .with_instructions(ABOUT)
    }

    fn get_tool(&self, name: &str) -> Option<Described> {
        name.parse::<Tool>().ok().map(Tool::described)
    }

    async fn list_tools(&self, _: Option<PaginatedRequestParams>, _: RequestContext<RoleServer>) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(
            Tool::ALL.iter().map(|tool| tool.described()).collect(),
        ))
    }

    async fn call_tool(&self, call: CallToolRequestParams, context: RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
        let tool: Tool = call.name.parse().map_err(|_| {
            let names: Vec<&str> = Tool::ALL.iter().map(|tool| tool.as_str()).collect();
            ErrorData::invalid_params(format!("There is no such tool. There are {}.", names.join(", ")), None)
        })?;
        let extensions = context.extensions.get::<Parts>().map(|parts| &parts.extensions);
        let actor = extensions.and_then(|extensions| extensions.get::<CurrentPrincipal>()?.0.clone());
        let actor = actor.ok_or_else(|| ErrorData::internal_error("Nobody is known by this call.", None))?;
        let trace = extensions
            .and_then(|extensions| extensions.get::<TraceId>().cloned())
            .unwrap_or_default()
            .0;
        let arguments = serde_json::Value::Object(call.arguments.unwrap_or_default());
        Ok(match self.run(tool, &actor, &arguments).await {
            Ok(found) => CallToolResult::structured(found).into(),
            Err(fault) => self.failed(tool, &actor, &fault, &trace).await.into(),
        })
    }
}

//! The tools: the name, the description and the schema of each, and the use case that it is. All are about the signed-in person alone. Here
//! stands everything that an agent can do; what is not here, it cannot.

use rmcp::handler::server::tool::schema_for_type;
use rmcp::model::{Tool as Described, ToolAnnotations};
use serde_json::{Value, json};

use super::input::{AskForPackage, DescribePackage, FindPackages, FollowRequest, HeldState, ListAccess, ListRequests, page, read, short};
use super::shown;
use crate::domain::access::Principal;
use crate::domain::offer::{OfferQuery, OfferTab};
use crate::domain::text::{StringEnum, string_enum};
use crate::service::{App, my_access};
use crate::web::graph::Fault;

/// The arguments of a request by the names that the domain's form has for them.
const NAMES: &[(&str, &str)] = &[("asked_from", "from"), ("asked_until", "until"), ("target", "for_user")];

string_enum! {
    /// Everything that an agent can do.
    Tool {
        /// Packages that can be asked for.
        FindPackages = "find_packages",
        /// One package, and what asking for it takes.
        PackageDetails = "package_details",
        /// What the person has, or had.
        MyAccess = "my_access",
        /// What the person has asked for.
        MyRequests = "my_requests",
        /// What would become of a request.
        WouldThisWork = "would_this_work",
        /// Files a request.
        RequestPackage = "request_package",
        /// How far a request is.
        FollowRequest = "follow_request",
    }
}

impl Tool {
    fn title(self) -> &'static str {
        match self {
            Self::FindPackages => "Find packages",
            Self::PackageDetails => "Package details",
            Self::MyAccess => "My access",
            Self::MyRequests => "My requests",
            Self::WouldThisWork => "Would this work?",
            Self::RequestPackage => "Request a package",
            Self::FollowRequest => "Follow a request",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::FindPackages => "Lists access packages that the person may ask for, with what each gives and how long it lasts.",
            Self::PackageDetails => {
                "Tells one package: what it gives, whether it can be requested, the policies to choose among, and the questions, the \
                 justification and the dates that a request for it takes."
            }
            Self::MyAccess => "Lists the packages that the person has, or had, with when access began and ends.",
            Self::MyRequests => "Lists the person's requests, the newest first, with where each stands.",
            Self::WouldThisWork => {
                "Tells what would become of a request by the decision that a real one meets: whether it would be taken, what is missing, \
                 who would be asked to approve, and until when access would last. Nothing is written."
            }
            Self::RequestPackage => {
                "Files a request for a package in the person's name. Ask the person before, with what would_this_work told. A second \
                 request for the same package is refused while one is open."
            }
            Self::FollowRequest => "Tells one request of the person: where it stands, its approval stages, and what happened, in order.",
        }
    }

    /// As agents are told of it.
    pub fn described(self) -> Described {
        let schema = match self {
            Self::FindPackages => schema_for_type::<FindPackages>(),
            Self::PackageDetails => schema_for_type::<DescribePackage>(),
            Self::MyAccess => schema_for_type::<ListAccess>(),
            Self::MyRequests => schema_for_type::<ListRequests>(),
            Self::WouldThisWork | Self::RequestPackage => schema_for_type::<AskForPackage>(),
            Self::FollowRequest => schema_for_type::<FollowRequest>(),
        };
        let reads = self != Self::RequestPackage;
        let hints = ToolAnnotations::with_title(self.title())
            .read_only(reads)
            .destructive(false)
            .idempotent(reads)
            .open_world(false);
        Described::new(self.as_str(), self.about(), schema)
            .with_title(self.title())
            .with_annotations(hints)
    }

    /// Runs it for somebody.
    pub async fn run(self, app: &App, actor: &Principal, arguments: Value) -> Result<Value, Fault> {
        match self {
            Self::FindPackages => {
                let asked: FindPackages = read(arguments)?;
                let tab = if asked.suggested {
                    OfferTab::Suggested
                } else {
                    OfferTab::Available
                };
                offers(app, actor, tab, asked.search, asked.after).await
            }
            Self::PackageDetails => {
                let asked: DescribePackage = read(arguments)?;
                let language = short("language", asked.language.clone())?;
                let pane = my_access::request_pane(app, actor, &asked.query(), &language).await?;
                Ok(shown::pane(&pane, &app.site.public_url))
            }
            Self::MyAccess => {
                let asked: ListAccess = read(arguments)?;
                let tab = match asked.state {
                    None | Some(HeldState::Active) => OfferTab::Active,
                    Some(HeldState::Expired) => OfferTab::Expired,
                };
                offers(app, actor, tab, asked.search, asked.after).await
            }
            Self::MyRequests => {
                let asked: ListRequests = read(arguments)?;
                let found = my_access::requests(app, actor, &page(asked.after)?).await?;
                Ok(shown::page(&found, "requests", |item| shown::request(item, &app.site.public_url)))
            }
            Self::WouldThisWork => {
                let form = read::<AskForPackage>(arguments)?.form();
                let assessment = my_access::would_it_work(app, actor, &form).await.map_err(renamed)?;
                Ok(shown::assessment(&assessment, NAMES))
            }
            Self::RequestPackage => {
                let form = read::<AskForPackage>(arguments)?.form();
                let request = my_access::submit(app, actor, &form).await.map_err(renamed)?;
                // It is filed, whether or not it can be read back at once.
                Ok(match my_access::request(app, actor, request).await {
                    Ok(own) => shown::own_request(&own, &app.site.public_url),
                    Err(_) => json!({ "request": request }),
                })
            }
            Self::FollowRequest => {
                let asked: FollowRequest = read(arguments)?;
                let request = my_access::request(app, actor, asked.request).await?;
                Ok(shown::own_request(&request, &app.site.public_url))
            }
        }
    }
}

async fn offers(app: &App, actor: &Principal, tab: OfferTab, search: String, after: Option<String>) -> Result<Value, Fault> {
    let query = OfferQuery {
        tab,
        search: short("search", search)?,
        page: page(after)?,
    };
    let found = my_access::offers(app, actor, &query).await?;
    Ok(shown::page(&found, "packages", |offer| shown::offer(offer, &app.site.public_url)))
}

fn renamed(error: crate::service::Error) -> Fault {
    Fault::renamed(error, NAMES)
}

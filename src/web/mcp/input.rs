//! What tools take: the types of their arguments, from which the schemas are made that agents read. Whatever is not one of them is refused
//! by its name; what is typed is checked by the same domain forms as on the pages.

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::id::{PackageId, PolicyId, QuestionId, RequestId, UserId};
use crate::domain::page::PageQuery;
use crate::domain::request::{GivenAnswer, PaneQuery, SubmitForm};
use crate::domain::text::string_enum;
use crate::web::graph::Fault;

/// Rows of a page.
const ROWS: u16 = 25;
/// The longest search or mark of a page, in characters.
const TEXT_MAX: usize = 500;

/// Reads a tool's arguments.
pub fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, Fault> {
    serde_json::from_value(arguments).map_err(|error| Fault::at("arguments", format!("The arguments cannot be taken: {error}.")))
}

/// What to look for among the packages that can be asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default, deny_unknown_fields)]
pub struct FindPackages {
    /// The beginnings of words of a name, a description or of what a package gives. Left out: every package.
    pub search: String,
    /// Only what is suggested because several people around the person have it.
    pub suggested: bool,
    /// `next` of the page before. Left out: the first page.
    pub after: Option<String>,
}

string_enum! {
    /// Access that holds, or access that is over.
    HeldState {
        /// Holds now.
        Active = "active",
        /// Is over.
        Expired = "expired",
    }
}

/// Which of the person's access to list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default, deny_unknown_fields)]
pub struct ListAccess {
    /// `active` for what holds, `expired` for what is over. Left out: what holds.
    #[schemars(with = "Option<String>", extend("enum" = ["active", "expired", null]))]
    pub state: Option<HeldState>,
    /// The beginnings of words, as in find_packages.
    pub search: String,
    /// `next` of the page before. Left out: the first page.
    pub after: Option<String>,
}

/// Which of the person's requests to list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default, deny_unknown_fields)]
pub struct ListRequests {
    /// `next` of the page before. Left out: the newest ones.
    pub after: Option<String>,
}

/// Which package, under which choices.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub struct DescribePackage {
    /// The id of the package.
    #[schemars(with = "String", extend("format" = "uuid"))]
    package: PackageId,
    /// The id of the policy, where there are several to choose among.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    policy: Option<PolicyId>,
    /// The id of a person who reports to the signed-in one, if it is for them. Left out: for the signed-in person.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    for_user: Option<UserId>,
    /// The language of the questions, such as `en` or `fi-FI`.
    #[serde(default)]
    pub language: String,
}

/// An answer to a question of the policy.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
struct AnswerGiven {
    /// The id of the question, from package_details.
    #[schemars(with = "String", extend("format" = "uuid"))]
    question: QuestionId,
    /// The text, or the value of the choice.
    value: String,
}

/// A request, as it would be filed.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub struct AskForPackage {
    /// The id of the package.
    #[schemars(with = "String", extend("format" = "uuid"))]
    package: PackageId,
    /// The id of the policy, where there are several to choose among.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    policy: Option<PolicyId>,
    /// The id of a person who reports to the signed-in one, if it is for them. Left out: for the signed-in person.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    for_user: Option<UserId>,
    /// Why the access is needed, in the person's words.
    #[serde(default)]
    justification: String,
    /// Answers to the questions that package_details tells.
    #[serde(default)]
    answers: Vec<AnswerGiven>,
    /// From when access is asked for (RFC 3339), where the policy lets one say. Left out: at once.
    #[serde(default)]
    from: String,
    /// Until when (RFC 3339), where the policy lets one say. Left out: as long as the policy gives it.
    #[serde(default)]
    until: String,
    /// The language in which the questions were shown.
    #[serde(default)]
    language: String,
}

/// Which request.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub struct FollowRequest {
    /// The id of the request.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub request: RequestId,
}

impl DescribePackage {
    /// As the pane of My Access asks.
    pub fn query(&self) -> PaneQuery {
        PaneQuery {
            policy: self.policy,
            target: self.for_user,
            chosen: self.for_user.is_some(),
            ..PaneQuery::new(self.package)
        }
    }
}

impl AskForPackage {
    /// As the form of My Access is sent.
    pub fn form(self) -> SubmitForm {
        let answers = self.answers.into_iter().map(|given| GivenAnswer {
            question: given.question,
            value: given.value,
        });
        SubmitForm {
            policy: self.policy,
            target: self.for_user,
            answers: answers.collect(),
            asked_from: self.from,
            asked_until: self.until,
            language: self.language,
            ..SubmitForm::new(self.package, self.justification)
        }
    }
}

/// The page behind a mark.
pub fn page(after: Option<String>) -> Result<PageQuery, Fault> {
    Ok(PageQuery {
        after: after.map(|mark| short("after", mark)).transpose()?,
        size: ROWS,
        ..PageQuery::default()
    })
}

/// A search or a mark that is not beyond all bounds.
pub fn short(name: &str, text: String) -> Result<String, Fault> {
    if text.chars().count() > TEXT_MAX || text.contains('\0') {
        return Err(Fault::at(
            name,
            format!("{name}: at most {TEXT_MAX} characters, none of them a control character."),
        ));
    }
    Ok(text)
}

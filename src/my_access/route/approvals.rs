//! Addresses of Approvals: the list, and what its pane shows.

use crate::domain::approval::{ApprovalQuery, ApprovalTab};
use crate::domain::id::{DelegationId, RequestId};
use crate::domain::page::{Page, PageQuery};
use crate::domain::text::StringEnum;
use crate::paths;

/// What lies over the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ApprovalPane {
    /// One request.
    Request(RequestId),
    /// Who decides in one's place; one of the delegations is being edited.
    Delegate(Option<DelegationId>),
}

/// Reads what stands behind `paths::MY_APPROVALS`.
pub fn of(parts: &[&str], query: impl Fn(&str) -> Option<String>) -> Option<(ApprovalQuery, Option<ApprovalPane>)> {
    let pane = match parts {
        [] => None,
        ["delegate"] => Some(ApprovalPane::Delegate(query("edit").and_then(|id| id.parse().ok()))),
        [id] => Some(ApprovalPane::Request(id.parse().ok()?)),
        _ => return None,
    };
    let key = |name| query(name).filter(|key| !key.is_empty());
    let list = ApprovalQuery {
        tab: query("tab").and_then(|tab| tab.parse().ok()).unwrap_or(ApprovalTab::Pending),
        search: query("q").unwrap_or_default(),
        page: PageQuery {
            after: key("after"),
            before: key("before"),
            size: 0,
        },
    };
    Some((list, pane))
}

/// The first page of a tab, under a search.
pub fn beginning(tab: ApprovalTab, search: &str) -> ApprovalQuery {
    ApprovalQuery {
        tab,
        search: search.to_owned(),
        page: PageQuery::default(),
    }
}

fn pairs(query: &ApprovalQuery) -> Vec<(&'static str, &str)> {
    let tab = if query.tab == ApprovalTab::Pending {
        ""
    } else {
        query.tab.as_str()
    };
    vec![
        ("tab", tab),
        ("q", &query.search),
        ("after", query.page.after.as_deref().unwrap_or_default()),
        ("before", query.page.before.as_deref().unwrap_or_default()),
    ]
}

/// The list.
pub fn href(query: &ApprovalQuery) -> String {
    paths::with_query(paths::MY_APPROVALS, &pairs(query))
}

/// One request over it.
pub fn request_href(id: RequestId, query: &ApprovalQuery) -> String {
    paths::with_query(&paths::my_approval(id), &pairs(query))
}

/// A delegation being edited.
pub fn edit_href(id: DelegationId) -> String {
    paths::with_query(paths::MY_DELEGATIONS, &[("edit", &id.to_string())])
}

/// The pages before and after `page`.
pub fn pager<T>(query: &ApprovalQuery, page: &Page<T>) -> (Option<String>, Option<String>) {
    let to = |after: Option<String>, before: Option<String>| {
        let page = PageQuery { after, before, size: 0 };
        href(&ApprovalQuery { page, ..query.clone() })
    };
    (
        page.previous.clone().map(|key| to(None, Some(key))),
        page.next.clone().map(|key| to(Some(key), None)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-0000-0000-000000000007";

    #[test]
    fn f144_addresses_lead_back_to_the_list() {
        let query = |name: &str| match name {
            "tab" => Some("history".to_owned()),
            "q" => Some("oak".to_owned()),
            "after" => Some("k".to_owned()),
            _ => None,
        };
        let (list, pane) = of(&[ID], query).expect("a place");
        assert_eq!(pane, Some(ApprovalPane::Request(ID.parse().expect("an id"))));
        assert_eq!(href(&list), "/my-access/approvals?tab=history&q=oak&after=k");
        let (list, pane) = of(&["delegate"], |name| (name == "edit").then(|| ID.to_owned())).expect("a place");
        assert_eq!(pane, Some(ApprovalPane::Delegate(Some(ID.parse().expect("an id")))));
        assert_eq!(href(&list), "/my-access/approvals");
        assert!(of(&["nonsense"], |_| None).is_none() && of(&[ID, "x"], |_| None).is_none());
    }
}

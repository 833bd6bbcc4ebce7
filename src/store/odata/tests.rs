//! What filters become, and that keys of another order are refused.

use super::compile::condition;
use super::*;
use crate::domain::odata::parse_filter;

fn split(text: &str) -> Option<Vec<Arg>> {
    let (name, id) = text.split_once('_')?;
    Some(vec![name.into(), id.into()])
}

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("displayName", "c.name_folded", Kind::Folded).sorting(),
        Property::new("id", "c.id", Kind::Id),
        Property::new("state", "c.enabled", Kind::Switch(&[("published", true), ("unpublished", false)])),
        Property::new("createdDateTime", "c.created_at", Kind::Time).sorting(),
        Property::new("manager/id", "c.manager_id", Kind::Id).optional(),
        Property::new("originId", "(r.name = ? AND r.id = ?)", Kind::Parts(split)),
        Property::new("jobTitle", "u.job_title", Kind::Text),
        Property::new("groupTypes", "", Kind::Among(&[("Unified", "c.kind = 'microsoft365'")])),
    ],
    pairs: &[],
    id: "c.id",
};

fn sql(filter: &str) -> String {
    let filter = parse_filter(filter).expect("a filter");
    condition(&filter, &PROPERTIES).map_or_else(|fault| fault.to_string(), |condition| condition.text)
}

#[test]
fn f173_a_filter_becomes_a_condition_with_bound_values() {
    let known = [
        ("displayName eq 'General'", "c.name_folded = ?"),
        ("DISPLAYNAME ne 'x'", "NOT (c.name_folded = ?)"),
        ("not (state eq 'Published')", "NOT (c.enabled = ?)"),
        (
            "contains(displayName,'50%') or id eq 'no id'",
            "(c.name_folded LIKE ? ESCAPE '\\' OR 1 = 0)",
        ),
        (
            "manager/id ne '00000000-0000-0000-0000-000000000001'",
            "NOT ((c.manager_id IS NOT NULL AND c.manager_id = ?))",
        ),
        ("manager/id eq null", "c.manager_id IS NULL"),
        ("jobTitle eq 'Écrivain'", "(u.job_title = ? OR lower(u.job_title) = ?)"),
        ("displayName in ('a','b')", "(c.name_folded = ? OR c.name_folded = ?)"),
        (
            "originId eq 'Member_7' and createdDateTime lt 2026-01-01T00:00:00Z",
            "((r.name = ? AND r.id = ?) AND c.created_at < ?)",
        ),
        ("groupTypes/any(c:c eq 'unified')", "c.kind = 'microsoft365'"),
    ];
    for (filter, expected) in known {
        assert_eq!(sql(filter), expected, "{filter}");
    }
}

#[test]
fn f173_what_cannot_be_compared_is_named() {
    assert_eq!(
        sql("size eq 1"),
        "$filter: size cannot be used here; known are displayName, id, state, createdDateTime, manager/id, originId, jobTitle, groupTypes."
    );
    assert_eq!(sql("state eq 'gone'"), "$filter: state takes one of published, unpublished.");
    assert_eq!(
        sql("createdDateTime gt 'soon'"),
        "$filter: createdDateTime takes a time such as 2026-01-31T00:00:00Z."
    );
    assert_eq!(sql("id gt 'x'"), "$filter: id takes eq, ne and in, and no order.");
    assert_eq!(sql("contains(id,'x')"), "$filter: id takes no part of a text.");
    assert_eq!(sql("displayName eq true"), "$filter: displayName takes a text in single quotes.");
}

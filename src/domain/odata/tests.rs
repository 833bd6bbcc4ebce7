//! What filters, options and values mean, and that whatever is sent is answered by a value or a fault.

use proptest::prelude::*;

use super::scalar::{duration, instant, reference, write_duration};
use super::*;

fn filter(text: &str) -> Filter {
    parse_filter(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn equal(path: &str, value: Literal) -> Filter {
    Filter::Compare {
        path: path.into(),
        compare: Compare::Equal,
        value,
    }
}

fn text(value: &str) -> Literal {
    Literal::Text(value.into())
}

#[test]
fn f173_keywords_are_whole_words() {
    assert_eq!(filter("originId eq 'a'"), equal("originId", text("a")));
    assert_eq!(filter("notes eq 'it''s'"), equal("notes", text("it's")));
    assert_eq!(filter("not notes eq null"), Filter::Not(Box::new(equal("notes", Literal::Null))));
    assert_eq!(filter("not eq 'x'"), equal("not", text("x")));
}

#[test]
fn f173_and_binds_more_than_or_and_brackets_more_than_both() {
    let (a, b, c) = (
        equal("a", Literal::Bare("1".into())),
        equal("b", Literal::Bool(true)),
        equal("c", text("")),
    );
    assert_eq!(
        filter("a eq 1 or b and c eq ''"),
        Filter::Or(Box::new(a.clone()), Box::new(Filter::And(Box::new(b.clone()), Box::new(c.clone()))))
    );
    assert_eq!(
        filter("(a eq 1 OR b eq TRUE) AND c eq ''"),
        Filter::And(Box::new(Filter::Or(Box::new(a), Box::new(b))), Box::new(c))
    );
}

#[test]
fn f173_what_real_callers_send_is_read() {
    assert_eq!(
        filter("contains(tolower(displayName),'team')"),
        Filter::Matches {
            path: "displayName".into(),
            part: TextMatch::Contains,
            value: "team".into()
        }
    );
    assert_eq!(
        filter("groupTypes/any(c:c eq 'Unified')"),
        Filter::AnyEqual {
            path: "groupTypes".into(),
            value: text("Unified")
        }
    );
    assert!(matches!(filter("startswith(displayName,'a') eq false"), Filter::Not(_)));
    assert!(matches!(filter("id in ('a','b')"), Filter::In { values, .. } if values.len() == 2));
    assert_eq!(
        filter("createdDateTime ge 2026-01-01T00:00:00+01:00"),
        Filter::Compare {
            path: "createdDateTime".into(),
            compare: Compare::GreaterOrEqual,
            value: Literal::Bare("2026-01-01T00:00:00+01:00".into())
        }
    );
    filter("(originSystem eq 'AadGroup' and displayName eq 'Member' and resource/id eq 'x')");
}

#[test]
fn f173_a_fault_says_where_and_what() {
    let fault = |text: &str| parse_filter(text).expect_err(text).to_string();
    assert!(fault("displayName eq 'x").starts_with("$filter, character 16: This text has no closing quote"));
    assert!(fault("displayName is 'x'").contains("character 13: Expected eq"));
    assert!(fault("a eq 1 b").contains("character 8: Expected and, or, or the end"));
    assert!(fault("").contains("Expected the name of a property"));
    assert!(fault(&"(".repeat(500)).contains("deep at the most"));
    assert!(fault(&vec!["a eq 1"; 100].join(" or ")).contains("comparisons"));
}

#[test]
fn f173_options_are_read_in_any_case_with_and_without_the_dollar() {
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> { pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect() };
    let options = QueryOptions::parse(&pairs(&[
        ("$Top", "5"),
        ("count", "true"),
        ("$expand", "resourceRoleScopes($expand=role,scope;$select=id),catalog"),
        ("$orderby", "displayName desc"),
        ("$search", "\"displayName:sales team\" AND west"),
        ("other", "x"),
    ]))
    .expect("options");
    assert_eq!(options.list.top, Some(5));
    assert!(options.list.count);
    assert_eq!(options.list.search.as_deref(), Some("sales team west"));
    let inner = options.expanded("resourcerolescopes").expect("expanded");
    assert_eq!((inner.expand.len(), inner.select.len()), (2, 1));
    assert!(options.expanded("catalog").is_some());
    for wrong in [
        ("$top", "-1"),
        ("$apply", "x"),
        ("$expand", "a(b"),
        ("$orderby", "a sideways"),
        ("$skip", "99999"),
        ("$search", "a OR b"),
    ] {
        assert!(QueryOptions::parse(&pairs(&[wrong])).is_err(), "{wrong:?}");
    }
    assert!(QueryOptions::parse(&pairs(&[("$top", "1"), ("top", "2")])).is_err());
}

#[test]
fn f173_durations_are_read_as_iso_and_as_python_prints_them() {
    let seconds = |text: &str| duration(text).map(|duration| duration.num_seconds());
    assert_eq!(seconds("P30D"), Some(30 * 86_400));
    assert_eq!(seconds("30 days, 0:00:00"), Some(30 * 86_400));
    assert_eq!(seconds("1 day, 2:03:04"), Some(86_400 + 7_384));
    assert_eq!(seconds("2:03:04"), Some(7_384));
    assert_eq!(seconds("PT0S"), Some(0));
    assert_eq!(seconds("P1W"), Some(7 * 86_400));
    for wrong in ["", "P", "PT", "P1M", "30", "x days, 0:00:00", "1:99:00", "P1.5D", "PT1S2H"] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
    assert_eq!(write_duration(chrono::Duration::days(30)), "P30D");
    assert_eq!(write_duration(chrono::Duration::zero()), "PT0S");
    assert_eq!(write_duration(chrono::Duration::minutes(90)), "PT1H30M");
}

#[test]
fn f173_times_and_references_are_read_however_they_are_written() {
    assert_eq!(
        instant("2026-01-02T03:04:05.1234567+00:00"),
        instant("2026-01-02T03:04:05.1234567Z")
    );
    assert!(instant("2026-01-02").is_some() && instant("yesterday").is_none());
    for written in [
        "https://graph.microsoft.com/v1.0/groups/7",
        "groups/7",
        "https://host/v1.0/groups('7')",
        "7",
        "/groups/7/?x=1",
    ] {
        assert_eq!(reference(written), Some("7"), "{written}");
    }
    assert_eq!(reference("https://host/groups()"), None);
}

proptest! {
    #[test]
    fn f173_whatever_is_sent_as_a_filter_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = parse_filter(&text);
        let _ = parse_search(&text);
    }

    #[test]
    fn f173_filters_near_the_grammar_are_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "(", ")", "and", "or", "not", "eq", "in", "a", "b/c", "'x'", "null", "1", ",", "any(", "c:c", "contains(", "tolower(", " ",
        ]), 0..20)
    ) {
        let _ = parse_filter(&words.join(" "));
    }

    #[test]
    fn f173_options_of_any_kind_are_read_or_refused(name in "\\$?[a-z]{0,10}", value in "\\PC{0,60}") {
        let _ = QueryOptions::parse(&[(name, value.clone())]);
        let _ = QueryOptions::parse(&[("$expand".into(), value)]);
    }

    #[test]
    fn f173_a_duration_comes_back_as_it_was_written(millis in -4_000_000_000_000_i64..4_000_000_000_000) {
        let one = chrono::Duration::milliseconds(millis);
        prop_assert_eq!(duration(&write_duration(one)), Some(one));
    }
}

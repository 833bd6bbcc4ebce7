//! The path of a call, taken apart as clients write it: any case, doubled and trailing slashes, keys and arguments in brackets with and
//! without commas, older names of the same things. What comes out is compared with the table of routes.

use percent_encoding::percent_decode_str;

/// Names that the beta has for what is called otherwise now; published texts use them under both versions.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("accessPackageCatalogs", "catalogs"),
    ("accessPackageResources", "resources"),
    ("accessPackageResourceRoles", "resourceRoles"),
    ("accessPackageResourceScopes", "resourceScopes"),
    ("accessPackageResourceRoleScopes", "resourceRoleScopes"),
    ("accessPackageResourceRequests", "resourceRequests"),
    ("accessPackageResourceEnvironments", "resourceEnvironments"),
    ("accessPackageAssignmentPolicies", "assignmentPolicies"),
    ("accessPackageAssignmentRequests", "assignmentRequests"),
    ("accessPackageAssignments", "assignments"),
];

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The name, or a key.
    pub text: String,
    /// The arguments of a function by their names in lower case; none where nothing is called.
    pub arguments: Option<Vec<(String, String)>>,
}

impl Segment {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            arguments: None,
        }
    }
}

/// The parts of a path behind its version.
pub fn segments(path: &str) -> Vec<Segment> {
    let mut found = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let part = percent_decode_str(part).decode_utf8_lossy();
        let part = part.strip_prefix("microsoft.graph.").map_or(part.to_string(), in_namespace);
        match part.split_once('(').and_then(|(name, rest)| Some((name, rest.strip_suffix(')')?))) {
            Some((name, inner)) => match arguments(inner) {
                Some(arguments) => found.push(Segment {
                    text: canonical(name).to_owned(),
                    arguments: Some(arguments),
                }),
                None => {
                    found.push(Segment::plain(canonical(name)));
                    found.push(Segment::plain(inner.trim().trim_matches('\'')));
                }
            },
            None => found.push(Segment::plain(canonical(&part))),
        }
    }
    if found
        .iter()
        .any(|segment| segment.text.eq_ignore_ascii_case("accessPackageAssignmentApprovals"))
    {
        for segment in found.iter_mut().filter(|segment| segment.text.eq_ignore_ascii_case("steps")) {
            segment.text = "stages".into();
        }
    }
    found
}

/// A type is written with its namespace, a function without.
fn in_namespace(name: &str) -> String {
    let function = name.contains('(')
        || matches!(
            name.to_ascii_lowercase().as_str(),
            "refresh" | "cancel" | "reprocess" | "resume" | "restore"
        );
    if function { name.to_owned() } else { format!("graph.{name}") }
}

fn canonical(name: &str) -> &str {
    let found = OTHER_NAMES.iter().find(|(other, _)| name.eq_ignore_ascii_case(other));
    found.map_or(name, |(_, name)| name)
}

/// `on='target'` or `a='x',b='y'`, with the comma or without. None for a key, which has no name.
fn arguments(inner: &str) -> Option<Vec<(String, String)>> {
    let mut rest = inner.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (name, behind) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let behind = behind.trim_start();
        let (value, left) = match behind.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'')?,
            None => behind.split_once(',').unwrap_or((behind, "")),
        };
        found.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        rest = left.trim_start_matches([',', ' ']);
    }
    Some(found)
}

/// The pairs of a query, in which a plus and `%20` both mean a blank.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// The same query for the next page: with the key of its first row, and without what only the first page needs.
pub fn next_query(query: &str, key: &str) -> String {
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
        !pair.is_empty() && !matches!(name.trim_start_matches('$'), "skiptoken" | "skip")
    });
    let token = format!("$skiptoken={key}");
    kept.chain([token.as_str()]).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str) -> String {
        let shown = |segment: Segment| match segment.arguments {
            None => segment.text,
            Some(arguments) => {
                let pairs: Vec<String> = arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{}({})", segment.text, pairs.join("&"))
            }
        };
        segments(path).into_iter().map(shown).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn f173_paths_are_read_as_clients_write_them() {
        let known = [
            ("//catalogs/", "catalogs"),
            ("catalogs('7')/resources", "catalogs/7/resources"),
            (
                "accessPackageCatalogs/7/AccessPackageResources/8/refresh",
                "catalogs/7/resources/8/refresh",
            ),
            (
                "accessPackages/filterByCurrentUser(on='allowedRequestor')",
                "accessPackages/filterByCurrentUser(on=allowedRequestor)",
            ),
            (
                "assignments/additionalAccess(accessPackageId='a'incompatibleAccessPackageId='b')",
                "assignments/additionalAccess(accesspackageid=a&incompatibleaccesspackageid=b)",
            ),
            (
                "assignments/additionalAccess(accessPackageId=%27a%27,%20incompatibleAccessPackageId='b')",
                "assignments/additionalAccess(accesspackageid=a&incompatibleaccesspackageid=b)",
            ),
            ("assignments/additionalAccess()", "assignments/additionalAccess()"),
            ("groups/7/members/microsoft.graph.user", "groups/7/members/graph.user"),
            (
                "assignments/microsoft.graph.filterByCurrentUser(on='target')",
                "assignments/filterByCurrentUser(on=target)",
            ),
            (
                "accessPackageAssignmentApprovals/7/steps",
                "accessPackageAssignmentApprovals/7/stages",
            ),
            ("subjects(objectId='7')", "subjects(objectid=7)"),
        ];
        for (path, expected) in known {
            assert_eq!(shown(path), expected, "{path}");
        }
    }

    #[test]
    fn f173_a_query_goes_on_without_what_only_the_first_page_needs() {
        assert_eq!(
            next_query("$filter=a%20eq%201&$skip=2&%24skiptoken=x&$top=1", "k"),
            "$filter=a%20eq%201&$top=1&$skiptoken=k"
        );
        assert_eq!(pairs("a=b+c%2Bd&e"), [("a".into(), "b c+d".into()), ("e".into(), String::new())]);
    }
}

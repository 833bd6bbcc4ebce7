//! Whether somebody decides about a request at all.

use super::RequestKind;
use crate::domain::policy::PolicyTerms;

/// Whether requests of this kind wait for a decision under these terms, if any stage counts for them (F083).
pub fn needs_approval(terms: &PolicyTerms, kind: RequestKind) -> bool {
    let approval = &terms.approval;
    match kind {
        RequestKind::UserAdd | RequestKind::OnBehalfAdd => approval.required_for_add,
        RequestKind::UserExtend => approval.required_for_update && terms.lifecycle.extension_approval,
        RequestKind::UserUpdate => approval.required_for_update,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f083_an_extension_waits_only_where_both_terms_say_so() {
        let mut terms = PolicyTerms::default();
        terms.approval.required_for_add = true;
        assert!(needs_approval(&terms, RequestKind::UserAdd) && needs_approval(&terms, RequestKind::OnBehalfAdd));
        assert!(!needs_approval(&terms, RequestKind::UserExtend) && !needs_approval(&terms, RequestKind::UserRemove));
        terms.approval.required_for_update = true;
        assert!(!needs_approval(&terms, RequestKind::UserExtend));
        terms.lifecycle.extension_approval = true;
        assert!(needs_approval(&terms, RequestKind::UserExtend) && !needs_approval(&terms, RequestKind::AdminAdd));
    }
}

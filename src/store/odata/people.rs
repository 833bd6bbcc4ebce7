//! People as the API tells of them where they have a part in something.

use crate::args;
use crate::domain::id::UserId;
use crate::domain::user::PersonRecord;
use crate::row;

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};

row!(PersonRecord {
    id: id,
    name,
    user_name,
    mail,
    kind: word,
    governed
});

fn records() -> List {
    List::new("u.id, u.name, u.user_name, u.mail, u.kind, u.governed", "users u")
}

/// These people, deleted ones included; where `with` is named only themselves and those who have a part in one of the same requests.
pub async fn by_ids(tx: &mut Tx, ids: &[UserId], with: Option<UserId>) -> Result<Vec<PersonRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.in_list("u.id", ids.iter().copied().map(Arg::from).collect());
    if let Some(me) = with {
        list.filter(
            "(u.id = ? OR u.id IN (SELECT q.target_id FROM requests q WHERE q.target_id = ? OR q.requestor_id = ?
                    OR q.id IN (SELECT a.request_id FROM approvers a WHERE a.user_id = ? AND (a.state = 'open' OR a.settled_at IS NOT NULL)))
                OR u.id IN (SELECT q.requestor_id FROM requests q WHERE q.target_id = ? OR q.requestor_id = ?
                    OR q.id IN (SELECT a.request_id FROM approvers a WHERE a.user_id = ? AND (a.state = 'open' OR a.settled_at IS NOT NULL))))",
            args![me, me, me, me, me, me, me],
        );
    }
    list.all(tx, "").await
}

/// The people with this address, as it is written or in small letters, who are not deleted; two at the most.
pub async fn by_mail(tx: &mut Tx, mail: &str) -> Result<Vec<PersonRecord>, StoreError> {
    let mut list = records();
    list.filter("u.deleted_at IS NULL AND u.mail <> ''", Vec::new());
    let mail = mail.trim();
    list.filter("u.mail IN (?, ?)", args![mail, mail.to_lowercase()]);
    list.all(tx, "ORDER BY u.id LIMIT 2").await
}

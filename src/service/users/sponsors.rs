//! Who vouches for a person: said on their profile, asked where a policy has sponsors decide (F092).

use crate::domain::access::Refusal;
use crate::domain::audit::Change;
use crate::domain::id::{Named, UserId};
use crate::domain::user::UserProfile;
use crate::domain::validate::Code;
use crate::store::approvals::people;
use crate::store::{StoreError, Tx, users};

use super::super::Error;

/// The sponsors of a person who are there, by name.
pub(super) async fn of(tx: &mut Tx, user: UserId) -> Result<Vec<Named<UserId>>, StoreError> {
    let ids = people::sponsors(tx, user).await?;
    Ok(present(tx, &ids).await?.0)
}

/// Those of these who are there, by name; and those who were deleted.
async fn present(tx: &mut Tx, ids: &[UserId]) -> Result<(Vec<Named<UserId>>, Vec<UserId>), StoreError> {
    let (there, deleted): (Vec<_>, Vec<_>) = users::by_ids(tx, ids)
        .await?
        .into_iter()
        .partition(|user| user.deleted_at.is_none());
    let mut named: Vec<Named<UserId>> = there.into_iter().map(|user| Named::new(user.id, user.name)).collect();
    named.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok((named, deleted.into_iter().map(|user| user.id).collect()))
}

/// Who is to vouch for somebody from now on, as it will be stored, and what the trail says of it; nothing where it stays as it was. One who
/// was deleted is not shown, and is there again when restored.
pub(super) async fn changed(tx: &mut Tx, user: UserId, profile: &UserProfile) -> Result<Option<(Vec<UserId>, Change)>, Error> {
    let Some(wanted) = &profile.sponsors else { return Ok(None) };
    if wanted.contains(&user) {
        let reason = format!("{} can't be their own sponsor. Choose someone else.", profile.name.text);
        return Err(Refusal::new("own-sponsor", reason).into());
    }
    let before = people::sponsors(tx, user).await?;
    let (old, deleted) = present(tx, &before).await?;
    let (new, _) = present(tx, wanted).await?;
    if new.len() != wanted.len() {
        return Err(Error::field("sponsors", Code::Gone));
    }
    if new == old {
        return Ok(None);
    }
    let names = |people: &[Named<UserId>]| people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ");
    let (was, mut is) = (names(&old), names(&new));
    if was == is {
        is.push_str(" (other people of these names)");
    }
    let kept = wanted.iter().copied().chain(deleted).collect();
    Ok(Change::between("Sponsors", was, is).map(|change| (kept, change)))
}

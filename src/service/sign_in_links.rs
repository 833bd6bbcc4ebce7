//! Sign-in links: an account without a password is sent one by mail, and its owner chooses a password with it, once. The link is signed
//! when the mail is made, so it stands in no row; a newer one, a password by another way, and seven days end it.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::domain::access::{Authorized, ManageUsers, Principal, Scope};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{SignInLinkId, UserId};
use crate::domain::outbox::{OutboxKind, SIGN_IN_LINK};
use crate::domain::password::FirstPasswordForm;
use crate::domain::text::fold;
use crate::domain::user::may_send_sign_in_link;
use crate::domain::validate::Code;
use crate::store::outbox::{self, NewMessage};
use crate::store::sign_in_links as store;
use crate::store::users::{self, Account};
use crate::store::{StoreError, Tx, accounts, principals};

use super::accounts::Proven;
use super::audit::{Entry, changed};
use super::passwords::is_guessable;
use super::{App, Error, links};

/// How long a link serves.
const LASTS: Duration = Duration::days(7);

/// Sends an account without a password a link by which its owner chooses one; an earlier link serves no more.
pub async fn send(app: &App, actor: &Principal, id: UserId, version: i64) -> Result<(), Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let account = users::find(&mut tx, id)
        .await?
        .filter(|account| account.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    if account.version != version {
        return Err(changed(&mut tx, id, &account.name).await);
    }
    let granted = actor.authorize_account(account.highest_role)?;
    may_send_sign_in_link(&account.name, account.has_password, account.enabled, &account.mail)?;
    send_in(app, &mut tx, &granted, &account, now).await?;
    tx.commit().await?;
    app.wake.wake_mail();
    Ok(())
}

/// The same for an account that may be sent one, in a transaction of others.
pub(super) async fn send_in(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageUsers>,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = SignInLinkId(app.ids.id(now));
    store::insert(tx, id, account.id, now, now + LASTS).await?;
    let mail = NewMessage {
        kind: OutboxKind::Mail,
        key: format!("sign-in link {id}"),
        recipient: Some(account.id),
        about: SIGN_IN_LINK,
        payload: json!({ SIGN_IN_LINK: id }),
        run_at: now,
    };
    outbox::enqueue(tx, app.ids.id(now), now, mail);
    Entry::by_principal(
        granted,
        Activity::SendSignInLink,
        Target::new("user", account.id, account.name.as_str()),
    )
    .write(app, tx)
}

/// For whom a link opens the page on which a password is chosen: their sign-in name.
pub async fn open(app: &App, token: &str) -> Result<String, Error> {
    let mut tx = app.store.read().await?;
    let (_, link) = served(app, &mut tx, token).await?;
    Ok(link.user_name)
}

async fn served(app: &App, tx: &mut Tx, token: &str) -> Result<(SignInLinkId, store::SignInLink), Error> {
    let id = links::read_sign_in(tx, token).await?.ok_or(Error::NotFound)?;
    let found = store::find(tx, id).await?;
    let link = found.filter(|link| link.serves(app.clock.now())).ok_or(Error::NotFound)?;
    Ok((id, link))
}

/// Chooses the first password of an account by its link, which works once.
pub async fn choose_password(app: &App, token: &str, form: &FirstPasswordForm, address: &str) -> Result<Proven, Error> {
    let mut tx = app.store.read().await?;
    let (id, link) = served(app, &mut tx, token).await?;
    drop(tx);
    let names = [fold(&link.name), fold(&link.user_name)];
    let names = [names[0].as_str(), names[1].as_str()];
    let password = form.check(&names)?;
    if is_guessable(&password, &names) {
        return Err(Error::field("new", Code::TooCommon));
    }
    let hash = app.passwords.hash(password).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let user = link.user_id;
    if !store::mark_used(&mut tx, id, now).await? || !accounts::set_first_password(&mut tx, user, &hash, now).await? {
        return Err(Error::NotFound);
    }
    let actor = principals::load(&mut tx, user, now).await?.ok_or(Error::NotFound)?;
    let actor = Principal {
        address: address.to_owned(),
        ..actor
    };
    Entry::by_self(&actor, Activity::ChangePassword)
        .detail("The first one, chosen by a sign-in link.")
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(Proven { user, hash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_databases;
    use crate::domain::outbox::{MailFilter, MailQuery};
    use crate::domain::page::PageQuery;
    use crate::domain::user::{DirectoryRole, UserForm};
    use crate::service::{mails, users as user_service};
    use crate::testing::{TestApp, actor, sent_mails};

    both_databases!(f003_an_account_without_a_password_is_sent_a_link_that_works_once);

    fn form(password: &str) -> FirstPasswordForm {
        FirstPasswordForm {
            new: password.into(),
            again: password.into(),
        }
    }

    /// An account as an import makes it.
    async fn imported(app: &App, admin: &Principal, name: &str, mail: &str) -> UserId {
        let form = UserForm {
            name: name.into(),
            user_name: name.to_lowercase(),
            mail: mail.into(),
            ..UserForm::default()
        };
        let now = app.clock.now();
        let mut tx = app.store.write().await.expect("tx");
        let id = user_service::create_without_password(app, &mut tx, admin, &form, now)
            .await
            .expect("an account");
        tx.commit().await.expect("commit");
        id
    }

    /// The token of the one mail that is sent now.
    async fn token(app: &App) -> String {
        let sent = sent_mails(app).await;
        assert_eq!(sent.len(), 1);
        let link = sent[0].mail.text.split("/sign-in-link/").nth(1).expect("a link");
        link.chars().take_while(char::is_ascii_hexdigit).collect()
    }

    async fn f003_an_account_without_a_password_is_sent_a_link_that_works_once(bench: TestApp) {
        let app = &bench.app;
        let admin = actor(DirectoryRole::GlobalAdministrator);
        let ada = imported(app, &admin, "Ada", "ada@bank.example").await;
        let mute = imported(app, &admin, "Mute", "").await;
        let shown = user_service::get(app, &admin, ada).await.expect("a user");
        assert!(!shown.item.has_password && shown.abilities.send_link.is_allowed());
        assert!(matches!(send(app, &admin, mute, 1).await, Err(Error::Refused(_))), "no address");
        assert!(matches!(
            send(app, &actor(DirectoryRole::User), ada, 1).await,
            Err(Error::Refused(_))
        ));

        // A newer link takes the place of an older one.
        send(app, &admin, ada, 1).await.expect("sent");
        let first = token(app).await;
        assert_eq!(open(app, &first).await.expect("open"), "ada");
        send(app, &admin, ada, 1).await.expect("sent");
        let second = token(app).await;
        assert!(matches!(open(app, &first).await, Err(Error::NotFound)));
        let altered = format!("{}{}", &second[..second.len() - 1], if second.ends_with('0') { "1" } else { "0" });
        assert!(matches!(open(app, &altered).await, Err(Error::NotFound)));

        // Whoever reads the mails in the admin area sees no link that works.
        let query = MailQuery {
            filter: MailFilter::All,
            page: PageQuery::default(),
        };
        let listed = mails::list(app, &admin, &query).await.expect("mails").items;
        let read = mails::get(app, &admin, listed[0].id).await.expect("a mail");
        assert!(
            read.text.contains("/sign-in-link/…") && !read.text.contains(&second),
            "{}",
            read.text
        );

        let weak = choose_password(app, &second, &form("password1234"), "::1").await;
        assert!(matches!(weak, Err(Error::Invalid(_))));
        choose_password(app, &second, &form("quiet-harbour-lantern-41"), "::1")
            .await
            .expect("a password");
        for token in [&first, &second] {
            let again = choose_password(app, token, &form("seven-quiet-otters-swim"), "::1").await;
            assert!(matches!(again, Err(Error::NotFound)));
        }
        let shown = user_service::get(app, &admin, ada).await.expect("a user");
        assert!(shown.item.has_password && !shown.abilities.send_link.is_allowed());

        // After seven days, or with a password by another way, it is over.
        let bob = imported(app, &admin, "Bob", "bob@bank.example").await;
        send(app, &admin, bob, 1).await.expect("sent");
        let late = token(app).await;
        bench.clock.advance(LASTS);
        assert!(matches!(open(app, &late).await, Err(Error::NotFound)));
        send(app, &admin, bob, 1).await.expect("sent");
        user_service::reset_password(app, &admin, bob, 1).await.expect("a password");
        assert!(sent_mails(app).await.is_empty(), "what it would tell is over");
        let mut tx = app.store.read().await.expect("tx");
        let sql = "SELECT count(*) FROM audit WHERE activity = 'send_sign_in_link'";
        assert_eq!(tx.value::<i64>(sql, Vec::new()).await.expect("a count"), 4);
    }
}

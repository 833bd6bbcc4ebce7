//! Settings of the tenant: what administrators choose for everybody, each a row under its own key, and typed here. A key that is missing
//! has its default, so nothing need be written at first. What operators set in a file is not here.

use serde::{Deserialize, Serialize};

use super::external_user::{DELETE_DAYS_MAX, ExternalUserAction, ExternalUserTerms};
use super::notification::NotificationKind;
use super::text::{StringEnum, string_enum};
use super::validate::{Checker, Code, FieldErrors};

string_enum! {
    /// Who sees what a package gives before they have it (F150).
    ResourceVisibility {
        /// Everybody who can request it.
        Everyone = "everyone",
        /// Members, not guests.
        Members = "members",
        /// Nobody.
        Nobody = "nobody",
    }
}

string_enum! {
    /// How approvers learn by mail of what waits for them.
    ApproverMails {
        /// One mail for each request.
        Each = "each",
        /// One mail a day with all of it.
        Digest = "digest",
    }
}

/// Everything that administrators set for the tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSettings {
    /// Requestors see who decides, where a policy leaves that to the tenant (F102).
    pub approver_details: bool,
    /// Who sees what a package gives (F150).
    pub resource_visibility: ResourceVisibility,
    /// My Access suggests packages that people around one have (F148).
    pub suggestions: bool,
    /// My Access opens with the Overview, not with the list of packages (F149).
    pub overview_first: bool,
    /// Mails are sent at all.
    pub mail: bool,
    /// Kinds of which no mail is sent.
    pub mail_off: Vec<NotificationKind>,
    /// How approvers learn of what waits.
    pub approver_mails: ApproverMails,
    /// The hour, in UTC, from which the daily mail is sent.
    pub digest_hour: i64,
    /// What becomes of a governed guest without access (F161).
    pub external_user_action: ExternalUserAction,
    /// Days from blocking a guest to deletion; 0 deletes at once.
    pub external_user_days: i64,
    /// For the next change.
    pub version: i64,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            approver_details: true,
            resource_visibility: ResourceVisibility::Everyone,
            suggestions: false,
            overview_first: false,
            mail: true,
            mail_off: Vec::new(),
            approver_mails: ApproverMails::Each,
            digest_hour: 6,
            external_user_action: ExternalUserAction::BlockAndDelete,
            external_user_days: 30,
            version: 0,
        }
    }
}

/// How the keys of the tenant's settings begin.
pub const PREFIX: &str = "tenant.";
const VERSION: &str = "tenant.version";

/// A row of `settings`.
type Pair = (String, String);

impl TenantSettings {
    /// From the rows whose keys begin with `PREFIX`; what cannot be read has its default.
    pub fn read(rows: &[Pair]) -> Self {
        let usual = Self::default();
        let get = |key: &str| {
            rows.iter()
                .find(|(k, _)| k.strip_prefix(PREFIX) == Some(key))
                .map(|(_, value)| value.as_str())
        };
        let flag = |key: &str, without: bool| get(key).map_or(without, |value| value == "on");
        Self {
            approver_details: flag("approver_details", usual.approver_details),
            resource_visibility: get("resource_visibility")
                .and_then(|word| word.parse().ok())
                .unwrap_or(usual.resource_visibility),
            suggestions: flag("suggestions", usual.suggestions),
            overview_first: flag("overview_first", usual.overview_first),
            mail: flag("mail", usual.mail),
            mail_off: NotificationKind::ALL
                .iter()
                .copied()
                .filter(|kind| !flag(&format!("mail.{}", kind.as_str()), true))
                .collect(),
            approver_mails: get("approver_mails")
                .and_then(|word| word.parse().ok())
                .unwrap_or(usual.approver_mails),
            digest_hour: get("digest_hour").and_then(|hour| hour.parse().ok()).unwrap_or(usual.digest_hour),
            external_user_action: get("external_user_action")
                .and_then(|word| word.parse().ok())
                .unwrap_or(usual.external_user_action),
            external_user_days: get("external_user_days")
                .and_then(|days| days.parse().ok())
                .unwrap_or(usual.external_user_days),
            version: get("version").and_then(|number| number.parse().ok()).unwrap_or(usual.version),
        }
    }

    /// The rows that say all this, but for the version.
    pub fn rows(&self) -> Vec<Pair> {
        let word = |on: bool| if on { "on" } else { "off" }.to_owned();
        let kinds = NotificationKind::ALL
            .iter()
            .map(|kind| (format!("mail.{}", kind.as_str()), word(!self.mail_off.contains(kind))));
        [
            ("approver_details".to_owned(), word(self.approver_details)),
            ("resource_visibility".to_owned(), self.resource_visibility.as_str().to_owned()),
            ("suggestions".to_owned(), word(self.suggestions)),
            ("overview_first".to_owned(), word(self.overview_first)),
            ("mail".to_owned(), word(self.mail)),
            ("approver_mails".to_owned(), self.approver_mails.as_str().to_owned()),
            ("digest_hour".to_owned(), self.digest_hour.to_string()),
            ("external_user_action".to_owned(), self.external_user_action.as_str().to_owned()),
            ("external_user_days".to_owned(), self.external_user_days.to_string()),
        ]
        .into_iter()
        .chain(kinds)
        .map(|(key, value)| (format!("{PREFIX}{key}"), value))
        .collect()
    }

    /// The key of the version.
    pub fn version_key() -> &'static str {
        VERSION
    }

    /// Checks what was typed.
    pub fn check(&self) -> FieldErrors {
        let mut check = Checker::default();
        if !(0..=23).contains(&self.digest_hour) {
            check.fail("digest_hour", Code::OutOfRange(0, 23));
        }
        if !(0..=DELETE_DAYS_MAX).contains(&self.external_user_days) {
            check.fail("external_user_days", Code::OutOfRange(0, DELETE_DAYS_MAX));
        }
        check.into_errors()
    }

    /// What becomes of governed guests without access.
    pub fn external_users(&self) -> ExternalUserTerms {
        ExternalUserTerms {
            action: self.external_user_action,
            days: self.external_user_days,
        }
    }

    /// Why no mail is sent about a notification of this kind, if none is.
    pub fn no_mail(&self, kind: NotificationKind) -> Option<&'static str> {
        if !self.mail {
            Some("Mails are switched off in Settings.")
        } else if self.mail_off.contains(&kind) {
            Some("Mails of this kind are switched off in Settings.")
        } else if kind.asks_to_decide() && self.approver_mails == ApproverMails::Digest {
            Some("It comes with the daily mail.")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f102_f150_settings_are_read_back_from_their_rows() {
        let set = TenantSettings {
            approver_details: false,
            resource_visibility: ResourceVisibility::Members,
            suggestions: true,
            overview_first: true,
            mail: true,
            mail_off: vec![NotificationKind::AccessDelivered, NotificationKind::AccessEnded],
            approver_mails: ApproverMails::Digest,
            digest_hour: 17,
            external_user_action: ExternalUserAction::Block,
            external_user_days: 7,
            version: 0,
        };
        assert_eq!(TenantSettings::read(&set.rows()), set);
        assert_eq!(TenantSettings::read(&[]), TenantSettings::default());
        let odd = [
            ("tenant.digest_hour".to_owned(), "soon".to_owned()),
            ("strict_roles".to_owned(), "on".to_owned()),
        ];
        assert_eq!(TenantSettings::read(&odd), TenantSettings::default());
        assert!(set.check().is_empty());
        assert_eq!(TenantSettings { digest_hour: 24, ..set }.check().len(), 1);
    }

    #[test]
    fn f164_a_mail_is_switched_off_by_kind_and_for_all() {
        let on = TenantSettings::default();
        let off = TenantSettings { mail: false, ..on.clone() };
        let kind = TenantSettings {
            mail_off: vec![NotificationKind::AccessEnded],
            ..on.clone()
        };
        let digest = TenantSettings {
            approver_mails: ApproverMails::Digest,
            ..on.clone()
        };
        for one in NotificationKind::ALL.iter().copied() {
            assert_eq!(on.no_mail(one), None);
            assert!(off.no_mail(one).is_some());
            assert_eq!(kind.no_mail(one).is_some(), one == NotificationKind::AccessEnded);
            assert_eq!(digest.no_mail(one).is_some(), one.asks_to_decide());
        }
    }
}

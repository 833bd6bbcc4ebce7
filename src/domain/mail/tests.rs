//! The mails against what they were when somebody last read them: `golden/mails.txt`. `WOODGATE_WRITE_GOLDEN=1` writes it anew.

use super::*;

const TENANT: &str = "Woodgrove Bank";
const URL: &str = "https://access.example";

#[test]
fn f164_every_mail_reads_as_it_was_agreed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/domain/golden/mails.txt");
    let mut all = String::new();
    for one in samples(TENANT, URL) {
        let mail = sample(&one.name, TENANT, URL).expect("a mail");
        let Sample { name, about, .. } = &one;
        all.push_str(&format!(
            "=== {name}: {about}\nSubject: {}\n\n{}\n{}\n",
            mail.subject, mail.text, mail.html
        ));
    }
    if std::env::var_os("WOODGATE_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &all).expect("a file");
    }
    let golden = std::fs::read_to_string(path).expect("golden/mails.txt");
    for (now, then) in all.split("=== ").zip(golden.split("=== ")) {
        assert_eq!(now, then);
    }
    assert_eq!(all.len(), golden.len());
}

#[test]
fn f164_each_of_the_twenty_mails_has_its_number_and_the_subject_of_the_list() {
    let subjects = [
        "Action required: Approve or deny forwarded request by 7 December 2026",
        "Action required: Approve or deny request by 7 December 2026",
        "Reminder: Approve or deny the request by 7 December 2026 for Alex Wilber",
        "Approve or deny the request by 10:00 UTC on 7 December 2026",
        "Action required reminder: Approve or deny the request by 7 December 2026 for Alex Wilber",
        "Request has expired for Marketing Campaign",
        "Request approved for Alex Wilber to Marketing Campaign",
        "Request approved for Alex Wilber to Marketing Campaign",
        "Request denied to Marketing Campaign",
        "Your request has expired for Marketing Campaign",
        "Action required: Approve or deny request by 7 December 2026",
        "Action required reminder: Approve or deny the request by 7 December 2026 for Alex Wilber",
        "Action required: Approve or deny the request by 7 December 2026 for Alex Wilber",
        "Action required reminder: Approve or deny the request by 7 December 2026 for Alex Wilber",
        "Action required: Approve or deny forwarded request by 7 December 2026",
        "Request approved for Alex Wilber to Marketing Campaign",
        "A request has expired for Marketing Campaign",
        "You now have access to Marketing Campaign",
        "Extend access for Marketing Campaign by 23 December 2026",
        "Access has ended for Marketing Campaign",
    ];
    for (position, subject) in subjects.iter().enumerate() {
        let name = (position + 1).to_string();
        let (kind, facts) = sample::of(&name);
        assert_eq!(number(kind, &facts.facts).map(|number| number.to_string()), Some(name));
        assert_eq!(mail(kind, &facts).subject, *subject);
    }
}

#[test]
fn f164_what_people_write_stays_text() {
    let (kind, facts) = sample::of("2");
    let hostile = MailFacts {
        package: "Sales\r\nBcc: all@example.org".into(),
        requestor: "<script>alert(1)</script>".into(),
        justification: "a & b\n\"c\" <img src=x>".into(),
        link: "https://access.example/\"onclick=\"x".into(),
        ..facts
    };
    let mail = super::mail(kind, &hostile);
    assert!(!mail.subject.contains(['\r', '\n']), "{}", mail.subject);
    for bad in ["<script", "<img", "\"onclick", "a & b"] {
        assert!(!mail.html.contains(bad), "{bad}");
    }
    assert!(mail.html.contains("a &amp; b<br>&quot;c&quot; &lt;img src=x&gt;"));
    assert!(mail.text.contains("a & b\n    \"c\" <img src=x>"));
}

#[test]
fn f165_the_reminder_says_whether_more_time_can_be_asked_for() {
    let says = |name: &str| {
        let (kind, facts) = sample::of(name);
        mail(kind, &facts).text
    };
    assert!(says("19").contains("You can ask for more time until then."));
    assert!(says("19-final").contains("It can't be extended."));
}

#[test]
fn the_digest_counts_what_waits() {
    let one = [Waiting {
        requestor: "Ada".into(),
        package: "Sales".into(),
        due_at: None,
    }];
    assert_eq!(
        digest("Ben", TENANT, &one, URL).subject,
        "Action required: 1 request waits for your decision"
    );
    let mail = sample("digest", TENANT, URL).expect("the digest");
    assert_eq!(mail.subject, "Action required: 2 requests wait for your decision");
    assert!(mail.text.contains("Request: Ada Lovelace for Sales toolkit"));
}

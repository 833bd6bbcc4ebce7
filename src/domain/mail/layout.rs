//! How a letter becomes text and HTML: one column of 600 pixels, the sentence, the facts as a table, one button. Mail readers know no
//! style sheets, so each element carries its own style; every value is escaped here and nowhere else.

use std::fmt::Write;

use super::Mail;
use super::letter::Letter;

/// Who it is from, said at the end of every mail.
fn from(tenant: &str) -> String {
    format!("Sent by {tenant} access management. Nobody reads answers to this mail.")
}

/// A letter to somebody, in both forms.
pub(super) fn mail(letter: &Letter, recipient: &str, tenant: &str) -> Mail {
    Mail {
        subject: one_line(&letter.subject),
        text: text(letter, recipient, tenant),
        html: html(letter, recipient, tenant),
    }
}

/// A subject is one line, whatever a name contains.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

fn shown(letter: &Letter) -> impl Iterator<Item = &(&'static str, String)> {
    letter.rows.iter().filter(|(_, value)| !value.trim().is_empty())
}

fn text(letter: &Letter, recipient: &str, tenant: &str) -> String {
    let mut text = format!("Hello {recipient},\n\n{}\n\n", letter.sentence);
    for (label, value) in shown(letter) {
        let _ = writeln!(text, "{label}: {}", value.replace('\n', "\n    "));
    }
    let _ = write!(text, "\n{}:\n{}\n", letter.button, letter.link);
    if !letter.note.is_empty() {
        let _ = write!(text, "\n{}\n", letter.note);
    }
    let _ = write!(text, "\n-- \n{}\n", from(tenant));
    text
}

const CELL: &str = "padding:6px 12px 6px 0;vertical-align:top;font-size:14px;line-height:20px";

fn html(letter: &Letter, recipient: &str, tenant: &str) -> String {
    let mut rows = String::new();
    for (label, value) in shown(letter) {
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\" style=\"{CELL};text-align:left;color:#616161;font-weight:400;white-space:nowrap\">{}</th>\
             <td style=\"{CELL};color:#242424\">{}</td></tr>",
            escape(label),
            escape(value).replace('\n', "<br>")
        );
    }
    let note = if letter.note.is_empty() {
        String::new()
    } else {
        format!(
            "<p style=\"margin:16px 0 0;font-size:14px;line-height:20px;color:#616161\">{}</p>\n",
            escape(letter.note)
        )
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{subject}</title></head>\n\
         <body style=\"margin:0;padding:24px 12px;background:#f5f5f5;font-family:'Segoe UI',system-ui,sans-serif\">\n\
         <div style=\"max-width:600px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid #e0e0e0;border-radius:6px\">\n\
         <p style=\"margin:0 0 8px;font-size:14px;line-height:20px;color:#242424\">Hello {recipient},</p>\n\
         <p style=\"margin:0 0 16px;font-size:16px;line-height:22px;color:#242424\">{sentence}</p>\n\
         <table role=\"presentation\" style=\"border-collapse:collapse;margin:0 0 20px\">\n{rows}</table>\n\
         <p style=\"margin:0\"><a href=\"{link}\" style=\"display:inline-block;padding:8px 20px;background:#0f6cbd;color:#ffffff;\
         text-decoration:none;border-radius:4px;font-size:14px;line-height:20px;font-weight:600\">{button}</a></p>\n\
         {note}<p style=\"margin:24px 0 0;padding-top:12px;border-top:1px solid #e0e0e0;font-size:12px;line-height:16px;color:#616161\">{from}</p>\n\
         </div>\n</body>\n</html>\n",
        subject = escape(&one_line(&letter.subject)),
        recipient = escape(recipient),
        sentence = escape(&letter.sentence),
        link = escape(&letter.link),
        button = escape(letter.button),
        from = escape(&from(tenant)),
    )
}

/// Text that HTML shows as it is, in an element and in an attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

//! Bodies as applications compose them: text and HTML, quoted-printable or base64, long lines,
//! references for characters, tags inside words, an attachment.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::search::words::Random;

/// Appends the headers of the content, the blank line and the body.
pub(crate) fn body(
    mail: &mut String,
    number: usize,
    paragraphs: &[String],
    attachment: Option<&str>,
) {
    if attachment.is_some() {
        mail.push_str("Content-Type: multipart/mixed; boundary=\"=_mixed\"\r\n\r\n--=_mixed\r\n");
    }
    mail.push_str("Content-Type: multipart/alternative; boundary=\"=_alternative\"\r\n\r\n");
    mail.push_str("--=_alternative\r\nContent-Type: text/plain; charset=utf-8\r\n");
    let text = wrapped(paragraphs);
    if number % 3 == 1 {
        mail.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
        mail.push_str(&base64_lines(text.as_bytes()));
    } else {
        mail.push_str("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
        mail.push_str(&quoted_printable(&text));
    }
    mail.push_str("\r\n--=_alternative\r\nContent-Type: text/html; charset=utf-8\r\n");
    mail.push_str("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    mail.push_str(&quoted_printable(&html(paragraphs)));
    mail.push_str("\r\n--=_alternative--");
    if let Some(name) = attachment {
        let mut random = Random::of(number);
        let bytes: Vec<u8> = (0..2_400).map(|_| random.below(256) as u8).collect();
        mail.push_str(&format!(
            "\r\n--=_mixed\r\nContent-Type: application/pdf; name=\"{name}\"\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--=_mixed--",
            base64_lines(&bytes)
        ));
    }
}

/// Paragraphs in lines of mail; a line ends behind each token, so that a phrase may cross its end.
pub(crate) fn wrapped(paragraphs: &[String]) -> String {
    let mut text = String::new();
    for paragraph in paragraphs {
        let mut column = 0;
        for word in paragraph.split(' ') {
            if column > 0 {
                text.push_str(if column + word.len() < 72 { " " } else { "\r\n" });
                column = if column + word.len() < 72 { column + 1 } else { 0 };
            }
            text.push_str(word);
            let is_token = word.starts_with("tok") && word.contains(|c: char| c.is_ascii_digit());
            column = if is_token { 72 } else { column + word.len() };
        }
        text.push_str("\r\n");
    }
    text
}

/// An RFC 2047 word.
pub(crate) fn encoded_word(text: &str) -> String {
    format!("=?utf-8?B?{}?=", STANDARD.encode(text))
}

/// One long line, as template engines leave it.
fn html(paragraphs: &[String]) -> String {
    let mut html = String::from(
        "<!DOCTYPE html><html><head><style>p{margin:0 0 1em;color:#222}</style></head><body>",
    );
    for paragraph in paragraphs {
        html.push_str("<p style=\"font-family:sans-serif\">");
        if paragraph.starts_with("https:") {
            html.push_str(&format!("<a href=\"{paragraph}\">{paragraph}</a></p>"));
            continue;
        }
        for (index, word) in paragraph.split(' ').enumerate() {
            html.push_str(if index > 0 { " " } else { "" });
            match word.char_indices().nth(2) {
                // A letter of two is set apart, as a template does that marks what it inserts.
                Some((at, _)) if index % 9 == 4 => {
                    html.push_str(&format!("<b>{}</b>{}", referred(&word[..at]), &word[at..]));
                }
                _ => html.push_str(&referred(word)),
            }
        }
        html.push_str("</p>");
    }
    html.push_str("</body></html>");
    html
}

/// A word with references for some characters.
fn referred(word: &str) -> String {
    word.replace('ü', "&uuml;").replace('é', "&#233;").replace('λ', "&#x3bb;")
}

/// RFC 2045 6.7, lines of at most 76 characters, soft breaks wherever they fall.
fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    for (index, line) in text.split("\r\n").enumerate() {
        encoded.push_str(if index > 0 { "\r\n" } else { "" });
        let mut column = 0;
        for byte in line.bytes() {
            let is_plain = matches!(byte, b' '..=b'~') && byte != b'=';
            let width = if is_plain { 1 } else { 3 };
            if column + width > 75 {
                encoded.push_str("=\r\n");
                column = 0;
            }
            // A dot that begins a line would have to be doubled for SMTP.
            if is_plain && !(byte == b'.' && column == 0) {
                encoded.push(char::from(byte));
                column += 1;
            } else {
                encoded.push_str(&format!("={byte:02X}"));
                column += 3;
            }
        }
    }
    encoded
}

fn base64_lines(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes.chunks(57).map(|line| STANDARD.encode(line)).collect();
    lines.join("\r\n")
}

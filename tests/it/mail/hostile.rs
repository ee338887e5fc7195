//! Mails that make naive readers slow. The bench `hostile` measures what the tests only read.

/// Mails that make naive readers slow, at a size.
pub(crate) fn hostile(size_bytes: usize) -> Vec<(&'static str, String)> {
    let mut mails = hostile_headers(size_bytes);
    mails.extend(hostile_bodies(size_bytes));
    mails.extend(hostile_html(size_bytes));
    mails
}

fn hostile_headers(size_bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(size_bytes / unit.len());
    let header = |name: &str, unit: &str| format!("{name}: {}\r\n\r\nBody\r\n", fill(unit));
    vec![
        ("words", header("Subject", "=?utf-8?Q?=C3=BC?= ")),
        ("words without end", header("Subject", "=?utf-8?Q?")),
        ("word starts", header("Subject", "=?")),
        ("word ends", header("Subject", "=?=?=")),
        ("folds", header("Subject", "x\r\n ")),
        ("quotes", header("To", "\"")),
        ("odd quotes", header("To", "\"a\\")),
        ("comments", header("To", "(")),
        ("closed comments", header("To", "()")),
        ("brackets", header("To", "<\"a>")),
        ("open brackets", header("To", "<")),
        ("colons", header("To", "@a:")),
        ("literals", header("To", "[")),
        ("names", header("To", "a b ")),
        ("blanks", header("To", "a        ")),
        ("signs", header("To", "@ ")),
        ("parameters", header("Content-Type", ";a=b")),
        ("quoted parameters", header("Content-Type", ";a=\"b\"")),
        ("open parameters", header("Content-Type", ";a=(")),
        ("pieces", header("Content-Disposition", ";filename*1=x")),
        ("dates", header("Date", "1 (")),
        ("ids", header("References", "<a> ")),
        ("open ids", header("References", "<")),
        ("fields", fill("X: y\r\n")),
        ("no fields", format!("X: y\r\n{}", fill("junk\r\n"))),
        ("carriage returns", format!("X: y\r\n{}", fill("\r"))),
    ]
}

fn hostile_bodies(size_bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(size_bytes / unit.len());
    let body = |fields: &str, unit: &str| format!("{fields}\r\n{}", fill(unit));
    vec![
        ("one line", body("X: y\r\n", "x")),
        ("hyphens", body("Content-Type: multipart/mixed; boundary=b\r\n", "--\r\n")),
        ("boundaries", body("Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\n")),
        ("base64", body("Content-Transfer-Encoding: base64\r\n", "QUJD")),
        ("bad base64", body("Content-Transfer-Encoding: base64\r\n", "Q*=")),
        ("soft breaks", body("Content-Transfer-Encoding: quoted-printable\r\n", "=\r\n")),
        ("escapes", body("Content-Transfer-Encoding: quoted-printable\r\n", "=41")),
        ("blanks in lines", body("Content-Transfer-Encoding: quoted-printable\r\n", " \t")),
        ("flowed", body("Content-Type: text/plain; format=flowed\r\n", "> a \r\n")),
        ("quoted deep", body("Content-Type: text/plain; format=flowed\r\n", ">")),
        ("utf-7", body("Content-Type: text/plain; charset=utf-7\r\n", "+AAA")),
        ("links", body("X: y\r\n", "http://x.test/((( ")),
        ("one link", body("X: y\r\n", "http://)")),
        ("link ends", format!("X: y\r\n\r\nhttp://x.test/{}", fill(")"))),
        ("codes", body("X: y\r\n", "1234 5678 code ")),
        ("digits by themselves", body("Subject: code\r\n", "1 ")),
        ("digits in lines", body("Subject: code\r\n", "code\r\n1234\r\n")),
        (
            "code in addresses",
            format!("Subject: code\r\n\r\nhttp://x.test/?{}", fill("code=1a23&")),
        ),
        ("ends of sentences", body("Subject: code\r\n", "code. 1234 ")),
        ("numbers to type", body("X: y\r\n", "use 1234 ")),
        ("words in capitals", body("Subject: code\r\n", "code: ABCDE ")),
        ("distinct codes", distinct_codes(size_bytes)),
    ]
}

/// Numbers that all differ, in one line that speaks of codes.
fn distinct_codes(size_bytes: usize) -> String {
    let start = "X: y\r\n\r\nYour codes: ".to_owned();
    (0..size_bytes / 9).fold(start, |text, index| text + &format!("{index:08} "))
}

fn hostile_html(size_bytes: usize) -> Vec<(&'static str, String)> {
    let html = |unit: &str| {
        format!("Content-Type: text/html\r\n\r\n{}", unit.repeat(size_bytes / unit.len()))
    };
    vec![
        ("html tags", html("<b>")),
        ("html cells", html("<td>1234</td>")),
        ("html hidden", html("<p style='display:none'>code</q>")),
        ("html open tags", html("<a ")),
        ("html attributes", html_attributes(size_bytes)),
        ("html comments", html("<!--")),
        ("html references", html("&amp")),
        ("html blocks", html("<p>a ")),
        ("html breaks", html("<br>")),
        ("html links", html("<a href=x>a")),
        ("html hidden", html("<template>")),
        ("html quotes", html("<a b=\"")),
    ]
}

/// Attributes with names that all differ.
fn html_attributes(size_bytes: usize) -> String {
    let start = "Content-Type: text/html\r\n\r\n<a ".to_owned();
    (0..size_bytes / 9).fold(start, |html, index| html + &format!("a{index:06x} "))
}

//! Parameters as senders write them.

use super::*;

fn text(field: &str, name: &str) -> Option<String> {
    Parametrised::read(field.as_bytes(), None).text(name)
}

#[test]
fn names_of_files_are_found_in_every_form() {
    let cases = [
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename=\"a b.pdf\"", "a b.pdf"),
        ("attachment; filename=a b.pdf; size=3", "a b.pdf"),
        ("attachment; FileName = \"a.pdf\" ; size=3", "a.pdf"),
        ("attachment; filename=\"a\\\"b.pdf\"", "a\"b.pdf"),
        ("attachment; filename=\"a;b.pdf\"", "a;b.pdf"),
        ("attachment; filename=\"a.pdf", "a.pdf"),
        ("attachment; filename=a.pdf (comment)", "a.pdf"),
        ("attachment;; filename=a.pdf;", "a.pdf"),
        ("attachment filename=a.pdf", "a.pdf"),
        ("attachment; filename*=UTF-8''%E2%82%AC.pdf", "\u{20ac}.pdf"),
        ("attachment; filename*=utf-8'en'%e2%82%ac%20x.pdf", "\u{20ac} x.pdf"),
        ("attachment; filename*=iso-8859-1''%A3.pdf", "\u{a3}.pdf"),
        ("attachment; filename=plain.pdf; filename*=UTF-8''%E2%82%AC.pdf", "\u{20ac}.pdf"),
        ("attachment; filename*0=\"a\"; filename*1=\"b.pdf\"", "ab.pdf"),
        ("attachment; filename*1=\"b.pdf\"; filename*0=\"a\"", "ab.pdf"),
        ("attachment; filename*0*=UTF-8''%E2; filename*1*=%82%AC; filename*2=.pdf", "\u{20ac}.pdf"),
        ("attachment; filename=\"=?utf-8?Q?=E2=82=AC.pdf?=\"", "\u{20ac}.pdf"),
        ("attachment; filename==?utf-8?B?4oKs?=", "\u{20ac}"),
        ("attachment; filename=\"=?utf-8?Q?=E2=82?=\r\n =?utf-8?Q?=AC.pdf?=\"", "\u{20ac}.pdf"),
        ("attachment; filename*=%E2%82%AC.pdf", "\u{20ac}.pdf"),
        ("attachment; filename*=\"UTF-8''%E2%82%AC.pdf\"", "\u{20ac}.pdf"),
        ("attachment; filename*0*=\"=?utf-8?Q?=E2=82=AC?=\"; filename*1=\".pdf\"", "\u{20ac}.pdf"),
        ("attachment; filename=\u{20ac}.pdf", "\u{20ac}.pdf"),
        ("attachment; filename=a=?utf-8?Q?b?=.pdf", "a=?utf-8?Q?b?=.pdf"),
        ("attachment; size=\"1\" filename=\"a.pdf\"", "a.pdf"),
    ];
    for (field, expected) in cases {
        assert_eq!(text(field, "filename").as_deref(), Some(expected), "{field}");
    }
}

#[test]
fn the_value_before_the_parameters_is_lower_case() {
    for (field, expected) in [
        ("Text/HTML; charset=x", "text/html"),
        (" text/plain", "text/plain"),
        ("(comment) text/plain (comment)", "text/plain"),
        ("\"text/plain\"", "text/plain"),
        ("text/plain charset=utf-8", "text/plain"),
        ("", ""),
    ] {
        assert_eq!(Parametrised::read(field.as_bytes(), None).value, expected, "{field}");
    }
}

#[test]
fn parameters_beyond_the_limit_are_left_out() {
    let maximum = Limits::DEFAULT.parameters_max;
    let field = |count: usize| format!("x{}; last=1", "; p=1".repeat(count - 1));
    assert_eq!(text(&field(maximum - 1), "last").as_deref(), Some("1"));
    assert_eq!(text(&field(maximum), "last").as_deref(), Some("1"));
    assert_eq!(text(&field(maximum + 1), "last"), None);
}

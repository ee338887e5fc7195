//! Tame HTML says what the mail said, with its tags in balance.

use super::*;

fn body(html: &str) -> String {
    tame(html, &mut |css| css.to_owned()).body
}

#[test]
fn well_formed_html_stays_as_it_is() {
    for html in [
        "a<b>c</b>d",
        "<p>a</p><ul><li>b</li><li>c</li></ul>",
        "<table><tbody><tr><td>a</td><td>b<table><tr><td>c</td></tr></table></td></tr></tbody>\
         </table>",
        "<div class=\"a\"><img src=\"cid:x\" alt=\"&lt;\"><br></div>",
        "<style>a > b { color: red }</style>",
        "&amp;&nbsp;&#228;",
    ] {
        assert_eq!(body(html), html);
    }
}

#[test]
fn omitted_and_misplaced_tags_are_put_right() {
    for (html, expected) in [
        ("<p>a<p>b", "<p>a</p><p>b"),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>d",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d",
        ),
        ("<td>a</td>", "a"),
        ("<div><span>a</div>b</span>", "<div><span>a</span></div>b"),
        ("<span><div>a</span>b</div>", "<span><div>ab</div>"),
        ("<table><tr><td></center>a</div></td></tr></table>", "<table><tr><td>a</td></tr></table>"),
        ("</p></x>a</br>", "a"),
        ("<h1>a<h2>b", "<h1>a</h1><h2>b"),
        (
            "<a href=x>a<a href=y>b",
            "<a href=\"x\" target=\"_blank\">a</a><a href=\"y\" target=\"_blank\">b",
        ),
        ("<a href='#x'>a</a>", "<a href=\"#x\">a</a>"),
    ] {
        assert_eq!(body(html), expected, "{html}");
    }
}

#[test]
fn formatting_left_open_is_carried_on_up_to_a_limit() {
    assert_eq!(body("<p><b>a<p>b</b>c"), "<p><b>a</p><p>b</b>c");
    assert_eq!(body("<b><p>a</b>b</p>"), "<b><p>a</b>b</p>");
    assert_eq!(
        body("<table><tr><td><b>a</td></tr></table>b</b>"),
        "<table><tr><td><b>a</b></td></tr></table>b"
    );
    for (count, closed_count) in [(7, 0), (8, 0), (9, 1)] {
        let tamed = body(&format!("<div>{}a</div>", "<i>".repeat(count)));
        assert_eq!(tamed.matches("</i>").count(), closed_count, "{count}");
    }
}

#[test]
fn what_is_not_kept_is_cut() {
    for (html, expected) in [
        ("a<script>b</script>c<!-- d -->", "ac"),
        ("a<script>b", "a"),
        ("a<svg><a>b</a></svg>c<svg>d<svg>", "acd"),
        ("a<form action=x><input name=y>b</form>", "ab"),
        ("<p onclick=x style=y data-z=1>", "<p style=\"y\">"),
        ("<p style=a STYLE=b>", "<p style=\"a\">"),
        ("<p title='\"'>", "<p title=\"&quot;\">"),
        ("<a href=x target=_top rel=opener>", "<a href=\"x\" target=\"_blank\">"),
        ("a<title>b</title>c<o:p>d</o:p><base href=x><meta http-equiv=refresh content=0>", "acd"),
    ] {
        assert_eq!(body(html), expected, "{html}");
    }
}

#[test]
fn what_the_frame_needs_is_told() {
    let tamed = tame(
        "<html lang=de><head><meta name=color-scheme content='light dark'></head>\
         <body bgcolor=red onload=x>a",
        &mut |css| css.to_owned(),
    );
    assert_eq!(tamed.html_attributes, " lang=\"de\"");
    assert_eq!(tamed.body_attributes, " bgcolor=\"red\"");
    assert_eq!(tamed.color_scheme, Some("light dark"));
    assert_eq!(tamed.body, "a");
}

#[test]
fn nesting_ends_at_a_limit_and_comes_back() {
    for (depth, kept) in [(255, 255), (256, 256), (257, 256), (100_000, 256)] {
        let html = format!("{}x{}<p>y</p>", "<div>".repeat(depth), "</div>".repeat(depth));
        let tamed = body(&html);
        assert_eq!(tamed.matches("<div>").count(), kept);
        assert_eq!(tamed.matches("</div>").count(), kept);
        assert!(tamed.ends_with("</div><p>y</p>"));
    }
}

#[test]
fn strays_in_tables_end_at_a_limit() {
    for (count, kept) in [(999, 999), (1_000, 1_000), (1_001, 1_000)] {
        let tamed = body(&format!("<table>{}", "<b>x</b>".repeat(count)));
        assert_eq!(tamed.matches("<b>").count(), kept);
    }
}

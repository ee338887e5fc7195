//! The frame around hostile mail: what is cut, what is kept, and that nothing takes long.

use std::time::Instant;

use proptest::prelude::*;

use super::*;

fn rendering(remote: bool) -> Rendering {
    let mut parts = Parts::default();
    for name in ["logo@x.test", "logo.png", "http://x.test/c.png"] {
        parts.located(name, "../01J/parts/2");
    }
    Rendering { parts: Arc::new(parts), remote }
}

fn shown(html: &str, remote: bool) -> String {
    let page = page(html, &rendering(remote));
    let (_, body) = page.split_once("<body").unwrap();
    let (_, body) = body.split_once('>').unwrap();
    body.strip_suffix("</body></html>").unwrap().to_owned()
}

/// Whatever the spelling, nothing of these may be left in the page.
#[test]
fn what_could_act_is_cut() {
    for html in ATTACKS {
        for remote in [false, true] {
            let tags = tags(&shown(html, remote).to_lowercase());
            for act in ACTS {
                assert!(!tags.contains(act), "{act} in {tags}, of {html}");
            }
        }
    }
}

const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.test></sCrIpT>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror = 'alert(1)' / >",
    "<img/src/onerror=alert(1)>",
    "<img src='x'onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<div onclick=alert(1) ONMOUSEOVER=alert(1)>x</div>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='&#x6A&#x61vascript:alert(1)'>x</a>",
    "<a href='\u{1}javascript:alert(1)'>x</a>",
    "<a href='vbscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<img src='javascript:alert(1)'>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a title=\"</style><img src onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style>\
     <img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<iframe src=https://evil.test></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=https://evil.test><input name=x>\
     <button formaction=javascript:alert(1)>x</button></form>",
    "<base href=https://evil.test/>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<textarea><script>alert(1)</script></textarea>",
    "<template><script>alert(1)</script></template>",
    "<select><script>alert(1)</script></select>",
    "<style></style><script>alert(1)</script>",
    "<style>a{}</style x><img src=x onerror=alert(1)>",
    "<style><a title='</style><img src=x onerror=alert(1)>'></style>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[><script>alert(1)</script>]]>",
    "<title><a title=\"</title><script>alert(1)</script>\">",
    "<audio src=x onerror=alert(1)></audio><video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<table background='javascript:alert(1)'><tr><td background='javascript:alert(1)'>x</table>",
    "<img srcset='https://evil.test/x.png 2x'>",
    "<a ping=https://evil.test href='#'>x</a>",
    "<a href=x target=_top rel=opener>x</a>",
];

const ACTS: &[&str] = &[
    "<script",
    "onerror",
    "onload",
    "onclick",
    "onmouseover",
    "ontoggle",
    "onstart",
    "javascript:",
    "vbscript:",
    "data:text",
    "evil.test",
    "<iframe",
    "<svg",
    "<math",
    "<object",
    "<embed",
    "<form",
    "<input",
    "<button",
    "<base",
    "<meta",
    "<link",
    "srcset",
    "ping",
    "formaction",
    "_top",
    "\"opener\"",
];

/// What is left are tags and their attributes, but for titles and style rules, which are text too.
fn tags(html: &str) -> String {
    let mut lexer = lexer::Lexer::new(html);
    let mut shown = String::new();
    while let Some(token) = lexer.token() {
        let lexer::Token::Start(name, attributes) = token else { continue };
        shown.push_str(&format!("<{name}"));
        for attribute in attributes.iter().filter(|given| given.name != "title") {
            shown.push_str(&format!(" {}=\"{}\"", attribute.name, attribute.value));
        }
        if name == "style" {
            lexer.raw_text("style").unwrap();
        }
    }
    shown
}

#[test]
fn inline_pictures_are_found() {
    for html in [
        "<img src=\"cid:logo@x.test\">",
        "<img src=\"CID:logo%40x.test\">",
        "<img src=\"logo.png\">",
        "<img src=\"&#99;id:logo@x.test\">",
        "<img src=\"http://x.test/c.png\">",
        "<td background=\"cid:logo@x.test\">",
    ] {
        let html = format!("<table><tr><td>{html}</table>");
        assert!(shown(&html, false).contains("=\"../01J/parts/2\""), "{html}");
    }
    let style =
        "<style>a{background:url(cid:logo@x.test)}</style><p style=\"b:url('cid:logo@x.test')\">";
    let expected =
        "<style>a{background:url(../01J/parts/2)}</style><p style=\"b:url('../01J/parts/2')\"></p>";
    assert_eq!(shown(style, false), expected);
    assert_eq!(shown("<img src=cid:other alt=x>", false), "<img alt=\"x\">");
    assert_eq!(
        shown("<img src=\"data:image/png;base64,AA==\">", false),
        "<img src=\"data:image/png;base64,AA==\">"
    );
}

#[test]
fn remote_content_waits_to_be_asked_for() {
    let html = "<img src=\"https://a.test/x.png\"><p style=\"b:url(//b.test/y)\">x</p>\
                <style>@import 'http://c.test/';</style>";
    let blocked = shown(html, false);
    assert_eq!(
        blocked,
        "<img><p style=\"b:url(about:invalid)\">x</p><style>@import 'about:invalid';</style>"
    );
    assert_eq!(shown(html, true), html);
    let found = remote(html, &Parts::default());
    assert_eq!(
        found,
        Remote { count: 3, hosts: ["a.test", "b.test", "c.test"].map(str::to_owned).into() }
    );
    let none = "<a href=https://a.test><img src=cid:x><img src=http://x.test/c.png>";
    assert_eq!(remote(none, &rendering(false).parts), Remote::default());
}

#[test]
fn links_open_beside_the_mail() {
    for (html, expected) in [
        ("https://a.test/?b=1&amp;c=2", " href=\"https://a.test/?b=1&amp;c=2\" target=\"_blank\""),
        ("mailto:a@x.test", " href=\"mailto:a@x.test\" target=\"_blank\""),
        ("#top", " href=\"#top\""),
        ("/v1/messages", " target=\"_blank\""),
        ("index.html", " target=\"_blank\""),
    ] {
        let expected = format!("<a{expected}>x</a>");
        let shown = shown(&format!("<a href=\"{html}\">x</a>"), false);
        assert!(shown.contains(" rel=\"noopener noreferrer\""), "{shown}");
        assert_eq!(shown.replace(" rel=\"noopener noreferrer\"", ""), expected);
    }
}

#[test]
fn the_page_is_dressed_as_the_mail_says() {
    let html = "<html lang=de onload=x><body bgcolor='#eee' style='margin:0;b:url(//x.test)' \
                onload=x background=javascript:x><title>t</title>a";
    let page = page(html, &rendering(false));
    assert!(
        page.starts_with("<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\">"),
        "{page}"
    );
    assert!(
        page.ends_with(
            "<body bgcolor=\"#eee\" style=\"margin:0;b:url(about:invalid)\">a</body></html>"
        ),
        "{page}"
    );
    assert!(!page.contains("color-scheme"));
}

#[test]
fn attributes_cannot_break_out_of_the_body_tag() {
    let html = "<body style='\"></div><script>alert(1)</script>' title='></div><div onclick=x'>a";
    let shown = page(html, &rendering(false));
    assert!(!shown.contains("<script") && !tags(&shown).contains("onclick"), "{shown}");
}

#[test]
fn long_html_is_cut_with_a_note() {
    for (length, is_cut) in
        [(HTML_BYTES_MAX - 1, false), (HTML_BYTES_MAX, false), (HTML_BYTES_MAX + 1, true)]
    {
        let html = "x".repeat(length);
        assert_eq!(shown(&html, false).contains("is cut here"), is_cut);
    }
}

/// Each of these takes a tree builder minutes or gigabytes when it comes as it is.
#[test]
fn no_input_is_super_linear() {
    let n = 200_000;
    let attacks = [
        "<div>".repeat(n / 5),
        "<b>".repeat(n / 3),
        format!(
            "{}{}",
            (0..1_000).map(|i| format!("<b id={i}>")).collect::<String>(),
            "<div>x</div>".repeat(n / 12)
        ),
        format!(
            "<div>{}</div>{}",
            (0..1_000).map(|i| format!("<b id={i}>")).collect::<String>(),
            "<div>x</div>".repeat(n / 12)
        ),
        format!("<p {}>", (0..n / 8).map(|i| format!("a{i} ")).collect::<String>()),
        format!("<p {}>", "title=x ".repeat(n / 8)),
        format!("<table>{}", "<b></b>x".repeat(n / 8)),
        "<table>".repeat(n / 7),
        "<table><tr><td>".repeat(n / 15),
        "<table><b>".repeat(n / 10),
        "<a><div>".repeat(n / 8),
        "<a href=x><p>x</a>".repeat(n / 18),
        "<b><p></b>".repeat(n / 10),
        "<svg>".repeat(n / 5),
        "<select><template>".repeat(n / 18),
        "<style>".repeat(n / 7),
        "<style></style>".repeat(n / 15),
        "<!--".repeat(n / 4),
        format!("<!--{}", "-".repeat(n)),
        "<".repeat(n),
        "</".repeat(n / 2),
        "<a b='".repeat(n / 6),
        format!("<style>{}</style>", "url(".repeat(n / 4)),
        format!("<style>{}</style>", "url('".repeat(n / 5)),
        format!("<style>{}</style>", "@import \"".repeat(n / 9)),
        "<p style=\"a:url(x)\">".repeat(n / 20),
        "<li><ul>".repeat(n / 8),
        "</p></b></div></span></td>".repeat(n / 26),
        "&lt;&amp".repeat(n / 8),
        format!("<span>{}", "<div></span>".repeat(n / 12)),
        (0..n / 12).map(|i| format!("<p id={i:05}>")).collect(),
    ];
    for html in attacks {
        let start = Instant::now();
        let length = shown(&html, false).len();
        remote(&html, &Parts::default());
        let label = &html[..html.len().min(60)];
        // Some 0.2 s in a debug build; the time a quadratic one takes is beyond any slow machine.
        assert!(start.elapsed().as_secs() < 15, "{label} took {:?}", start.elapsed());
        assert!(length <= 10 * html.len() + 1_000, "{label} grew to {length}");
    }
}

/// Tags as they stand in mails that nobody checked, with a word after each.
fn tag_soup() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "p",
        "div",
        "b",
        "i",
        "a",
        "font",
        "span",
        "table",
        "tr",
        "td",
        "tbody",
        "th",
        "caption",
        "ul",
        "li",
        "h1",
        "h2",
        "center",
        "blockquote",
        "br",
        "img",
        "style",
        "o:p",
        "form",
        "body",
    ]);
    let tag = (names, any::<bool>()).prop_map(|(name, opens)| match (name, opens) {
        ("style", _) => "<style>a{b:c}</style>".to_owned(),
        (name, true) => format!("<{name} title=t>"),
        (name, false) => format!("</{name}>"),
    });
    prop::collection::vec(tag, 0..60).prop_map(|tags| {
        let word = |(index, tag): (usize, String)| format!("{tag}w{index};");
        tags.into_iter().enumerate().map(word).collect()
    })
}

proptest! {
    /// Whatever the tags, no word of a mail is lost, each stands there once, and all is closed.
    #[test]
    fn no_word_is_lost(html in tag_soup()) {
        let shown = shown(&html, false);
        for index in 0..html.matches('w').count() {
            let word = format!("w{index};");
            let count = html.matches(&word).count();
            prop_assert_eq!(shown.matches(&word).count(), count, "{} of {} in {}", word, html, shown);
        }
        for name in ["div", "table", "b", "span"] {
            let opened = shown.matches(&format!("<{name} ")).count();
            prop_assert_eq!(shown.matches(&format!("</{name}>")).count(), opened, "{}", shown);
        }
    }

    /// The same in the order of the words, but for what browsers move out of tables.
    #[test]
    fn words_keep_their_order_outside_of_tables(html in tag_soup()) {
        let html = html.replace("table", "div");
        let words = |html: &str| {
            let mut lexer = lexer::Lexer::new(html);
            let mut words = String::new();
            while let Some(token) = lexer.token() {
                if let lexer::Token::Text(text) = token {
                    words.push_str(text);
                }
            }
            words
        };
        prop_assert_eq!(words(&shown(&html, false)), words(&html));
    }
}

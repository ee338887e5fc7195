//! The elements and attributes a mail may show itself with. Anything else is cut.

/// How an element nests (HTML §13.2.4.2 and §13.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// It has no content and no end tag.
    Void,
    /// It is carried on where it was not closed: `<p><b>one<p>two`.
    Formatting,
    /// It ends where its end tag or that of an element around it stands.
    Phrase,
    /// It ends an open paragraph.
    Block,
    /// A table or a piece of one.
    Table,
}

/// An element that is kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name in lower case.
    pub name: &'static str,
    /// How it nests.
    pub nesting: Nesting,
}

/// The element of this name in any case, if it is kept.
pub fn element(name: &str) -> Option<&'static Element> {
    ELEMENTS.iter().find(|element| element.name.eq_ignore_ascii_case(name))
}

/// The attribute of this name in any case, if it is kept.
pub fn attribute(name: &str) -> Option<&'static str> {
    ATTRIBUTES.iter().find(|kept| kept.eq_ignore_ascii_case(name)).copied()
}

/// Whether what stands inside is cut together with the tags. The flag tells whether it is raw text,
/// which reaches to the end where it is not closed (HTML §13.2.6.2).
pub fn is_cut_whole(name: &str) -> Option<bool> {
    let raw = ["script", "title", "textarea", "iframe", "noembed", "noframes"];
    let marked_up = ["select", "template", "svg", "math"];
    let is = |names: &[&str]| names.iter().any(|cut| cut.eq_ignore_ascii_case(name));
    if is(&raw) { Some(true) } else { is(&marked_up).then_some(false) }
}

/// A row of the table below.
const fn kept(name: &'static str, nesting: Nesting) -> Element {
    Element { name, nesting }
}

/// Sorted by how often mails use them: the list is walked.
pub const ELEMENTS: &[Element] = &[
    kept("td", Nesting::Table),
    kept("tr", Nesting::Table),
    kept("table", Nesting::Table),
    kept("div", Nesting::Block),
    kept("p", Nesting::Block),
    kept("br", Nesting::Void),
    kept("a", Nesting::Formatting),
    kept("span", Nesting::Phrase),
    kept("img", Nesting::Void),
    kept("tbody", Nesting::Table),
    kept("font", Nesting::Formatting),
    kept("b", Nesting::Formatting),
    kept("strong", Nesting::Formatting),
    kept("center", Nesting::Block),
    kept("style", Nesting::Phrase),
    kept("li", Nesting::Block),
    kept("ul", Nesting::Block),
    kept("ol", Nesting::Block),
    kept("h1", Nesting::Block),
    kept("h2", Nesting::Block),
    kept("h3", Nesting::Block),
    kept("h4", Nesting::Block),
    kept("h5", Nesting::Block),
    kept("h6", Nesting::Block),
    kept("hr", Nesting::Void),
    kept("th", Nesting::Table),
    kept("thead", Nesting::Table),
    kept("tfoot", Nesting::Table),
    kept("caption", Nesting::Table),
    kept("colgroup", Nesting::Table),
    kept("col", Nesting::Void),
    kept("i", Nesting::Formatting),
    kept("em", Nesting::Formatting),
    kept("u", Nesting::Formatting),
    kept("s", Nesting::Formatting),
    kept("big", Nesting::Formatting),
    kept("small", Nesting::Formatting),
    kept("code", Nesting::Formatting),
    kept("strike", Nesting::Formatting),
    kept("tt", Nesting::Formatting),
    kept("pre", Nesting::Block),
    kept("blockquote", Nesting::Block),
    kept("section", Nesting::Block),
    kept("article", Nesting::Block),
    kept("aside", Nesting::Block),
    kept("header", Nesting::Block),
    kept("footer", Nesting::Block),
    kept("main", Nesting::Block),
    kept("nav", Nesting::Block),
    kept("address", Nesting::Block),
    kept("figure", Nesting::Block),
    kept("figcaption", Nesting::Block),
    kept("details", Nesting::Block),
    kept("summary", Nesting::Block),
    kept("dl", Nesting::Block),
    kept("dt", Nesting::Block),
    kept("dd", Nesting::Block),
    kept("sub", Nesting::Phrase),
    kept("sup", Nesting::Phrase),
    kept("label", Nesting::Phrase),
    kept("abbr", Nesting::Phrase),
    kept("acronym", Nesting::Phrase),
    kept("bdi", Nesting::Phrase),
    kept("bdo", Nesting::Phrase),
    kept("cite", Nesting::Phrase),
    kept("del", Nesting::Phrase),
    kept("dfn", Nesting::Phrase),
    kept("ins", Nesting::Phrase),
    kept("kbd", Nesting::Phrase),
    kept("mark", Nesting::Phrase),
    kept("q", Nesting::Phrase),
    kept("samp", Nesting::Phrase),
    kept("time", Nesting::Phrase),
    kept("var", Nesting::Phrase),
    kept("map", Nesting::Phrase),
    kept("area", Nesting::Void),
    kept("wbr", Nesting::Void),
];

/// Kept on every element; most of them are the presentation of HTML 3.2, which mails live on.
pub const ATTRIBUTES: &[&str] = &[
    "style",
    "class",
    "href",
    "src",
    "width",
    "height",
    "align",
    "valign",
    "border",
    "cellpadding",
    "cellspacing",
    "bgcolor",
    "background",
    "alt",
    "title",
    "id",
    "name",
    "role",
    "color",
    "face",
    "size",
    "colspan",
    "rowspan",
    "nowrap",
    "dir",
    "lang",
    "hspace",
    "vspace",
    "bordercolor",
    "rules",
    "frame",
    "clear",
    "noshade",
    "start",
    "type",
    "value",
    "reversed",
    "compact",
    "span",
    "scope",
    "headers",
    "abbr",
    "summary",
    "open",
    "datetime",
    "usemap",
    "shape",
    "coords",
    "text",
    "link",
    "alink",
    "vlink",
    "marginwidth",
    "marginheight",
    "leftmargin",
    "topmargin",
    "aria-hidden",
    "aria-label",
];

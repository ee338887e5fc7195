//! Writing HTML: texts escaped, and the little markup that descriptions have.

/// A page while it is written. Whatever is written as text cannot become markup.
#[derive(Debug, Default)]
pub(super) struct Html {
    text: String,
}

impl Html {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// Words as they are.
    pub(super) fn words(&mut self, words: &str) {
        for character in words.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                other => self.text.push(other),
            }
        }
    }

    /// An element around words.
    pub(super) fn element(&mut self, name: &str, words: &str) {
        self.raw(&format!("<{name}>"));
        self.words(words);
        self.raw(&format!("</{name}>"));
    }

    /// A link to a place on this page.
    pub(super) fn link(&mut self, id: &str, words: &str) {
        self.raw("<a href=\"#");
        self.words(id);
        self.raw("\">");
        self.words(words);
        self.raw("</a>");
    }

    /// Paragraphs and lists, and within them code and bold words: the Markdown that the
    /// description keeps to.
    pub(super) fn markdown(&mut self, text: &str) {
        for block in text.trim().split("\n\n") {
            let items: Vec<&str> =
                block.split('\n').filter_map(|line| line.strip_prefix("- ")).collect();
            if items.is_empty() {
                self.raw("<p>");
                self.inline(block);
                self.raw("</p>");
                continue;
            }
            self.raw("<ul>");
            for item in items {
                self.raw("<li>");
                self.inline(item);
                self.raw("</li>");
            }
            self.raw("</ul>");
        }
    }

    /// Words with `code` and **bold** ones.
    pub(super) fn inline(&mut self, text: &str) {
        for (index, piece) in text.split('`').enumerate() {
            if index % 2 == 1 {
                self.element("code", piece);
                continue;
            }
            for (index, piece) in piece.split("**").enumerate() {
                if index % 2 == 1 { self.element("b", piece) } else { self.words(piece) }
            }
        }
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Html)) -> String {
        let mut html = Html::default();
        write(&mut html);
        html.into_text()
    }

    #[test]
    fn words_never_become_markup() {
        let hostile = "<script>\"&\"</script>";
        let escaped = "&lt;script&gt;&quot;&amp;&quot;&lt;/script&gt;";
        assert_eq!(written(|html| html.words(hostile)), escaped);
        assert_eq!(written(|html| html.element("b", hostile)), format!("<b>{escaped}</b>"));
        assert_eq!(written(|html| html.inline(hostile)), escaped);
        assert_eq!(written(|html| html.markdown(hostile)), format!("<p>{escaped}</p>"));
        assert!(!written(|html| html.link(hostile, "x")).contains("<script"));
    }

    #[test]
    fn markdown_of_descriptions_is_read() {
        let text = "One `a < b` and **two**.\n\n- `x`: first\n- second";
        assert_eq!(
            written(|html| html.markdown(text)),
            "<p>One <code>a &lt; b</code> and <b>two</b>.</p>\
             <ul><li><code>x</code>: first</li><li>second</li></ul>"
        );
    }
}

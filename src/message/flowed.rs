//! `format=flowed` (RFC 3676): lines that end in a blank go on in the next one.

/// Joins flowed lines. With `delete_space` (DelSp=yes) the blank that marks them goes too.
pub(super) fn unflow(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote depth of the paragraph that the next line may continue.
    let mut flowing: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let (content, line_end) = line;
        let depth = content.bytes().take_while(|byte| *byte == b'>').count();
        let content = &content[depth..];
        // §4.4: one blank was stuffed before lines that start with a blank, ">" or "From ".
        let content = content.strip_prefix(' ').unwrap_or(content);
        match flowing {
            // An empty line ends a paragraph in every mail program, though §4.2 would let it flow.
            Some(open) if open == depth && !content.is_empty() && content != "-- " => {}
            Some(_) => {
                out.push('\n');
                quote(&mut out, depth);
            }
            None => quote(&mut out, depth),
        }
        // §4.3: the line before a signature is "-- ", and it never flows.
        if content.ends_with(' ') && content != "-- " {
            let kept = if delete_space { &content[..content.len() - 1] } else { content };
            out.push_str(kept);
            flowing = Some(depth);
        } else {
            out.push_str(content);
            out.push_str(line_end);
            flowing = None;
        }
    }
    if flowing.is_some() && text.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes the quote marks of a paragraph.
fn quote(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push('>');
    }
    if depth > 0 {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_joined() {
        assert_eq!(unflow("a \nb \nc\nd\n", false), "a b c\nd\n");
        assert_eq!(unflow("a \nb\n", true), "ab\n");
        assert_eq!(unflow("> a \n> b\nc\n", false), "> a b\nc\n");
    }

    #[test]
    fn quote_depth_and_signatures_end_a_paragraph() {
        assert_eq!(unflow("> a \n>> b\n", false), "> a \n>> b\n");
        assert_eq!(unflow("a \n-- \nme\n", false), "a \n-- \nme\n");
    }

    #[test]
    fn stuffed_blanks_are_removed() {
        assert_eq!(unflow("  indented\n From here\n", false), " indented\nFrom here\n");
    }

    #[test]
    fn the_end_of_the_text_ends_a_paragraph() {
        assert_eq!(unflow("a \n", false), "a \n");
        assert_eq!(unflow("a ", false), "a ");
    }
}

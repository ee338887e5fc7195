//! Mails composed at random read back the same, and random bytes never stop the reader.

use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::prop_oneof;
use proptest::proptest;
use proptest::strategy::Just;
use restante::message::extract;
use restante::message::parse;

/// A leaf to be composed.
#[derive(Clone, Debug)]
struct Leaf {
    name: String,
    bytes: Vec<u8>,
    quoted_printable: bool,
}

/// A tree to be composed.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(Leaf),
    Multipart(Vec<Self>),
}

/// Words in any script, no control characters.
fn words() -> impl Strategy<Value = String> {
    "[\\PC&&[^\\p{Z}\\p{C}]]{1,12}( [\\PC&&[^\\p{Z}\\p{C}]]{1,12}){0,4}"
}

fn leaf() -> impl Strategy<Value = Tree> {
    (words(), proptest::collection::vec(any::<u8>(), 0..200), any::<bool>()).prop_map(
        |(name, bytes, quoted_printable)| Tree::Leaf(Leaf { name, bytes, quoted_printable }),
    )
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(4, 24, 5, |inner| {
        proptest::collection::vec(inner, 1..5).prop_map(Tree::Multipart)
    })
}

/// Writes a tree and answers its leaves in order. `number` keeps boundaries apart.
fn compose(tree: &Tree, number: &mut usize, out: &mut Vec<u8>, leaves: &mut Vec<Leaf>) {
    match tree {
        Tree::Leaf(leaf) => {
            out.extend_from_slice(b"Content-Type: application/octet-stream\r\n");
            let encoding = if leaf.quoted_printable { "quoted-printable" } else { "base64" };
            out.extend_from_slice(format!("Content-Transfer-Encoding: {encoding}\r\n").as_bytes());
            let name = rfc_2231(&leaf.name);
            out.extend_from_slice(
                format!("Content-Disposition: attachment;{name}\r\n\r\n").as_bytes(),
            );
            out.extend(if leaf.quoted_printable {
                quoted(&leaf.bytes)
            } else {
                base64(&leaf.bytes)
            });
            leaves.push(leaf.clone());
        }
        Tree::Multipart(children) => {
            *number += 1;
            let boundary = format!("b{number}");
            let line = format!("Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n");
            out.extend_from_slice(line.as_bytes());
            for child in children {
                out.extend_from_slice(format!("\r\n--{boundary}\r\n").as_bytes());
                compose(child, number, out, leaves);
            }
            out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        }
    }
}

/// A file name in continuations of RFC 2231.
fn rfc_2231(name: &str) -> String {
    let encoded: Vec<String> = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let pieces = encoded.chunks(15).enumerate();
    pieces
        .map(|(index, piece)| {
            let charset = if index == 0 { "utf-8''" } else { "" };
            format!("\r\n filename*{index}*={charset}{};", piece.concat())
        })
        .collect()
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    encoded.as_bytes().chunks(76).flat_map(|line| [line, b"\r\n"].concat()).collect()
}

fn quoted(bytes: &[u8]) -> Vec<u8> {
    let escaped = bytes.iter().map(|byte| format!("={byte:02X}")).collect::<Vec<_>>();
    escaped.chunks(20).flat_map(|line| format!("{}=\r\n", line.concat()).into_bytes()).collect()
}

/// Text as encoded words, cut anywhere between bytes, so that characters are split, too.
fn encoded_words(text: &str, base64_words: bool) -> String {
    let word = |piece: &[u8]| {
        if base64_words {
            use base64::Engine as _;
            let encoded = base64::engine::general_purpose::STANDARD.encode(piece);
            format!("=?utf-8?B?{encoded}?=")
        } else {
            let encoded: String = piece.iter().map(|byte| format!("={byte:02X}")).collect();
            format!("=?UTF-8?q?{encoded}?=")
        }
    };
    text.as_bytes().chunks(13).map(word).collect::<Vec<_>>().join("\r\n ")
}

proptest! {
    #[test]
    fn what_was_composed_is_read_back(
        subject in words(),
        // Quotes around a whole name are taken off: senders quote what they encode.
        name in words().prop_filter("quoted", |name| !name.starts_with('"')),
        base64_words in any::<bool>(),
        tree in tree(),
    ) {
        let mut raw = format!(
            "Subject: {}\r\nTo: {} <a@x.test>\r\n",
            encoded_words(&subject, base64_words),
            encoded_words(&name, !base64_words),
        )
        .into_bytes();
        let mut leaves = Vec::new();
        compose(&tree, &mut 0, &mut raw, &mut leaves);
        let message = parse(&raw);
        prop_assert_eq!(message.subject(), Some(subject));
        let to = message.to();
        prop_assert_eq!(to[0].name.as_deref(), Some(name.as_str()));
        prop_assert_eq!(&to[0].address, "a@x.test");
        let read: Vec<_> = message.attachments().collect();
        prop_assert_eq!(read.len(), leaves.len());
        for (part, leaf) in read.into_iter().zip(&leaves) {
            prop_assert_eq!(part.name(), Some(leaf.name.as_str()));
            let decoded = part.decoded(&raw);
            prop_assert_eq!(decoded.as_ref(), leaf.bytes.as_slice());
            let found = message.part(part.path()).map(|found| found.bytes);
            prop_assert_eq!(found.as_deref(), Some(leaf.bytes.as_slice()));
        }
        prop_assert_eq!(message.warnings(), &[]);
    }

    #[test]
    fn no_bytes_stop_the_reader(
        pieces in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..40),
                Just(b"\r\n".to_vec()),
                Just(b"\r\n--b\r\n".to_vec()),
                Just(b"\r\n--b--\r\n".to_vec()),
                Just(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec()),
                Just(b"Content-Type: text/html; charset=utf-7\r\n".to_vec()),
                Just(b"Content-Type: message/rfc822\r\n".to_vec()),
                Just(b"Content-Transfer-Encoding: base64\r\n\r\n".to_vec()),
                Just(b"Content-Transfer-Encoding: x-uuencode\r\n\r\n".to_vec()),
                Just(b"To: =?utf-8?Q?\"(<@[,;:\\".to_vec()),
                Just(b"Date: 9:-+/T12(".to_vec()),
                Just(b"; filename*0*='%\"".to_vec()),
                Just(b"<a href=\"http://&amp;".to_vec()),
            ],
            0..20,
        ),
    ) {
        let raw = pieces.concat();
        let message = parse(&raw);
        message.warnings();
        message.date();
        message.preview(20);
        for part in message.parts() {
            message.part(part.path());
            message.children(part).count();
        }
        message.part("1.1.TEXT");
        message.by_content_id("cid:x");
        extract::links(&message);
        extract::codes(&message);
        let lists = [message.from(), message.to(), message.cc(), message.bcc()];
        let texts = [message.text(), message.plain(), message.html(), message.subject()];
        prop_assert_eq!((lists.len(), texts.len()), (4, 4));
    }
}

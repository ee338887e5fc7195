//! Header text as senders write it.

use super::*;

#[test]
fn encoded_words_are_decoded() {
    let cases = [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Gr\u{fc}\u{df}e"),
        ("=?UTF-8?B?R3LDvMOfZQ==?=", "Gr\u{fc}\u{df}e"),
        ("=?iso-8859-1?q?a_b=5F?=", "a b_"),
        ("=?utf-8*en?Q?a?=", "a"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?a?=\r\n =?iso-8859-1?Q?=FC?=", "a\u{fc}"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "\u{fc}"),
        ("=?utf-8?B?w7zD?= =?utf-8?B?vA==?=", "\u{fc}\u{fc}"),
        ("=?utf-8?B?w7zDv?=\r\n =?utf-8?B?A==?=", "\u{fc}\u{fc}"),
        ("x=?utf-8?Q?a?=y", "xay"),
        ("\"=?utf-8?Q?a?=\"", "\"a\""),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8?Q?what??=", "what?"),
        ("=?utf-8?Q??= empty", " empty"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\u{65e5}\u{672c}"),
        ("=?gb2312?B?1tDOxA==?=", "\u{4e2d}\u{6587}"),
        ("=?x-unknown?Q?=C3=BC?=", "\u{fc}"),
        ("=?utf-8?Q?=0Aline?=", "line"),
        ("=?utf-8?Q?two=0D=0Alines=0A?=", "two lines"),
    ];
    for (value, expected) in cases {
        assert_eq!(decode_words(value.as_bytes(), None), expected, "{value}");
    }
}

#[test]
fn what_is_no_encoded_word_stays() {
    for value in [
        "=?",
        "a =? b",
        "=?utf-8?X?a?=",
        "=?utf-8?Q?a",
        "=?utf-8?Q",
        "?==?=?=?",
        "1=?2",
        "=??Q?a?=",
    ] {
        assert_eq!(decode_words(value.as_bytes(), None), value, "{value}");
    }
}

#[test]
fn folds_and_raw_text_are_undone() {
    assert_eq!(decode_words(b" a\r\n b\r\n\tc ", None), "a b\tc");
    assert_eq!(
        decode_words("Gr\u{fc}\u{df}e =?utf-8?Q?=C3=BC?=".as_bytes(), None),
        "Gr\u{fc}\u{df}e \u{fc}"
    );
    assert_eq!(
        decode_words(b"Gr\xfc\xdfe aus M\xfcnchen", None),
        "Gr\u{fc}\u{df}e aus M\u{fc}nchen"
    );
    let fallback = Encoding::for_label(b"koi8-r");
    assert_eq!(
        decode_words(b"\xf0\xd2\xc9\xd7\xc5\xd4", fallback),
        "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}"
    );
}

#[test]
fn damage_inside_words_is_noticed() {
    let cases = [
        ("=?utf-8?Q?a=C3=BC?=", false),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", false),
        ("=?utf-8?B?w7zDv?=\r\n =?utf-8?B?A==?=", false),
        ("no word =XY, =?=, a=?b", false),
        ("=?utf-8?Q?a=XY?=", true),
        ("=?utf-8?Q?=C3?=", true),
        ("=?utf-8?B?YWJj*ZGVm?=", true),
        ("=?x-unknown?Q?=C3=BC?=", true),
    ];
    for (value, expected) in cases {
        assert_eq!(has_damaged_word(value.as_bytes()), expected, "{value}");
    }
}

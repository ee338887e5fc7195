//! Labels and guesses.

use super::*;

#[test]
fn labels_are_known_by_standard_alias_and_misspelling() {
    let cases = [
        ("utf-8", "UTF-8"),
        ("UTF_8", "UTF-8"),
        ("utf8mb4", "UTF-8"),
        ("\"utf-8\"", "UTF-8"),
        ("unicode-1-1-utf-8", "UTF-8"),
        ("utf-8;", "UTF-8"),
        ("charset=utf-8", "UTF-8"),
        ("iso8859-1", "windows-1252"),
        ("ISO_8859_1", "windows-1252"),
        ("iso-8859-1-windows-3.1-latin-1", "windows-1252"),
        ("latin1", "windows-1252"),
        ("cp-1252", "windows-1252"),
        ("win1251", "windows-1251"),
        ("windows1250", "windows-1250"),
        ("x-cp1251", "windows-1251"),
        ("ms1252", "windows-1252"),
        ("iso 8859 15", "ISO-8859-15"),
        ("koi8", "KOI8-R"),
        ("koi8_u", "KOI8-U"),
        ("gb_2312-80", "GBK"),
        ("cp936", "GBK"),
        ("gb2312-80", "GBK"),
        ("x-gbk", "GBK"),
        ("big5-hkscs", "Big5"),
        ("cp950", "Big5"),
        ("ks_c_5601-1987", "EUC-KR"),
        ("x-windows-949", "EUC-KR"),
        ("cp949", "EUC-KR"),
        ("shift-jis", "Shift_JIS"),
        ("x-sjis", "Shift_JIS"),
        ("cp932", "Shift_JIS"),
        ("iso-2022-jp-ms", "ISO-2022-JP"),
        ("x-euc-jp", "EUC-JP"),
        ("tis-620", "windows-874"),
        ("x-mac-roman", "macintosh"),
        ("ibm866", "IBM866"),
        ("cp866", "IBM866"),
        ("iso-8859-8-i", "ISO-8859-8-I"),
        ("macintosh", "macintosh"),
        ("utf", "UTF-8"),
    ];
    for (label, expected) in cases {
        let found = charset_of(label);
        let Some(Charset::Standard(encoding)) = found else { panic!("{label}: {found:?}") };
        assert_eq!(encoding.name(), expected, "{label}");
    }
}

#[test]
fn every_label_of_the_whatwg_table_is_known() {
    for encoding in [
        "utf-8",
        "ibm866",
        "iso-8859-2",
        "iso-8859-3",
        "iso-8859-4",
        "iso-8859-5",
        "iso-8859-6",
        "iso-8859-7",
        "iso-8859-8",
        "iso-8859-8-i",
        "iso-8859-10",
        "iso-8859-13",
        "iso-8859-14",
        "iso-8859-15",
        "iso-8859-16",
        "koi8-r",
        "koi8-u",
        "macintosh",
        "windows-874",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-1257",
        "windows-1258",
        "x-mac-cyrillic",
        "gbk",
        "gb18030",
        "big5",
        "euc-jp",
        "iso-2022-jp",
        "shift_jis",
        "euc-kr",
    ] {
        assert!(matches!(charset_of(encoding), Some(Charset::Standard(_))), "{encoding}");
    }
}

#[test]
fn undeclared_and_wrong_charsets_are_guessed_and_said() {
    let decode = |bytes: &[u8], label| {
        let text = decode(bytes, label);
        (text.text, text.doubt)
    };
    assert_eq!(decode(b"plain", None), ("plain".into(), None));
    assert_eq!(
        decode("gr\u{fc}n".as_bytes(), None),
        ("gr\u{fc}n".into(), Some(Doubt::Undeclared("UTF-8")))
    );
    assert_eq!(
        decode(b"gr\xfcn", Some("utf-8")),
        ("gr\u{fc}n".into(), Some(Doubt::Wrong("windows-1252")))
    );
    assert_eq!(
        decode(b"\xc3\xbc \xc3", Some("utf-8")),
        ("\u{fc} \u{fffd}".into(), Some(Doubt::Damaged))
    );
    assert_eq!(decode(b"gr\xfcn", Some("x-nothing")).1, Some(Doubt::Unknown("windows-1252")));
}

//! Headers of both versions, whole and in pieces, and what only looks like one.

use super::*;

/// A header of version 2 with a command, a family, and what follows.
fn version_2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
    [SIGNATURE_2, &[0x20 | command, family], &length, rest].concat()
}

fn ip(text: &str) -> Source {
    Source::Ip(text.parse().unwrap())
}

/// Each with the source it names.
fn headers() -> Vec<(Vec<u8>, Source)> {
    let line = |text: &str| format!("{text}\r\n").into_bytes();
    let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 0x04, 0, 25];
    let v6: Vec<u8> =
        [&Ipv6Addr::from(0x2001_0db8 << 96 | 1).octets()[..], &[0; 16], &[0x04, 0x01, 0, 25]]
            .concat();
    let mut unix = [0; 216];
    unix[..5].copy_from_slice(b"/tmp/");
    let with_fields = [&v4[..], &[0x04, 0, 2, 9, 9, 0x20, 0, 1, 7]].concat();
    vec![
        (line("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25"), ip("192.0.2.1:56324")),
        (line("PROXY TCP6 2001:db8::1 ::1 0 65535"), ip("[2001:db8::1]:0")),
        (line("PROXY UNKNOWN"), Source::Itself),
        (line("PROXY UNKNOWN ffff:: whatever comes"), Source::Itself),
        (version_2(1, 0x11, &v4), ip("192.0.2.1:56324")),
        (version_2(1, 0x11, &with_fields), ip("192.0.2.1:56324")),
        (version_2(1, 0x21, &v6), ip("[2001:db8::1]:1025")),
        (version_2(1, 0x31, &unix), Source::Unix("/tmp/".to_owned())),
        (version_2(1, 0x31, &[0; 216]), Source::Unix(String::new())),
        (version_2(0, 0x11, &v4), Source::Itself),
        (version_2(0, 0x00, &[]), Source::Itself),
        (version_2(1, 0x00, &[]), Source::Itself),
        (version_2(1, 0x12, &v4), Source::Itself),
        (version_2(1, 0x11, &[0; REST_BYTES_MAX]), ip("0.0.0.0:0")),
    ]
}

#[test]
fn a_header_is_read_once_it_is_whole_and_no_further() {
    for (header, source) in headers() {
        for end in 0..header.len() {
            assert_eq!(parse(&header[..end]), Ok(None), "{end} bytes of {header:?}");
        }
        let expected = Header { source, length_bytes: header.len() };
        for behind in [&b""[..], b"EHLO x\r\n", b"\x16\x03\x01"] {
            let received = [&header, behind].concat();
            assert_eq!(parse(&received), Ok(Some(expected.clone())), "{header:?}");
        }
    }
}

#[test]
fn anything_else_is_refused() {
    let line = |text: &str| format!("{text}\r\n").into_bytes();
    for bytes in [
        line("EHLO x"),
        line("PROXY TCP4 192.0.2.1 198.51.100.1 56324"),
        line("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25 1"),
        line("PROXY TCP4 192.0.2.1 198.51.100.1 65536 25"),
        line("PROXY TCP4 192.0.2.1 198.51.100.1 +1 25"),
        line("PROXY TCP4 192.0.2.1 198.51.100.1  25"),
        line("PROXY TCP4 ::1 ::1 1 25"),
        line("PROXY TCP6 192.0.2.1 198.51.100.1 1 25"),
        line("PROXY TCP4 mail.test 198.51.100.1 1 25"),
        line("PROXY UDP4 192.0.2.1 198.51.100.1 1 25"),
        line("PROXY  TCP4 192.0.2.1 198.51.100.1 1 25"),
        line("PROXY \u{e9}"),
        b"PROXY \xE9\r\n".to_vec(),
        b"proxy ".to_vec(),
        b"\r\n\r\n\0\r\nQUIT!".to_vec(),
        [SIGNATURE_2, &[0x11, 0x11, 0, 0]].concat(),
        version_2(2, 0x11, &[0; 12]),
        version_2(1, 0x11, &[0; 11]),
        version_2(1, 0x21, &[0; 35]),
        version_2(1, 0x31, &[0; 215]),
        version_2(1, 0x11, &[0; REST_BYTES_MAX + 1]),
    ] {
        assert!(parse(&bytes).is_err(), "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn a_line_has_an_end() {
    let of_length = |length: usize| {
        let words = "PROXY UNKNOWN ";
        format!("{words}{}\r\n", "x".repeat(length - words.len() - 2)).into_bytes()
    };
    for (length, is_header) in [(106, true), (107, true), (108, false)] {
        let header = of_length(length);
        assert_eq!(header.len(), length);
        assert_eq!(parse(&header).is_ok(), is_header, "{length}");
    }
    assert_eq!(parse(&of_length(200)[..106]), Ok(None));
    assert!(parse(&of_length(200)[..107]).is_err());
}

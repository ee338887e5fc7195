//! Every form a flag's value may take, and what is said about the rest.

use std::fmt::Debug;

use restante::config::Security;
use restante::config::SmtpListener;
use restante::dialogue::Protocol;

use super::*;
use crate::cli::values::listener::Listeners;
use crate::cli::values::listener::SmtpListeners;
use crate::cli::values::listener::listeners;
use crate::cli::values::listener::smtp_listeners;

fn all_right<T: Debug + PartialEq>(
    read: impl Fn(&str) -> Result<T, String>,
    rows: impl IntoIterator<Item = (&'static str, T)>,
) {
    for (text, expected) in rows {
        assert_eq!(read(text), Ok(expected), "{text:?}");
    }
}

fn all_wrong<T: Debug>(read: impl Fn(&str) -> Result<T, String>, rows: &[(&str, &str)]) {
    for (text, reason) in rows {
        let error = read(text).expect_err(&format!("{text:?} is wrong"));
        assert!(error.contains(reason), "{text:?} gave {error:?}, not {reason:?}");
    }
}

#[test]
fn listeners_are_ports_with_or_without_an_address() {
    let read = |text: &str| {
        listeners(text)
            .map(|Listeners(all)| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    };
    let rows = [
        ("1025", "127.0.0.1:1025"),
        ("0", "127.0.0.1:0"),
        ("localhost:1025", "127.0.0.1:1025"),
        ("0.0.0.0:65535", "0.0.0.0:65535"),
        ("[::1]:1025", "[::1]:1025"),
        ("[::]:25", "[::]:25"),
        (" 1025  [::1]:1587 ", "127.0.0.1:1025 [::1]:1587"),
    ];
    all_right(read, rows.map(|(text, expected)| (text, expected.to_owned())));
    all_wrong(
        read,
        &[
            ("", "right are"),
            ("65536", "0 to 65535"),
            ("+25", "0 to 65535"),
            ("smtp", "0 to 65535"),
            ("127.0.0.1", "0 to 65535"),
            ("127.0.0.1:", "0 to 65535"),
            (":1025", "0.0.0.0"),
            ("::1:1025", "brackets"),
            ("mail.test:1025", "not looked up"),
            ("8025,tls", "no option \"tls\""),
            ("1025 x:1", "\"x\""),
        ],
    );
}

#[test]
fn smtp_listeners_say_what_they_speak() {
    let shown = |listener: &SmtpListener| {
        let SmtpListener { place, protocol, security, behind_proxy } = listener;
        let proxy = if *behind_proxy { " proxy" } else { "" };
        format!("{place} {} {}{proxy}", protocol.name(), security.name())
    };
    let read = |text: &str| {
        smtp_listeners(text)
            .map(|SmtpListeners(all)| all.iter().map(shown).collect::<Vec<_>>().join("; "))
    };
    let rows = [
        ("1025", "127.0.0.1:1025 smtp none"),
        ("1587,starttls", "127.0.0.1:1587 smtp starttls"),
        ("0.0.0.0:1587,STARTTLS=required", "0.0.0.0:1587 smtp starttls-required"),
        ("[::1]:1465,tls", "[::1]:1465 smtp implicit"),
        ("1024,lmtp", "127.0.0.1:1024 lmtp none"),
        ("1024,proxy,lmtp,starttls", "127.0.0.1:1024 lmtp starttls proxy"),
        ("1465,tls,proxy,tls", "127.0.0.1:1465 smtp implicit proxy"),
        ("unix:/run/a:b", "unix:/run/a:b smtp none"),
        ("unix:lmtp.sock,lmtp", "unix:lmtp.sock lmtp none"),
        (" 1025 1465,tls ", "127.0.0.1:1025 smtp none; 127.0.0.1:1465 smtp implicit"),
    ];
    all_right(read, rows.map(|(text, expected)| (text, expected.to_owned())));
    all_wrong(
        read,
        &[
            ("", "right are"),
            ("1025,", "no option \"\"; right are"),
            ("1025,tsl", "no option \"tsl\"; right are 1025, 1587,starttls"),
            ("1025,starttls=yes", "no option"),
            ("1025,tls,starttls", "one way only"),
            ("1025,starttls,starttls=required", "one way only"),
            ("unix:", "unix:/run"),
            ("unix:,lmtp", "unix:/run"),
            ("80000,tls", "0 to 65535"),
            ("1025 2525,x", "\"x\""),
        ],
    );
    let default = SmtpListener::from(std::net::SocketAddr::from(([127, 0, 0, 1], 1_025)));
    assert_eq!((default.protocol, default.security), (Protocol::Smtp, Security::Clear));
}

#[test]
fn rates_are_a_count_within_a_time() {
    let of = |count, seconds| Rate { count, within: Duration::from_secs(seconds) };
    all_right(
        rate,
        [
            ("10/1s", of(10, 1)),
            ("1/s", of(1, 1)),
            ("100 / 2m", of(100, 120)),
            ("5/h", of(5, 3_600)),
        ],
    );
    let form = "right are 10/1s";
    let wrong =
        ["", "10", "/1s", "0/1s", "10/0s", "10/", "-1/1s", "10/1", "4294967296/1s", "1/2/s"];
    all_wrong(rate, &wrong.map(|text| (text, form)));
}

#[test]
fn networks_and_names_say_what_is_right() {
    assert!(network(" 10.0.0.0/8 ").is_ok() && tls_name("mail.test").is_ok());
    all_wrong(network, &[("localhost", "10.0.0.0/8"), ("10.0.0.0/40", "10.0.0.0/8")]);
    all_wrong(tls_name, &[("http://x", "mail.test"), ("", "mail.test")]);
}

#[test]
fn sizes_count_by_1024_in_every_spelling() {
    all_right(
        size_bytes,
        [
            ("0", 0),
            ("1048576", 1 << 20),
            ("12b", 12),
            ("64k", 64 << 10),
            ("100MB", 100 << 20),
            ("512MiB", 512 << 20),
            ("1 GiB", 1 << 30),
            ("2g", 2 << 30),
        ],
    );
    let form = "right are 512MiB";
    all_wrong(
        size_bytes,
        &[
            ("", form),
            ("k", form),
            ("1.5g", form),
            ("-1", form),
            ("1ib", form),
            ("1t", form),
            ("1mm", form),
            ("18446744073709551615k", form),
            ("99999999999999999999", form),
        ],
    );
    all_wrong(size_bytes_above_zero, &[("0", "hold nothing"), ("x", form)]);
    all_right(command_line_bytes, [("512", 512), ("4k", 4_096)]);
    all_wrong(command_line_bytes, &[("511", "512")]);
}

#[test]
fn counts_start_at_one() {
    all_right(count, [("1", 1), ("10000", 10_000)]);
    all_wrong(count, &[("0", "from 1"), ("-1", "from 1"), ("many", "from 1"), ("", "from 1")]);
}

#[test]
fn durations_have_a_unit() {
    all_right(
        duration,
        [
            ("0s", Duration::ZERO),
            ("500ms", Duration::from_millis(500)),
            ("10s", Duration::from_secs(10)),
            ("2m", Duration::from_secs(120)),
            ("1h", Duration::from_secs(3_600)),
            ("365d", DURATION_MAX),
        ],
    );
    let form = "with its unit";
    let wrong = ["", "10", "s", "1.5s", "366d", "10 parsecs", "99999999999999999d", "-1s"];
    all_wrong(duration, &wrong.map(|text| (text, form)));
    all_wrong(duration_above_zero, &[("0ms", "no time")]);
}

#[test]
fn host_names_stand_alone() {
    let exactly = |name: &str| HostPattern::Exactly(name.to_owned());
    all_right(
        host_pattern,
        [
            ("Mail.Example.com.", exactly("mail.example.com")),
            (" dev_box ", exactly("dev_box")),
            ("*.Example.com", HostPattern::Below("example.com".to_owned())),
            ("*", HostPattern::Any),
        ],
    );
    let form = "this is no host name";
    all_wrong(host_pattern, &["", "http://x", "x/y", "x y", "a.*.b"].map(|text| (text, form)));
}

#[test]
fn base_paths_have_one_spelling() {
    all_right(
        base_path,
        [
            ("", ""),
            ("/", ""),
            ("mail", "/mail"),
            ("/mail/", "/mail"),
            ("/a/b-c_d.~1", "/a/b-c_d.~1"),
        ]
        .map(|(text, expected)| (text, expected.to_owned())),
    );
    let form = "a path such as /mail";
    all_wrong(
        base_path,
        &[("/a//b", form), ("/../x", form), ("/a b", form), ("/%61", form), ("/a?b", form)],
    );
}

#[test]
fn a_misspelt_level_is_no_silence() {
    let same = |text: &'static str| (text, text.to_owned());
    all_right(log_filter, ["info", "DEBUG", "warn,restante::smtp=trace"].map(same));
    let form = "one of off, error";
    all_wrong(log_filter, &[("", form), ("inof", form), ("restante", form), ("info,,", form)]);
    assert!(log_filter("restante=loud").is_err());
}

//! What a recorder writes down is what is read.

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::dialogue::Endpoint;
use crate::dialogue::Protocol;
use crate::dialogue::record::Room;
use crate::dialogue::transcript::Line;

fn recorder() -> (Recorder, Instant) {
    let end = Endpoint::from(([127, 0, 0, 1], 1));
    let record = Record::new(1, Timestamp::UNIX_EPOCH, (end.clone(), end), Protocol::Smtp);
    let now = Instant::now();
    (Recorder::new(Arc::new(record), now), now)
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

fn all(recorder: &Recorder) -> Vec<Line> {
    recorder.record().said().0.lines()
}

/// A mail as most are sent, all commands to one read each.
fn mail(recorder: &mut Recorder, number: u64, at: Instant) {
    let mut say = |step: u64, line: &str| {
        recorder.set_now(at + Duration::from_micros(number * 1_000 + step * 150));
        recorder.client(line);
        if line.starts_with("MAIL") {
            recorder.mail_begins();
        }
        recorder.server(if line == "DATA" { "354 go" } else { "250 ok" }, 250);
        recorder.flush();
    };
    say(0, "MAIL FROM:<sender@example.com>");
    say(1, &format!("RCPT TO:<recipient{number}@example.com>"));
    say(2, "DATA");
    recorder.set_now(at + Duration::from_micros(number * 1_000 + 450));
    recorder.body(1_024);
    recorder.flush();
    recorder.mail_held(number.into());
    recorder.server_text(format!("250 held as 01KAN7X3M8Q4{number:014}").as_bytes(), 250);
    recorder.flush();
}

#[test]
fn what_was_said_is_read_with_its_times() {
    let (mut recorder, began) = recorder();
    recorder.server_text(b"220 mail.test\r\n220 x", 220);
    recorder.set_now(began + Duration::from_micros(1_500));
    recorder.client("NOPE");
    recorder.server("500 unknown", 500);
    recorder.set_now(began + Duration::from_secs(3));
    recorder.flush();
    recorder.close("closed", false);
    let lines = all(&recorder);
    assert_eq!(
        texts(&lines),
        ["the client connected", "220 mail.test\n220 x", "NOPE", "500 unknown", "closed"]
    );
    let times: Vec<_> = lines.iter().map(|line| line.microseconds).collect();
    assert_eq!(times, [0, 0, 1_500, 1_500, 3_000_000]);
    let seen = recorder.record().seen();
    let failure = seen.last_error.as_deref().expect("a reply was 500");
    assert_eq!((&*failure.command, &*failure.reply), ("NOPE", "500 unknown"));
    assert_eq!((seen.error_count, seen.closed), (1, Some(3_000_000)));
    assert!(seen.has_failed());
}

#[test]
fn an_open_session_shows_what_was_handed_over() {
    let (mut recorder, _) = recorder();
    assert!(all(&recorder).is_empty());
    recorder.flush();
    recorder.client("NOOP");
    assert_eq!(texts(&all(&recorder)), ["the client connected"]);
}

#[test]
fn a_usual_mail_takes_some_sixty_bytes() {
    let (mut recorder, began) = recorder();
    mail(&mut recorder, 1, began);
    let before = recorder.position();
    for number in 2..102 {
        mail(&mut recorder, number, began);
    }
    let each = (recorder.position() - before) / 100;
    assert!(each <= 60, "{each} bytes");
}

#[test]
fn a_mails_part_is_found_among_ten_thousand() {
    let (mut recorder, began) = recorder();
    recorder.client("EHLO x");
    recorder.server("250 hello", 250);
    let mut starts = Vec::new();
    for number in 0..10_000 {
        mail(&mut recorder, number, began);
        starts.push(recorder.record().part_of_mail().start);
    }
    let (said, first_mail) = recorder.record().said();
    let first_mail = first_mail.expect("there are mails");
    for (number, start) in [(0, starts[0]), (4_321, starts[4_321]), (9_999, starts[9_999])] {
        let lines = said.lines_of_mail(first_mail, start);
        let mut expected =
            vec!["the client connected".to_owned(), "EHLO x".into(), "250 hello".into()];
        if number > 0 {
            expected.push("what was said here is not about this mail: the session has it".into());
        }
        expected.extend(["MAIL FROM:<sender@example.com>".into(), "250 ok".into()]);
        expected.extend([format!("RCPT TO:<recipient{number}@example.com>"), "250 ok".into()]);
        expected.extend(["DATA".into(), "354 go".into()]);
        expected.push("a mail of 1024 bytes was received".into());
        expected.push(format!("250 held as 01KAN7X3M8Q4{number:014}"));
        assert_eq!(texts(&lines), expected);
        let times: Vec<_> = lines.iter().map(|line| line.microseconds).collect();
        assert!(times.is_sorted(), "{times:?}");
    }
    assert_eq!(recorder.record().seen().mail_count, 10_000);
    assert_eq!(recorder.record().mails().len(), crate::dialogue::record::MAILS_MAX);
}

#[test]
fn each_mail_counts_its_part_and_the_first_the_session() {
    let (mut recorder, began) = recorder();
    mail(&mut recorder, 1, began);
    let first = recorder.record().part_of_mail().size_bytes;
    mail(&mut recorder, 2, began);
    let second = recorder.record().part_of_mail().size_bytes;
    assert!(first as usize > crate::dialogue::record::RECORD_BYTES, "{first}");
    assert!((20..70).contains(&second), "{second}");
}

#[test]
fn a_line_is_cut_above_its_limit() {
    for (length, is_cut) in
        [(LINE_BYTES_MAX - 1, false), (LINE_BYTES_MAX, false), (LINE_BYTES_MAX + 1, true)]
    {
        let (mut recorder, _) = recorder();
        recorder.client(&"x".repeat(length));
        recorder.flush();
        let line = all(&recorder).pop().expect("a line was said");
        assert_eq!(line.text.ends_with('…'), is_cut, "{length}");
        assert_eq!(line.text.trim_end_matches('…').len(), length.min(LINE_BYTES_MAX));
    }
}

/// Lines that share nothing, of `size` bytes packed altogether.
fn chatter(recorder: &mut Recorder, size: u64) {
    let mut seed = 1_u64;
    while recorder.position() < size {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        recorder.client(&format!("{seed:020}").repeat(10));
    }
    recorder.flush();
}

#[test]
fn a_transcript_above_its_limit_loses_its_oldest() {
    let limit = TRANSCRIPT_BYTES_MAX as u64;
    for (size, is_whole) in [
        (limit - 2 * PIECE_BYTES, true),
        (limit - PIECE_BYTES, true),
        (limit + PIECE_BYTES * 2, false),
    ] {
        let (mut recorder, _) = recorder();
        chatter(&mut recorder, size);
        let lines = all(&recorder);
        assert_eq!(lines[0].text == "the client connected", is_whole, "{size}");
        assert_eq!(lines[0].text.starts_with("what was said before"), !is_whole, "{size}");
        let bytes: usize = lines.iter().map(|line| line.text.len()).sum();
        assert!(bytes < TRANSCRIPT_BYTES_MAX + PIECE_BYTES as usize, "{bytes}");
    }
}

#[test]
fn in_a_crowd_a_session_keeps_its_last_pieces() {
    let room = Arc::new(Room::new(3 * PIECE_BYTES as usize));
    let (mut one, _) = recorder();
    let (mut other, _) = recorder();
    one.record().count_in(&room);
    other.record().count_in(&room);
    chatter(&mut one, 2 * PIECE_BYTES);
    assert_eq!(all(&one)[0].text, "the client connected");
    chatter(&mut other, 20 * PIECE_BYTES);
    assert!(all(&other)[0].text.starts_with("what was said before"));
    assert!(room.bytes() < 6 * PIECE_BYTES as usize, "{}", room.bytes());
    one.record().count_out();
    other.record().count_out();
    assert_eq!(room.bytes(), 0);
}

#[test]
fn a_recorder_that_goes_closes_its_record() {
    let (recorder, _) = recorder();
    let record = Arc::clone(recorder.record());
    assert!(!record.is_closed());
    drop(recorder);
    assert!(record.is_closed());
    assert_eq!(record.said().0.lines().pop().expect("it is noted").text, "the connection broke");
}

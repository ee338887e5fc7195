//! The bytes of a transcript: lines packed by what they share with the last line of their kind.
//!
//! Knows the layout alone; neither sessions nor what is worth keeping.
//!
//! A line is a tag, then the time since the line before unless that is none, then what its form
//! needs. Numbers are LEB128. The tag: two bits for who spoke, two for the form, three for the
//! slot, one that says there is a time. Both sides keep the same last lines, one in each slot: a
//! line that was said before is a tag, one that differs in its middle is the middle.

/// Who spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The client.
    Client,
    /// This server.
    Server,
    /// Nobody: something happened.
    Note,
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words<'a> {
    /// A line of the list that both sides know, by its number.
    Fixed(u8),
    /// A line of its own.
    Text(&'a [u8]),
    /// So many bytes of mail were received.
    Body(u64),
}

/// The last line in each slot.
#[derive(Debug, Default)]
pub(super) struct Slots([Vec<u8>; SLOTS]);

impl Slots {
    /// Forgets all lines, as at the start of a piece that must be readable by itself.
    pub(super) fn clear(&mut self) {
        self.0.iter_mut().for_each(Vec::clear);
    }

    /// Appends a line that was said so many microseconds after the one before.
    pub(super) fn pack(
        &mut self,
        out: &mut Vec<u8>,
        speaker: Speaker,
        microseconds: u64,
        words: Words<'_>,
    ) {
        let tag_at = out.len();
        out.push(0);
        if microseconds > 0 {
            push_number(out, microseconds);
        }
        let (form, slot) = match words {
            Words::Fixed(number) => {
                out.push(number);
                (FIXED, 0)
            }
            Words::Body(bytes) => {
                push_number(out, bytes);
                (BODY, 0)
            }
            Words::Text(text) => {
                let slot = slot_of(speaker, text);
                (self.push_text(out, slot, text), slot)
            }
        };
        let timed = u8::from(microseconds > 0);
        let slot = u8::try_from(slot).unwrap_or_default();
        out[tag_at] = speaker as u8 | form << 2 | slot << 4 | timed << 7;
    }

    /// Takes the next line off the front. None at the end, or where the bytes make no sense.
    pub(super) fn unpack<'a>(&'a mut self, rest: &mut &[u8]) -> Option<(Speaker, u64, Words<'a>)> {
        let tag = take_byte(rest)?;
        let speaker = match tag & 3 {
            0 => Speaker::Client,
            1 => Speaker::Server,
            _ => Speaker::Note,
        };
        let microseconds = if tag >> 7 == 1 { take_number(rest)? } else { 0 };
        let words = match tag >> 2 & 3 {
            FIXED => Words::Fixed(take_byte(rest)?),
            BODY => Words::Body(take_number(rest)?),
            form => {
                let line = &mut self.0[usize::from(tag >> 4 & 7)];
                if form == EDIT {
                    take_edit(rest, line)?;
                }
                Words::Text(line)
            }
        };
        Some((speaker, microseconds, words))
    }

    fn push_text(&mut self, out: &mut Vec<u8>, slot: usize, text: &[u8]) -> u8 {
        let line = &mut self.0[slot];
        if line == text && !text.is_empty() {
            return SAME;
        }
        let shorter = line.len().min(text.len());
        let front = line.iter().zip(text).take_while(|(a, b)| a == b).count();
        let ends = line.iter().rev().zip(text.iter().rev());
        let back = ends.take(shorter - front).take_while(|(a, b)| a == b).count();
        let middle = &text[front..text.len() - back];
        push_number(out, front as u64);
        push_number(out, back as u64);
        push_number(out, middle.len() as u64);
        out.extend_from_slice(middle);
        line.clear();
        line.extend_from_slice(text);
        EDIT
    }
}

/// Which line a new one is likely to resemble: of the client's the last with the same command, by
/// its first and third letter, which upper and lower case leave the same.
fn slot_of(speaker: Speaker, text: &[u8]) -> usize {
    match (speaker, text) {
        (Speaker::Client, [first, _, third, ..]) => usize::from(first ^ third) % CLIENT_SLOTS,
        (Speaker::Client, _) => 0,
        (Speaker::Server, _) => CLIENT_SLOTS,
        (Speaker::Note, _) => CLIENT_SLOTS + 1,
    }
}

fn take_edit(rest: &mut &[u8], line: &mut Vec<u8>) -> Option<()> {
    let mut take_length = || take_number(rest).and_then(|length| usize::try_from(length).ok());
    let (front, back, middle) = (take_length()?, take_length()?, take_length()?);
    let (middle, behind) = rest.split_at_checked(middle)?;
    *rest = behind;
    let back = line.len().checked_sub(back).filter(|back| *back >= front)?;
    line.splice(front..back, middle.iter().copied());
    Some(())
}

fn push_number(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        out.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7F) as u8);
}

fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = take_byte(rest)?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte <= 0x7F {
            return Some(number);
        }
    }
    None
}

fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (byte, behind) = rest.split_first()?;
    *rest = behind;
    Some(*byte)
}

/// The forms: by number, how many bytes, as before, as before but for the middle.
const FIXED: u8 = 0;
const BODY: u8 = 1;
const SAME: u8 = 2;
const EDIT: u8 = 3;

/// Three bits of the tag.
const SLOTS: usize = 8;
const CLIENT_SLOTS: usize = 5;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(lines: &[(Speaker, u64, &str)]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut slots = Slots::default();
        for (speaker, microseconds, text) in lines {
            slots.pack(&mut out, *speaker, *microseconds, Words::Text(text.as_bytes()));
        }
        out
    }

    fn unpacked(bytes: &[u8]) -> Vec<(Speaker, u64, String)> {
        let mut rest = bytes;
        let mut slots = Slots::default();
        let mut lines = Vec::new();
        while let Some((speaker, microseconds, words)) = slots.unpack(&mut rest) {
            let text = match words {
                Words::Text(text) => String::from_utf8_lossy(text).into_owned(),
                Words::Fixed(number) => format!("fixed {number}"),
                Words::Body(bytes) => format!("body {bytes}"),
            };
            lines.push((speaker, microseconds, text));
        }
        lines
    }

    #[test]
    fn a_line_said_before_costs_its_tag() {
        let line = (Speaker::Client, 0, "MAIL FROM:<sender@example.com>");
        assert_eq!(packed(&[line, line]).len() - packed(&[line]).len(), 1);
        let other = (Speaker::Client, 0, "MAIL FROM:<sender2@example.com>");
        assert_eq!(packed(&[line, other]).len() - packed(&[line]).len(), 5);
    }

    #[test]
    fn the_commands_of_a_mail_keep_out_of_each_others_way() {
        let slots =
            ["MAIL", "rcpt", "DATA", "BDAT"].map(|verb| slot_of(Speaker::Client, verb.as_bytes()));
        assert_eq!(
            slots.map(|slot| slots.iter().filter(|other| **other == slot).count()),
            [1, 1, 1, 1]
        );
        assert_eq!(slot_of(Speaker::Client, b"mail"), slots[0]);
    }

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked(
            lines in prop::collection::vec((0..4_u8, any::<u64>(), "[a-c:<é ]{0,12}"), 0..40)
        ) {
            let mut out = Vec::new();
            let mut slots = Slots::default();
            let mut expected = Vec::new();
            for (kind, number, text) in &lines {
                let (speaker, words, shown) = match kind {
                    0 => (Speaker::Client, Words::Text(text.as_bytes()), text.clone()),
                    1 => (Speaker::Server, Words::Text(text.as_bytes()), text.clone()),
                    2 => (Speaker::Server, Words::Fixed(7), "fixed 7".to_owned()),
                    _ => (Speaker::Note, Words::Body(*number), format!("body {number}")),
                };
                let microseconds = number >> (number % 64);
                slots.pack(&mut out, speaker, microseconds, words);
                expected.push((speaker, microseconds, shown));
            }
            prop_assert_eq!(unpacked(&out), expected);
        }

        #[test]
        fn bytes_that_make_no_sense_end_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            assert!(unpacked(&bytes).len() <= bytes.len());
        }
    }
}

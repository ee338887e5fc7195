//! The mails that are searched, and what is known of each: what a search should find is decided
//! here, from the words, never from the mail.

use crate::search::mime;
use crate::search::words::Random;
use crate::search::words::Words;

/// Mails of one kind.
pub(crate) struct Load {
    /// What they are.
    pub(crate) name: String,
    /// How many.
    pub(crate) mails: usize,
    /// Their words.
    pub(crate) words: Words,
    is_mime: bool,
}

/// A mail to send, and what is in it.
pub(crate) struct Mail {
    /// As it is sent, the last line end left to the sender.
    pub(crate) raw: Vec<u8>,
    /// What is in it.
    pub(crate) known: Known,
}

/// What a mail says to its reader, in lower case, white space as single blanks.
pub(crate) struct Known {
    /// Which mail of the load.
    pub(crate) number: usize,
    /// Name and address of the sender.
    pub(crate) from: String,
    /// The subject.
    pub(crate) subject: String,
    /// The text, which is that of the HTML too.
    pub(crate) text: String,
    /// The name of its attachment.
    pub(crate) attachment: Option<String>,
}

impl Load {
    /// Plain mails of 1 KB with few different words.
    pub(crate) fn plain(mails: usize) -> Self {
        let name = format!("{mails} mails of 1 KB");
        Self { name, mails, words: Words::new(20, mails.div_ceil(GROUP_MAILS)), is_mime: false }
    }

    /// Mails of about 12 KB as applications compose them.
    pub(crate) fn mime(mails: usize) -> Self {
        let name = format!("{mails} mails of 12 KB");
        Self { name, mails, words: Words::new(2_000, mails.div_ceil(GROUP_MAILS)), is_mime: true }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Mail> {
        (0..self.mails).map(|number| self.mail(number)).collect()
    }

    fn mail(&self, number: usize) -> Mail {
        let paragraphs = self.paragraphs(number);
        let sender = number % SENDERS;
        let (first, last) = self.sender_name(sender);
        let word = capitalised(&self.words.common[number % 20]);
        let is_foreign = self.is_mime && number % 3 == 2;
        let subject = format!("{word} {} order {number}x", if is_foreign { "für" } else { "for" });
        let from = format!("{} {} <app{sender}@apps.test>", capitalised(first), capitalised(last));
        let mut raw = format!(
            "From: {from}\r\nTo: {}\r\nSubject: {}\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\
             Message-ID: <{}>\r\nX-Job: {}\r\nMIME-Version: 1.0\r\n",
            addressees(number).join(", "),
            if is_foreign { mime::encoded_word(&subject) } else { subject.clone() },
            message_id(number),
            job(number),
        );
        if let Some(inbox) = inbox(number) {
            raw.push_str(&format!("X-Restante-Inbox: {inbox}\r\n"));
        }
        let attachment =
            (self.is_mime && number.is_multiple_of(3)).then(|| format!("invoice-{number}.pdf"));
        if self.is_mime {
            mime::body(&mut raw, number, &paragraphs, attachment.as_deref());
        } else {
            raw.push_str("Content-Type: text/plain; charset=utf-8\r\n");
            raw.push_str("Content-Transfer-Encoding: 8bit\r\n\r\n");
            raw.push_str(&mime::wrapped(&paragraphs));
        }
        let (from, subject) = (from.to_lowercase(), subject.to_lowercase());
        let text = paragraphs.join(" ").to_lowercase();
        Mail { raw: raw.into_bytes(), known: Known { number, from, subject, text, attachment } }
    }

    /// First and last name of a sender.
    pub(crate) fn sender_name(&self, sender: usize) -> (&str, &str) {
        (&self.words.common[sender % 20], &self.words.names[sender % self.words.names.len()])
    }

    fn paragraphs(&self, number: usize) -> Vec<String> {
        let words = &self.words;
        let mut random = Random::of(number);
        let mut drawn = |count: usize| -> String {
            let drawn: Vec<_> = (0..count).map(|_| words.draw(&mut random)).collect();
            capitalised(&drawn.join(" "))
        };
        let mut planted = format!("{} {} {}", drawn(6), token(number), self.group(number));
        if number % 50 == 3 {
            planted = format!("{planted} {}", words.short[number / 50 % words.short.len()]);
        }
        if number % 25 == 1 {
            planted = format!("{planted} {}", words.foreign[number / 25 % words.foreign.len()]);
        }
        let step = (self.mails / RARE_MAILS).max(2);
        if number % step == 1 {
            planted = format!("{planted} {}", 987_654_321 - number / step);
        }
        let mut paragraphs = vec![planted, link(number), format!("Your code: {}", code(number))];
        let (count, length) = if self.is_mime { (9, 57) } else { (1, 90) };
        paragraphs.extend((0..count).map(|_| drawn(length)));
        paragraphs
    }

    /// The word that this mail has in common with some hundreds.
    pub(crate) fn group(&self, number: usize) -> &str {
        &self.words.groups[number % self.words.groups.len()]
    }
}

impl Known {
    /// Whether a bare word finds it.
    pub(crate) fn says(&self, word: &str) -> bool {
        let has = |text: &str| text.contains(word);
        has(&self.text)
            || has(&self.subject)
            || has(&self.from)
            || has(ENVELOPE_FROM)
            || addressees(self.number).iter().any(|address| has(address))
            || self.attachment.as_deref().is_some_and(has)
    }
}

/// The recipient of a mail.
pub(crate) fn recipient(number: usize) -> String {
    format!("user{number}@x.test")
}

/// All its `To`: some name a team beside the recipient.
pub(crate) fn addressees(number: usize) -> Vec<String> {
    let team = number.is_multiple_of(50).then(|| format!("team@d{}.test", number / 50 % 100));
    [recipient(number)].into_iter().chain(team).collect()
}

/// Its message id.
pub(crate) fn message_id(number: usize) -> String {
    format!("{:x}.{number}@bench.test", number * 7_919)
}

/// The value of its header X-Job.
pub(crate) fn job(number: usize) -> String {
    format!("job{number}z")
}

/// The inbox it asks for.
pub(crate) fn inbox(number: usize) -> Option<String> {
    number.is_multiple_of(10).then(|| format!("team{}", number / 10 % 10))
}

/// A word that no other mail has.
pub(crate) fn token(number: usize) -> String {
    format!("tok{number}x")
}

/// The address it links to.
pub(crate) fn link(number: usize) -> String {
    format!("https://shop.test/o/{}", link_end(number))
}

/// What makes that address differ from all others.
pub(crate) fn link_end(number: usize) -> String {
    format!("o{number}q")
}

/// Its one-time code.
pub(crate) fn code(number: usize) -> String {
    format!("{:06}", number * 7_919 % 1_000_000)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The sender on the envelope of each.
pub(crate) const ENVELOPE_FROM: &str = "a@example.com";
/// How many senders there are.
pub(crate) const SENDERS: usize = 97;
/// How many mails have a group's word.
const GROUP_MAILS: usize = 500;
/// About how many mails have a number of nine digits.
const RARE_MAILS: usize = 20;

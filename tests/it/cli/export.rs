//! `restante export`: what is written is what was held, and other programs read it.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::assert_failed;
use crate::cli::running::restante;
use crate::cli::running::stderr;
use crate::support::Client;

/// A folder of its own, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("restante-{name}-{}", std::process::id()));
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn files(&self, below: &str) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.0.join(below)).unwrap();
        let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_file(&self.0);
    }
}

const MAILS: [&str; 3] = [
    "From: a@x.test\r\nTo: ada@x.test\r\nSubject: One\r\n\r\nFrom here\r\n>From there\r\nend",
    "From: a@x.test\r\nTo: ada@x.test\r\nSubject: Two\r\n\r\n\r\n",
    "Subject: Three\r\nTo: bob@x.test\r\n\r\nbare \r and \u{e9}\r\n",
];

fn server() -> Running {
    let server = Running::start(&mut restante(ANY_PORT));
    let mut smtp = Client::greeted(server.smtp());
    smtp.say("EHLO app.test");
    for mail in MAILS {
        // `deliver` ends the last line itself.
        let mail = mail.strip_suffix("\r\n").unwrap_or(mail);
        assert!(smtp.deliver("a@x.test", &["b@x.test"], mail).starts_with("250"));
    }
    server
}

#[test]
fn each_mail_is_a_file_byte_for_byte() {
    let server = server();
    let folder = Folder::new("eml");
    for _ in 0..2 {
        let output = server.ask(&["export", "-o", folder.name()]);
        assert_eq!(stderr(&output), "restante: 3 mails exported\n");
        let files = folder.files("");
        assert_eq!(files.len(), 3);
        for (file, mail) in files.iter().zip(MAILS) {
            let id = file.file_stem().unwrap().to_str().unwrap();
            let raw = fs::read(file).unwrap();
            assert_eq!(raw, server.ask(&["show", id, "--raw"]).stdout);
            let expected = format!("{}\r\n", mail.strip_suffix("\r\n").unwrap_or(mail));
            assert_eq!(String::from_utf8(raw).unwrap(), expected);
        }
    }
    let one = Folder::new("one");
    let output = server.ask(&["export", "to:bob@x.test", "--output", one.name()]);
    assert_eq!(stderr(&output), "restante: 1 mail exported\n");
    assert_eq!(one.files("").len(), 1);
}

#[test]
fn an_mbox_begins_each_mail_with_a_line_of_its_own() {
    let server = server();
    let printed = server.answer(&["export", "--format", "mbox", "to:ada@x.test"]);
    let (first, rest) = printed.split_once('\n').unwrap();
    let words: Vec<&str> = first.split_ascii_whitespace().collect();
    assert_eq!((words.len(), words[..2].join(" ").as_str()), (7, "From a@x.test"), "{first}");
    let (mail, second) = rest.split_once("\n\nFrom a@x.test ").unwrap();
    let expected = "From: a@x.test\nTo: ada@x.test\nSubject: One\n\n>From here\n>>From there\nend";
    assert_eq!(mail, expected);
    assert!(second.ends_with("Subject: Two\n\n\n\n"), "{second:?}");
    assert!(
        server
            .answer(&["export", "--format", "mbox", "to:bob@x.test"])
            .starts_with("From MAILER-DAEMON ")
    );
}

#[test]
fn python_reads_what_was_exported() {
    let server = server();
    let (mbox, maildir) = (Folder::new("mbox"), Folder::new("maildir"));
    for (format, folder) in [("mbox", &mbox), ("maildir", &maildir)] {
        server.answer(&["export", "--format", format, "-o", folder.name()]);
    }
    let script = "
import mailbox, sys
for box in (mailbox.mbox(sys.argv[1], create=False), mailbox.Maildir(sys.argv[2], create=False)):
    mails = sorted(box, key=lambda m: m['subject'])
    print(len(mails), [m['subject'] for m in mails], repr(mails[0].get_payload().rstrip()))
";
    match python(script, &[&mbox.0, &maildir.0]) {
        None => return,
        Some(read) => {
            let subjects = "['One', 'Three', 'Two']";
            // Python takes no quoting of an mbox back.
            let quoted = "'>From here\\n>>From there\\nend'";
            let plain = "'From here\\n>From there\\nend'";
            let expected = format!("3 {subjects} {quoted}\n3 {subjects} {plain}\n");
            assert_eq!(read, expected);
        }
    }
    assert_eq!((maildir.files("new").len(), maildir.files("tmp").len()), (3, 0));
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_half() {
    let server = server();
    assert_failed(&server.ask(&["export"]), 2, &["--output"]);
    let file = Folder::new("file");
    fs::write(&file.0, "in the way").unwrap();
    assert_failed(&server.ask(&["export", "-o", file.name()]), 2, &[file.name()]);
    let output = server.ask(&["export", "--format", "mbox", "-o", "/nonexistent/x"]);
    assert_failed(&output, 2, &["/nonexistent/x.part"]);
    let output = server.ask(&["export", "--format", "mbox", "-o", file.name(), "subjct:x"]);
    assert_failed(&output, 2, &["Did you mean"]);
    assert_eq!(fs::read_to_string(&file.0).unwrap(), "in the way");
    let empty = server.ask(&["export", "--format", "mbox", "to:nobody@x.test"]);
    assert_eq!(
        (empty.stdout.as_slice(), stderr(&empty)),
        (&b""[..], "restante: 0 mails exported\n".to_owned())
    );
}

/// What a script prints; none where there is no Python.
fn python(script: &str, paths: &[&Path]) -> Option<String> {
    match Command::new("python3").args(["-c", script]).args(paths).output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", stderr(&output));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            eprintln!("skipped: there is no python3: {error}");
            None
        }
    }
}

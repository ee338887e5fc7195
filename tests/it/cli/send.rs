//! `restante send`: what is sent is held, as it is or composed, and reads back elsewhere, too.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::Scratch;
use crate::cli::running::assert_failed;
use crate::cli::running::restante;

fn server() -> Running {
    Running::start(&mut restante(ANY_PORT))
}

fn message(server: &Running, id: &str) -> Value {
    serde_json::from_str(&server.answer(&["show", id.trim_end(), "--json"])).unwrap()
}

#[test]
fn a_file_is_held_byte_for_byte() {
    let server = server();
    let file = Scratch::new();
    let raw = b"From: a@x.test\nTo: b@x.test\r\n\r\n\xff\x00\rend";
    fs::write(&file.0, raw).unwrap();
    let id = server.answer(&["send", file.name()]);
    assert_eq!(server.ask(&["show", id.trim_end(), "--raw"]).stdout, raw);
    assert_eq!(message(&server, &id)["recipients"], serde_json::json!(["b@x.test"]));
    let mut child = server
        .client(&["send", "-", "--from", "", "--to", "c@x.test", "--to", "d@x.test"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"Subject: bounce\r\n\r\n").unwrap();
    let id = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let envelope = &message(&server, &id)["envelope"];
    assert_eq!((&envelope["from"], &envelope["to"][1]), (&"".into(), &"d@x.test".into()));
}

const FLAGS: [&str; 18] = [
    "send",
    "--from",
    "Jürgen <j@x.test>",
    "--to",
    "Ada <ada@x.test>",
    "--to",
    "bo@x.test",
    "--cc",
    "\"C, D\" <c@x.test>",
    "--bcc",
    "hidden@x.test",
    "--subject",
    "Grüße 世界, with a subject that is far too long for one line of a header",
    "--text",
    "Tschüß.\nYour code is 481516.",
    "--html",
    "<p>Tschüß.</p>",
    "--header=X-Campaign: spring",
];

#[test]
fn flags_become_a_mail() {
    let server = server();
    let file = Scratch::new();
    fs::write(&file.0, [0, 255]).unwrap();
    let id = server.answer(&[&FLAGS[..], &["--attach", file.name()]].concat());
    let mail = message(&server, &id);
    assert_eq!(mail["from"][0]["name"], "Jürgen");
    assert_eq!(mail["cc"][0]["name"], "C, D");
    assert_eq!((&mail["subject"], &mail["warnings"]), (&FLAGS[12].into(), &serde_json::json!([])));
    assert_eq!(mail["recipients"].as_array().unwrap().len(), 4);
    assert_eq!(mail["attachments"][0]["size"], 2);
    let name = file.0.file_name().unwrap().to_str().unwrap();
    assert_eq!(mail["attachments"][0]["name"], name);
}

/// Our own reader could share a mistake with our composer.
#[test]
fn python_reads_what_was_composed() {
    let server = server();
    let folder = std::env::temp_dir().join(format!("restante-send-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file =
        folder.join("a long name, März 世界, that a header cannot hold in a single line.bin");
    fs::write(&file, [0, 255]).unwrap();
    let id = server.answer(&[&FLAGS[..], &["--attach", file.to_str().unwrap()]].concat());
    let raw = folder.join("mail.eml");
    fs::write(&raw, server.ask(&["show", id.trim_end(), "--raw"]).stdout).unwrap();
    let script = "
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
parts = list(m.walk())
print(m['from'], '|', m['to'], '|', m['cc'], '|', m['bcc'], '|', m['subject'], '|', m['x-campaign'])
print([p.get_content_type() for p in parts], [d for p in parts for d in p.defects])
print([m.get_body(k).get_content() for k in (['plain'], ['html'])])
print([(a.get_filename(), a.get_content()) for a in m.iter_attachments()])
";
    let python = Command::new("python3").args(["-c", script]).arg(&raw).output();
    let read = match python {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        }
        Err(error) => {
            eprintln!("skipped: there is no python3: {error}");
            return;
        }
    };
    fs::remove_dir_all(&folder).unwrap();
    let expected = format!(
        "Jürgen <j@x.test> | Ada <ada@x.test>, bo@x.test | \"C, D\" <c@x.test> | None | {} | spring\n\
         ['multipart/mixed', 'multipart/alternative', 'text/plain', 'text/html', \
         'application/octet-stream'] []\n\
         ['Tschüß.\\nYour code is 481516.', '<p>Tschüß.</p>']\n\
         [('{}', b'\\x00\\xff')]\n",
        FLAGS[12],
        file.file_name().unwrap().to_str().unwrap()
    );
    assert_eq!(read, expected);
}

#[test]
fn what_cannot_be_sent_is_said() {
    let server = server();
    for (arguments, said) in [
        (&["send"][..], "--to"),
        (&["send", "/nonexistent/mail.eml"], "/nonexistent/mail.eml: No such file"),
        (&["send", "--to", "nobody"], "\"to\" takes addresses"),
        (&["send", "--to", "a@x.test", "--header", "X"], "'X-Name: value'"),
        (&["send", "--to", "a@x.test", "--attach", "/nonexistent/x"], "/nonexistent/x"),
        (&["send", "x.eml", "--subject", "x"], "cannot be used with"),
    ] {
        assert_failed(&server.ask(arguments), 2, &[said]);
    }
}

//! SMTP dialogues: what a client says and what must come back, one small text file for each case.
//!
//! A file in `files/` holds scenes; each is a session of its own. Its lines:
//!
//! | line | means |
//! |---|---|
//! | `# text`, empty | nothing |
//! | `=== title` | a new scene; its session starts and the greeting (220) is read |
//! | `limit: message_bytes_max=100` | a limit of this scene's server, before anything is said |
//! | `service: lmtp` | what its listener speaks: `lmtp`, `starttls`, `starttls=required`, `tls` |
//! | `service: trusted` | its client may say whom it speaks for |
//! | `users: bob:secret anna:x` | those whose AUTH succeeds, before anything is said; else anybody's |
//! | `auth: required`, `auth: tls-only` | when AUTH is asked for, before anything is said |
//! | `nonce: 7` | what challenges are made of; not 0, and the scene is not played over a socket |
//! | `given: EHLO` | the usual way to a state: `EHLO`, then `MAIL`, then `RCPT`, then `DATA` |
//! | `C: text` | the client sends a line; CRLF is added |
//! | `C- text` | the client sends these bytes and nothing else |
//! | `S: text` | the next reply, by its last line; a `*` at the end stands for anything |
//! | `S- text` | an earlier line of that reply; without any, only its last line is compared |
//! | `S- ...` | any lines; then those beside it may stand anywhere |
//! | `M: address parameters` | the next mail that was held, by its sender, in angle brackets |
//! | `R: address parameters` | a recipient of that mail; all of them, in order |
//! | `B: text`, `B- text` | its raw bytes: a line with CRLF added, bytes without |
//! | `F: EHLO name`, `F: auth PLAIN user`, `F: auth none` | facts of its session |
//! | `F: peer`, `F: listener`, `F: tls`, `F: forwarded NAME=x` | more of them; `none` too |
//! | `! event` | `time-out`, `shut-down`, `end-of-input`, `refuse-next` (the store has no room) |
//! | `! tls-started` | the handshake that STARTTLS asked for succeeded |
//! | `X:` | the server closed the connection |
//!
//! In sent and raw text `\r`, `\n`, `\t`, `\0`, `\\`, `\s` (a blank, at the end of a line) and
//! `\xFF` are one byte, and `\(1000*ab)` repeats. A mail that is held must be in the file: a scene
//! ends with none left, and with no reply left.

mod files;
mod peer;
mod properties;
mod run;
mod script;
mod smuggling;
mod socket;
mod transcripts;

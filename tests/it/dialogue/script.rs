//! Reads a dialogue file. `mod.rs` has the format.

use restante::dialogue::Protocol;
use restante::smtp::auth::policy::AuthPolicy;
use restante::smtp::auth::secret::Secret;
use restante::smtp::limits::Limits;
use restante::smtp::service::StartTls;

/// A session of a dialogue file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scene {
    /// The file and the title.
    pub(crate) name: String,
    pub(crate) server: Server,
    /// Each with the number of its line.
    pub(crate) acts: Vec<(usize, Act)>,
}

/// The server a scene plays against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) limits: Limits,
    pub(crate) protocol: Protocol,
    pub(crate) starttls: StartTls,
    pub(crate) in_tls: bool,
    pub(crate) is_trusted: bool,
    pub(crate) auth: AuthPolicy,
    /// What challenges are made of.
    pub(crate) nonce: u128,
}

/// A line of a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Send(Vec<u8>),
    /// The earlier lines, which may be left out, and the last one.
    Reply(Vec<String>, String),
    Mail(Mail),
    Event(Event),
    Closed,
}

/// What a mail must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) sender: String,
    pub(crate) recipients: Vec<String>,
    pub(crate) raw: Vec<u8>,
    pub(crate) facts: Vec<String>,
}

/// What happens to a session besides the client's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    TimeOut,
    ShutDown,
    EndOfInput,
    RefuseNext,
    TlsStarted,
}

impl Scene {
    /// The scenes of a file.
    pub(crate) fn parse_file(name: &str, text: &str) -> Vec<Self> {
        let mut scenes: Vec<Self> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(title) = line.strip_prefix("=== ") {
                let name = format!("{name} ({title})");
                scenes.push(Self { name, server: Server::default(), acts: Vec::new() });
                continue;
            }
            let scene = scenes.last_mut().unwrap_or_else(|| panic!("{name}: no scene yet"));
            scene.line(number, line);
        }
        scenes
    }

    /// Whether this needs no more of the other side than a socket gives.
    pub(crate) fn is_plain(&self) -> bool {
        let plain = Server {
            limits: self.server.limits.clone(),
            auth: self.server.auth.clone(),
            ..Server::default()
        };
        let has_events = self.acts.iter().any(|(_, act)| matches!(act, Act::Event(_)));
        self.server == plain && !has_events
    }

    fn line(&mut self, number: usize, line: &str) {
        let place = format!("{}, line {number}", self.name);
        let (tag, text) = line.split_once(' ').unwrap_or((line, ""));
        match tag {
            "limit:" => self.limit(text),
            "service:" => self.service(text),
            "users:" => self.users(text),
            "auth:" if text == "required" => self.server.auth.is_required = true,
            "auth:" if text == "tls-only" => self.server.auth.needs_tls = true,
            "nonce:" => self.server.nonce = text.parse().expect("a nonce is a number"),
            "given:" => self.given(number, text),
            "C:" => self.send(number, &[unescape(text), b"\r\n".to_vec()].concat()),
            "C-" => self.send(number, &unescape(text)),
            "S-" | "S:" => self.reply(number, text, tag == "S:"),
            "M:" => self.push(number, Act::Mail(Mail { sender: text.into(), ..Mail::default() })),
            "R:" => self.mail(&place).recipients.push(text.into()),
            "B:" => self.mail(&place).raw.extend([unescape(text), b"\r\n".to_vec()].concat()),
            "B-" => self.mail(&place).raw.extend(unescape(text)),
            "F:" => self.mail(&place).facts.push(text.into()),
            "X:" => self.push(number, Act::Closed),
            "!" => self.push(number, Act::Event(event(text, &place))),
            _ => panic!("{place}: what is `{tag}`?"),
        }
    }

    fn push(&mut self, number: usize, act: Act) {
        self.acts.push((number, act));
    }

    /// Lines sent in a row are one message, so that a whole pipeline arrives at once.
    fn send(&mut self, number: usize, bytes: &[u8]) {
        match self.acts.last_mut() {
            Some((_, Act::Send(sent))) => sent.extend_from_slice(bytes),
            _ => self.push(number, Act::Send(bytes.to_vec())),
        }
    }

    fn reply(&mut self, number: usize, text: &str, is_last: bool) {
        let text = text.to_owned();
        match self.acts.last_mut() {
            Some((_, Act::Reply(lines, last))) if last.is_empty() && is_last => *last = text,
            Some((_, Act::Reply(lines, last))) if last.is_empty() => lines.push(text),
            _ if is_last => self.push(number, Act::Reply(Vec::new(), text)),
            _ => self.push(number, Act::Reply(vec![text], String::new())),
        }
    }

    fn mail(&mut self, place: &str) -> &mut Mail {
        match self.acts.last_mut() {
            Some((_, Act::Mail(mail))) => mail,
            _ => panic!("{place}: no mail (`M:`) it belongs to"),
        }
    }

    fn given(&mut self, number: usize, state: &str) {
        let hello = match self.server.protocol {
            Protocol::Smtp => "EHLO client.test",
            Protocol::Lmtp => "LHLO client.test",
        };
        for (command, reply) in [
            (hello, "250 *"),
            ("MAIL FROM:<a@x.test>", "250 2.1.0 *"),
            ("RCPT TO:<b@x.test>", "250 2.1.5 *"),
            ("DATA", "354 *"),
        ] {
            self.send(number, format!("{command}\r\n").as_bytes());
            self.reply(number, reply, true);
            if command.starts_with(state) {
                return;
            }
        }
        panic!("{}, line {number}: no state `{state}`", self.name);
    }

    fn users(&mut self, text: &str) {
        let users = self.server.auth.users.get_or_insert_default();
        for user in text.split(' ') {
            users.add_plain(&Secret::new(user)).expect("users are given as user:password");
        }
    }

    fn service(&mut self, text: &str) {
        match text {
            "lmtp" => self.server.protocol = Protocol::Lmtp,
            "starttls" => self.server.starttls = StartTls::Offered,
            "starttls=required" => self.server.starttls = StartTls::Required,
            "tls" => self.server.in_tls = true,
            "trusted" => self.server.is_trusted = true,
            _ => panic!("{}: no service `{text}`", self.name),
        }
    }

    fn limit(&mut self, text: &str) {
        let (name, value) = text.split_once('=').expect("limit: name=value");
        let value = value.parse().expect("a limit is a number");
        let limits = &mut self.server.limits;
        let field = match name {
            "command_line_bytes_max" => &mut limits.command_line_bytes_max,
            "response_line_bytes_max" => &mut limits.response_line_bytes_max,
            "message_bytes_max" => &mut limits.message_bytes_max,
            "recipients_max" => &mut limits.recipients_max,
            "in_flight_bytes_max" => &mut limits.in_flight_bytes_max,
            "errors_max" => &mut limits.errors_max,
            _ => panic!("no limit `{name}`"),
        };
        *field = value;
    }
}

fn event(text: &str, place: &str) -> Event {
    match text {
        "time-out" => Event::TimeOut,
        "shut-down" => Event::ShutDown,
        "end-of-input" => Event::EndOfInput,
        "refuse-next" => Event::RefuseNext,
        "tls-started" => Event::TlsStarted,
        _ => panic!("{place}: no event `{text}`"),
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        rest = &escape[1..];
        match &escape[..1] {
            "r" => bytes.push(b'\r'),
            "n" => bytes.push(b'\n'),
            "t" => bytes.push(b'\t'),
            "0" => bytes.push(0),
            "s" => bytes.push(b' '),
            "\\" => bytes.push(b'\\'),
            "x" => {
                bytes.push(u8::from_str_radix(&rest[..2], 16).expect("two hexadecimal digits"));
                rest = &rest[2..];
            }
            "(" => {
                let (count, unit) = rest.split_once('*').expect("\\(count*unit)");
                let (unit, behind) = unit.split_once(')').expect("\\(count*unit)");
                bytes.extend(unescape(unit).repeat(count.parse().expect("a count")));
                rest = behind;
            }
            other => panic!("no escape `\\{other}`"),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

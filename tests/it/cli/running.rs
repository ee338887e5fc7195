//! The program in a process of its own, as tests start and stop it.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Child;
use std::process::ChildStderr;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::Client;

/// A running server, killed when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) said: String,
    log: BufReader<ChildStderr>,
    // Closing it must not matter, but is not what these tests are about.
    _stdout: BufReader<ChildStdout>,
}

impl Running {
    /// Returns once the start message is out.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        // The message ends with an empty line behind the hint, its third one.
        while said.matches("\n\n").count() < 3 {
            if stdout.read_line(&mut said).unwrap() == 0 {
                log.read_to_string(&mut said).unwrap();
                panic!("it did not start: {said}");
            }
        }
        Self { child, said, log, _stdout: stdout }
    }

    pub(crate) fn smtp(&self) -> TcpStream {
        let (_, port) = self.said.split_once(", port ").unwrap();
        let port: u16 = port.split_once(',').unwrap().0.parse().unwrap();
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub(crate) fn http(&self) -> SocketAddr {
        let (_, url) = self.said.split_once("http://").unwrap();
        url.split_once('/').unwrap().0.parse().unwrap()
    }

    /// The program as a client of this server.
    pub(crate) fn client(&self, arguments: &[&str]) -> Command {
        let mut command = restante("");
        command.args(arguments).env("RESTANTE_URL", format!("http://{}", self.http()));
        command.env("TZ", "UTC");
        command
    }

    /// What such a client said, once it has ended.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Output {
        self.client(arguments).output().unwrap()
    }

    /// What it printed, having succeeded.
    pub(crate) fn answer(&self, arguments: &[&str]) -> String {
        let output = self.ask(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Sends a mail.
    pub(crate) fn deliver(&self, to: &str, subject: &str, text: &str) {
        let mut smtp = Client::greeted(self.smtp());
        smtp.say("EHLO app.test");
        let mail = format!("From: app@x.test\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{text}\r\n");
        assert!(smtp.deliver("app@x.test", &[to], &mail).starts_with("250"));
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    pub(crate) fn wait_for_log(&mut self, word: &str) {
        let mut line = String::new();
        while !line.contains(word) {
            line.clear();
            assert_ne!(self.log.read_line(&mut line).unwrap(), 0, "the log ended without {word:?}");
        }
    }

    /// Everything it said, once it has been told to stop.
    pub(crate) fn last_words(mut self) -> String {
        self.signal("TERM");
        self.log.read_to_string(&mut self.said).unwrap();
        std::mem::take(&mut self.said)
    }

    pub(crate) fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.exit_code()
    }

    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A path in the folder for temporary files that nothing else uses.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("restante-cli-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The program with these arguments, and without variables of this process's surroundings.
pub(crate) fn restante(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restante"));
    command.args(arguments.split_ascii_whitespace());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RESTANTE_") {
            command.env_remove(name);
        }
    }
    command
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts that a client failed with this exit code, printed nothing, and said these words.
pub(crate) fn assert_failed(output: &Output, code: i32, said: &[&str]) {
    let error = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    for words in said {
        assert!(error.contains(words), "{words:?} is not in: {error}");
    }
}

pub(crate) const ANY_PORT: &str = "--smtp 0 --http 0";

/// Only a test that has failed already waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

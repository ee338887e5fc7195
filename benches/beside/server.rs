//! A server under measurement, seen from outside: its process, its CPU and its memory.

use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::Outcome;

/// A server under measurement, ended when dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it speaks SMTP.
    pub(crate) smtp: SocketAddr,
    /// Where it speaks HTTP, if it does.
    pub(crate) http: Option<SocketAddr>,
}

impl Server {
    /// Starts the release build of restante on free ports.
    pub(crate) fn restante() -> Outcome<Self> {
        let (smtp, http) = (free_port()?, free_port()?);
        let program = std::env::var_os("RESTANTE_BIN")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_restante")), PathBuf::from);
        let mut command = Command::new(program);
        command.args(["--store-size", "8GiB", "--smtp", &smtp.to_string()]);
        command.args(["--http", &http.to_string()]);
        Self::start(&mut command, smtp, Some(http))
    }

    /// Starts Postfix's smtp-sink, which throws mail away. None when it is not installed.
    pub(crate) fn sink() -> Outcome<Option<Self>> {
        let Some(program) = installed("smtp-sink") else { return Ok(None) };
        let smtp = free_port()?;
        let mut command = Command::new(program);
        // As root it insists on another user.
        command.args(["-u", "nobody", &smtp.to_string(), "1000"]);
        Self::start(&mut command, smtp, None).map(Some)
    }

    /// Starts a program that is Mailpit, with no limit on what it holds.
    pub(crate) fn mailpit(program: &Path) -> Outcome<Self> {
        let (smtp, http) = (free_port()?, free_port()?);
        let mut command = Command::new(program);
        command.args(["--max", "0", "--disable-version-check", "--smtp-disable-rdns"]);
        command.args(["--smtp", &smtp.to_string(), "--listen", &http.to_string()]);
        Self::start(&mut command, smtp, Some(http))
    }

    fn start(command: &mut Command, smtp: SocketAddr, http: Option<SocketAddr>) -> Outcome<Self> {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { child, smtp, http };
        let give_up = Instant::now() + Duration::from_secs(30);
        while !server.greets() {
            if Instant::now() > give_up {
                return Err(format!("nothing answers on {smtp}").into());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(server)
    }

    fn greets(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.smtp) else { return false };
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).is_ok() && &greeting == b"220"
    }

    /// User and system time so far.
    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let [user, system] = [11, 12].map(|index| fields.get(index).copied().unwrap_or_default());
        // USER_HZ is 100 on every Linux there is.
        Ok(Duration::from_millis((user.parse::<u64>()? + system.parse::<u64>()?) * 10))
    }

    /// A figure of `/proc/PID/status` in bytes: `VmRSS`, `VmHWM`.
    pub(crate) fn memory(&self, name: &str) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with(name)).ok_or("no such figure")?;
        Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse::<u64>()? * 1_024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program's path, if it is installed.
pub(crate) fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    folders.map(|folder| folder.join(program)).find(|program| program.is_file())
}

fn free_port() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

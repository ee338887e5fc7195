//! How much of everything an SMTP session may take: each limit with its unit, its source and what
//! happens above it.

use std::time::Duration;

/// The limits of SMTP. Each refuses what is above it with a reply of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A command line with its CRLF, in bytes. RFC 5321 §4.5.3.1.4 asks for 512; extensions and
    /// long addresses for more. Refuses the command with 500 5.5.6.
    pub command_line_bytes_max: usize,
    /// A line of an AUTH exchange with its CRLF, in bytes. RFC 4954 §4 asks for 12,288 of base64.
    /// Refuses the exchange with 500 5.5.6.
    pub response_line_bytes_max: usize,
    /// A mail between DATA and its final dot, in bytes. RFC 1870. Refuses with 552 5.3.4.
    pub message_bytes_max: usize,
    /// Recipients of a mail. RFC 5321 §4.5.3.1.8 asks for at least 100. Refuses the next with
    /// 452 4.5.3.
    pub recipients_max: usize,
    /// Sessions open at a time. Refuses the next with 421 4.3.2.
    pub sessions_max: usize,
    /// Bytes of mails being received at a time, over all sessions, large envelopes among them.
    /// Refuses a mail or its next recipient with 452 4.3.1.
    pub in_flight_bytes_max: usize,
    /// Replies of 5xx in a row, no mail held between them; one more is 421 4.7.0 and the end.
    pub errors_max: usize,
    /// How long a client may stay silent, [`TIMEOUT_MAX`] at most. RFC 5321 §4.5.3.2.7 asks for 5
    /// minutes. Closes with 421 4.4.2.
    pub idle_timeout: Duration,
    /// How long a session may last, [`TIMEOUT_MAX`] at most, however busy it is: no RFC asks for
    /// it, and without it a client that sends a byte now and then stays for ever. Closes with
    /// 421 4.4.2.
    pub session_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            command_line_bytes_max: 4_096,
            response_line_bytes_max: 12_290,
            message_bytes_max: 50 * 1_024 * 1_024,
            recipients_max: 10_000,
            sessions_max: 1_000,
            in_flight_bytes_max: 512 * 1_024 * 1_024,
            errors_max: 100,
            idle_timeout: Duration::from_secs(300),
            session_timeout: Duration::from_secs(86_400),
        }
    }
}

/// No wait is longer, whatever was asked for: a hundred years are for ever, and can still be added
/// to any moment.
pub const TIMEOUT_MAX: Duration = Duration::from_secs(100 * 365 * 86_400);

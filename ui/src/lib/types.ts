// The wire types of the native API, as docs/api.md describes them. Nothing else lives here.

export interface Address {
  name: string | null;
  address: string;
}

export interface Summary {
  id: string;
  /** The number of the event of its arrival: mails sort by it, pages are asked for by it. */
  seq: number;
  inboxes: string[];
  received_at: string;
  from: Address[];
  to: Address[];
  cc: Address[];
  recipients: string[];
  /** Null when there is none. */
  subject: string | null;
  preview: string;
  size: number;
  attachment_count: number;
  warning_count: number;
  read: boolean;
  tags: string[];
}

export interface Header {
  name: string;
  value: string;
}

export interface Tls {
  version: string;
  cipher: string;
  server_name: string | null;
  client_subject: string | null;
}

export interface Auth {
  mechanism: string;
  username: string;
}

export interface Envelope {
  /** Empty for the null sender. */
  from: string;
  to: string[];
  helo: string;
  peer: string;
  listener: string;
  /** The session's id; null for a mail that came another way. */
  session: string | null;
  tls: Tls | null;
  auth: Auth | null;
  declared: { size: number | null; body: string | null; smtputf8: boolean };
}

export interface Part {
  /** As IMAP counts; empty for a root multipart. */
  path: string;
  content_type: string;
  charset: string | null;
  encoding: string;
  disposition: string | null;
  name: string | null;
  content_id: string | null;
  size: number;
  parts: Part[];
}

export interface Attachment {
  path: string;
  name: string | null;
  content_type: string;
  size: number;
  content_id: string | null;
  inline: boolean;
  sha256: string;
  url: string;
}

export interface Link {
  url: string;
  text: string;
  part: string;
  kind: 'link' | 'image' | 'unsubscribe';
}

export interface Code {
  value: string;
  context: string;
  part: string;
}

export interface Warning {
  code: string;
  detail: string;
  part: string | null;
}

export interface Message extends Summary {
  envelope: Envelope;
  headers: Header[];
  sender: Address[];
  bcc: Address[];
  reply_to: Address[];
  date: string | null;
  message_id: string | null;
  in_reply_to: string[];
  references: string[];
  /** Null when the mail has none. */
  text: string | null;
  html: string | null;
  /** Text or HTML was cut at 1 MiB. */
  truncated: boolean;
  /** What the HTML would load from elsewhere, and from where. */
  html_remote: { count: number; hosts: string[] };
  parts: Part[];
  attachments: Attachment[];
  links: Link[];
  codes: Code[];
  list_unsubscribe: string[];
  warnings: Warning[];
}

export interface Page {
  messages: Summary[];
  /** How many mails the query matches; absent where counting would be slow. */
  matched?: number;
  matched_at_least?: number;
  total: number;
  unread: number;
  cursor: string;
  next: string | null;
}

/** An inbox that holds something. */
export interface Inbox {
  name: string;
  total: number;
  unread: number;
  size: number;
  last_received_at: string;
}

/** One connection of an SMTP client. */
export interface Session {
  /** Its number, as text. */
  id: string;
  opened_at: string;
  /** Null while it is open. */
  closed_at: string | null;
  protocol: 'smtp' | 'lmtp';
  peer: string;
  listener: string;
  helo: string;
  tls: Tls | null;
  auth: Auth | null;
  outcome: 'open' | 'delivered' | 'nothing' | 'failed';
  mail_count: number;
  error_count: number;
  last_error: { at: string; command: string; reply: string } | null;
  /** The ids of its mails, of many the latest. */
  messages: string[];
}

export interface SessionPage {
  sessions: Session[];
  total: number;
  cursor: string;
  next: string | null;
}

export interface TranscriptLine {
  at: string;
  /** Since the client connected. */
  ms: number;
  from: 'client' | 'server' | 'note';
  text: string;
}

export interface SessionWhole extends Session {
  transcript: TranscriptLine[];
}

export interface MailTranscript {
  session: string | null;
  transcript: TranscriptLine[];
}

export interface Info {
  version: string;
  /** Where it is really bound. */
  smtp: string[];
  http: string[];
  started_at: string;
}

/** RFC 9457, with the column where a query stops to make sense, counted from 1. */
export interface ProblemBody {
  type: string;
  detail: string;
  status?: number;
  column?: number;
}

/** One server-sent event, typed. */
export type Change =
  | { kind: 'message'; summary: Summary }
  | { kind: 'changed'; summary: Summary }
  | { kind: 'deleted' | 'evicted'; ids: string[] }
  | { kind: 'session'; id: string; failed: boolean }
  | { kind: 'cleared' }
  | { kind: 'reset' };

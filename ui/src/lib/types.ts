// The wire types by name, and one server-sent event. The former are written by `npm run types` from
// docs/openapi.json, which the server's own description is held to.
import type { SessionEvent, Summary } from './openapi';

export type {
  Address,
  Attachment,
  Auth,
  Code,
  Envelope,
  GoneEvent,
  Header,
  Inbox,
  Info,
  Link,
  MailEvent,
  MailTranscript,
  Marks,
  Message,
  MessageList,
  Part,
  Problem as ProblemBody,
  Session,
  SessionEvent,
  SessionList,
  SessionWhole,
  Summary,
  Tls,
  TranscriptLine,
  Warning,
} from './openapi';

/** One server-sent event, typed. */
export type Change =
  | { kind: 'message'; summary: Summary }
  | { kind: 'changed'; summary: Summary }
  | { kind: 'deleted' | 'evicted'; ids: string[] }
  | ({ kind: 'session' } & SessionEvent)
  | { kind: 'cleared' }
  | { kind: 'reset' };

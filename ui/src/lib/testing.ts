// Mails made up for tests, told apart by their number.
import type { MailList } from './list';
import type { Inbox, Message, Session, Summary } from './types';

export function mail(seq: number, more: Partial<Summary> = {}): Summary {
  return {
    id: `id-${seq}`,
    seq,
    inboxes: ['default'],
    received_at: '2026-11-22T13:03:27.439125Z',
    from: [{ name: 'Quillmoor', address: 'orders@quillmoor.example' }],
    to: [{ name: 'Ada Byron', address: 'ada@customer.test' }],
    cc: [],
    recipients: ['ada@customer.test'],
    subject: String(seq),
    preview: '',
    size: 1000,
    attachment_count: 0,
    warning_count: 0,
    read: false,
    tags: [],
    ...more,
  };
}

/** From the newest to the oldest, as a page of the API has them. */
export function mails(newest: number, oldest: number): Summary[] {
  return Array.from({ length: newest - oldest + 1 }, (_, at) => mail(newest - at));
}

export function subjects(list: MailList): (string | null | undefined)[] {
  return Array.from({ length: list.loaded }, (_, row) => list.at(row)?.subject);
}

export function inbox(name: string, more: Partial<Inbox> = {}): Inbox {
  return {
    name,
    total: 1,
    unread: 1,
    size: 1000,
    last_received_at: '2026-11-22T13:03:27.439125Z',
    ...more,
  };
}

export function session(more: Partial<Session> = {}): Session {
  return {
    id: '381',
    opened_at: '2026-11-22T13:03:27.439000Z',
    closed_at: '2026-11-22T13:03:27.440400Z',
    protocol: 'smtp',
    peer: '127.0.0.1:52814',
    listener: '127.0.0.1:1025',
    helo: 'web.local',
    tls: null,
    auth: null,
    outcome: 'nothing',
    mail_count: 0,
    error_count: 0,
    last_error: null,
    messages: [],
    ...more,
  };
}

export function message(more: Partial<Message> = {}): Message {
  return {
    ...mail(1),
    envelope: {
      from: 'orders@quillmoor.example',
      to: ['ada@customer.test'],
      helo: 'web.local',
      peer: '127.0.0.1:52814',
      listener: '127.0.0.1:1025',
      session: '381',
      tls: null,
      auth: null,
      forwarded: null,
      declared: { size: null, body: null, smtputf8: false, dsn: null, parameters: '' },
    },
    headers: [
      { name: 'From', value: 'Quillmoor <orders@quillmoor.example>' },
      { name: 'To', value: 'Ada Byron <ada@customer.test>' },
    ],
    sender: [],
    bcc: [],
    reply_to: [],
    date: null,
    message_id: null,
    in_reply_to: [],
    references: [],
    text: 'Hello',
    html: null,
    truncated: false,
    html_remote: { count: 0, hosts: [] },
    parts: [],
    attachments: [],
    links: [],
    main_link: null,
    codes: [],
    list_unsubscribe: [],
    warnings: [],
    ...more,
  };
}

// What the envelope says and the headers do not, and the other way round: the usual reason why a
// mail went elsewhere than its headers promise. Addresses compare without regard to case.
import type { Envelope, Header, Message } from './types';

/** One line of the envelope, its value cut in three: the middle one differs and is marked. */
export interface Line {
  name: string;
  before: string;
  marked: string;
  after: string;
  cause: string;
}

export interface Note {
  marked: string;
  cause: string;
}

export interface Comparison {
  envelope: Line[];
  /** What is marked in which header, by its position among them. */
  headers: Map<number, Note>;
  count: number;
}

type Mail = Pick<Message, 'envelope' | 'headers' | 'from' | 'to' | 'cc' | 'bcc' | 'size'>;

export function compare(mail: Mail): Comparison {
  const { envelope } = mail;
  const headers = new Map<number, Note>();
  const lines = [senderLine(mail, headers), ...recipientLines(mail)];
  const { size } = envelope.declared;
  if (size !== null) lines.push(sizeLine(size, mail.size));
  noteUnsent(mail, headers);
  const unsent = [...headers.values()].filter(({ cause }) => cause === UNSENT).length;
  return {
    envelope: lines,
    headers,
    count: lines.filter(({ marked }) => marked !== '').length + unsent,
  };
}

const UNSENT = 'in no RCPT TO: it was not sent there';

function senderLine({ envelope, from, headers }: Mail, notes: Map<number, Note>): Line {
  const author = from[0]?.address ?? '';
  const name = 'MAIL FROM';
  if (envelope.from === '')
    return plain(name, '<>', 'the null sender: bounces and auto-replies use it');
  if (author === '' || same(author, envelope.from))
    return plain(name, envelope.from, author && 'as in From');
  const at = headers.findIndex((header) => same(header.name, 'from'));
  const [, inHeader] = differing(author, envelope.from);
  if (at >= 0) notes.set(at, { marked: inHeader, cause: `MAIL FROM: ${envelope.from}` });
  const [before, marked, after] = differing(envelope.from, author);
  return { name, before, marked, after, cause: `From: ${author}` };
}

function recipientLines({ envelope, to, cc, bcc }: Mail): Line[] {
  const named = [
    ['To', to],
    ['Cc', cc],
    ['Bcc', bcc],
  ] as const;
  return envelope.to.map((recipient) => {
    const found = named.find(([, people]) =>
      people.some(({ address }) => same(address, recipient)),
    );
    if (found !== undefined) return plain('RCPT TO', recipient, `as in ${found[0]}`);
    return {
      name: 'RCPT TO',
      before: '',
      marked: recipient,
      after: '',
      cause: 'in no header: Bcc',
    };
  });
}

function sizeLine(declared: number, came: number): Line {
  if (declared === came) return plain('SIZE', String(declared), '');
  const cause = `${came.toLocaleString('en')} bytes came`;
  return { name: 'SIZE', before: '', marked: String(declared), after: '', cause };
}

/** Marks people the headers name and the envelope does not. */
function noteUnsent({ envelope, headers, to, cc, bcc }: Mail, notes: Map<number, Note>): void {
  const sent = new Set(envelope.to.map((address) => address.toLowerCase()));
  const people = { to, cc, bcc };
  headers.forEach((header, at) => {
    const named = people[header.name.toLowerCase() as keyof typeof people];
    const missed = named?.find(
      ({ address }) =>
        address !== '' && !sent.has(address.toLowerCase()) && header.value.includes(address),
    );
    if (missed !== undefined) notes.set(at, { marked: missed.address, cause: UNSENT });
  });
}

/** Recipients that no header names: those a Bcc would have. */
export function blindCopies(mail: Pick<Message, 'envelope' | 'to' | 'cc' | 'bcc'>): string[] {
  const named = [...mail.to, ...mail.cc, ...mail.bcc].map(({ address }) => address.toLowerCase());
  return mail.envelope.to.filter((recipient) => !named.includes(recipient.toLowerCase()));
}

/** The facts of the session that brought the mail, as far as it told them. */
export function sessionLines(envelope: Envelope): Line[] {
  const { declared, auth, tls } = envelope;
  const facts: [string, string | null | undefined][] = [
    ['BODY', declared.body],
    ['SMTPUTF8', declared.smtputf8 ? 'yes' : null],
    ['AUTH', auth && `${auth.mechanism} ${auth.username}`],
    ['TLS', tls && `${tls.version}, ${tls.cipher}`],
    ['EHLO', envelope.helo],
    ['Peer', envelope.peer],
    ['Listener', envelope.listener],
  ];
  return facts.flatMap(([name, value]) => (value ? [plain(name, value, '')] : []));
}

/** Cuts `value` around the side of its @ that is not the other's; all of it when both differ. */
function differing(value: string, other: string): [string, string, string] {
  const [local, domain] = halves(value);
  const [otherLocal, otherDomain] = halves(other);
  if (domain !== '' && same(domain, otherDomain)) return ['', local, domain];
  if (domain !== '' && same(local, otherLocal)) return [`${local}@`, domain.slice(1), ''];
  return ['', value, ''];
}

function halves(address: string): [string, string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at)];
}

function plain(name: string, value: string, cause: string): Line {
  return { name, before: value, marked: '', after: '', cause };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Cuts a header's value around what is marked in it. */
export function around(header: Header, note: Note | undefined): [string, string, string] {
  const at = note === undefined ? -1 : header.value.indexOf(note.marked);
  if (note === undefined || at < 0) return [header.value, '', ''];
  const end = at + note.marked.length;
  return [header.value.slice(0, at), note.marked, header.value.slice(end)];
}

// Mails composed at random by a foreign library, each with what a reader has to find in it.
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { MailComposerAttachment, MailComposerOptions } from 'nodemailer/lib/mail-composer';
import { Random } from './random';
import { displayName, fileName, lines, subject, words } from './words';

export interface Person {
  name: string | null;
  address: string;
}

export interface File {
  name: string | null;
  content_type: string;
  content_id: string | null;
  inline: boolean;
  size: number;
  sha256: string;
}

/** What a mail says, as the API names it. Line ends are \n. */
export interface Facts {
  subject: string | null;
  from: Person[];
  sender: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  reply_to: Person[];
  date: string | null;
  message_id: string | null;
  in_reply_to: string[];
  references: string[];
  text: string | null;
  html: string | null;
  attachments: File[];
  /** Those whose names start with X-. */
  headers: string[];
  list_unsubscribe: string[];
}

export interface Composed {
  options: MailComposerOptions;
  /** Whether the library is told to leave the Bcc header in. */
  keepBcc: boolean;
  facts: Facts;
}

export function compose(seed: number): Composed {
  const random = new Random(seed);
  const people = new People(random);
  const content = contentOf(random);
  const head = headOf(random);
  const addresses = {
    from: [people.one()],
    sender: random.chance(0.2) ? [people.one()] : [],
    to: people.some(random.chance(0.1) ? 60 : 4, 1),
    cc: people.some(3),
    bcc: people.some(3),
    reply_to: people.some(2),
  };
  const keepBcc = random.chance(0.3);
  const { from, sender, to, cc, bcc, reply_to } = addresses;
  return {
    options: {
      ...{ from, cc, bcc, replyTo: reply_to, sender: sender[0] },
      to: random.chance(0.1) ? group(to) : to,
      ...head.options,
      ...content.options,
      ...random.pick([{}, { textEncoding: 'base64' }, { textEncoding: 'quoted-printable' }]),
      ...random.pick([{}, {}, { encoding: 'base64' }, { encoding: 'quoted-printable' }]),
      xMailer: false,
    } as MailComposerOptions,
    keepBcc,
    facts: { ...addresses, ...head.facts, ...content.facts, bcc: keepBcc ? bcc : [] },
  };
}

class People {
  #count = 0;

  constructor(readonly random: Random) {}

  /** Somebody new. */
  one(): Person {
    const { random } = this;
    const name = random.chance(0.7) ? displayName(random) : null;
    const local = random.pick(['ada', 'a.b+tag', "o'x", '#$%&*', 'jörg', '名', '"a b@c"']);
    const domain = random.pick(DOMAINS);
    this.#count += 1;
    const counted = local.replace(/"?$/, `${this.#count}$&`);
    return { name, address: `${counted}@${domainAs(local, domain)}` };
  }

  some(most: number, least = 0): Person[] {
    return Array.from({ length: least + this.random.below(most + 1 - least) }, () => this.one());
  }
}

/** The library spells a domain in ASCII unless the mailbox needs SMTPUTF8 anyway. */
function domainAs(local: string, domain: string): string {
  return /[\x80-\uffff]/.test(local) ? domain : domainToASCII(domain) || domain;
}

/** A group the library takes as text alone (RFC 5322 §3.4). */
function group(people: readonly Person[]): string {
  const quoted = (name: string) => `"${name.replace(/["\\]/g, '\\$&')}"`;
  const one = ({ name, address }: Person) => (name ? `${quoted(name)} <${address}>` : address);
  return `Team: ${people.map(one).join(', ')};`;
}

function headOf(random: Random) {
  const title = subject(random);
  const id = () => `${random.below(1e9)}.${random.pick(['a', 'B_c', 'x=y', '$'])}@ids.test`;
  const [messageId, inReplyTo, references] = [id(), random.several(1, id), random.several(30, id)];
  const date = new Date(Date.UTC(1971 + random.below(100), random.below(12), 3, 4, 5, 6));
  const extra = random.several(3, () => ({
    key: `X-${random.pick(['Order', 'Trace', 'Trace', 'Note'])}`,
    value: random.chance(0.5) ? words(random, 40) : subject(random),
  }));
  const unsubscribe = random.several(2, () => `https://x.test/u?t=${random.below(1e9)}&l=1`);
  return {
    options: {
      subject: title,
      messageId,
      inReplyTo: inReplyTo.join(' '),
      references,
      date: random.chance(0.5) ? date : date.toUTCString(),
      headers: extra,
      list: { unsubscribe: [unsubscribe.map((url) => ({ url }))] },
    },
    facts: {
      subject: header(title),
      message_id: messageId,
      in_reply_to: inReplyTo,
      references,
      date: date.toISOString(),
      // One that is blank is left out.
      headers: extra
        .filter(({ value }) => value.trim() !== '')
        .map(({ key, value }) => `${key}: ${header(value)}`),
      list_unsubscribe: unsubscribe,
    },
  };
}

/** The library puts a blank for each line end and leaves out what is blank. */
function header(value: string): string | null {
  return value.trim() === '' ? null : value.replace(/\r?\n|\r/g, ' ');
}

function contentOf(random: Random) {
  const has = random.pick(['text', 'html', 'both', 'both', 'neither']);
  const end = random.pick(['\n', '\r\n']);
  const text = has === 'text' || has === 'both' ? lines(random, 30, end) : null;
  const pictures = has === 'html' || has === 'both' ? random.several(3, () => picture(random)) : [];
  const shown = pictures.map(({ given }) => `<img src="cid:${given.cid}" alt="">`);
  const html =
    has === 'html' || has === 'both'
      ? [`<h1>${words(random, 5)}</h1>`, lines(random, 20, end), ...shown].join(end)
      : null;
  const files = random.several(3, () => (random.chance(0.9) ? file(random) : nested(random)));
  // A mail that is nothing but a file would get a line end after it, were it not in base64.
  const alone = has === 'neither' && files.length === 1 ? files[0] : undefined;
  if (alone) alone.given.contentTransferEncoding = 'base64';
  const others = text === null && html === null ? [] : random.several(2, () => alternative(random));
  const event = others.length > 0 && random.chance(0.5) ? lines(random, 5, '\r\n') : null;
  return {
    options: {
      text: text ?? undefined,
      html: html ?? undefined,
      attachments: [...pictures, ...files].map(({ given }) => given),
      alternatives: others.map(({ given }) => given),
      icalEvent: event === null ? undefined : { method: 'REQUEST', content: event },
    },
    facts: {
      // Without anything to send, the library sends an empty text.
      text: has === 'neither' && files.length === 0 ? '' : text,
      html,
      attachments: [...pictures, ...files, ...others].map(({ found }) => found).concat(
        event === null ? [] : calendar(event),
      ),
    },
  };
}

interface Attached {
  given: MailComposerAttachment;
  found: File;
}

function file(random: Random): Attached {
  const filename = fileName(random);
  const isText = random.chance(0.4);
  const content = isText
    ? Buffer.from(lines(random, 20, '\r\n'))
    : random.bytes(random.pick([0, 1, 100, 5_000]));
  const type = random.pick(isText ? TEXT_TYPES : BINARY_TYPES);
  const encoding = random.pick(['base64', 'base64', 'quoted-printable']);
  const disposition = random.pick(['attachment', 'attachment', 'inline']);
  return {
    given: {
      filename,
      content,
      contentType: type,
      contentTransferEncoding: encoding,
      contentDisposition: disposition,
    },
    found: found(filename, type, content, { inline: disposition === 'inline' }),
  };
}

function picture(random: Random): Attached {
  const cid = `${random.below(1e9)}${random.pick(['', '@x.test', '.a+b%c', '-ü'])}`;
  const [filename, type] = random.pick([
    ['logo.png', 'image/png'],
    ['zeichnung ä.svg', 'image/svg+xml'],
  ]) as [string, string];
  const content = random.bytes(200);
  return {
    given: { filename, content, contentType: type, cid },
    found: found(filename, type, content, { inline: true, content_id: cid }),
  };
}

/** A mail in the mail, which may be in no encoding (RFC 2046 §5.2.1). */
function nested(random: Random): Attached {
  const filename = random.chance(0.5) ? fileName(random) : null;
  const content = Buffer.from(
    `Subject: ${random.below(1e9)}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n` +
      lines(random, 5, '\r\n'),
  );
  return {
    given: { filename: filename ?? false, content, contentType: 'message/rfc822' },
    found: found(filename, 'message/rfc822', content, { inline: true }),
  };
}

function alternative(random: Random): Attached {
  const type = random.pick(['text/x-web-markdown', 'application/json', 'text/x-amp-html']);
  const content = Buffer.from(lines(random, 5, '\r\n'));
  return {
    given: { content, contentType: type, contentTransferEncoding: 'base64' },
    found: found(null, type, content),
  };
}

/** An event goes out twice: as an alternative of the text, and as a file. */
function calendar(event: string): File[] {
  const content = Buffer.from(event);
  return [
    found(null, 'text/calendar', content),
    found('invite.ics', 'application/ics', content),
  ];
}

function found(name: string | null, type: string, content: Buffer, more: Partial<File> = {}): File {
  return {
    name,
    content_type: type.replace(/;.*/, '').toLowerCase(),
    content_id: null,
    inline: false,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    ...more,
  };
}

const DOMAINS = ['x.test', 'sub.y.test', 'exämple.test', '例え.test', '[127.0.0.1]'];
const TEXT_TYPES = ['text/plain; charset=utf-8', 'text/csv', 'text/html', 'text/x-diff; a="b c;d"'];
const BINARY_TYPES = ['application/pdf', 'Application/X-Thing; v="1"', 'image/png', 'audio/midi'];

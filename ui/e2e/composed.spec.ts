// What another library composed reads back the same, down to the byte.
import { PassThrough } from 'node:stream';
import nodemailer from 'nodemailer';
import { catching as test, expect } from './catcher';
import { type Composed, type Facts, compose } from './composed';

const MAILS = 150;
/** Another one may be tried, and the one that failed again. */
const SEED = Number(process.env['SEED'] ?? 20_261_122);

test(`${MAILS} mails composed at random read back the same`, async ({ catcher }) => {
  test.slow();
  const mailer = new Mailer(catcher.smtp);
  for (let seed = SEED; seed < SEED + MAILS; seed += 1) {
    const composed = compose(seed);
    const sent = await mailer.send(composed);
    const message = await catcher.latest();
    const raw = await fetch(`${catcher.url}v1/messages/${message.id}/raw`);
    const label = `the mail of SEED=${seed}`;
    expect.soft(Buffer.from(await raw.arrayBuffer()).equals(sent.raw), `raw, ${label}`).toBe(true);
    const { from, to } = message.envelope;
    expect.soft({ from, to }, `the envelope of ${label}`).toEqual(sent.envelope);
    expect.soft(factsOf(message), label).toEqual(normal(composed.facts));
    // The library declares the charset of the texts, but not of attached ones; and what looks like
    // the beginning of an encoded word is composed on purpose.
    const expected = ['charset-undeclared', 'word-damaged'];
    const warnings = message.warnings.filter((found: any) => !expected.includes(found.code));
    expect.soft(warnings, `the warnings of ${label}`).toEqual([]);
  }
  mailer.close();
});

/** The library, sending over SMTP, with its output overheard. */
class Mailer {
  readonly #transport;
  #keepBcc = false;
  #pieces: Buffer[] = [];

  constructor(address: string) {
    const at = address.lastIndexOf(':');
    const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
    this.#transport = nodemailer.createTransport({ host, port, pool: true, maxConnections: 1 });
    this.#transport.use('stream', (mail, done) => {
      const { message } = mail;
      message.keepBcc = this.#keepBcc;
      message.processFunc((input) => {
        input.on('data', (piece: Buffer) => this.#pieces.push(piece));
        return input.pipe(new PassThrough());
      });
      done();
    });
  }

  async send({ options, keepBcc }: Composed) {
    this.#keepBcc = keepBcc;
    this.#pieces = [];
    const { envelope } = await this.#transport.sendMail(options);
    // Every line end is CRLF on the wire (RFC 5321 §2.3.8).
    const raw = Buffer.concat(this.#pieces).toString('latin1').replace(/\r\n?|\n/g, '\r\n');
    return { envelope, raw: Buffer.from(raw, 'latin1') };
  }

  close(): void {
    this.#transport.close();
  }
}

function factsOf(message: any): Facts {
  const { subject, from, sender, to, cc, bcc, reply_to, date } = message;
  const { message_id, in_reply_to, references, text, html, list_unsubscribe } = message;
  const headers: { name: string; value: string }[] = message.headers;
  return normal({
    ...{ subject, from, sender, to, cc, bcc, reply_to, date },
    ...{ message_id, in_reply_to, references, text, html, list_unsubscribe },
    attachments: message.attachments.map(({ path: _, url: __, ...file }: any) => file),
    headers: headers
      .filter(({ name }) => name.startsWith('X-'))
      .map(({ name, value }) => `${name}: ${value}`),
  });
}

/** The order of attachments is the library's affair, and so are line ends. */
function normal(facts: Facts): Facts {
  const lines = (text: string | null) => text && text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  return {
    ...facts,
    date: facts.date && new Date(facts.date).toISOString(),
    text: lines(facts.text),
    html: lines(facts.html),
    attachments: facts.attachments.toSorted((a, b) =>
      JSON.stringify(a).localeCompare(JSON.stringify(b)),
    ),
  };
}

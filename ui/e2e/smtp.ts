// An SMTP client of its own, just enough to send mails exactly as a test writes them.
import { type Socket, connect } from 'node:net';

export interface Envelope {
  from?: string;
  to?: string[];
}

/** Sends mails over one connection, each written with \n; resolves when all are held. */
export async function send(
  address: string,
  mails: string[],
  envelope: Envelope = {},
): Promise<void> {
  const at = address.lastIndexOf(':');
  const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
  const replies = repliesOf(socket);
  const expect = async (code: string) => {
    const { value } = await replies.next();
    if (!value?.startsWith(code)) throw new Error(`expected ${code}, got ${value}`);
  };
  await expect('220');
  socket.write('EHLO e2e.test\r\n');
  await expect('250');
  const { from = 'app@sender.test', to = ['ada@customer.test'] } = envelope;
  for (const mail of mails) {
    const recipients = to.map((recipient) => `RCPT TO:<${recipient}>\r\n`).join('');
    socket.write(`MAIL FROM:<${from}>\r\n${recipients}DATA\r\n`);
    for (let reply = 0; reply <= to.length; reply += 1) await expect('250');
    await expect('354');
    socket.write(`${wire(mail)}.\r\n`);
    await expect('250');
  }
  socket.end('QUIT\r\n');
}

function wire(mail: string): string {
  const lines = mail.replace(/\n?$/, '\n').replace(/\r?\n/g, '\r\n');
  return lines.replace(/^\./gm, '..');
}

/** The last line of each reply. */
async function* repliesOf(socket: Socket): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const piece of socket) {
    const lines = (rest + String(piece)).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line[3] !== '-') yield line;
  }
}

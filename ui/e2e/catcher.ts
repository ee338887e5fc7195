// A running restante for each test, and a page that must not complain about anything.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test as base, expect } from '@playwright/test';
import { type Envelope, send } from './smtp';

const BINARY = process.env['RESTANTE_BIN'] ?? '../target/release/restante';

export class Catcher {
  constructor(
    readonly smtp: string,
    readonly url: string,
    readonly process: ChildProcess,
  ) {}

  /** Sends one mail and answers when it is held. */
  async send(mail: string, envelope?: Envelope): Promise<void> {
    await send(this.smtp, [mail], envelope);
  }

  async sendAll(mails: string[]): Promise<void> {
    await send(this.smtp, mails);
  }

  /** What the API says, as JSON. */
  async get(path: string): Promise<any> {
    const response = await fetch(`${this.url}v1/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async latest(): Promise<any> {
    return this.get('messages/latest');
  }

  async total(): Promise<number> {
    return (await this.get('messages?limit=0')).total;
  }
}

const LOOK_MS = 5;

/** Starts the program on free ports. `more` are further arguments. */
export async function start(folder: string, more: string[] = []): Promise<Catcher> {
  const file = join(folder, 'ready.json');
  const free = ['--smtp', '127.0.0.1:0', '--http', '127.0.0.1:0'];
  const child = spawn(BINARY, [...free, '--ready-file', file, ...more], { stdio: 'ignore' });
  let failure: Error | null = null;
  child.once('error', (error) => (failure = error));
  child.once('exit', (code) => (failure ??= new Error(`${BINARY} ended with ${code}`)));
  for (;;) {
    // Written whole, under another name first: what is there can be read.
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) {
      const ready = JSON.parse(text) as { smtp: [string]; http: [string] };
      return new Catcher(ready.smtp[0], `http://${ready.http[0]}${basePathOf(more)}/`, child);
    }
    if (failure !== null) throw failure;
    await setTimeout(LOOK_MS);
  }
}

function basePathOf(more: readonly string[]): string {
  const at = more.indexOf('--base-path');
  return at < 0 ? '' : (more[at + 1] ?? '');
}

interface Fixtures {
  /** Further arguments of the program. */
  more: string[];
  catcher: Catcher;
}

/** For tests that need no browser. */
export const catching = base.extend<Fixtures>({
  more: [[], { option: true }],
  catcher: async ({ more }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'restante-'));
    const catcher = await start(folder, more);
    await use(catcher);
    catcher.process.kill();
    await rm(folder, { recursive: true });
  },
});

interface PageFixtures {
  /** What the page complained about; a test that expects complaints empties it. */
  complaints: string[];
}

export const test = catching.extend<PageFixtures>({
  complaints: [
    // The catcher is named so that it outlives this: its end makes every open stream complain.
    async ({ page, catcher: _ }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (line) => {
        if (!['error', 'warning'].includes(line.type())) return;
        // Playwright's own scripts are kept out of the sandboxed frame as well, and it is noted.
        if (line.text().startsWith('Blocked script execution in')) return;
        complaints.push(line.text());
      });
      await use(complaints);
      expect(complaints, 'what the page complained about').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

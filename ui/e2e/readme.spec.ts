// The flows of a tester in README.md: the very lines it shows for Playwright, run. No browser is
// needed.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';
import { createTransport } from 'nodemailer';
import { type Catcher, catching as test } from './catcher';

type Body = (fixtures: { request: APIRequestContext }) => Promise<void>;

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const SHOWN = README.split('\n```ts\n')[1]?.split('\n```')[0] ?? '';

/** The tests that the page shows, with what stands for the application. */
function shown(url: string, application: Record<string, unknown>): Map<string, Body> {
  const bodies = new Map<string, Body>();
  const collect = (name: string, body: Body) => bodies.set(name, body);
  const names = ['test', 'expect', ...Object.keys(application)];
  const code = SHOWN.replace('http://localhost:8025/', url);
  new Function(...names, code)(collect, expect, ...Object.values(application));
  return bodies;
}

/** An application that sends by nodemailer. */
function application(catcher: Catcher, page: string): Record<string, unknown> {
  const [host, port] = catcher.smtp.split(':');
  const transport = createTransport({ host, port: Number(port), ignoreTLS: true });
  const send = (to: string, text: string) =>
    transport.sendMail({ from: 'app@app.test', to, subject: 'Welcome', text });
  return {
    signUp: (to: string) => send(to, `Your code is 481516. Or go to ${page}confirm/first`),
    sendAgain: (to: string) => send(to, `Go to ${page}confirm/second`),
    sendNewsletter: (to: string) => send(to, 'News'),
    unsubscribe: async () => {},
  };
}

for (const name of shown('', {}).keys()) {
  test(`the page's test of ${name}`, async ({ catcher, request }) => {
    const visited: (string | undefined)[] = [];
    const page = createServer((asked, answer) => {
      visited.push(asked.url);
      answer.end('confirmed');
    });
    await new Promise<void>((listening) => page.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`;
    await shown(catcher.url, application(catcher, url)).get(name)?.({ request });
    page.closeAllConnections();
    page.close();
    expect(visited).toEqual(name === 'a link, once more' ? ['/confirm/second'] : []);
  });
}

test('the page shows three tests', () => {
  expect(shown('', {}).size).toBe(3);
});

/** What a test that fails at this answer prints. */
function printed(answer: APIResponse): Promise<string> {
  const said = expect(answer).toBeOK();
  return said.then(() => '', (error: Error) => error.message);
}

test('what toBeOK prints is the explanation', async ({ catcher, request }) => {
  await catcher.send('To: ada@x.test\nSubject: Welcom to Acme\n\nhi');
  const params = { to: 'ada@x.test', subject: 'Welcome', within: '0' };
  const answer = await request.get(`${catcher.url}v1/expect`, { params });
  const { detail } = await answer.json();
  expect(detail).toMatch(/^No mail to ada@x\.test .* subject "Welcom to Acme" \(1 letter off\)\.$/);
  expect(await printed(answer)).toContain(JSON.stringify(detail));
});

// It prints the first 1,000 characters of the body.
test('the longest explanation is printed whole', async ({ catcher, request }) => {
  const words = (count: number) => Array.from({ length: count }, (_, at) => `"${at}"`).join(' ');
  await catcher.send(`To: ada@x.test\nSubject: ${words(200)}\n\nhi`);
  const params = { q: `subject:${words(1)} ${words(90)} -ada`, within: '0' };
  const answer = await request.get(`${catcher.url}v1/expect`, { params });
  const { detail } = await answer.json();
  expect(detail.length).toBeGreaterThan(400);
  expect(await printed(answer)).toContain(JSON.stringify(detail));
});

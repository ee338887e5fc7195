import { connect } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './catcher';
import { plain } from './mails';

/** Says these lines, each after the reply to the one before, and leaves. */
async function say(address: string, lines: string[]): Promise<void> {
  const at = address.lastIndexOf(':');
  const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
  const waiting = [...lines];
  let rest = '';
  for await (const piece of socket) {
    const replies = (rest + String(piece)).split('\r\n');
    rest = replies.pop() ?? '';
    for (const reply of replies) {
      if (reply[3] === '-') continue;
      const next = waiting.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    }
  }
}

const REFUSED = ['EHLO worker.test', 'MAIL FROM:<a@x.test> SIZE=99999999999', 'QUIT'];

test('a mail shows the dialogue behind it', async ({ page, catcher }) => {
  await catcher.sendAll([plain('One'), plain('Two')]);
  const { id } = await catcher.latest();
  await page.goto(`${catcher.url}?id=${id}&tab=dialogue`);
  const dialogue = page.getByRole('region', { name: 'Dialogue' });
  await expect(dialogue.getByText('EHLO e2e.test')).toBeVisible();
  await expect(dialogue.getByText('MAIL FROM:<app@sender.test>')).toHaveCount(1);
  await expect(dialogue.getByText('3 commands at once')).toBeVisible();
  await expect(dialogue.getByText(/^\d+ bytes, in [\d.]+ ms$/)).toBeVisible();
  await expect(dialogue.getByText(`held as ${id}`)).toBeVisible();
  await expect(dialogue.getByText('what was said here is not about this mail')).toBeVisible();
  await page.getByRole('tabpanel').getByRole('link', { name: '1' }).click();
  await expect(page).toHaveURL(/view=sessions&id=1$/);
  await expect(page.getByRole('heading', { name: 'Delivered 2 mails' })).toBeVisible();
  await expect(dialogue.getByText('MAIL FROM:<app@sender.test>')).toHaveCount(2);
  await page.getByRole('link', { name: id }).click();
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Dialogue' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
});

test('a session that failed is told at once, and says why', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  await expect(page.getByText('No mail yet')).toBeVisible();
  const link = page.getByRole('link', { name: /Sessions/ });
  await say(catcher.smtp, REFUSED);
  await expect(link).toContainText('1 failed');
  await link.click();
  await page.getByRole('option').click();
  await expect(page.getByRole('heading', { name: 'Refused at MAIL FROM' })).toBeVisible();
  await expect(page.getByText('552 5.3.4').first()).toBeVisible();
  await say(catcher.smtp, ['EHLO quiet.test', 'QUIT']);
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.getByRole('button', { name: 'Failed only' }).click();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page).toHaveURL(/view=sessions&failed=true&id=1$/);
  await page.reload();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Refused at MAIL FROM' })).toBeVisible();
});

test('no secret is shown', async ({ page, catcher }) => {
  const secret = Buffer.from('\0bob\0open sesame').toString('base64');
  await say(catcher.smtp, ['EHLO a.test', `AUTH PLAIN ${secret}`, 'QUIT']);
  await page.goto(`${catcher.url}?view=sessions&id=1`);
  await expect(page.getByText('secret hidden')).toBeVisible();
  expect(await page.content()).not.toContain(secret);
});

test('sessions are moved between with the keys', async ({ page, catcher }) => {
  for (const name of ['one', 'two', 'three']) {
    await say(catcher.smtp, [`EHLO ${name}.test`, 'QUIT']);
  }
  await page.goto(`${catcher.url}?view=sessions`);
  await expect(page.getByRole('option')).toHaveCount(3);
  const open = (name: string) =>
    expect(page.getByRole('option', { selected: true })).toContainText(name);
  await page.keyboard.press('j');
  await open('three');
  await page.keyboard.press('ArrowDown');
  await open('two');
  await page.keyboard.press('End');
  await open('one');
  await page.keyboard.press('k');
  await open('two');
  await page.keyboard.press('Home');
  await open('three');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.getByRole('link', { name: /All mail/ }).click();
  await expect(page.getByLabel('Search mail')).toBeVisible();
});

test('an open session goes on while one reads it', async ({ page, catcher }) => {
  const at = catcher.smtp.lastIndexOf(':');
  const socket = connect(Number(catcher.smtp.slice(at + 1)), catcher.smtp.slice(0, at));
  await page.goto(`${catcher.url}?view=sessions&id=1`);
  await expect(page.getByRole('heading', { name: 'still open' })).toBeVisible();
  socket.write('NOOP one\r\n');
  await expect(page.getByText('NOOP one')).toBeVisible();
  socket.destroy();
  await expect(page.getByRole('heading', { name: 'without a mail' })).toBeVisible();
});

test('a link to a session that is gone says so', async ({ page, catcher, complaints }) => {
  await page.goto(`${catcher.url}?view=sessions&id=77`);
  await expect(page.getByText('This session is not here any more')).toBeVisible();
  await expect(page.getByText('No session yet')).toBeVisible();
  // The browser notes a 404 by itself.
  complaints.length = 0;
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1000, height: 800 },
    { width: 390, height: 844 },
  ]) {
    test.describe(`${colorScheme}, ${viewport.width} px`, () => {
      test.use({ colorScheme, viewport });

      test('sessions are accessible and fit', async ({ page, catcher }) => {
        test.slow();
        await catcher.send(plain('One'));
        await say(catcher.smtp, REFUSED);
        for (const path of ['?view=sessions', '?view=sessions&id=1', '?view=sessions&id=2']) {
          await page.goto(`${catcher.url}${path}`);
          const shown = path.includes('id=') ? page.getByRole('article') : page.getByRole('option');
          await expect(shown.first()).toBeVisible();
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(width).toBe(viewport.width);
        }
      });
    });
  }
}

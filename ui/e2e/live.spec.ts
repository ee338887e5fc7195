import { expect, test } from './catcher';
import { plain } from './mails';

test('an empty server shows how to send the first mail', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  const address = catcher.smtp.replace('127.0.0.1', 'localhost');
  await expect(page.getByText('No mail yet')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Point your application here' })).toBeVisible();
  await expect(page.getByRole('main').getByText(address, { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Symfony' }).click();
  await expect(page.getByText(`MAILER_DSN=smtp://${address}`)).toBeVisible();
});

test('mail appears by itself, and opening it marks it as read', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  await expect(page.getByText('No mail yet')).toBeVisible();
  await catcher.send(plain('First'));
  const row = page.getByRole('option', { name: 'First' });
  await expect(row).toContainText('Unread.');
  await expect(page).toHaveTitle('(1) restante');
  expect((await catcher.latest()).read).toBe(false);

  await row.click();
  await expect(page.getByRole('heading', { name: 'First' })).toBeVisible();
  await expect(page.getByText('It works.')).toHaveCount(2);
  await expect(row).not.toContainText('Unread.');
  await expect(page).toHaveTitle('restante');
  await expect.poll(async () => (await catcher.latest()).read).toBe(true);

  await page.keyboard.press('u');
  await page.getByRole('tab', { name: 'Headers' }).click();
  await expect(row).toContainText('Unread.');
  await expect.poll(async () => (await catcher.latest()).read).toBe(false);
});

test('a mail is on the screen within 100 ms of its event', async ({
  page,
  catcher,
  complaints,
}) => {
  // The page's own clock, which stands still while a busy machine does something else.
  await page.clock.install();
  await page.addInitScript(countMessages);
  await page.goto(catcher.url);
  await expect(page.getByText('live')).toBeVisible();
  await expect(page.getByText('No mail yet')).toBeVisible();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.route('**/v1/messages**', (route) => route.abort());
  await catcher.send(plain('Now'));
  await expect.poll(() => page.evaluate(() => (window as any).messages)).toBe(1);
  expect(await page.getByRole('option').count()).toBe(0);
  // The other half of the 100 ms is the network's.
  await page.clock.runFor(50);
  expect(await page.getByRole('option', { name: 'Now' }).count()).toBe(1);
  // The browser notes each request that was blocked here.
  complaints.length = 0;
});

/** Runs in the page: counts the messages that its streams were told of. */
function countMessages(): void {
  const told = Object.assign(window, { messages: 0 });
  window.EventSource = class extends EventSource {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener('message', () => (told.messages += 1));
    }
  };
}

test('follow opens each new mail, but not under the hands of who types', async ({
  page,
  catcher,
}) => {
  await page.goto(catcher.url);
  await expect(page.getByText('live')).toBeVisible();
  await page.getByRole('button', { name: 'Follow' }).click();
  await catcher.send(plain('One'));
  await expect(page.getByRole('heading', { name: 'One' })).toBeVisible();
  await page.getByRole('tab', { name: 'Headers' }).click();
  await catcher.send(plain('Two'));
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Headers' })).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('/');
  await catcher.send(plain('Three'));
  await expect(page.getByRole('option')).toHaveCount(3);
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
});

test('what somebody else does is seen at once', async ({ page, catcher }) => {
  await catcher.sendAll([plain('One'), plain('Two')]);
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(2);
  const { id } = await catcher.latest();
  await page.getByRole('option', { name: 'Two' }).click();
  // What opening asks for must be answered before the mail goes, or the browser notes a 404.
  await expect(page.getByText('It works.')).toHaveCount(3);
  await expect.poll(async () => (await catcher.latest()).read).toBe(true);
  await page.waitForLoadState('networkidle');
  await fetch(`${catcher.url}v1/messages/${id}`, { method: 'DELETE' });
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByText('This mail was deleted')).toBeVisible();
  await fetch(`${catcher.url}v1/messages?all=true`, { method: 'DELETE' });
  await expect(page.getByText('No mail yet')).toBeVisible();
});

test('says when the server is gone, and keeps what is loaded readable', async ({
  page,
  catcher,
  complaints,
}) => {
  await catcher.send(plain('Kept'));
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(1);
  catcher.process.kill();
  await expect(page.getByText(/No connection since \d\d:\d\d/)).toBeVisible();
  await expect(page.getByText('offline')).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(1);
  complaints.length = 0;
});

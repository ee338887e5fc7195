import type { Page } from '@playwright/test';
import { expect, test } from './catcher';
import { plain } from './mails';

test.beforeEach(async ({ catcher }) => {
  await catcher.sendAll(['One', 'Two', 'Three'].map((subject) => plain(subject)));
});

/** Lets the search for `q` wait until the returned function is called. */
async function hold(page: Page, q: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const searches = (url: URL) =>
    url.pathname.endsWith('/v1/messages') && url.searchParams.get('q') === q;
  await page.route(searches, async (route) => {
    await released;
    // The page may have given it up meanwhile.
    await route.continue().catch(() => {});
  });
  return release;
}

test('a slow search keeps the list, says that it goes on, and shows what it found', async ({
  page,
  catcher,
}) => {
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(3);
  const release = await hold(page, 'Two');
  await page.getByLabel('Search mail').fill('Two');
  await expect(page.getByText('Searching …')).toBeVisible();
  await expect(page.getByRole('listbox')).toHaveAttribute('aria-busy', 'true');
  await expect(page.getByRole('option')).toHaveCount(3);
  release();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByText('Searching …')).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: '1 mail found' })).toBeAttached();
});

test('what was typed last counts, and what it replaces is given up', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  const release = await hold(page, 'T');
  const given = page.waitForEvent('requestfailed', (request) => request.url().includes('q=T'));
  await page.getByLabel('Search mail').fill('T');
  await expect(page.getByText('Searching …')).toBeVisible();
  await page.getByLabel('Search mail').fill('Three');
  await given;
  await expect(page.getByRole('option')).toHaveCount(1);
  release();
  await expect(page.getByRole('option', { name: 'Three' })).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(1);
});

test('an error keeps to the text it is about until another answer comes', async ({
  page,
  catcher,
  complaints,
}) => {
  await page.goto(catcher.url);
  const box = page.getByLabel('Search mail');
  await box.fill('😀 form:bob');
  const mark = page.getByRole('alert').locator('mark');
  await expect(mark).toHaveText('form:bob');
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  const release = await hold(page, 'One');
  await box.fill('One');
  await expect(page.getByText('Searching …')).toBeVisible();
  await expect(mark).toHaveText('form:bob');
  release();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('option')).toHaveCount(1);
  complaints.length = 0;
});

test('half a query is no error while its other half is being typed', async ({
  page,
  catcher,
  complaints,
}) => {
  await page.goto(catcher.url);
  await page.clock.install();
  // From now on time goes on only as the test says, however slow the machine is.
  await page.clock.pauseAt(Date.now() + 1_000);
  const box = page.getByLabel('Search mail');
  await expect(page.getByRole('option')).toHaveCount(3);
  const asked = page.waitForResponse((response) => response.status() === 400);
  await box.pressSequentially('from:');
  await page.clock.runFor(200);
  await asked;
  await page.clock.runFor(300);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.clock.runFor(600);
  await expect(page.getByRole('alert')).toContainText('from');
  await box.pressSequentially('quill');
  await page.clock.runFor(200);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('option')).toHaveCount(3);
  complaints.length = 0;
});

test('a server that cannot do it says so, and it can be tried again', async ({
  page,
  catcher,
  complaints,
}) => {
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(3);
  const json = { type: '/problems/internal', detail: 'Something broke.' };
  await page.route('**/v1/messages?q=One*', (route) => route.fulfill({ status: 500, json }));
  await page.getByLabel('Search mail').fill('One');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Something broke.');
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.unroute('**/v1/messages?q=One*');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(alert).toHaveCount(0);
  complaints.length = 0;
});

test('a count that is not exact says so', async ({ page, catcher, complaints }) => {
  await page.route('**/v1/messages?q=T*', async (route) => {
    // Of the mails it does not have there is no next page either.
    if (route.request().url().includes('before=')) return route.abort();
    const response = await route.fetch();
    const { matched: _, ...list } = await response.json();
    await route.fulfill({ json: { ...list, matched_at_least: 1234, next: '/v1/messages?q=T' } });
  });
  await page.goto(`${catcher.url}?q=T`);
  await expect(page.getByText('1,234 or more', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete all listed' }).click();
  await expect(page.getByText('Delete 1,234 or more mails?')).toBeVisible();
  complaints.length = 0;
});

test('what is not found says among how many it was looked for', async ({ page, catcher }) => {
  await page.goto(`${catcher.url}?q=nowhere`);
  await expect(page.getByText('None of 3 mails matches nowhere.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all mail' }).click();
  await expect(page.getByRole('option')).toHaveCount(3);
});

test('what is deleted is what is seen, not what is being typed', async ({ page, catcher }) => {
  await page.goto(`${catcher.url}?q=One`);
  await expect(page.getByRole('option')).toHaveCount(1);
  const release = await hold(page, 'T');
  await page.getByLabel('Search mail').fill('T');
  await expect(page.getByText('Searching …')).toBeVisible();
  await page.getByRole('button', { name: 'Delete all listed' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => catcher.total()).toBe(2);
  release();
  await expect(page.getByRole('option')).toHaveCount(2);
});

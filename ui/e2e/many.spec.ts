import { expect, test } from './catcher';
import { plain } from './mails';

const MANY = 10_000;

test('ten thousand mails scroll, and new ones move nothing', async ({ page, catcher }) => {
  test.slow();
  await catcher.sendAll(Array.from({ length: MANY }, (_, at) => plain(`Mail ${at + 1}`)));
  await page.goto(catcher.url);
  const list = page.getByRole('listbox', { name: 'All mail' });
  const row = (place: number) => list.locator(`[aria-posinset="${place}"]`);
  await expect(row(1)).toContainText('Mail 10000');
  expect(await list.getByRole('option').count()).toBeLessThan(40);

  await list.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await expect(row(MANY)).toContainText('Mail 1', { timeout: 20_000 });
  expect(await list.getByRole('option').count()).toBeLessThan(40);

  await list.evaluate((element) => (element.scrollTop = 64 * 500));
  const seen = list.locator('[data-id]', { hasText: 'Mail 9495' });
  await expect(seen).toBeVisible();
  const before = await seen.boundingBox();
  await catcher.sendAll([plain('New'), plain('Newer')]);
  await expect(page.getByRole('button', { name: '2 new mails' })).toBeVisible();
  expect(await seen.boundingBox()).toEqual(before);
  await page.getByRole('button', { name: '2 new mails' }).click();
  await expect(row(1)).toContainText('Newer');
});

test('rows under a pointer stay where they are', async ({ page, catcher }) => {
  await catcher.sendAll(['One', 'Two'].map((subject) => plain(subject)));
  await page.goto(catcher.url);
  const row = page.getByRole('option', { name: 'One' });
  await row.hover();
  const before = await row.boundingBox();
  await catcher.send(plain('Three'));
  await expect(page.getByRole('button', { name: '1 new mail' })).toBeVisible();
  expect(await row.boundingBox()).toEqual(before);
  await page.getByRole('region', { name: 'Mail', exact: true }).hover();
  await expect(page.getByRole('option', { name: 'Three' })).toBeInViewport({ ratio: 1 });
});

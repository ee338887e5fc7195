import { expect, test } from './catcher';
import { plain } from './mails';

test.beforeEach(async ({ page, catcher }) => {
  await catcher.sendAll([plain('One'), plain('Two'), plain('Three')]);
  await page.clock.install();
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(3);
});

test('deleting moves on and can be undone', async ({ page, catcher }) => {
  await page.getByRole('option', { name: 'Three' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('Deleted 1 mail')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
  await page.keyboard.press('#');
  await expect(page.getByText('Deleted 2 mails')).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByRole('link', { name: /All mail/ })).toContainText('1');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.clock.fastForward(10_000);
  expect(await catcher.total()).toBe(3);
});

test('six seconds later the mail is gone for good', async ({ page, catcher }) => {
  await page.getByRole('option', { name: 'Two' }).click();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Deleted 1 mail')).toBeVisible();
  await page.clock.runFor(5_000);
  expect(await catcher.total()).toBe(3);
  await page.clock.runFor(1_500);
  await expect.poll(() => catcher.total()).toBe(2);
  await expect(page.getByText('Deleted 1 mail')).toHaveCount(0);
  await expect(page.getByRole('option')).toHaveCount(2);
});

test('leaving the page deletes at once', async ({ page, catcher }) => {
  await page.getByRole('option', { name: 'Two' }).click();
  await page.keyboard.press('#');
  await expect(page.getByText('Deleted 1 mail')).toBeVisible();
  await page.goto('about:blank');
  await expect.poll(() => catcher.total()).toBe(2);
});

test('everything is deleted only after a second look', async ({ page, catcher }) => {
  await page.getByRole('button', { name: 'Delete all listed' }).click();
  await expect(page.getByText('Delete 3 mails?')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await catcher.total()).toBe(3);
  await page.getByRole('button', { name: 'Delete all listed' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No mail yet')).toBeVisible();
  expect(await catcher.total()).toBe(0);
});

test('what a search found is deleted alone', async ({ page, catcher }) => {
  await page.getByLabel('Search mail').fill('subject:T');
  await page.clock.runFor(200);
  await expect(page.getByText('2 mails', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete all listed' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('No mail matches')).toBeVisible();
  expect(await catcher.total()).toBe(1);
});

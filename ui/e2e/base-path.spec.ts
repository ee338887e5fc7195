import { expect, test } from './catcher';
import { rich } from './mails';

test.use({ more: ['--base-path', '/tools/mail'] });

test('everything works below a path of its own', async ({ page, catcher }) => {
  expect(new URL(catcher.url).pathname).toBe('/tools/mail/');
  await page.goto(catcher.url);
  await expect(page.getByText('No mail yet')).toBeVisible();
  await catcher.send(rich('<p>Hello</p><img src="cid:logo" alt="logo">'));
  await page.getByRole('option').click();
  await expect(page.frameLocator('iframe').getByText('Hello')).toBeVisible();
  await expect(page).toHaveURL(/\/tools\/mail\/\?id=/);
  await page.getByRole('tab', { name: 'Raw' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('multipart/mixed');
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download usage.csv' }).click();
  expect((await coming).suggestedFilename()).toBe('usage.csv');
  await page.reload();
  await page.getByRole('link', { name: /All mail/ }).click();
  await expect(page).toHaveURL(catcher.url);
});

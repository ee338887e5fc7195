import { expect, test } from './catcher';
import { plain } from './mails';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test('list, mail, and back by the browser', async ({ page, catcher }) => {
  await catcher.sendAll(['One', 'Two'].map((subject) => plain(subject)));
  await page.goto(catcher.url);
  await expect(page.getByRole('region', { name: 'Mail', exact: true })).toBeHidden();
  await page.getByRole('option', { name: 'Two' }).tap();
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
  await expect(page.getByRole('listbox')).toBeHidden();
  await page.getByRole('button', { name: 'Older mail' }).tap();
  await expect(page.getByRole('heading', { name: 'One' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('listbox')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Mail', exact: true })).toBeHidden();
});

test('the way back is there for a mail opened by its link, too', async ({ page, catcher }) => {
  await catcher.send(plain('One'));
  const { id } = await catcher.latest();
  await page.goto(`${catcher.url}?id=${id}`);
  await expect(page.getByRole('heading', { name: 'One' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the list' }).tap();
  await expect(page.getByRole('option', { name: 'One' })).toBeVisible();
});

test('the views are in a drawer', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  await expect(page.getByRole('link', { name: 'Settings' })).toBeHidden();
  await page.getByRole('button', { name: 'Views', exact: true }).tap();
  await page.getByRole('link', { name: 'Settings' }).tap();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(page.getByRole('navigation')).toBeHidden();
  await page.goBack();
  await expect(page.getByText('No mail yet')).toBeVisible();
});

test('nothing is wider than the screen, and what is tapped is large', async ({ page, catcher }) => {
  await catcher.send(plain('A subject of more words than a telephone has room for in a line'));
  await page.goto(catcher.url);
  await page.getByRole('option').tap();
  await expect(page.getByRole('tab').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  for (const button of await page
    .getByRole('region', { name: 'Mail', exact: true })
    .getByRole('button')
    .all()) {
    if (!(await button.isVisible())) continue;
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
});

import { expect, test } from './catcher';
import { plain } from './mails';

test.beforeEach(async ({ catcher }) => {
  await catcher.sendAll(['One', 'Two', 'Three'].map((subject) => plain(subject)));
});

test('the URL is the state: link, reload, back and forward', async ({ page, catcher }) => {
  const { id } = await catcher.latest();
  await page.goto(`${catcher.url}?q=subject%3AT&id=${id}&tab=headers`);
  const headers = page.getByRole('tab', { name: 'Headers' });
  await expect(page.getByRole('heading', { name: 'Three' })).toBeVisible();
  await expect(headers).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('option')).toHaveCount(2);
  await expect(page.getByLabel('Search mail')).toHaveValue('subject:T');
  await page.reload();
  await expect(page.getByRole('option', { name: 'Three' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(headers).toHaveAttribute('aria-selected', 'true');

  await page.getByRole('option', { name: 'Two' }).click();
  await page.getByRole('link', { name: /All mail/ }).click();
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Three' })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'Two' })).toBeVisible();
});

test('a link to a mail that is gone says so', async ({ page, catcher, complaints }) => {
  await page.goto(`${catcher.url}?id=01ARZ3NDEKTSV4RRFFQ69G5FAV`);
  await expect(page.getByText('This mail is not here any more')).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(3);
  // The browser notes a 404 by itself.
  complaints.length = 0;
});

test('everything is at hand on the keyboard', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(3);
  const open = (name: string) => expect(page.getByRole('heading', { name })).toBeVisible();
  await page.keyboard.press('j');
  await open('Three');
  await page.keyboard.press('ArrowDown');
  await open('Two');
  await page.keyboard.press('End');
  await open('One');
  await page.keyboard.press('k');
  await open('Two');
  await page.keyboard.press('Home');
  await open('Three');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await open('Three');

  await page.keyboard.press('/');
  // At once: half a query is an error that the page would complain about.
  await page.keyboard.insertText('subject:Two');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  await open('Two');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await open('Two');
});

test('tabs are moved between with the arrow keys', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  await page.getByRole('option', { name: 'One' }).click();
  await page.getByRole('tab', { name: 'Text' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Headers' })).toBeFocused();
  await expect(page).toHaveURL(/tab=headers/);
});

test('a query that makes no sense says where', async ({ page, catcher, complaints }) => {
  await page.goto(catcher.url);
  await page.getByLabel('Search mail').fill('One form:bob');
  const problem = page.getByRole('alert');
  await expect(problem).toContainText('from');
  await expect(problem.locator('mark')).toHaveText('form:bob');
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.getByLabel('Search mail').fill('One');
  await expect(problem).toHaveCount(0);
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByRole('option').locator('mark')).toHaveText('One');
  complaints.length = 0;
});

test('a search is live', async ({ page, catcher }) => {
  await page.goto(`${catcher.url}?q=subject%3AT`);
  await expect(page.getByText('2 mails', { exact: true })).toBeVisible();
  await catcher.sendAll([plain('Four'), plain('Ten')]);
  await expect(page.getByText('3 mails', { exact: true })).toBeVisible();
  await expect(page.getByText('of 5')).toBeVisible();
  await expect(page.getByRole('option').first()).toContainText('Ten');
});

test('unread mail stays in sight while it is read', async ({ page, catcher }) => {
  await page.goto(catcher.url);
  await page.getByRole('link', { name: /Unread/ }).click();
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.getByRole('option', { name: 'Two' }).click();
  await expect(page.getByRole('link', { name: /Unread/ })).toContainText('2');
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.getByRole('link', { name: /Unread/ }).click();
  await expect(page.getByRole('option')).toHaveCount(2);
});

test('settings are kept', async ({ page, catcher }) => {
  await page.goto(`${catcher.url}?page=settings`);
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.getByRole('button', { name: 'Compact' }).click();
  await page.getByRole('separator').focus();
  await page.keyboard.press('ArrowRight');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-scheme', 'dark');
  await expect(page.getByRole('separator')).toHaveAttribute('aria-valuenow', '396');
  await expect(page.getByRole('option').first()).toHaveCSS('height', '36px');
});

test('the API is a link away, and its page needs nothing else', async ({ page, catcher }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const [view, name] of [
    ['setup', 'What it can do'],
    ['settings', 'its API'],
  ]) {
    await page.goto(`${catcher.url}?page=${view}`);
    await page.getByRole('link', { name: name ?? '' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/restante API/);
  }
  await page.getByRole('link', { name: 'List mails' }).first().click();
  await expect(page).toHaveURL(/#listMessages$/);
  await expect(page.locator('#listMessages')).toBeInViewport();
  const width = await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
  expect(width).toBe(0);
  const docs = asked.slice(asked.lastIndexOf('/v1/docs'));
  expect(docs.filter((path) => !path.endsWith('favicon.ico'))).toEqual(['/v1/docs']);
});

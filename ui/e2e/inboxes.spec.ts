import { expect, test } from './catcher';
import { plain } from './mails';

const to = (inbox: string, subject: string) => `X-Restante-Inbox: ${inbox}\n${plain(subject)}`;
const ODD = 'a/b "ü" & <c>?#';

test('they are listed once there is more than the one that needs no name', async ({
  page,
  catcher,
}) => {
  await catcher.send(plain('One'));
  await page.goto(catcher.url);
  await expect(page.getByRole('option')).toHaveCount(1);
  const inboxes = page.getByRole('group', { name: 'Inboxes' });
  await expect(inboxes).toHaveCount(0);
  await catcher.sendAll([to('ci', 'Two'), to('ci', 'Three')]);
  const links = inboxes.getByRole('link');
  await expect(links).toHaveText([/^\s*ci\s+2\s+unread$/, /^\s*default\s+1\s+unread$/]);
  await fetch(`${catcher.url}v1/messages?inbox=ci`, { method: 'DELETE' });
  await expect(inboxes).toHaveCount(0);
});

test('one of them is all that is listed, searched and followed', async ({ page, catcher }) => {
  await catcher.sendAll([plain('One'), to(ODD, 'Two'), to(ODD, 'Three'), to('ci', 'Three')]);
  await page.goto(catcher.url);
  const link = page.getByRole('link', { name: ODD });
  await link.click();
  await expect(page).toHaveURL(/\?inbox=a%2Fb/);
  await expect(link).toHaveAttribute('aria-current', 'page');
  const list = page.getByRole('listbox', { name: ODD });
  await expect(list.getByRole('option')).toHaveCount(2);

  await page.getByLabel('Search mail').fill('Three');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByText(`of 2 in ${ODD}`)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByLabel('Search mail')).toHaveValue('Three');

  await catcher.sendAll([to('ci', 'Three'), to(ODD, 'Three more'), to(ODD, 'Four')]);
  await expect(page.getByRole('option')).toHaveCount(2);
  await expect(page.getByText(`of 4 in ${ODD}`)).toBeVisible();
  await page.getByLabel('Search mail').fill('Five');
  await page.getByRole('button', { name: 'Show all 4 in this inbox' }).click();
  await expect(page.getByRole('option')).toHaveCount(4);

  await page.getByRole('link', { name: /All mail/ }).click();
  await expect(page.getByRole('option')).toHaveCount(7);
  await page.goBack();
  await expect(page.getByRole('option')).toHaveCount(4);
});

test('reading and deleting are counted, and delete what is listed alone', async ({
  page,
  catcher,
}) => {
  await catcher.sendAll([to('ci', 'One'), plain('Kept'), to('ci', 'Two')]);
  await page.goto(`${catcher.url}?inbox=ci`);
  const ci = page.getByRole('link', { name: /^ci/ });
  await expect(ci).toHaveText(/2\s*unread/);
  await page.getByRole('option', { name: 'Two' }).click();
  await expect(ci).toHaveText(/1\s*unread/);
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'One' })).toBeVisible();
  await expect(ci).not.toHaveText(/unread/);

  const list = page.getByRole('region', { name: 'List' });
  await list.getByRole('button', { name: 'Delete all listed' }).click();
  await list.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('Nothing in ci')).toBeVisible();
  await expect(ci).toHaveAttribute('aria-current', 'page');
  expect(await catcher.total()).toBe(1);
  await catcher.send(to('ci', 'Again'));
  await expect(page.getByRole('option', { name: 'Again' })).toBeVisible();
  await page.getByRole('link', { name: /All mail/ }).click();
  await expect(page.getByRole('option')).toHaveCount(2);
});

test('a thousand are filtered, and walked by arrows', async ({ page, catcher }) => {
  const names = Array.from({ length: 1_000 }, (_, at) => `ci-${String(at).padStart(3, '0')}`);
  await catcher.sendAll(names.map((name) => to(name, 'Hello')));
  await page.goto(catcher.url);
  const inboxes = page.getByRole('group', { name: 'Inboxes' });
  await expect(inboxes.getByRole('link').first()).toHaveText(/ci-000/);
  expect(await inboxes.getByRole('link').count()).toBe(100);
  await expect(page.getByRole('link', { name: 'Settings' })).toBeInViewport({ ratio: 1 });

  await page.getByLabel('Filter inboxes').fill('CI-77');
  await expect(inboxes.getByRole('link')).toHaveCount(10);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/inbox=ci-771$/);
  await expect(page.getByRole('option')).toHaveCount(1);

  await page.reload();
  await expect(inboxes.getByRole('link', { name: 'ci-771' })).toBeInViewport();
  await inboxes.getByRole('button', { name: '900 more' }).click();
  await expect(inboxes.getByRole('link')).toHaveCount(601);
  await page.getByLabel('Filter inboxes').fill('none');
  await expect(page.getByText('No inbox has such a name')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Filter inboxes')).toHaveValue('');
});

test('follow keeps to the inbox', async ({ page, catcher }) => {
  await catcher.send(to('ci', 'One'));
  await page.goto(`${catcher.url}?inbox=ci`);
  await page.getByRole('button', { name: 'Follow' }).click();
  await catcher.sendAll([to('ci', 'Mine'), plain('Not mine')]);
  await expect(page.getByRole('heading', { name: 'Mine', exact: true })).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(2);
  await expect(page).toHaveURL(/inbox=ci&id=/);
});

test.describe('where the side bar has icons only', () => {
  test.use({ viewport: { width: 1000, height: 800 } });

  test('they are in a panel', async ({ page, catcher }) => {
    await catcher.sendAll([plain('One'), to('ci', 'Two')]);
    await page.goto(catcher.url);
    await page.getByRole('button', { name: 'Inboxes' }).press('Enter');
    await expect(page.getByRole('link', { name: /^ci/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('option')).toHaveCount(1);
    await expect(page.getByRole('link', { name: /^ci/ })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Inboxes, ci is listed' })).toBeFocused();
  });
});

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('they are in the drawer', async ({ page, catcher }) => {
    await catcher.sendAll([plain('One'), to('ci', 'Two')]);
    await page.goto(catcher.url);
    await page.getByRole('button', { name: 'Views', exact: true }).tap();
    const ci = page.getByRole('link', { name: /^ci/ });
    expect((await ci.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await ci.tap();
    await expect(page.getByRole('navigation')).toBeHidden();
    await expect(page.getByRole('option')).toHaveCount(1);
    await page.goBack();
    await expect(page.getByRole('option')).toHaveCount(2);
  });
});

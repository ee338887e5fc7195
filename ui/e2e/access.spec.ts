import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './catcher';
import { plain, rich } from './mails';

const TABS = ['HTML', 'Text', 'Source', 'Headers', 'Parts', 'Dialogue', 'Raw'];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1000, height: 800 },
    { width: 390, height: 844 },
  ]) {
    test.describe(`${colorScheme}, ${viewport.width} px`, () => {
      test.use({ colorScheme, viewport });

      test('is accessible wherever one goes', async ({
        page,
        catcher,
        complaints,
      }) => {
        test.slow();
        const check = async (place: string) => {
          const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
          expect(found, place).toEqual([]);
        };
        await page.goto(catcher.url);
        await expect(page.getByText('No mail yet')).toBeVisible();
        await check('empty');
        await catcher.sendAll([plain('One'), rich('<p>Hello</p><img src="https://x.test/a.png">')]);
        await expect(page.getByRole('option')).toHaveCount(2);
        await check('list');
        await catcher.send(`X-Restante-Inbox: ci\n${plain('Three')}`);
        if (viewport.width === 1000) await page.getByRole('button', { name: 'Inboxes' }).click();
        else if (viewport.width < 720) await page.getByRole('button', { name: 'Views' }).click();
        await expect(page.getByRole('link', { name: /^ci/ })).toBeVisible();
        await check('inboxes');
        await page.getByRole('link', { name: /All mail/ }).click();
        await page.getByLabel('Search mail').fill('form:bob');
        await expect(page.getByRole('alert')).toBeVisible();
        await check('a query that is wrong');
        await page.getByLabel('Search mail').fill('');
        await expect(page.getByRole('alert')).toHaveCount(0);
        await expect(page.getByRole('option')).toHaveCount(3);
        // The browser notes a 400 by itself.
        complaints.length = 0;
        await page.getByRole('option', { name: 'rich' }).click();
        for (const name of TABS) {
          await page.getByRole('tab', { name }).click();
          await expect(page.getByRole('tabpanel').locator(':scope > *').first()).toBeVisible();
          await check(name);
        }
        await page.keyboard.press('?');
        await check('help');
        for (const name of ['setup', 'settings']) {
          await page.goto(`${catcher.url}?page=${name}`);
          await expect(page.getByRole('main')).toBeVisible();
          await check(name);
        }
      });
    });
  }
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`${colorScheme}, the page of the API`, () => {
    test.use({ colorScheme });

    test('is accessible', async ({ page, catcher }) => {
      test.slow();
      // Nothing may run in it as it is served, not even this check.
      const docs = await page.request.get(`${catcher.url}v1/docs`);
      await page.setContent(await docs.text());
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    });
  });
}

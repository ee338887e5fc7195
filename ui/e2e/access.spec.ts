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

      test('is accessible wherever one goes', async ({ page, catcher }) => {
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

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { expect, test } from './catcher';
import { PNG, plain, rich } from './mails';

const HTML = `<p id="hello">Hello</p><img src="cid:logo" alt="logo">
<script>document.getElementById('hello').textContent = 'owned'</script>
<a href="javascript:alert(1)">bad</a> <a href="https://shop.example/orders">good</a>`;

test('HTML is framed without scripts, with its inline pictures', async ({ page, catcher }) => {
  await catcher.send(rich(HTML));
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  const frame = page.locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', /^(?!.*allow-(scripts|same-origin))/);
  const inside = page.frameLocator('iframe');
  await expect(inside.locator('p')).toHaveText('Hello');
  await expect(inside.locator('script')).toHaveCount(0);
  await expect(inside.getByRole('link', { name: 'bad' })).toHaveCount(0);
  const picture = inside.getByAltText('logo');
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(1);
});

test('remote content is off until somebody asks for it', async ({ page, catcher }) => {
  const asked: string[] = [];
  const remote = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'Content-Type': 'image/png' }).end(Buffer.from(PNG, 'base64'));
  });
  remote.listen(0, '127.0.0.1');
  await once(remote, 'listening');
  const { port } = remote.address() as AddressInfo;
  await catcher.send(
    rich(`<p>Hello</p><img src="http://127.0.0.1:${port}/pixel.png" alt="pixel">`),
  );
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  await expect(page.getByText('1 remote image from 127.0.0.1')).toBeVisible();
  await expect(page.frameLocator('iframe').getByText('Hello')).toBeVisible();
  expect(asked).toEqual([]);

  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await expect.poll(() => asked).toEqual(['/pixel.png']);
  await expect(page.getByText('1 remote image')).toHaveCount(0);
  // The frame was replaced, not navigated: one step back is the list.
  await page.goBack();
  await expect(page.getByRole('article')).toHaveCount(0);
  remote.close();
});

test('text, source and raw show what came', async ({ page, catcher }) => {
  await catcher.send(rich(HTML));
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const panel = page.getByRole('tabpanel');
  await tab('Text');
  await expect(panel.getByRole('link', { name: 'https://shop.example/orders' })).toBeVisible();
  await tab('Source');
  await expect(panel).toContainText("textContent = 'owned'");
  await tab('Raw');
  await expect(panel).toContainText('Content-Type: multipart/mixed; boundary="m"');
  await expect(panel).toContainText('--m--');
});

test('headers stand beside the envelope, differences marked', async ({ page, catcher }) => {
  await catcher.send(plain('Headers'), {
    from: 'bounce@quillmoor.example',
    to: ['ada@customer.test', 'archive@quillmoor.example'],
  });
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  await expect(page.getByText('only in the envelope')).toBeVisible();
  await page.getByRole('tab', { name: 'Headers' }).click();
  const envelope = page.getByRole('region', { name: 'Envelope' });
  await expect(envelope).toContainText('2 differences');
  await expect(envelope.locator('mark')).toHaveText(['bounce', 'archive@quillmoor.example']);
  await expect(envelope).toContainText('in no header: Bcc');
  const headers = page.getByRole('region', { name: 'Headers' });
  await expect(headers.locator('mark')).toHaveText(['orders']);
  await headers.getByLabel('Filter the headers').fill('message-id');
  await expect(headers.locator('dt')).toHaveText(['Message-ID']);
});

test('parts are listed, shown and saved as they were sent', async ({ page, catcher }) => {
  await catcher.send(rich(HTML));
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  await page.getByRole('tab', { name: 'Parts' }).click();
  await page.getByRole('button', { name: 'usage.csv' }).click();
  await expect(page.getByRole('region', { name: 'Part 2' })).toContainText('monday,7');
  await page.getByRole('button', { name: 'logo.png' }).click();
  await expect(page.getByRole('img', { name: 'logo.png' })).toBeVisible();

  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download usage.csv' }).first().click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('usage.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe('day,count\r\nmonday,7');
});

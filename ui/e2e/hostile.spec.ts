// The two walls around a mail's HTML, each alone: what the sanitizer leaves is harmless without
// the policy, and the policy holds what no sanitizer has seen. And what has to get through does.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { type Attack, WITNESS, attacks } from './attacks';
import { type Catcher, catching as test, expect } from './catcher';
import { type Answer, Site, thing } from './elsewhere';
import { PNG, rich } from './mails';

test.describe.configure({ timeout: 60_000 });
// A trace takes pictures of every frame, and there are many.
test.use({ trace: 'off' });

test('the attacks are real: without a wall, each one works', async ({ page }) => {
  const seen = await attack(page, async ({ html }) => ({ type: 'text/html', body: html }), '');
  const failed = seen.attacks.filter((_, number) => !seen.acted.has(number));
  expect(failed.map(({ name }) => name)).toEqual([]);
});

for (const framed of [true, false]) {
  test(`the policy alone holds them, ${framed ? 'framed' : 'by itself'}`, async ({
    page,
    catcher,
  }) => {
    const attributes = framed ? await attributesOfFrame() : '';
    const seen = await attack(page, under(await policyOf(catcher, '')), attributes);
    // Chromium opens a connection for a frame before it asks the policy, but sends nothing.
    expect(seen.acts).toEqual([]);
  });
}

test('the policy lets in pictures and styles when asked, and no scripts', async ({
  page,
  catcher,
}) => {
  const policy = await policyOf(catcher, '?remote=true');
  const seen = await attack(page, under(policy), await attributesOfFrame());
  // What may be loaded from somewhere may be prefetched from there (CSP 3 §6.7.2.1).
  const isLoaded = (act: string) => LOADED.test(act) || act.endsWith('/prefetch.html');
  expect(seen.acts.filter((act) => !isLoaded(act))).toEqual([]);
  for (const ending of ['a.png', 'import.css', 'f.woff2', 'video.mp4'])
    expect(seen.acts.some((act) => act.endsWith(ending)), ending).toBe(true);
});

for (const remote of [false, true]) {
  test(`the sanitizer alone cuts them, remote=${remote}`, async ({ page, catcher }) => {
    const serve = async ({ html }: Attack): Promise<Answer> => {
      await catcher.send(rich(html));
      const { id } = await catcher.latest();
      const response = await fetch(`${catcher.url}v1/messages/${id}/html?remote=${remote}`);
      return { type: 'text/html', body: await response.text() };
    };
    const seen = await attack(page, serve, '');
    expect(seen.acts.filter((act) => !remote || !LOADED.test(act))).toEqual([]);
    if (!remote) expect(seen.connections).toBe(0);
  });
}

test('pictures of the mail itself are shown in the frame', async ({ page, catcher }) => {
  await catcher.send(PICTURES);
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  for (const name of ['png', 'svg', 'located', 'located elsewhere', 'data']) {
    const picture = page.frameLocator('iframe').getByAltText(name, { exact: true });
    const width = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width, name).toBeGreaterThan(0);
  }
});

test('what is elsewhere loads when asked for', async ({ page, catcher }) => {
  const asked: string[] = [];
  const elsewhere = await Site.open((path) => (asked.push(path), thing(path)));
  await catcher.send(
    rich(`<style>@import url(${elsewhere.url}/0/a.css);</style><p>Hello</p>
    <img src="${elsewhere.url}/0/a.png" alt="far"><script src="${elsewhere.url}/0/a.js"></script>`),
  );
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  const inside = page.frameLocator('iframe');
  await expect(inside.getByText('Hello')).toBeVisible();
  expect(elsewhere.connections).toBe(0);
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(inside.getByText('Hello')).toHaveCSS('color', 'rgb(1, 2, 3)');
  const width = () =>
    inside.getByAltText('far').evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await expect.poll(width).toBe(1);
  expect(asked.toSorted()).toEqual(['/0/a.css', '/0/a.png']);
  elsewhere.close();
});

test('a link opens a page of its own, without a hold on this one', async ({ page, catcher }) => {
  const referers: unknown[] = [];
  const elsewhere = await Site.open((path, request) => {
    if (path === '/shop.html') referers.push(request.headers.referer);
    return thing(path);
  });
  await catcher.send(rich(`<a href="${elsewhere.url}/shop.html" target=_top rel=opener>Shop</a>`));
  await page.goto(catcher.url);
  await page.getByRole('option').click();
  const here = page.url();
  const coming = page.waitForEvent('popup');
  await page.frameLocator('iframe').getByRole('link', { name: 'Shop' }).click();
  const opened = await coming;
  await expect(opened).toHaveTitle('elsewhere');
  expect(await opened.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  expect(referers).toEqual([undefined]);
  // It is out of the sandbox: a shop that may run no scripts would look broken.
  expect(await opened.evaluate(() => window.origin)).toBe(elsewhere.url);
  expect(page.url()).toBe(here);
  elsewhere.close();
});

const LOADED = /\.(png|css|woff2|mp4)$/;

interface Seen {
  attacks: Attack[];
  /** `script/7` for one that ran, and the paths asked for elsewhere. */
  acts: string[];
  /** The numbers of the attacks that did something. */
  acted: Set<number>;
  /** How many were opened to elsewhere. */
  connections: number;
}

/** Frames every attack, clicks what wants to be clicked, and tells what came of it. */
async function attack(
  page: Page,
  serve: (attack: Attack) => Promise<Answer>,
  attributes: string,
): Promise<Seen> {
  const acts: string[] = [];
  const elsewhere = await Site.open((path) => (acts.push(path), thing(path)));
  const tried = attacks(elsewhere.url);
  const pages: Answer[] = [];
  for (const one of tried) pages.push(await serve(one));
  const frames = pages.map((_, at) => `<iframe src="/${at}" ${attributes}></iframe>`).join('');
  const around = { type: 'text/html', body: `<!doctype html><title>around</title>${frames}` };
  const site = await Site.open((path) => pages[Number(path.slice(1) || NaN)] ?? around);

  await page.exposeFunction('act', (number: number) => acts.push(`script/${number}`));
  await page.addInitScript(() => {
    if (window === window.top)
      window.addEventListener('message', (told) => (window as any).act(told.data));
  });
  page.on('popup', (opened) => acts.push(`popup ${opened.url()}`));
  page.on('dialog', (dialog) => acts.push(`dialog ${dialog.message()}`));
  await page.goto(`${site.url}/`);
  for (const [at, { html }] of tried.entries()) {
    if (!html.includes('id="click"')) continue;
    const target = page.frameLocator(`[src="/${at}"]`).locator('#click');
    if ((await target.count()) > 0) await target.click({ force: true });
  }
  const { connections } = elsewhere;
  await testify(page, elsewhere.url);
  await expect.poll(() => acts).toContain('/witness/witness.html');
  expect([await page.title(), page.url()]).toEqual(['around', `${site.url}/`]);
  const real = acts.filter((act) => !act.startsWith('/witness/'));
  site.close();
  elsewhere.close();
  const numbers = real.map((act) => Number(act.split('/')[1]));
  return { attacks: tried, acts: real, acted: new Set(numbers), connections };
}

/** What could act has done so when a frame does that was added last, and that nothing holds. */
async function testify(page: Page, remote: string): Promise<void> {
  await page.evaluate((html) => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.srcdoc = html;
  }, WITNESS.replace('AT', `${remote}/witness`));
}

/** Serves attacks as they are, but for the headers. */
function under(headers: Record<string, string>) {
  return async ({ html }: Attack): Promise<Answer> => ({ type: 'text/html', body: html, headers });
}

/** The policy that the server sends with the HTML of a mail. */
async function policyOf(catcher: Catcher, query: string): Promise<Record<string, string>> {
  await catcher.send(rich('<p>Hello</p>'));
  const { headers } = await fetch(`${catcher.url}v1/messages/latest/html${query}`);
  const policy = headers.get('Content-Security-Policy');
  expect(policy).toContain("default-src 'none'");
  return { 'Content-Security-Policy': policy ?? '' };
}

/** As the UI frames a mail: read where it is written. */
async function attributesOfFrame(): Promise<string> {
  const component = await readFile('src/components/HtmlPanel.svelte', 'utf8');
  const [frame = ''] = /<iframe[^>]*>/.exec(component) ?? [];
  const attributes = frame.match(/\b(sandbox|referrerpolicy|allow)="[^"]*"/g) ?? [];
  expect(attributes.length).toBeGreaterThanOrEqual(2);
  return attributes.join(' ');
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>';

const PICTURES = `From: Quillmoor <orders@quillmoor.example>
To: Ada Byron <ada@customer.test>
Subject: Pictures
MIME-Version: 1.0
Content-Type: multipart/related; boundary="r"

--r
Content-Type: text/html; charset=utf-8

<img src="cid:a%40x.test" alt="png"> <img src="CID:drawing" alt="svg">
<img src="images/b.png" alt="located">
<img src="http://quillmoor.example/c.png" alt="located elsewhere">
<img src="data:image/png;base64,${PNG}" alt="data">
--r
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-ID: <a@x.test>

${PNG}
--r
Content-Type: image/svg+xml
Content-ID: <drawing>

${SVG}
--r
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: images/b.png

${PNG}
--r
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: http://quillmoor.example/c.png

${PNG}
--r--
`;

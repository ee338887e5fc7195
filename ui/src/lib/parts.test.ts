import { expect, it } from 'vitest';
import { declaresDark, partRows, shownTab, tabsOf } from './parts';
import { message } from './testing';
import type { Part } from './types';

function part(path: string, parts: Part[] = []): Part {
  const none = { charset: null, encoding: '7bit', disposition: null, name: null, content_id: null };
  return { path, content_type: 'text/plain', size: 1, parts, ...none };
}

it('lists the tree depth first', () => {
  const rows = partRows([part('', [part('1', [part('1.1'), part('1.2')]), part('2')])]);
  expect(rows.map(({ part, depth }) => `${depth} ${part.path}`)).toEqual([
    '0 ',
    '1 1',
    '2 1.1',
    '2 1.2',
    '1 2',
  ]);
});

it('goes as deep as a mail does', () => {
  let deep = part('leaf');
  for (let depth = 0; depth < 20_000; depth += 1) deep = part('x', [deep]);
  expect(partRows([deep]).at(-1)).toMatchObject({ depth: 20_000, leaf: true });
});

it('has tabs only for what the mail has', () => {
  const names = (more: object) => tabsOf(message(more)).map(({ tab }) => tab);
  expect(names({})).toEqual(['text', 'headers', 'parts', 'dialogue', 'raw']);
  expect(names({ html: '<p>', text: null })).toEqual(['html', 'source', 'headers', 'parts', 'dialogue', 'raw']);
});

it('shows the wanted tab, or the first', () => {
  expect(shownTab(message(), 'raw')).toBe('raw');
  expect(shownTab(message(), 'html')).toBe('text');
  expect(shownTab(message({ html: '<p>' }), null)).toBe('html');
  expect(shownTab(message({ text: null }), null)).toBe('headers');
});

it.each([
  ['<meta name="color-scheme" content="light dark">', true],
  ['<style>@media (prefers-color-scheme: dark) {}</style>', true],
  ['<style>:root { color-scheme: light dark; }</style>', true],
  ['<meta name="color-scheme" content="light only"><p>a dark mail</p>', false],
  ['<p>prefers nothing</p>', false],
])('%s', (html, dark) => expect(declaresDark(html)).toBe(dark));

import { expect, it } from 'vitest';
import { blocksOf, linksIn, tokensOf } from './code';

it('cuts text into blocks of numbered lines, at any line end', () => {
  expect(blocksOf('a\r\nb\rc\n')).toEqual([{ from: 1, lines: ['a', 'b', 'c'] }]);
  const blocks = blocksOf('x\n'.repeat(250));
  expect(blocks.map(({ from, lines }) => [from, lines.length])).toEqual([
    [1, 100],
    [101, 100],
    [201, 50],
  ]);
  expect(blocksOf('')).toEqual([{ from: 1, lines: [''] }]);
});

it('tells tags, values and comments apart, and loses nothing', () => {
  const line = '<a href="x">text</a> <!-- note -->';
  const tokens = tokensOf(line);
  expect(tokens.map(({ text }) => text).join('')).toBe(line);
  expect(tokens.find(({ kind }) => kind === 'value')?.text).toBe('"x"');
  expect(tokens.find(({ kind }) => kind === 'comment')?.text).toBe('<!-- note -->');
  expect(tokensOf('x'.repeat(10_000))).toHaveLength(1);
});

it('finds addresses without the full stop behind them', () => {
  expect(linksIn('See https://x.test/a?b=c. Or (http://y.test).')).toEqual([
    'See ',
    'https://x.test/a?b=c',
    '. Or (',
    'http://y.test',
    ').',
  ]);
  expect(linksIn('none')).toEqual(['none']);
});

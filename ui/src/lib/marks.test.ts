import { expect, it } from 'vitest';
import { pieces, wordsOf } from './marks';

it.each([
  ['order', ['order']],
  ['order "exact words"', ['order', 'exact words']],
  ['subject:hello from:bob', ['hello', 'bob']],
  ['-spam !junk order', ['order']],
  ['is:unread has:code size>10k', []],
  ['(a OR welcome)', ['welcome']],
  ['subject~/x+/', []],
  ['"a \\"b\\""', ['a "b"']],
  ['', []],
])('%s looks for %j', (query, words) => expect(wordsOf(query)).toEqual(words));

it('cuts a text at the words, ignoring case', () => {
  expect(pieces('Your Order is (here)', ['order', '(here)'])).toEqual([
    { text: 'Your ', marked: false },
    { text: 'Order', marked: true },
    { text: ' is ', marked: false },
    { text: '(here)', marked: true },
  ]);
  expect(pieces('whole', [])).toEqual([{ text: 'whole', marked: false }]);
});

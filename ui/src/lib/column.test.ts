import { expect, it } from 'vitest';
import { split, withoutPlace } from './column';

it.each([
  ['One form:bob', 5, 'One ', 'form:bob'],
  ['form:bob', 1, '', 'form:bob'],
  ['from:', 6, 'from:', '\u00a0\u00a0'],
  ['😀😀 form:x', 4, '😀😀 ', 'form:x'],
  [`${'word '.repeat(9)}(`, 46, `…${'word '.repeat(5).slice(1)}`, '('],
])('%s stops to make sense at %i', (q, column, before, wrong) => {
  expect(split(q, column)).toEqual({ before, wrong });
});

it('says what is wrong without saying where', () => {
  expect(withoutPlace('q, column 21: There is no field "form".')).toBe(
    'There is no field "form".',
  );
  expect(withoutPlace('Something else, column 2: no.')).toBe('Something else, column 2: no.');
});

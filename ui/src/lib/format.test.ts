import { describe, expect, it } from 'vitest';
import { ago, count, exact, plural, recipient, sender, size } from './format';
import { mail } from './testing';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [18_412, '18.4 kB'],
  [999_499, '999.5 kB'],
  [999_500, '1.0 MB'],
  [40_000_000, '40.0 MB'],
])('%i bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text));

it('writes sizes short where a row has no room', () => {
  expect(size(18_412, 0)).toBe('18 kB');
  expect(size(1_400, 0)).toBe('1 kB');
});

it('counts', () => {
  expect(count(1284)).toBe('1,284');
  expect(plural(1, 'mail')).toBe('1 mail');
  expect(plural(2000, 'mail')).toBe('2,000 mails');
});

describe('times of a row', () => {
  const now = new Date(2026, 10, 22, 14, 30, 0);
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();

  it.each([
    [-5000, '0 s'],
    [8000, '8 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [3_600_000, '13:30'],
  ])('%i ms ago is %s', (ms, text) => expect(ago(before(ms), now.getTime())).toBe(text));

  it('are dates on other days', () => {
    expect(ago(new Date(2026, 10, 21, 23, 0).toISOString(), now.getTime())).toBe('21 Nov');
    expect(ago(new Date(2025, 0, 2).toISOString(), now.getTime())).toBe('2 Jan 2025');
  });
});

it('writes a time exactly, with its zone', () => {
  const { day, time, rest } = exact(new Date(2026, 10, 22, 14, 3, 27, 439).toISOString());
  expect([day, time]).toEqual(['Sun 22 Nov 2026', '14:03:27']);
  expect(rest).toMatch(/^\.439 [+-]\d\d:\d\d$/);
});

it('names people by name, address or neither', () => {
  expect(sender(mail(1))).toBe('Quillmoor');
  expect(sender(mail(1, { from: [{ name: '', address: 'a@x.test' }] }))).toBe('a@x.test');
  expect(sender(mail(1, { from: [] }))).toBe('(no sender)');
  const two = [
    { name: '', address: 'a@x.test' },
    { name: '', address: 'b@x.test' },
  ];
  expect(recipient(mail(1, { to: two }))).toBe('a@x.test +1');
  expect(recipient(mail(1, { to: [] }))).toBe('ada@customer.test');
  expect(recipient(mail(1, { to: [], recipients: [] }))).toBe('nobody');
});

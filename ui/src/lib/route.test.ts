import { expect, it } from 'vitest';
import { HOME, formatRoute, parseRoute } from './route';

const routes = [
  ['', HOME],
  ['?q=is%3Aunread', { ...HOME, q: 'is:unread' }],
  ['?q=%22a+b%22&id=01K&tab=headers', { ...HOME, q: '"a b"', id: '01K', tab: 'headers' }],
  ['?inbox=a%2Fb+%26', { ...HOME, inbox: 'a/b &' }],
  ['?inbox=ci&q=x&id=01K', { ...HOME, inbox: 'ci', q: 'x', id: '01K' }],
  ['?id=01K', { ...HOME, id: '01K' }],
  ['?view=sessions', { ...HOME, view: 'sessions' }],
  [
    '?view=sessions&failed=true&id=381',
    { ...HOME, view: 'sessions', failed: true, session: '381' },
  ],
  ['?page=setup', { ...HOME, page: 'setup' }],
] as const;

it.each(routes)('%s is read and written', (search, route) => {
  expect(parseRoute(search)).toEqual(route);
  expect(formatRoute(route)).toBe(search);
});

it('does not know other tabs and pages', () => {
  expect(parseRoute('?tab=dance&page=moon&id=')).toEqual(HOME);
});

it('names a tab only of a mail, and a mail only without a page', () => {
  expect(formatRoute({ ...HOME, tab: 'raw' })).toBe('');
  expect(formatRoute({ ...HOME, id: '01K', page: 'settings' })).toBe('?page=settings');
});

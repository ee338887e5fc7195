import { expect, it } from 'vitest';
import { parseChange } from './events';

it('reads events, and nothing that is none', () => {
  expect(parseChange('deleted', '{"ids":["a"]}')).toEqual({ kind: 'deleted', ids: ['a'] });
  expect(parseChange('session', '{"id":"7","failed":true}')).toEqual({
    kind: 'session',
    id: '7',
    failed: true,
  });
  expect(parseChange('reset', '{}')).toEqual({ kind: 'reset' });
  expect(parseChange('message', 'not JSON')).toBeNull();
  expect(parseChange('weather', '{}')).toBeNull();
});

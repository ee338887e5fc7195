import { expect, it } from 'vitest';
import { reachable, split } from './addresses';

it.each([
  ['127.0.0.1:1025', 'localhost:1025'],
  ['[::1]:1025', 'localhost:1025'],
  ['0.0.0.0:2525', 'mail.internal:2525'],
  ['[::]:2525', 'mail.internal:2525'],
  ['10.0.0.7:25', '10.0.0.7:25'],
])('%s is reached as %s', (bound, address) => {
  expect(reachable(bound, 'mail.internal')).toBe(address);
});

it('comes apart into host and port', () => {
  expect(split('[::1]:25')).toEqual({ host: '[::1]', port: '25' });
  expect(split('mail.internal')).toEqual({ host: 'mail.internal', port: '25' });
});

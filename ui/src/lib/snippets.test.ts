import { expect, it } from 'vitest';
import { curlCommand, snippets } from './snippets';

it('puts the real address into every snippet', () => {
  for (const { code } of snippets('mail.internal', '2525')) {
    expect(code).toContain('mail.internal');
    expect(code).toContain('2525');
  }
});

it('sends the first mail there too', () => {
  expect(curlCommand('mail.internal:2525')).toContain('curl smtp://mail.internal:2525 ');
});

import { describe, expect, it } from 'vitest';
import { around, blindCopies, compare } from './differences';
import { message } from './testing';

const { envelope } = message();

describe('comparing headers and envelope', () => {
  it('finds nothing where they agree', () => {
    const { count, envelope: lines } = compare(message());
    expect(count).toBe(0);
    expect(lines.map(({ name, cause }) => `${name} ${cause}`)).toEqual([
      'MAIL FROM as in From',
      'RCPT TO as in To',
    ]);
  });

  it('marks only the side of an address that differs', () => {
    const mail = message({ envelope: { ...envelope, from: 'bounce@quillmoor.example' } });
    const { envelope: lines, headers, count } = compare(mail);
    expect(lines[0]).toMatchObject({ before: '', marked: 'bounce', after: '@quillmoor.example' });
    expect(headers.get(0)).toEqual({
      marked: 'orders',
      cause: 'MAIL FROM: bounce@quillmoor.example',
    });
    expect(count).toBe(1);
  });

  it('marks the domain when only that differs', () => {
    const mail = message({ envelope: { ...envelope, from: 'orders@mta.example' } });
    expect(compare(mail).envelope[0]).toMatchObject({ before: 'orders@', marked: 'mta.example' });
  });

  it('knows the null sender', () => {
    const mail = message({ envelope: { ...envelope, from: '' } });
    expect(compare(mail).envelope[0]).toMatchObject({ before: '<>', marked: '' });
  });

  it('tells a blind copy from a named recipient, whatever the case', () => {
    const mail = message({ envelope: { ...envelope, to: ['ADA@customer.test', 'b@x.test'] } });
    expect(blindCopies(mail)).toEqual(['b@x.test']);
    expect(compare(mail).envelope[2]).toMatchObject({
      marked: 'b@x.test',
      cause: 'in no header: Bcc',
    });
  });

  it('marks a named recipient the mail was not sent to', () => {
    const mail = message({ envelope: { ...envelope, to: ['b@x.test'] } });
    const { headers, count } = compare(mail);
    expect(headers.get(1)?.marked).toBe('ada@customer.test');
    expect(count).toBe(2);
  });

  it('marks a declared size that was not kept', () => {
    const declared = (size: number) =>
      message({ envelope: { ...envelope, declared: { ...envelope.declared, size } } });
    expect(compare(declared(1000)).count).toBe(0);
    expect(compare(declared(999)).envelope.at(-1)).toMatchObject({
      marked: '999',
      cause: '1,000 bytes came',
    });
  });
});

it('cuts a header around what is marked', () => {
  const header = { name: 'From', value: 'Q <orders@q.example>' };
  expect(around(header, { marked: 'orders', cause: '' })).toEqual(['Q <', 'orders', '@q.example>']);
  expect(around(header, undefined)).toEqual(['Q <orders@q.example>', '', '']);
  expect(around(header, { marked: 'absent', cause: '' })).toEqual(['Q <orders@q.example>', '', '']);
});

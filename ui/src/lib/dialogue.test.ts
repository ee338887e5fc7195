import { expect, it } from 'vitest';
import { asText, milliseconds, niceStep, talk, ticks } from './dialogue';
import type { TranscriptLine } from './types';

function line(ms: number, from: TranscriptLine['from'], text: string): TranscriptLine {
  return { at: '', ms, from, text };
}

const MAIL = [
  line(0, 'note', 'the client connected'),
  line(0, 'server', '220 mail.test ESMTP'),
  line(1, 'client', 'EHLO web.local'),
  line(1, 'server', '250-mail.test\n250 HELP'),
  line(2, 'client', 'AUTH PLAIN ********'),
  line(2, 'server', '535 5.7.8 wrong'),
  line(3, 'client', 'MAIL FROM:<a@x.test>'),
  line(3, 'server', '250 ok'),
  line(3, 'client', 'DATA'),
  line(3.5, 'server', '354 go'),
  line(43.5, 'note', 'a mail of 18412 bytes was received'),
  line(44, 'server', '250 held'),
  line(45, 'client', 'QUIT'),
  line(45, 'server', '221 bye'),
  line(46, 'note', 'restante closed the connection'),
];

it('names each phase where it begins', () => {
  const { turns } = talk(MAIL);
  expect(turns.map(({ phase }) => phase).filter(Boolean)).toEqual([
    'Connect',
    'Hello',
    'Auth',
    'Envelope',
    'Data',
    'Quit',
    'End',
  ]);
  expect(turns.filter(({ last }) => last)).toHaveLength(7);
  expect(turns.map(({ at }) => at).slice(0, 5)).toEqual(['0.0', '', '1.0', '', '2.0']);
});

it('says who took how long', () => {
  const { us, client, span, step } = talk(MAIL);
  expect([us, client]).toEqual([1, 45]);
  expect([span, step]).toEqual([50, 10]);
});

it('sets apart what is no word of the client', () => {
  const { turns } = talk(MAIL);
  expect(turns[4]?.lines[0]).toEqual([
    { text: 'AUTH PLAIN', kind: 'plain' },
    { text: 'secret hidden', kind: 'remark' },
  ]);
  expect(turns[5]?.lines[0]?.[0]).toEqual({ text: '535', kind: 'refused' });
  expect(turns[3]?.lines).toEqual([
    [
      { text: '250', kind: 'code' },
      { text: '-mail.test', kind: 'plain' },
    ],
    [{ text: '250 HELP', kind: 'plain' }],
  ]);
  expect(turns[8]?.lines[0]?.[1]?.text).toBe('2 commands at once');
  expect(turns[10]?.lines[0]?.[0]?.text).toBe('18,412 bytes, in 40.0 ms');
});

it('counts what was left out as nobody’s time', () => {
  const { client, span, turns } = talk([
    line(0, 'client', 'EHLO x'),
    line(9000, 'note', 'what was said here is not about this mail'),
    line(9001, 'client', 'MAIL FROM:<>'),
  ]);
  expect(client).toBe(1);
  expect([span, turns[2]?.start, turns[2]?.end]).toEqual([2.5, 0, 1]);
});

it('has round steps', () => {
  expect([0, 0.03, 0.7, 1, 3, 60, 4000].map(niceStep)).toEqual([0.1, 0.05, 1, 2, 5, 100, 5000]);
  expect(ticks({ step: 0.05 })).toEqual(['0', '0.05', '0.10', '0.15', '0.20']);
  expect(ticks({ step: 10 })).toEqual(['0', '10', '20', '30', '40']);
  expect(ticks({ step: 2000 })[1]).toBe('2 s');
  expect([0, 0.31, 12.34, 123.4, 12_345].map(milliseconds)).toEqual([
    '0.0 ms',
    '0.3 ms',
    '12.3 ms',
    '123 ms',
    '12.3 s',
  ]);
});

it('is copied line by line', () => {
  expect(asText(MAIL.slice(2, 4))).toBe(
    '     1.000 C: EHLO web.local\n     1.000 S: 250-mail.test\n     1.000 S: 250 HELP',
  );
});

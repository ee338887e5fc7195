import { expect, it } from 'vitest';
import { connection, duration, stage, textOf, words } from './session';
import { session } from './testing';

const refused = {
  outcome: 'failed',
  error_count: 1,
  last_error: {
    at: '2026-11-22T13:03:27.440000Z',
    command: 'MAIL FROM:<a@x.test> SIZE=61440212',
    reply: '552 5.3.4 the mail is too large',
  },
} as const;

it('says what went wrong, and where', () => {
  expect(words(session(refused))).toEqual({
    code: '552',
    title: 'The mail is too large',
    detail: 'Refused at MAIL FROM, 1.4 ms, no mail',
  });
  expect(words(session({ outcome: 'failed' })).title).toBe('Broken off');
});

it('says what came of it', () => {
  expect(words(session({ outcome: 'delivered', mail_count: 2 }))).toEqual({
    code: '250',
    title: '2 mails',
    detail: '1.4 ms',
  });
  expect(words(session({ outcome: 'nothing' })).title).toBe('No mail');
  expect(words(session({ outcome: 'open', closed_at: null })).detail).toBe('no mail');
});

it('reads commands, replies and times', () => {
  expect(['rcpt to:<a@x>', 'AUTH PLAIN ********', 'NOPE a', ''].map(stage)).toEqual([
    'RCPT TO',
    'AUTH PLAIN',
    'NOPE',
    '',
  ]);
  expect(stage('********')).toBe('');
  expect(['250-mail.test\n250 HELP', '421 4.4.2 nothing heard', '220'].map(textOf)).toEqual([
    'Mail.test',
    'Nothing heard',
    '220',
  ]);
  expect(duration(session())).toBe('1.4 ms');
  expect(connection(session())).toBe('plain, no login');
});

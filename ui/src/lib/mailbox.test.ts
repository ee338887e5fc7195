import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as api from './api';
import { Mailbox } from './mailbox.svelte';
import { EVERYTHING } from './selection';
import { mail, mails } from './testing';
import type { Change, MessageList, Summary } from './types';

vi.mock(import('./api'), async (original) => ({
  ...(await original()),
  list: vi.fn(),
  mark: vi.fn(),
}));

const list = vi.mocked(api.list);

/** The server's side of it: what it holds, newest first. */
let held: Summary[] = [];

function page(request: api.ListRequest): MessageList {
  const { q = '', inbox = '', before = Infinity, after = 0, limit = 50 } = request;
  const inside = held.filter(({ inboxes }) => inbox === '' || inboxes.includes(inbox));
  const matches = inside.filter(({ subject }) => subject?.includes(q));
  const wanted = matches.filter(({ seq }) => seq < before && seq > after);
  return {
    messages: wanted.slice(0, limit),
    matched: matches.length,
    total: inside.length,
    unread: inside.filter(({ read }) => !read).length,
    cursor: `run.${held[0]?.seq ?? 0}`,
    next: wanted.length > limit && limit > 0 ? 'next' : null,
  };
}

function shown(mailbox: Mailbox): number[] {
  return Array.from({ length: mailbox.count }, (_, row) => mailbox.at(row)?.seq ?? 0);
}

const arrived = (seq: number): Change => ({ kind: 'message', summary: mail(seq) });

beforeEach(() => {
  vi.useFakeTimers();
  held = mails(3, 1);
  list.mockImplementation(async (request) => page(request));
  return () => {
    vi.useRealTimers();
    vi.clearAllMocks();
  };
});

async function loaded(q = '', inbox = ''): Promise<Mailbox> {
  const mailbox = new Mailbox();
  await mailbox.load({ q, inbox });
  return mailbox;
}

describe('events and lists', () => {
  it('agree, whichever comes first', async () => {
    const mailbox = new Mailbox();
    const loading = mailbox.load(EVERYTHING);
    mailbox.apply([arrived(3), arrived(4), { kind: 'deleted', ids: ['id-2'] }], 'run.5');
    expect(mailbox.count).toBe(0);
    await loading;
    expect(shown(mailbox)).toEqual([4, 3, 1]);
    expect(mailbox.totals.total).toBe(3);
    expect(mailbox.totals.unread).toBe(3);
  });

  it('ask again for what happens while a count is on its way', async () => {
    const mailbox = await loaded();
    await vi.advanceTimersByTimeAsync(5_000);
    const stale = page({ limit: 0 });
    let answer = (_: MessageList) => {};
    list.mockImplementationOnce(() => new Promise<MessageList>((resolve) => (answer = resolve)));
    mailbox.totals.refresh();
    await vi.advanceTimersByTimeAsync(300);
    await mailbox.mark(mail(2), true);
    held = held.map((each) => (each.seq === 2 ? { ...each, read: true } : each));
    mailbox.apply([{ kind: 'changed', summary: mail(2, { read: true }) }], 'run.4');
    answer(stale);
    await vi.advanceTimersByTimeAsync(300);
    expect(mailbox.totals.unread).toBe(2);
  });

  it('count a mail once when the server has counted it before its event comes', async () => {
    const mailbox = await loaded();
    held = mails(5, 1);
    mailbox.totals.refresh();
    await vi.advanceTimersByTimeAsync(300);
    expect(mailbox.totals.total).toBe(5);
    mailbox.apply([arrived(4), arrived(5)], 'run.5');
    expect(mailbox.totals.total).toBe(5);
    expect(mailbox.totals.unread).toBe(5);
    mailbox.apply([arrived(6)], 'run.6');
    expect(mailbox.totals.total).toBe(6);
  });

  it('count an event once, however often it is told', async () => {
    const mailbox = await loaded();
    mailbox.apply([arrived(4)], 'run.4');
    mailbox.apply([arrived(4)], 'run.4');
    expect(mailbox.totals.total).toBe(4);
    expect(mailbox.cursor).toBe('run.4');
  });

  it('tell of the newest mail of a batch', async () => {
    const mailbox = await loaded();
    const told: number[] = [];
    mailbox.onarrived = ({ seq }) => told.push(seq);
    mailbox.apply([arrived(4), arrived(5)], 'run.5');
    expect(told).toEqual([5]);
    expect(mailbox.isFresh(mail(5))).toBe(true);
    expect(mailbox.isFresh(mail(3))).toBe(false);
  });

  it('start over after a reset, without a moment of nothing', async () => {
    const mailbox = await loaded();
    held = mails(9, 8);
    mailbox.apply([{ kind: 'reset' }], 'run.9');
    expect(shown(mailbox)).toEqual([3, 2, 1]);
    await vi.runAllTimersAsync();
    expect(shown(mailbox)).toEqual([9, 8]);
  });

  it('follow marks made elsewhere', async () => {
    const mailbox = await loaded();
    mailbox.apply([{ kind: 'changed', summary: mail(2, { read: true }) }], 'run.4');
    expect(mailbox.find('id-2')?.read).toBe(true);
    expect(mailbox.totals.unread).toBe(2);
  });

  it('ask for the numbers when something unknown is gone', async () => {
    const mailbox = await loaded();
    held = mails(3, 2);
    mailbox.apply([{ kind: 'evicted', ids: ['id-unknown'] }], 'run.4');
    await vi.runAllTimersAsync();
    expect(mailbox.totals.total).toBe(2);
  });
});

describe('a search', () => {
  it('asks the server which new mails match', async () => {
    const mailbox = await loaded('3');
    held = [mail(33), mail(5), ...held];
    mailbox.apply([arrived(5), arrived(33)], 'run.33');
    await vi.runAllTimersAsync();
    expect(shown(mailbox)).toEqual([33, 3]);
    expect(mailbox.totals.total).toBe(5);
  });

  it('keeps the rows before when the query makes no sense', async () => {
    const mailbox = await loaded();
    list.mockRejectedValueOnce(new api.Problem('No such field.', 400, 3));
    await mailbox.load({ q: 'form:x', inbox: '' });
    expect(mailbox.complaint.problem?.column).toBe(3);
    expect(mailbox.shown).toEqual(EVERYTHING);
    expect(shown(mailbox)).toEqual([3, 2, 1]);
  });

  it('stays live as it was beside a query that makes no sense', async () => {
    held = mails(200, 1);
    const mailbox = await loaded('1');
    list.mockRejectedValueOnce(new api.Problem('No such field.', 400, 1));
    await mailbox.load({ q: 'form:x', inbox: '' });
    held = [mail(210), ...held];
    mailbox.apply([arrived(210)], 'run.210');
    await vi.runAllTimersAsync();
    expect(mailbox.at(0)?.seq).toBe(210);
    await mailbox.show(150);
    expect(shown(mailbox).at(-1)).toBe(1);
    held = [mail(310)];
    mailbox.apply([{ kind: 'cleared' }], 'run.300');
    await vi.runAllTimersAsync();
    expect(shown(mailbox)).toEqual([310]);
    expect(mailbox.complaint.shown?.q).toBe('form:x');
  });

  it('aborts what it does not wait for any more', async () => {
    const mailbox = await loaded();
    list.mockImplementationOnce(() => new Promise(() => {}));
    void mailbox.load({ q: '1', inbox: '' });
    const signal = list.mock.lastCall?.[1];
    expect(signal?.aborted).toBe(false);
    await mailbox.load({ q: '12', inbox: '' });
    expect(signal?.aborted).toBe(true);
  });

  it('says when it takes long, and no sooner', async () => {
    const mailbox = await loaded();
    let answer = (_: MessageList) => {};
    list.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const first = mailbox.load({ q: '1', inbox: '' });
    await vi.advanceTimersByTimeAsync(299);
    expect(mailbox.slow).toBe(false);
    // Who types on has waited all the same.
    const second = mailbox.load({ q: '12', inbox: '' });
    await vi.advanceTimersByTimeAsync(1);
    expect(mailbox.slow).toBe(true);
    expect(shown(mailbox)).toEqual([3, 2, 1]);
    answer(page({ q: '12' }));
    await Promise.all([second, Promise.race([first, second])]);
    expect(mailbox.slow).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(mailbox.slow).toBe(false);
  });

  it('forgets an answer that comes too late', async () => {
    const mailbox = await loaded();
    let answer = (_: MessageList) => {};
    list.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const slow = mailbox.load({ q: '1', inbox: '' });
    await mailbox.load({ q: '2', inbox: '' });
    answer(page({ q: '1' }));
    await slow;
    expect(shown(mailbox)).toEqual([2]);
  });
});

describe('a long list', () => {
  it('is loaded page by page, as far as it is looked at', async () => {
    held = mails(2000, 1);
    const mailbox = await loaded();
    expect(mailbox.count).toBe(2000);
    await mailbox.show(300);
    expect(mailbox.at(300)?.seq).toBe(1700);
    expect(mailbox.at(1999)).toBeUndefined();
    await mailbox.show(1999);
    expect(mailbox.at(1999)?.seq).toBe(1);
  });

  it('does not bring back what is deleted while a page is on its way', async () => {
    held = mails(200, 1);
    const mailbox = await loaded();
    const coming = mailbox.show(150);
    mailbox.apply([{ kind: 'deleted', ids: ['id-10'] }], 'run.201');
    await coming;
    expect(mailbox.find('id-10')).toBeUndefined();
    expect(mailbox.find('id-11')).toBeDefined();
  });

  it('knows the neighbours of a mail that is not loaded', async () => {
    held = mails(2000, 1);
    const mailbox = await loaded();
    expect((await mailbox.beside(mail(5), 1))?.seq).toBe(4);
    expect(list).toHaveBeenLastCalledWith({ ...EVERYTHING, limit: 1, before: 5 });
    expect(await mailbox.beside(mail(2000), -1)).toBeNull();
    expect((await mailbox.beside(mail(2000), 1))?.seq).toBe(1999);
  });
});

describe('marks and deletions', () => {
  it('are shown at once and taken back when they fail', async () => {
    const mailbox = await loaded();
    vi.mocked(api.mark).mockRejectedValueOnce(new api.Problem('No.', 500));
    const marking = mailbox.mark(mail(2), true);
    expect(mailbox.totals.unread).toBe(2);
    await expect(marking).rejects.toThrow('No.');
    expect(mailbox.totals.unread).toBe(3);
    expect(mailbox.find('id-2')?.read).toBe(false);
  });

  it('stay hidden through a reload, and count once', async () => {
    const mailbox = await loaded();
    mailbox.hide(mail(2));
    expect(mailbox.totals.total).toBe(2);
    await mailbox.load(EVERYTHING);
    expect(shown(mailbox)).toEqual([3, 1]);
    expect(mailbox.totals.total).toBe(2);
    mailbox.forget(['id-2']);
    expect(mailbox.totals.total).toBe(2);
  });

  it('come back with an undo', async () => {
    const mailbox = await loaded();
    mailbox.hide(mail(2));
    mailbox.reveal([mail(2)]);
    expect(shown(mailbox)).toEqual([3, 2, 1]);
    expect(mailbox.totals.unread).toBe(3);
  });
});

describe('an inbox', () => {
  const ci = (seq: number) => mail(seq, { inboxes: ['ci'] });

  it('is listed alone, and the totals still count everything', async () => {
    held = [ci(4), ...held];
    const mailbox = await loaded('', 'ci');
    expect(shown(mailbox)).toEqual([4]);
    await vi.advanceTimersByTimeAsync(300);
    expect(mailbox.totals.total).toBe(4);
    mailbox.apply(
      [arrived(5), { kind: 'message', summary: ci(6) }],
      'run.6',
    );
    expect(shown(mailbox)).toEqual([6, 4]);
    expect(mailbox.totals.total).toBe(6);
  });

  it('tells of its own new mails only', async () => {
    const mailbox = await loaded('', 'ci');
    const told: number[] = [];
    mailbox.onarrived = ({ seq }) => told.push(seq);
    mailbox.apply([{ kind: 'message', summary: ci(4) }, arrived(5)], 'run.5');
    expect(told).toEqual([4]);
  });

  it('is searched, paged and walked alone', async () => {
    held = [ci(33), ...mails(30, 4), ci(3), ci(2), ci(1)];
    const mailbox = await loaded('3', 'ci');
    expect(shown(mailbox)).toEqual([33, 3]);
    expect((await mailbox.beside(mail(5), 1))?.seq).toBe(3);
    list.mockClear();
    mailbox.apply([arrived(34)], 'run.34');
    await vi.advanceTimersByTimeAsync(200);
    expect(list).not.toHaveBeenCalledWith(expect.objectContaining({ q: '3' }));
    held = [ci(43), ...held];
    mailbox.apply([{ kind: 'message', summary: ci(43) }], 'run.43');
    await vi.advanceTimersByTimeAsync(200);
    expect(shown(mailbox)).toEqual([43, 33, 3]);
  });

  it('does not get what was deleted in another one by an undo', async () => {
    held = [ci(4), ...held];
    const mailbox = await loaded();
    mailbox.hide(mail(2));
    await mailbox.load({ q: '', inbox: 'ci' });
    mailbox.reveal([mail(2)]);
    await vi.runAllTimersAsync();
    expect(shown(mailbox)).toEqual([4]);
    expect(mailbox.totals.total).toBe(4);
  });
});

it('a cursor never goes back but to another run of the server', async () => {
  const mailbox = await loaded();
  mailbox.apply([arrived(9)], 'run.9');
  mailbox.apply([], 'run.8');
  expect(mailbox.cursor).toBe('run.9');
  mailbox.apply([], 'later.1');
  expect(mailbox.cursor).toBe('later.1');
});

import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as api from './api';
import { Mailbox } from './mailbox.svelte';
import { mail, mails } from './testing';
import type { Change, Page, Summary } from './types';

vi.mock(import('./api'), async (original) => ({
  ...(await original()),
  list: vi.fn(),
  mark: vi.fn(),
}));

const list = vi.mocked(api.list);

/** The server's side of it: what it holds, newest first. */
let held: Summary[] = [];

function page({ q = '', before = Infinity, after = 0, limit = 50 }: api.ListRequest): Page {
  const matches = held.filter(({ subject }) => subject?.includes(q));
  const wanted = matches.filter(({ seq }) => seq < before && seq > after);
  return {
    messages: wanted.slice(0, limit),
    matched: matches.length,
    total: held.length,
    unread: held.filter(({ read }) => !read).length,
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

async function loaded(q = ''): Promise<Mailbox> {
  const mailbox = new Mailbox();
  await mailbox.load(q);
  return mailbox;
}

describe('events and lists', () => {
  it('agree, whichever comes first', async () => {
    const mailbox = new Mailbox();
    const loading = mailbox.load('');
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
    let answer = (_: Page) => {};
    list.mockImplementationOnce(() => new Promise<Page>((resolve) => (answer = resolve)));
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
    await mailbox.load('form:x');
    expect(mailbox.problem?.column).toBe(3);
    expect(mailbox.shown).toBe('');
    expect(shown(mailbox)).toEqual([3, 2, 1]);
  });

  it('forgets an answer that comes too late', async () => {
    const mailbox = await loaded();
    let answer = (_: Page) => {};
    list.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const slow = mailbox.load('1');
    await mailbox.load('2');
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
    expect(list).toHaveBeenLastCalledWith({ q: '', limit: 1, before: 5 });
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
    await mailbox.load('');
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

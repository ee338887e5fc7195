import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as api from './api';
import { Inboxes, without } from './inboxes.svelte';
import { inbox, mail } from './testing';
import type { Change, Inbox } from './types';

vi.mock(import('./api'), async (original) => ({ ...(await original()), inboxes: vi.fn() }));

const asked = vi.mocked(api.inboxes);
const arrived: Change = { kind: 'message', summary: mail(1) };
const ended: Change = { kind: 'session', id: '1', failed: false };

beforeEach(() => {
  vi.useFakeTimers();
  asked.mockResolvedValue([inbox('ci')]);
  return () => {
    vi.useRealTimers();
    vi.clearAllMocks();
  };
});

describe('the inboxes', () => {
  it('are read at once, and then once a second however much happens', async () => {
    const inboxes = new Inboxes();
    for (let tenth = 0; tenth < 29; tenth += 1) {
      inboxes.apply([arrived]);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked).toHaveBeenCalledTimes(3);
    await vi.runAllTimersAsync();
    expect(asked).toHaveBeenCalledTimes(4);
    expect(inboxes.list).toEqual([inbox('ci')]);
  });

  it.each([
    { kind: 'changed', summary: mail(1) },
    { kind: 'deleted', ids: ['id-1'] },
    { kind: 'evicted', ids: ['id-1'] },
    { kind: 'cleared' },
    { kind: 'reset' },
  ] satisfies Change[])('follow what $kind tells', (change) => {
    new Inboxes().apply([change]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('do not care for sessions', () => {
    new Inboxes().apply([ended]);
    expect(asked).not.toHaveBeenCalled();
  });

  it('wait for a slow answer before they ask again', async () => {
    let answer = (_: Inbox[]) => {};
    asked.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const inboxes = new Inboxes();
    inboxes.apply([arrived]);
    await vi.advanceTimersByTimeAsync(1_500);
    inboxes.apply([arrived]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveBeenCalledTimes(1);
    answer([inbox('old')]);
    await vi.runAllTimersAsync();
    expect(asked).toHaveBeenCalledTimes(2);
    expect(inboxes.list).toEqual([inbox('ci')]);
  });

  it('stay while nothing answers', async () => {
    const inboxes = new Inboxes();
    await inboxes.load();
    asked.mockRejectedValueOnce(new api.Problem('The server does not answer.', 0));
    await inboxes.load();
    expect(inboxes.list).toEqual([inbox('ci')]);
  });

  it('do not count what waits for an undo', () => {
    const both = [inbox('a', { total: 3, unread: 2 }), inbox('b', { total: 1, unread: 0 })];
    expect(without(both, [])).toBe(both);
    const hidden = [mail(1, { inboxes: ['a'] }), mail(2, { inboxes: ['a', 'b'], read: true })];
    expect(without(both, hidden)).toEqual([inbox('a', { total: 1, unread: 1 })]);
  });
});

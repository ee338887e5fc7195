// The inboxes there are and how much is in each: read anew when something happened, and no more
// often than once a second, however much happens.
import * as api from './api';
import { atMostEvery } from './frames';
import type { Change, Inbox, Summary } from './types';

const REST_MS = 1000;

export class Inboxes {
  #list = $state.raw<readonly Inbox[]>([]);
  #asking = false;
  #asked = false;
  readonly #refresh = atMostEvery(REST_MS, () => void this.load());

  /** By name; as long as an answer is on its way, what the last one said. */
  get list(): readonly Inbox[] {
    return this.#list;
  }

  /** Something happened on the server. */
  apply(changes: readonly Change[]): void {
    if (changes.some(({ kind }) => kind !== 'session')) this.#refresh();
  }

  /** Reads them. A slow answer is waited for: the next question comes after it. */
  async load(): Promise<void> {
    this.#asked = true;
    if (this.#asking) return;
    this.#asking = true;
    this.#asked = false;
    // Without an answer they stay as they are; being offline is said elsewhere.
    const list = await api.inboxes().catch(() => null);
    this.#asking = false;
    if (list !== null) this.#list = list;
    if (this.#asked) this.#refresh();
  }
}

/** The inboxes without mails that wait for an undo: the server still counts them. */
export function without(inboxes: readonly Inbox[], mails: readonly Summary[]): readonly Inbox[] {
  if (mails.length === 0) return inboxes;
  const left = inboxes.map((inbox) => {
    const gone = mails.filter((mail) => mail.inboxes.includes(inbox.name));
    if (gone.length === 0) return inbox;
    const unread = gone.filter(({ read }) => !read).length;
    return {
      ...inbox,
      total: Math.max(0, inbox.total - gone.length),
      unread: Math.max(0, inbox.unread - unread),
    };
  });
  return left.filter(({ total }) => total > 0);
}

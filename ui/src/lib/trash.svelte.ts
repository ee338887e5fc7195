// Deleted mails that can still be brought back: for six seconds, or until the page is left.
import * as api from './api';
import type { Summary } from './types';

const UNDO_SECONDS = 6;

export interface TrashOwner {
  hide(mail: Summary): void;
  reveal(mails: readonly Summary[]): void;
  forget(ids: readonly string[]): void;
  failed(error: unknown): void;
}

export class Trash {
  #pending = $state.raw<Summary[]>([]);
  #secondsLeft = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #owner: TrashOwner;

  constructor(owner: TrashOwner) {
    this.#owner = owner;
    window.addEventListener('pagehide', () => void this.commit(true));
  }

  get count(): number {
    return this.#pending.length;
  }

  /** Those that can still be brought back. */
  get mails(): readonly Summary[] {
    return this.#pending;
  }

  get secondsLeft(): number {
    return this.#secondsLeft;
  }

  add(mail: Summary): void {
    this.#owner.hide(mail);
    this.#pending = [...this.#pending, mail];
    this.#secondsLeft = UNDO_SECONDS;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#secondsLeft -= 1;
      if (this.#secondsLeft <= 0) void this.commit();
    }, 1000);
  }

  /** Brings them back; answers the one deleted last. */
  undo(): Summary | undefined {
    const mails = this.#take();
    this.#owner.reveal(mails);
    return mails.at(-1);
  }

  /** Deletes them on the server. `leaving` lets the requests outlive the page. */
  async commit(leaving = false): Promise<void> {
    const mails = this.#take();
    for (const [at, mail] of mails.entries()) {
      const removed = api.remove(mail.id, leaving);
      if (leaving) continue;
      try {
        await removed;
        this.#owner.forget([mail.id]);
      } catch (error) {
        this.#owner.reveal(mails.slice(at));
        this.#owner.failed(error);
        return;
      }
    }
  }

  #take(): Summary[] {
    clearInterval(this.#timer);
    const mails = this.#pending;
    this.#pending = [];
    this.#secondsLeft = 0;
    return mails;
  }
}

// The mail that is open: fetched once, its neighbours ahead of time, so that opening is instant.
import * as api from './api';
import { asProblem } from './mailbox.svelte';
import type { Message } from './types';

const CACHED_MAX = 24;
/** Only a wait longer than this is shown. */
const PATIENCE_MS = 300;

export class Reader {
  readonly #cache = new Map<string, Promise<Message>>();
  #id: string | null = null;
  #message = $state.raw<Message | null>(null);
  #problem = $state.raw<api.Problem | null>(null);
  #slow = $state(false);
  #gone = $state(false);

  get message(): Message | null {
    return this.#message;
  }

  get problem(): api.Problem | null {
    return this.#problem;
  }

  /** True when the mail keeps the reader waiting. */
  get slow(): boolean {
    return this.#slow;
  }

  /** True when the open mail was deleted elsewhere; it stays readable. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Opens a mail; answers it unless another one was opened meanwhile. */
  async open(id: string | null): Promise<Message | null> {
    if (id === this.#id && this.#problem === null) return this.#message;
    this.#id = id;
    this.#problem = null;
    this.#gone = false;
    this.#slow = false;
    if (id === null) this.#message = null;
    if (id === null) return null;
    const timer = setTimeout(() => (this.#slow = id === this.#id), PATIENCE_MS);
    const answer = await this.#fetch(id).catch(asProblem);
    clearTimeout(timer);
    if (id !== this.#id) return null;
    this.#slow = false;
    if (answer instanceof api.Problem) {
      this.#problem = answer;
      this.#message = null;
      return null;
    }
    this.#message = answer;
    return answer;
  }

  /** Fetches a mail that is likely to be opened next. */
  prefetch(id: string | undefined): void {
    if (id !== undefined) void this.#fetch(id).catch(() => {});
  }

  /** The server has let go of these. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#cache.delete(id);
    if (this.#id !== null && ids.includes(this.#id)) this.#gone = true;
  }

  #fetch(id: string): Promise<Message> {
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached;
    const asked = api.message(id);
    asked.catch(() => this.#cache.delete(id));
    this.#cache.set(id, asked);
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > CACHED_MAX && oldest !== undefined) this.#cache.delete(oldest);
    return asked;
  }
}

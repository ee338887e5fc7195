// The SMTP sessions of late: how many failed, the list while it is shown, and the one that is open.
// They are asked for when something happened, not by the clock; only a session that still goes on
// is looked at again and again while somebody reads it.
import * as api from './api';
import { atMostEvery } from './frames';
import { asProblem } from './mailbox.svelte';
import type { Change, Session, SessionWhole } from './types';

const SETTLE_MS = 500;
const LOOK_AGAIN_MS = 2000;

export class Sessions {
  /** How many of those that are kept failed. */
  failed = $state(0);
  /** Null until it was asked for. */
  list = $state.raw<Session[] | null>(null);
  total = $state(0);
  /** The failed ones alone. */
  onlyFailed = $state(false);
  problem = $state.raw<api.Problem | null>(null);
  open = $state.raw<SessionWhole | null>(null);
  openProblem = $state.raw<api.Problem | null>(null);
  #shown = false;
  #id: string | null = null;
  #next: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows or leaves the list, and opens a session or none. */
  show(shown: boolean, id: string | null, onlyFailed: boolean): void {
    const asks = shown && (!this.#shown || onlyFailed !== this.onlyFailed);
    this.#shown = shown;
    this.onlyFailed = onlyFailed;
    if (asks) void this.load();
    if (id === this.#id) return;
    this.#id = id;
    if (id === null) this.open = null;
    void this.#look();
  }

  /** Something happened on the server. */
  apply(changes: readonly Change[]): void {
    const ended = changes.some(({ kind }) => kind === 'session' || kind === 'reset');
    if (ended) this.#count();
    if (this.#shown && (ended || changes.some(({ kind }) => kind === 'message'))) this.#refresh();
  }

  /** Asks how many failed. */
  readonly #count = atMostEvery(SETTLE_MS, () => void this.count());

  async count(): Promise<void> {
    const answer = await api.sessions({ failed: true, limit: 0 }).catch(() => null);
    if (answer !== null) this.failed = answer.total;
  }

  readonly #refresh = atMostEvery(SETTLE_MS, () => {
    if (!this.#shown) return;
    void this.load();
    if (this.#id !== null && this.open?.closed_at === null) void this.#look();
  });

  async load(): Promise<void> {
    const { onlyFailed } = this;
    const limit = Math.min(500, Math.max(PAGE, this.list?.length ?? 0));
    const answer = await api.sessions({ failed: onlyFailed, limit }).catch(asProblem);
    if (onlyFailed !== this.onlyFailed) return;
    if (answer instanceof api.Problem) this.problem = answer;
    else this.#take(answer.sessions, answer.total, answer.next);
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Loads the next page of older ones. */
  async more(): Promise<void> {
    const last = this.list?.at(-1);
    if (last === undefined) return;
    const { onlyFailed, list } = this;
    const request = { failed: onlyFailed, limit: PAGE, before: last.id };
    const answer = await api.sessions(request).catch(() => null);
    if (answer === null || list !== this.list) return;
    this.#take([...(list ?? []), ...answer.sessions], answer.total, answer.next);
  }

  #take(list: Session[], total: number, next: string | null): void {
    this.problem = null;
    this.#next = next;
    this.list = list;
    this.total = total;
  }

  /** The session beside the open one: 1 is older, -1 is newer. */
  beside(step: 1 | -1): string | null {
    const list = this.list ?? [];
    const row = list.findIndex(({ id }) => id === this.#id);
    if (row < 0) return step > 0 ? (list[0]?.id ?? null) : null;
    return list[row + step]?.id ?? null;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const id = this.#id;
    if (id === null) return;
    const answer = await api.session(id).catch(asProblem);
    if (id !== this.#id) return;
    if (answer instanceof api.Problem) {
      this.openProblem = answer;
      // What was read stays readable when only the way to the server broke.
      if (answer.status !== 0) this.open = null;
      return;
    }
    this.openProblem = null;
    this.open = answer;
    clearTimeout(this.#timer);
    if (answer.closed_at === null)
      this.#timer = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }
}

const PAGE = 200;

// The numbers beside the views. They are kept up to date from what happens, and set right by
// asking the server when something happened to mails that are not loaded here.
import * as api from './api';
import { atMostEvery } from './frames';
import type { Summary } from './types';

const SETTLE_MS = 250;
/** Counting warnings makes the server read mails: that is asked for more rarely. */
const WARNINGS_MS = 3000;

export class Totals {
  total = $state(0);
  unread = $state(0);
  /** Null while unknown. */
  warnings = $state<number | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the questions: the answer to an earlier one may come too late. */
  #turn = 0;
  readonly #hidden: () => Iterable<Summary>;
  readonly #settled: (cursor: string) => void;

  /** `hidden` are mails that wait for an undo: the server still counts them. */
  constructor(hidden: () => Iterable<Summary>, settled: (cursor: string) => void) {
    this.#hidden = hidden;
    this.#settled = settled;
  }

  set(total: number, unread: number): void {
    this.total = total;
    this.unread = unread;
    for (const summary of this.#hidden()) this.#count(summary, -1, false);
  }

  add(summary: Summary): void {
    this.#count(summary, 1, true);
  }

  subtract(summary: Summary): void {
    this.#count(summary, -1, true);
  }

  changeRead(from: boolean, to: boolean): void {
    if (from !== to) this.unread = Math.max(0, this.unread + (to ? -1 : 1));
  }

  /** Asks the server soon, once for many reasons. */
  refresh(): void {
    this.#timer ??= setTimeout(() => void this.#ask(), SETTLE_MS);
  }

  async #ask(): Promise<void> {
    // What happens from here on may be missing in the answer: it is a reason to ask again.
    this.#timer = undefined;
    const turn = ++this.#turn;
    const answer = await api.list({ limit: 0 }).catch(() => null);
    // Without an answer the numbers stay as they are; being offline is said elsewhere.
    if (answer === null || turn !== this.#turn) return;
    this.set(answer.total, answer.unread);
    this.#settled(answer.cursor);
    this.#askWarnings();
  }

  readonly #askWarnings = atMostEvery(WARNINGS_MS, () => void this.#countWarnings());

  async #countWarnings(): Promise<void> {
    const answer = await api.list({ limit: 0, q: 'has:warning' }).catch(() => null);
    if (answer === null) return;
    this.warnings = answer.matched ?? answer.matched_at_least ?? null;
    for (const { warning_count } of this.#hidden()) if (warning_count > 0) this.#warn(-1);
  }

  #count(summary: Summary, by: 1 | -1, warnings: boolean): void {
    this.total = Math.max(0, this.total + by);
    if (!summary.read) this.unread = Math.max(0, this.unread + by);
    if (warnings && summary.warning_count > 0) this.#warn(by);
  }

  #warn(by: 1 | -1): void {
    if (this.warnings !== null) this.warnings = Math.max(0, this.warnings + by);
  }
}

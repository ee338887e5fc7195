// The mails of one view as far as they are loaded: always an unbroken run from the newest down.
// Merging is idempotent by `seq`, so that pages and events may come in any order.
import type { Summary } from './types';

/** What merging a mail did to the list. */
export type Merged = 'added' | 'changed' | 'ignored';

export class MailList {
  /** Oldest first, so that a new mail is a push; the outside counts from the newest. */
  #ascending: Summary[] = [];
  readonly #byId = new Map<string, Summary>();
  /** Deleted here, not yet on the server: kept for an undo, shown nowhere. */
  readonly #hidden = new Map<string, Summary>();
  #complete = false;
  #matched = 0;

  /** How many are loaded and shown. */
  get loaded(): number {
    return this.#ascending.length;
  }

  /** True when the oldest mail of the view is loaded. */
  get complete(): boolean {
    return this.#complete;
  }

  /** How many rows the view has, loaded or not. */
  get count(): number {
    if (this.#complete) return this.loaded;
    return Math.max(this.loaded, this.#matched - this.#hidden.size);
  }

  get oldestSeq(): number | null {
    return this.#ascending[0]?.seq ?? null;
  }

  get newestSeq(): number | null {
    return this.#ascending.at(-1)?.seq ?? null;
  }

  get hidden(): Iterable<Summary> {
    return this.#hidden.values();
  }

  /** The mail at a row, the newest being 0. */
  at(row: number): Summary | undefined {
    return this.#ascending[this.loaded - 1 - row];
  }

  find(id: string): Summary | undefined {
    return this.#byId.get(id);
  }

  /** The row of a mail, -1 when it is not loaded. */
  rowOf(id: string): number {
    const summary = this.#byId.get(id);
    return summary === undefined ? -1 : this.loaded - 1 - this.#place(summary.seq);
  }

  /** Starts over from the newest page. */
  replace(newestFirst: Summary[], matched: number, complete: boolean): void {
    this.#ascending = [];
    this.#byId.clear();
    this.addOlder(newestFirst, complete);
    this.#matched = matched;
  }

  /** Continues downwards with the next page. */
  addOlder(newestFirst: Summary[], complete: boolean): void {
    const fresh = newestFirst.filter((summary) => !this.#known(summary)).reverse();
    for (const summary of fresh) this.#byId.set(summary.id, summary);
    this.#ascending = fresh.concat(this.#ascending);
    this.#complete = complete;
  }

  setMatched(matched: number): void {
    this.#matched = matched;
  }

  /** A mail that arrived or changed. Below what is loaded it is left to its page. */
  merge(summary: Summary): Merged {
    if (this.#hidden.has(summary.id)) {
      this.#hidden.set(summary.id, summary);
      return 'ignored';
    }
    const place = this.#place(summary.seq);
    if (this.#byId.has(summary.id)) {
      this.#ascending[place] = summary;
      this.#byId.set(summary.id, summary);
      return 'changed';
    }
    if (place === 0 && this.loaded > 0 && !this.#complete) return 'ignored';
    if (place === this.loaded) this.#ascending.push(summary);
    else this.#ascending.splice(place, 0, summary);
    this.#byId.set(summary.id, summary);
    this.#matched += 1;
    return 'added';
  }

  /** Changes a mail that is already here and adds nothing; false when it is not. */
  update(summary: Summary): boolean {
    return (
      (this.#byId.has(summary.id) || this.#hidden.has(summary.id)) &&
      this.merge(summary) !== 'added'
    );
  }

  /** Forgets mails for good; answers those that were here. */
  remove(ids: readonly string[]): Summary[] {
    const removed: Summary[] = [];
    for (const id of ids) {
      const summary = this.#byId.get(id) ?? this.#hidden.get(id);
      if (summary === undefined) continue;
      removed.push(summary);
      this.#matched = Math.max(0, this.#matched - 1);
      this.#hidden.delete(id);
      this.#byId.delete(id);
    }
    this.#dropUnknown(removed.length);
    return removed;
  }

  /** Takes a mail out of sight until `remove` or `reveal`. */
  hide(summary: Summary): void {
    this.#hidden.set(summary.id, summary);
    if (this.#byId.delete(summary.id)) this.#dropUnknown(1);
  }

  /** Brings hidden mails back where they were. */
  reveal(ids: readonly string[]): void {
    for (const id of ids) {
      const summary = this.#hidden.get(id);
      if (summary === undefined || !this.#hidden.delete(id)) continue;
      // The view counted it all the time.
      if (this.merge(summary) === 'added') this.#matched -= 1;
    }
  }

  /** Lets go of the oldest rows beyond `rows`; they are loaded again when scrolled to. */
  trim(rows: number): void {
    if (this.loaded <= rows) return;
    const dropped = this.#ascending.slice(0, this.loaded - rows);
    for (const summary of dropped) this.#byId.delete(summary.id);
    this.#matched = Math.max(this.#matched, this.loaded + this.#hidden.size);
    this.#ascending = this.#ascending.slice(this.loaded - rows);
    this.#complete = false;
  }

  #known(summary: Summary): boolean {
    if (this.#hidden.has(summary.id)) this.#hidden.set(summary.id, summary);
    return this.#byId.has(summary.id) || this.#hidden.has(summary.id);
  }

  #dropUnknown(count: number): void {
    if (count > 0) this.#ascending = this.#ascending.filter(({ id }) => this.#byId.has(id));
  }

  /** Where `seq` stands or would stand among the loaded, oldest first. */
  #place(seq: number): number {
    let low = 0;
    let high = this.loaded;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ascending[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

// Which rows of a long list are on the screen, and that new rows above them do not move them:
// neither where somebody has scrolled to, nor under a pointer.
import { tick } from 'svelte';

const OVERSCAN_ROWS = 8;

export interface Rows {
  count(): number;
  /** The key of a row, undefined while it is not loaded. */
  key(row: number): string | undefined;
  /** The row of a key, -1 when it is not there. */
  rowOf(key: string): number;
}

export class Viewport {
  #element: HTMLElement | null = null;
  #scrollTop = $state(0);
  #height = $state(0);
  #unseen = $state(0);
  #held = $state(0);
  #pointing = false;
  #view = '';
  #anchor: { key: string; row: number } | null = null;
  readonly #rows: Rows;
  readonly #rowHeight: () => number;

  constructor(rows: Rows, rowHeight: () => number) {
    this.#rows = rows;
    this.#rowHeight = rowHeight;
  }

  get rowHeight(): number {
    return this.#rowHeight();
  }

  /** The rows to draw; the end is exclusive. */
  readonly range = $derived.by(() => {
    const first = Math.floor(this.#scrollTop / this.rowHeight);
    const shown = Math.ceil(this.#height / this.rowHeight) + 1;
    return {
      start: Math.max(0, first - OVERSCAN_ROWS),
      end: Math.min(this.#rows.count(), first + shown + OVERSCAN_ROWS),
    };
  });

  /** The height of the whole list; held rows need room to be scrolled past. */
  readonly contentHeight = $derived.by(() =>
    Math.max(
      this.#rows.count() * this.rowHeight,
      this.#held === 0 ? 0 : this.#held * this.rowHeight + this.#height,
    ),
  );

  /** New rows above that were not scrolled to yet. */
  get unseen(): number {
    return this.#unseen;
  }

  /** An attachment: the element that scrolls. */
  readonly attach = (element: HTMLElement) => {
    this.#element = element;
    const observer = new ResizeObserver(() => (this.#height = element.clientHeight));
    observer.observe(element);
    const scrolled = () => this.#scrolled(element.scrollTop);
    const entered = (event: PointerEvent) => (this.#pointing = event.pointerType === 'mouse');
    const left = () => this.#left();
    element.addEventListener('scroll', scrolled, { passive: true });
    element.addEventListener('pointerenter', entered);
    element.addEventListener('pointerleave', left);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
      element.removeEventListener('pointerenter', entered);
      element.removeEventListener('pointerleave', left);
      this.#element = null;
    };
  };

  /** Called when rows have changed and are drawn: keeps what was at the top where it was. */
  settle(view: string): void {
    if (view !== this.#view) {
      this.#view = view;
      this.#unseen = 0;
      this.toTop();
      return;
    }
    const anchor = this.#anchor;
    const row = anchor === null ? -1 : this.#rows.rowOf(anchor.key);
    const moved = anchor === null || row < 0 ? 0 : row - anchor.row;
    const held = this.#scrollTop > 0 || (this.#pointing && moved > 0);
    if (moved === 0 || !held) return this.#remember();
    if (moved > 0 && (this.#scrollTop === 0 || this.#held > 0)) this.#held += moved;
    if (moved > 0) this.#unseen += moved;
    void tick().then(() => this.#scrollTo(this.#scrollTop + moved * this.rowHeight));
  }

  /** Scrolls just as far as it takes to see a row. */
  reveal(row: number): void {
    const top = row * this.rowHeight;
    const bottom = top + this.rowHeight - this.#height;
    if (top < this.#scrollTop) this.#scrollTo(top);
    else if (bottom > this.#scrollTop) this.#scrollTo(bottom);
  }

  toTop(): void {
    this.#held = 0;
    this.#anchor = null;
    this.#scrollTo(0);
  }

  /** Only the pointer held the list: once it is gone, the newest rows come into sight. */
  #left(): void {
    this.#pointing = false;
    if (this.#held > 0) this.toTop();
  }

  #scrolled(top: number): void {
    if (top === this.#scrollTop) return;
    // Somebody scrolls by hand: the place is theirs now.
    this.#held = 0;
    this.#take(top);
  }

  #scrollTo(top: number): void {
    if (this.#element === null) return;
    this.#element.scrollTop = top;
    this.#take(this.#element.scrollTop);
  }

  #take(top: number): void {
    this.#scrollTop = top;
    this.#unseen = Math.min(this.#unseen, Math.round(top / this.rowHeight));
    this.#remember();
  }

  #remember(): void {
    const row = Math.floor(this.#scrollTop / this.rowHeight);
    const key = this.#rows.key(row);
    this.#anchor = key === undefined ? null : { key, row };
  }
}

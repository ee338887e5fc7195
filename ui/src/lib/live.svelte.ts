// Whether the server is there, since when it is not, and the stream that tells what happens.
import { absolute } from './api';
import { openStream } from './events';
import type { Change } from './types';

/** A stream that does not come is not waited for any longer than this. */
const PATIENCE_MS = 400;

export class Live {
  #lostAt = $state.raw<Date | null>(null);
  #connected = $state(false);

  /** When the connection broke; null while it stands. */
  get lostAt(): Date | null {
    return this.#lostAt;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Opens the stream. `ready` runs once, as soon as reading loses nothing that happens. */
  start(ready: () => void, changes: (changes: Change[], cursor: string) => void): () => void {
    let asked = false;
    const begin = () => {
      clearTimeout(timer);
      // What happened between an early list and the stream is not known: read again.
      if (asked) changes([{ kind: 'reset' }], '');
      else ready();
      asked = true;
    };
    const timer = setTimeout(begin, PATIENCE_MS);
    let first = true;
    return openStream(absolute('v1/events'), {
      changes,
      connected: () => {
        this.#connected = true;
        this.#lostAt = null;
        if (first) begin();
        first = false;
      },
      lost: () => {
        this.#connected = false;
        this.#lostAt ??= new Date();
      },
    });
  }
}

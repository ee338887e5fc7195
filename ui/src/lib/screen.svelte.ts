// What the browser says about the screen, and the time of day as it passes.
import { MediaQuery } from 'svelte/reactivity';

const narrow = new MediaQuery('(max-width: 719px)', false);
const medium = new MediaQuery('(max-width: 1239px)', false);
const dark = new MediaQuery('(prefers-color-scheme: dark)', false);

let now = $state(Date.now());
setInterval(() => {
  if (!document.hidden) now = Date.now();
}, 1000);

export const screen = {
  /** One column: a list or a mail, never both. */
  get narrow(): boolean {
    return narrow.current;
  },
  /** Icons only in the side bar. */
  get medium(): boolean {
    return medium.current;
  },
  get dark(): boolean {
    return dark.current;
  },
  /** Milliseconds, a second old at most while somebody looks. */
  get now(): number {
    return now;
  },
};

/** The height of a row of the list; tokens of the layout that arithmetic needs to know. */
export function rowHeight(isNarrow: boolean, compact: boolean): number {
  if (compact) return isNarrow ? 44 : 36;
  return isNarrow ? 76 : 64;
}

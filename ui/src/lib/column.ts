// The place in a query where it stops to make sense, as much of it as a line of the list shows.

/** What is kept before that place: enough to know it by. */
const BEFORE_MAX = 24;

/** What is wrong, without the words that say where: here it is seen. */
export function withoutPlace(detail: string): string {
  return detail.replace(/^\w+, column \d+: /, '');
}

/** Columns count characters from 1, not the units of UTF-16 that a string is made of. */
export function split(q: string, column: number): { before: string; wrong: string } {
  const characters = [...q];
  const before = characters.slice(0, column - 1);
  const wrong = characters.slice(column - 1).join('');
  const isLong = before.length > BEFORE_MAX;
  return {
    before: isLong ? `…${before.slice(-BEFORE_MAX).join('')}` : before.join(''),
    // At the end something is missing: a blank to underline.
    wrong: wrong || '\u00a0\u00a0',
  };
}

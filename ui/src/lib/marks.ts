// The words of a search that are worth marking where they stand in a text.

export interface Piece {
  text: string;
  marked: boolean;
}

/** Fields whose words are looked for in what a row or the text shows. */
const SHOWN = new Set(['subject', 'from', 'to', 'text', 'body', 'html', 'any']);

const TERM = /(-|!)?(?:([a-z-]+)[:=])?(?:"((?:[^"\\]|\\.)*)"|([^\s()"]+))/gi;

/** The plain words and phrases of a query; nothing that is negated, a keyword or an expression. */
export function wordsOf(query: string): string[] {
  const words: string[] = [];
  for (const [, negated, field, quoted, bare] of query.matchAll(TERM)) {
    if (negated || (field && !SHOWN.has(field.toLowerCase()))) continue;
    if (quoted === undefined && (!bare || /^(OR|AND|NOT)$|[~<>]/.test(bare))) continue;
    const word = (quoted?.replace(/\\(["\\])/g, '$1') ?? bare ?? '').trim();
    if (word.length > 1) words.push(word);
  }
  return words;
}

/** Cuts a text at the words, ignoring case. */
export function pieces(text: string, words: readonly string[]): Piece[] {
  if (words.length === 0 || text === '') return [{ text, marked: false }];
  const pattern = new RegExp(`(${words.map(escape).join('|')})`, 'gi');
  return text
    .split(pattern)
    .map((piece, at) => ({ text: piece, marked: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

function escape(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

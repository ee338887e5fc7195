// Source shown as numbered blocks of lines, with just enough colour to find one's way in HTML.

export interface Token {
  text: string;
  kind: 'plain' | 'tag' | 'comment' | 'value';
}

export interface Block {
  /** The number of its first line, from 1. */
  from: number;
  lines: string[];
}

/** Blocks are rendered as a whole, so that the browser can skip those out of sight. */
const BLOCK_LINES = 100;

export function blocksOf(text: string): Block[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += BLOCK_LINES) {
    blocks.push({ from: at + 1, lines: lines.slice(at, at + BLOCK_LINES) });
  }
  return blocks;
}

/** Lines beyond this are shown without colour: nobody reads them, and they cost a node a token. */
const COLOURED_MAX = 4000;

const HTML = /(<!--.*?(?:-->|$))|("[^"]*"|'[^']*')(?=[^<]*>)|(<\/?[a-z!][\w:-]*|\/?>)/gi;

/** Cuts one line of HTML into tokens. */
export function tokensOf(line: string): Token[] {
  if (line.length > COLOURED_MAX) return [{ text: line, kind: 'plain' }];
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(HTML)) {
    if (match.index > end) tokens.push({ text: line.slice(end, match.index), kind: 'plain' });
    const kind = match[1] !== undefined ? 'comment' : match[2] !== undefined ? 'value' : 'tag';
    tokens.push({ text: match[0], kind });
    end = match.index + match[0].length;
  }
  if (end < line.length) tokens.push({ text: line.slice(end), kind: 'plain' });
  return tokens;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'\])]+[^\s<>"'\]).,;:!?]/g;

/** Cuts a text at its web addresses; every second piece is one. */
export function linksIn(text: string): string[] {
  const cut: string[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    cut.push(text.slice(end, match.index), match[0]);
    end = match.index + match[0].length;
  }
  return [...cut, text.slice(end)];
}

// A transcript as a table shows it: phases, who took how long, what is worth a mark. Pure.
import { count } from './format';
import type { TranscriptLine } from './types';

/** A piece of a line: plain, or set apart as a remark, as a code, or as the code of a refusal. */
export interface Piece {
  text: string;
  kind: 'plain' | 'remark' | 'code' | 'refused';
}

export interface Turn {
  /** Whose it is: the mail itself is the client's. */
  by: 'client' | 'server' | 'nobody';
  /** Named where it begins, else empty. */
  phase: string;
  /** The last turn of its phase. */
  last: boolean;
  /** Milliseconds since the client connected, where they change; else empty. */
  at: string;
  /** The lines of it. */
  lines: Piece[][];
  /** From when to when it took, in milliseconds. */
  start: number;
  end: number;
}

export interface Talk {
  turns: Turn[];
  /** The milliseconds that restante took, and the client. */
  us: number;
  client: number;
  /** What the axis begins with and how much it shows, and a step of it. */
  origin: number;
  span: number;
  step: number;
}

const MASK = '********';
const STEPS = 5;

const PHASES: Record<string, string> = {
  EHLO: 'Hello',
  HELO: 'Hello',
  LHLO: 'Hello',
  STARTTLS: 'TLS',
  AUTH: 'Auth',
  MAIL: 'Envelope',
  RCPT: 'Envelope',
  DATA: 'Envelope',
  BDAT: 'Data',
  QUIT: 'Quit',
};

export function talk(transcript: readonly TranscriptLine[]): Talk {
  const turns: Turn[] = [];
  const sums = { us: 0, client: 0 };
  const origin = transcript[0]?.ms ?? 0;
  // What lies between two mails of a session is nobody's time, and not on the axis.
  let [before, phase, shown, skipped] = [origin, '', '', 0];
  transcript.forEach((line, at) => {
    const next = phaseOf(line, phase);
    const previous = turns.at(-1);
    if (previous !== undefined && next !== phase) previous.last = true;
    const time = line.ms.toFixed(1);
    const start = leftOut(line) ? line.ms : before;
    skipped += start - before;
    sums[line.from === 'server' ? 'us' : 'client'] += line.ms - start;
    turns.push({
      by: speaker(line),
      phase: next === phase ? '' : next,
      last: at === transcript.length - 1,
      at: time === shown ? '' : time,
      lines: pieces(line, line.ms - start, atOnce(transcript, at)),
      start: start - skipped,
      end: line.ms - skipped,
    });
    [before, phase, shown] = [line.ms, next, time];
  });
  const step = niceStep((before - skipped - origin) / STEPS);
  return { turns, ...sums, origin, span: step * STEPS, step };
}

/** All of it as text, to be copied. */
export function asText(transcript: readonly TranscriptLine[]): string {
  const marks = { client: 'C:', server: 'S:', note: '--' };
  return transcript
    .flatMap(({ from, ms, text }) =>
      text.split('\n').map((words) => `${ms.toFixed(3).padStart(10)} ${marks[from]} ${words}`),
    )
    .join('\n');
}

/** The labels of the axis, from its beginning. */
export function ticks({ step }: Pick<Talk, 'step'>): string[] {
  const digits = step < 1 ? Math.ceil(-Math.log10(step)) : 0;
  return Array.from({ length: STEPS }, (_, at) => {
    const value = at * step;
    if (step >= 1000) return `${value / 1000} s`;
    return value === 0 ? '0' : value.toFixed(digits);
  });
}

/** 1, 2 or 5, times a power of ten: the next that is large enough. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 0.1;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((one) => one * power >= least * 1.0001) ?? 10;
  return step * power;
}

export function milliseconds(value: number): string {
  if (value >= 9_950) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ms`;
}

function speaker({ from, text }: TranscriptLine): Turn['by'] {
  if (from !== 'note') return from;
  return isBody(text) ? 'client' : 'nobody';
}

function phaseOf({ from, text }: TranscriptLine, phase: string): string {
  if (phase === '') return 'Connect';
  if (from === 'server') return phase;
  if (from === 'note') {
    if (text.startsWith('TLS')) return 'TLS';
    if (isBody(text)) return 'Data';
    return /clos|broke/.test(text) ? 'End' : phase;
  }
  if (phase === 'Auth' && (text === MASK || text === '*')) return phase;
  const verb = text.split(/\s/, 1)[0]?.toUpperCase() ?? '';
  return PHASES[verb] ?? 'Other';
}

function pieces({ from, text }: TranscriptLine, took: number, atOnce: number): Piece[][] {
  if (from === 'server') return text.split('\n').map(reply);
  if (from === 'note') {
    const size = isBody(text);
    const words = size ? `${count(Number(size[1]))} bytes, in ${milliseconds(took)}` : text;
    return [[{ text: words, kind: 'remark' }]];
  }
  const line: Piece[] = [{ text: text.replace(MASK, '').trimEnd(), kind: 'plain' }];
  if (text.includes(MASK)) line.push({ text: 'secret hidden', kind: 'remark' });
  if (atOnce > 1) line.push({ text: `${atOnce} commands at once`, kind: 'remark' });
  return [line.filter((piece) => piece.text !== '')];
}

function reply(text: string, at: number): Piece[] {
  const code = at === 0 ? /^\d{3}/.exec(text)?.[0] : undefined;
  if (code === undefined) return [{ text, kind: 'plain' }];
  const rest: Piece = { text: text.slice(3), kind: 'plain' };
  return [{ text: code, kind: code >= '400' ? 'refused' : 'code' }, rest];
}

/** How many commands came in one piece that ends with this one; 0 when this is not its last. */
function atOnce(transcript: readonly TranscriptLine[], at: number): number {
  const ms = transcript[at]?.ms;
  const same = transcript.filter((line) => line.from === 'client' && line.ms === ms);
  return same.at(-1) === transcript[at] ? same.length : 0;
}

function isBody(text: string): RegExpExecArray | null {
  return /^a mail of (\d+) bytes/.exec(text);
}

function leftOut({ from, text }: TranscriptLine): boolean {
  return from === 'note' && text.startsWith('what was said');
}

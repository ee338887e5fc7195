// How times, sizes, counts and people are written. Sizes are in kB and MB of 1,000.
import type { Address, Summary } from './types';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const counts = new Intl.NumberFormat('en');

export function count(value: number): string {
  return counts.format(value);
}

/** "1 mail", "2 mails". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function size(bytes: number, digits = 1): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, value] = bytes < 999_500 ? ['kB', bytes / 1000] : ['MB', bytes / 1_000_000];
  return `${value.toFixed(value < 10 || digits > 0 ? digits : 0)} ${unit}`;
}

/** As short as a row allows: "8 s", "14 min", then the time of day, then the date. */
export function ago(at: string, now: number): string {
  const date = new Date(at);
  const age = Math.max(0, now - date.getTime());
  if (age < MINUTE_MS) return `${Math.floor(age / 1000)} s`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (date.toDateString() === new Date(now).toDateString()) return clock(date);
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${MONTHS[date.getMonth()]}${year}`;
}

/** To the millisecond, with the zone, in three pieces: a narrow screen keeps the middle one. */
export function exact(at: string): { day: string; time: string; rest: string } {
  const date = new Date(at);
  const month = `${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
  const day = `${DAYS[date.getDay()]} ${date.getDate()} ${month}`;
  const seconds = `:${two(date.getSeconds())}`;
  const fraction = `.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return { day, time: clock(date) + seconds, rest: `${fraction} ${zone(date)}` };
}

export function clock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Who a mail is from, as a row shows it: a name, or the address. */
export function sender(summary: Summary): string {
  const first = summary.from[0];
  if (first === undefined) return '(no sender)';
  return first.name || first.address || '(no sender)';
}

/** Who it is for: the first address named, or the first the envelope knows, and how many more. */
export function recipient(summary: Summary): string {
  const named = [...summary.to, ...summary.cc].map(({ address }) => address).filter(Boolean);
  const all = named.length > 0 ? named : summary.recipients;
  const first = all[0] ?? 'nobody';
  return all.length > 1 ? `${first} +${all.length - 1}` : first;
}

export function person({ name, address }: Address): string {
  return name && address ? `${name} <${address}>` : name || address;
}

function zone(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

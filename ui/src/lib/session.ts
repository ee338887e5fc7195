// What a session is in words: a title for its row, and a sentence for its head. Pure.
import { milliseconds } from './dialogue';
import { plural } from './format';
import type { Session } from './types';

export interface Words {
  /** A reply's code, or one word for what happened. */
  code: string;
  title: string;
  /** Where and when it went wrong, or what came of it. */
  detail: string;
}

export function words(session: Session): Words {
  const { outcome, last_error: error, mail_count: mails } = session;
  const took = [duration(session), mails === 0 ? 'no mail' : plural(mails, 'mail')];
  const detail = took.filter(Boolean).join(', ');
  if (outcome === 'failed') return failure(session, detail);
  if (outcome === 'open') {
    return { code: 'open', title: session.helo || 'Connected', detail };
  }
  if (mails === 0) return { code: '–', title: 'No mail', detail: duration(session) };
  const code = error === null ? '250' : codeOf(error.reply);
  return { code, title: plural(mails, 'mail'), detail: duration(session) };
}

function failure({ last_error: error }: Session, detail: string): Words {
  if (error === null) return { code: 'end', title: 'Broken off', detail };
  const [code, text] = [codeOf(error.reply), textOf(error.reply)];
  const at = stage(error.command);
  return { code, title: text, detail: at === '' ? detail : `Refused at ${at}, ${detail}` };
}

/** The beginning of a command, without what it is about. */
export function stage(command: string): string {
  if (command.includes('********')) return /^auth \S+/i.exec(command)?.[0].toUpperCase() ?? '';
  return /^(mail from|rcpt to|auth \S+|\S+)/i.exec(command)?.[0].toUpperCase() ?? '';
}

export function codeOf(reply: string): string {
  return /^\d{3}/.exec(reply)?.[0] ?? '';
}

/** A reply's first line without its codes, as a sentence begins. */
export function textOf(reply: string): string {
  const text = (reply.split('\n', 1)[0] ?? '').replace(/^\d{3}[ -]?(\d\.\d{1,3}\.\d{1,3} )?/, '');
  return text === '' ? reply : text[0]?.toUpperCase() + text.slice(1);
}

/** How long it took; empty while it goes on. */
export function duration({ opened_at, closed_at }: Session): string {
  if (closed_at === null) return '';
  return milliseconds(microseconds(closed_at) - microseconds(opened_at));
}

/** The connection in a few words: "plain, no login". */
export function connection({
  tls,
  auth,
  protocol,
}: Pick<Session, 'tls' | 'auth'> & Partial<Session>): string {
  const parts = [
    protocol === 'lmtp' ? 'LMTP' : '',
    tls === null ? 'plain' : tls.version,
    auth === null ? 'no login' : `${auth.username || '(no name)'} by ${auth.mechanism}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** In milliseconds: `Date` would drop the microseconds. */
function microseconds(at: string): number {
  const [, fraction = '0'] = /\.(\d+)Z?$/.exec(at) ?? [];
  return Date.parse(at.replace(/\.\d+/, '')) + Number(`0.${fraction}`) * 1000;
}

// Every request to the server: the only file that calls `fetch`. It knows paths and errors,
// nothing of state. Paths are relative to the page, so any base path works.
import type { operations } from './openapi';
import type { Selection } from './selection';
import type {
  Inbox,
  Info,
  MailTranscript,
  Marks,
  Message,
  MessageList,
  ProblemBody,
  SessionList,
  SessionWhole,
  Summary,
} from './types';

/** What the server, or the way to it, answered instead of what was asked for. */
export class Problem extends Error {
  constructor(
    detail: string,
    /** 0 when nothing answered. */
    readonly status: number,
    /** Where a query stops to make sense, counted from 1. */
    readonly column: number | null = null,
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

export type ListRequest = NonNullable<operations['listMessages']['parameters']['query']>;

/** A page of mails. When `signal` aborts, the server stops to look. */
export function list(request: ListRequest, signal?: AbortSignal): Promise<MessageList> {
  const init = signal === undefined ? {} : { signal };
  return json(`v1/messages${parameters({ ...request })}`, init);
}

export function inboxes(): Promise<Inbox[]> {
  return json('v1/inboxes');
}

export function message(id: string): Promise<Message> {
  return json(path(id));
}

export interface SessionsRequest {
  failed: boolean;
  limit: number;
  /** The id of a session. */
  before?: string;
}

export function sessions({ failed, ...request }: SessionsRequest): Promise<SessionList> {
  return json(`v1/sessions${parameters({ ...request, failed: failed ? 'true' : undefined })}`);
}

export function session(id: string): Promise<SessionWhole> {
  return json(`v1/sessions/${encodeURIComponent(id)}`);
}

/** What was said about a mail. */
export function transcript(id: string): Promise<MailTranscript> {
  return json(`${path(id)}/transcript`);
}

export function info(): Promise<Info> {
  return json('v1/info');
}

export function mark(id: string, read: boolean): Promise<Summary> {
  return json(path(id), {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ read } satisfies Marks),
  });
}

/** Deletes one mail. `leaving` lets the request outlive the page. */
export async function remove(id: string, leaving = false): Promise<void> {
  try {
    await answer(path(id), { method: 'DELETE', keepalive: leaving });
  } catch (error) {
    // Somebody else was faster: the mail is gone, which is what was asked for.
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

/** Deletes what is selected, which may be everything, but nothing that came after `until`. */
export async function removeAll({ q, inbox }: Selection, until: string): Promise<void> {
  const selection = q.trim() === '' && inbox === '' ? { all: 'true' } : { q: q.trim(), inbox };
  await answer(`v1/messages${parameters({ ...selection, until })}`, { method: 'DELETE' });
}

/** The start of a mail as it came over the wire; `cut` when there is more. */
export async function rawText(
  id: string,
  sizeMax: number,
): Promise<{ text: string; cut: boolean }> {
  return startOf(`${path(id)}/raw`, sizeMax);
}

export async function partText(
  id: string,
  part: string,
  sizeMax: number,
): Promise<{ text: string; cut: boolean }> {
  return startOf(`${path(id)}/parts/${encodeURIComponent(part)}`, sizeMax);
}

export function rawUrl(id: string): string {
  return absolute(`${path(id)}/raw`);
}

export function partUrl(id: string, part: string): string {
  return absolute(`${path(id)}/parts/${encodeURIComponent(part)}`);
}

/** The mail's HTML, made safe to frame; without `remote` it loads nothing from elsewhere. */
export function htmlUrl(id: string, remote: boolean): string {
  return absolute(`${path(id)}/html${remote ? '?remote=true' : ''}`);
}

export function absolute(relative: string): string {
  return new URL(relative, document.baseURI).href;
}

function path(id: string): string {
  return `v1/messages/${encodeURIComponent(id)}`;
}

function parameters(values: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? '' : `?${search}`;
}

async function json<T>(relative: string, init?: RequestInit): Promise<T> {
  return (await (await answer(relative, init)).json()) as T;
}

async function startOf(relative: string, sizeMax: number): Promise<{ text: string; cut: boolean }> {
  const response = await answer(relative, { headers: { Range: `bytes=0-${sizeMax - 1}` } });
  const bytes = (await response.arrayBuffer()).slice(0, sizeMax);
  const size = Number(response.headers.get('Content-Range')?.split('/')[1] ?? bytes.byteLength);
  return { text: new TextDecoder().decode(bytes), cut: size > bytes.byteLength };
}

async function answer(relative: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(absolute(relative), init);
  } catch {
    throw new Problem('The server does not answer.', 0);
  }
  if (!response.ok) throw await problem(response);
  return response;
}

async function problem(response: Response): Promise<Problem> {
  const fallback = `The server answered ${response.status} ${response.statusText}.`;
  try {
    const body = (await response.json()) as ProblemBody;
    return new Problem(body.detail ?? fallback, response.status, body.column ?? null);
  } catch {
    return new Problem(fallback, response.status);
  }
}

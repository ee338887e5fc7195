// The stream of what happens on the server: the only file that opens one. It hands out typed
// changes, batched per frame, and says when the connection comes and goes.
//
// The law of this channel: a change may be told before or after the list that already shows it,
// and again after a reconnect. Whoever applies changes does so idempotently, by `seq` and `id`.
import { oncePerFrame } from './frames';
import type { Change, GoneEvent, MailEvent, SessionEvent } from './types';

export interface StreamHandlers {
  /** In order; `cursor` is the position after the last of them. */
  changes(changes: Change[], cursor: string): void;
  connected(): void;
  lost(): void;
}

/** How long to wait before opening a stream again that the server refused. */
const RETRY_MS = { first: 500, most: 10_000 };

/** Opens the stream and keeps it open until the returned function is called. */
export function openStream(url: string, handlers: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = RETRY_MS.first;
  let batch: Change[] = [];
  let cursor = '';

  const flush = oncePerFrame(() => {
    const changes = batch;
    batch = [];
    if (changes.length > 0 && source !== null) handlers.changes(changes, cursor);
  });

  const take = (event: MessageEvent<string>) => {
    const change = parseChange(event.type, event.data);
    if (event.lastEventId !== '') cursor = event.lastEventId;
    if (change === null) return;
    batch.push(change);
    flush();
  };

  // A refused stream is not retried by the browser, and a new one does not say where the old one
  // stood: what came between is unknown, which is what `reset` means.
  const open = (again: boolean) => {
    source = new EventSource(url);
    source.onopen = () => {
      wait = RETRY_MS.first;
      handlers.connected();
      if (again) handlers.changes([{ kind: 'reset' }], cursor);
    };
    source.onerror = () => {
      handlers.lost();
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(() => open(true), wait);
      wait = Math.min(wait * 2, RETRY_MS.most);
    };
    for (const kind of KINDS) source.addEventListener(kind, take);
  };

  open(false);
  return () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
}

const KINDS = ['message', 'changed', 'deleted', 'cleared', 'evicted', 'session', 'reset'] as const;

/** Reads one event; null for what is not known or not readable. */
export function parseChange(kind: string, data: string): Change | null {
  if (kind === 'cleared' || kind === 'reset') return { kind };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (kind === 'message' || kind === 'changed') return { kind, summary: value as MailEvent };
  if (kind === 'session') return { kind, ...(value as SessionEvent) };
  if (kind === 'deleted' || kind === 'evicted') return { kind, ids: (value as GoneEvent).ids };
  return null;
}

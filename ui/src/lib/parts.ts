// The MIME tree as rows of a table, and what the tabs of a mail are.
import type { Tab } from './route';
import type { Message, Part } from './types';

export interface PartRow {
  part: Part;
  depth: number;
  leaf: boolean;
}

/** Depth first, without recursion: a mail may nest as deep as it likes. */
export function partRows(parts: readonly Part[]): PartRow[] {
  const rows: PartRow[] = [];
  const waiting = parts.map((part) => ({ part, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { part, depth } = next;
    rows.push({ part, depth, leaf: part.parts.length === 0 });
    for (const child of part.parts.toReversed()) waiting.push({ part: child, depth: depth + 1 });
  }
  return rows;
}

export interface TabInfo {
  tab: Tab;
  label: string;
  count: number | null;
}

/** The tabs a mail has: no HTML, no tab for it. */
export function tabsOf(message: Message): TabInfo[] {
  const tabs: TabInfo[] = [];
  if (message.html !== null) tabs.push({ tab: 'html', label: 'HTML', count: null });
  if (message.text !== null) tabs.push({ tab: 'text', label: 'Text', count: null });
  if (message.html !== null) tabs.push({ tab: 'source', label: 'Source', count: null });
  tabs.push({ tab: 'headers', label: 'Headers', count: message.headers.length });
  tabs.push({ tab: 'parts', label: 'Parts', count: partRows(message.parts).length });
  if (message.envelope.session !== null)
    tabs.push({ tab: 'dialogue', label: 'Dialogue', count: null });
  tabs.push({ tab: 'raw', label: 'Raw', count: null });
  return tabs;
}

/** The tab to show: the one asked for when the mail has it, else the first that shows content. */
export function shownTab(message: Message, wanted: Tab | null): Tab {
  const tabs = tabsOf(message);
  return (tabs.find(({ tab }) => tab === wanted) ?? tabs[0])?.tab ?? 'raw';
}

export function partIcon(part: Part): string {
  const type = part.content_type.toLowerCase();
  if (part.parts.length > 0 || type.startsWith('multipart/')) return 'layers';
  if (type.startsWith('image/')) return 'image';
  if (type === 'text/html') return 'code';
  if (type === 'text/calendar') return 'calendar';
  if (type === 'text/csv') return 'rows';
  if (type.startsWith('text/')) return 'text';
  if (type === 'message/rfc822') return 'mail';
  return 'file';
}

/** True when a mail's HTML says it has a dark form; else it is shown on white. */
export function declaresDark(html: string): boolean {
  return (
    /prefers-color-scheme\s*:\s*dark/i.test(html) ||
    /<meta[^>]{0,200}color-scheme[^>]{0,200}\bdark\b/i.test(html) ||
    /color-scheme\s*:\s*[^;}"']{0,40}\bdark\b/i.test(html)
  );
}

// The keyboard, as data: what each key does, and the words the help shows for it.

export type Command =
  | 'older'
  | 'newer'
  | 'oldest'
  | 'newest'
  | 'open'
  | 'close'
  | 'search'
  | 'delete'
  | 'undo'
  | 'unread'
  | 'follow'
  | 'help';

export interface Shortcut {
  command: Command;
  keys: string[];
  help: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { command: 'older', keys: ['j', 'ArrowDown'], help: 'Next, older mail' },
  { command: 'newer', keys: ['k', 'ArrowUp'], help: 'Previous, newer mail' },
  { command: 'newest', keys: ['Home'], help: 'Newest mail' },
  { command: 'oldest', keys: ['End'], help: 'Oldest mail' },
  { command: 'open', keys: ['Enter'], help: 'Open, and go into the mail' },
  { command: 'close', keys: ['Escape'], help: 'Back to the list' },
  { command: 'search', keys: ['/'], help: 'Search' },
  { command: 'delete', keys: ['#', 'Delete'], help: 'Delete' },
  { command: 'undo', keys: ['z'], help: 'Undo deleting' },
  { command: 'unread', keys: ['u'], help: 'Mark as unread, or as read' },
  { command: 'follow', keys: ['f'], help: 'Follow: open new mails as they come' },
  { command: 'help', keys: ['?'], help: 'This help' },
];

/** Keys that move or press something when a control or a scrolling pane has the focus. */
const LOCAL = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End', 'Enter']);

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Where the focus is: in a text field, on something with keys of its own, or neither. */
export type Focus = 'typing' | 'control' | 'elsewhere';

export function commandOf(press: Press, focus: Focus): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (focus === 'typing' && press.key !== 'Escape') return null;
  if (focus === 'control' && LOCAL.has(press.key)) return null;
  return SHORTCUTS.find(({ keys }) => keys.includes(press.key))?.command ?? null;
}

const NAMES: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

export function keyName(key: string): string {
  return NAMES[key] ?? key;
}

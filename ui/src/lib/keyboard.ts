// What a press of a key does, given where the focus is; and where the focus goes from there.
import type { App } from './app.svelte';
import { type Command, type Focus, commandOf } from './keys';

export function pressed(event: KeyboardEvent, app: App): void {
  // A dialog has keys of its own.
  if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
  const command = commandOf(event, focusOf(event.target as Element));
  if (command === null) return;
  event.preventDefault();
  app.run(command);
  moveFocus(command);
}

function focusOf(element: Element): Focus {
  if (element.matches('input, textarea, select, [contenteditable]')) return 'typing';
  const control = element.closest('a, button, [role=separator], .mail [tabindex]');
  return control === null ? 'elsewhere' : 'control';
}

function moveFocus(command: Command): void {
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  if (command === 'search') (find('#search') as HTMLInputElement | null)?.select();
  if (command === 'open') find('#panel [tabindex], #panel iframe')?.focus();
  if (command === 'close') find('#mails')?.focus();
}

// The effects that tie route, list, mail and viewport together: the only ones there are.
import { untrack } from 'svelte';
import type { App } from './app.svelte';
import { isSame } from './selection';
import type { Viewport } from './viewport.svelte';

/** Called once, while the page is set up. */
export function wire(app: App, viewport: Viewport): void {
  const { mailbox } = app;
  // Derived, so that an effect runs when its piece of the route changes, not with any other.
  const q = $derived(app.route.q);
  const inbox = $derived(app.route.inbox);
  const id = $derived(app.route.id);
  const route = $derived(app.route);
  $effect(() => untrack(() => app.start()));
  $effect(() => {
    const { view, session, failed, page } = route;
    untrack(() => app.sessions.show(view === 'sessions' && page === null, session, failed));
  });
  $effect(() => {
    const wanted = { q, inbox };
    untrack(() => mailbox.asked && !isSame(wanted, mailbox.wanted) && void mailbox.load(wanted));
  });
  $effect(() => {
    const opened = id;
    untrack(() => void app.followRoute(opened));
  });
  // After rows have changed: what was on the screen stays there.
  $effect(() => {
    void mailbox.version;
    untrack(() => viewport.settle(JSON.stringify(mailbox.shown)));
  });
  // The open mail is in sight, once the list has it.
  $effect(() => {
    const opened = id;
    void mailbox.shown;
    untrack(() => {
      const row = opened === null ? -1 : mailbox.rowOf(opened);
      if (row >= 0) viewport.reveal(row);
    });
  });
  // What comes into sight gets loaded.
  $effect(() => {
    void mailbox.version;
    const { end } = viewport.range;
    untrack(() => void mailbox.show(end));
  });
}

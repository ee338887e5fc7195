// What the UI can do, and how its parts play together: the route decides what is open, opening
// marks as read, deleting moves on. Components call these methods and draw what they read here.
import * as api from './api';
import { reachable } from './addresses';
import type { Command } from './keys';
import { Inboxes, without } from './inboxes.svelte';
import { Live } from './live.svelte';
import { Mailbox, asProblem } from './mailbox.svelte';
import { Preferences } from './preferences.svelte';
import { Reader } from './reader.svelte';
import { HOME, type Route, type Tab, isReading } from './route';
import { Router } from './router.svelte';
import { type Selection, isSame } from './selection';
import { Trash } from './trash.svelte';
import { Sessions } from './sessions.svelte';
import type { Inbox, Info, Message, Summary } from './types';

/** In follow mode a burst opens its last mail, not every one. */
const FOLLOW_MS = 150;

export class App {
  readonly router = new Router();
  readonly preferences = new Preferences();
  readonly mailbox = new Mailbox();
  readonly reader = new Reader();
  readonly sessions = new Sessions();
  readonly live = new Live();
  readonly trash = new Trash({
    hide: (mail) => this.mailbox.hide(mail),
    reveal: (mails) => this.mailbox.reveal(mails),
    forget: (ids) => this.mailbox.forget(ids),
    failed: (error) => this.#failed('The mail could not be deleted', error),
  });

  info = $state.raw<Info | null>(null);
  /** What went wrong with the last action, in one sentence. */
  failure = $state<string | null>(null);
  helping = $state(false);
  drawer = $state(false);
  readonly #inboxes = new Inboxes();
  #followed: ReturnType<typeof setTimeout> | undefined;
  #arrivedAt = 0;

  start(): () => void {
    this.mailbox.ongone = (ids) => this.reader.forget(ids);
    this.mailbox.onarrived = (mail) => this.#arrived(mail);
    void api.info().then(
      (info) => (this.info = info),
      () => {},
    );
    return this.live.start(
      () => {
        void this.mailbox.load(this.selection);
        void this.#inboxes.load();
        void this.sessions.count();
      },
      (changes, cursor) => {
        this.mailbox.apply(changes, cursor);
        this.#inboxes.apply(changes);
        this.sessions.apply(changes);
      },
    );
  }

  get route(): Route {
    return this.router.route;
  }

  /** What the route says is listed. */
  get selection(): Selection {
    const { q, inbox } = this.route;
    return { q, inbox };
  }

  /** Every inbox that holds something a reader can see. */
  readonly inboxes: readonly Inbox[] = $derived.by(() =>
    without(this.#inboxes.list, this.trash.mails),
  );

  /** The open mail as the list knows it, or as it was fetched. */
  readonly open: Summary | null = $derived.by(() => {
    const { id } = this.router.route;
    if (id === null) return null;
    const { message } = this.reader;
    return this.mailbox.find(id) ?? (message?.id === id ? message : null);
  });

  /** Its message, once it is there. */
  readonly message: Message | null = $derived.by(() => {
    const { message } = this.reader;
    return message !== null && message.id === this.router.route.id ? message : null;
  });

  readonly smtpAddress: string | null = $derived.by(() => {
    const bound = this.info?.smtp[0];
    return bound === undefined ? null : reachable(bound, location.hostname);
  });

  /** Reacts to the route: fetches the mail it names, marks it as read, looks ahead. */
  async followRoute(id: string | null): Promise<void> {
    const message = await this.reader.open(id);
    if (message === null || message.id !== this.route.id) return;
    const summary = this.mailbox.find(message.id) ?? message;
    if (!summary.read) await this.#mark(summary, true);
    const row = this.mailbox.rowOf(message.id);
    if (row < 0) return;
    for (const near of [row + 1, row - 1]) this.reader.prefetch(this.mailbox.at(near)?.id);
  }

  openMail(id: string, { replace = false } = {}): void {
    this.drawer = false;
    this.router.go({ ...HOME, ...this.selection, tab: this.route.tab, id }, { replace });
  }

  closeMail(): void {
    this.router.toList();
  }

  showTab(tab: Tab): void {
    this.router.go({ tab }, { replace: true });
  }

  /** Shows another view: the mail stays open only when it was asked for by id. */
  view(change: Partial<Route>): void {
    this.drawer = false;
    this.router.go({ ...HOME, tab: this.route.tab, ...change });
    const { page, view } = this.route;
    if (page === null && view === null && isSame(this.selection, this.mailbox.wanted))
      void this.mailbox.load(this.selection);
  }

  search(q: string, { typing = false } = {}): void {
    this.router.go({ q }, { replace: typing });
  }

  openSession(id: string): void {
    this.drawer = false;
    const replace = this.route.session !== null;
    this.router.go({ view: 'sessions', session: id, page: null }, { replace });
  }

  showFailed(failed: boolean): void {
    this.router.go({ failed }, { replace: true });
  }

  #stepSession(step: 1 | -1): void {
    const next = this.sessions.beside(step);
    if (next !== null) this.openSession(next);
  }

  async step(step: 1 | -1): Promise<void> {
    if (this.route.view === 'sessions') return this.#stepSession(step);
    const { open } = this;
    if (open === null) {
      if (this.route.id === null) this.#openRow(0);
      return;
    }
    const next = await this.mailbox.beside(open, step).catch(() => null);
    if (next !== null && this.open?.id === open.id) this.openMail(next.id, { replace: true });
  }

  /** Deletes the open mail and moves on to the next. */
  async deleteOpen(): Promise<void> {
    const { open } = this;
    if (open === null) return;
    const beside = async (step: 1 | -1) => this.mailbox.beside(open, step).catch(() => null);
    const next = (await beside(1)) ?? (await beside(-1));
    this.trash.add(open);
    this.router.go({ id: next?.id ?? null }, { replace: true });
  }

  undo(): void {
    const mail = this.trash.undo();
    if (mail !== undefined) this.openMail(mail.id, { replace: true });
  }

  async toggleRead(): Promise<void> {
    if (this.open !== null) await this.#mark(this.open, !this.open.read);
  }

  /** Deletes what is listed, but nothing that came after the reader last saw the list. */
  async deleteListed(): Promise<void> {
    // What is seen, not what is being typed: the list of that may still be on its way.
    const { shown, cursor } = this.mailbox;
    if (shown === null) return;
    await this.trash.commit();
    try {
      await api.removeAll(shown, cursor);
      this.router.go({ id: null }, { replace: true });
      await this.mailbox.load(this.selection);
    } catch (error) {
      this.#failed('The mails could not be deleted', error);
    }
  }

  setFollow(follow: boolean): void {
    this.preferences.set({ follow });
  }

  run(command: Command): void {
    const actions: Partial<Record<Command, () => void>> = {
      older: () => void this.step(1),
      newer: () => void this.step(-1),
      newest: () => this.#openEnd(0),
      oldest: () => this.#openEnd(-1),
      open: () => !isReading(this.route) && this.#openEnd(0),
      close: () => this.#close(),
      delete: () => void this.deleteOpen(),
      undo: () => this.undo(),
      unread: () => void this.toggleRead(),
      follow: () => this.setFollow(!this.preferences.settings.follow),
      help: () => (this.helping = true),
    };
    actions[command]?.();
  }

  #close(): void {
    if (this.drawer) this.drawer = false;
    else if (isReading(this.route)) this.closeMail();
  }

  /** A new mail in the view opens itself in follow mode, unless somebody is busy. */
  #arrived(mail: Summary): void {
    if (!this.preferences.settings.follow) return;
    clearTimeout(this.#followed);
    const open = () => {
      const { page, view } = this.route;
      if (document.hidden || page !== null || view !== null || this.#busy()) return;
      this.openMail(mail.id, { replace: this.route.id !== null });
    };
    const quiet = performance.now() - this.#arrivedAt > FOLLOW_MS;
    this.#arrivedAt = performance.now();
    if (quiet) open();
    else this.#followed = setTimeout(open, FOLLOW_MS);
  }

  #busy(): boolean {
    const { activeElement } = document;
    return this.helping || this.drawer || (activeElement?.matches('input, textarea') ?? false);
  }

  /** The first of what is listed, or the last. */
  #openEnd(end: 0 | -1): void {
    if (this.route.view === 'sessions') {
      const session = this.sessions.list?.at(end);
      if (session !== undefined) this.openSession(session.id);
    } else if (end === 0) this.#openRow(0);
    else void this.#openOldest();
  }

  #openRow(row: number): void {
    const mail = this.mailbox.at(row);
    if (mail !== undefined) this.openMail(mail.id, { replace: this.route.id !== null });
  }

  async #openOldest(): Promise<void> {
    await this.mailbox.show(this.mailbox.count - 1);
    this.#openRow(this.mailbox.count - 1);
  }

  async #mark(mail: Summary, read: boolean): Promise<void> {
    try {
      await this.mailbox.mark(mail, read);
    } catch (error) {
      this.#failed(`The mail could not be marked as ${read ? 'read' : 'unread'}`, error);
    }
  }

  #failed(what: string, error: unknown): void {
    this.failure = `${what}: ${asProblem(error).message}`;
  }
}

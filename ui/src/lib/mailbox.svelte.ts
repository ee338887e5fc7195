// The list that is on the screen: what is selected, as far as it is loaded, kept live.
// It fetches pages and applies changes; what is open or how rows are drawn is not its business.
import * as api from './api';
import { Complaint } from './complaint.svelte';
import { atMostEvery } from './frames';
import { MailList } from './list';
import { EVERYTHING, type Selection, isSame } from './selection';
import { Totals } from './totals.svelte';
import type { Change, MessageList, Summary } from './types';

const PAGE = { first: 100, next: 500 };
/** Rows loaded ahead of those on the screen. */
const AHEAD_ROWS = 100;
/** Rows kept beyond the screen when events bring more and more. */
const KEPT_ROWS = 20_000;
/** Between two looks for new mail that matches a query. */
const PULL_MS = 150;
/** How long a row counts as new. */
const FRESH_MS = 200;
/** Only a wait longer than this is shown. */
const PATIENCE_MS = 300;

export class Mailbox {
  readonly #list = new MailList();
  /** Each change of the list counts it up; every getter depends on it. */
  #version = $state(0);
  #wanted = $state.raw<Selection>(EVERYTHING);
  #shown = $state.raw<Selection | null>(null);
  #slow = $state(false);

  readonly complaint = new Complaint();
  readonly totals = new Totals(
    () => this.#list.hidden,
    (cursor) => this.#counted(cursor),
  );

  #countIsLeast = false;
  #cursor = '';
  #seqMax = 0;
  /** The totals count every mail up to this number; its event may still be on its way. */
  #countedTo = 0;
  #fresh = { after: 0, until: 0 };
  /** Counts the times the list started over: an answer to an earlier turn is too late. */
  #turn = 0;
  #asking: AbortController | null = null;
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** While a list is on its way, what happens is kept for after it: subscribe first, then read. */
  #early: { changes: Change[]; cursor: string } | null = null;
  #older: Promise<void> | null = null;
  #goneMeanwhile = new Set<string>();
  #rowsWanted = 0;
  /** The list from which all hidden mails are; null when they are from several. */
  #hiddenIn: Selection | null = null;
  readonly #pullSoon = atMostEvery(PULL_MS, () => void this.#pull());

  /** Told of the newest mail that came into the view, and of mails that are gone. */
  onarrived: (summary: Summary) => void = () => {};
  ongone: (ids: readonly string[]) => void = () => {};

  /** What was asked for last; the list shows it once it has come. */
  get wanted(): Selection {
    return this.#wanted;
  }

  /** True once a list was asked for, whatever came of it. */
  get asked(): boolean {
    return this.#turn > 0;
  }

  /** True when a list keeps the reader waiting. */
  get slow(): boolean {
    return this.#slow;
  }

  /** Whose rows are shown; null until the first list has come. */
  get shown(): Selection | null {
    return this.#shown;
  }

  /** True when there are more matches than `count`, and nobody has counted them. */
  get countIsLeast(): boolean {
    return this.#countIsLeast && !this.#read().complete;
  }

  /** The position up to which the reader has seen everything. */
  get cursor(): string {
    return this.#cursor;
  }

  get version(): number {
    return this.#version;
  }

  get count(): number {
    return this.#read().count;
  }

  at(row: number): Summary | undefined {
    return this.#read().at(row);
  }

  find(id: string): Summary | undefined {
    return this.#read().find(id);
  }

  rowOf(id: string): number {
    return this.#read().rowOf(id);
  }

  /** True for a mail that came this instant: its row fades in. */
  isFresh(summary: Summary): boolean {
    return summary.seq > this.#fresh.after && performance.now() < this.#fresh.until;
  }

  /** Shows what is selected, from the newest down. The old rows stay until the new are there. */
  async load(selection: Selection): Promise<void> {
    this.#wanted = selection;
    this.complaint.wait();
    await this.#ask(selection);
  }

  /** Applies what happened, once or again, in order. */
  apply(changes: readonly Change[], cursor: string): void {
    if (this.#early !== null) {
      this.#early.changes.push(...changes);
      if (cursor !== '') this.#early.cursor = cursor;
      return;
    }
    if (cursor !== '') this.#cursor = laterOf(this.#cursor, cursor);
    const seqBefore = this.#seqMax;
    const gone: string[] = [];
    let newest: Summary | null = null;
    let restart = false;
    for (const change of changes) {
      if (change.kind === 'message') newest = this.#arrive(change.summary) ?? newest;
      else if (change.kind === 'changed') this.#change(change.summary);
      else if ('ids' in change) gone.push(...change.ids);
      else if (change.kind !== 'session') restart = true;
    }
    this.forget(gone);
    // Whether the last count already left them out, only the server knows.
    if (gone.length > 0) this.totals.refresh();
    this.#changed();
    if (newest !== null) this.#announce(newest, seqBefore);
    if (restart) this.#restart();
  }

  /** Loads on until the row is there, and some more. */
  async show(row: number): Promise<void> {
    this.#rowsWanted = row + AHEAD_ROWS;
    this.#older ??= this.#loadOlder().finally(() => (this.#older = null));
    await this.#older;
  }

  /** The mail beside another one, loaded or not: 1 is older, -1 is newer. */
  async beside(mail: Summary, step: 1 | -1): Promise<Summary | null> {
    const row = this.#list.rowOf(mail.id);
    if (row >= 0 && row + step < 0) return null;
    if (row >= 0) {
      if (row + step >= this.#list.loaded) await this.show(row + step);
      return this.#list.at(row + step) ?? null;
    }
    const side = step > 0 ? { before: mail.seq } : { after: mail.seq, order: 'asc' as const };
    const page = await api.list({ ...(this.#shown ?? this.#wanted), limit: 1, ...side });
    return page.messages[0] ?? null;
  }

  /** Marks a mail at once, then tells the server. */
  async mark(mail: Summary, read: boolean): Promise<void> {
    const before = this.#list.find(mail.id) ?? mail;
    this.#mark({ ...before, read }, before.read);
    try {
      await api.mark(mail.id, read);
    } catch (error) {
      this.#mark(before, read);
      throw error;
    }
  }

  hide(mail: Summary): void {
    const isFirst = [...this.#list.hidden].length === 0;
    this.#hiddenIn = isFirst || this.#isShown(this.#hiddenIn) ? this.#shown : null;
    this.#list.hide(this.#list.find(mail.id) ?? mail);
    this.totals.subtract(mail);
    this.#changed();
  }

  reveal(mails: readonly Summary[]): void {
    this.#list.reveal(mails.map(({ id }) => id));
    for (const mail of mails) this.totals.add(mail);
    this.#changed();
    // Whether what was hidden in one list belongs into another, only the server knows.
    if (!this.#isShown(this.#hiddenIn)) this.#restart();
  }

  /** Mails the server does not have any more. */
  forget(ids: readonly string[]): void {
    if (ids.length === 0) return;
    const waiting = new Set([...this.#list.hidden].map(({ id }) => id));
    if (this.#older !== null) for (const id of ids) this.#goneMeanwhile.add(id);
    const removed = this.#list.remove(ids);
    for (const mail of removed) if (!waiting.has(mail.id)) this.totals.subtract(mail);
    if (removed.length < ids.length) this.totals.refresh();
    this.#changed();
    this.ongone(ids);
  }

  #isShown(selection: Selection | null): boolean {
    return selection !== null && this.#shown !== null && isSame(selection, this.#shown);
  }

  #read(): MailList {
    void this.#version;
    return this.#list;
  }

  #changed(): void {
    this.#version += 1;
  }

  async #ask(selection: Selection): Promise<void> {
    this.#early ??= { changes: [], cursor: '' };
    const turn = ++this.#turn;
    this.#asking?.abort();
    this.#asking = new AbortController();
    this.#patience ??= setTimeout(() => (this.#slow = true), PATIENCE_MS);
    const request = { ...selection, limit: PAGE.first };
    const page = await api.list(request, this.#asking.signal).catch(asProblem);
    if (turn !== this.#turn) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#slow = false;
    if (page instanceof api.Problem) this.#fail(page, selection);
    else this.#start(page, selection);
    const { changes, cursor } = this.#early;
    this.#early = null;
    // A position of another run of the server says nothing about this one.
    this.apply(changes, runOf(cursor) === runOf(this.#cursor) ? cursor : '');
  }

  #start(page: MessageList, selection: Selection): void {
    const newest = page.messages[0]?.seq ?? 0;
    this.#seqMax = Math.max(this.#seqMax, newest);
    this.#list.replace(page.messages, matchedBy(page), page.next === null);
    this.#countIsLeast = page.matched === undefined;
    this.#cursor = page.cursor;
    // Of an inbox, the page counts its mails alone.
    if (selection.inbox === '') {
      this.totals.set(page.total, page.unread);
      this.#counted(page.cursor);
    } else this.totals.refresh();
    if (this.totals.warnings === null) this.totals.refresh();
    if (isSame(selection, this.#wanted)) this.complaint.clear();
    this.#shown = selection;
    this.#changed();
  }

  /** The rows before stay; beside a query that makes no sense, the numbers still do. */
  #fail(problem: api.Problem, { q }: Selection): void {
    this.complaint.set(problem, q);
    if (this.#shown === null) this.totals.refresh();
  }

  #arrive(summary: Summary): Summary | null {
    const known = summary.seq <= this.#seqMax;
    this.#seqMax = Math.max(this.#seqMax, summary.seq);
    if (summary.seq > this.#countedTo) {
      this.#countedTo = summary.seq;
      this.totals.add(summary);
    }
    const { q, inbox } = this.#shown ?? this.#wanted;
    if (inbox !== '' && !summary.inboxes.includes(inbox)) return null;
    if (q !== '') {
      this.#pullSoon();
      return null;
    }
    return this.#list.merge(summary) === 'added' && !known ? summary : null;
  }

  #change(summary: Summary): void {
    const before = this.#list.find(summary.id);
    if (this.#list.update(summary) && before !== undefined)
      this.totals.changeRead(before.read, summary.read);
    // Whether the last count already knew of it, only the server knows.
    this.totals.refresh();
  }

  #mark(mail: Summary, wasRead: boolean): void {
    this.#list.update(mail);
    this.totals.changeRead(wasRead, mail.read);
    this.#changed();
  }

  #announce(newest: Summary, seqBefore: number): void {
    this.#fresh = { after: seqBefore, until: performance.now() + FRESH_MS };
    if (this.#list.loaded > KEPT_ROWS) this.#list.trim(Math.max(KEPT_ROWS, this.#rowsWanted));
    this.onarrived(newest);
  }

  /** The server has counted all that happened up to this position. */
  #counted(cursor: string): void {
    this.#countedTo = Math.max(this.#countedTo, numberOf(cursor));
  }

  /** The list starts over, and so do the numbers; beside a refused query, that of before. */
  #restart(): void {
    this.totals.refresh();
    const refused = this.complaint.problem?.status === 400 && this.#early === null;
    void this.#ask(refused ? (this.#shown ?? this.#wanted) : this.#wanted);
  }

  /** Asks which of the new mails match: only the server knows what a query means. */
  async #pull(): Promise<void> {
    if (this.#shown === null || this.#early !== null) return;
    const turn = this.#turn;
    const after = this.#list.newestSeq ?? 0;
    const request = { ...this.#shown, after, limit: PAGE.next };
    const page = await api.list(request).catch(() => null);
    if (page === null || turn !== this.#turn || this.#early !== null) return;
    // More than a page of new mail leaves a hole: start over.
    if (page.next !== null) return this.#restart();
    const added = page.messages.filter((mail) => this.#list.merge(mail) === 'added');
    if (added[0] !== undefined) this.#announce(added[0], after);
    this.#changed();
  }

  async #loadOlder(): Promise<void> {
    while (
      this.#shown !== null &&
      !this.#list.complete &&
      this.#list.loaded < this.#rowsWanted
    ) {
      const turn = this.#turn;
      const before = this.#list.oldestSeq;
      const request = {
        ...this.#shown,
        limit: PAGE.next,
        ...(before === null ? {} : { before }),
      };
      const page = await api.list(request).catch(() => null);
      // The list that starts over asks for what it shows by itself.
      if (page === null || this.#early !== null) break;
      if (turn !== this.#turn) continue;
      const there = page.messages.filter(({ id }) => !this.#goneMeanwhile.has(id));
      this.#list.addOlder(there, page.next === null || page.messages.length === 0);
      this.#changed();
    }
    this.#goneMeanwhile.clear();
  }
}

/** The later of two positions; one of another run of the server is later than any before it. */
function laterOf(one: string, other: string): string {
  return runOf(one) === runOf(other) && numberOf(one) > numberOf(other) ? one : other;
}

function runOf(cursor: string): string {
  return cursor.slice(0, cursor.lastIndexOf('.'));
}

/** The number in a cursor, which is that of the last change before it. */
function numberOf(cursor: string): number {
  return Number(cursor.slice(cursor.lastIndexOf('.') + 1)) || 0;
}

function matchedBy(page: MessageList): number {
  return page.matched ?? page.matched_at_least ?? page.messages.length;
}

export function asProblem(error: unknown): api.Problem {
  return error instanceof api.Problem ? error : new api.Problem(String(error), 0);
}

// The state of the screen as a URL, `?q=…&id=…&tab=…`: reload, back and a shared link agree.

export const TABS = ['html', 'text', 'source', 'headers', 'parts', 'dialogue', 'raw'] as const;
export type Tab = (typeof TABS)[number];

export const PAGES = ['setup', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

export const VIEWS = ['sessions'] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Route {
  /** What is listed; null for mails. */
  view: ViewName | null;
  /** The open session, in the view of them; `id` there. */
  session: string | null;
  /** Of sessions only those that failed. */
  failed: boolean;
  q: string;
  /** The inbox whose mails are listed; empty for all of them. */
  inbox: string;
  id: string | null;
  tab: Tab | null;
  page: PageName | null;
}

export const HOME: Route = {
  view: null,
  session: null,
  failed: false,
  q: '',
  inbox: '',
  id: null,
  tab: null,
  page: null,
};

export function parseRoute(search: string): Route {
  const parameters = new URLSearchParams(search);
  const view = oneOf(VIEWS, parameters.get('view'));
  if (view !== null) {
    const session = parameters.get('id') || null;
    return { ...HOME, view, session, failed: parameters.get('failed') === 'true' };
  }
  return {
    ...HOME,
    q: parameters.get('q') ?? '',
    inbox: parameters.get('inbox') ?? '',
    id: parameters.get('id') || null,
    tab: oneOf(TABS, parameters.get('tab')),
    page: oneOf(PAGES, parameters.get('page')),
  };
}

/** The query of the URL, with its question mark, or nothing for the start page. */
export function formatRoute(route: Route): string {
  const { view, session, failed, q, inbox, id, tab, page } = route;
  const parameters = new URLSearchParams();
  if (view !== null && page === null) {
    parameters.set('view', view);
    if (failed) parameters.set('failed', 'true');
    if (session !== null) parameters.set('id', session);
    return `?${parameters}`;
  }
  if (inbox !== '') parameters.set('inbox', inbox);
  if (q !== '') parameters.set('q', q);
  if (page !== null) parameters.set('page', page);
  else if (id !== null) {
    parameters.set('id', id);
    if (tab !== null) parameters.set('tab', tab);
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** Whether something is open in the place where one reads. */
export function isReading({ id, page, session }: Route): boolean {
  return id !== null || page !== null || session !== null;
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T | null {
  return known.find((one) => one === value) ?? null;
}

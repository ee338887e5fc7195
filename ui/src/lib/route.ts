// The state of the screen as a URL, `?q=…&id=…&tab=…`: reload, back and a shared link agree.

export const TABS = ['html', 'text', 'source', 'headers', 'parts', 'raw'] as const;
export type Tab = (typeof TABS)[number];

export const PAGES = ['setup', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  q: string;
  id: string | null;
  tab: Tab | null;
  page: PageName | null;
}

export const HOME: Route = { q: '', id: null, tab: null, page: null };

export function parseRoute(search: string): Route {
  const parameters = new URLSearchParams(search);
  return {
    q: parameters.get('q') ?? '',
    id: parameters.get('id') || null,
    tab: oneOf(TABS, parameters.get('tab')),
    page: oneOf(PAGES, parameters.get('page')),
  };
}

/** The query of the URL, with its question mark, or nothing for the start page. */
export function formatRoute({ q, id, tab, page }: Route): string {
  const parameters = new URLSearchParams();
  if (q !== '') parameters.set('q', q);
  if (page !== null) parameters.set('page', page);
  else if (id !== null) {
    parameters.set('id', id);
    if (tab !== null) parameters.set('tab', tab);
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T | null {
  return known.find((one) => one === value) ?? null;
}

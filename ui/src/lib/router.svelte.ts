// Holds the route and keeps the address bar in step with it.
import { HOME, type Route, formatRoute, isReading, parseRoute } from './route';

export class Router {
  #route = $state.raw<Route>(parseRoute(location.search));

  constructor() {
    window.addEventListener('popstate', () => {
      this.#route = parseRoute(location.search);
    });
  }

  get route(): Route {
    return this.#route;
  }

  /** Changes part of the route; `replace` leaves no entry to go back to. */
  go(change: Partial<Route>, { replace = false } = {}): void {
    const before = this.#route;
    const next = { ...before, ...change };
    const search = formatRoute(next);
    if (search === formatRoute(before)) return;
    const url = location.pathname + search;
    if (replace) history.replaceState(history.state, '', url);
    else history.pushState({ fromList: !isReading(before) }, '', url);
    this.#route = next;
  }

  /** Back to the list: the browser's own step back where that leads there. */
  toList(): void {
    if (history.state?.fromList) history.back();
    else this.go({ id: null, page: null, session: null });
  }

  /** Where a link to part of the route leads, for `href`. */
  href(change: Partial<Route>): string {
    return location.pathname + formatRoute({ ...HOME, ...change });
  }
}

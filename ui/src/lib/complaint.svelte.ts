// What is wrong with the list that was asked for. Half a query is no error while its other half is
// being typed: the first refusal is shown only when nothing else is asked for a moment.
import type { Problem } from './api';

const MOMENT_MS = 500;

export class Complaint {
  #problem: Problem | null = null;
  #shown = $state.raw<{ problem: Problem; q: string } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The last answer, shown or not. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** What the reader is told, and the query it is about; another one may be on its way. */
  get shown(): { problem: Problem; q: string } | null {
    return this.#shown;
  }

  set(problem: Problem, q: string): void {
    this.wait();
    this.#problem = problem;
    const show = () => (this.#shown = { problem, q });
    if (problem.status === 400 && this.#shown === null) this.#timer = setTimeout(show, MOMENT_MS);
    else show();
  }

  clear(): void {
    this.wait();
    this.#problem = null;
    this.#shown = null;
  }

  /** Something else was asked: what is not shown yet is not worth showing. */
  wait(): void {
    clearTimeout(this.#timer);
  }
}

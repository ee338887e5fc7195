// Which mails are listed: what a query matches, in one inbox or in all of them.

export interface Selection {
  /** Empty for every mail. */
  q: string;
  /** Empty for all. */
  inbox: string;
}

export const EVERYTHING: Selection = { q: '', inbox: '' };

export function isSame(one: Selection, other: Selection): boolean {
  return one.q === other.q && one.inbox === other.inbox;
}

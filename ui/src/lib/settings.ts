// What the reader of the mails has set: the only file that touches localStorage. What is stored is
// validated on the way in, so an older or damaged value costs a setting, never the page.

export const SCHEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['roomy', 'compact'] as const;

export interface Settings {
  scheme: (typeof SCHEMES)[number];
  density: (typeof DENSITIES)[number];
  /** Open each new mail as it comes. */
  follow: boolean;
  /** Null until the list was dragged: then the layout decides. */
  listWidth: number | null;
}

export const LIST_WIDTH = { least: 300, most: 560 };

export const DEFAULTS: Settings = {
  scheme: 'system',
  density: 'roomy',
  follow: false,
  listWidth: null,
};

/** Named by version: a change of meaning takes a new name and leaves the old one alone. */
const KEY = 'restante.settings.1';

export function loadSettings(): Settings {
  try {
    return parseSettings(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return DEFAULTS;
  }
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage is forbidden or full: the setting holds until the page is left.
  }
}

export function parseSettings(value: unknown): Settings {
  const stored = (typeof value === 'object' && value !== null ? value : {}) as Partial<Settings>;
  return {
    scheme: SCHEMES.find((scheme) => scheme === stored.scheme) ?? DEFAULTS.scheme,
    density: DENSITIES.find((density) => density === stored.density) ?? DEFAULTS.density,
    follow: stored.follow === true,
    listWidth: typeof stored.listWidth === 'number' ? clampWidth(stored.listWidth) : null,
  };
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(LIST_WIDTH.most, Math.max(LIST_WIDTH.least, width)));
}

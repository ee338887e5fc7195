// The settings as state: read once, saved with each change, the scheme put on the root element.
import { type Settings, loadSettings, saveSettings } from './settings';

export class Preferences {
  #settings = $state.raw<Settings>(loadSettings());

  constructor() {
    showScheme(this.#settings.scheme);
  }

  get settings(): Settings {
    return this.#settings;
  }

  set(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    saveSettings(this.#settings);
    showScheme(this.#settings.scheme);
  }
}

function showScheme(scheme: Settings['scheme']): void {
  if (scheme === 'system') delete document.documentElement.dataset['scheme'];
  else document.documentElement.dataset['scheme'] = scheme;
}

import { describe, expect, it } from 'vitest';
import { DEFAULTS, clampWidth, parseSettings } from './settings';

describe('settings', () => {
  it('survive damage one by one', () => {
    expect(parseSettings(null)).toEqual(DEFAULTS);
    expect(parseSettings('x')).toEqual(DEFAULTS);
    expect(parseSettings({ scheme: 'dark', density: 7, follow: 'yes', listWidth: 9999 })).toEqual({
      scheme: 'dark',
      density: 'roomy',
      follow: false,
      listWidth: 560,
    });
  });

  it('keep the list between its bounds', () => {
    expect([299, 300, 301.4, 560, 561].map(clampWidth)).toEqual([300, 300, 301, 560, 560]);
  });
});

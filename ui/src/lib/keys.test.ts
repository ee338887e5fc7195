import { describe, expect, it } from 'vitest';
import { SHORTCUTS, commandOf } from './keys';

describe('keys', () => {
  const press = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...more,
  });

  it('run commands', () => {
    expect(commandOf(press('j'), 'elsewhere')).toBe('older');
    expect(commandOf(press('ArrowDown'), 'elsewhere')).toBe('older');
    expect(commandOf(press('q'), 'elsewhere')).toBeNull();
  });

  it('leave typing, browser and controls alone', () => {
    expect(commandOf(press('j'), 'typing')).toBeNull();
    expect(commandOf(press('Escape'), 'typing')).toBe('close');
    expect(commandOf(press('u', { ctrlKey: true }), 'elsewhere')).toBeNull();
    expect(commandOf(press('Enter'), 'control')).toBeNull();
    expect(commandOf(press('j'), 'control')).toBe('older');
  });

  it('are given once', () => {
    const keys = SHORTCUTS.flatMap(({ keys }) => keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

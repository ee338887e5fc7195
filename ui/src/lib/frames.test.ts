import { expect, it, vi } from 'vitest';
import { atMostEvery } from './frames';

it('works at once, then at most every so often, and never forgets the last time', () => {
  vi.useFakeTimers();
  const work = vi.fn();
  const ask = atMostEvery(100, work);
  ask();
  ask();
  ask();
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(100);
  expect(work).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(work).toHaveBeenCalledTimes(2);
  ask();
  expect(work).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});

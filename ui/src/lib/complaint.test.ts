import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from './api';
import { Complaint } from './complaint.svelte';

const refused = new Problem('No such field.', 400, 1);
const broken = new Problem('Something broke.', 500);

beforeEach(() => {
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
  };
});

it('waits before it shows a refusal, and then shows the next at once', () => {
  const complaint = new Complaint();
  complaint.set(refused, 'form:');
  expect(complaint.problem).toBe(refused);
  vi.advanceTimersByTime(499);
  expect(complaint.shown).toBeNull();
  vi.advanceTimersByTime(1);
  expect(complaint.shown).toEqual({ problem: refused, q: 'form:' });
  complaint.set(refused, 'form:a');
  expect(complaint.shown?.q).toBe('form:a');
  complaint.clear();
  expect(complaint.shown).toBeNull();
});

it('shows no refusal of what was typed over', () => {
  const complaint = new Complaint();
  complaint.set(refused, 'form:');
  complaint.wait();
  vi.advanceTimersByTime(1_000);
  expect(complaint.shown).toBeNull();
});

it('shows at once what is not the fault of the query', () => {
  const complaint = new Complaint();
  complaint.set(broken, 'x');
  expect(complaint.shown?.problem).toBe(broken);
});

// Runs work less often than it is asked for: once a frame, or once in a while.

/** In a hidden page no frame comes: then this long passes instead. */
const UNPAINTED_MS = 100;

/** Returns a function that asks for `work` before the next paint, however often it is called. */
export function oncePerFrame(work: () => void): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
    work();
  };
  return () => {
    if (timer !== undefined) return;
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, UNPAINTED_MS);
  };
}

/** Returns a function that does `work` at once, and again after `wait` when asked meanwhile. */
export function atMostEvery(waitMs: number, work: () => void): () => void {
  let resting = false;
  let asked = false;
  const run = () => {
    resting = true;
    asked = false;
    work();
    setTimeout(() => {
      resting = false;
      if (asked) run();
    }, waitMs);
  };
  return () => {
    if (resting) asked = true;
    else run();
  };
}

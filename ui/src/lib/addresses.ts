// Which address an application should use, from the one the server is bound to.

/** `127.0.0.1:1025` is reached as `localhost:1025`; `0.0.0.0:1025` by the name the page has. */
export function reachable(bound: string, pageHost: string): string {
  const at = bound.lastIndexOf(':');
  if (at < 0) return bound;
  const host = bound.slice(0, at);
  const port = bound.slice(at + 1);
  if (host === '127.0.0.1' || host === '[::1]') return `localhost:${port}`;
  if (host === '0.0.0.0' || host === '[::]') return `${pageHost}:${port}`;
  return bound;
}

export function split(address: string): { host: string; port: string } {
  const at = address.lastIndexOf(':');
  return at < 0
    ? { host: address, port: '25' }
    : { host: address.slice(0, at), port: address.slice(at + 1) };
}

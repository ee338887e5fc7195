// Servers of the tests' own: pages, and an elsewhere that notes what it is asked for.
import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PNG } from './mails';

export interface Answer {
  type: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

/** Serves what `answer` makes of each request, on a port of its own. */
export class Site {
  /** How many connections were opened to it. */
  connections = 0;

  private constructor(
    readonly url: string,
    readonly server: Server,
  ) {
    server.on('connection', () => (this.connections += 1));
  }

  static async open(answer: (path: string, request: IncomingMessage) => Answer): Promise<Site> {
    const server = createServer((request, response) => {
      const { type, body, headers } = answer(request.url ?? '', request);
      response.writeHead(200, { ...headers, 'Content-Type': type }).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new Site(`http://127.0.0.1:${port}`, server);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** What stands at an address elsewhere: by its ending. */
export function thing(path: string): Answer {
  const headers = { 'Access-Control-Allow-Origin': '*' };
  const number = path.split('/')[1];
  const of = (type: string, body: string | Buffer) => ({ type, body, headers });
  if (path.endsWith('.png')) return of('image/png', Buffer.from(PNG, 'base64'));
  if (path.endsWith('.css')) return of('text/css', 'p { color: rgb(1, 2, 3) }');
  if (path.endsWith('.js')) return of('text/javascript', `top.postMessage(${number}, '*')`);
  return of('text/html', '<!doctype html><title>elsewhere</title>');
}

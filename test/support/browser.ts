import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { GraphQLAnswer } from './graphqlClient.ts';

/** A browser as the server sees it: it keeps cookies and says where its pages are from. */
export interface Browser {
  /** Its cookies, as it would send them. */
  cookie(): string;
  /** Forgets or plants a cookie; a null value forgets it. */
  keep(name: string, value: string | null): void;
  /** Asks for a page, or submits a form from one of our own pages; follows no redirect. */
  open(path: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** Sends an operation from one of our own pages; `headers` replaces what it says. */
  post<T = Record<string, unknown>>(
    query: string,
    headers?: Record<string, string>,
  ): Promise<GraphQLAnswer<T>>;
  /** A graphql-ws client whose socket is opened from a page of `origin`. */
  socket(origin?: string, connectionParams?: Record<string, unknown>): ReturnType<typeof createClient>;
}

/** A browser without any cookie. */
export function createBrowser(url: string): Browser {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const take = (response: Response): Response => {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0/i.test(line) || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return {
    cookie,
    keep: (name, value) => void (value === null ? jar.delete(name) : jar.set(name, value)),
    async open(path, form, headers = {}) {
      return take(
        await fetch(new URL(path, url), {
          redirect: 'manual',
          method: form ? 'POST' : 'GET',
          headers: { cookie: cookie(), accept: 'text/html', ...(form && { origin: url }), ...headers },
          ...(form && { body: new URLSearchParams(form) }),
        }),
      );
    },
    async post(query, headers = { origin: url }) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: cookie(), ...headers },
        body: JSON.stringify({ query }),
      });
      const body = (await response.json()) as Partial<GraphQLAnswer<never>>;
      return { status: response.status, data: body.data ?? null, errors: body.errors ?? [] };
    },
    socket(origin = url, connectionParams = {}) {
      const headers = { cookie: cookie(), origin };
      class SocketOfPage extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers });
        }
      }
      return createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: SocketOfPage,
        connectionParams,
        retryAttempts: 0,
        lazy: true,
      });
    },
  };
}

import { socketClient } from './graphqlClient.ts';

/** A subscription that somebody listens to, over a connection of its own. */
export interface Listening {
  /** Resolves with the first result, as text. */
  readonly first: Promise<string>;
  /** Resolves when the connection is over: what the socket was closed with, or null for an event stream. */
  readonly ended: Promise<{ readonly code: number; readonly reason: string } | null>;
  isOpen(): boolean;
  /** Ends it from this side. */
  stop(): void;
}

/** Subscribes over WebSocket. */
export function listenTo(url: string, key: string, query: string): Listening {
  const client = socketClient(url, key);
  let open = true;
  const ended = new Promise<{ code: number; reason: string }>((resolve) => {
    client.on('closed', (event) => {
      open = false;
      const { code, reason } = event as { code: number; reason: string };
      resolve({ code, reason });
    });
  });
  const first = new Promise<string>((resolve, reject) => {
    const sink = {
      next: (value: unknown) => resolve(JSON.stringify(value)),
      error: reject,
      complete: () => {},
    };
    client.subscribe({ query }, sink);
  });
  return { first, ended, isOpen: () => open, stop: () => void client.dispose() };
}

/** Subscribes over server-sent events. */
export async function streamFrom(url: string, key: string, query: string): Promise<Listening> {
  const stop = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query }),
    signal: stop.signal,
  });
  let open = true;
  let came = (_text: string): void => {};
  const first = new Promise<string>((resolve) => {
    came = resolve;
  });
  const ended = (async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const data = /^data: *(\{.*)$/m.exec(text)?.[1];
      if (data !== undefined) came(data);
    }
  })()
    .catch(() => undefined)
    .then(() => {
      open = false;
      return null;
    });
  return { first, ended, isOpen: () => open, stop: () => stop.abort() };
}

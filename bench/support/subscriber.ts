import { WebSocket } from 'ws';

/** What a subscriber asks, and what it does with each answer. */
export interface SubscriberOptions {
  /** Of the server, `http://…`. */
  readonly url: string;
  readonly key: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Every `next` message as it came. Nothing is parsed before: that would be the load's cost, not the server's. */
  onNext(message: Buffer): void;
}

/** An open subscription over graphql-transport-ws. */
export interface Subscriber {
  close(): void;
}

/** Milliseconds a subscription may take to stand. */
const standsWithin = 15_000;

/** Subscribes; resolves when a ping sent after the subscription was answered, so it stands or was refused. */
export function subscribe(options: SubscriberOptions): Promise<Subscriber> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`${options.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    const timer = setTimeout(() => fail(new Error('A subscription takes too long to stand.')), standsWithin);
    const send = (message: unknown) => socket.send(JSON.stringify(message));
    const refused = (why: string) => {
      clearTimeout(timer);
      fail(new Error(`A subscription was refused: ${why}`));
    };
    socket.on('open', () =>
      send({ type: 'connection_init', payload: { authorization: `Bearer ${options.key}` } }),
    );
    socket.on('message', (data: Buffer) => {
      if (isNext(data)) return options.onNext(data);
      const { type } = JSON.parse(data.toString()) as { type: string };
      if (type === 'connection_ack') {
        const { query, variables } = options;
        send({ id: '1', type: 'subscribe', payload: { query, variables } });
        send({ type: 'ping' });
      } else if (type === 'pong') {
        clearTimeout(timer);
        done({ close: () => socket.terminate() });
      } else refused(data.toString());
    });
    socket.on('error', (error) => refused(error.message));
    socket.on('close', (code) => refused(`closed with ${code}`));
  });
}

/** `{"id":"1","type":"next",…`, in whatever order; other messages are short. */
function isNext(data: Buffer): boolean {
  return data.subarray(0, 40).includes('"next"');
}

/** Opens `count` of something, `atOnce` at a time, in order. */
export async function openMany<T>(count: number, open: (n: number) => Promise<T>, atOnce = 50): Promise<T[]> {
  const opened: T[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, n) => open(from + n));
    opened.push(...(await Promise.all(some)));
  }
  return opened;
}

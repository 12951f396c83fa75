import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrameSocket } from '../support/frameSocket.ts';
import { monotonic } from '../support/monotonic.ts';
import { openMany } from '../support/subscriber.ts';

/** Whom a process opens sockets to, and what they say: an operation over graphql-transport-ws, or nothing. */
export interface AudienceWish {
  readonly url: string;
  readonly size: number;
  readonly operation: { readonly query: string; readonly key: string } | null;
}

/** What an audience is asked: to count the next messages, or for the newest message it kept. */
export type AudienceQuestion = { readonly next: number } | { readonly last: true };

/** Its answers: it stands, it counts, all have arrived (when the first and the last did, see `monotonic`), the message. */
export type AudienceAnswer =
  | { readonly stands: true }
  | { readonly counting: true }
  | { readonly arrived: { readonly first: number; readonly last: number } }
  | { readonly last: string };

/** Milliseconds after the last subscription was sent until all are taken to stand. */
const settling = 1_000;

/**
 * The sockets of one contender, in a process of their own: as many as one process may hold, and no other contender's
 * beside them. They count what arrives and look at none of it.
 *
 *     node audienceRun.js <wish as JSON>, over a channel to its parent
 */
const wish = JSON.parse(process.argv[2] ?? '') as AudienceWish;
const say = (answer: AudienceAnswer) => process.send?.(answer);
let missing = 0;
let first = 0;
let newest = '';

function count(message: Buffer): void {
  if (first === 0) {
    first = monotonic();
    newest = message.toString();
  }
  missing -= 1;
  if (missing === 0) say({ arrived: { first, last: monotonic() } });
}

async function listen(): Promise<void> {
  await FrameSocket.open({ url: wish.url, onMessage: count });
}

/** Resolves once the subscription was sent. */
async function subscribe({ query, key }: NonNullable<AudienceWish['operation']>): Promise<void> {
  const send = (message: object) => socket.send(JSON.stringify(message));
  let acknowledged = (): void => {};
  let hear = (message: Buffer): void => {
    const { type } = JSON.parse(message.toString()) as { type: string };
    if (type !== 'connection_ack') throw new Error(`Not acknowledged: ${message.toString()}`);
    hear = count;
    acknowledged();
  };
  const socket = await FrameSocket.open({
    url: `${wish.url}/graphql`,
    protocol: 'graphql-transport-ws',
    onMessage: (message) => hear(message),
  });
  await new Promise<void>((done) => {
    acknowledged = done;
    send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  });
  send({ id: randomUUID(), type: 'subscribe', payload: { query } });
}

const { operation, size } = wish;
await openMany(size, () => (operation === null ? listen() : subscribe(operation)));
await sleep(operation === null ? 0 : settling);
process.on('message', (question: AudienceQuestion) => {
  if ('last' in question) {
    say({ last: newest });
    return;
  }
  missing = question.next;
  first = 0;
  say({ counting: true });
});
say({ stands: true });

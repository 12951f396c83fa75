import { WebSocket } from 'ws';
import { organizationId } from '../feed/fakeLedger.ts';
import type { TinyHouse } from './tinyHouse.ts';

/** Waits so many milliseconds. */
export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Waits until it is so, at most `within` milliseconds. */
export async function until(ready: () => boolean, within = 5_000): Promise<void> {
  for (const end = performance.now() + within; !ready() && performance.now() < end; ) await pause(5);
}

/** Commits notes here. */
export const commit = (house: TinyHouse, count: number, text?: string) =>
  house.feed.committed(organizationId, 'INCIDENTS', house.ledger.append(count, text));

/** So many subscriptions stand, groups counted. */
export async function standing(house: TinyHouse, count: number): Promise<void> {
  await until(() => house.seen.begun >= count);
  await pause(50);
}

/** The event of the tiny schema. */
export interface Event {
  readonly sequence: number;
}

/** Subscribes and collects what arrives. */
export function collect(
  house: TinyHouse,
  query: string,
  options: { key?: string; variables?: Record<string, unknown> } = {},
) {
  const results: { data?: Record<string, Event> | null; errors?: readonly unknown[] }[] = [];
  const state = { error: undefined as unknown, complete: false };
  const client = house.client(options.key);
  const stop = client.subscribe(
    { query, variables: options.variables ?? null },
    {
      next: (result) => void results.push(result as never),
      error: (error) => {
        state.error = error;
      },
      complete: () => {
        state.complete = true;
      },
    },
  );
  const sequences = () => results.map((result) => Object.values(result.data ?? {})[0]?.sequence);
  return { results, sequences, state, stop, client };
}

/** A bare socket that speaks the protocol by hand. */
export async function bare(house: TinyHouse, authorization: string | null = 'Bearer key') {
  const socket = new WebSocket(`ws://${house.url}`, 'graphql-transport-ws');
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  if (authorization !== null) {
    send({ type: 'connection_init', payload: { authorization } });
    await until(() => messages.length > 0 || socket.readyState !== WebSocket.OPEN);
  }
  return { socket, messages, closed, send };
}

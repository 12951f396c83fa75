import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Outlet } from '../feed/outlet.ts';

/** Bytes that wait to be sent at which a stream is full: nothing more is written to it. */
const fullAt = 65_536;
/** Bytes of messages that are written in one go. */
const chunkBytes = 65_536;

const head = Buffer.from('event: next\ndata: ');
const tail = Buffer.from('\n\n');
const complete = Buffer.from('event: complete\ndata:\n\n');
const comment = Buffer.from(':\n\n');

/** Messages written together. */
interface Chunk {
  readonly bytes: Buffer;
  readonly messages: number;
}

/** Whoever is in one group is given the very same list of results: wrapped once, the same bytes go to everyone. */
const wrapped = new WeakMap<readonly Buffer[], readonly Chunk[]>();

function chunksOf(payloads: readonly Buffer[]): readonly Chunk[] {
  const known = wrapped.get(payloads);
  if (known !== undefined) return known;
  const chunks: Chunk[] = [];
  for (let next = 0; next < payloads.length; ) {
    const first = next;
    const parts: Buffer[] = [];
    let size = 0;
    do {
      const payload = payloads[next] as Buffer;
      parts.push(head, payload, tail);
      size += head.length + payload.length + tail.length;
      next += 1;
    } while (next < payloads.length && size < chunkBytes);
    chunks.push({ bytes: Buffer.concat(parts, size), messages: next - first });
  }
  wrapped.set(payloads, chunks);
  return chunks;
}

/** One subscription over HTTP as server-sent events: graphql-sse's "distinct connections". */
export class EventStream implements Outlet {
  /** The body of the response. It opens with a comment: some clients wait for the first byte. */
  readonly body: Readable;
  /** What carries the body; what it has taken is on its way. */
  readonly response: ServerResponse;
  #over = false;
  #ended = false;
  #draining: (() => void)[] = [];

  constructor(response: ServerResponse) {
    this.response = response;
    this.body = new Readable({ highWaterMark: fullAt, read: () => this.#wake() });
    this.body.push(comment);
    this.body.once('close', () => this.quiet());
  }

  /** True once nothing more is sent. */
  get over(): boolean {
    return this.#over;
  }

  get full(): boolean {
    return !this.#over && this.body.readableLength >= fullAt;
  }

  write(payloads: readonly Buffer[]): number {
    let sent = 0;
    for (const { bytes, messages } of chunksOf(payloads)) {
      if (this.full) break;
      // Once it is over nobody hears it, and nobody need wait.
      if (!this.#over) this.body.push(bytes);
      sent += messages;
    }
    return sent;
  }

  drained(): Promise<void> {
    if (!this.full) return Promise.resolve();
    return new Promise((resolve) => this.#draining.push(resolve));
  }

  /** The client has its cursor: ended without `complete`, it comes back with it. */
  fail(): void {
    this.end();
  }

  /** Keeps proxies from taking it for dead, when nothing else is being sent. */
  ping(): void {
    if (!this.#over && this.body.readableLength === 0 && this.response.writableLength === 0) {
      this.body.push(comment);
    }
  }

  /** The subscription is over: its client does not come back by itself. */
  complete(): void {
    if (!this.#over) this.body.push(complete);
    this.end();
  }

  /** Takes nothing more, and does not end yet. */
  quiet(): void {
    this.#over = true;
    this.#wake();
  }

  /** Sends what was written and ends; to its client the subscription is not over, only interrupted. */
  end(): void {
    this.quiet();
    if (this.#ended) return;
    this.#ended = true;
    this.body.push(null);
  }

  #wake(): void {
    for (const resolve of this.#draining.splice(0)) resolve();
  }
}

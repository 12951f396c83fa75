import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Credential } from './authenticate.ts';
import type { Presented } from './presented.ts';
import type { RequestOrigin } from './requestOrigin.ts';
import type { SocketLimits } from './socketLimits.ts';
import { FrameSlate, textFrameBytes, writeTextFrame } from './textFrame.ts';

/** Close codes of ours: graphql-transport-ws's own range is 44xx, 1xxx are RFC 6455's. */
export const closeCodes = {
  goingAway: 1001,
  tryAgainLater: 1013,
  badRequest: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  initialisationTimeout: 4408,
  tooManyRequests: 4429,
  internalError: 4500,
} as const;

/** `readyState` of a WebSocket that is open. Source: the WebSocket API. */
const open = 1;

/** Where the frames of an event are put together, for all sockets. */
const slate = new FrameSlate();

/** Bytes of frames that are written in one go. */
const chunkBytes = 65_536;

/** One WebSocket with its budget of messages, its credential, and how much waits to be sent on it. */
export class SocketConnection {
  // Side by side, and no numbers with fractions among them, what is looked at for every event comes first.
  #full = false;
  #closing = false;
  /** What the frames of `socket` are written to. */
  readonly #stream: Duplex;
  readonly #fullAt: number;
  readonly socket: WebSocket;
  /** Where it was opened from. */
  readonly origin: RequestOrigin;
  readonly #limits: SocketLimits;
  /** Told when the socket fills up, so that it is watched until it has room or is closed. */
  readonly #onFull: (connection: SocketConnection) => void;
  /** Established by `connection_init`. */
  credential: Credential | null = null;
  /** What it was established with, to look it up again. */
  presented: Presented | null = null;
  /** When the credential is looked up again, on the monotonic clock. */
  recheckAt = Number.POSITIVE_INFINITY;
  /** False from a ping until its pong. */
  alive = true;
  /** Queries and mutations being executed. */
  executing = 0;
  #gone = false;
  #budget: number;
  #countedAt = performance.now();
  #draining: (() => void)[] = [];
  #fullSince = 0;
  #leastWaiting = 0;

  constructor(
    socket: WebSocket,
    origin: RequestOrigin,
    stream: Duplex,
    limits: SocketLimits,
    onFull: (connection: SocketConnection) => void,
  ) {
    this.socket = socket;
    this.origin = origin;
    this.#stream = stream;
    this.#limits = limits;
    this.#fullAt = limits.fullAt;
    this.#onFull = onFull;
    this.#budget = limits.messagesBeforeAck;
  }

  /** True once it was asked to close: whatever still arrives is ignored. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Bytes that wait to be sent: ws keeps none back, as nothing is compressed. */
  get #waiting(): number {
    return this.#stream.writableLength;
  }

  /** So much waits to be sent that nothing more should be written. Asking starts the watch. */
  get full(): boolean {
    if (this.#gone) return false;
    // Nothing more is sent on it; whoever waits for room is woken when it is gone.
    if (this.#full || this.#closing) return true;
    const waiting = this.#waiting;
    if (waiting < this.#fullAt) return false;
    this.#full = true;
    this.#fullSince = performance.now();
    this.#leastWaiting = waiting;
    this.#onFull(this);
    // Whoever reads as fast as it can is not kept waiting for the next look.
    this.#stream.once('drain', () => this.watched(performance.now()));
    return true;
  }

  /** It has room and hears what is sent. */
  get #flows(): boolean {
    return (
      !this.#full &&
      !this.#closing &&
      this.#stream.writableLength < this.#fullAt &&
      this.socket.readyState === open
    );
  }

  /** Resolves when there is room again, or the socket is gone. */
  drained(): Promise<void> {
    if (!this.full) return Promise.resolve();
    return new Promise((resolve) => this.#draining.push(resolve));
  }

  /** One look at a full socket. True when it need not be watched any more: it has room, or was closed as stuck. */
  watched(now: number): boolean {
    const waiting = this.#waiting;
    const gone = this.socket.readyState === this.socket.CLOSED;
    if (waiting > this.#limits.roomAt && !gone) {
      if (waiting < this.#leastWaiting) {
        this.#leastWaiting = waiting;
        this.#fullSince = now;
      }
      if (now - this.#fullSince < this.#limits.stuckAfter) return false;
      this.close(closeCodes.tryAgainLater, 'Too slow; resume from your cursor');
      return true;
    }
    this.#full = false;
    // It could not answer a ping while it was not read from.
    this.alive = true;
    if (!gone) this.socket.resume();
    if (!this.#closing) this.#wake();
    return true;
  }

  /** Takes one message from the budget; false when it is spent. */
  spend(): boolean {
    const { messagesPerSecond, messagesAtOnce } = this.#limits;
    if (this.credential !== null) {
      const now = performance.now();
      const earned = ((now - this.#countedAt) / 1_000) * messagesPerSecond;
      this.#countedAt = now;
      this.#budget = Math.min(messagesAtOnce, this.#budget + earned);
    }
    this.#budget -= 1;
    return this.#budget >= 0;
  }

  /** Acknowledged: the full budget is its own from here on. */
  admit(credential: Credential, presented: Presented): void {
    this.credential = credential;
    this.presented = presented;
    this.#countedAt = performance.now();
    this.#budget = this.#limits.messagesAtOnce;
  }

  /** Stops reading while what was answered so far is not taken. */
  holdBackIfFull(): void {
    if (this.full) this.socket.pause();
  }

  /**
   * Sends each payload behind `head` as one text message, until the socket is full; answers how many were sent. The
   * frames are ours, many to a chunk: nothing of ours is compressed or fragmented, so they may stand between ws's own.
   */
  send(head: Buffer, payloads: readonly Buffer[]): number {
    // Nearly always it is one, on a socket that has room: what every event costs for every socket is this.
    if (payloads.length === 1 && this.#flows) {
      this.#stream.write(slate.write(head, payloads[0] as Buffer));
      if (this.#stream.writableLength > 0) slate.keep();
      return 1;
    }
    let sent = 0;
    while (sent < payloads.length && !this.full) {
      const first = sent;
      let bytes = 0;
      do {
        bytes += textFrameBytes(head, payloads[sent] as Buffer);
        sent += 1;
      } while (sent < payloads.length && bytes < chunkBytes);
      // Nobody hears it any more.
      if (this.#closing || this.socket.readyState !== this.socket.OPEN) continue;
      const chunk = Buffer.allocUnsafe(bytes);
      let offset = 0;
      for (let index = first; index < sent; index += 1)
        offset = writeTextFrame(chunk, offset, head, payloads[index] as Buffer);
      this.#stream.write(chunk);
    }
    return sent;
  }

  /** Closes once, with a reason of at most 123 bytes. `ws` cuts it off if the other side does not answer in time. */
  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.socket.resume();
    this.socket.close(code, reason);
  }

  /** Closes without waiting for an answer: what it takes of memory is free once the reason is on its way. */
  dismiss(code: number, reason: string): void {
    this.close(code, reason);
    this.#stream.end(() => this.#stream.destroy());
  }

  /** The socket is gone. */
  closed(): void {
    this.#closing = true;
    this.#gone = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#draining.splice(0)) resolve();
  }
}

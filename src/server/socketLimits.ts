/** What one WebSocket, and all of them together, may use. */
export interface SocketLimits {
  /** Sockets open at a time; more are answered 503. */
  readonly sockets: number;
  /**
   * Those of them that may wait for `connection_init` for longer than `silentFor`; for one more, the one that waits longest
   * is closed with 4408.
   */
  readonly silent: number;
  /** Milliseconds in which a socket gives way to nobody: after a restart all come back at once. */
  readonly silentFor: number;
  /** Bytes of one message; a longer one closes the socket with 1009 before it is read whole. */
  readonly messageBytes: number;
  /** Operations under way at a time on one socket. */
  readonly operations: number;
  /** Messages a second on one socket, pings included; more close it with 4429. */
  readonly messagesPerSecond: number;
  /** Messages it may save up: what a client that opens all its subscriptions at once needs. */
  readonly messagesAtOnce: number;
  /** Messages before `connection_ack`. */
  readonly messagesBeforeAck: number;
  /** Milliseconds to send `connection_init`, else closed with 4408. */
  readonly initWithin: number;
  /** Characters of an operation's id. */
  readonly idLength: number;
  /** Bytes waiting to be sent at which a socket is full: nothing more is written to it or read from it. */
  readonly fullAt: number;
  /** Bytes waiting at which it has room again. */
  readonly roomAt: number;
  /** Milliseconds a full socket may stay without taking anything, else closed with 1013. */
  readonly stuckAfter: number;
  /** Milliseconds between pings; a socket that answers none until the next is gone. */
  readonly pingEvery: number;
  /** Milliseconds until a credential is looked up again: soon after the start, then now and then. */
  readonly recheckFirst: number;
  readonly recheckEvery: number;
}

/** The limits in force; each is far above what a war room needs and far below what would hurt. */
export const socketLimits: SocketLimits = {
  sockets: 15_000,
  silent: 2_048,
  silentFor: 1_000,
  messageBytes: 65_536,
  operations: 50,
  messagesPerSecond: 20,
  messagesAtOnce: 60,
  messagesBeforeAck: 5,
  initWithin: 5_000,
  idLength: 128,
  fullAt: 131_072,
  roomAt: 32_768,
  stuckAfter: 5_000,
  pingEvery: 15_000,
  recheckFirst: 2_000,
  recheckEvery: 60_000,
};

import type { Clock } from '../store/clock.ts';
import type { Credential } from './authenticate.ts';
import { closeCodes, type SocketConnection } from './socketConnection.ts';
import type { SocketLimits } from './socketLimits.ts';

/** Milliseconds between two looks at full sockets. */
const fullEvery = 200;
/** Milliseconds between two rounds over all sockets. */
const roundEvery = 1_000;

/** What the watch needs to know. */
export interface SocketWatchOptions {
  readonly connections: ReadonlySet<SocketConnection>;
  readonly limits: SocketLimits;
  readonly clock: Clock;
  /** The credential as it is now; null when it does not hold any more. */
  recheck(connection: SocketConnection): Promise<Credential | null>;
}

/** Looks after all sockets with two timers, not one each: stuck, silent and expired ones are closed. */
export interface SocketWatch {
  /** It is full: look at it until it has room or is closed. */
  full(connection: SocketConnection): void;
  stop(): void;
}

/** Starts watching. */
export function watchSockets(options: SocketWatchOptions): SocketWatch {
  const { connections, limits } = options;
  const fullOnes = new Set<SocketConnection>();
  let nextPingAt = performance.now() + limits.pingEvery;

  const lookAtFull = setInterval(() => {
    const now = performance.now();
    for (const connection of fullOnes) if (connection.watched(now)) fullOnes.delete(connection);
  }, fullEvery);

  const round = setInterval(() => {
    const now = performance.now();
    const instant = options.clock.now();
    const ping = now >= nextPingAt;
    if (ping) nextPingAt = now + limits.pingEvery;
    for (const connection of connections) {
      const { credential } = connection;
      if (credential?.expiresAt != null && credential.expiresAt <= instant) {
        connection.close(closeCodes.forbidden, 'The credential has expired');
      } else if (credential !== null && connection.recheckAt <= now) {
        connection.recheckAt = now + limits.recheckEvery;
        void recheck(connection, credential, options);
      }
      if (ping) beat(connection);
    }
  }, roundEvery);
  lookAtFull.unref();
  round.unref();

  return {
    full: (connection) => void fullOnes.add(connection),
    stop() {
      clearInterval(lookAtFull);
      clearInterval(round);
    },
  };
}

/** A socket that has not answered the last ping is gone, whatever TCP still believes. */
function beat(connection: SocketConnection): void {
  if (!connection.alive && !connection.full) {
    connection.socket.terminate();
    return;
  }
  connection.alive = false;
  // A ping behind a full buffer would not get through; being stuck ends such a socket sooner.
  if (connection.socket.readyState === connection.socket.OPEN && !connection.full) connection.socket.ping();
}

/** Closes what is connected with more or less than its credential allows now. A failed look-up changes nothing. */
async function recheck(
  connection: SocketConnection,
  before: Credential,
  options: SocketWatchOptions,
): Promise<void> {
  try {
    const now = await options.recheck(connection);
    if (now !== null && JSON.stringify(now.principal) === JSON.stringify(before.principal)) {
      // What is used lasts longer.
      connection.credential = now;
      return;
    }
    connection.close(closeCodes.forbidden, 'The credential does not hold any more');
  } catch {
    // The database is away: believed until it can be asked, which is tried again in the next round.
    connection.recheckAt = 0;
  }
}

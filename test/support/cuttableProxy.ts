import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** Where a connection is cut while a commit is on its way over it. */
export type CommitCut =
  /** The commit never arrives. */
  | 'before'
  /** It arrives, and is carried out or not. */
  | 'sent'
  /** It was carried out, and what the database answered is lost. */
  | 'answered';

/** A TCP way to a database that a test can cut, or leave hanging as a vanished machine does. */
export interface CuttableProxy {
  readonly port: number;
  /** Connections open now. */
  open(): number;
  /** Resets every connection; new ones are let through. */
  cut(): void;
  /** From now on open connections pass nothing in either direction, without an end or a reset. */
  hang(): void;
  /** Asked at every commit of Warroom's that comes by: whether, and where, to cut its connection. */
  cutCommits(decide: () => CommitCut | null): void;
  close(): Promise<void>;
}

/** How a commit looks on its way: the name its statement is prepared under. */
const commitStatement = Buffer.from('warroom-commit');
/** How an answer ends that is whole, with its transaction done: ReadyForQuery, idle. */
const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Listens on loopback (`on`: this port, else a free one) and passes everything on to `host:port`. */
export async function openCuttableProxy(host: string, port: number, on = 0): Promise<CuttableProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let decide: () => CommitCut | null = () => null;
  const server = createServer((near) => {
    const far = connect(port, host);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    const reset = (): void => {
      near.resetAndDestroy();
    };
    let cutting: CommitCut | null = null;
    const there = passing((chunk) => {
      if (cutting === null && chunk.includes(commitStatement)) cutting = decide();
      if (cutting === 'sent') setImmediate(reset);
      if (cutting === 'before') reset();
      return cutting !== 'before';
    });
    const back = passing((chunk) => {
      if (cutting === 'answered' && chunk.subarray(-ready.length).equals(ready)) reset();
      return cutting === null;
    });
    near.pipe(there).pipe(far).pipe(back).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    open: () => pairs.size,
    cut() {
      for (const [near] of pairs) near.resetAndDestroy();
    },
    hang() {
      for (const [near, far] of pairs) {
        near.unpipe().pause();
        far.unpipe().pause();
      }
    },
    cutCommits(chosen) {
      decide = chosen;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
      await closed;
    },
  };
}

/** Passes on what `isPassed` does not hold back. */
function passing(isPassed: (chunk: Buffer) => boolean): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isPassed(chunk)) done(null, chunk);
      else done();
    },
  });
}

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP way to somewhere that a test can cut, or leave hanging as a vanished machine does. */
export interface CuttableProxy {
  readonly port: number;
  /** Connections open now. */
  open(): number;
  /** Resets every connection; new ones are let through. */
  cut(): void;
  /** From now on open connections pass nothing in either direction, without an end or a reset. */
  hang(): void;
  close(): Promise<void>;
}

/** Listens on loopback (`on`: this port, else a free one) and passes everything on to `host:port`. */
export async function openCuttableProxy(host: string, port: number, on = 0): Promise<CuttableProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
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
    near.pipe(far).pipe(near);
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
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
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

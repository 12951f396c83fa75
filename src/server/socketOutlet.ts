import { closeCodes, type SocketConnection } from './socketConnection.ts';

/** One shared subscription of one socket: what its group writes, wrapped as graphql-transport-ws has it. */
export class SocketOutlet {
  readonly #connection: SocketConnection;
  readonly #head: Buffer;

  constructor(connection: SocketConnection, operationId: string) {
    this.#connection = connection;
    this.#head = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  }

  get full(): boolean {
    return this.#connection.full;
  }

  write(payloads: readonly Buffer[]): number {
    return this.#connection.send(this.#head, payloads);
  }

  drained(): Promise<void> {
    return this.#connection.drained();
  }

  /** The client has its cursor: coming back loses nothing, an error message would. */
  fail(): void {
    this.#connection.close(closeCodes.tryAgainLater, 'Resume from your cursor');
  }
}

import { closeCodes, type SocketConnection } from './socketConnection.ts';

/** One shared subscription of one socket: what its group writes, wrapped as graphql-transport-ws has it. */
export class SocketOutlet {
  readonly #connection: SocketConnection;
  readonly #head: Buffer;
  /** What ends the operation; `true` when it was over before there was one. */
  #end: (() => void) | boolean = false;

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

  complete(): void {
    if (typeof this.#end === 'function') this.#end();
    else this.#end = true;
  }

  /** Has `end` called once the last was written: at once when it was already. */
  onComplete(end: () => void): void {
    if (this.#end === true) end();
    this.#end = end;
  }

  /** The client has its cursor: coming back loses nothing, an error message would. */
  fail(): void {
    this.#connection.close(closeCodes.tryAgainLater, 'Resume from your cursor');
  }
}

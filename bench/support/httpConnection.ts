import { connect, type Socket } from 'node:net';

/** An answer over an {@link HttpConnection}. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * One keep-alive HTTP/1.1 connection for load, one request at a time. Node's own client costs more processor time per
 * request than some of what is measured here, on the very cores it is measured on; this one only does what is needed.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #head: string;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { done: (answer: HttpAnswer) => void; fail: (error: Error) => void } | null = null;

  private constructor(socket: Socket, url: URL, headers: Readonly<Record<string, string>>) {
    this.#socket = socket;
    const lines = { host: url.host, 'content-type': 'application/json', ...headers };
    const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#head = `POST ${url.pathname} HTTP/1.1\r\n${text.join('')}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection.')));
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<HttpConnection> {
    const parsed = new URL(url);
    const socket = connect(Number(parsed.port), parsed.hostname);
    await new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('error', fail);
    });
    return new HttpConnection(socket, parsed, headers);
  }

  /** @throws Error when the connection is lost or was, or the answer is not HTTP as a Node server writes it. */
  post(body: string): Promise<HttpAnswer> {
    return new Promise((done, fail) => {
      if (this.#socket.destroyed) return fail(new Error('The server has closed the connection.'));
      this.#waiting = { done, fail };
      this.#socket.write(`${this.#head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnds = this.#received.indexOf('\r\n\r\n');
    if (headEnds < 0) return;
    const head = this.#received.toString('latin1', 0, headEnds);
    const body = wholeBody(head, this.#received.subarray(headEnds + 4));
    if (body === null) return;
    this.#received = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.done({ status: Number(head.slice(9, 12)), body });
  }

  #fail(error: Error): void {
    this.#waiting?.fail(error);
    this.#waiting = null;
  }
}

/** Null while some of it is still on its way. Only one answer is ever on its way, so what comes last ends it. */
function wholeBody(head: string, received: Buffer): string | null {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return received.length < Number(length) ? null : received.toString();
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error(`An answer without length: ${head}`);
  return received.subarray(-5).toString('latin1') === '0\r\n\r\n' ? received.toString() : null;
}

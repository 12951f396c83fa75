import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** What a frame socket does with what arrives, and how it introduces itself. */
export interface FrameSocketOptions {
  /** Of the server, `http://host:port/path`. */
  readonly url: string;
  /** The subprotocol; none when absent. */
  readonly protocol?: string;
  /** Every text message. The bytes are overwritten by the next one's. */
  onMessage(message: Buffer): void;
}

const text = 0x1;
const ping = 0x9;
const pong = 0xa;

/** Where every socket of this process is read into, one after the other. */
const shared = Buffer.allocUnsafeSlow(65_536);

/**
 * A WebSocket for load: it takes whole, short, unmasked messages, answers pings, and costs next to nothing, so that
 * the servers are what is measured.
 */
export class FrameSocket {
  readonly #socket: Socket;
  readonly #onMessage: (message: Buffer) => void;
  /** The beginning of a frame whose end is still on its way. */
  #begun: Buffer | null = null;

  private constructor(socket: Socket, onMessage: (message: Buffer) => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
  }

  /** Connects and shakes hands. @throws Error when the server does not switch protocols, within 30 s. */
  static open(options: FrameSocketOptions): Promise<FrameSocket> {
    const url = new URL(options.url);
    return new Promise((done, fail) => {
      let opened: FrameSocket | null = null;
      let head = '';
      const read = (size: number, buffer: Uint8Array): boolean => {
        const chunk = buffer.subarray(0, size) as Buffer;
        if (opened !== null) {
          opened.#receive(chunk);
          return true;
        }
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return true;
        socket.setTimeout(0);
        if (!head.startsWith('HTTP/1.1 101')) fail(new Error(head));
        opened = new FrameSocket(socket, options.onMessage);
        done(opened);
        if (head.length > end + 4) opened.#receive(Buffer.from(head.slice(end + 4), 'latin1'));
        return true;
      };
      const socket = connect({
        host: url.hostname,
        port: Number(url.port),
        onread: { buffer: shared, callback: read },
      });
      socket.setTimeout(30_000, () => socket.destroy(new Error('No handshake within 30 s.')));
      socket.once('error', fail);
      socket.once('connect', () => socket.write(handshake(url, options.protocol)));
    });
  }

  /** Sends a text message of fewer than 65,536 bytes. */
  send(message: string): void {
    this.#write(text, Buffer.from(message));
  }

  close(): void {
    this.#socket.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    const long = payload.length > 125;
    // Clients must mask; a mask of zeros leaves the payload as it is.
    const header = Buffer.alloc(long ? 8 : 6);
    header[0] = 0x80 | opcode;
    header[1] = 0x80 | (long ? 126 : payload.length);
    if (long) header.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([header, payload]));
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#begun === null ? chunk : Buffer.concat([this.#begun, chunk]);
    let at = 0;
    for (;;) {
      const payload = payloadAt(bytes, at);
      if (payload === null) break;
      this.#frame((bytes[at] as number) & 0x0f, bytes.subarray(payload.from, payload.until));
      at = payload.until;
    }
    this.#begun = at === bytes.length ? null : Buffer.from(bytes.subarray(at));
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === text) this.#onMessage(payload);
    else if (opcode === ping) this.#write(pong, payload);
  }
}

function handshake(url: URL, protocol: string | undefined): string {
  const lines = [
    `GET ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Where the payload of the frame at `at` lies; null while some of it is missing. Source: RFC 6455, 5.2. */
function payloadAt(bytes: Buffer, at: number): { from: number; until: number } | null {
  if (bytes.length < at + 2) return null;
  const short = (bytes[at + 1] as number) & 0x7f;
  if (short === 127) throw new Error('A message is too long for a frame socket.');
  if (short === 126 && bytes.length < at + 4) return null;
  const from = at + (short === 126 ? 4 : 2);
  const until = from + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
  return until <= bytes.length ? { from, until } : null;
}

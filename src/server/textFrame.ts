const closingBrace = 0x7d;
/** FIN and opcode 1. Source: RFC 6455, 5.2. */
const finalText = 0x81;

/** Bytes of the message `head`, `payload`, `}`. */
const messageBytes = (head: Buffer, payload: Buffer): number => head.length + payload.length + 1;

/** Bytes before the message: a server masks nothing, and short lengths are written short. */
function headerBytes(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** Bytes of the one WebSocket text frame that carries `head`, `payload` and a closing brace. */
export function textFrameBytes(head: Buffer, payload: Buffer): number {
  const length = messageBytes(head, payload);
  return headerBytes(length) + length;
}

/** Writes that frame into `chunk` at `offset`; answers where it ends. Source: RFC 6455, 5.2. */
export function writeTextFrame(chunk: Buffer, offset: number, head: Buffer, payload: Buffer): number {
  const length = messageBytes(head, payload);
  const header = headerBytes(length);
  chunk[offset] = finalText;
  if (header === 2) chunk[offset + 1] = length;
  else if (header === 4) {
    chunk[offset + 1] = 126;
    chunk.writeUInt16BE(length, offset + 2);
  } else {
    chunk[offset + 1] = 127;
    chunk.writeUInt32BE(Math.floor(length / 2 ** 32), offset + 2);
    chunk.writeUInt32BE(length % 2 ** 32, offset + 6);
  }
  let at = offset + header;
  at += head.copy(chunk, at);
  at += payload.copy(chunk, at);
  chunk[at] = closingBrace;
  return at + 1;
}

/**
 * Frames one after another in the same buffer, for whoever writes one payload to many sockets: what a socket takes at
 * once needs no memory of its own, and of the next frame only `head` differs.
 */
export class FrameSlate {
  #frame = Buffer.alloc(0);
  #payload: Buffer | null = null;
  #headLength = 0;

  /** The frame of `head`, `payload` and a closing brace; it holds until the next call, or for good once it is kept. */
  write(head: Buffer, payload: Buffer): Buffer {
    if (payload !== this.#payload || head.length !== this.#headLength) this.#begin(head, payload);
    else this.#frame.set(head, this.#frame.length - payload.length - head.length - 1);
    return this.#frame;
  }

  /** The last frame is still needed: the next one is written elsewhere. */
  keep(): void {
    this.#payload = null;
    this.#frame = Buffer.alloc(0);
  }

  #begin(head: Buffer, payload: Buffer): void {
    const bytes = textFrameBytes(head, payload);
    if (this.#frame.length !== bytes) this.#frame = Buffer.allocUnsafe(bytes);
    writeTextFrame(this.#frame, 0, head, payload);
    this.#payload = payload;
    this.#headLength = head.length;
  }
}

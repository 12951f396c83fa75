import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketConnection } from '../../src/server/socketConnection.ts';
import { socketLimits } from '../../src/server/socketLimits.ts';
import { FrameSlate, textFrameBytes, writeTextFrame } from '../../src/server/textFrame.ts';

let server: WebSocketServer;
afterEach(() => server.close());

describe('text frames', () => {
  it('are read by ws as they were written, one after another, at every length of header', async () => {
    const head = Buffer.from('{"payload":');
    const payloads = [0, 1, 113, 114, 65_523, 65_524, 200_000].map((length) => Buffer.alloc(length, 'a'));
    const bytes = payloads.reduce((sum, payload) => sum + textFrameBytes(head, payload), 0);
    const chunk = Buffer.alloc(bytes);
    let end = 0;
    for (const payload of payloads) end = writeTextFrame(chunk, end, head, payload);
    expect(end).toBe(bytes);
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket, request) => {
      request.socket.write(chunk);
      socket.close();
    });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
    const received: Buffer[] = [];
    client.on('message', (data: Buffer) => received.push(data));
    await once(client, 'close');
    expect(received).toEqual(payloads.map((payload) => Buffer.concat([head, payload, Buffer.from('}')])));
  });
  it('are put together in one buffer as long as nobody keeps it', () => {
    const frame = (head: string, payload: Buffer) => {
      const chunk = Buffer.alloc(textFrameBytes(Buffer.from(head), payload));
      writeTextFrame(chunk, 0, Buffer.from(head), payload);
      return chunk;
    };
    const slate = new FrameSlate();
    const payloads = [
      Buffer.alloc(200, 'a'),
      Buffer.alloc(200, 'b'),
      Buffer.alloc(70_000, 'c'),
      Buffer.alloc(0),
    ];
    const kept: { written: Buffer; wanted: Buffer }[] = [];
    for (const payload of payloads) {
      for (const head of ['one', 'two', 'longer', 'three']) {
        const written = slate.write(Buffer.from(head), payload);
        expect(written).toEqual(frame(head, payload));
        if (head !== 'two') continue;
        slate.keep();
        kept.push({ written, wanted: frame(head, payload) });
      }
    }
    const [first, second] = ['x', 'y'].map((head) => slate.write(Buffer.from(head), payloads[0] as Buffer));
    expect(second).toBe(first);
    for (const { written, wanted } of kept) expect(written).toEqual(wanted);
  });

  it('reach who reads late as they were written, whatever others were sent meanwhile', async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    const connections: SocketConnection[] = [];
    server.on('connection', (socket, request) => {
      const origin = { address: null, userAgent: null } as never;
      connections.push(new SocketConnection(socket, origin, request.socket, socketLimits, () => {}));
    });
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
    const [late, prompt] = [new WebSocket(url), new WebSocket(url)];
    await Promise.all([once(late, 'open'), once(prompt, 'open')]);
    const received = { late: [] as string[], prompt: [] as string[] };
    late.on('message', (data) => received.late.push(String(data)));
    prompt.on('message', (data) => received.prompt.push(String(data)));
    late.pause();
    const [slow, quick] = connections as [SocketConnection, SocketConnection];
    let sent = 0;
    while (!slow.full && sent < 20_000) {
      // Of one length, so that each could be written over the one before.
      const payload = Buffer.from(JSON.stringify({ n: 100_000 + sent, text: 'x'.repeat(4_000) }));
      for (const [index, connection] of [slow, quick].entries())
        expect(connection.send(Buffer.from(`[${index},`), [payload])).toBe(1);
      sent += 1;
      if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(slow.full).toBe(true);
    late.resume();
    await expect.poll(() => received.late.length, { timeout: 10_000 }).toBe(sent);
    await expect.poll(() => received.prompt.length, { timeout: 10_000 }).toBe(sent);
    for (const [index, texts] of [received.late, received.prompt].entries()) {
      const wrong = texts.filter((text, n) => !text.startsWith(`[${index},{"n":${100_000 + n},"text":"xxx`));
      expect(wrong).toEqual([]);
    }
    late.close();
    prompt.close();
  });
});

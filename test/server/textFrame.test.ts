import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrameBytes, writeTextFrame } from '../../src/server/textFrame.ts';

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
});

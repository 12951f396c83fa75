import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchBodies } from '../../src/server/bodyWatch.ts';

const http = createServer((request, response) => {
  request.on('error', () => undefined).resume();
  request.once('end', () => response.end('read'));
});
let stop: () => void;
const sockets: Socket[] = [];

beforeEach(async () => {
  stop = watchBodies(http, 100_000);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  stop();
  for (const socket of sockets) socket.destroy();
  http.close();
});

/** A connection that sends `bytes` of a body of 60,000. */
function sending(bytes: number): { readonly socket: Socket; readonly answer: () => string } {
  let text = '';
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket
    .on('error', () => undefined)
    .on('data', (data) => {
      text += data;
    });
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n${'a'.repeat(bytes)}`);
  return { socket, answer: () => text };
}

test('bodies left unfinished are cut off, oldest first, once they are too much together', async () => {
  const oldest = sending(50_000);
  await sleep(50);
  const older = sending(40_000);
  await sleep(300);
  expect(oldest.socket.destroyed).toBe(false);
  const newest = sending(30_000);
  await sleep(600);
  expect([oldest, older, newest].map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
  newest.socket.write('a'.repeat(30_000));
  await sleep(300);
  expect(newest.answer()).toContain('read');
});

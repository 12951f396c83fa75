import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { monotonic } from '../support/monotonic.ts';

/**
 * The fastest honest fan-out there is: `ws`, and one loop that sends the same bytes to every socket. POST the bytes:
 * the answer says when they were there.
 *
 *     node broadcastServer.js
 */
const http = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const at = monotonic();
    const bytes = Buffer.concat(chunks);
    for (const socket of server.clients) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes, { binary: false });
    }
    response.end(JSON.stringify({ at }));
  });
});
const server = new WebSocketServer({ server: http, perMessageDeflate: false });

http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));

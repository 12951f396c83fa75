import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * A raw pg LISTEN client that hands every notification to its sockets as it is: the least that brings a commit to
 * subscribers.
 *
 *     node listenServer.js <connection string>
 */
const [, , connectionString] = process.argv;
const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
const client = new pg.Client({ connectionString });
await client.connect();
client.on('notification', ({ payload = '' }) => {
  const bytes = Buffer.from(payload);
  for (const socket of server.clients) {
    if (socket.readyState === WebSocket.OPEN) socket.send(bytes, { binary: false });
  }
});
await client.query('listen baseline');
http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));

import { connect } from 'node:net';

/** A request of which the server has seen the beginning, and waits for the rest. */
export interface HalfRequest {
  /** Sends the rest; everything the server answered until it closed the connection, or '' when it was cut off. */
  finish(): Promise<string>;
  /** What came back until the connection was closed, without sending the rest. */
  readonly answered: Promise<string>;
}

/** Sends a GraphQL request up to the middle of its body. */
export async function beginRequest(url: string, key: string, query: string): Promise<HalfRequest> {
  const body = JSON.stringify({ query });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.on('error', () => undefined);
  const answered = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)));
  await new Promise((resolve) => socket.once('connect', resolve));
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: warroom',
    'Content-Type: application/json',
    `Authorization: Bearer ${key}`,
    // Answered at once by whoever has accepted the request.
    'Expect: 100-continue',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  while (!answer.includes('100 Continue')) {
    if (socket.destroyed) throw new Error('cut off before it was accepted');
    await new Promise((wake) => setTimeout(wake, 5));
  }
  answer = '';
  socket.write(body.slice(0, body.length / 2));
  return {
    answered,
    finish() {
      socket.write(body.slice(body.length / 2));
      return answered;
    },
  };
}

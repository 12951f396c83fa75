import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Bytes of bodies on their way in that the process holds together. */
const bodiesAtMost = 134_217_728;
/** Milliseconds between two looks. */
const every = 200;

/**
 * Bounds what bodies that are still arriving take. Each is bounded by itself, but thousands of them, each left
 * unfinished before anyone knows who sends it, would fill the memory. When they are too much together, those that
 * have been arriving for longest are cut off: an honest body is there in a moment. Answers how to stop.
 */
export function watchBodies(http: Server, atMost: number = bodiesAtMost): () => void {
  /** Those still arriving, oldest first. */
  const arriving = new Set<IncomingMessage>();
  /** What a connection had read when its latest request was there. */
  const readBefore = new WeakMap<Socket, number>();
  const bytesOf = ({ socket }: IncomingMessage): number => socket.bytesRead - (readBefore.get(socket) ?? 0);

  http.prependListener('request', (request) => {
    const { socket } = request;
    if (!hasBody(request)) return void readBefore.set(socket, socket.bytesRead);
    arriving.add(request);
    request.once('end', () => {
      arriving.delete(request);
      readBefore.set(socket, socket.bytesRead);
    });
    request.once('close', () => arriving.delete(request));
  });
  const look = (): void => {
    let bytes = 0;
    for (const request of arriving) bytes += bytesOf(request);
    for (const request of arriving) {
      if (bytes <= atMost) return;
      bytes -= bytesOf(request);
      request.socket.destroy();
    }
  };
  const timer = setInterval(look, every).unref();
  return () => clearInterval(timer);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

// The embedded PostgreSQL, in a thread of its own. It imports packages only: tests compile this one file by itself.

interface WorkerData {
  readonly databaseDirectory: string;
  readonly socket: string;
}

const { databaseDirectory, socket } = workerData as WorkerData;

const database = await PGlite.create({ dataDir: databaseDirectory });

// The socket server never recovers from a statement that failed inside PGlite itself (not an SQL error, which is an
// answer): its queue stands still for ever. Die instead; the main thread starts a new one on the same directory.
const execute = database.execProtocolRawStream.bind(database);
database.execProtocolRawStream = async (message, options) => {
  try {
    await execute(message, options);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
    throw error;
  }
};

// The pool holds one connection; more places let it reconnect while the old one is still being noticed as gone.
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 8 });
await server.start();

parentPort?.once('message', async () => {
  await server.stop();
  await database.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');

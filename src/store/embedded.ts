import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { CannotStartError } from './cannotStart.ts';
import { lockDirectory } from './directoryLock.ts';
import { socketPath } from './socketPath.ts';

/** Where and how the embedded database runs. */
export interface EmbeddedSettings {
  /** Made if missing, then private to this user: its socket is a superuser. */
  readonly dataDirectory: string;
  readonly log: Log;
  /** The compiled worker; tests, which run from TypeScript, compile their own. */
  readonly worker?: URL;
}

/** A running embedded PostgreSQL, reached like any other. */
export interface EmbeddedPostgres {
  readonly connection: pg.ClientConfig;
  close(): Promise<void>;
}

/** Beside this file once compiled. */
const compiledWorker = new URL('./embeddedWorker.js', import.meta.url);

/**
 * Starts PostgreSQL inside this process, in a worker thread, on a Unix socket. It never calls fsync: what it has
 * acknowledged survives the death of the process, not a loss of power.
 * @throws CannotStartError when the directory is in use or not usable.
 */
export async function startEmbedded(settings: EmbeddedSettings): Promise<EmbeddedPostgres> {
  const dataDirectory = privateDirectory(settings.dataDirectory);
  const lock = await lockDirectory(dataDirectory);
  try {
    const socket = socketPath(dataDirectory, '.s.PGSQL.5432');
    const stop = await keepRunning(settings, { databaseDirectory: join(dataDirectory, 'database'), socket });
    return {
      connection: {
        host: dirname(socket),
        port: 5432,
        user: 'postgres',
        password: 'postgres',
        database: 'postgres',
        ssl: false,
      },
      async close() {
        await stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The directory, made if missing, its real path, and nobody else's business. */
function privateDirectory(directory: string): string {
  try {
    // Node never returns from a recursive mkdir right under a parent that cannot hold directories, like /proc.
    const recursive = !existsSync(dirname(directory));
    if (!existsSync(directory)) mkdirSync(directory, { recursive, mode: 0o700 });
    const real = realpathSync(directory);
    const found = statSync(real);
    if (!found.isDirectory()) throw new Error('it is a file');
    if ((found.mode & 0o077) !== 0) chmodSync(real, 0o700);
    return real;
  } catch (error) {
    throw new CannotStartError(`The data directory ${directory} cannot be used: ${(error as Error).message}`);
  }
}

interface WorkerData {
  readonly databaseDirectory: string;
  readonly socket: string;
}

/** Runs the worker, again whenever it dies; the directory stays locked meanwhile. Returns how to stop it. */
async function keepRunning(settings: EmbeddedSettings, workerData: WorkerData): Promise<() => Promise<void>> {
  let stopping = false;
  let running = await startWorker(settings.worker ?? compiledWorker, workerData);

  async function restart(): Promise<void> {
    for (let pause = 100; !stopping; pause = Math.min(pause * 2, 5_000)) {
      await sleep(pause);
      try {
        running = await startWorker(settings.worker ?? compiledWorker, workerData);
        return watch();
      } catch (error) {
        settings.log.error({ err: error }, 'The embedded database does not start again; trying on');
      }
    }
  }

  function watch(): void {
    running.once('exit', (code) => {
      if (stopping) return;
      settings.log.error({ code }, 'The embedded database stopped unexpectedly; starting it again');
      void restart();
    });
  }

  watch();
  return async () => {
    stopping = true;
    await stopWorker(running);
  };
}

/** Resolves once it listens; rejects when it dies before. */
function startWorker(file: URL, workerData: WorkerData): Promise<Worker> {
  // Left behind by a process that was killed; the directory's lock is ours.
  rmSync(workerData.socket, { force: true });
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData });
    worker.once('message', () => {
      worker.removeAllListeners('error');
      // 'exit' follows and is what is acted upon; without a listener the error would end the process.
      worker.on('error', () => undefined);
      resolve(worker);
    });
    worker.once('error', (error) => {
      reject(new CannotStartError(`The embedded database does not start: ${error.message}`));
    });
  });
}

/** Milliseconds the worker has to close its files before it is ended. */
const closesWithinMilliseconds = 5_000;

async function stopWorker(worker: Worker): Promise<void> {
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  if (worker.threadId === -1) return;
  worker.postMessage('stop');
  const patience = new AbortController();
  const late = sleep(closesWithinMilliseconds, 'late', { signal: patience.signal }).catch(() => undefined);
  if ((await Promise.race([exited, late])) === 'late') await worker.terminate();
  patience.abort();
}

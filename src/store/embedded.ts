import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { CannotStartError } from './cannotStart.ts';
import { lockDirectory } from './directoryLock.ts';
import { socketPath } from './socketPath.ts';

/** Where the embedded database is, and what runs it. */
export interface LaunchSettings {
  /** Made if missing, then private to this user: its socket is a superuser. */
  readonly dataDirectory: string;
  /** The compiled worker; tests, which run from TypeScript, compile their own. */
  readonly worker?: URL;
}

/** Where and how the embedded database runs. */
export interface EmbeddedSettings extends LaunchSettings {
  readonly log: Log;
  /** One that was launched in this very directory; null or none to launch it. */
  readonly launched?: LaunchedPostgres | null;
}

/** An embedded PostgreSQL on its way: the directory is ours, the thread is starting. */
export interface LaunchedPostgres {
  /**
   * Resolves once it listens; from then on it is kept running. To be called once.
   * @throws CannotStartError when it does not start, with nothing left open.
   */
  running(log: Log): Promise<EmbeddedPostgres>;
  /** Ends it, however far it has come, and lets go of the directory; resolves when that is done. Any number of times. */
  close(): Promise<void>;
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
  const launched = settings.launched ?? (await launchEmbedded(settings));
  return launched.running(settings.log);
}

/**
 * Locks the directory and sets the thread going, without waiting for it: it takes a second, which it shares with
 * nothing of this thread.
 * @throws CannotStartError when the directory is in use or not usable.
 */
export async function launchEmbedded(settings: LaunchSettings): Promise<LaunchedPostgres> {
  const dataDirectory = privateDirectory(settings.dataDirectory);
  const lock = await lockDirectory(dataDirectory);
  try {
    const socket = socketPath(dataDirectory, '.s.PGSQL.5432');
    const workerData = { databaseDirectory: join(dataDirectory, 'database'), socket };
    const runner = launchRunner(settings.worker ?? compiledWorker, workerData);
    const close = once(async () => {
      await runner.stop();
      await lock.release();
    });
    const connection = { ...asSuperuser, host: dirname(socket) };
    const running = async (log: Log): Promise<EmbeddedPostgres> => {
      try {
        await runner.started(log);
        return { connection, close };
      } catch (error) {
        await close();
        throw error;
      }
    };
    return { running, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** How its socket is reached; only this user gets to it. */
const asSuperuser = { port: 5432, user: 'postgres', password: 'postgres', database: 'postgres', ssl: false };

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
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

/** Sets the worker going; once started it is run again whenever it dies. The directory stays locked meanwhile. */
function launchRunner(file: URL, workerData: WorkerData) {
  let stopping = false;
  let running = startWorker(file, workerData);
  // Whoever waits for it hears of it; nobody may be waiting yet.
  running.catch(() => undefined);

  async function restart(log: Log): Promise<void> {
    for (let pause = 100; !stopping; pause = Math.min(pause * 2, 5_000)) {
      await sleep(pause);
      if (stopping) return;
      running = startWorker(file, workerData);
      try {
        return watch(await running, log);
      } catch (error) {
        log.error({ err: error }, 'The embedded database does not start again; trying on');
      }
    }
  }

  function watch(worker: Worker, log: Log): void {
    const onExit = (code: number | null): void => {
      if (stopping) return;
      log.error({ code }, 'The embedded database stopped unexpectedly; starting it again');
      void restart(log);
    };
    // It may have died since it said that it listens.
    if (worker.threadId === -1) onExit(null);
    else worker.once('exit', onExit);
  }

  return {
    async started(log: Log): Promise<void> {
      const worker = await running;
      if (stopping) throw new CannotStartError('The embedded database was ended while it started.');
      watch(worker, log);
    },
    async stop(): Promise<void> {
      stopping = true;
      const worker = await running.catch(() => null);
      if (worker !== null) await stopWorker(worker);
    },
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
    worker.once('exit', (code) => {
      reject(new CannotStartError(`The embedded database does not start: it ended with code ${code}.`));
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

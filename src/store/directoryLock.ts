import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotStartError } from './cannotStart.ts';
import { socketPath } from './socketPath.ts';

/** Held for as long as this process uses the data directory; a dead process cannot hold it. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/** Milliseconds a whole attempt may take: someone else taking over at this moment is waited for. */
const answerWithinMilliseconds = 900;
/** A takeover takes a few milliseconds; a claim this old (milliseconds) was left by a process that died in it. */
const claimIsStaleAfter = 5_000;

/**
 * Locks the data directory. Who lives is told by connecting to the lock socket: accepted, it is in use; refused, its
 * holder is dead. Process ids are not asked (in containers they lie both ways); the PID file only names the holder.
 * Taking over a dead holder's lock goes through one file that only one process can create.
 * @throws CannotStartError within a second when another process holds it.
 */
export async function lockDirectory(dataDirectory: string): Promise<DirectoryLock> {
  const socket = socketPath(dataDirectory, 'lock.sock');
  const pidFile = join(dataDirectory, 'lock.pid');
  const claim = join(dataDirectory, 'lock.claim');
  const giveUpAt = performance.now() + answerWithinMilliseconds;
  for (;;) {
    if (await isAlive(socket)) throw inUse(dataDirectory, pidFile);
    if (takeClaim(claim)) {
      try {
        // Another may have finished its takeover between our look and our claim.
        if (await isAlive(socket)) throw inUse(dataDirectory, pidFile);
        rmSync(socket, { force: true });
        const server = await listenOn(socket);
        writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
        return { release: () => release(server, pidFile) };
      } finally {
        rmSync(claim, { force: true });
      }
    }
    if (performance.now() > giveUpAt) throw inUse(dataDirectory, pidFile);
    breakStaleClaim(claim);
    await sleep(20);
  }
}

/** Does a live process answer on this socket? */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => answer(true));
    // Anything but "refused" and "not there" (a full backlog, no permission) means someone may be there.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      answer(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

function takeClaim(claim: string): boolean {
  try {
    writeFileSync(claim, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a claim whose taker died, by moving it away first: had it been renewed meanwhile, it is put back. */
function breakStaleClaim(claim: string): void {
  const aside = `${claim}.${randomBytes(4).toString('hex')}`;
  try {
    const seen = statSync(claim);
    if (Date.now() - seen.mtimeMs < claimIsStaleAfter) return;
    renameSync(claim, aside);
    if (statSync(aside).ino !== seen.ino) linkSync(aside, claim);
    rmSync(aside, { force: true });
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function listenOn(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      chmodSync(path, 0o600);
      server.unref();
      resolve(server);
    });
  });
}

async function release(server: Server, pidFile: string): Promise<void> {
  rmSync(pidFile, { force: true });
  // Closing removes the socket's file too.
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

function inUse(dataDirectory: string, pidFile: string): CannotStartError {
  let holder = 'another process';
  try {
    holder = `process ${readFileSync(pidFile, 'utf8').trim()}`;
  } catch {
    // It is starting and has not written its name yet.
  }
  return new CannotStartError(
    `The data directory ${dataDirectory} is in use by ${holder}. Stop it, or set WARROOM_DATA_DIR to another directory.`,
  );
}

import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotStartError } from './cannotStart.ts';

/** Bytes of a Unix socket's path that are safe everywhere; beyond about this the system cuts it without a word. */
const pathBytesAtMost = 100;
/** The longest socket name we use. */
const longestName = '.s.PGSQL.5432';

/**
 * Where this data directory's socket `name` lives: in it, or, when its path is too long for a socket, in a directory of
 * mode 0700 under the system's temporary one that the data directory records.
 * @throws CannotStartError when the recorded directory belongs to someone else.
 */
export function socketPath(
  dataDirectory: string,
  name: 'lock.sock' | '.s.PGSQL.5432' | 'control.sock',
): string {
  // By whichever path it was reached.
  const home = realpathSync(dataDirectory);
  if (Buffer.byteLength(join(home, longestName)) <= pathBytesAtMost) return join(home, name);
  const directory = recordedDirectory(join(home, 'sockets'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !mine || (found.mode & 0o077) !== 0) {
    throw new CannotStartError(
      `${directory} is not a private directory of this user. Remove it and start again.`,
    );
  }
  return join(directory, name);
}

/** The directory on record, recording a fresh name first if there is none: two processes at once agree on one. */
function recordedDirectory(record: string): string {
  const proposal = `${record}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(proposal, join(tmpdir(), `warroom-${randomBytes(8).toString('hex')}`), { mode: 0o600 });
  try {
    linkSync(proposal, record);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(proposal);
  }
  return readFileSync(record, 'utf8').trim();
}

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CannotStartError } from '../../src/store/cannotStart.ts';
import { lockDirectory } from '../../src/store/directoryLock.ts';
import { socketPath } from '../../src/store/socketPath.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'warroom-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A process that listens on the lock socket as a holder does, and is killed: its socket's file stays behind. */
async function leaveStaleLock(path: string): Promise<void> {
  const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const holder = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await gone;
}

describe('lockDirectory', () => {
  it('refuses a second holder within a second, naming the first', async () => {
    const lock = await lockDirectory(directory);
    const began = performance.now();
    await expect(lockDirectory(directory)).rejects.toThrow(
      new CannotStartError(
        `The data directory ${directory} is in use by process ${process.pid}. ` +
          'Stop it, or set WARROOM_DATA_DIR to another directory.',
      ),
    );
    expect(performance.now() - began).toBeLessThan(1_000);
    await lock.release();
  });

  it('is free again after a release', async () => {
    await (await lockDirectory(directory)).release();
    await (await lockDirectory(directory)).release();
  });

  it('takes over from a holder that was killed', async () => {
    await leaveStaleLock(join(directory, 'lock.sock'));
    expect(existsSync(join(directory, 'lock.sock'))).toBe(true);
    writeFileSync(join(directory, 'lock.pid'), '1\n');
    const lock = await lockDirectory(directory);
    expect(readFileSync(join(directory, 'lock.pid'), 'utf8')).toBe(`${process.pid}\n`);
    await lock.release();
  });

  it('lets exactly one of many take over a dead holder at the same moment', async () => {
    await leaveStaleLock(join(directory, 'lock.sock'));
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
    const locks = tries.filter((one) => one.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    await locks[0]?.value.release();
  });

  it('does not ask the process id: a live one in the file holds nothing, a dead one does not free the lock', async () => {
    writeFileSync(join(directory, 'lock.pid'), `${process.ppid}\n`);
    const lock = await lockDirectory(directory);
    writeFileSync(join(directory, 'lock.pid'), '999999\n');
    await expect(lockDirectory(directory)).rejects.toThrow('in use by process 999999');
    await lock.release();
  });

  it('clears the claim of a process that died while taking over, and waits for one that has not', async () => {
    const claim = join(directory, 'lock.claim');
    writeFileSync(claim, '4242\n');
    await expect(lockDirectory(directory)).rejects.toThrow(CannotStartError);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(claim, longAgo, longAgo);
    const lock = await lockDirectory(directory);
    expect(existsSync(claim)).toBe(false);
    await lock.release();
  });
});

describe('socketPath', () => {
  it('stays in the directory while the path is short', () => {
    expect(socketPath(directory, 'lock.sock')).toBe(join(directory, 'lock.sock'));
  });

  it('moves to a private temporary directory, always the same one, when the path is too long', async () => {
    const long = join(directory, 'x'.repeat(100));
    mkdirSync(long);
    const path = socketPath(long, 'lock.sock');
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
    expect(socketPath(long, 'lock.sock')).toBe(path);
    const home = join(path, '..');
    expect(statSync(home).mode & 0o777).toBe(0o700);
    const lock = await lockDirectory(long);
    await expect(lockDirectory(long)).rejects.toThrow('in use by process');
    await lock.release();
    rmSync(home, { recursive: true });
  });

  it('refuses a recorded directory that others may enter', () => {
    const long = join(directory, 'x'.repeat(100));
    mkdirSync(long);
    const open = mkdtempSync(join(tmpdir(), 'warroom-open-'));
    writeFileSync(join(long, 'sockets'), open);
    rmSync(open, { recursive: true });
    mkdirSync(open, { mode: 0o755 });
    expect(() => socketPath(long, 'lock.sock')).toThrow(CannotStartError);
    rmSync(open, { recursive: true });
  });
});

it('a lock socket whose server is busy is alive: the system answers for it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(directory, 'lock.sock'), resolve));
  await expect(lockDirectory(directory)).rejects.toThrow('in use by another process');
  await new Promise((resolve) => server.close(resolve));
});

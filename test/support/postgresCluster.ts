import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL of a test's own, which it may stop as roughly as it likes. */
export interface PostgresCluster {
  readonly url: string;
  /** Ends every backend at once, without a checkpoint: what is left is recovered from the log. */
  stopImmediately(): Promise<void>;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
  drop(): Promise<void>;
}

/** The newest PostgreSQL's programs where Debian keeps them, or null. */
export function postgresPrograms(): string | null {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return null;
  const newest = readdirSync(versions)
    .filter((version) => existsSync(join(versions, version, 'bin/initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(versions, newest, 'bin');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** PostgreSQL refuses to run as root; Debian's packages bring a user for it. */
function ordinaryUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (what: string) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Makes a cluster in a directory of its own and starts it on a free port of loopback. */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('There is no PostgreSQL in /usr/lib/postgresql.');
  const user = ordinaryUser();
  const directory = mkdtempSync(join(tmpdir(), 'warroom-postgres-'));
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid ?? user.uid);
  const run = async (program: string, ...words: string[]): Promise<void> => {
    // A server that goes on running would keep a pipe open.
    const child = spawn(join(programs, program), words, { cwd: directory, stdio: 'ignore', ...user });
    const code = await new Promise((done) => child.once('exit', done));
    if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}`);
  };
  const data = join(directory, 'data');
  const port = await freePort();
  const logFile = join(directory, 'log');
  const settings = `-h 127.0.0.1 -p ${port} -k ${directory}`;
  const start = () => run('pg_ctl', '-D', data, '-l', logFile, '-w', '-o', settings, 'start');
  const stop = () => run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
  await run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust');
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stopImmediately: stop,
    start,
    async drop() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

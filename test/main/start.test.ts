import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environmentOf, runCommand } from '../support/command.ts';
import { post } from '../support/graphqlClient.ts';
import { beginRequest } from '../support/halfRequest.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// What only processes can show: each is started and signalled as its user would.

let database: StoryDatabase;
let servers: ServerProcess[];

beforeEach(async ({ task }) => {
  servers = [];
  database = await openStoryDatabase({ fresh: task.name.includes('first start') });
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGKILL')));
  await database.drop();
});

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess({ ...database.environment, ...environment });
  servers.push(server);
  return server;
}

const declaring = (title: string) =>
  `mutation { declareIncident(input: { title: "${title}", severity: SEV4 }) { __typename } }`;

async function titles(url: string): Promise<string[]> {
  const answer = await post<{ incidents: { nodes: { title: string }[] } }>(
    url,
    storyKey,
    '{ incidents { nodes { title } } }',
  );
  return (answer.data?.incidents.nodes ?? []).map(({ title }) => title);
}

/** Until it is so; for ever, as the test itself has its limit. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wake) => setTimeout(wake, 20));
}

const isGone = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );

describe('the first key', () => {
  it('is shown by the first start that works, not used up by one on a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const refused = await runCommand(['start'], { ...database.environment, PORT: String(port) });
    other.close();
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `Cannot listen on 127.0.0.1 port ${port}: it is taken. Set PORT to another one.\n`,
    });

    const first = await start({ WARROOM_BOOTSTRAP_KEY: '' });
    await until(() => first.output().includes('Warroom is ready'));
    const key = /API key {2}(\S+) {3}\(shown this once: keep it\)/.exec(first.output())?.[1] ?? '';
    const viewer = await post<{ viewer: { organization: { slug: string } } }>(
      first.url,
      key,
      '{ viewer { organization { slug } } }',
    );
    expect(viewer).toMatchObject({ status: 200, data: { viewer: { organization: { slug: 'default' } } } });
    expect(await first.stop()).toBe(0);

    const second = await start({ WARROOM_BOOTSTRAP_KEY: '' });
    await until(() => second.output().includes('Warroom is ready'));
    expect(second.output()).not.toContain('API key');
  }, 120_000);
});

describe('the platform organization', () => {
  it('is founded by migrating, and by a start only when it is missing', async () => {
    const verified = async () =>
      JSON.parse((await runCommand(['verify', '--json'], database.environment)).stdout) as object;
    expect(await runCommand(['migrate'], database.environment)).toMatchObject({ code: 0, stderr: '' });
    expect(await verified()).toMatchObject({ organizations: 1, tampering: [] });
    const server = await start();
    expect(await server.stop()).toBe(0);
    expect(await verified()).toMatchObject({ organizations: 2, tampering: [] });
  }, 120_000);
});

describe('the embedded directory', () => {
  it('refuses a second server within a second, naming the process that has it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'warroom-second-'));
    const server = await start({ DATABASE_URL: '', WARROOM_DATA_DIR: directory });
    let quickest = Number.POSITIVE_INFINITY;
    // Loading Node itself may take a second on a machine that is busy with other things.
    for (let attempt = 0; attempt < 30 && quickest > 1_000; attempt += 1) {
      const second = await runCommand(['start'], { PORT: '0', WARROOM_DATA_DIR: directory });
      expect(second).toMatchObject({
        code: 1,
        stdout: '',
        stderr: `The data directory ${directory} is in use by process ${server.pid}. Stop it, or set WARROOM_DATA_DIR to another directory.\n`,
      });
      quickest = Math.min(quickest, second.milliseconds);
    }
    expect(quickest).toBeLessThanOrEqual(1_000);
    expect((await post(server.url, storyKey, declaring('still served'))).errors).toEqual([]);
    await server.stop();
    rmSync(directory, { recursive: true });
  }, 120_000);
});

describe('a signal', () => {
  it('lets an accepted request finish, takes no other, and leaves with exit code 0', async () => {
    const server = await start();
    const accepted = await beginRequest(server.url, storyKey, declaring('accepted before the signal'));
    const stopped = server.stop('SIGTERM');
    await until(() => isGone(server.url));
    expect(await accepted.finish()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*DeclareIncidentPayload/);
    expect(await stopped).toBe(0);
    expect(await titles((await start()).url)).toEqual(['accepted before the signal']);
  }, 120_000);

  it('told twice in a moment is one; a second one later ends it at once', async () => {
    const server = await start();
    const accepted = await beginRequest(server.url, storyKey, declaring('never finished'));
    const stopped = server.stop('SIGINT');
    process.kill(server.pid, 'SIGINT');
    await new Promise((wake) => setTimeout(wake, 1_000));
    expect(server.output()).not.toContain('took too long');
    process.kill(server.pid, 'SIGINT');
    expect(await stopped).toBe(1);
    expect(await accepted.answered).toBe('');
  }, 120_000);
});

describe.runIf(process.platform !== 'win32')('npm start', () => {
  let npm: ChildProcess | null = null;
  afterEach(() => {
    try {
      if (npm?.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  });

  /** As a terminal starts it: npm leads a process group of its own. */
  async function npmStart(shell: string) {
    const settings = { ...database.environment, PORT: '0', WARROOM_BOOTSTRAP_KEY: storyKey };
    const child = spawn('npm', ['start'], {
      env: { ...environmentOf(settings), npm_config_script_shell: shell },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    npm = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += String(chunk);
      });
    await until(() => /Warroom is ready at \S+\n/.test(output) || child.exitCode !== null);
    const url = /Warroom is ready at (\S+)\n/.exec(output)?.[1];
    if (url === undefined) throw new Error(output);
    return { pid: child.pid ?? 0, url, output: () => output };
  }

  // Some shells stay between npm and the server; some give their place to it, and Ctrl-C then reaches it twice.
  const cases = [
    ['SIGTERM to npm', '/bin/sh', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['Ctrl-C', '/bin/sh', (pid: number) => process.kill(-pid, 'SIGINT')],
    ['Ctrl-C', '/bin/bash', (pid: number) => process.kill(-pid, 'SIGINT')],
  ] as const;
  const possible = cases.filter(([, shell]) => existsSync(shell));

  it.each(possible)(
    '%s reaches the server through %s: what was accepted is finished',
    async (_name, shell, send) => {
      const { pid, url, output } = await npmStart(shell);
      const accepted = await beginRequest(url, storyKey, declaring('accepted before the signal'));
      send(pid);
      await until(() => isGone(url));
      // Longer than it takes to notice that npm is gone.
      await new Promise((wake) => setTimeout(wake, 1_000));
      expect(await accepted.finish()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*DeclareIncidentPayload/);
      await until(() => output().includes('"msg":"Stopped"'));
      expect(await titles((await start()).url)).toEqual(['accepted before the signal']);
    },
    120_000,
  );
});

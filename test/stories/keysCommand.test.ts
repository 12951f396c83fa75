import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../support/command.ts';
import { post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// `warroom keys`, as whoever runs the installation types it, beside a server in a process of its own.

let database: StoryDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
}, 90_000);
afterAll(async () => {
  await server?.stop();
  await database?.drop();
}, 30_000);

const keys = (...words: string[]) => runCommand(['keys', ...words], database.environment);

/** What a key is, or the status it is refused with. */
async function viewerOf(secret: string): Promise<unknown> {
  const { status, data } = await post<{ viewer: unknown }>(
    server.url,
    secret,
    '{ viewer { actor { kind name } role scopes } }',
  );
  return data?.viewer ?? status;
}

test('keys are made, listed, rotated and revoked, and each secret is printed once', async () => {
  const made = await keys('create', 'CI', '--role', 'member', '--scopes', 'read,respond');
  expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^wr_\w{8}_[\w-]{43}\n$/)]);
  const secret = made.stdout.trim();
  expect(await viewerOf(secret)).toEqual({
    actor: { kind: 'API_KEY', name: 'CI' },
    role: 'MEMBER',
    scopes: ['READ', 'RESPOND'],
  });
  const prefix = secret.slice(0, 11);
  const listed = await keys('list');
  expect(listed.stdout).toContain(`${prefix}…  MEMBER  READ,RESPOND  CI`);
  expect(listed.stdout).not.toContain(secret.slice(12));
  const rotated = await keys('rotate', prefix, '--overlap', '0');
  const next = rotated.stdout.trim();
  expect(next).not.toBe(secret);
  // The server hears of it within a second, and believes what it knew for another.
  await expect.poll(() => viewerOf(secret), { timeout: 5_000 }).toBe(401);
  expect(await viewerOf(next)).toMatchObject({ actor: { name: 'CI' } });
  const revoked = await keys('revoke', next.slice(0, 11));
  expect([revoked.code, revoked.stdout]).toEqual([0, `${next.slice(0, 11)} is revoked.\n`]);
  await expect.poll(() => viewerOf(next), { timeout: 5_000 }).toBe(401);
  for (const text of [server.output(), revoked.stderr, rotated.stderr, made.stderr, listed.stderr]) {
    expect(text).not.toContain(secret.slice(12));
    expect(text).not.toContain(next.slice(12));
  }
}, 60_000);

test('what cannot be done is one line that says why, and changes nothing', async () => {
  for (const [words, said] of [
    [['list', '--organization', 'nowhere'], 'There is no organization nowhere.'],
    [['create', 'x', '--organization', 'nowhere'], 'There is no organization nowhere.'],
    [['create', 'x', '--role', 'KING'], '--role must be one of'],
    [['create', 'x', '--scopes', 'EVERYTHING'], '--scopes must be of'],
    [['create', 'x', '--scopes', 'INGEST,READ'], 'INGEST is given alone'],
    [['create', 'x', '--expires', '2020-01-01T00:00:00Z'], 'lies in the past'],
    [['create', ' '], 'name: This must not be blank.'],
    [['rotate', 'wr_nobody'], 'has no key wr_nobody'],
    [['rotate', 'x', '--overlap', 'soon'], '--overlap must be'],
    [['revoke', 'wr_nobody'], 'has no key wr_nobody'],
  ] as const) {
    const { code, stdout, stderr } = await keys(...words);
    expect([words, code, stdout]).toEqual([words, 1, '']);
    expect(stderr).toContain(said);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
}, 120_000);

test('an embedded database that nobody serves is refused, with what to do', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-keys-'));
  try {
    const { code, stderr } = await runCommand(['keys', 'list'], { WARROOM_DATA_DIR: directory });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `No Warroom is running on ${directory}. Start it, or set DATABASE_URL, and ask again.\n`,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 30_000);

import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledMain, environmentOf, runCommand } from '../support/command.ts';
import { post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// An auditor beside a running server: heads signed with the key of the installation, and a check a person watches.

const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const directory = mkdtempSync(join(tmpdir(), 'warroom-auditing-'));
let database: StoryDatabase;
let server: ServerProcess;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await openStoryDatabase();
  settings = { ...database.environment, WARROOM_SIGNING_KEY: pem };
  server = await startServerProcess(settings);
  const declaring =
    'mutation { declareIncident(input: { title: "audited", severity: SEV4 }) { __typename } }';
  expect(await post(server.url, storyKey, declaring)).toMatchObject({ status: 200, errors: [] });
}, 90_000);
afterAll(async () => {
  await server?.stop();
  await database?.drop();
  rmSync(directory, { recursive: true, force: true });
}, 30_000);

interface Head {
  readonly organizationId: string;
  readonly ledger: string;
  readonly sequence: number;
  readonly hash: string;
  readonly signature: string;
  readonly keyId: string;
}

/** Exit code and words of `verify` against these heads, as they were saved, and this key. */
async function verified(heads: readonly object[], keyId: string) {
  const file = join(directory, 'heads');
  writeFileSync(file, heads.map((head) => `${JSON.stringify(head)}\n`).join(''));
  const { code, stdout } = await runCommand(['verify', '--head', file, '--key', keyId], database.environment);
  return { code, stdout };
}

/** The API says whose ledger it is by who asks, a saved head by itself. */
const headsOverGraphQL = async (organizationId: string) => {
  const fields = '{ ledger sequence hash at signature keyId publicKey }';
  const { data, errors } = await post<Record<string, Omit<Head, 'organizationId'>>>(
    server.url,
    storyKey,
    `{ incidents: ledgerHead ${fields} administration: ledgerHead(ledger: ADMINISTRATION) ${fields} }`,
  );
  expect(errors).toEqual([]);
  return Object.values(data ?? {}).map((head) => ({ organizationId, ...head }));
};

test('`head` and the API sign every head with the key that is set, and verify holds them to it', async () => {
  const { code, stdout, stderr } = await runCommand(['head'], settings);
  expect([code, stderr]).toEqual([0, '']);
  const printed = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Head);
  const keyId = printed[0]?.keyId ?? '';
  expect(printed).toHaveLength(4);
  expect(printed.map((head) => head.keyId)).toEqual(Array.from(printed, () => keyId));
  expect(keyId).toMatch(/^[0-9a-f]{16}$/);
  const audited = printed.find(({ ledger, sequence }) => ledger === 'INCIDENTS' && sequence > 0);
  const served = await headsOverGraphQL(audited?.organizationId ?? '');
  // Ed25519 signs the same text with the same key alike.
  expect(served).toEqual(printed.filter(({ organizationId }) => organizationId === audited?.organizationId));
  expect(await verified([...printed, ...served], keyId)).toMatchObject({ code: 0 });

  const foreign = await verified(printed, '0000000000000000');
  expect(foreign.code).toBe(1);
  expect(foreign.stdout).toContain(`the saved head is signed by ${keyId}, which is not trusted`);
  const forged = await verified([{ ...audited, sequence: 0, hash: '0'.repeat(64) }], keyId);
  expect(forged.code).toBe(1);
  expect(forged.stdout).toContain('the signature of the saved head does not hold');
}, 60_000);

test('without a key `head` prints heads without a signature, which no trusted key accepts', async () => {
  const { stdout } = await runCommand(['head'], database.environment);
  const printed = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Partial<Head>);
  expect(printed.filter((head) => 'signature' in head || 'keyId' in head)).toEqual([]);
  const refused = await verified(printed, '0000000000000000');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('the saved head is not signed');
}, 60_000);

/** util-linux's `script`, which gives a command a terminal; other systems' takes other words. */
function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

describe.runIf(hasScript())('verify on a terminal', () => {
  test('shows how far it is, clears that away, and says the outcome', async () => {
    const command = `'${process.execPath}' '${compiledMain()}' verify`;
    const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
      env: environmentOf({ ...database.environment, TERM: 'xterm' }),
    });
    expect(stdout).toMatch(/Verifying \S+ 100 % · (\d+) of \1 events/);
    // What stays on the last line, once it was cleared for the last time.
    const said = stdout.trimEnd().split('\u001b[2K').at(-1);
    expect(said).toMatch(/^\d+ events of 2 organizations checked: every one is as it was written\.$/);
  }, 60_000);

  test('shows nothing of it elsewhere', async () => {
    const { stdout, stderr } = await runCommand(['verify'], database.environment);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^\d+ events of 2 organizations checked/), '']);
  }, 60_000);
});

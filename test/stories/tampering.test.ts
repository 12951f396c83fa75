import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandle } from '../../src/app/handle.ts';
import type { VerifyReport } from '../../src/app/verify.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import { platform } from '../../src/domain/administration/platform.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import type { LedgerRow } from '../../src/store/ledgerSource.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { databaseLedgerSource } from '../../src/store/read/ledgerRows.ts';
import { type CommandOutcome, runCommand } from '../support/command.ts';
import { seeded } from '../support/random.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { asSuperuser } from '../support/superuser.ts';
import { type Tampered, tamperings } from '../support/tampering.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { eventsOfEach, forger, forgeries } from './forgeries.ts';

// A ledger as the program wrote it, changed by someone who may do anything to the database; then the command that has
// to find it. Each organization suffers one thing, so that one database and one server serve for all of it.

const randomOnes = Number(process.env.WARROOM_TAMPERINGS ?? 60);
const seed = Number(process.env.WARROOM_SEED ?? Date.now() % 1_000_000);
const ada: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
const removed = 'removed';

let database: TestDatabase;
let server: ServerProcess;
const directory = mkdtempSync(join(tmpdir(), 'warroom-heads-'));
let heads = '';
const organizations = new Map<string, string>();
/** What the random ones must be found at. */
const expected = new Map<string, { readonly kind: string; readonly bad: number }>();

const settings = (): Record<string, string> =>
  database.settings.databaseUrl === null
    ? { WARROOM_DATA_DIR: database.settings.dataDirectory }
    : { DATABASE_URL: database.settings.databaseUrl };

/** Founds an organization and writes its ledger, by the one door. */
async function found(slug: string): Promise<void> {
  const organizationId = v7();
  organizations.set(slug, organizationId);
  const clock = { now: () => new Date().toISOString() };
  const administrator = { userId: 'ada', name: 'Ada', email: 'ada@example.org' };
  const founding = { organizationId, slug, name: slug, at: clock.now(), commandId: v7(), administrator };
  await foundOrganization(database, { ...founding, key: null });
  const inbox = { committed: () => {}, ring: () => {} };
  const handle = createHandle({
    store: createPostgresStore(database),
    clock,
    inbox,
    log: { warn: () => {}, error: () => {} },
  });
  const send = async (incidentId: string | null, command: object): Promise<string> => {
    const target = incidentId === null ? { by: 'new' as const } : { by: 'id' as const, incidentId };
    const answer = await handle({ organizationId, actor: ada, target, command: command as never });
    if (answer.kind !== 'done') throw new Error(answer.refusal.message);
    return answer.incident?.state.id ?? '';
  };
  const ids: string[] = [];
  for (let n = 0; n < 4; n += 1)
    ids.push(
      await send(null, { name: 'declareIncident', input: { title: `${slug} ${n}`, severity: 'SEV4' } }),
    );
  for (let n = ids.length; n < eventsOfEach; n += 1)
    await send(ids[n % 4] ?? '', { name: 'addIncidentNote', input: { message: `note ${n}` } });
  await handle.drain();
}

/** Puts other rows in the place of an organization's ledger. */
async function replaceRows(login: pg.Client, organizationId: string, rows: readonly LedgerRow[]) {
  await login.query('delete from warroom.ledger_event where organization_id = $1 and ledger = 0', [
    organizationId,
  ]);
  await login.query(
    `insert into warroom.ledger_event select $1, 0, sequence, number, "incidentId", version, type, "commandId", at,
        "isPublic", severity, decode("previousHash", 'hex'), decode(hash, 'hex'), body
      from jsonb_to_recordset($2) as r (sequence bigint, number int, "incidentId" uuid, version int, type text,
        "commandId" uuid, at timestamptz, "isPublic" boolean, severity text, "previousHash" text, hash text, body text)`,
    [organizationId, JSON.stringify(rows)],
  );
}

/** A random tampering of a ledger of that many rows. */
function anyTampering(random: ReturnType<typeof seeded>, rows: readonly LedgerRow[]) {
  const kind = random.pick(Object.keys(tamperings));
  const tamper = tamperings[kind] as (...of: [readonly LedgerRow[], number, number]) => Tampered;
  return { kind, ...tamper(rows, random.below(rows.length), random.below(1_000)) };
}

async function forgeAll(rowsOf: ReadonlyMap<string, readonly LedgerRow[]>): Promise<void> {
  await asSuperuser(database.settings, async (login) => {
    const triggers = ['ledger_event_append_only', 'ledger_event_no_truncate'];
    for (const name of triggers)
      await login.query(`alter table warroom.ledger_event disable trigger ${name}`);
    const sound = organizations.get('sound') ?? '';
    for (const [slug, { alter }] of Object.entries(forgeries))
      await alter(forger(login, organizations.get(slug) ?? '', sound));
    const random = seeded(seed);
    for (const [slug, rows] of rowsOf) {
      const { kind, bad, rows: after } = anyTampering(random, rows);
      expected.set(slug, { kind, bad });
      await replaceRows(login, organizations.get(slug) ?? '', after);
    }
    await login.query("insert into warroom.superadmin (user_id, granted_at) values ('ada', now())");
    await login.query(`set session_replication_role = replica`);
    await login.query('delete from warroom.organization where slug = $1', [removed]);
    await login.query(`set session_replication_role = origin`);
    for (const name of triggers)
      await login.query(`alter table warroom.ledger_event enable always trigger ${name}`);
  });
}

beforeAll(async () => {
  database = await openTestDatabase();
  const random = Array.from({ length: randomOnes }, (_, n) => `random-${n + 1}`);
  const slugs = ['sound', removed, ...Object.keys(forgeries), ...random];
  const founding = async (): Promise<void> => {
    for (let slug = slugs.pop(); slug !== undefined; slug = slugs.pop()) await found(slug);
  };
  // The first by itself: it makes the person that all of them share.
  await found(slugs.pop() ?? '');
  await Promise.all([1, 2, 3, 4].map(founding));
  const source = databaseLedgerSource(database);
  const rowsOf = new Map<string, readonly LedgerRow[]>();
  for (const slug of random)
    rowsOf.set(slug, await source.rows(organizations.get(slug) ?? '', 'INCIDENTS', 0, 100));
  await database.close();
  const said = await runCommand(['head'], settings());
  expect(said).toMatchObject({ code: 0, stderr: '' });
  heads = said.stdout;
  await forgeAll(rowsOf);
  // Embedded, the running server has the only way in: what verifies must go through its control socket.
  server = await startServerProcess(settings());
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await database?.drop();
  rmSync(directory, { recursive: true, force: true });
});

const verify = (...words: string[]): Promise<CommandOutcome> => runCommand(['verify', ...words], settings());
const reportOf = ({ stdout }: CommandOutcome): VerifyReport => JSON.parse(stdout) as VerifyReport;

/** The heads saved of one organization before anything was altered, in a file of their own. */
function savedHeadOf(slug: string): string {
  const lines = heads.split('\n').filter((line) => line.includes(organizations.get(slug) ?? '?'));
  expect(lines).toHaveLength(2);
  const file = join(directory, `${slug}.jsonl`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

test('an organization that nobody touched is as it was written, also by the heads saved before', async () => {
  for (const words of [[], ['--head', savedHeadOf('sound')]]) {
    const outcome = await verify('--organization', 'sound', ...words);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /^\d+ events of 1 organization checked: every one is as it was written\.\n$/,
    );
  }
});

describe('found by `warroom verify`, with exit code 1 and its first bad sequence:', () => {
  const byItself = Object.entries(forgeries).filter(([, { onlyByHead }]) => !onlyByHead);
  test.each(byItself)('%s', async (slug, { ledger = 'INCIDENTS', sequence, problem }) => {
    const outcome = await verify('--organization', slug, '--json');
    expect(outcome).toMatchObject({ code: 1, stderr: '' });
    expect(reportOf(outcome).tampering).toEqual([
      { organization: slug, ledger, sequence, problem: expect.stringMatching(problem) },
    ]);
  });
});

describe('consistent in itself, and found by a head saved before:', () => {
  const byHead = Object.entries(forgeries).filter(([, { onlyByHead }]) => onlyByHead);
  test.each(byHead)('%s', async (slug, { sequence, problem }) => {
    expect(await verify('--organization', slug)).toMatchObject({ code: 0, stderr: '' });
    const outcome = await verify('--organization', slug, '--head', savedHeadOf(slug), '--json');
    expect(outcome).toMatchObject({ code: 1, stderr: '' });
    expect(reportOf(outcome).tampering).toEqual([
      { organization: slug, ledger: 'INCIDENTS', sequence, problem: expect.stringMatching(problem) },
    ]);
  });

  test('a whole organization taken out', async () => {
    const outcome = await verify('--head', savedHeadOf(removed), '--json');
    expect(outcome.code).toBe(1);
    const gone = reportOf(outcome).tampering.filter(
      ({ organization }) => organization === organizations.get(removed),
    );
    expect(gone.map(({ ledger, sequence }) => [ledger, sequence])).toEqual([
      ['INCIDENTS', 1],
      ['ADMINISTRATION', 1],
    ]);
  });
});

test('whoever made themselves a superadmin past the ledger is named', async () => {
  const words = ['--organization', platform.slug];
  const json = await verify(...words, '--json');
  expect(json).toMatchObject({ code: 1, stderr: '' });
  const problem = 'no event makes this row';
  const key = expect.stringMatching(/^ada 20/);
  expect(reportOf(json)).toMatchObject({
    tampering: [],
    differences: [{ table: 'superadmin', key, problem }],
  });
  const { code, stdout } = await verify(...words);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^platform superadmin ada 20\S+: no event makes this row\.\n\d+ events of 1 organization/,
  );
});

test(`${randomOnes} random tamperings are all found, each at its first bad sequence (WARROOM_SEED=${seed})`, async () => {
  const found = new Map(reportOf(await verify('--json')).tampering.map((one) => [one.organization, one]));
  const wrong = [...expected].filter(([slug, { bad }]) => found.get(slug)?.sequence !== bad);
  expect(expected.size).toBe(randomOnes);
  expect(wrong.map(([slug, made]) => ({ ...made, found: found.get(slug) ?? null }))).toEqual([]);
});

test('whoever reads the answer is told the ledger, the sequence and what is wrong with it', async () => {
  const { code, stdout } = await verify('--organization', 'swapped');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^swapped INCIDENTS 5: it does not follow from the event before it\.\n/);
});

test('found by the command alone, too, when no server runs', async () => {
  await server.stop();
  const outcome = await verify('--organization', 'edited-body', '--json');
  expect(outcome).toMatchObject({ code: 1, stderr: '' });
  expect(reportOf(outcome).tampering).toMatchObject([{ sequence: 9 }]);
});

import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerifyReport } from '../../src/app/verify.ts';
import { readGlobalId } from '../../src/graphql/globalId.ts';
import { BulkWorld } from '../graphql/bulkWorld.ts';
import { runCommand } from '../support/command.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { asSuperuser } from '../support/superuser.ts';

// What bulk actions left, changed by someone who may do anything to the database, past every foreign key; then the
// command that has to find it. Each bulk action suffers one thing.

interface Forgery {
  /** SQL, $1 the organization, $2 the bulk action, or an id that none has. */
  readonly alter: string;
  /** Of a bulk action that ended what another had muted. */
  readonly unmutes?: true;
  readonly isOfNone?: true;
  /** The tables that have to be named with it. */
  readonly tables: readonly string[];
}

const target = 'organization_id = $1 and bulk_action_id = $2';
const action = 'organization_id = $1 and id = $2';
const results = ['bulk_action_target'];
const mutes = ['muted_target'];

const forgeries: Readonly<Record<string, Forgery>> = {
  'an altered answer': {
    alter: `update warroom.bulk_action_target set response = 'forged' where ${target} and ordinal = 1`,
    tables: results,
  },
  'a failure made a success': {
    alter: `update warroom.bulk_action_target set state = 'SUCCEEDED' where ${target} and ordinal = 2`,
    tables: results,
  },
  'another target': {
    alter: `update warroom.bulk_action_target set target = 'forged' where ${target} and ordinal = 2`,
    tables: results,
  },
  'a missing result': {
    alter: `delete from warroom.bulk_action_target where ${target} and ordinal = 2`,
    tables: results,
  },
  'all results missing': { alter: `delete from warroom.bulk_action_target where ${target}`, tables: results },
  'an added result': {
    alter: `insert into warroom.bulk_action_target select organization_id, bulk_action_id, 3, 'forged', state, attempts,
      request, http_status, response, error, at from warroom.bulk_action_target where ${target} and ordinal = 1`,
    tables: results,
  },
  'marked as swept, and not': {
    alter: `update warroom.bulk_action set results_swept_at = finished_at + interval '91 days' where ${action}`,
    tables: results,
  },
  'swept before its time': {
    alter: `with gone as (delete from warroom.bulk_action_target where ${target}) update warroom.bulk_action
      set results_swept_at = finished_at + interval '89 days' where ${action}`,
    tables: results,
  },
  'swept at an instant that is not yet': {
    alter: `with gone as (delete from warroom.bulk_action_target where ${target}) update warroom.bulk_action
      set results_swept_at = finished_at + interval '91 days' where ${action}`,
    tables: results,
  },
  'altered counts': {
    alter: `update warroom.bulk_action set failed_count = failed_count + 1 where ${action}`,
    tables: ['bulk_action'],
  },
  'a mute that began earlier': {
    alter: `update warroom.muted_target set since = since - interval '1 hour' where ${target}`,
    tables: mutes,
  },
  'a mute taken out': { alter: `delete from warroom.muted_target where ${target}`, tables: mutes },
  // One that stays comes after it: of what lies between two that are there, the first row of each table is named.
  'a bulk action taken out': {
    alter: `delete from warroom.bulk_action where ${action}`,
    tables: ['bulk_action', 'bulk_action_target', 'muted_target'],
  },
  'a mute put in': {
    alter: `insert into warroom.muted_target select organization_id, source, 'forged', since, null, bulk_action_id, null
      from warroom.muted_target where ${target}`,
    tables: mutes,
  },
  'a mute that ended later': {
    alter: `update warroom.muted_target set until = until + interval '1 hour'
      where organization_id = $1 and ended_by = $2`,
    unmutes: true,
    tables: mutes,
  },
  'a mute that ended, open again': {
    alter: `update warroom.muted_target set until = null, ended_by = null
      where organization_id = $1 and ended_by = $2`,
    unmutes: true,
    tables: mutes,
  },
  'a bulk action put in': {
    alter: `insert into warroom.bulk_action (organization_id, id, incident_id, source, action, target_count, targets_digest,
      concurrency, throttle_milliseconds, actor_kind, started_at, version) select organization_id, $2, incident_id, source,
      action, target_count, targets_digest, concurrency, throttle_milliseconds, actor_kind, started_at, version
      from warroom.bulk_action where organization_id = $1 limit 1`,
    isOfNone: true,
    tables: ['bulk_action'],
  },
  'a mute that nobody made': {
    alter: `insert into warroom.muted_target values ($1, 'reminders', 'nobody', '2026-01-01T00:00:00Z', null, $2, null)`,
    isOfNone: true,
    tables: mutes,
  },
  'a result of nobody': {
    alter: `insert into warroom.bulk_action_target (organization_id, bulk_action_id, ordinal, target, state, attempts)
      values ($1, $2, 1, 'nobody', 'PENDING', 0)`,
    isOfNone: true,
    tables: results,
  },
};

let world: BulkWorld;
let server: ServerProcess;
let before: VerifyReport;
const ids = new Map<string, string>();

const settings = (): Record<string, string> =>
  world.api.database.settings.databaseUrl === null
    ? { WARROOM_DATA_DIR: world.api.database.settings.dataDirectory }
    : { DATABASE_URL: world.api.database.settings.databaseUrl };

async function report(...words: string[]): Promise<{ code: number | null; report: VerifyReport }> {
  const { code, stdout, stderr } = await runCommand(['verify', '--json', ...words], settings());
  expect(stderr).toBe('');
  return { code, report: JSON.parse(stdout) as VerifyReport };
}

/** A bulk action of its own for each; of its two targets the second fails. */
async function act(): Promise<void> {
  world.receiver.answer = ({ target: name }, response) =>
    void response.writeHead(name.endsWith('+') ? 422 : 200).end(name);
  const incidentId = await world.burst('a');
  const runner = world.instance();
  for (const [what, { unmutes, isOfNone }] of Object.entries(forgeries)) {
    const targets = [what, `${what} +`];
    const run = async (kind: string) => {
      world.api.clock.advance(1_000);
      const id = await world.begun(incidentId, { action: kind, targets });
      await world.workOff(runner, id);
      return readGlobalId(id).id;
    };
    const muting = isOfNone ? crypto.randomUUID() : await run('MUTE');
    ids.set(what, unmutes ? await run('UNMUTE') : muting);
  }
  await runner.stop();
  world.runners.length = 0;
}

async function forge(login: pg.Client): Promise<void> {
  for (const how of ['disable trigger', 'enable always trigger']) {
    if (how.startsWith('enable')) {
      await login.query('set session_replication_role = replica');
      for (const [what, { alter }] of Object.entries(forgeries)) {
        const { rowCount } = await login.query(alter, [world.here.organizationId, ids.get(what)]);
        if (rowCount === 0) throw new Error(`changed nothing: ${what}`);
      }
      await login.query('set session_replication_role = origin');
    }
    for (const name of ['bulk_action_target_over', 'bulk_action_target_kept'])
      await login.query(`alter table warroom.bulk_action_target ${how} ${name}`);
  }
}

beforeAll(async () => {
  world = await BulkWorld.open();
  // As long ago as the burst and all of it takes, by the clock of the server that runs on it.
  world.api.clock.advance(Date.now() - 3_600_000 - Date.parse(world.api.clock.now()));
  await act();
  await world.api.database.close();
  const sound = await report();
  expect(sound.code).toBe(0);
  before = sound.report;
  await asSuperuser(world.api.database.settings, forge);
  // Embedded, the running server has the only way in: what verifies must go through its control socket.
  server = await startServerProcess(settings());
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await world?.close();
});

test('what nobody touched is as it was written', () => {
  expect(before).toMatchObject({ tampering: [], differences: [] });
});

describe('found by `warroom verify`, with exit code 1:', () => {
  let after: Awaited<ReturnType<typeof report>>;
  beforeAll(async () => {
    after = await report();
  }, 60_000);

  test.each(Object.entries(forgeries))('%s', (what, { tables }) => {
    const found = after.report.differences.filter(({ key }) => key === ids.get(what));
    expect([...new Set(found.map(({ table }) => table))].sort()).toEqual([...tables].sort());
    expect(found.every(({ organization }) => organization === 'here')).toBe(true);
  });

  test('and nothing else, in no other organization', async () => {
    expect(after).toMatchObject({ code: 1, report: { tampering: [] } });
    const known = new Set(ids.values());
    expect(after.report.differences.filter(({ key }) => !known.has(key))).toEqual([]);
    expect(await report('--organization', 'there')).toMatchObject({ code: 0, report: { differences: [] } });
  }, 30_000);

  test('in words that name the organization, the table and the bulk action', async () => {
    const { code, stdout } = await runCommand(['verify', '--organization', 'here'], settings());
    expect(code).toBe(1);
    const id = ids.get('an altered answer');
    expect(stdout).toContain(
      `here bulk_action_target ${id}: what its targets came to is not what its end says.\n`,
    );
  }, 30_000);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { BulkWorld, fine } from './bulkWorld.ts';

let world: BulkWorld;
beforeAll(async () => {
  world = await BulkWorld.open();
});
afterAll(() => world?.close());

const document = `subscription($after: SafeInt, $filter: RunFilter) { runsReported(after: $after, filter: $filter) {
  runId target status error sequence bulkActionId incident { id } } }`;
const reporting = `mutation($input: ReportRunsInput!) { reportRuns(input: $input) {
  ... on ReportRunsPayload { runs { runId incidentId } } ... on UserError { code message } } }`;

interface Told {
  readonly runId: string;
  readonly target: string;
  readonly status: string;
  readonly sequence: number;
  readonly bulkActionId: string | null;
  readonly incident: { readonly id: string } | null;
}

let reports = 0;
/** Reports runs of the reminders, each of a target; its `runId` is made of it. */
async function report(runs: readonly object[], of = world.here): Promise<void> {
  reports += 1;
  const input = {
    runs: runs.map((run, n) => ({ source: 'reminders', runId: `live ${reports}.${n}`, ...run })),
  };
  const { data } = await world.api.run<{ reportRuns: { runs?: unknown } }>(
    of.key('MEMBER', ['INGEST']),
    reporting,
    { input },
  );
  if (data.reportRuns.runs === undefined) throw new Error(JSON.stringify(data));
}

/** What a viewer is told first, so many runs of it; or why it is refused. */
async function follow(variables: object, count: number, by: Principal = world.here.user('VIEWER')) {
  const begun = await world.api.subscribe(by, document, { ...variables });
  if (!(Symbol.asyncIterator in begun)) return { told: [], refused: begun.errors?.[0]?.extensions.code };
  const told: Told[] = [];
  while (told.length < count) {
    const { data, errors } = (await begun.next()).value ?? {};
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    told.push(data?.runsReported as Told);
  }
  await begun.return?.();
  return { told, refused: null };
}

const head = async (of = world.here): Promise<number> =>
  (await world.read<{ runsHead: number }>('{ runsHead }', {}, of.user('VIEWER'))).runsHead;

test('every run is told, whatever it came to: what failed, went well, is muted or late, and what bulk actions did', async () => {
  world.receiver.answer = fine;
  const after = await head();
  const incidentId = await world.burst('a', 'b');
  const mute = await world.begun(incidentId, { action: 'MUTE', targets: ['a'] });
  await world.workOff(world.instance(), mute);
  world.api.clock.advance(1_000);
  const now = world.api.clock.now();
  await report([
    { target: 'c', status: 'SUCCEEDED' },
    { target: 'd', status: 'SKIPPED' },
    { target: 'a', status: 'FAILED', error: 'muted' },
    { target: 'b', status: 'FAILED', error: 'late', at: plusMinutes(now, -60 * 24) },
  ]);
  const { told } = await follow({ after }, 7);
  const of = (target: string, more: object = {}) =>
    told.filter(
      (run) => run.target === target && Object.entries(more).every(([k, v]) => run[k as 'runId'] === v),
    );
  expect(told.slice(0, 2).map(({ target, incident }) => [target, incident?.id])).toEqual([
    ['a', incidentId],
    ['b', incidentId],
  ]);
  expect(told[2]).toMatchObject({
    target: 'a',
    status: 'SUCCEEDED',
    bulkActionId: mute,
    incident: { id: incidentId },
  });
  expect(of('c')).toMatchObject([{ status: 'SUCCEEDED', incident: null }]);
  expect(of('d')).toMatchObject([{ status: 'SKIPPED', incident: null }]);
  expect(of('a', { error: 'muted' })).toMatchObject([{ status: 'FAILED', incident: null }]);
  // A burst of its own, a day ago.
  expect(of('b', { error: 'late' })[0]?.incident?.id).not.toBe(incidentId);
  expect(told.at(-1)?.sequence).toBe(await head());
  // From any place on, and only what fits.
  expect((await follow({ after: told[2]?.sequence }, 4)).told).toEqual(told.slice(3));
  const only = async (filter: object, count: number) => (await follow({ after, filter }, count)).told;
  expect(await only({ incidentId }, 3)).toEqual(told.slice(0, 3));
  expect(await only({ status: ['SUCCEEDED', 'SKIPPED'] }, 3)).toEqual(
    told.filter(({ status }) => status !== 'FAILED'),
  );
  expect(await only({ target: 'b', source: ['reminders'] }, 2)).toEqual(of('b'));
  expect(await only({ at: { until: plusMinutes(now, -60) } }, 1)).toEqual(of('b', { error: 'late' }));
});

test('told again, a run is not another; what a cancelled bulk action leaves out is told', async () => {
  const after = await head();
  const twice = [{ runId: 'twice', target: 'e', status: 'SUCCEEDED' }];
  await report(twice);
  await report(twice);
  world.receiver.answer = () => {};
  const incidentId = await world.burst('f');
  const id = await world.begun(incidentId, { targets: ['f', 'g', 'h'], concurrency: 1 });
  await world.api.run(
    world.here.user('ONCALL_ENGINEER'),
    'mutation($input: CancelBulkActionInput!) { cancelBulkAction(input: $input) { __typename } }',
    { input: { incidentId, bulkActionId: id } },
  );
  await world.workOff(world.instance(), id);
  const { told } = await follow({ after }, 5);
  expect(told.map(({ target, status, bulkActionId }) => [target, status, bulkActionId])).toEqual([
    ['e', 'SUCCEEDED', null],
    ['f', 'FAILED', null],
    ...['f', 'g', 'h'].map((target) => [target, 'SKIPPED', id]),
  ]);
  expect(told.at(-1)?.sequence).toBe(await head());
});

test('a run is told the moment it is kept, to whoever waits', async () => {
  const begun = await world.api.subscribe(world.here.user('VIEWER'), document, { after: await head() });
  if (!(Symbol.asyncIterator in begun)) throw new Error(JSON.stringify(begun));
  const coming = begun.next();
  const reportedAt = performance.now();
  await report([{ target: 'now', status: 'SUCCEEDED' }]);
  expect((await coming).value?.data?.runsReported).toMatchObject({ target: 'now' });
  // Well before the poll would see it.
  expect(performance.now() - reportedAt).toBeLessThan(900);
  await begun.return?.();
});

test('it is for who may read, and of one organization', async () => {
  await report([{ target: 'theirs', status: 'SUCCEEDED' }], world.there);
  const theirs = await follow({ after: 0 }, 1, world.there.user('VIEWER'));
  expect(theirs.told).toMatchObject([{ target: 'theirs' }]);
  const own = await follow({ after: 0 }, await head());
  expect(own.told.map(({ target }) => target)).not.toContain('theirs');
  const refusedTo = async (variables: object, by?: Principal) => (await follow(variables, 0, by)).refused;
  expect(await refusedTo({}, world.here.key('ORG_ADMIN', ['INGEST']))).toBe('FORBIDDEN');
  expect(await refusedTo({ after: (await head()) + 1 })).toBe('CURSOR_BEYOND_HEAD');
  expect(await refusedTo({ after: -1 })).toBe('BAD_USER_INPUT');
  const incidentId = await world.burst('own');
  expect(await refusedTo({ filter: { incidentId } }, world.there.user('VIEWER'))).toBe('NOT_FOUND');
  expect(await refusedTo({ filter: { incidentId } })).toBeNull();
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { DetectionWorld } from './detectionWorld.ts';

let api: TestApi;
let world: DetectionWorld;
let ingest: Principal;
beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  world = await DetectionWorld.found(api);
  ingest = world.here.key('MEMBER', ['INGEST']);
  const from = api.clock.now();
  const window = { name: 'migration', effect: 'SUPPRESS', sources: ['reminders'] };
  await world.do('setMaintenanceWindows', { windows: [{ ...window, from, until: plusMinutes(from, 60) }] });
});
afterAll(() => api?.close());

async function as<T>(document: string, input: object): Promise<T> {
  const { data, errors } = await api.run<Record<string, T>>(ingest, document, { input });
  expect(errors).toEqual([]);
  return Object.values(data)[0] as T;
}

const reportRuns = (...runIds: string[]) => {
  const run = { source: 'reminders', target: 't', status: 'FAILED', error: 'SMTP timeout' };
  return as<object>(
    `mutation($input: ReportRunsInput!) { reportRuns(input: $input) {
       ... on ReportRunsPayload { runs { runId incidentId reference } } } }`,
    { runs: runIds.map((runId) => ({ ...run, runId })) },
  );
};

const syncIncidents = (more: object = {}) =>
  as<{ sequence: number }>(
    `mutation($input: SyncIncidentsInput!) { syncIncidents(input: $input) {
       ... on SyncIncidentsPayload { created updated unchanged suppressed
         incidents { key outcome incidentId reference } sequence }
       ... on UserError { code } } }`,
    {
      source: 'reminders',
      incidents: [{ key: 'one', severity: 'SEV1', startedAt: api.clock.now(), targets: ['t'] }],
      ...more,
    },
  );

describe('in a window that suppresses', () => {
  test('failed runs are kept without an incident, once; the next one after it begins a burst', async () => {
    const kept = ['r1', 'r2'].map((runId) => ({ runId, incidentId: null, reference: null }));
    expect(await reportRuns('r1', 'r2')).toEqual({ runs: kept });
    expect(await reportRuns('r1', 'r2')).toEqual({ runs: kept });
    expect(await world.incidents()).toEqual([]);
    expect(await world.lost()).toMatchObject([{ reason: 'SUPPRESSED', name: 'migration', count: 2 }]);
    const { runs } = await world.read<{ runs: { nodes: object[] } }>(
      '{ runs(filter: { source: "reminders" }) { nodes { runId status incident { title } } } }',
    );
    expect(runs.nodes).toHaveLength(2);
    api.clock.advance(60 * 60_000);
    expect(await reportRuns('r2', 'r3')).toMatchObject({
      runs: [
        { runId: 'r2', reference: null },
        { runId: 'r3', reference: 'INC-001' },
      ],
    });
  });

  test('a sync says that it is suppressed; the next one after it declares', async () => {
    const counts = { created: 0, updated: 0, unchanged: 0, suppressed: 0 };
    const told = { key: 'one', incidentId: null, reference: null };
    expect(await syncIncidents()).toEqual({
      ...counts,
      suppressed: 1,
      incidents: [{ ...told, outcome: 'SUPPRESSED' }],
      sequence: 0,
    });
    expect(await world.incidents()).toEqual([]);
    expect(await world.lost()).toMatchObject([{ reason: 'SUPPRESSED', name: 'migration', count: 1 }]);
    api.clock.advance(60 * 60_000);
    expect(await syncIncidents()).toMatchObject({
      ...counts,
      created: 1,
      incidents: [{ key: 'one', outcome: 'CREATED', reference: 'INC-001' }],
    });
    expect(await syncIncidents()).toMatchObject({ ...counts, unchanged: 1 });
  });

  test('a sync with an idempotency key is told what the first time did, also once another declared it', async () => {
    const incidents = [{ key: 'one', severity: 'SEV1', startedAt: api.clock.now() }];
    const keyed = { incidents, idempotencyKey: 'sync-1' };
    expect(await syncIncidents(keyed)).toMatchObject({ suppressed: 1, sequence: 0 });
    api.clock.advance(60 * 60_000);
    expect(await syncIncidents({ incidents, idempotencyKey: 'sync-2' })).toMatchObject({ created: 1 });
    expect(await syncIncidents(keyed)).toMatchObject({ suppressed: 1, created: 0, sequence: 0 });
  });
});

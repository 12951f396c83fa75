import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { sweep } from '../../src/store/sweep.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let ingest: Principal;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  ingest = here.key('MEMBER', ['INGEST']);
});
afterAll(() => api?.close());

const document = `mutation($input: ReportRunsInput!) { reportRuns(input: $input) {
  __typename
  ... on ReportRunsPayload { runs { source runId incidentId reference } sequence }
  ... on UserError { code }
  ... on ValidationError { fields { path } }
  ... on ForbiddenError { requiredScope }
} }`;

interface Reported {
  readonly __typename: string;
  readonly runs: readonly { runId: string; incidentId: string | null; reference: string | null }[];
  readonly fields?: readonly { readonly path: readonly string[] }[];
  readonly requiredScope?: string | null;
  readonly sequence: number;
}

async function report(input: object, principal = ingest): Promise<Reported> {
  const { data, errors } = await api.run<{ reportRuns: Reported }>(principal, document, { input });
  expect(errors).toEqual([]);
  return data.reportRuns;
}

async function read<T>(query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await api.run<T>(here.user('VIEWER'), query, { ...variables });
  expect(errors).toEqual([]);
  return data;
}

const run = (source: string, runId: string, more: object = {}) => ({
  source,
  runId,
  target: 'subscription-1',
  status: 'FAILED',
  error: 'SMTP timeout',
  ...more,
});
const minutesAgo = (minutes: number) => plusMinutes(api.clock.now(), -minutes);

describe('reportRuns', () => {
  test('many bursts of several sources in one report, in any order, and everything read back', async () => {
    const late = Array.from({ length: 8 }, (_, n) =>
      run('sba', `s${n}`, { target: `loan-${n % 3}`, at: minutesAgo(100 - n), error: `error ${n}` }),
    );
    const input = {
      runs: [
        run('mail', 'm1'),
        ...[...late].reverse(),
        run('sba', 's9', { at: minutesAgo(30) }),
        run('sba', 'fine', { status: 'SUCCEEDED', at: minutesAgo(95) }),
      ],
    };
    const answer = await report(input);
    expect(answer.runs.map(({ runId }) => runId)).toEqual(input.runs.map(({ runId }) => runId));
    const of = new Map(answer.runs.map(({ runId, incidentId }) => [runId, incidentId]));
    expect(new Set(['m1', 's0', 's9'].map((runId) => of.get(runId))).size).toBe(3);
    expect(of.get('s7')).toBe(of.get('s0'));
    expect(of.get('fine')).toBeNull();
    const { incident } = await read<{ incident: Record<string, unknown> }>(
      `query($id: ID!) { incident(id: $id) {
        severity startedAt endedAt
        burst { startedAt endedAt errorCount uniqueTargets latestRunId latestRun { runId error } latestError }
        targets(first: 2) { nodes { target errorCount } pageInfo { hasNextPage } }
        runs(first: 2) { nodes { runId } }
        timeline(types: [INCIDENT_BURST_GREW]) { nodes { message ... on IncidentBurstGrew { addedErrors addedTargets burst { errorCount } } } }
      } }`,
      { id: of.get('s0') },
    );
    expect(incident).toEqual({
      severity: 'SEV1',
      startedAt: minutesAgo(100),
      endedAt: minutesAgo(93),
      burst: {
        startedAt: minutesAgo(100),
        endedAt: minutesAgo(93),
        errorCount: 8,
        uniqueTargets: 3,
        latestRunId: 's7',
        latestRun: { runId: 's7', error: 'error 7' },
        latestError: 'error 7',
      },
      targets: {
        nodes: [
          { target: 'loan-0', errorCount: 3 },
          { target: 'loan-1', errorCount: 3 },
        ],
        pageInfo: { hasNextPage: true },
      },
      runs: { nodes: [{ runId: 's7' }, { runId: 's6' }] },
      timeline: {
        nodes: [
          {
            message: '8 more runs of sba failed, 8 in all on 3 targets: error 7.',
            addedErrors: 8,
            addedTargets: 3,
            burst: { errorCount: 8 },
          },
        ],
      },
    });
    // The same again has no effect, and the same answer.
    expect((await report(input)).runs).toEqual(answer.runs);
    // One that comes late lands in the first of the two, which is still open.
    const [straggler] = (
      await report({ runs: [run('sba', 's10', { target: 'loan-9', at: minutesAgo(90) })] })
    ).runs;
    expect(straggler?.incidentId).toBe(of.get('s0'));
    const { runs } = await read<{ runs: { nodes: object[] } }>(
      '{ runs(filter: { source: ["sba"], status: [SUCCEEDED] }) { nodes { runId target incident { id } } } }',
    );
    expect(runs.nodes).toEqual([{ runId: 'fine', target: 'subscription-1', incident: null }]);
  });

  test('a burst is split where a person resolved its incident: what ran before is its, what ran after is new', async () => {
    const [first] = (await report({ runs: [run('split', 'x1', { at: minutesAgo(4) })] })).runs;
    for (const [name, more] of [
      ['acknowledgeIncident', {}],
      ['recordRootCause', { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' }],
      ['resolveIncident', { summary: 'Restarted' }],
    ] as const) {
      const stem = name.charAt(0).toUpperCase() + name.slice(1);
      const input = { incidentId: first?.incidentId, ...more };
      await api.run(
        here.user('SRE_LEAD'),
        `mutation($input: ${stem}Input!) { ${name}(input: $input) { __typename } }`,
        { input },
      );
    }
    api.clock.advance(2 * 60_000);
    const both = await report({
      runs: [run('split', 'x3', { at: minutesAgo(1) }), run('split', 'x2', { at: minutesAgo(3) })],
    });
    const of = new Map(both.runs.map(({ runId, incidentId }) => [runId, incidentId]));
    expect(of.get('x2')).toBe(first?.incidentId);
    expect(of.get('x3')).not.toBe(first?.incidentId);
  });

  test('50 callers at once report failures of one source: one incident, every one counted', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => report({ runs: [run('busy', `b${n}`, { target: `t${n % 7}` })] })),
    );
    const ids = new Set(answers.flatMap(({ runs }) => runs.map(({ incidentId }) => incidentId)));
    expect(ids.size).toBe(1);
    const { incident } = await read<{ incident: { burst: object } }>(
      'query($id: ID!) { incident(id: $id) { burst { errorCount uniqueTargets } } }',
      { id: [...ids][0] },
    );
    expect(incident.burst).toEqual({ errorCount: 50, uniqueTargets: 7 });
  });

  test('1,000 runs at once, of as many targets', async () => {
    const runs = Array.from({ length: 1_000 }, (_, n) => run('thousand', `t${n}`, { target: `target ${n}` }));
    const answer = await report({ runs });
    expect(new Set(answer.runs.map(({ reference }) => reference)).size).toBe(1);
    expect((await report({ runs: [...runs, run('thousand', 'one too many')] })).__typename).toBe(
      'ValidationError',
    );
  });

  test('whoever watches the incident sees its burst grow', async () => {
    const [first] = (await report({ runs: [run('live', 'l1')] })).runs;
    const begun = await api.subscribe(
      here.user('VIEWER'),
      'subscription($id: ID!) { incidentChanged(id: $id) { burst { errorCount latestError } } }',
      { id: first?.incidentId },
    );
    if (!(Symbol.asyncIterator in begun)) throw new Error(JSON.stringify(begun));
    const next = async () => (await begun.next()).value?.data?.incidentChanged;
    expect(await next()).toMatchObject({ burst: { errorCount: 1 } });
    const coming = next();
    await report({ runs: [run('live', 'l2', { error: 'Refused' })] });
    expect(await coming).toEqual({ burst: { errorCount: 2, latestError: 'Refused' } });
    await begun.return?.();
  });

  test('thresholds of a source come from the policy', async () => {
    const { data } = await api.run<{ setRunPolicy: { policy: { runs: object } } }>(
      here.user('ORG_ADMIN'),
      `mutation { setRunPolicy(input: { sources: [{ source: "frail", thresholds: [{ severity: SEV1, errors: 1, targets: 1 }] }] }) {
        ... on SetRunPolicyPayload { policy { runs { thresholds { severity } sources { source } } } }
      } }`,
    );
    expect(data.setRunPolicy.policy.runs).toEqual({
      thresholds: [{ severity: 'SEV1' }, { severity: 'SEV2' }, { severity: 'SEV3' }],
      sources: [{ source: 'frail' }],
    });
    const [first] = (await report({ runs: [run('frail', 'f1')] })).runs;
    const { incident } = await read<{ incident: object }>(
      'query($id: ID!) { incident(id: $id) { severity } }',
      {
        id: first?.incidentId,
      },
    );
    expect(incident).toEqual({ severity: 'SEV1' });
  });

  test('names what does not fit; only an INGEST key may', async () => {
    const answer = await report({ runs: [run('', 'r', { target: ' ' }), run('s'.repeat(101), 'r2')] });
    expect(answer.fields?.map(({ path }) => path.join('.'))).toEqual([
      'runs.0.source',
      'runs.0.target',
      'runs.1.source',
    ]);
    const input = { runs: [run('mail', 'mine')] };
    for (const other of [here.user('ORG_ADMIN'), here.key('ORG_ADMIN', ['READ', 'RESPOND', 'ADMIN'])]) {
      expect(await report(input, other)).toMatchObject({
        __typename: 'ForbiddenError',
        requiredScope: 'INGEST',
      });
    }
  });
});

test('a run that is told when it is older than what is kept counts once all the same', async () => {
  const ancient = { runs: [run('ancient', 'a1', { at: minutesAgo(200 * 24 * 60) })] };
  const [first] = (await report(ancient)).runs;
  expect(await sweep(api.database, 'runs', api.clock.now())).toBe(0);
  expect((await report(ancient)).runs).toEqual([first]);
  const { incident } = await read<{ incident: object }>(
    'query($id: ID!) { incident(id: $id) { burst { errorCount } } }',
    { id: first?.incidentId },
  );
  expect(incident).toEqual({ burst: { errorCount: 1 } });
});

test('what was written is what the ledger makes again; runs go after 90 days and counts stay', async () => {
  expect(await compareProjections(api.database, here.organizationId)).toEqual([]);
  const counted = async (table: string) => {
    const [row] = await api.database.asOrganization(
      here.organizationId,
      `SELECT count(*)::int AS count FROM warroom.${table}`,
    );
    return row?.count;
  };
  expect(await sweep(api.database, 'runs', plusMinutes(api.clock.now(), 89 * 24 * 60))).toBe(0);
  const targets = await counted('run_target');
  expect(await sweep(api.database, 'runs', plusMinutes(api.clock.now(), 91 * 24 * 60))).toBeGreaterThan(
    1_000,
  );
  expect([await counted('run'), await counted('run_target')]).toEqual([0, targets]);
});

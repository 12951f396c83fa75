import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
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
});
afterAll(() => api?.close());

const error = (errorId: string, more: object = {}) => ({
  errorId,
  severity: 'LOW',
  source: 'shop',
  message: 'Timeout',
  fingerprint: 'timeout',
  ...more,
});

async function report(...errors: readonly object[]) {
  const { data, errors: failures } = await api.run<{
    reportErrors: { errors: { errorId: string; outcome: string; reference: string | null }[] };
  }>(
    ingest,
    `mutation($input: ReportErrorsInput!) { reportErrors(input: $input) {
       ... on ReportErrorsPayload { errors { errorId outcome reference } } ... on UserError { message } } }`,
    { input: { errors } },
  );
  expect(failures).toEqual([]);
  return data.reportErrors.errors;
}

describe('reported errors under rules', () => {
  test('of 50 callers at once one declares as the rule says, and the others join', async () => {
    await world.set([
      { name: 'shop', outcome: 'DECLARE', severity: 'SEV1', title: 'Shop: {summary}', tags: ['auto'] },
    ]);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => report(error(`c${n}`))));
    const outcomes = answers.flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'CREATED')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'JOINED')).toHaveLength(49);
    expect(await world.incidents()).toMatchObject([
      { title: 'Shop: Timeout', severity: 'SEV1', tags: ['auto'] },
    ]);
  });

  test('that are dropped are told so, counted once, and lead to no incident', async () => {
    await world.set([{ name: 'noise', outcome: 'DROP' }]);
    const told = [{ errorId: 'd1', outcome: 'DROPPED', reference: null }];
    expect(await report(error('d1'))).toEqual(told);
    expect(await report(error('d1'))).toEqual(told);
    expect(await world.lost()).toMatchObject([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
    const [grave] = await report(error('d2', { severity: 'HIGH' }));
    expect(grave).toMatchObject({ outcome: 'CREATED', reference: 'INC-001' });
    expect(await world.incidents()).toHaveLength(1);
  });

  test('that were dropped are judged anew when told again under a higher severity', async () => {
    await world.set([{ name: 'noise', outcome: 'DROP' }]);
    await report(error('d1'));
    const [graver] = await report(error('d1', { severity: 'CRITICAL' }));
    expect(graver).toMatchObject({ outcome: 'CREATED', reference: 'INC-001' });
    expect(await report(error('d1'))).toMatchObject([{ outcome: 'DROPPED', reference: null }]);
    expect(await world.lost()).toMatchObject([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
    expect(await world.incidents()).toMatchObject([{ severity: 'SEV1' }]);
  });

  test('that only join find the open incident of their component, and are its for ever', async () => {
    await world.do('declareIncident', { title: 'Open', severity: 'SEV3', service: 'Checkout' });
    await world.set([{ name: 'context', outcome: 'ATTACH_ONLY' }]);
    const [joined, alone] = await report(
      error('j1', { component: 'checkout' }),
      error('j2', { component: 'cart', fingerprint: 'other' }),
    );
    expect([joined, alone]).toMatchObject([
      { outcome: 'JOINED', reference: 'INC-001' },
      { outcome: 'RECORDED', reference: null },
    ]);
    expect(await world.lost()).toMatchObject([{ reason: 'NOT_ATTACHED', name: 'context', count: 1 }]);
    await report(error('j3', { component: 'checkout' }));
    const { signals } = await world.read<{ signals: { nodes: object[] } }>('{ signals { nodes { count } } }');
    expect(signals.nodes).toEqual([{ count: 2 }]);
    expect(await compareProjections(api.database, world.here.organizationId)).toEqual([]);
  });

  test('of 500 kinds in one report are judged one by one', async () => {
    await world.set([
      { name: 'noise', text: ['odd'], outcome: 'DROP' },
      { name: 'rest', outcome: 'DECLARE', severity: 'SEV3' },
    ]);
    const many = Array.from({ length: 500 }, (_, n) =>
      error(`m${n}`, { fingerprint: `kind ${n}`, message: n % 2 === 0 ? 'even' : 'odd' }),
    );
    const outcomes = (await report(...many)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'CREATED')).toHaveLength(250);
    expect(outcomes.filter((outcome) => outcome === 'DROPPED')).toHaveLength(250);
  });
});

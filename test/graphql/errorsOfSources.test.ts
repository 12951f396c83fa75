import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
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

const error = (errorId: string, source: string, more: object = {}) => ({
  errorId,
  source,
  severity: 'CRITICAL',
  message: `${source} is down`,
  ...more,
});

interface Told {
  readonly errorId: string;
  readonly outcome: string;
  readonly incidentId: string | null;
}

async function report(...errors: object[]): Promise<readonly Told[]> {
  const { data } = await api.run<{ reportErrors: { errors: readonly Told[] } }>(
    ingest,
    'mutation($input: ReportErrorsInput!) { reportErrors(input: $input) { ... on ReportErrorsPayload { errors { errorId outcome incidentId } } } }',
    { input: { errors } },
  );
  return data.reportErrors.errors;
}

const outcomes = (told: readonly Told[]) => told.map(({ outcome }) => outcome);

async function incidentOf(errorId: string, source: string | null = null) {
  const { data, errors } = await api.run<{ incidentByErrorId: { id: string } | null }>(
    here.user('VIEWER'),
    'query($errorId: String!, $source: String) { incidentByErrorId(errorId: $errorId, source: $source) { id } }',
    { errorId, source },
  );
  return errors[0] ?? data.incidentByErrorId?.id ?? null;
}

interface Listed {
  readonly nodes: readonly { readonly errorId: string; readonly source: string; readonly severity: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

/** Source and severity of all that is listed under this id, read one a page. */
async function listed(errorId: string): Promise<readonly string[]> {
  const nodes: Listed['nodes'][number][] = [];
  const query = `query($after: String) { reportedErrors(first: 1, after: $after) {
    nodes { errorId source severity } pageInfo { endCursor hasNextPage }
  } }`;
  const next = async (after: string | null): Promise<Listed> => {
    const { data } = await api.run<{ reportedErrors: Listed }>(here.user('VIEWER'), query, { after });
    nodes.push(...data.reportedErrors.nodes);
    return data.reportedErrors;
  };
  let page = await next(null);
  while (page.pageInfo.hasNextPage) page = await next(page.pageInfo.endCursor);
  const found = nodes.filter((one) => one.errorId === errorId);
  return found.map(({ source, severity }) => `${source} ${severity}`).sort();
}

test('the same id of two sources is two errors, each with its incident', async () => {
  const [shop] = await report(error('1042', 'shop'));
  expect(await incidentOf('1042')).toBe(shop?.incidentId);
  const [billing] = await report(error('1042', 'billing'));
  expect([shop?.outcome, billing?.outcome]).toEqual(['CREATED', 'CREATED']);
  expect(billing?.incidentId).not.toBe(shop?.incidentId);
  expect(await report(error('1042', 'shop'), error('1042', 'billing'))).toEqual([shop, billing]);
  expect(await incidentOf('1042', 'shop')).toBe(shop?.incidentId);
  expect(await incidentOf('1042', 'billing')).toBe(billing?.incidentId);
  expect(await incidentOf('1042', 'till')).toBeNull();
  expect(await incidentOf('1042')).toMatchObject({
    message: 'Several sources have used this errorId: "billing", "shop". Say which as `source`.',
    code: 'BAD_USER_INPUT',
  });
  expect(await listed('1042')).toEqual(['billing CRITICAL', 'shop CRITICAL']);
});

test('of the same id of very many sources some are named', async () => {
  const numbers = Array.from({ length: 12 }, (_, n) => n);
  await report(
    ...numbers.map((n) => error('many', `source ${String(n).padStart(2, '0')}`, { severity: 'LOW' })),
  );
  const answer = await incidentOf('many');
  expect(answer).toMatchObject({ message: expect.stringMatching(/"source 00".*"source 09" and others\./) });
});

test('an error told again under a higher severity becomes an incident, and once', async () => {
  const at = (severity: string) => error('7', 'shop', { severity, message: 'Slow query' });
  expect(outcomes(await report(at('LOW')))).toEqual(['RECORDED']);
  expect(await incidentOf('7')).toBeNull();
  const told = await report(at('CRITICAL'));
  expect(outcomes(told)).toEqual(['CREATED']);
  expect(await incidentOf('7')).toBe(told[0]?.incidentId);
  // Each told again is answered as it was at first, and what lies between as the more severe one.
  expect(outcomes(await report(at('LOW'), at('P2'), at('P0')))).toEqual(['RECORDED', 'CREATED', 'CREATED']);
  expect(await listed('7')).toEqual(['shop CRITICAL', 'shop LOW']);
});

test('50 callers at once who raise the same error make one incident and count it once', async () => {
  const at = (severity: string) => error('8', 'shop', { severity, fingerprint: 'raised' });
  await report(at('MEDIUM'));
  const told = await Promise.all(Array.from({ length: 50 }, () => report(at('CRITICAL'))));
  expect(new Set(told.flat().map(({ incidentId }) => incidentId)).size).toBe(1);
  expect(new Set(outcomes(told.flat()))).toEqual(new Set(['CREATED']));
  const { data } = await api.run<{ incident: { signals: { nodes: object[] } } }>(
    here.user('VIEWER'),
    'query($id: ID!) { incident(id: $id) { signals { nodes { count } } } }',
    { id: told[0]?.[0]?.incidentId },
  );
  expect(data.incident.signals.nodes).toEqual([{ count: 1 }]);
  expect(await listed('8')).toEqual(['shop CRITICAL', 'shop MEDIUM']);
});

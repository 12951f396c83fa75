import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { sweep } from '../../src/store/sweep.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let foreign: TestOrganization;
let ingest: Principal;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  foreign = await api.found('foreign');
  ingest = here.key('MEMBER', ['INGEST']);
});
afterAll(() => api?.close());

const document = `mutation($input: ReportErrorsInput!) { reportErrors(input: $input) {
  __typename
  ... on ReportErrorsPayload { errors { errorId outcome incidentId reference } sequence }
  ... on UserError { code message }
  ... on ValidationError { fields { path } }
  ... on ForbiddenError { requiredScope }
} }`;

interface Reported {
  readonly __typename: string;
  readonly code?: string;
  readonly errors: readonly {
    errorId: string;
    outcome: string;
    incidentId: string | null;
    reference: string | null;
  }[];
  readonly fields?: readonly { readonly path: readonly string[] }[];
  readonly sequence: number;
}

async function report(input: object, principal = ingest): Promise<Reported> {
  const { data, errors } = await api.run<{ reportErrors: Reported }>(principal, document, { input });
  expect(errors).toEqual([]);
  return data.reportErrors;
}

const error = (more: object = {}) => ({ severity: 'CRITICAL', source: 'shop', message: 'Timeout', ...more });

async function read<T>(query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await api.run<T>(here.user('VIEWER'), query, { ...variables });
  expect(errors).toEqual([]);
  return data;
}

describe('reportErrors', () => {
  test('50 callers at once report the same kind of error: one incident, and each error is its', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        report({ errors: [error({ message: `No slot ${n} left`, errorId: `c${n}` })] }),
      ),
    );
    const errors = answers.flatMap((answer) => answer.errors);
    expect(new Set(errors.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(errors.filter(({ outcome }) => outcome === 'CREATED')).toHaveLength(1);
    expect(errors.filter(({ outcome }) => outcome === 'JOINED')).toHaveLength(49);
    const { incident } = await read<{ incident: { signals: { nodes: object[] }; version: number } }>(
      'query($id: ID!) { incident(id: $id) { version signals { nodes { type count } } } }',
      { id: errors[0]?.incidentId },
    );
    expect(incident).toEqual({ version: 2, signals: { nodes: [{ type: 'ERROR', count: 50 }] } });
  });

  test('answers each error in order, and the same again when it is reported again', async () => {
    const input = {
      errors: [
        error({ errorId: 'b1', fingerprint: 'mail' }),
        error({ errorId: 'b2', fingerprint: 'disk', severity: 'MEDIUM' }),
        error({ errorId: 'b3', fingerprint: 'mail', severity: 'P1' }),
      ],
    };
    const first = await report(input);
    expect(first.errors.map(({ errorId, outcome }) => [errorId, outcome])).toEqual([
      ['b1', 'CREATED'],
      ['b2', 'RECORDED'],
      ['b3', 'JOINED'],
    ]);
    expect(first.errors[1]).toMatchObject({ incidentId: null, reference: null });
    expect(await report(input)).toMatchObject({ errors: first.errors });
    const { reportedErrors } = await read<{ reportedErrors: { nodes: object[] } }>(
      '{ reportedErrors(filter: { fingerprint: "mail" }, first: 1) { nodes { errorId incident { severity } } pageInfo { hasNextPage } } }',
    );
    expect(reportedErrors).toEqual({
      nodes: [{ errorId: 'b3', incident: { severity: 'SEV1' } }],
      pageInfo: { hasNextPage: true },
    });
  });

  test('an error without an id is the same one under the same idempotency key', async () => {
    const input = { errors: [error({ fingerprint: 'keyed' })], idempotencyKey: 'report-1' };
    const first = await report(input);
    expect((await report(input)).errors).toEqual(first.errors);
    const other = await report({ ...input, errors: [error({ fingerprint: 'other' })] });
    expect(other).toMatchObject({ __typename: 'IdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' });
    const found = await read<{ reportedErrors: { nodes: object[] } }>(
      '{ reportedErrors(filter: { fingerprint: "other" }) { nodes { errorId } } }',
    );
    expect(found.reportedErrors.nodes).toEqual([]);
  });

  test('names what does not fit, and then nothing is done', async () => {
    const answer = await report({
      errors: [error({ fingerprint: 'unfit' }), error({ message: ' ', errorId: 'x'.repeat(201) })],
    });
    expect(answer.fields?.map(({ path }) => path.join('.'))).toEqual([
      'errors.1.errorId',
      'errors.1.message',
    ]);
    expect(await report({ errors: [] })).toMatchObject({ __typename: 'ValidationError' });
    const found = await read<{ reportedErrors: { nodes: object[] } }>(
      '{ reportedErrors(filter: { fingerprint: "unfit" }) { nodes { errorId } } }',
    );
    expect(found.reportedErrors.nodes).toEqual([]);
  });

  test('is read as its key is configured, and held to what it is given', async () => {
    const configuration = { service: 'till', severityMap: [{ text: 'low', severity: 'SEV1' as const }] };
    const keyed = {
      ...here.key('MEMBER', ['INGEST']),
      ingest: { ...unconfigured, ...configuration, requestsPerMinute: 1 },
    };
    const input = { errors: [error({ fingerprint: 'keyed to', severity: 'LOW' })] };
    const [first] = (await report(input, keyed)).errors;
    const { incident } = await read<{ incident: object }>(
      'query($id: ID!) { incident(id: $id) { severity service { name } } }',
      { id: first?.incidentId },
    );
    expect(incident).toEqual({ severity: 'SEV1', service: { name: 'till' } });
    expect(await report(input, keyed)).toMatchObject({
      __typename: 'RateLimitedError',
      code: 'RATE_LIMITED',
    });
    const runs = await api.run(
      keyed,
      'mutation { reportRuns(input: { runs: [] }) { ... on RateLimitedError { retryAfterSeconds } } }',
    );
    expect(runs.data).toEqual({ reportRuns: { retryAfterSeconds: 60 } });
  });

  test('only an INGEST key may, and it acts as INTEGRATION', async () => {
    const input = { errors: [error({ fingerprint: 'by whom' })] };
    for (const other of [here.user('ORG_ADMIN'), here.key('ORG_ADMIN', ['READ', 'RESPOND', 'ADMIN'])]) {
      expect(await report(input, other)).toMatchObject({
        __typename: 'ForbiddenError',
        requiredScope: 'INGEST',
      });
    }
    const [first] = (await report(input)).errors;
    const { incident } = await read<{ incident: object }>(
      'query($id: ID!) { incident(id: $id) { reportedBy { kind } } }',
      { id: first?.incidentId },
    );
    expect(incident).toEqual({ reportedBy: { kind: 'INTEGRATION' } });
  });
});

test('an error leads to its incident for ever: resolved, reopened, closed, and beside a new one of its kind', async () => {
  const lead = here.user('SRE_LEAD');
  const [first] = (await report({ errors: [error({ errorId: 'p1', fingerprint: 'pool' })] })).errors;
  const incidentId = first?.incidentId;
  const found = async (errorId: string) => {
    const { incidentByErrorId } = await read<{ incidentByErrorId: { id: string; status: string } | null }>(
      'query($errorId: String!) { incidentByErrorId(errorId: $errorId) { id status } }',
      { errorId },
    );
    return incidentByErrorId;
  };
  const act = async (name: string, more: object) => {
    const stem = name.charAt(0).toUpperCase() + name.slice(1);
    const { data } = await api.run<Record<string, { __typename: string }>>(
      lead,
      `mutation($input: ${stem}Input!) { ${name}(input: $input) { __typename } }`,
      { input: { incidentId, ...more } },
    );
    expect(data[name]?.__typename).toBe(`${stem}Payload`);
  };
  await act('acknowledgeIncident', {});
  await act('recordRootCause', { summary: 'Pool', category: 'CONFIGURATION', remediationSteps: 'Recycle' });
  await act('resolveIncident', { summary: 'Recycled' });
  api.clock.advance(4 * 60_000);
  const reopened = await report({ errors: [error({ errorId: 'p2', fingerprint: 'pool' })] });
  expect(reopened.errors).toMatchObject([{ outcome: 'REOPENED', incidentId }]);
  expect(await found('p1')).toEqual({ id: incidentId, status: 'INVESTIGATING' });
  await act('resolveIncident', { summary: 'Recycled again' });
  await act('closeIncident', { lessonsLearned: 'Monitor it', noFollowUpsBecause: 'Done' });
  const anew = await report({ errors: [error({ errorId: 'p3', fingerprint: 'pool' })] });
  expect(anew.errors[0]?.outcome).toBe('CREATED');
  expect(await found('p1')).toEqual({ id: incidentId, status: 'CLOSED' });
  expect(await found('p2')).toEqual({ id: incidentId, status: 'CLOSED' });
  expect((await found('p3'))?.id).not.toBe(incidentId);
  expect(await found('unknown')).toBeNull();
  const { data } = await api.run(foreign.user('ORG_ADMIN'), '{ incidentByErrorId(errorId: "p1") { id } }');
  expect(data).toEqual({ incidentByErrorId: null });
});

test('an error without an incident goes after 90 days from its report, one with an incident never', async () => {
  const old = { at: '2020-01-01T00:00:00.000Z', severity: 'LOW' };
  const swept = { errors: [error({ errorId: 's1', fingerprint: 'sweep', ...old })] };
  const kept = { errors: [error({ errorId: 's2', fingerprint: 'stays', at: old.at })] };
  await Promise.all([report(swept), report(kept)]);
  const left = async () => {
    const { reportedErrors } = await read<{ reportedErrors: { nodes: { errorId: string }[] } }>(
      '{ reportedErrors(first: 10, filter: { at: { until: "2020-01-02T00:00:00Z" } }) { nodes { errorId } } }',
    );
    return reportedErrors.nodes.map(({ errorId }) => errorId).sort();
  };
  const days = (count: number) => plusMinutes(api.clock.now(), count * 24 * 60);
  await sweep(api.database, 'errors', days(89));
  expect(await left()).toEqual(['s1', 's2']);
  await sweep(api.database, 'errors', days(365), 366);
  expect(await left()).toEqual(['s1', 's2']);
  expect(await sweep(api.database, 'errors', days(91))).toBeGreaterThan(0);
  expect(await left()).toEqual(['s2']);
});

test('what was written is what the ledger makes again, and rows of errors cannot be changed', async () => {
  expect(await compareProjections(api.database, here.organizationId)).toEqual([]);
  const rows = await api.database.asOrganization(
    here.organizationId,
    'SELECT count(*)::int AS count FROM warroom.reported_error WHERE incident_id IS NOT NULL',
  );
  expect(rows[0]?.count).toBeGreaterThan(50);
  for (const statement of [
    "UPDATE warroom.reported_error SET message = ''",
    'DELETE FROM warroom.reported_error',
  ]) {
    await expect(api.database.asOrganization(here.organizationId, statement)).rejects.toThrow(
      /permission denied/,
    );
  }
});

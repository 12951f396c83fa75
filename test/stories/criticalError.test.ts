import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type TestClock, testClock } from '../support/testApi.ts';

// The example flow of an error that nobody sees for an hour, from the CRITICAL error on, over real HTTP: reported by a
// program, again by its retry, escalated, acknowledged, understood, resolved, closed, and found again by its error.

const start = '2026-03-01T12:00:00.000Z';
let clock: TestClock;
let serving: Serving;

beforeAll(async () => {
  clock = testClock(start);
  serving = await startServing({ clock });
});
afterAll(() => serving?.stop());

const at = (second: number) => clock.advance(Date.parse(start) + second * 1_000 - Date.parse(clock.now()));

interface Told {
  readonly type: string;
  readonly at: string;
  readonly actor: { readonly kind: string };
}

test('a CRITICAL error becomes an incident at once, and leads to it for ever', async () => {
  const { secret } = await mutate<{ secret: string }>(
    serving.url,
    servingKey,
    'createApiKey',
    { name: 'error log', role: 'MEMBER', scopes: ['INGEST'] },
    'secret',
  );
  const report = async (body: unknown, key = secret) => {
    const response = await fetch(`${serving.url}/inbound/errors/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const critical = {
    errorId: 'audit-log-77',
    severity: 'critical',
    source: 'audit-log',
    component: 'database',
    message: 'Database connection timeout\r\nafter 30000 ms',
    data: { stack: 'at connect (pool.js:12)' },
  };
  expect(await report({ errors: [critical] })).toEqual({
    status: 200,
    body: {
      status: 'success',
      errors: [{ errorId: 'audit-log-77', outcome: 'CREATED', incident: 'INC-001' }],
    },
  });
  // Its program did not hear the answer and says it again; then it happens again.
  expect((await report(critical)).body.errors).toMatchObject([{ outcome: 'CREATED', incident: 'INC-001' }]);
  at(60);
  const again = {
    ...critical,
    errorId: 'audit-log-78',
    message: 'Database connection timeout\r\nafter 31000 ms',
  };
  expect((await report([again])).body.errors).toMatchObject([{ outcome: 'JOINED', incident: 'INC-001' }]);
  expect(await report({ errors: [{ ...critical, severity: 'dreadful' }] })).toMatchObject({
    status: 400,
    body: { fields: [{ path: ['errors', '0', 'severity'] }] },
  });
  const odd = { ...critical, severity: 'low', errorId: 'odd', type: { toString: 1 } };
  expect((await report([odd])).body.errors).toMatchObject([{ outcome: 'RECORDED' }]);
  expect((await report(critical, servingKey)).status).toBe(403);
  expect((await report(critical, 'wrong')).status).toBe(401);

  const query = `query($errorId: String!) { incidentByErrorId(errorId: $errorId) {
    id status title severity service { name } detectedAt reportedBy { kind }
    timeline(first: 50) { nodes { type at actor { kind } } }
    rootCause { summary } resolution { lessonsLearned followUps { description } }
  } }`;
  const incident = async (errorId: string) => {
    const { data, errors } = await post<{ incidentByErrorId: Record<string, unknown> }>(
      serving.url,
      servingKey,
      query,
      { errorId },
    );
    expect(errors).toEqual([]);
    return data?.incidentByErrorId as Record<string, unknown> & { id: string; timeline: { nodes: Told[] } };
  };
  const { id: incidentId, ...declared } = await incident('audit-log-78');
  expect(declared).toMatchObject({
    title: 'Database connection timeout',
    severity: 'SEV1',
    service: { name: 'database' },
    detectedAt: start,
    reportedBy: { kind: 'INTEGRATION' },
  });

  at(3_600);
  const act = (field: string, input: object) =>
    mutate(serving.url, servingKey, field, { incidentId, ...input }, 'sequence');
  at(3_620);
  await act('acknowledgeIncident', { note: 'Engineer Jack' });
  at(3_800);
  await act('recordRootCause', {
    summary: 'Connection pool not recycling properly',
    category: 'SYSTEM_DEFECT',
    remediationSteps: 'Recycle connections',
  });
  at(3_900);
  await act('resolveIncident', {
    summary: 'Deployed v1.2.5',
    impactAssessment: '5 minute outage, 250 affected users',
    lessonsLearned: 'Need better pool monitoring',
    followUps: ['Add alerting for pool exhaustion'],
  });
  await act('closeIncident', {});

  const closed = await incident('audit-log-77');
  expect(closed).toMatchObject({
    id: incidentId,
    status: 'CLOSED',
    rootCause: { summary: 'Connection pool not recycling properly' },
    resolution: {
      lessonsLearned: 'Need better pool monitoring',
      followUps: [{ description: 'Add alerting for pool exhaustion' }],
    },
  });
  expect(closed.timeline.nodes.map(({ type, actor }) => [type, actor.kind])).toEqual([
    ['INCIDENT_CREATED', 'INTEGRATION'],
    ['INCIDENT_SIGNAL_INGESTED', 'INTEGRATION'],
    ['INCIDENT_ESCALATED', 'SYSTEM'],
    ['INCIDENT_SLA_AT_RISK', 'SYSTEM'],
    ['INCIDENT_SLA_BREACHED', 'SYSTEM'],
    ['INCIDENT_ESCALATED', 'SYSTEM'],
    ['INCIDENT_ACKNOWLEDGED', 'API_KEY'],
    ['INCIDENT_ROOT_CAUSE_RECORDED', 'API_KEY'],
    ['INCIDENT_RESOLVED', 'API_KEY'],
    ['INCIDENT_CLOSED', 'API_KEY'],
  ]);
  // The same kind of error, after all that, is another incident; the old errors stay with the old one.
  const later = await report({ ...critical, errorId: 'audit-log-79' });
  expect(later.body.errors).toMatchObject([{ outcome: 'CREATED', incident: 'INC-002' }]);
  expect((await incident('audit-log-77')).id).toBe(incidentId);
}, 60_000);

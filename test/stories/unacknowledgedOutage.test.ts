import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post, socketClient } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type TestClock, testClock } from '../support/testApi.ts';

// The example flow of a failure that nobody acknowledges for an hour, under our rules, told over real HTTP and a real
// graphql-ws client on a clock that the story moves.

const start = '2026-03-01T12:00:00.000Z';
let clock: TestClock;
let serving: Serving;

beforeAll(async () => {
  clock = testClock(start);
  serving = await startServing({ clock });
});
afterAll(() => serving?.stop());

interface Told {
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly payload: Record<string, unknown>;
  readonly actor: { readonly kind: string };
}

const seconds = (told: Told) => (Date.parse(told.at) - Date.parse(start)) / 1_000;

test('declared as SEV1 by an API key and left alone for an hour, then acknowledged, resolved and closed', async () => {
  const told: Told[] = [];
  const client = socketClient(serving.url, servingKey);
  const unsubscribe = client.subscribe<{ incidentEvents: Told }>(
    { query: 'subscription { incidentEvents(after: 0) { sequence type at payload actor { kind } } }' },
    { next: ({ data }) => data && told.push(data.incidentEvents), error: () => {}, complete: () => {} },
  );
  const until = async (count: number) => {
    const end = performance.now() + 10_000;
    while (told.length < count) {
      if (performance.now() > end)
        throw new Error(`waited for ${count} events: ${JSON.stringify(told.map((one) => one.type))}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  };
  const at = (second: number) => clock.advance(Date.parse(start) + second * 1_000 - Date.parse(clock.now()));
  const act = (field: string, input: Record<string, unknown>) =>
    mutate<{ incident: { status: string; escalationLevel: number } }>(
      serving.url,
      servingKey,
      field,
      input,
      'incident { status escalationLevel }',
    );

  const { incident } = await mutate<{
    incident: { id: string; reference: string; pendingActions: { kind: string; dueAt: string }[] };
  }>(
    serving.url,
    servingKey,
    'declareIncident',
    { title: 'Database connection timeout', severity: 'SEV1', source: 'error-log' },
    'incident { id reference pendingActions { kind dueAt } }',
  );
  expect(incident.reference).toBe('INC-001');
  expect(incident.pendingActions[0]).toEqual({ kind: 'ESCALATION', dueAt: '2026-03-01T12:05:00.000Z' });
  await until(1);

  // Nothing fires a moment early.
  at(299.999);
  await new Promise((wake) => setTimeout(wake, 1_200));
  expect(told).toHaveLength(1);
  at(300);
  await until(2);
  at(720);
  await until(3);
  at(900);
  await until(4);
  at(3_600);
  await until(5);

  const incidentId = incident.id;
  at(3_620);
  expect(await act('acknowledgeIncident', { incidentId, note: 'Jack has it' })).toMatchObject({
    incident: { status: 'ACKNOWLEDGED', escalationLevel: 1 },
  });
  at(3_800);
  await act('recordRootCause', {
    incidentId,
    summary: 'Connection pool not recycling properly',
    category: 'SYSTEM_DEFECT',
    remediationSteps: 'Recycle connections',
  });
  at(3_900);
  await act('resolveIncident', {
    incidentId,
    summary: 'Deployed v1.2.5 with connection pool fix',
    impactAssessment: '5 minute outage, 250 affected users',
    lessonsLearned: 'Need better pool monitoring',
    followUps: ['Add alerting for pool exhaustion'],
  });
  at(4_000);
  await act('closeIncident', { incidentId });
  // Long after, nothing more happens to it.
  at(200_000);
  await new Promise((wake) => setTimeout(wake, 1_500));
  await until(9);

  expect(told.map((one) => [seconds(one), one.type, one.actor.kind])).toEqual([
    [0, 'INCIDENT_CREATED', 'API_KEY'],
    [300, 'INCIDENT_ESCALATED', 'SYSTEM'],
    [720, 'INCIDENT_SLA_AT_RISK', 'SYSTEM'],
    [900, 'INCIDENT_SLA_BREACHED', 'SYSTEM'],
    [3_600, 'INCIDENT_ESCALATED', 'SYSTEM'],
    [3_620, 'INCIDENT_ACKNOWLEDGED', 'API_KEY'],
    [3_800, 'INCIDENT_ROOT_CAUSE_RECORDED', 'API_KEY'],
    [3_900, 'INCIDENT_RESOLVED', 'API_KEY'],
    [4_000, 'INCIDENT_CLOSED', 'API_KEY'],
  ]);
  expect(told.map((one) => one.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(told[1]?.payload).toMatchObject({ reason: 'NO_ACK', target: 'ON_CALL', afterMinutes: 5, level: 1 });
  expect(told[3]?.payload).toEqual({ kind: 'ACKNOWLEDGE', dueAt: '2026-03-01T12:15:00.000Z' });
  expect(told[4]?.payload).toMatchObject({ reason: 'NO_ACK', target: 'ON_CALL', afterMinutes: 60 });

  const later = await post<{ incident: Record<string, unknown> }>(
    serving.url,
    servingKey,
    `query($id: ID!) { incident(id: $id) {
      status pendingActions { kind } acknowledgeSla { metAt breachedAt } resolveSla { metAt breachedAt }
      resolution { lessonsLearned followUps { description status } }
      before: asOf(at: "2026-03-01T12:10:00Z") { status version escalationLevel }
    } }`,
    { id: incidentId },
  );
  expect(later.errors).toEqual([]);
  expect(later.data?.incident).toEqual({
    status: 'CLOSED',
    pendingActions: [],
    acknowledgeSla: { metAt: null, breachedAt: '2026-03-01T12:15:00.000Z' },
    resolveSla: { metAt: '2026-03-01T13:05:00.000Z', breachedAt: null },
    resolution: {
      lessonsLearned: 'Need better pool monitoring',
      followUps: [{ description: 'Add alerting for pool exhaustion', status: 'OPEN' }],
    },
    before: { status: 'REPORTED', version: 2, escalationLevel: 1 },
  });
  unsubscribe();
  await client.dispose();
}, 60_000);

import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type TestClock, testClock } from '../support/testApi.ts';

// The reminders of the first source: eight runs fail for three subscriptions, it falls silent, and it fails again. And
// what that source itself does: it computes its incidents, syncs them, and fetches what people wrote.

let clock: TestClock;
let serving: Serving;
let reminders: string;

beforeAll(async () => {
  clock = testClock('2025-12-19T10:00:00.000Z');
  serving = await startServing({ clock });
  const input = { name: 'reminders', role: 'MEMBER', scopes: ['INGEST'] };
  const { secret } = await mutate<{ secret: string }>(
    serving.url,
    servingKey,
    'createApiKey',
    input,
    'secret',
  );
  reminders = secret;
});
afterAll(() => serving?.stop());

const report = async (...runs: object[]) => {
  const { runs: reported } = await mutate<{ runs: { incidentId: string; reference: string }[] }>(
    serving.url,
    reminders,
    'reportRuns',
    { runs },
    'runs { incidentId reference }',
  );
  return reported;
};
const failure = (n: number, at: string) => ({
  source: 'reminders',
  runId: `run-${n}`,
  target: `subscription-${n % 3}`,
  status: 'FAILED',
  error: 'SMTP timeout',
  at,
});

test('a burst is one SEV1 incident, silence resolves it on time, and the next failure opens another', async () => {
  const eight = Array.from({ length: 8 }, (_, n) => failure(n, `2025-12-19T10:0${Math.floor(n / 2)}:00Z`));
  clock.advance(3 * 60_000);
  const [first] = await report(...eight);
  expect(first?.reference).toBe('INC-001');
  const incident = async () => {
    const { data } = await post<{ incident: Record<string, unknown> }>(
      serving.url,
      servingKey,
      `query($id: ID!) { incident(id: $id) {
        status severity resolvedAt resolution { automatic resolvedBy { kind } } pendingActions { kind dueAt }
      } }`,
      { id: first?.incidentId },
    );
    return data?.incident as { status: string; pendingActions: { kind: string; dueAt: string }[] };
  };
  const burst = await incident();
  expect(burst).toMatchObject({ status: 'REPORTED', severity: 'SEV1' });
  expect(burst.pendingActions).toContainEqual({ kind: 'AUTO_RESOLVE', dueAt: '2025-12-19T10:08:00.000Z' });

  clock.advance(5 * 60_000);
  const end = performance.now() + 10_000;
  while ((await incident()).status !== 'RESOLVED') {
    if (performance.now() > end) throw new Error('Silence resolved nothing.');
    await new Promise((wake) => setTimeout(wake, 50));
  }
  expect(await incident()).toMatchObject({
    resolvedAt: '2025-12-19T10:08:00.000Z',
    resolution: { automatic: true, resolvedBy: { kind: 'SYSTEM' } },
  });
  // Late, it still is of the burst it belongs to; a new failure is not.
  clock.advance(60_000);
  const late = await report(failure(20, '2025-12-19T10:05:00Z'));
  expect(late).toMatchObject([{ reference: 'INC-001' }]);
  const next = await report(failure(21, '2025-12-19T10:09:00Z'));
  expect(next).toMatchObject([{ reference: 'INC-002' }]);
  expect((await incident()).status).toBe('RESOLVED');
}, 60_000);

test('what the first source posts to its own sync is taken as it is, and what people wrote is fetched by its ids', async () => {
  const sync = async (body: unknown, key = reminders) => {
    const response = await fetch(`${serving.url}/inbound/incidents/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const computed = {
    id: '2025-12-19T10:00:00Z|run-uuid',
    source: 'reminders',
    severity: 'SEV-1',
    status: 'open',
    started_at: '2025-12-19T10:00:00Z',
    ended_at: '2025-12-19T10:05:00Z',
    resolved_at: null,
    error_count: 8,
    unique_subscriptions: 3,
    subscription_ids: ['uuid-1', 'uuid-2', 'uuid-3'],
    latest_run_id: 'run-uuid',
    latest_error: 'SMTP timeout',
  };
  const done = { source: 'reminders', key: computed.id, incident: expect.stringMatching(/^INC-/) };
  const counts = { status: 'success', created: 0, updated: 0, unchanged: 0, suppressed: 0 };
  expect(await sync({ incidents: [computed] })).toEqual({
    status: 200,
    body: { ...counts, created: 1, incidents: [{ ...done, outcome: 'CREATED' }] },
  });
  expect((await sync([computed])).body).toEqual({
    ...counts,
    unchanged: 1,
    incidents: [{ ...done, outcome: 'UNCHANGED' }],
  });
  const query = `{ incidentsByKeys(source: "reminders", keys: ["${computed.id}"]) { incident {
    id status severity resolution { automatic } burst { errorCount uniqueTargets } targets { nodes { target } } notes
  } } }`;
  const meta = async () => {
    const { data } = await post<{ incidentsByKeys: { incident: { id: string } }[] }>(
      serving.url,
      servingKey,
      query,
    );
    return data?.incidentsByKeys[0]?.incident;
  };
  const incidentId = (await meta())?.id;
  await mutate(
    serving.url,
    servingKey,
    'editIncidentNotes',
    { incidentId, notes: 'Sendgrid outage.' },
    'sequence',
  );
  const over = { ...computed, status: 'resolved', resolved_at: '2025-12-19T10:08:00Z', error_count: 9 };
  expect((await sync({ source: 'ignored', incidents: [over] })).body).toMatchObject({ updated: 1 });
  expect(await meta()).toEqual({
    id: incidentId,
    status: 'RESOLVED',
    severity: 'SEV1',
    resolution: { automatic: true },
    burst: { errorCount: 9, uniqueTargets: 3 },
    targets: { nodes: [{ target: 'uuid-1' }, { target: 'uuid-2' }, { target: 'uuid-3' }] },
    notes: 'Sendgrid outage.',
  });
  const wrong = [
    { ...computed, error_count: 'many', started_at: null, subscription_ids: 'all' },
    { ...computed, status: 'resolved' },
    { ...over, status: 'open' },
    { ...computed, status: 'closed' },
    7,
  ];
  const { status, body } = await sync({ incidents: wrong });
  expect(status).toBe(400);
  expect((body.fields as { path: string[] }[]).map(({ path }) => path.join('.'))).toEqual([
    'incidents.0.startedAt',
    'incidents.0.errorCount',
    'incidents.0.targets',
    'incidents.1.resolvedAt',
    'incidents.2.status',
    'incidents.3.status',
    'incidents.4',
    'incidents.4.startedAt',
  ]);
  expect((await sync([{ ...computed, id: null }])).body).toMatchObject({
    fields: [{ path: ['0', 'key'] }],
  });
  expect((await sync([computed], servingKey)).status).toBe(403);
});
